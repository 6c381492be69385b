using System.Numerics;

namespace ThiDua.Awards.Domain;

/// <summary>Tỷ lệ: an exact fraction. Quotas, thresholds and probabilities are compared as fractions, never as rounded numbers.</summary>
public readonly record struct Share
{
    private readonly BigInteger _numerator;
    private readonly BigInteger _denominator;

    private Share(BigInteger numerator, BigInteger denominator)
    {
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        (_numerator, _denominator) = (numerator / common, denominator / common);
    }

    /// <param name="numerator">How many parts.</param>
    /// <param name="denominator">Of how many; above 0.</param>
    public static Share Of(BigInteger numerator, BigInteger denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        return new Share(numerator, denominator);
    }

    public static Share Of(decimal value)
    {
        var bits = decimal.GetBits(value);
        var mantissa = (new BigInteger((uint)bits[2]) << 64) | (new BigInteger((uint)bits[1]) << 32) | (uint)bits[0];
        return new Share(value < 0 ? -mantissa : mantissa, BigInteger.Pow(10, value.Scale));
    }

    public static Share Percent(decimal percent)
    {
        var share = Of(percent);
        return new Share(share._numerator, share._denominator * 100);
    }

    /// <summary>⌊whole · share⌋, for "không quá": rounding up would go over .</summary>
    public int FloorOf(int whole) => (int)BigInteger.Divide(_numerator * whole, _denominator);

    /// <summary>⌈whole · share⌉, for "từ … trở lên": rounding down would stay under (F-20).</summary>
    public int CeilingOf(int whole) => (int)BigInteger.Divide((_numerator * whole) + _denominator - 1, _denominator);

    /// <param name="divisor">Above 0.</param>
    public Share Over(decimal divisor)
    {
        var by = Of(divisor);
        return Of(_numerator * by._denominator, _denominator * by._numerator);
    }

    public Share Times(BigInteger factor) => new(_numerator * factor, _denominator);

    public bool IsBelow(Share other) => _numerator * other._denominator < other._numerator * _denominator;

    /// <summary>For people only: rounded half up to <paramref name="decimals"/> places.</summary>
    public decimal Rounded(int decimals)
    {
        var scale = BigInteger.Pow(10, decimals);
        var scaled = BigInteger.Divide((2 * _numerator * scale) + _denominator, 2 * _denominator);
        return (decimal)scaled / (decimal)scale;
    }
}
