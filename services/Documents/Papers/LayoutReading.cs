using System.Text.RegularExpressions;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

/// <summary>One paragraph of a paper, with its formatting resolved.</summary>
/// <param name="Number">Place in the body, from 1, as a message counts.</param>
/// <param name="Letters">Of each run that shows something.</param>
/// <param name="Table">The table that it stands in.</param>
internal sealed record LayoutParagraph(Paragraph Element, int Number, string Text, ParagraphFormat Format, IReadOnlyList<LetterFormat> Letters, Table? Table)
{
    /// <summary>As it is printed: capitals by formatting are capitals.</summary>
    public string Printed => Letters.Count > 0 && Letters.All(letters => letters.Capitals) ? Text.ToUpperInvariant() : Text;
}

/// <summary>
/// A paper taken apart into the elements of the decree. They are known by what they say and where they stand, not by the names of styles: a
/// department may have made its template without ours.
/// </summary>
internal sealed partial class LayoutReading
{
    private static readonly string[] s_signs = ["TM. ", "KT. ", "Q. ", "TL. ", "TUQ. "];

    public LayoutReading(WordprocessingDocument document, PrescribedLayout standard)
    {
        (Document, Standard, Main) = (document, standard, document.MainDocumentPart!);
        Formatting = new Formatting(Main);
        var body = Main.Document!.Body!;
        Sections = [.. body.Descendants<SectionProperties>()];
        Paragraphs = [.. body.Descendants<Paragraph>().Select(Read).Where(paragraph => paragraph.Text.Trim().Length > 0)];
        Top = [.. Paragraphs.Where(paragraph => paragraph.Table is null || !TableLines.AreVisible(paragraph.Table, Main.Document))];

        Country = Top.FirstOrDefault(paragraph => paragraph.Printed.Trim() == PaperLayout.CountryName) ?? Top.FirstOrDefault(paragraph => paragraph.Text.Contains("XÃ HỘI CHỦ NGHĨA", StringComparison.OrdinalIgnoreCase));
        Motto = Top.FirstOrDefault(paragraph => paragraph.Text.Contains("Hạnh phúc", StringComparison.OrdinalIgnoreCase) && paragraph.Text.Contains("Độc lập", StringComparison.OrdinalIgnoreCase));
        Number = Top.FirstOrDefault(paragraph => paragraph.Table is not null && NumberLine().IsMatch(paragraph.Text));
        PlaceAndDate = Top.FirstOrDefault(paragraph => paragraph.Table is not null && DateWords().IsMatch(paragraph.Text));
        HeadTable = Country?.Table;
        var agencies = HeadTable?.Elements<TableRow>().FirstOrDefault()?.Elements<TableCell>().FirstOrDefault() is { } cell
            ? Top.Where(paragraph => paragraph.Element.Ancestors<TableCell>().FirstOrDefault() == cell && paragraph != Number).ToList() : [];
        Agency = agencies.LastOrDefault(paragraph => paragraph.Letters.Any(letters => letters.Bold)) ?? agencies.LastOrDefault();
        Superiors = [.. agencies.TakeWhile(paragraph => paragraph != Agency)];

        var below = Top.Where(paragraph => paragraph.Table is null).ToList();
        AnnexLabel = below.FirstOrDefault(paragraph => AnnexName().IsMatch(paragraph.Text));
        Title = below.FirstOrDefault(paragraph => paragraph != AnnexLabel && paragraph.Format.Justification == JustificationValues.Center && IsCapitals(paragraph.Printed))
            ?? below.FirstOrDefault(paragraph => standard.Letters.Keys.Any(type => paragraph.Text.Trim().Equals(type, StringComparison.OrdinalIgnoreCase)));
        var afterTitle = below.SkipWhile(paragraph => paragraph != Title).Skip(1).ToList();
        AttachedTo = afterTitle.Take(2).FirstOrDefault(paragraph => paragraph.Text.TrimStart().StartsWith("(Kèm theo", StringComparison.OrdinalIgnoreCase));
        Subject = afterTitle.FirstOrDefault() is { } first && first != AttachedTo && !IsBasis(first) ? first : null;
        Type = Title is null ? null : standard.Letters.Keys.FirstOrDefault(type => Title.Printed.Trim().Equals(type, StringComparison.OrdinalIgnoreCase)
            || Title.Printed.Trim().StartsWith(type + " ", StringComparison.OrdinalIgnoreCase) || Title.Printed.Trim().StartsWith(type + "\n", StringComparison.OrdinalIgnoreCase));

        RecipientsHeading = Top.FirstOrDefault(paragraph => paragraph.Text.Trim().StartsWith("Nơi nhận", StringComparison.OrdinalIgnoreCase));
        Recipients = RecipientsHeading is null ? [] : [.. Top.SkipWhile(paragraph => paragraph != RecipientsHeading).Skip(1)
            .TakeWhile(paragraph => paragraph.Element.Parent == RecipientsHeading.Element.Parent)];
        Signatures = [.. SignatureCells()];
        Text = [.. below.SkipWhile(paragraph => paragraph != (AttachedTo ?? Subject ?? Title)).Skip(1)];
    }

    public WordprocessingDocument Document { get; }

    public PrescribedLayout Standard { get; }

    public MainDocumentPart Main { get; }

    public Formatting Formatting { get; }

    public IReadOnlyList<SectionProperties> Sections { get; }

    /// <summary>All that say something, from above.</summary>
    public IReadOnlyList<LayoutParagraph> Paragraphs { get; }

    /// <summary>Those that are not in a table with visible lines.</summary>
    public IReadOnlyList<LayoutParagraph> Top { get; }

    public LayoutParagraph? Country { get; }

    public LayoutParagraph? Motto { get; }

    public Table? HeadTable { get; }

    public LayoutParagraph? Agency { get; }

    public IReadOnlyList<LayoutParagraph> Superiors { get; }

    public LayoutParagraph? Number { get; }

    public LayoutParagraph? PlaceAndDate { get; }

    public LayoutParagraph? AnnexLabel { get; }

    public LayoutParagraph? Title { get; }

    public LayoutParagraph? Subject { get; }

    public LayoutParagraph? AttachedTo { get; }

    /// <summary>Tên loại in the list of Phụ lục III; null for a list or a table.</summary>
    public string? Type { get; }

    /// <summary>What belongs to another paper has no head and no recipients of its own.</summary>
    public bool IsAnnex => AnnexLabel is not null || AttachedTo is not null;

    public LayoutParagraph? RecipientsHeading { get; }

    public IReadOnlyList<LayoutParagraph> Recipients { get; }

    /// <summary>Each who signs: the lines of title, and the name below the room.</summary>
    public IReadOnlyList<(IReadOnlyList<LayoutParagraph> Authority, LayoutParagraph? Signer, int Room)> Signatures { get; }

    /// <summary>What follows the title outside of tables.</summary>
    public IReadOnlyList<LayoutParagraph> Text { get; }

    /// <summary>“Theo đề nghị của …” ends the grounds of a decision (Phụ lục III, mẫu 1.2).</summary>
    public static bool IsBasis(LayoutParagraph paragraph) =>
        paragraph.Text.TrimStart() is var text && (text.StartsWith("Căn cứ ", StringComparison.Ordinal) || text.StartsWith("Theo đề nghị của ", StringComparison.Ordinal));

    /// <summary>A line of its own in the middle: who issues, QUYẾT ĐỊNH:, a chapter, or to whom the paper goes.</summary>
    public static bool IsCentredLine(LayoutParagraph paragraph) =>
        paragraph.Text.TrimStart().StartsWith("Kính gửi", StringComparison.Ordinal)
        || (paragraph.Format.Justification == JustificationValues.Center && paragraph.Letters.All(letters => letters.Bold));

    public static bool IsCapitals(string text) => text.Any(char.IsLetter) && !text.Any(char.IsLower);

    /// <summary>The empty paragraph with a line that follows.</summary>
    public static Paragraph? LineBelow(LayoutParagraph paragraph) =>
        paragraph.Element.NextSibling() is Paragraph next && new TemplateText(next).Value.Trim().Length == 0 ? next : null;

    private LayoutParagraph Read(Paragraph paragraph, int index)
    {
        var letters = paragraph.Descendants<Run>().Where(run => run.Elements<Text>().Any(text => text.Text.Trim().Length > 0)).Select(Formatting.Letters).ToList();
        return new(paragraph, index + 1, new TemplateText(paragraph).Value, Formatting.Paragraph(paragraph), letters, paragraph.Ancestors<Table>().FirstOrDefault());
    }

    // A cell in an invisible table after the text, whose first lines are capitals: a title, room, a name.
    private IEnumerable<(IReadOnlyList<LayoutParagraph>, LayoutParagraph?, int)> SignatureCells()
    {
        foreach (var cell in Main.Document!.Body!.Elements<Table>().Where(table => table != HeadTable && !TableLines.AreVisible(table, Main.Document))
            .SelectMany(table => table.Elements<TableRow>()).SelectMany(row => row.Elements<TableCell>()))
        {
            var lines = Top.Where(paragraph => paragraph.Element.Parent == cell && paragraph != RecipientsHeading && !Recipients.Contains(paragraph)).ToList();
            if (lines.Count == 0)
            {
                continue;
            }

            var authority = lines.TakeWhile((line, index) => index == 0 || IsCapitals(line.Printed) || s_signs.Any(sign => line.Text.StartsWith(sign, StringComparison.Ordinal))).ToList();
            var signer = lines.ElementAtOrDefault(authority.Count);
            var between = signer is null ? [] : authority[^1].Element.ElementsAfter().TakeWhile(element => element != signer.Element).OfType<Paragraph>().ToList();
            yield return (authority, signer, between.Select(Formatting.Paragraph).Sum(format => format.Before + format.After + (format.LineIsMultiple ? format.Line * LineHeight / 240 : format.Line)));
        }
    }

    private const int LineHeight = 320; // a single line of 14 pt, in twentieths of a point

    [GeneratedRegex(@"^\s*Số\b.*/", RegexOptions.IgnoreCase)]
    private static partial Regex NumberLine();

    [GeneratedRegex(@"\bngày\b.*\btháng\b.*\bnăm\b", RegexOptions.IgnoreCase)]
    private static partial Regex DateWords();

    [GeneratedRegex(@"^\s*Phụ lục(\s+[IVXLC0-9]+)?\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex AnnexName();
}
