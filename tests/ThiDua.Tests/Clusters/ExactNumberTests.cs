using ThiDua.Clusters.Domain;

namespace ThiDua.Tests.Clusters;

public sealed class ExactNumberTests
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
        Assert.Equal(expected, ExactNumber.TryParse(text, out var number) ? number.ToString() : null);

    [Fact]
    public void There_is_one_zero()
    {
        Assert.Equal(ExactNumber.Zero, ExactNumber.Of(0));
        Assert.Equal(ExactNumber.Zero, ExactNumber.Of(0.00m) * ExactNumber.Parse("1/3"));
        Assert.Equal(default, ExactNumber.Parse("0") + ExactNumber.Zero);
    }

    [Theory]
    [InlineData("1/3", 2, "0.33")]
    [InlineData("1/8", 2, "0.13")] // 0,125: nửa lên
    [InlineData("2/3", 0, "1")]
    [InlineData("100", 2, "100.00")]
    public void Digits_are_lost_once_half_up(string number, int decimals, string expected) =>
        Assert.Equal(expected, ExactNumber.Parse(number).Rounded(decimals).ToString(System.Globalization.CultureInfo.InvariantCulture));
}
