using System.Globalization;
using System.Numerics;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// Phân số: an exact fraction. 94.9995 % stays below 95 %, a third stays a third: points, quotas, shares and chances are compared as
/// fractions, and leave them once, rounded.
/// </summary>
public readonly record struct Fraction : IComparable<Fraction>
{
    private const int MaximumDigits = 12;

    private readonly BigInteger _denominator;

    public Fraction(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
        {
            throw new DivideByZeroException("A fraction needs a denominator.");
        }

        var sign = denominator.Sign;
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);

        // One zero only, that of the default value, or two zeros would not be equal.
        (Numerator, _denominator) = numerator.IsZero ? default : (sign * numerator / divisor, sign * denominator / divisor);
    }

    public BigInteger Numerator { get; }

    /// <summary>Always positive; the default value of the type is zero over one.</summary>
    public BigInteger Denominator => _denominator.IsZero ? BigInteger.One : _denominator;

    public static Fraction Zero => default;

    public static Fraction One => new(1, 1);

    public static implicit operator Fraction(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        var scale = (bits[3] >> 16) & 0xff;
        return new Fraction(bits[3] < 0 ? -magnitude : magnitude, BigInteger.Pow(10, scale));
    }

    public static Fraction FromDecimal(decimal value) => value;

    public static Fraction Percent(decimal percent) => FromDecimal(percent) / 100;

    /// <summary>Reads “1/3”, “0.25” or “1”; at most 12 digits above and below the line, and nothing below zero.</summary>
    public static bool TryParse(string text, out Fraction number)
    {
        number = Zero;
        var line = text.IndexOf('/', StringComparison.Ordinal);
        if (line < 0)
        {
            decimal value = 0;
            var isDecimal = text.Length <= MaximumDigits && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
            number = value;
            return isDecimal;
        }

        if (!IsWhole(text[..line], out var above) || !IsWhole(text[(line + 1)..], out var below) || below == 0)
        {
            return false;
        }

        number = new Fraction(above, below);
        return true;
    }

    public static Fraction Parse(string text) => TryParse(text, out var number) ? number : throw new FormatException($"“{text}” is no fraction.");

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

    public static Fraction Sum(IEnumerable<Fraction> numbers) => numbers.Aggregate(Zero, Add);

    /// <summary>⌊whole · this⌋, for “không quá”: rounding up would go over .</summary>
    public int FloorOf(int whole) => (int)BigInteger.Divide(Numerator * whole, Denominator);

    /// <summary>⌈whole · this⌉, for “từ … trở lên”: rounding down would stay under (F-20).</summary>
    public int CeilingOf(int whole) => (int)BigInteger.Divide((Numerator * whole) + Denominator - 1, Denominator);

    /// <summary>The only place where digits are lost.</summary>
    /// <param name="decimals">How many are kept.</param>
    /// <param name="halfToEven">Half of the last place goes to the even digit; otherwise up, away from zero, as people round.</param>
    public decimal Round(int decimals, bool halfToEven = false)
    {
        var quotient = BigInteger.DivRem(BigInteger.Abs(Numerator) * BigInteger.Pow(10, decimals), Denominator, out var remainder);
        var half = (remainder * 2).CompareTo(Denominator);
        if (half > 0 || (half == 0 && (!halfToEven || !quotient.IsEven)))
        {
            quotient += 1;
        }

        // The scale is set without a division, so that 8 prints as 8.00 in every table of two decimals.
        var rounded = (decimal)quotient;
        for (var place = 0; place < decimals; place++)
        {
            rounded *= 0.1m;
        }

        return Numerator.Sign < 0 ? -rounded : rounded;
    }

    /// <summary>“1/3”, or “2” where it is whole.</summary>
    public override string ToString() => Denominator.IsOne
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

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

    private static bool IsWhole(string text, out BigInteger number)
    {
        number = 0;
        return text.Length is > 0 and <= MaximumDigits && BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
