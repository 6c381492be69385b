using System.Globalization;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace ThiDua.Documents.Papers;

/// <summary>
/// The lines below the motto, the agency and the subject are as long as the text above them, or a share of it. A template cannot know a name
/// that is filled in later, so a paragraph of one of these styles gets its indents when the paper is made.
/// </summary>
internal static class LinePrinter
{
    public const string WholeStyle = "DuongKeDu";
    public const string PartStyle = "DuongKeNgan";

    // Phụ lục I, mục II.2 and II.5: between a third and a half of the line of text.
    private const int PartNumerator = 2;
    private const int PartDenominator = 5;

    public static void Fit(MainDocumentPart main)
    {
        var formatting = new Formatting(main);
        foreach (var line in main.Document!.Body!.Descendants<Paragraph>().Where(paragraph => paragraph.ParagraphProperties?.ParagraphStyleId?.Val?.Value is WholeStyle or PartStyle))
        {
            if (line.PreviousSibling() is not Paragraph above)
            {
                continue;
            }

            var room = Formatting.RoomFor(line);
            var text = TextWidth(above, formatting, room);
            var length = line.ParagraphProperties!.ParagraphStyleId!.Val!.Value == WholeStyle ? text : text * PartNumerator / PartDenominator;
            var indent = Math.Max((room - length) / 2, 0).ToString(CultureInfo.InvariantCulture);
            line.ParagraphProperties.Indentation = new Indentation { Left = indent, Right = indent, FirstLine = "0" };
        }
    }

    /// <summary>The longest line of the paragraph, as far as there is room.</summary>
    public static int TextWidth(Paragraph paragraph, Formatting formatting, int room)
    {
        var format = formatting.Letters(paragraph);
        var text = new TemplateText(paragraph).Value;
        return (format.Capitals ? text.ToUpper(CultureInfo.GetCultureInfo("vi-VN")) : text).Split('\n').Max(line => Math.Min(FontWidths.Of(line, format.Size, format.Bold), room));
    }
}
