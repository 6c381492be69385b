using System.Globalization;
using System.Numerics;

namespace ThiDua.Scoring.Domain;

/// <summary>
/// An exact fraction: 94.9995 % stays below 95 %, a third stays a third. Points leave it once, by the rounding of their table.
/// </summary>
public readonly record struct Fraction : IComparable<Fraction>
{
    private readonly BigInteger _denominator;

    public Fraction(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
        {
            throw new DivideByZeroException("A fraction needs a denominator.");
        }

        var sign = denominator.Sign;
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        Numerator = sign * numerator / divisor;
        _denominator = sign * denominator / divisor;
    }

    public BigInteger Numerator { get; }

    /// <summary>Always positive; the default value of the type is zero over one.</summary>
    public BigInteger Denominator => _denominator.IsZero ? BigInteger.One : _denominator;

    public static Fraction Zero => default;

    public static implicit operator Fraction(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        var scale = (bits[3] >> 16) & 0xff;
        return new Fraction(bits[3] < 0 ? -magnitude : magnitude, BigInteger.Pow(10, scale));
    }

    public static Fraction FromDecimal(decimal value) => value;

    public static Fraction operator +(Fraction left, Fraction right) =>
        new((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Fraction operator -(Fraction left, Fraction right) =>
        new((left.Numerator * right.Denominator) - (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Fraction operator *(Fraction left, Fraction right) => new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    public static Fraction operator /(Fraction left, Fraction right) => new(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    public static bool operator <(Fraction left, Fraction right) => left.CompareTo(right) < 0;

    public static bool operator >(Fraction left, Fraction right) => left.CompareTo(right) > 0;

    public static bool operator <=(Fraction left, Fraction right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Fraction left, Fraction right) => left.CompareTo(right) >= 0;

    public static Fraction Add(Fraction left, Fraction right) => left + right;

    public static Fraction Subtract(Fraction left, Fraction right) => left - right;

    public static Fraction Multiply(Fraction left, Fraction right) => left * right;

    public static Fraction Divide(Fraction left, Fraction right) => left / right;

    public static Fraction Max(Fraction left, Fraction right) => left < right ? right : left;

    public static Fraction Min(Fraction left, Fraction right) => left > right ? right : left;

    public int CompareTo(Fraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>The only place where digits are lost.</summary>
    public decimal Round(Rounding rounding)
    {
        var scaled = BigInteger.Abs(Numerator) * BigInteger.Pow(10, rounding.Decimals);
        var quotient = BigInteger.DivRem(scaled, Denominator, out var remainder);
        var half = (remainder * 2).CompareTo(Denominator);
        if (half > 0 || (half == 0 && (rounding.Mode == RoundingMode.HalfUp || !quotient.IsEven)))
        {
            quotient += 1;
        }

        // The scale is set without a division, so that 8 prints as 8.00 in every table of two decimals.
        var rounded = (decimal)quotient;
        for (var place = 0; place < rounding.Decimals; place++)
        {
            rounded *= 0.1m;
        }

        return Numerator.Sign < 0 ? -rounded : rounded;
    }

    /// <summary>
    /// As Vietnamese writes numbers, exact where that takes at most six decimals, else cut off (never rounded up over a bound) after "≈".
    /// </summary>
    public string ToVietnamese()
    {
        const int Shown = 6;
        var scale = BigInteger.Pow(10, Shown);
        var quotient = BigInteger.DivRem(BigInteger.Abs(Numerator) * scale, Denominator, out var remainder);
        var whole = BigInteger.DivRem(quotient, scale, out var decimals);
        var tail = decimals.ToString(CultureInfo.InvariantCulture).PadLeft(Shown, '0').TrimEnd('0');
        var text = GroupThousands(whole.ToString(CultureInfo.InvariantCulture)) + (tail.Length > 0 ? "," + tail : string.Empty);
        return (remainder.IsZero ? string.Empty : "≈ ") + (Numerator.Sign < 0 ? "−" : string.Empty) + text;
    }

    private static string GroupThousands(string digits)
    {
        for (var place = digits.Length - 3; place > 0; place -= 3)
        {
            digits = digits.Insert(place, ".");
        }

        return digits;
    }
}
