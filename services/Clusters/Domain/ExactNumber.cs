using System.Globalization;
using System.Numerics;

namespace ThiDua.Clusters.Domain;

/// <summary>
/// Số chính xác: a fraction that loses nothing. Shares of a split, weights by days and what they contribute are kept so, and
/// points leave it once, rounded half up.
/// </summary>
public readonly record struct ExactNumber : IComparable<ExactNumber>
{
    private const int MaximumDigits = 12;

    private readonly BigInteger _denominator;

    public ExactNumber(BigInteger numerator, BigInteger denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);

        // One zero only: that of the default value, or two zeros would not be equal.
        (Numerator, _denominator) = numerator.IsZero ? default : (numerator / common, denominator / common);
    }

    public BigInteger Numerator { get; }

    /// <summary>Always positive; the default value of the type is zero over one.</summary>
    public BigInteger Denominator => _denominator.IsZero ? BigInteger.One : _denominator;

    public static ExactNumber Zero => default;

    public static ExactNumber One => new(1, 1);

    public static ExactNumber Of(int whole) => new(whole, 1);

    public static ExactNumber Of(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        return new ExactNumber(value < 0 ? -magnitude : magnitude, BigInteger.Pow(10, value.Scale));
    }

    /// <summary>Reads “1/3”, “0.25” or “1”; at most 12 digits above and below the line.</summary>
    public static bool TryParse(string text, out ExactNumber number)
    {
        number = Zero;
        var line = text.IndexOf('/', StringComparison.Ordinal);
        if (line < 0)
        {
            decimal value = 0;
            var isDecimal = text.Length <= MaximumDigits && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
            number = Of(value);
            return isDecimal;
        }

        if (!IsWhole(text[..line], out var above) || !IsWhole(text[(line + 1)..], out var below) || below == 0)
        {
            return false;
        }

        number = new ExactNumber(above, below);
        return true;
    }

    public static ExactNumber Parse(string text) => TryParse(text, out var number) ? number : throw new FormatException($"“{text}” is no fraction.");

    public static ExactNumber operator +(ExactNumber left, ExactNumber right) =>
        new((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static ExactNumber operator *(ExactNumber left, ExactNumber right) => new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    public static ExactNumber operator /(ExactNumber left, ExactNumber right) => right.Numerator.Sign switch
    {
        0 => throw new DivideByZeroException(),
        < 0 => new(-left.Numerator * right.Denominator, -left.Denominator * right.Numerator),
        _ => new(left.Numerator * right.Denominator, left.Denominator * right.Numerator),
    };

    public static bool operator <(ExactNumber left, ExactNumber right) => left.CompareTo(right) < 0;

    public static bool operator >(ExactNumber left, ExactNumber right) => left.CompareTo(right) > 0;

    public static bool operator <=(ExactNumber left, ExactNumber right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ExactNumber left, ExactNumber right) => left.CompareTo(right) >= 0;

    public static ExactNumber Add(ExactNumber left, ExactNumber right) => left + right;

    public static ExactNumber Multiply(ExactNumber left, ExactNumber right) => left * right;

    public static ExactNumber Divide(ExactNumber left, ExactNumber right) => left / right;

    public static ExactNumber Sum(IEnumerable<ExactNumber> numbers) => numbers.Aggregate(Zero, Add);

    public int CompareTo(ExactNumber other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>The only place where digits are lost: half up, away from zero.</summary>
    public decimal Rounded(int decimals)
    {
        var quotient = BigInteger.DivRem(BigInteger.Abs(Numerator) * BigInteger.Pow(10, decimals), Denominator, out var remainder);
        if (remainder * 2 >= Denominator)
        {
            quotient += 1;
        }

        // The scale is set without a division, so that 8 prints as 8.00.
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

    private static bool IsWhole(string text, out BigInteger number)
    {
        number = 0;
        return text.Length is > 0 and <= MaximumDigits && BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
