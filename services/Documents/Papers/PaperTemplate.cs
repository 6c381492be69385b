using System.Security.Cryptography;
using System.Xml;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>
/// Mẫu văn bản: a docx with named fields that a department edits in Word. It is read against the form of its kind, and refused with
/// everything that is wrong before a paper is made; after that, filling it cannot find a name that it does not know.
/// </summary>
public sealed class PaperTemplate
{
    public const string MatrixName = "matrix";

    private const string DublinCore = "http://purl.org/dc/elements/1.1/";

    private readonly byte[] _docx;
    private readonly PaperForm _form;

    private PaperTemplate(byte[] docx, PaperForm form)
    {
        (_docx, _form) = (docx, form);
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(docx));
    }

    /// <summary>Of the template's file; goes into the hash of every paper made with it.</summary>
    public string Sha256 { get; }

    public PaperKind Kind => _form.Kind;

    /// <summary>Reads a template, or refuses it with all that is wrong (<c>template-refused</c>).</summary>
    public static PaperTemplate Read(Stream docx, PaperForm form)
    {
        var bytes = TemplateSafety.ReadWithinLimits(docx);
        List<Violation> errors;
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            using var document = WordprocessingDocument.Open(stream, isEditable: false);
            errors = [.. TemplateSafety.Check(document)];
            if (document.MainDocumentPart is not { Document.Body: not null } main || !TemplateSafety.HasWholeSections(main))
            {
                throw TemplateSafety.Unreadable();
            }

            errors.AddRange(CheckNames(TemplateParagraph.All(document), form));
        }
        catch (Exception reason) when (reason is not RuleViolationException && TemplateSafety.IsUnreadable(reason))
        {
            throw TemplateSafety.Unreadable();
        }

        RuleViolationException.ThrowIfAny(errors, "template-refused", "Tệp mẫu chưa dùng được.");
        return new PaperTemplate(bytes, form);
    }

    /// <summary>
    /// The paper as a docx: the same content and mark give the same bytes. A content that lacks a value of the form, or has one more, is
    /// refused (<c>content-refused</c>): there is no paper with a gap.
    /// </summary>
    public byte[] Fill(PaperContent content, PaperMark mark)
    {
        RuleViolationException.ThrowIfAny(ContentCheck.Of(content, _form), "content-refused", "Nội dung chưa đủ để lập văn bản.");
        using var stream = new MemoryStream();
        stream.Write(_docx);
        using (var document = WordprocessingDocument.Open(stream, isEditable: true, new OpenSettings { AutoSave = false }))
        {
            var main = document.MainDocumentPart!;
            Fill(document, content);
            LinePrinter.Fit(main);
            PaperFooter.Add(main, mark);
            foreach (var root in TemplateParagraph.Roots(document))
            {
                root.Save();
            }

            Describe(document, PaperNames.Of(content.Kind), mark.Hash);
        }

        return FixedPackage.Of(stream);
    }

    // Who wrote the template and when is nobody's business who reads the paper, and would make two papers of the same content differ.
    private static void Describe(WordprocessingDocument document, string title, string hash)
    {
        if (document.CoreFilePropertiesPart is { } old)
        {
            document.DeletePart(old);
        }

        var about = document.AddNewPart<CoreFilePropertiesPart>("application/vnd.openxmlformats-package.core-properties+xml", "rIdAbout");
        using var xml = XmlWriter.Create(about.GetStream(FileMode.Create), new XmlWriterSettings { CloseOutput = true });
        xml.WriteStartElement("cp", "coreProperties", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties");
        xml.WriteElementString("dc", "title", DublinCore, title);
        xml.WriteElementString("dc", "identifier", DublinCore, hash);
        xml.WriteElementString("dc", "language", DublinCore, "vi-VN");
        xml.WriteEndElement();
    }

    private static void Fill(WordprocessingDocument document, PaperContent content)
    {
        foreach (var paragraphs in TemplateParagraph.All(document).GroupBy(paragraph => paragraph.Repeated))
        {
            if (paragraphs.Key is { } unit)
            {
                var lists = paragraphs.SelectMany(paragraph => paragraph.Text.Tokens).Select(token => token.List).OfType<string>().ToHashSet(StringComparer.Ordinal);
                if (lists.Count > 0)
                {
                    Repeat(unit, content, lists.Single());
                    continue;
                }
            }

            foreach (var paragraph in paragraphs)
            {
                if (paragraph.Text.Tokens.Any(token => token.Name == MatrixName))
                {
                    MatrixTable.Replace(paragraph.Element, content.Matrix!);
                }
                else
                {
                    Replace(paragraph.Text, content, null);
                }
            }
        }
    }

    private static void Repeat(OpenXmlElement unit, PaperContent content, string list)
    {
        foreach (var item in content.Lists[list])
        {
            var copy = Copy(unit);
            unit.InsertBeforeSelf(copy);
            foreach (var paragraph in copy is Paragraph only ? [only] : copy.Descendants<Paragraph>().ToList())
            {
                Replace(new TemplateText(paragraph), content, item);
            }
        }

        if (content.Lists[list].Count == 0)
        {
            // A table without rows would look like one that was forgotten; a list of paragraphs just is not there.
            if (unit is TableRow row)
            {
                unit.InsertBeforeSelf(EmptyRow(row));
            }
            else if (unit.Parent is TableCell cell && cell.ChildElements.OfType<Paragraph>().Count() == 1)
            {
                unit.InsertBeforeSelf(new Paragraph(unit.GetFirstChild<ParagraphProperties>()?.CloneNode(true) ?? new ParagraphProperties())); // a cell must end with one
            }
        }

        unit.Remove();
    }

    // Names of places and of paragraphs are unique in a document, so a copy has none.
    private static OpenXmlElement Copy(OpenXmlElement unit)
    {
        var copy = unit.CloneNode(deep: true);
        foreach (var mark in copy.Descendants().Where(element => element is BookmarkStart or BookmarkEnd).ToList())
        {
            mark.Remove();
        }

        foreach (var element in copy.Descendants().Prepend(copy))
        {
            switch (element)
            {
                case Paragraph paragraph:
                    (paragraph.ParagraphId, paragraph.TextId) = (null, null);
                    break;
                case TableRow row:
                    (row.ParagraphId, row.TextId) = (null, null);
                    break;
            }
        }

        return copy;
    }

    private static TableRow EmptyRow(TableRow row)
    {
        var cells = row.Elements<TableCell>().ToList();
        var span = cells.Sum(cell => cell.TableCellProperties?.GridSpan?.Val?.Value ?? 1);
        var sample = cells.SelectMany(cell => cell.Descendants<Run>()).FirstOrDefault()?.RunProperties;
        var text = new Run(new Text("Không có"));
        text.RunProperties = (RunProperties?)sample?.CloneNode(true);
        return new TableRow(
            new TableRowProperties(new CantSplit()),
            new TableCell(
                new TableCellProperties(new GridSpan { Val = span }),
                new Paragraph(
                    new ParagraphProperties(
                        new SpacingBetweenLines { Before = "40", After = "40" }, new Indentation { FirstLine = "0" }, new Justification { Val = JustificationValues.Center }),
                    text)));
    }

    private static void Replace(TemplateText text, PaperContent content, IReadOnlyDictionary<string, string>? item) =>
        text.Replace(token => ContentCheck.Printable(token.List is { } list ? item![token.Name[(list.Length + 1)..]] : content.Fields[token.Name]));

    private static List<Violation> CheckNames(IReadOnlyList<TemplateParagraph> paragraphs, PaperForm form)
    {
        var errors = new List<Violation>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var paragraph in paragraphs)
        {
            if (paragraph.Text.HasBrokenBraces)
            {
                errors.Add(new("BROKEN_BRACES", paragraph.Path, $"Tên trường bị gõ dở hoặc sai dấu ngoặc nhọn: {paragraph.Quote()}."));
            }

            foreach (var token in paragraph.Text.Tokens)
            {
                var known = token.Name == MatrixName ? form.HasMatrix
                    : token.List is { } list ? form.Lists.TryGetValue(list, out var item) && item.ContainsKey(token.Name[(list.Length + 1)..])
                    : form.Fields.ContainsKey(token.Name) || form.OptionalFields.ContainsKey(token.Name);
                if (!known)
                {
                    errors.Add(new("UNKNOWN_FIELD", paragraph.Path, $"Loại văn bản này không có trường “{token.Name}”: {paragraph.Quote()}."));
                }

                used.Add(token.List ?? token.Name);
            }

            if (paragraph.Text.Tokens.Any(token => token.Name == MatrixName) && form.HasMatrix
                && (paragraph.Text.Value.Trim() != paragraph.Text.Value.Substring(paragraph.Text.Tokens[0].Start, paragraph.Text.Tokens[0].Length) || paragraph.Element.Parent is not Body))
            {
                errors.Add(new("MATRIX_NOT_ALONE", paragraph.Path, "“{{matrix}}” phải là một đoạn riêng, không nằm trong bảng, đầu trang hay chân trang."));
            }
        }

        foreach (var unit in paragraphs.Where(paragraph => paragraph.Repeated is not null).GroupBy(paragraph => paragraph.Repeated))
        {
            var lists = unit.SelectMany(paragraph => paragraph.Text.Tokens).Select(token => token.List).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            if (lists.Count > 1)
            {
                errors.Add(new("MIXED_LISTS", unit.First().Path, $"Một dòng chỉ lặp theo một danh sách, ở đây có {string.Join(", ", lists)}."));
            }
        }

        if (form.HasMatrix && paragraphs.Sum(paragraph => paragraph.Text.Tokens.Count(token => token.Name == MatrixName)) > 1)
        {
            errors.Add(new("MATRIX_NOT_ALONE", string.Empty, "“{{matrix}}” chỉ được có một lần."));
        }

        errors.AddRange(form.Fields.Where(field => !used.Contains(field.Key)).Select(field => new Violation("MISSING_FIELD", $"/fields/{field.Key}", $"Mẫu thiếu trường bắt buộc “{field.Key}” ({field.Value}).")));
        errors.AddRange(form.Lists.Keys.Where(list => !used.Contains(list)).Select(list => new Violation("MISSING_FIELD", $"/lists/{list}", $"Mẫu thiếu danh sách bắt buộc “{list}”.")));
        if (form.HasMatrix && !used.Contains(MatrixName))
        {
            errors.Add(new("MISSING_FIELD", "/matrix", "Mẫu thiếu đoạn “{{matrix}}”."));
        }

        return errors;
    }
}
