using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using static ThiDua.Documents.Papers.LayoutMeasure;

namespace ThiDua.Documents.Papers;

/// <summary>Phụ lục I, mục I: paper, margins, letters, page numbers; and what this system adds for every page.</summary>
internal static class LayoutPageRules
{
    private const string Own = "Quy tắc của hệ thống";
    private const string Default = "default";
    private const int SmallestSize = 16; // half points: what a reader can still read in print
    private const int NearlyBlack = 0x20;

    public static IReadOnlyList<(LayoutRule, Func<LayoutReading, IEnumerable<(string, string)>>)> All { get; } =
    [
        (Rule(1, "Khổ giấy A4 (210 mm × 297 mm)", "Phụ lục I, mục I.1"), Paper),
        (Rule(2, "Trình bày theo chiều dài; chỉ văn bản có bảng, biểu mới theo chiều rộng", "Phụ lục I, mục I.2"), Orientation),
        (Rule(3, "Lề trên và lề dưới 20–25 mm", "Phụ lục I, mục I.3"), reading => Margin(reading, "trên", margin => margin.Top?.Value, reading.Standard.Page.TopAndBottomMillimetres)
            .Concat(Margin(reading, "dưới", margin => margin.Bottom?.Value, reading.Standard.Page.TopAndBottomMillimetres))),
        (Rule(4, "Lề trái 30–35 mm", "Phụ lục I, mục I.3"), reading => Margin(reading, "trái", margin => (int?)margin.Left?.Value, reading.Standard.Page.LeftMillimetres)),
        (Rule(5, "Lề phải 15–20 mm", "Phụ lục I, mục I.3"), reading => Margin(reading, "phải", margin => (int?)margin.Right?.Value, reading.Standard.Page.RightMillimetres)),
        (Rule(6, "Phông chữ Times New Roman", "Phụ lục I, mục I.4"), reading => Letters(reading, letters => letters.Font != PaperStyles.Font, letters => $"Phông chữ “{letters.Font}” không phải Times New Roman.")),
        (Rule(7, "Chữ màu đen", "Phụ lục I, mục I.4"), reading => Letters(reading, letters => !IsBlack(letters.Colour), letters => $"Chữ màu {letters.Colour}, phải màu đen.")),
        (Rule(8, "Bộ mã ký tự Unicode dựng sẵn", "Phụ lục I, mục I.4; TCVN 6909:2001"), Characters),
        (Rule(9, "Số trang bằng chữ số Ả Rập, canh giữa trong lề trên", "Phụ lục I, mục I.7"), PageNumber),
        (Rule(10, "Số trang cỡ 13–14, kiểu chữ đứng", "Phụ lục I, mục I.7"), PageNumberLook),
        (Rule(11, "Không hiển thị số trang thứ nhất; đánh số từ 1", "Phụ lục I, mục I.7"), FirstPage),
        (Rule(39, "Bảng lặp lại hàng tiêu đề và không cắt đôi hàng", Own), Tables),
        (Rule(40, "Không có chữ nhỏ hơn 8", Own), reading => Letters(reading, letters => letters.Size < SmallestSize, letters => $"Cỡ chữ {letters.Size / 2m:0.#} nhỏ hơn 8.")),
        (Rule(41, "Mỗi trang có mã kiểm chứng và mã QR trong lề dưới", Own), Mark),
        (Rule(42, "Không có chữ ẩn, thay đổi chưa chấp nhận, macro, liên kết ra ngoài", Own), Hidden),
        (Rule(43, "Không còn tên trường chưa điền", Own), reading => Everything(reading).Where(paragraph => paragraph.Tokens.Count > 0 || paragraph.HasBrokenBraces)
            .Select(paragraph => ("văn bản", $"Còn tên trường chưa điền: “{paragraph.Value.Trim()}”."))),
    ];

    private static IEnumerable<TemplateText> Everything(LayoutReading reading) =>
        TemplateParagraph.Roots(reading.Document).SelectMany(root => root.Descendants<Paragraph>()).Select(paragraph => new TemplateText(paragraph));

    private static IEnumerable<(string, string)> Paper(LayoutReading reading)
    {
        var page = reading.Standard.Page;
        foreach (var section in reading.Sections)
        {
            var size = section.GetFirstChild<PageSize>();
            decimal[] sides = [Millimetres((int)(size?.Width?.Value ?? 0)), Millimetres((int)(size?.Height?.Value ?? 0))];
            if (!IsAbout(sides.Min(), page.WidthMillimetres) || !IsAbout(sides.Max(), page.HeightMillimetres))
            {
                yield return ("trang", $"Khổ giấy {sides[0]:0} mm × {sides[1]:0} mm, phải là A4.");
            }
        }
    }

    private static IEnumerable<(string, string)> Orientation(LayoutReading reading)
    {
        var isLandscape = reading.Sections.Any(section => section.GetFirstChild<PageSize>() is { } size && (size.Width?.Value ?? 0) > (size.Height?.Value ?? 0));
        if (isLandscape && !reading.Main.Document!.Body!.Elements<Table>().Any(table => TableLines.AreVisible(table, reading.Main.Document)))
        {
            yield return ("trang", "Trang nằm ngang mà văn bản không có bảng, biểu.");
        }
    }

    private static IEnumerable<(string, string)> Margin(LayoutReading reading, string side, Func<PageMargin, int?> value, IReadOnlyList<int> bounds)
    {
        foreach (var section in reading.Sections)
        {
            var millimetres = section.GetFirstChild<PageMargin>() is { } margin ? Millimetres(Math.Abs(value(margin) ?? 0)) : 0;
            if (!IsWithin(millimetres, bounds))
            {
                yield return ("trang", $"Lề {side} {millimetres:0.#} mm, phải từ {bounds[0]} đến {bounds[1]} mm.");
            }
        }
    }

    private static IEnumerable<(string, string)> Letters(LayoutReading reading, Func<LetterFormat, bool> isWrong, Func<LetterFormat, string> message) =>
        TemplateParagraph.Roots(reading.Document).SelectMany(root => root.Descendants<Run>())
            .Where(run => run.Elements<Text>().Any(text => text.Text.Trim().Length > 0))
            .Select(run => (Format: reading.Formatting.Letters(run), run.InnerText))
            .Where(run => isWrong(run.Format))
            .DistinctBy(run => run.Format)
            .Select(run => ($"“{(run.InnerText.Length > 50 ? run.InnerText[..50] + "…" : run.InnerText)}”", message(run.Format)));

    private static bool IsBlack(string colour) =>
        colour == "auto" || (int.TryParse(colour, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
            && (rgb >> 16) < NearlyBlack && ((rgb >> 8) & 0xff) < NearlyBlack && (rgb & 0xff) < NearlyBlack);

    private static IEnumerable<(string, string)> Characters(LayoutReading reading)
    {
        foreach (var text in Everything(reading).Select(paragraph => paragraph.Value))
        {
            if (!text.IsNormalized(NormalizationForm.FormC))
            {
                yield return ($"“{text.Trim()}”", "Có chữ tổ hợp (dấu rời), phải là Unicode dựng sẵn.");
            }
            else if (text.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Format || (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t'))))
            {
                yield return ($"“{text.Trim()}”", "Có ký tự không thuộc bộ mã Unicode tiếng Việt (phông cũ, ký tự điều khiển).");
            }
        }
    }

    private static Header? HeaderOf(LayoutReading reading, string type)
    {
        var reference = reading.Sections.SelectMany(section => section.Elements<HeaderReference>())
            .FirstOrDefault(reference => (reference.Type?.Value ?? HeaderFooterValues.Default) == (type == Default ? HeaderFooterValues.Default : HeaderFooterValues.First));
        return reference?.Id?.Value is { } id && reading.Main.TryGetPartById(id, out var part) ? (part as HeaderPart)?.Header : null;
    }

    private static bool IsPageNumber(OpenXmlElement element) => element switch
    {
        FieldCode code => code.Text.Trim().StartsWith("PAGE", StringComparison.OrdinalIgnoreCase),
        SimpleField field => field.Instruction?.Value?.Trim().StartsWith("PAGE", StringComparison.OrdinalIgnoreCase) == true,
        _ => false,
    };

    private static Paragraph? PageNumberIn(OpenXmlElement? root) => root?.Descendants<Paragraph>().FirstOrDefault(paragraph => paragraph.Descendants().Any(IsPageNumber));

    private static IEnumerable<(string, string)> PageNumber(LayoutReading reading)
    {
        if (PageNumberIn(HeaderOf(reading, Default)) is not { } number)
        {
            yield return ("đầu trang", "Không có số trang trong lề trên.");
        }
        else if (reading.Formatting.Paragraph(number).Justification != JustificationValues.Center)
        {
            yield return ("đầu trang", "Số trang phải canh giữa.");
        }

        if (reading.Sections.Any(section => section.GetFirstChild<PageNumberType>()?.Format?.Value is { } format && format != NumberFormatValues.Decimal))
        {
            yield return ("đầu trang", "Số trang phải là chữ số Ả Rập.");
        }

        if (reading.Main.FooterParts.Any(part => PageNumberIn(part.Footer) is not null))
        {
            yield return ("chân trang", "Số trang phải ở lề trên, không ở chân trang.");
        }
    }

    private static IEnumerable<(string, string)> PageNumberLook(LayoutReading reading)
    {
        var bounds = reading.Standard.Points["pageNumber"];
        var letters = PageNumberIn(HeaderOf(reading, Default))?.Descendants<Run>().Select(reading.Formatting.Letters).ToList() ?? [];
        if (letters.Any(format => format.Size < bounds[0] * 2 || format.Size > bounds[1] * 2 || format.Italic || format.Bold))
        {
            yield return ("đầu trang", $"Số trang phải là chữ đứng, cỡ {bounds[0]} đến {bounds[1]}.");
        }
    }

    private static IEnumerable<(string, string)> FirstPage(LayoutReading reading)
    {
        var first = reading.Sections[0];
        if (first.GetFirstChild<TitlePage>() is not { } title || title.Val?.Value == false || PageNumberIn(HeaderOf(reading, "first")) is not null)
        {
            yield return ("đầu trang", "Trang thứ nhất không được hiển thị số trang.");
        }

        if ((first.GetFirstChild<PageNumberType>()?.Start?.Value ?? 1) != 1)
        {
            yield return ("đầu trang", "Số trang phải đánh từ 1.");
        }
    }

    private static IEnumerable<(string, string)> Tables(LayoutReading reading)
    {
        foreach (var table in reading.Main.Document!.Body!.Descendants<Table>().Where(table => TableLines.AreVisible(table, reading.Main.Document)))
        {
            var rows = table.Elements<TableRow>().ToList();
            if (rows.Count > 1 && rows[0].TableRowProperties?.GetFirstChild<TableHeader>() is null)
            {
                yield return ("bảng", $"Bảng không lặp lại hàng tiêu đề “{rows[0].InnerText}”.");
            }

            if (rows.Any(row => row.TableRowProperties?.GetFirstChild<CantSplit>() is null))
            {
                yield return ("bảng", "Bảng có hàng có thể bị cắt đôi giữa hai trang.");
            }
        }
    }

    private static IEnumerable<(string, string)> Mark(LayoutReading reading)
    {
        foreach (var section in reading.Sections.Where(section => section.Elements<FooterReference>().Any() || section == reading.Sections[0]))
        {
            var footers = section.Elements<FooterReference>().Select(reference => (FooterPart)reading.Main.GetPartById(reference.Id!.Value!)).ToList();
            var needed = section.GetFirstChild<TitlePage>() is null ? 1 : 2;
            if (footers.Count < needed || footers.Any(footer => !footer.Footer!.InnerText.Contains("SHA-256: ", StringComparison.Ordinal) || !footer.Footer.Descendants<Drawing>().Any()))
            {
                yield return ("chân trang", "Thiếu mã kiểm chứng hoặc mã QR ở chân trang.");
            }
        }
    }

    private static IEnumerable<(string, string)> Hidden(LayoutReading reading) =>
        Letters(reading, letters => letters.Hidden, _ => "Có chữ ẩn.").Concat(TemplateSafety.Check(reading.Document).Select(refused => (refused.Path, refused.Message)));
}
