using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace ThiDua.Documents.Papers;

/// <summary>How letters look in the end: defaults, styles and direct formatting together. Sizes in half points.</summary>
internal sealed record LetterFormat(string Font, int Size, bool Bold, bool Italic, bool Capitals, bool Underlined, bool Hidden, string Colour);

/// <summary>How a paragraph is set in the end. Lengths in twentieths of a point; <paramref name="Line"/> in 240ths of a line where the rule is auto.</summary>
internal sealed record ParagraphFormat(JustificationValues Justification, int Left, int Right, int FirstLine, int Before, int After, int Line, bool LineIsMultiple, bool HasBottomLine);

/// <summary>Resolves the formatting of a document as Word does: what is nearer to the text wins.</summary>
internal sealed class Formatting(MainDocumentPart main)
{
    private const int DeepestStyle = 12;
    private const int DefaultSize = 20;

    private readonly DocDefaults? _defaults = main.StyleDefinitionsPart?.Styles?.DocDefaults;
    private readonly Dictionary<string, Style> _styles = (main.StyleDefinitionsPart?.Styles?.Elements<Style>() ?? [])
        .Where(style => style.StyleId?.Value is not null).DistinctBy(style => style.StyleId!.Value!).ToDictionary(style => style.StyleId!.Value!, StringComparer.Ordinal);

    public LetterFormat Letters(Run run)
    {
        OpenXmlElement?[] nearestFirst =
        [
            run.RunProperties,
            .. Chain(run.RunProperties?.RunStyle?.Val?.Value).Select(style => style.StyleRunProperties),
            .. Chain(StyleOf(run.Ancestors<Paragraph>().FirstOrDefault())).Select(style => style.StyleRunProperties),
            _defaults?.RunPropertiesDefault?.RunPropertiesBaseStyle,
        ];
        return Letters(nearestFirst);
    }

    /// <summary>Of the paragraph's style alone, for a paragraph that has no run yet.</summary>
    public LetterFormat Letters(Paragraph paragraph) =>
        paragraph.Elements<Run>().FirstOrDefault(run => run.InnerText.Length > 0) is { } run ? Letters(run)
            : Letters([.. Chain(StyleOf(paragraph)).Select(style => style.StyleRunProperties), _defaults?.RunPropertiesDefault?.RunPropertiesBaseStyle]);

    public ParagraphFormat Paragraph(Paragraph paragraph)
    {
        OpenXmlElement?[] nearestFirst =
        [
            paragraph.ParagraphProperties,
            .. Chain(StyleOf(paragraph)).Select(style => style.StyleParagraphProperties),
            _defaults?.ParagraphPropertiesDefault?.ParagraphPropertiesBaseStyle,
        ];
        var indents = All<Indentation>(nearestFirst);
        var spacings = All<SpacingBetweenLines>(nearestFirst);
        var line = spacings.FirstOrDefault(spacing => spacing.Line is not null);
        var rule = spacings.Select(spacing => spacing.LineRule?.Value).FirstOrDefault(rule => rule is not null) ?? LineSpacingRuleValues.Auto;
        var bottom = All<ParagraphBorders>(nearestFirst).FirstOrDefault()?.BottomBorder?.Val?.Value;
        return new(
            All<Justification>(nearestFirst).FirstOrDefault()?.Val?.Value ?? JustificationValues.Left,
            First(indents, indent => indent.Left?.Value ?? indent.Start?.Value),
            First(indents, indent => indent.Right?.Value ?? indent.End?.Value),
            First(indents, indent => indent.FirstLine?.Value ?? (indent.Hanging?.Value is { } hanging ? "-" + hanging : null)),
            First(spacings, spacing => spacing.Before?.Value),
            First(spacings, spacing => spacing.After?.Value),
            line is null ? 240 : Number(line.Line!.Value),
            rule == LineSpacingRuleValues.Auto,
            bottom is { } value && value != BorderValues.None && value != BorderValues.Nil);
    }

    public string? StyleOf(Paragraph? paragraph) =>
        paragraph?.ParagraphProperties?.ParagraphStyleId?.Val?.Value
        ?? _styles.Values.FirstOrDefault(style => style.Type?.Value == StyleValues.Paragraph && style.Default?.Value == true)?.StyleId?.Value;

    /// <summary>The room between the margins of the cell or the page in which the paragraph stands.</summary>
    public static int RoomFor(Paragraph paragraph)
    {
        if (paragraph.Ancestors<TableCell>().FirstOrDefault() is { } cell)
        {
            var width = Number(cell.TableCellProperties?.TableCellWidth?.Width?.Value);
            var margins = cell.Ancestors<Table>().First().GetFirstChild<TableProperties>()?.TableCellMarginDefault;
            return width - (margins?.TableCellLeftMargin?.Width?.Value ?? 108) - (margins?.TableCellRightMargin?.Width?.Value ?? 108);
        }

        return TextWidth(SectionOf(paragraph));
    }

    /// <summary>The properties of the section that the element stands in: the next ones in the text, or the last of all.</summary>
    public static SectionProperties? SectionOf(OpenXmlElement element)
    {
        var body = element.Ancestors<Body>().FirstOrDefault();
        var top = element.Ancestors().Prepend(element).FirstOrDefault(ancestor => ancestor.Parent == body);
        return top?.ElementsAfter().Prepend(top).OfType<Paragraph>().Select(paragraph => paragraph.ParagraphProperties?.SectionProperties).FirstOrDefault(section => section is not null)
            ?? body?.GetFirstChild<SectionProperties>();
    }

    public static int TextWidth(SectionProperties? section)
    {
        var margin = section?.GetFirstChild<PageMargin>();
        return (int)(section?.GetFirstChild<PageSize>()?.Width?.Value ?? 11906) - (int)(margin?.Left?.Value ?? 1701) - (int)(margin?.Right?.Value ?? 850);
    }

    public static int Number(string? text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static LetterFormat Letters(OpenXmlElement?[] nearestFirst)
    {
        var fonts = All<RunFonts>(nearestFirst);
        return new(
            fonts.Select(font => font.Ascii?.Value ?? font.HighAnsi?.Value).FirstOrDefault(name => name is not null) ?? string.Empty,
            All<FontSize>(nearestFirst).FirstOrDefault()?.Val?.Value is { } size ? Number(size) : DefaultSize,
            IsOn<Bold>(nearestFirst),
            IsOn<Italic>(nearestFirst),
            IsOn<Caps>(nearestFirst),
            All<Underline>(nearestFirst).FirstOrDefault()?.Val?.Value is { } line && line != UnderlineValues.None,
            IsOn<Vanish>(nearestFirst),
            All<Color>(nearestFirst).FirstOrDefault()?.Val?.Value ?? "auto");
    }

    private static List<T> All<T>(IEnumerable<OpenXmlElement?> nearestFirst)
        where T : OpenXmlElement => [.. nearestFirst.OfType<OpenXmlElement>().SelectMany(properties => properties.Elements<T>())];

    private static bool IsOn<T>(IEnumerable<OpenXmlElement?> nearestFirst)
        where T : OnOffType => All<T>(nearestFirst).FirstOrDefault() is { } property && (property.Val?.Value ?? true);

    private static int First<T>(List<T> nearestFirst, Func<T, string?> value) => Number(nearestFirst.Select(value).FirstOrDefault(text => text is not null));

    private IEnumerable<Style> Chain(string? name)
    {
        for (var depth = 0; name is not null && depth < DeepestStyle && _styles.TryGetValue(name, out var style); depth++)
        {
            yield return style;
            name = style.BasedOn?.Val?.Value;
        }
    }
}
