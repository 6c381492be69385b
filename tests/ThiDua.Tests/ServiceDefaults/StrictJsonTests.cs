using System.Text.Json;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.ServiceDefaults;

public class StrictJsonTests
{
    private enum Kind
    {
        BestOne,
        Other,
    }

    [Fact]
    public void Everything_wrong_is_named_at_once_with_its_pointer()
    {
        var errors = new List<Violation>();
        var json = Read("""{"name":5,"points":"43,5","list":[1,"x"],"kind":"WORST","extra/one":1}""", errors);

        Assert.Null(json.Text("name"));
        Assert.Null(json.Number("points"));
        Assert.Null(json.Choice<Kind>("kind"));
        Assert.Null(json.Text("missing"));
        foreach (var item in json.List("list"))
        {
            item.AsNumber();
        }

        json.RefuseUnknown();

        Assert.Equal(
            ["WRONG_TYPE /name", "WRONG_TYPE /points", "WRONG_TYPE /kind", "MISSING_PROPERTY /missing", "WRONG_TYPE /list/1", "UNKNOWN_PROPERTY /extra~1one"],
            errors.Select(error => $"{error.Code} {error.Path}"));
    }

    [Fact]
    public void Null_is_absent_and_optional_members_may_be_absent()
    {
        var errors = new List<Violation>();
        var json = Read("""{"cap":null}""", errors);

        Assert.Null(json.Number("cap", required: false));
        Assert.False(json.Has("cap"));
        json.RefuseUnknown();
        Assert.Empty(errors);
    }

    [Fact]
    public void A_choice_is_read_in_its_published_spelling_only()
    {
        var errors = new List<Violation>();
        Assert.Equal(Kind.BestOne, Read("""{"kind":"BEST_ONE"}""", errors).Choice<Kind>("kind"));
        Assert.Empty(errors);
        Assert.Null(Read("""{"kind":"BestOne"}""", errors).Choice<Kind>("kind"));
        Assert.Null(Read("""{"kind":0}""", errors).Choice<Kind>("kind"));
        Assert.Equal(2, errors.Count);
    }

    [Theory]
    [InlineData("12.5", "12.5")]
    [InlineData("94.9995", "94.9995")] // never through a binary float
    [InlineData("-0.10", "-0.10")]
    [InlineData("1e2", "100")]
    [InlineData("0.1234567890123456789012345678", null)] // 29 digits would be rounded silently
    [InlineData("43,5", null)] // a comma is not a decimal point, and not a thousands separator either
    [InlineData("1 000", null)]
    [InlineData("", null)]
    [InlineData("NaN", null)]
    [InlineData("0x10", null)]
    public void Decimals_are_read_as_written_or_refused(string text, string? expected)
    {
        var isRead = ExactDecimal.TryParse(text, out var number);
        Assert.Equal(expected is not null, isRead);
        if (expected is not null)
        {
            Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), number);
        }
    }

    private static StrictJson Read(string json, List<Violation> errors) => new(JsonElement.Parse(json), "", errors);
}
