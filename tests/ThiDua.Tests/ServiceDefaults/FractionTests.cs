using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.ServiceDefaults;

public sealed class FractionTests
{
    [Theory]
    [InlineData("1/3", "1/3")]
    [InlineData("2/6", "1/3")]
    [InlineData("0.25", "1/4")]
    [InlineData("1", "1")]
    [InlineData("4/2", "2")]
    [InlineData("0", "0")]
    [InlineData("1/0", null)]
    [InlineData("-1/3", null)]
    [InlineData("1/-3", null)]
    [InlineData("1e-3", null)]
    [InlineData("0,25", null)]
    [InlineData("", null)]
    [InlineData("/", null)]
    [InlineData("1/3/5", null)]
    [InlineData("1234567890123", null)] // 13 chữ số
    public void A_share_is_read_as_it_is_written(string text, string? expected) =>
        Assert.Equal(expected, Fraction.TryParse(text, out var number) ? number.ToString() : null);

    [Fact]
    public void There_is_one_zero()
    {
        Assert.Equal(Fraction.Zero, Fraction.FromDecimal(0));
        Assert.Equal(Fraction.Zero, Fraction.FromDecimal(0.00m) * Fraction.Parse("1/3"));
        Assert.Equal(default, Fraction.Parse("0") + Fraction.Zero);
    }

    [Theory]
    [InlineData("1/3", 2, "0.33")]
    [InlineData("1/8", 2, "0.13")] // 0,125: nửa lên
    [InlineData("2/3", 0, "1")]
    [InlineData("100", 2, "100.00")]
    public void Digits_are_lost_once_half_up(string number, int decimals, string expected) =>
        Assert.Equal(expected, Fraction.Parse(number).Round(decimals).ToString(System.Globalization.CultureInfo.InvariantCulture));
}
