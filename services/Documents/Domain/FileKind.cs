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

    // What is refused for what it is, whatever it is called. An Office document of today is a ZIP too: its kind says so before.
    private static readonly (byte[] Magic, string Code, string Message)[] s_refused =
    [
        ("PK\u0003\u0004"u8.ToArray(), "ARCHIVE_REFUSED", "Không nhận tệp nén (ZIP); hãy gửi từng tệp."),
        ("PK\u0005\u0006"u8.ToArray(), "ARCHIVE_REFUSED", "Không nhận tệp nén (ZIP); hãy gửi từng tệp."),
        ("Rar!\u001a\u0007"u8.ToArray(), "ARCHIVE_REFUSED", "Không nhận tệp nén (RAR); hãy gửi từng tệp."),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "ARCHIVE_REFUSED", "Không nhận tệp nén (7z); hãy gửi từng tệp."),
        ([0x1F, 0x8B], "ARCHIVE_REFUSED", "Không nhận tệp nén (gzip); hãy gửi từng tệp."),
        ("BZh"u8.ToArray(), "ARCHIVE_REFUSED", "Không nhận tệp nén (bzip2); hãy gửi từng tệp."),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "ARCHIVE_REFUSED", "Không nhận tệp nén (xz); hãy gửi từng tệp."),
        ([0x28, 0xB5, 0x2F, 0xFD], "ARCHIVE_REFUSED", "Không nhận tệp nén (zstd); hãy gửi từng tệp."),
        ("MSCF"u8.ToArray(), "ARCHIVE_REFUSED", "Không nhận tệp nén (CAB); hãy gửi từng tệp."),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "OLD_OFFICE_FORMAT", "Không nhận tài liệu Office kiểu cũ (.doc, .xls, .ppt) hoặc có mật khẩu; hãy lưu lại dạng .docx, .xlsx, .pptx hoặc PDF."),
        ("MZ"u8.ToArray(), "CONTAINS_PROGRAM", "Không nhận chương trình."),
        ([0x7F, 0x45, 0x4C, 0x46], "CONTAINS_PROGRAM", "Không nhận chương trình."),
        ("#!"u8.ToArray(), "CONTAINS_PROGRAM", "Không nhận chương trình."),
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
            : throw Refused("TYPE_MISMATCH", "/filename", $"Tên tệp là “.{extension}” nhưng loại đã khai là “{declared}”, không phải {kind.MediaType}.");
    }

    /// <summary>Refuses a content that does not begin as this kind does.</summary>
    /// <exception cref="RuleViolationException"><c>file-refused</c>: EMPTY_FILE, CONTENT_MISMATCH, ARCHIVE_REFUSED, OLD_OFFICE_FORMAT, CONTAINS_PROGRAM.</exception>
    public void RequireBeginning(ReadOnlySpan<byte> beginning)
    {
        if (beginning.IsEmpty)
        {
            throw Refused("EMPTY_FILE", "", "Tệp không có nội dung.");
        }

        if (beginning.StartsWith(Magic))
        {
            return;
        }

        foreach (var (magic, code, message) in s_refused)
        {
            if (beginning.StartsWith(magic))
            {
                throw Refused(code, "", message);
            }
        }

        throw Refused("CONTENT_MISMATCH", "", $"Nội dung không phải là tệp {Name}.");
    }

    /// <summary>Refuses a content that is not whole, that carries a program or that swells when it is opened. It is read once through, never held in memory.</summary>
    /// <param name="content">Seekable, of a kind whose beginning was looked at.</param>
    /// <exception cref="RuleViolationException"><c>file-refused</c>, with the code of what is wrong.</exception>
    public void RequireContent(Stream content)
    {
        if (OfficePart is not null)
        {
            OfficePackage.Require(content, this);
        }
        else if (Name == "pdf")
        {
            PdfContent.Require(content);
        }
        else
        {
            ImageContent.Require(content, isPng: Name == "png");
        }

        content.Position = 0;
    }

    internal static RuleViolationException Refused(string code, string path, string message) =>
        new("file-refused", "Không nhận tệp này.", [new Violation(code, path, message)]);
}
