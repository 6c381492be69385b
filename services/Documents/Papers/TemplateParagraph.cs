using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace ThiDua.Documents.Papers;

/// <summary>A paragraph of a template with the names in it, and where it is.</summary>
/// <param name="Element">In the tree of its part.</param>
/// <param name="Text">What it says.</param>
/// <param name="Repeated">What is repeated when it names a list: its table row, or the paragraph itself. Null where nothing can be.</param>
/// <param name="Path">Such as <c>/body/tables/2/rows/3/cells/1</c>, counted from one as a person counts.</param>
internal sealed record TemplateParagraph(Paragraph Element, TemplateText Text, OpenXmlElement? Repeated, string Path)
{
    public static IReadOnlyList<TemplateParagraph> All(WordprocessingDocument document) =>
        [.. Roots(document).SelectMany(root => root.Descendants<Paragraph>().Select(paragraph => Of(paragraph, root)))];

    /// <summary>The parts that have text: body, heads, feet, notes.</summary>
    public static IEnumerable<OpenXmlPartRootElement> Roots(WordprocessingDocument document)
    {
        var main = document.MainDocumentPart!;
        OpenXmlPartRootElement?[] roots =
        [
            main.Document,
            .. main.HeaderParts.OrderBy(part => part.Uri.OriginalString, StringComparer.Ordinal).Select(part => part.Header),
            .. main.FooterParts.OrderBy(part => part.Uri.OriginalString, StringComparer.Ordinal).Select(part => part.Footer),
            main.FootnotesPart?.Footnotes,
            main.EndnotesPart?.Endnotes,
        ];
        return roots.OfType<OpenXmlPartRootElement>();
    }

    /// <summary>What the paragraph says, short enough for a message.</summary>
    public string Quote()
    {
        var text = Text.Value.ReplaceLineEndings(" ").Trim();
        return $"“{(text.Length > 80 ? text[..80] + "…" : text)}”{(Element.Ancestors<TableCell>().Any() ? " (trong bảng)" : string.Empty)}";
    }

    private static TemplateParagraph Of(Paragraph paragraph, OpenXmlPartRootElement root)
    {
        var text = new TemplateText(paragraph);
        if (text.Value.Length == 0)
        {
            return new(paragraph, text, null, string.Empty);
        }

        // In a table with visible lines a list is rows; in one that only arranges text (the head, the signatures) it is paragraphs.
        var row = paragraph.Ancestors<TableRow>().FirstOrDefault();
        var repeated = row is not null && row.Ancestors<Table>().First() is var table && TableLines.AreVisible(table, root) ? row : (OpenXmlElement)paragraph;
        return new(paragraph, text, repeated, PathOf(paragraph, root));
    }

    private static string PathOf(Paragraph paragraph, OpenXmlPartRootElement root)
    {
        var steps = new List<string>();
        for (OpenXmlElement element = paragraph; element != root; element = element.Parent!)
        {
            var name = element switch { Table => "tables", TableRow => "rows", TableCell => "cells", Paragraph => "paragraphs", _ => null };
            if (name is not null)
            {
                steps.Add(string.Create(CultureInfo.InvariantCulture, $"{name}/{element.ElementsBefore().Count(before => before.GetType() == element.GetType()) + 1}"));
            }
        }

        steps.Add(root switch { Header => "header", Footer => "footer", Footnotes => "footnotes", Endnotes => "endnotes", _ => "body" });
        steps.Reverse();
        return "/" + string.Join('/', steps);
    }
}

/// <summary>Whether a reader sees the lines of a table.</summary>
internal static class TableLines
{
    private const int DeepestStyle = 10; // styles that are based on each other in a circle exist

    public static bool AreVisible(Table table, OpenXmlPartRootElement root)
    {
        var properties = table.GetFirstChild<TableProperties>();
        if (properties?.TableBorders is { } own)
        {
            return HasLine(own);
        }

        if (table.Descendants<TableCellBorders>().Any(HasLine))
        {
            return true;
        }

        var main = (root.OpenXmlPart as MainDocumentPart) ?? root.OpenXmlPart?.GetParentParts().OfType<MainDocumentPart>().FirstOrDefault();
        var styles = main?.StyleDefinitionsPart?.Styles?.Elements<Style>().ToList() ?? [];
        var name = properties?.TableStyle?.Val?.Value;
        for (var depth = 0; name is not null && depth < DeepestStyle; depth++)
        {
            var style = styles.FirstOrDefault(style => style.StyleId?.Value == name);
            if (style?.StyleTableProperties?.TableBorders is { } borders)
            {
                return HasLine(borders);
            }

            name = style?.BasedOn?.Val?.Value;
        }

        return false;
    }

    private static bool HasLine(OpenXmlCompositeElement borders) =>
        borders.Elements<BorderType>().Any(border => border.Val?.Value is { } line && line != BorderValues.Nil && line != BorderValues.None);
}
