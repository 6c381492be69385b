using System.Globalization;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml.Wordprocessing;
using static ThiDua.Documents.Papers.LayoutMeasure;

namespace ThiDua.Documents.Papers;

/// <summary>Phụ lục I, mục II.6: the text.</summary>
internal static partial class LayoutTextRules
{
    private const int TwipsInPoint = 20;
    private const int SingleLine = 240;

    public static IReadOnlyList<(LayoutRule, Func<LayoutReading, IEnumerable<(string, string)>>)> All { get; } =
    [
        (Rule(27, "Căn cứ ban hành: chữ nghiêng; mỗi căn cứ một dòng, cuối dòng dấu chấm phẩy, dòng cuối dấu chấm", "Phụ lục I, mục II.6.a"), Basis),
        (Rule(28, "Nội dung: cỡ 13–14, đứng", "Phụ lục I, mục II.6.d"), reading => Body(reading).Concat(reading.Text.Where(LayoutReading.IsCentredLine))
            .SelectMany(paragraph => Look(reading, paragraph, "Nội dung", "body", bold: null))),
        (Rule(29, "Nội dung canh đều cả hai lề", "Phụ lục I, mục II.6.d"), reading => Body(reading).Where(paragraph => paragraph.Format.Justification != JustificationValues.Both)
            .Select(paragraph => (Place(paragraph), "Đoạn văn phải canh đều cả hai lề."))),
        (Rule(30, "Chữ đầu dòng lùi 1 cm hoặc 1,27 cm", "Phụ lục I, mục II.6.d"), FirstLine),
        (Rule(31, "Khoảng cách giữa các đoạn tối thiểu 6pt", "Phụ lục I, mục II.6.d"), Spacing),
        (Rule(32, "Khoảng cách giữa các dòng từ dòng đơn đến 1,5 lines", "Phụ lục I, mục II.6.d"), Lines),
        (Rule(33, "Điều: số Ả Rập liên tục, có dấu chấm, in đậm, cỡ bằng lời văn", "Phụ lục I, mục II.6.đ"), Articles),
    ];

    private static IEnumerable<LayoutParagraph> Bases(LayoutReading reading) => reading.Text.Where(LayoutReading.IsBasis);

    private static IEnumerable<LayoutParagraph> Body(LayoutReading reading) =>
        reading.Text.Where(paragraph => !LayoutReading.IsBasis(paragraph) && !LayoutReading.IsCentredLine(paragraph));

    private static IEnumerable<(string, string)> Basis(LayoutReading reading)
    {
        // A sentence of the text may begin with the same words; the grounds stand together at its beginning.
        var bases = reading.Text.SkipWhile(paragraph => !LayoutReading.IsBasis(paragraph)).TakeWhile(LayoutReading.IsBasis).ToList();
        for (var index = 0; index < bases.Count; index++)
        {
            foreach (var wrong in Look(reading, bases[index], "Căn cứ", "body", bold: false, italic: true))
            {
                yield return wrong;
            }

            var end = index == bases.Count - 1 ? '.' : ';';
            if (!bases[index].Text.TrimEnd().EndsWith(end))
            {
                yield return (Place(bases[index]), $"Cuối dòng căn cứ này phải có dấu “{end}”.");
            }
        }
    }

    private static IEnumerable<(string, string)> FirstLine(LayoutReading reading)
    {
        foreach (var paragraph in Body(reading).Concat(Bases(reading)))
        {
            var millimetres = Millimetres(paragraph.Format.Left + paragraph.Format.FirstLine);
            if (!reading.Standard.Body.FirstLineMillimetres.Any(allowed => IsAbout(millimetres, allowed)))
            {
                yield return (Place(paragraph), $"Chữ đầu dòng lùi {millimetres:0.#} mm, phải lùi 1 cm hoặc 1,27 cm.");
            }
        }
    }

    private static IEnumerable<(string, string)> Spacing(LayoutReading reading)
    {
        var least = reading.Standard.Body.ParagraphSpacingPoints * TwipsInPoint;
        LayoutParagraph? before = null;
        foreach (var paragraph in reading.Text)
        {
            // Between two paragraphs Word takes the larger of the room after the one and before the other.
            if (before is not null && before.Element.NextSibling() == paragraph.Element && Math.Max(before.Format.After, paragraph.Format.Before) < least)
            {
                yield return (Place(paragraph), $"Cách đoạn trên {Math.Max(before.Format.After, paragraph.Format.Before) / (decimal)TwipsInPoint:0.#}pt, tối thiểu phải 6pt.");
            }

            before = paragraph;
        }
    }

    private static IEnumerable<(string, string)> Lines(LayoutReading reading)
    {
        var (least, most) = (reading.Standard.Body.Lines[0], reading.Standard.Body.Lines[1]);
        foreach (var paragraph in reading.Text)
        {
            // An exact height is measured against the letters: single lines of Times New Roman are 1,15 times their size.
            var single = paragraph.Letters.Select(letters => letters.Size * TwipsInPoint / 2).DefaultIfEmpty(1).Max() * 1.15m;
            var lines = paragraph.Format.LineIsMultiple ? paragraph.Format.Line / (decimal)SingleLine : paragraph.Format.Line / single;
            if (lines < least - 0.02m || lines > most + 0.02m)
            {
                yield return (Place(paragraph), $"Khoảng cách dòng {lines:0.##}, phải từ dòng đơn đến 1,5 lines.");
            }
        }
    }

    private static IEnumerable<(string, string)> Articles(LayoutReading reading)
    {
        var expected = 1;
        foreach (var paragraph in Body(reading).Where(paragraph => ArticleName().IsMatch(paragraph.Text)))
        {
            var match = ArticleName().Match(paragraph.Text);
            if (match.Groups[1].Value != expected.ToString(CultureInfo.InvariantCulture) || match.Groups[2].Value != ".")
            {
                yield return (Place(paragraph), $"Phải là “Điều {expected}.”.");
            }

            var name = paragraph.Element.Descendants<Run>().Where(run => run.InnerText.Trim().Length > 0).Select(reading.Formatting.Letters).FirstOrDefault();
            if (name is not null && (!name.Bold || name.Italic || name.Size != paragraph.Letters[^1].Size))
            {
                yield return (Place(paragraph), "“Điều” và số thứ tự phải in đậm, kiểu chữ đứng, cỡ bằng lời văn.");
            }

            expected++;
        }
    }

    [GeneratedRegex(@"^\s*Điều (\d+|[IVX]+)(\.|:|\)|\s)")]
    private static partial Regex ArticleName();
}
