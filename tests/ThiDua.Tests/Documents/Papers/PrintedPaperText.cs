using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;

namespace ThiDua.Tests.Documents.Papers;

/// <summary>A produced docx read back: what a reader sees of it, without the code that wrote it.</summary>
/// <param name="Paragraphs">All of the body in order, those of cells too.</param>
/// <param name="Tables">Cell by cell.</param>
internal sealed partial record PrintedPaperText(IReadOnlyList<string> Paragraphs, IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>> Tables)
{
    private static readonly ConcurrentDictionary<PaperKind, PaperTemplate> s_templates = new();

    public string All => string.Join('\n', Paragraphs);

    public static PrintedPaperText Read(byte[] docx)
    {
        using var document = WordprocessingDocument.Open(new MemoryStream(docx), isEditable: false);
        var body = document.MainDocumentPart!.Document!.Body!;
        return new PrintedPaperText(
            [.. body.Descendants<Paragraph>().Select(TextOf)],
            [.. body.Descendants<Table>().Select(table => (IReadOnlyList<IReadOnlyList<string>>)[.. table.Elements<TableRow>().Select(row => (IReadOnlyList<string>)[.. row.Elements<TableCell>().Select(cell => string.Join('\n', cell.Elements<Paragraph>().Select(TextOf)))])])]);
    }

    /// <summary>The table whose heading begins with these words.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Table(params string[] heading) =>
        Tables.Single(table => table[0].Count >= heading.Length && heading.Index().All(word => table[0][word.Index].StartsWith(word.Item, StringComparison.Ordinal))) is { } found ? [.. found.Skip(1)] : [];

    /// <summary>Every number that is printed, as Vietnamese writes it: a comma before decimals, a point between thousands.</summary>
    public IEnumerable<decimal> Numbers => NumbersIn(All);

    public static IEnumerable<decimal> NumbersIn(string text) => Number().Matches(text).Select(match => Parse(match.Value));

    public static decimal Parse(string number) => decimal.Parse(number.Replace(".", "", StringComparison.Ordinal).Replace(',', '.').Replace('−', '-'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    /// <summary>The paper of the default template.</summary>
    public static byte[] Docx(PaperContent content)
    {
        var template = s_templates.GetOrAdd(content.Kind, kind => PaperTemplate.Read(DefaultTemplates.Open(kind), PaperForms.Of(kind)));
        var hash = PaperHash.Of(content, template.Sha256);
        return template.Fill(content, new PaperMark(hash, SamplePapers.Address + hash));
    }

    private static string TextOf(Paragraph paragraph) =>
        string.Concat(paragraph.Descendants().Select(element => element switch { Text text => text.Text, Break => "\n", TabChar => "\t", _ => "" }));

    // A point or a comma belongs to a number only between its digits: “12.” ends a sentence, and “1.234,50” is one number.
    [GeneratedRegex(@"\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)|\d+(?:,\d+)?")]
    private static partial Regex Number();
}
