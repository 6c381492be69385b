using System.IO.Compression;
using System.Text;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>
/// Loại tệp minh chứng: a kind of file that a unit may hand in. What a file is called, what it is declared to be and what it
/// really is must be the same kind; a file that can carry a program is none of them.
/// </summary>
/// <param name="Name">Its usual extension, without a point.</param>
/// <param name="Extensions">All its extensions.</param>
/// <param name="MediaType">What it is declared as, and served as.</param>
/// <param name="Magic">The bytes it begins with.</param>
/// <param name="OfficePart">For Office documents: the content type of the main part, which tells a document from a template or a macro.</param>
public sealed record FileKind(string Name, IReadOnlyList<string> Extensions, string MediaType, byte[] Magic, string? OfficePart = null)
{
    private const int LongestContentTypes = 1024 * 1024;
    private const string OfficeXml = "application/vnd.openxmlformats-officedocument.";

    /// <summary>Bytes of the beginning that are looked at before anything is written.</summary>
    public const int FirstBlock = 4096;

    public static IReadOnlyList<FileKind> Known { get; } =
    [
        new("pdf", ["pdf"], "application/pdf", "%PDF-"u8.ToArray()),
        new("docx", ["docx"], OfficeXml + "wordprocessingml.document", "PK\u0003\u0004"u8.ToArray(), OfficeXml + "wordprocessingml.document.main+xml"),
        new("xlsx", ["xlsx"], OfficeXml + "spreadsheetml.sheet", "PK\u0003\u0004"u8.ToArray(), OfficeXml + "spreadsheetml.sheet.main+xml"),
        new("pptx", ["pptx"], OfficeXml + "presentationml.presentation", "PK\u0003\u0004"u8.ToArray(), OfficeXml + "presentationml.presentation.main+xml"),
        new("png", ["png"], "image/png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        new("jpg", ["jpg", "jpeg"], "image/jpeg", [0xFF, 0xD8, 0xFF]),
    ];

    /// <summary>The kinds of this name; throws for a name that is none, which is a mistake in the settings.</summary>
    public static IReadOnlyList<FileKind> Named(IReadOnlyList<string> names) => names.Count == 0
        ? Known
        : [.. names.Select(name => Known.SingleOrDefault(kind => kind.Name == name)
            ?? throw new InvalidOperationException($"Documents:AllowedTypes names “{name}”, which is none of {string.Join(", ", Known.Select(kind => kind.Name))}."))];

    /// <summary>The kind that a file's name and its declared type agree on.</summary>
    /// <exception cref="RuleViolationException"><c>file-refused</c>: TYPE_NOT_ALLOWED, TYPE_MISMATCH.</exception>
    public static FileKind Of(string fileName, string? declaredType, IReadOnlyList<FileKind> allowed)
    {
        var extension = Path.GetExtension(fileName).TrimStart('.').ToLowerInvariant();
        var kind = allowed.FirstOrDefault(candidate => candidate.Extensions.Contains(extension))
            ?? throw Refused("TYPE_NOT_ALLOWED", "/filename", $"Không nhận tệp “.{extension}”; chỉ nhận {string.Join(", ", allowed.SelectMany(candidate => candidate.Extensions))}.");
        var declared = declaredType?.Split(';')[0].Trim();
        return string.Equals(declared, kind.MediaType, StringComparison.OrdinalIgnoreCase)
            ? kind
            : throw Refused("TYPE_MISMATCH", "/filename", $"Tên tệp là “.{extension}” nhưng Content-Type là “{declared}”, không phải {kind.MediaType}.");
    }

    /// <summary>Refuses a content that does not begin as this kind does.</summary>
    /// <exception cref="RuleViolationException"><c>file-refused</c>: EMPTY_FILE, CONTENT_MISMATCH.</exception>
    public void RequireBeginning(ReadOnlySpan<byte> beginning)
    {
        if (beginning.IsEmpty)
        {
            throw Refused("EMPTY_FILE", "", "Tệp không có nội dung.");
        }

        if (!beginning.StartsWith(Magic))
        {
            throw Refused("CONTENT_MISMATCH", "", $"Nội dung không phải là tệp {Name}.");
        }
    }

    /// <summary>Refuses an archive or a document with macros that begins like an Office document. Other kinds are known by their beginning.</summary>
    /// <exception cref="RuleViolationException"><c>file-refused</c>: CONTENT_MISMATCH, CONTAINS_PROGRAM.</exception>
    public void RequireContent(Stream content)
    {
        if (OfficePart is null)
        {
            return;
        }

        try
        {
            using var archive = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.Entries.Any(entry => IsProgram(entry.FullName)))
            {
                throw Refused("CONTAINS_PROGRAM", "", "Không nhận tài liệu có macro hoặc chương trình nhúng.");
            }

            if (!ContentTypes(archive).Contains($"\"{OfficePart}\"", StringComparison.OrdinalIgnoreCase))
            {
                throw Refused("CONTENT_MISMATCH", "", $"Nội dung không phải là tệp {Name}.");
            }
        }
        catch (InvalidDataException)
        {
            throw Refused("CONTENT_MISMATCH", "", $"Tệp {Name} bị hỏng hoặc có mật khẩu.");
        }
    }

    private static bool IsProgram(string part) =>
        part.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) && Path.GetFileName(part).StartsWith("vba", StringComparison.OrdinalIgnoreCase)
        || part.Contains("activeX/", StringComparison.OrdinalIgnoreCase)
        || part.EndsWith(".exe", StringComparison.OrdinalIgnoreCase)
        || part.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    private static string ContentTypes(ZipArchive archive)
    {
        if (archive.GetEntry("[Content_Types].xml") is not { } entry)
        {
            return "";
        }

        // Read at most so much, whatever the archive says its length is.
        using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
        var text = new char[LongestContentTypes];
        return new string(text, 0, reader.ReadBlock(text));
    }

    private static RuleViolationException Refused(string code, string path, string message) =>
        new("file-refused", "Không nhận tệp này.", [new Violation(code, path, message)]);
}
