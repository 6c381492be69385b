using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>What a template must not bring along: programs, things fetched from elsewhere, and changes that nobody has accepted yet.</summary>
internal static partial class TemplateSafety
{
    private const int MaximumParts = 500;
    private const long MaximumUnpacked = 32 * 1024 * 1024;
    private const int MaximumPacked = 8 * 1024 * 1024;

    /// <summary>Elements within elements; Word's own documents stay below fifty. What reads them recurses, and a stack that is full ends the process.</summary>
    private const int MaximumDepth = 100;

    /// <summary>Elements of all parts, and paragraphs among them: what finds a paragraph's place counts those before it.</summary>
    private const int MaximumElements = 50_000;
    private const int MaximumParagraphs = 5_000;

    private static readonly string[] s_harmlessFields = ["PAGE", "NUMPAGES", "SECTIONPAGES"];

    /// <summary>The file in memory, as small as a template is when it is unpacked; read before anything interprets it.</summary>
    public static byte[] ReadWithinLimits(Stream docx)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = docx.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaximumPacked)
            {
                throw Refuse("TEMPLATE_TOO_LARGE", "Tệp mẫu lớn hơn 8 MB.");
            }
        }

        try
        {
            bytes.Position = 0;
            using var package = new ZipArchive(bytes, ZipArchiveMode.Read, leaveOpen: true);
            if (package.Entries.Count > MaximumParts)
            {
                throw Refuse("TEMPLATE_TOO_LARGE", "Tệp mẫu có quá nhiều thành phần.");
            }

            // What an entry says of its size may be a lie: it is unpacked and counted.
            long unpacked = 0;
            foreach (var entry in package.Entries)
            {
                using var content = entry.Open();
                for (int read; (read = content.Read(buffer)) > 0;)
                {
                    unpacked += read;
                    if (unpacked > MaximumUnpacked)
                    {
                        throw Refuse("TEMPLATE_TOO_LARGE", "Tệp mẫu giải nén ra lớn hơn 32 MB.");
                    }
                }
            }

            var (elements, paragraphs) = (0, 0);
            foreach (var entry in package.Entries)
            {
                RequireReadable(entry, ref elements, ref paragraphs);
            }
        }
        catch (Exception reason) when (reason is InvalidDataException or IOException) // it lies in memory: what unpacks it throws either
        {
            throw Unreadable();
        }

        return bytes.ToArray();
    }

    private static void RequireReadable(ZipArchiveEntry entry, ref int elements, ref int paragraphs)
    {
        using var content = entry.Open();
        try
        {
            using var xml = XmlReader.Create(content, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            while (xml.Read())
            {
                if (xml.Depth > MaximumDepth)
                {
                    throw Refuse("TEMPLATE_TOO_DEEP", $"Tệp mẫu có nội dung lồng nhau quá {MaximumDepth} cấp.");
                }

                elements += xml.NodeType == XmlNodeType.Element ? 1 : 0;
                paragraphs += xml.NodeType == XmlNodeType.Element && xml.LocalName == "p" ? 1 : 0;
                if (elements > MaximumElements || paragraphs > MaximumParagraphs)
                {
                    throw Refuse("TEMPLATE_TOO_LARGE", $"Tệp mẫu có hơn {MaximumParagraphs} đoạn hoặc {MaximumElements} thành phần.");
                }
            }
        }
        catch (Exception reason) when (reason is XmlException or ArgumentOutOfRangeException) // the reader's own, over some damaged beginnings
        {
            // a picture; or broken, and whoever reads it gets no further
        }
    }

    public static RuleViolationException Unreadable() => Refuse("TEMPLATE_UNREADABLE", "Tệp không phải là văn bản Word (.docx) đọc được.");

    /// <summary>Whether every head and foot that a section names is one: what puts the mark into them relies on it.</summary>
    public static bool HasWholeSections(MainDocumentPart main) => main.Document!.Descendants<SectionProperties>().SelectMany(section => section.Elements<HeaderFooterReferenceType>()).All(reference =>
        reference.Id?.Value is { } id && main.TryGetPartById(id, out var part) && (reference is FooterReference ? part is FooterPart { Footer: not null } : part is HeaderPart { Header: not null }));

    /// <summary>Everything in the package that must not be there.</summary>
    public static IEnumerable<Violation> Check(WordprocessingDocument document)
    {
        if (document.DocumentType != WordprocessingDocumentType.Document)
        {
            yield return new("MACRO", string.Empty, "Mẫu phải là tệp .docx thường, không phải tệp có macro hoặc tệp mẫu Word (.docm, .dotx, .dotm).");
        }

        foreach (var part in AllParts(document))
        {
            var where = part.Uri.OriginalString;
            switch (part)
            {
                case VbaProjectPart or VbaDataPart or CustomizationPart:
                    yield return new("MACRO", where, "Mẫu có macro.");
                    break;
                case EmbeddedObjectPart or EmbeddedPackagePart or EmbeddedControlPersistencePart or EmbeddedControlPersistenceBinaryDataPart:
                    yield return new("EMBEDDED_OBJECT", where, "Mẫu có đối tượng nhúng (OLE, ActiveX).");
                    break;
                case AlternativeFormatImportPart:
                    yield return new("IMPORTED_CONTENT", where, "Mẫu chèn nội dung từ một tệp khác (altChunk).");
                    break;
            }

            foreach (var link in part.ExternalRelationships.Select(link => link.Uri).Concat(part.HyperlinkRelationships.Where(link => link.IsExternal).Select(link => link.Uri)))
            {
                yield return new("EXTERNAL_LINK", where, $"Mẫu trỏ ra ngoài tệp: “{Shorten(link.OriginalString)}”.");
            }
        }

        foreach (var link in document.ExternalRelationships.Select(link => link.Uri.OriginalString))
        {
            yield return new("EXTERNAL_LINK", "/", $"Mẫu trỏ ra ngoài tệp: “{Shorten(link)}”.");
        }

        foreach (var part in AllParts(document))
        {
            // A part that is no XML has no root element.
            foreach (var refused in part.RootElement is { } root ? CheckElements(part.Uri.OriginalString, root) : [])
            {
                yield return refused;
            }
        }
    }

    private static IEnumerable<Violation> CheckElements(string where, OpenXmlElement root)
    {
        var elements = root.Descendants().ToList();
        if (elements.Any(element => element is InsertedRun or DeletedRun or MoveFromRun or MoveToRun or Inserted or Deleted or CellInsertion or CellDeletion or CellMerge
            or ParagraphPropertiesChange or RunPropertiesChange or SectionPropertiesChange or TablePropertiesChange or TableRowPropertiesChange or TableCellPropertiesChange
            or TableGridChange or TablePropertyExceptionsChange or NumberingChange or ParagraphMarkRunPropertiesChange or MoveFrom or MoveTo or MoveFromRangeStart or MoveToRangeStart))
        {
            yield return new("TRACKED_CHANGE", where, "Mẫu còn thay đổi được theo dõi (Track Changes): chấp nhận hoặc bỏ hết rồi lưu lại.");
        }

        if (elements.Any(element => element is Comment or CommentReference))
        {
            yield return new("COMMENT", where, "Mẫu còn ghi chú (Comment): xóa hết rồi lưu lại.");
        }

        if (elements.Any(element => element is DataBinding))
        {
            yield return new("DATA_BINDING", where, "Mẫu có ô nội dung lấy dữ liệu từ chỗ khác (data binding): Word sẽ in dữ liệu đó thay cho số liệu của hệ thống.");
        }

        if (elements.Any(element => element is AltChunk))
        {
            yield return new("IMPORTED_CONTENT", where, "Mẫu chèn nội dung từ một tệp khác (altChunk).");
        }

        if (elements.Any(element => element is EmbeddedObject or Control))
        {
            yield return new("EMBEDDED_OBJECT", where, "Mẫu có đối tượng nhúng (OLE, ActiveX).");
        }

        // One field may be cut into runs, and runs of several may follow each other in one paragraph.
        var instructions = elements.OfType<SimpleField>().Select(field => field.Instruction?.Value ?? string.Empty)
            .Concat(elements.OfType<Paragraph>().Select(paragraph => string.Concat(paragraph.Descendants<FieldCode>().Select(code => code.Text))));
        var words = instructions.SelectMany(text => FieldName().Matches(Switch().Replace(text, " ")).Select(match => match.Value.ToUpperInvariant()));
        if (words.Except(s_harmlessFields).FirstOrDefault() is { } word)
        {
            yield return new("FIELD_CODE", where, $"Mẫu có mã trường “{word}” của Word; chỉ được dùng {string.Join(", ", s_harmlessFields)}.");
        }
    }

    private static IEnumerable<OpenXmlPart> AllParts(OpenXmlPartContainer container)
    {
        var seen = new HashSet<OpenXmlPart>();
        var waiting = new Stack<OpenXmlPart>(container.Parts.Select(part => part.OpenXmlPart));
        while (waiting.TryPop(out var part))
        {
            if (seen.Add(part))
            {
                foreach (var child in part.Parts)
                {
                    waiting.Push(child.OpenXmlPart);
                }
            }
        }

        return seen.OrderBy(part => part.Uri.OriginalString, StringComparer.Ordinal);
    }

    public static RuleViolationException Refuse(string code, string message) =>
        new("template-refused", "Tệp mẫu chưa dùng được.", [new Violation(code, string.Empty, message)]);

    public static bool IsUnreadable(Exception reason) =>
        reason is InvalidDataException or IOException or OpenXmlPackageException or XmlException or FileFormatException or FormatException or InvalidOperationException or ArgumentException or UriFormatException;

    private static string Shorten(string text) => text.Length > 80 ? text[..80] + "…" : text;

    // Such as \* MERGEFORMAT and \@ "dd/MM/yyyy".
    [GeneratedRegex(@"\\[*#@]\s*(?:""[^""]*""|\S+)|\\\w")]
    private static partial Regex Switch();

    [GeneratedRegex("[A-Za-z]{2,}")]
    private static partial Regex FieldName();
}
