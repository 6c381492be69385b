using System.Globalization;
using ThiDua.Spreadsheets;

namespace ThiDua.Tests.Spreadsheets;

/// <summary>The table of docs/spreadsheets.md: what people and programs write, and what it is.</summary>
public sealed class NumberTextTests
{
    private static readonly NumberRule s_points = new() { Units = ["điểm", "đ", "nhiệm vụ", "m2"] };

    [Theory]
    [InlineData("43,5", "43.5")]
    [InlineData("43.5", "43.5")]
    [InlineData("43,50", "43.5")]
    [InlineData("0,5", "0.5")]
    [InlineData(",5", "0.5")]
    [InlineData(".5", "0.5")]
    [InlineData("0.500", "0.5")] // no thousand begins with 0
    [InlineData("0,125", "0.125")]
    [InlineData("1.234,5", "1234.5")]
    [InlineData("1,234.5", "1234.5")]
    [InlineData("1.234.567", "1234567")]
    [InlineData("1,234,567", "1234567")]
    [InlineData("1.234.567,125", "1234567.125")]
    [InlineData("1 234,5", "1234.5")]
    [InlineData("1\u00a0234,5", "1234.5")]
    [InlineData("1\u202f234.567", "1234.567")]
    [InlineData("1 234", "1234")]
    [InlineData("1234", "1234")]
    [InlineData("1234,567", "1234.567")] // a thousand would have been separated before it
    [InlineData("007", "7")]
    [InlineData("0", "0")]
    [InlineData(" 43,5 ", "43.5")]
    [InlineData("\u00a043,5\u00a0", "43.5")]
    [InlineData("\u200b43,5", "43.5")]
    [InlineData("'43,5", "43.5")]
    [InlineData("’43,5", "43.5")]
    [InlineData("４３，５", "43.5")]
    [InlineData("４３．５", "43.5")]
    [InlineData("43,5 điểm", "43.5")]
    [InlineData("43,5điểm", "43.5")]
    [InlineData("43,5 ĐIỂM", "43.5")]
    [InlineData("43,5 \u0111i\u0065\u0302\u0309m", "43.5")] // decomposed letters
    [InlineData("43,5đ", "43.5")]
    [InlineData("12 nhiệm vụ", "12")]
    [InlineData("-43,5", "-43.5")]
    [InlineData("−43,5", "-43.5")]
    [InlineData("+43,5", "43.5")]
    [InlineData("1E3", "1000")]
    [InlineData("1e-3", "0.001")]
    [InlineData("1,5E+02", "150")]
    [InlineData("4.35E1", "43.5")]
    [InlineData("12345678901234567890,12345678", "12345678901234567890.12345678")]
    public void What_can_be_read_in_one_way_is_read(string typed, string number) =>
        Assert.Equal(decimal.Parse(number, CultureInfo.InvariantCulture), NumberText.Read(typed, s_points)?.Number);

    [Theory]
    [InlineData("1.234", "1.234 hoặc 1,234")]
    [InlineData("1,234", "1,234 hoặc 1.234")]
    [InlineData("43,500", "43,5 hoặc 43.500")]
    [InlineData("-1.234", "−1.234 hoặc −1,234")]
    [InlineData("123.456", "123.456 hoặc 123,456")]
    [InlineData("'1.234", "1.234 hoặc 1,234")]
    [InlineData("1.234 điểm", "1.234 hoặc 1,234")]
    public void What_can_be_read_in_two_ways_is_refused_with_both(string typed, string both)
    {
        var reading = NumberText.Read(typed, s_points)!;
        Assert.Equal("AMBIGUOUS_NUMBER", reading.Code);
        Assert.Contains(both, reading.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("–")]
    [InlineData("x")]
    [InlineData("X")]
    [InlineData("không")]
    [InlineData("43,5,")]
    [InlineData("43,")]
    [InlineData("43.")]
    [InlineData("43,5.")]
    [InlineData("1.23.456")]
    [InlineData("1,23,456")]
    [InlineData("12.34,5")]
    [InlineData("1.234.56")]
    [InlineData("1.234,567.8")]
    [InlineData("0.123.456")]
    [InlineData("1'234")]
    [InlineData("43;5")]
    [InlineData("4 3,5")]
    [InlineData("(43,5)")]
    [InlineData("43,5-")]
    [InlineData("--5")]
    [InlineData("+-5")]
    [InlineData("1/2")]
    [InlineData("43 1/2")]
    [InlineData("1.234E5x")]
    [InlineData("12.5E1")]
    [InlineData("E5")]
    [InlineData("1E400")]
    [InlineData("1E")]
    [InlineData("43,5 kg")]
    [InlineData("5m2x")]
    [InlineData("5m25")]
    [InlineData("khoảng 43")]
    [InlineData("43 – 45")]
    [InlineData("=43,5")]
    [InlineData("10^3")]
    [InlineData("٤٣")] // digits of another script
    [InlineData("12345678901234567890123456789")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("0x10")]
    [InlineData(".")]
    [InlineData(",")]
    [InlineData("1..5")]
    [InlineData("1 .5")]
    [InlineData("1 2345")]
    public void What_is_no_number_is_refused(string typed) => Assert.Equal("NOT_A_NUMBER", NumberText.Read(typed, s_points)?.Code);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u00a0")]
    [InlineData("\u200b")]
    [InlineData("'")]
    public void Nothing_is_nothing_and_not_zero(string typed) => Assert.Null(NumberText.Read(typed, s_points));

    [Fact]
    public void The_rule_of_the_input_decides_what_is_ambiguous()
    {
        Assert.Equal(1234, NumberText.Read("1.234", NumberRule.Whole)!.Number); // 1,234 cannot be meant
        Assert.Equal(1234, NumberText.Read("1,234", new NumberRule(2))!.Number);
        Assert.Equal("AMBIGUOUS_NUMBER", NumberText.Read("1.234", new NumberRule(3))!.Code);
        Assert.Equal("TOO_MANY_DECIMALS", NumberText.Read("43,5", NumberRule.Whole)!.Code);
        Assert.Equal(43, NumberText.Read("43,0", NumberRule.Whole)!.Number);
        Assert.Equal("PERCENT_VALUE", NumberText.Read("95%", NumberRule.Any)!.Code);
        Assert.Equal(95, NumberText.Read("95 %", new NumberRule(IsPercentage: true))!.Number);
        Assert.Equal("NOT_A_NUMBER", NumberText.Read("43,5 điểm", NumberRule.Any)!.Code); // the unit is not this input's
    }

    /// <summary>What programs write for what was typed: the number at 15 significant digits.</summary>
    [Theory]
    [InlineData("43.5", "43.5")]
    [InlineData("43.499999999999996", "43.5")]
    [InlineData("43.500000000000007", "43.5")]
    [InlineData("0.1", "0.1")]
    [InlineData("0.10000000000000001", "0.1")]
    [InlineData("0.29999999999999999", "0.3")]
    [InlineData("0.30000000000000004", "0.3")]
    [InlineData("1E-3", "0.001")]
    [InlineData("1.0000000000000001E-5", "0.00001")]
    [InlineData("9.9999999999999995E-7", "0.000001")]
    [InlineData("1.2345678901234599E+20", "123456789012346000000")]
    [InlineData("999999999999999.9", "1000000000000000")]
    [InlineData("123456789012345", "123456789012345")]
    [InlineData("-12.340000000000002", "-12.34")]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("0.0", "0")]
    [InlineData("1e2", "100")]
    [InlineData("1234.5670", "1234.567")]
    public void A_number_of_the_file_is_what_the_program_shows(string written, string number)
    {
        Assert.True(NumberText.TryParseXml(written, out var read));
        Assert.Equal(decimal.Parse(number, CultureInfo.InvariantCulture), read);
    }

    [Theory]
    [InlineData("1E300")]
    [InlineData("4.9406564584124654E-324")]
    [InlineData("1,5")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1E")]
    [InlineData("1E5.5")]
    [InlineData("0x1F")]
    [InlineData("NaN")]
    [InlineData("INF")]
    [InlineData("１")]
    public void What_no_decimal_holds_is_not_read(string written) => Assert.False(NumberText.TryParseXml(written, out _));

    /// <summary>Every decimal of up to 15 digits survives the way through a program that computes in binary.</summary>
    [Fact]
    public void Fifteen_digits_survive_binary_arithmetic()
    {
        var random = new Random(15);
        for (var n = 0; n < 20_000; n++)
        {
            var digits = random.Next(1, 16);
            var meant = decimal.Parse(string.Concat(Enumerable.Range(0, digits).Select(_ => random.Next(10))), CultureInfo.InvariantCulture) / (decimal)Math.Pow(10, random.Next(0, digits));
            var stored = (double)meant;
            foreach (var written in new[] { stored.ToString("R", CultureInfo.InvariantCulture), stored.ToString("G17", CultureInfo.InvariantCulture), stored.ToString("E16", CultureInfo.InvariantCulture) })
            {
                Assert.True(NumberText.TryParseXml(written, out var read), written);
                Assert.Equal(meant, read);
            }
        }
    }
}
