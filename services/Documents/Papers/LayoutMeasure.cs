using System.Globalization;
using DocumentFormat.OpenXml.Wordprocessing;

namespace ThiDua.Documents.Papers;

/// <summary>What the rules of the layout have in common: how an element looks, and how a place is named.</summary>
internal static class LayoutMeasure
{
    private const decimal TwipsInMillimetre = 1440m / 25.4m;
    private const decimal Tolerance = 0.3m; // millimetres: Word keeps whole twentieths of a point, and people type 1,27 cm

    public static decimal Millimetres(int twips) => twips / TwipsInMillimetre;

    public static bool IsWithin(decimal millimetres, IReadOnlyList<int> bounds) => millimetres >= bounds[0] - Tolerance && millimetres <= bounds[1] + Tolerance;

    public static bool IsAbout(decimal millimetres, decimal expected) => Math.Abs(millimetres - expected) <= Tolerance;

    public static string Place(LayoutParagraph paragraph)
    {
        var text = paragraph.Text.ReplaceLineEndings(" ").Trim();
        return string.Create(CultureInfo.InvariantCulture, $"đoạn {paragraph.Number} “{(text.Length > 50 ? text[..50] + "…" : text)}”");
    }

    /// <summary>Size, weight and slant of every letter of an element.</summary>
    public static IEnumerable<(string, string)> Look(LayoutReading reading, LayoutParagraph? paragraph, string name, string size, bool? bold, bool italic = false, JustificationValues? justification = null)
    {
        if (paragraph is null)
        {
            yield break;
        }

        var bounds = reading.Standard.Points[size];
        if (paragraph.Letters.FirstOrDefault(letters => letters.Size < bounds[0] * 2 || letters.Size > bounds[1] * 2) is { } wrong)
        {
            yield return (Place(paragraph), $"{name} có cỡ chữ {wrong.Size / 2m:0.#}, phải từ {bounds[0]} đến {bounds[1]}.");
        }

        if (bold is { } weight && paragraph.Letters.Any(letters => letters.Bold != weight))
        {
            yield return (Place(paragraph), $"{name} phải in {(weight ? "đậm" : "thường, không đậm")}.");
        }

        if (paragraph.Letters.Any(letters => letters.Italic != italic))
        {
            yield return (Place(paragraph), $"{name} phải là kiểu chữ {(italic ? "nghiêng" : "đứng")}.");
        }

        if (justification is { } side && paragraph.Format.Justification != side)
        {
            yield return (Place(paragraph), $"{name} phải canh {(side == JustificationValues.Center ? "giữa" : "trái")}.");
        }
    }

    public static IEnumerable<(string, string)> Required(LayoutParagraph? paragraph, bool isRequired, string name)
    {
        if (paragraph is null && isRequired)
        {
            yield return ("văn bản", $"Thiếu {name}.");
        }
    }

    /// <summary>The line below an element, measured against the line of text above it.</summary>
    public static IEnumerable<(string, string)> Line(LayoutReading reading, LayoutParagraph? above, string name, bool isWhole)
    {
        if (above is null)
        {
            yield break;
        }

        if (LayoutReading.LineBelow(above) is not { } line || !reading.Formatting.Paragraph(line).HasBottomLine)
        {
            yield return (Place(above), $"Dưới {name} thiếu đường kẻ ngang, nét liền.");
            yield break;
        }

        var format = reading.Formatting.Paragraph(line);
        var room = Formatting.RoomFor(line);
        var text = LinePrinter.TextWidth(above.Element, reading.Formatting, room);
        var percent = (room - format.Left - format.Right) * 100 / Math.Max(text, 1);
        var (least, most) = isWhole ? (100, 100) : (Percent(reading.Standard.PartialLine[0]), Percent(reading.Standard.PartialLine[1]));
        const int Measured = 6; // widths of letters differ a little from font to font
        if (percent < least - Measured || percent > most + Measured || Math.Abs(format.Left - format.Right) > Measured)
        {
            yield return (Place(above), isWhole
                ? $"Đường kẻ dưới {name} phải dài bằng dòng chữ, hiện bằng {percent} %."
                : $"Đường kẻ dưới {name} phải dài từ 1/3 đến 1/2 dòng chữ và cân đối, hiện bằng {percent} %.");
        }
    }

    public static LayoutRule Rule(int number, string name, string source) => new(number, name, source);

    private static int Percent(string fraction) => fraction.Split('/') is [var above, var below] ? 100 * int.Parse(above, CultureInfo.InvariantCulture) / int.Parse(below, CultureInfo.InvariantCulture) : 0;
}
