using System.Globalization;
using System.Numerics;

namespace ThiDua.Clusters.Domain;

/// <summary>Phân số: an exact share. Distances of units are compared as fractions, so that equal ones are equal.</summary>
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

    public int CompareTo(Fraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>Half up, to so many decimals; the only place where digits are lost.</summary>
    public decimal Round(int decimals)
    {
        var scaled = BigInteger.Abs(Numerator) * BigInteger.Pow(10, decimals);
        var quotient = BigInteger.DivRem(scaled, Denominator, out var remainder);
        if (remainder * 2 >= Denominator)
        {
            quotient += 1;
        }

        var rounded = (decimal)quotient;
        for (var place = 0; place < decimals; place++)
        {
            rounded *= 0.1m;
        }

        return Numerator.Sign < 0 ? -rounded : rounded;
    }

    /// <summary>As it is: 4/7, or 2.</summary>
    public override string ToString() =>
        Denominator.IsOne ? Numerator.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
