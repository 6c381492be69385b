using System.IO.Compression;
using System.Text;

namespace ThiDua.Tests.Documents;

/// <summary>A file that somebody might send who means no good, or whose line broke.</summary>
/// <param name="Name">For the test's report.</param>
/// <param name="Code">With which it has to be refused.</param>
/// <param name="FileName">As it is sent.</param>
/// <param name="Type">As it is declared.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Sha256">The hash announced for it.</param>
public sealed record AttackFile(string Name, string Code, string FileName, string Type, byte[] Content, string? Sha256 = null)
{
    public override string ToString() => Name;
}

/// <summary>The attack files, each made when it is needed.</summary>
public static class AttackFiles
{
    public const string Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    public const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private const string Pdf = "application/pdf";
    private const string DocxMain = Docx + ".main+xml";
    private const string XlsxMain = Xlsx + ".main+xml";

    public static IReadOnlyList<AttackFile> All { get; } =
    [
        // wrong beginnings
        new("text called pdf", "CONTENT_MISMATCH", "a.pdf", Pdf, "Kính gửi"u8.ToArray()),
        new("program called pdf", "CONTAINS_PROGRAM", "a.pdf", Pdf, "MZ\u0090\0"u8.ToArray()),
        new("ELF called png", "CONTAINS_PROGRAM", "a.png", "image/png", [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0]),
        new("script called pdf", "CONTAINS_PROGRAM", "a.pdf", Pdf, "#!/bin/sh\n"u8.ToArray()),
        new("PDF called png", "CONTENT_MISMATCH", "a.png", "image/png", Document("x")),
        new("nothing", "EMPTY_FILE", "a.pdf", Pdf, []),
        new("other type declared", "TYPE_MISMATCH", "a.pdf", "text/html", Document("x")),

        // archives and old formats, also under another name
        new("zip", "TYPE_NOT_ALLOWED", "a.zip", "application/zip", Zip([("a.txt", "x"u8.ToArray())])),
        new("zip called pdf", "ARCHIVE_REFUSED", "a.pdf", Pdf, Zip([("a.txt", "x"u8.ToArray())])),
        new("zip called docx", "CONTENT_MISMATCH", "a.docx", Docx, Zip([("a.txt", "x"u8.ToArray())])),
        new("rar called pdf", "ARCHIVE_REFUSED", "a.pdf", Pdf, "Rar!\u001a\u0007\u0001\0"u8.ToArray()),
        new("7z called docx", "ARCHIVE_REFUSED", "a.docx", Docx, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4]),
        new("gzip called pdf", "ARCHIVE_REFUSED", "a.pdf", Pdf, [0x1F, 0x8B, 8, 0]),
        new("old Word called docx", "OLD_OFFICE_FORMAT", "a.docx", Docx, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]),
        new("old Excel called xlsx", "OLD_OFFICE_FORMAT", "a.xlsx", Xlsx, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]),
        new("old Excel", "TYPE_NOT_ALLOWED", "a.xls", "application/vnd.ms-excel", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
        new("PDF with a zip behind it", "ARCHIVE_REFUSED", "a.pdf", Pdf, [.. Document("x"), .. Zip([("a.exe", "MZ"u8.ToArray())])]),
        new("PNG with a zip behind it", "ARCHIVE_REFUSED", "a.png", "image/png", [.. Png(), .. Zip([("a.exe", "MZ"u8.ToArray())])]),

        // macros and programs
        new("docm", "TYPE_NOT_ALLOWED", "a.docm", "application/vnd.ms-word.document.macroEnabled.12", Office(DocxMain)),
        new("docm called docx", "CONTENT_MISMATCH", "a.docx", Docx, Office("application/vnd.ms-word.document.macroEnabled.main+xml")),
        new("docx with VBA", "CONTAINS_PROGRAM", "a.docx", Docx, Office(DocxMain, ("word/vbaProject.bin", [1]))),
        new("xlsx with Excel 4 macros", "CONTAINS_PROGRAM", "a.xlsx", Xlsx, Office(XlsxMain, ("xl/macrosheets/sheet1.xml", "<x/>"u8.ToArray()))),
        new("docx with ActiveX", "CONTAINS_PROGRAM", "a.docx", Docx, Office(DocxMain, ("word/activeX/activeX1.xml", "<x/>"u8.ToArray()))),
        new("docx with an OLE object", "CONTAINS_PROGRAM", "a.docx", Docx, Office(DocxMain, ("word/embeddings/oleObject1.bin", [1]))),
        new("docx with a program called png", "CONTAINS_PROGRAM", "a.docx", Docx, Office(DocxMain, ("word/media/image1.png", "MZ\u0090\0"u8.ToArray()))),
        new("docx with a template from elsewhere", "CONTAINS_PROGRAM", "a.docx", Docx, Office(DocxMain, ("word/_rels/settings.xml.rels",
            "<Relationships><Relationship Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate\" Target=\"http://x/t.dotm\" TargetMode=\"External\"/></Relationships>"u8.ToArray()))),
        new("xlsx with DDE", "CONTAINS_PROGRAM", "a.xlsx", Xlsx, Office(XlsxMain, ("xl/externalLinks/externalLink1.xml", "<externalLink><ddeLink ddeService=\"cmd\"/></externalLink>"u8.ToArray()))),
        new("PDF with JavaScript", "CONTAINS_PROGRAM", "a.pdf", Pdf, Document("1 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj")),
        new("PDF with JavaScript in numbers", "CONTAINS_PROGRAM", "a.pdf", Pdf, Document("1 0 obj<</S/J#61vaScr#69pt/JS(x)>>endobj")),
        new("PDF that starts a program", "CONTAINS_PROGRAM", "a.pdf", Pdf, Document("1 0 obj<</S/Launch/F(cmd.exe)>>endobj")),
        new("PDF with a file in it", "CONTAINS_PROGRAM", "a.pdf", Pdf, Document("1 0 obj<</Type/EmbeddedFile/Length 2>>stream\nMZ\nendstream endobj")),
        new("PDF with JavaScript in an object stream", "CONTAINS_PROGRAM", "a.pdf", Pdf, WithObjectStream("<</S/JavaScript/JS(x)>>", "/FlateDecode")),
        new("PDF with an object stream written otherwise", "UNREADABLE_PART", "a.pdf", Pdf, WithObjectStream("<</S/JavaScript/JS(x)>>", "[/ASCIIHexDecode/FlateDecode]")),
        new("encrypted PDF", "ENCRYPTED", "a.pdf", Pdf, Document("trailer<</Root 1 0 R/Encrypt 5 0 R>>")),

        // what swells
        new("zip bomb called docx", "ZIP_BOMB", "a.docx", Docx, Office(DocxMain, ("word/media/image1.bmp", new byte[64 * 1024 * 1024]))),
        new("xlsx bomb", "ZIP_BOMB", "a.xlsx", Xlsx, Office(XlsxMain, ("xl/worksheets/sheet1.xml", Encoding.ASCII.GetBytes("<row>" + new string('0', 32 * 1024 * 1024))))),
        new("xlsx that lies about its length", "CONTENT_MISMATCH", "a.xlsx", Xlsx, Lying(Office(XlsxMain, ("xl/worksheets/sheet1.xml", new byte[32 * 1024 * 1024])))),
        new("docx of very many parts", "ZIP_BOMB", "a.docx", Docx, Office(DocxMain, [.. Enumerable.Range(0, 10_001).Select(number => ($"word/{number}", Array.Empty<byte>()))])),
        new("xlsx that lies about the number of its parts", "ZIP_BOMB", "a.xlsx", Xlsx, FewerPartsTold(Office(XlsxMain, [.. Enumerable.Range(0, 40_000).Select(number => ($"xl/{number}{new string('x', 80)}", Array.Empty<byte>()))]))),
        new("xlsx with entities", "XML_BOMB", "a.xlsx", Xlsx, Office(XlsxMain, ("xl/sharedStrings.xml", "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><sst>&b;</sst>"u8.ToArray()))),
        new("docx with an archive", "NESTED_ARCHIVE", "a.docx", Docx, Office(DocxMain, ("word/embeddings/a.zip", Zip([("a", [1])])))),
        new("docx with an archive under another name", "NESTED_ARCHIVE", "a.docx", Docx, Office(DocxMain, ("word/media/image1.png", Zip([("a", [1])])))),
        new("docx within docx within docx", "NESTED_ARCHIVE", "a.docx", Docx, Office(DocxMain, ("word/embeddings/b.docx", Office(DocxMain, ("word/embeddings/c.docx", Office(DocxMain)))))),
        new("docx with a bomb for its chart", "ZIP_BOMB", "a.docx", Docx, Office(DocxMain, ("word/embeddings/chart.xlsx", Office(XlsxMain, ("xl/worksheets/sheet1.xml", new byte[16 * 1024 * 1024]))))),
        new("PNG of a gigapixel", "IMAGE_BOMB", "a.png", "image/png", Png(40_000, 40_000)),
        new("JPEG of four gigapixels", "IMAGE_BOMB", "a.jpg", "image/jpeg", [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1, 0x11, 0, .. Jpeg()[2..]]),
        new("JPEG that is filled up without end", "IMAGE_BOMB", "a.jpg", "image/jpeg", [0xFF, 0xD8, .. Enumerable.Repeat((byte)0xFF, 1_000_010), .. Jpeg()[3..]]),
        new("PDF that swells and breaks, over and over", "ZIP_BOMB", "a.pdf", Pdf, SwellingAndBroken()),

        new("docx with a link to another file", "UNSAFE_PART", "a.docx", Docx, Linked(Office(DocxMain, ("word/media/image1.png", "/etc/passwd"u8.ToArray())))),

        // what was cut
        new("PDF cut in the middle", "TRUNCATED", "a.pdf", Pdf, Document(new string('x', 5000))[..3000]),
        new("docx cut in the middle", "TRUNCATED", "a.docx", Docx, Office(DocxMain, ("word/document.xml", Encoding.UTF8.GetBytes($"<a>{Guid.CreateVersion7()}</a>")))[..^30]),
        new("PNG cut in the middle", "TRUNCATED", "a.png", "image/png", Png()[..^6]),
        new("JPEG cut in the middle", "TRUNCATED", "a.jpg", "image/jpeg", Jpeg()[..^2]),
        new("JPEG cut, with a whole thumbnail", "TRUNCATED", "a.jpg", "image/jpeg", Jpeg(thumbnail: true)[..^2]),
        new("other hash than announced", "HASH_MISMATCH", "a.pdf", Pdf, Document("x"), new string('0', 64)),

        // names
        new("path up", "UNSAFE_NAME", "../../etc/passwd.pdf", Pdf, Document("x")),
        new("absolute path", "UNSAFE_NAME", "/etc/cron.d/x.pdf", Pdf, Document("x")),
        new("Windows path", "UNSAFE_NAME", @"C:\Windows\x.pdf", Pdf, Document("x")),
        new("control character", "UNSAFE_NAME", "a\u0007b.pdf", Pdf, Document("x")),
        new("line break", "UNSAFE_NAME", "a\r\nSet-Cookie: x.pdf", Pdf, Document("x")),
        new("turned writing", "UNSAFE_NAME", "báo cáo \u202efdp.exe.pdf", Pdf, Document("x")),
        new("device", "UNSAFE_NAME", "CON.pdf", Pdf, Document("x")),
        new("device with more", "UNSAFE_NAME", "lpt1.báo cáo.pdf", Pdf, Document("x")),
        new("only points", "MISSING_NAME", "...", Pdf, Document("x")),
        new("too long", "NAME_TOO_LONG", new string('ệ', 200) + ".pdf", Pdf, Document("x")),
        new("two extensions", "TYPE_NOT_ALLOWED", "a.pdf.exe", Pdf, Document("x")),
        new("second stream of NTFS", "TYPE_NOT_ALLOWED", "a.pdf:b.exe", Pdf, Document("x")),
    ];

    public static byte[] Document(string body) => Encoding.UTF8.GetBytes($"%PDF-1.7\n{body}\n%%EOF\n");

    public static byte[] Office(string mainPart, params (string Name, byte[] Content)[] parts) =>
        Zip([("[Content_Types].xml", Encoding.UTF8.GetBytes($"<Types><Override PartName=\"/main.xml\" ContentType=\"{mainPart}\"/></Types>")), .. parts]);

    public static byte[] Word(string documentXml) => Office(DocxMain, ("word/document.xml", Encoding.UTF8.GetBytes(documentXml)));

    public static byte[] Png(int width = 1, int height = 1) =>
    [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
        0, 0, 0, 13, .. "IHDR"u8, .. Number(width), .. Number(height), 8, 2, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 4, .. "IDAT"u8, 1, 2, 3, 4, 0, 0, 0, 0,
        0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82,
    ];

    public static byte[] Jpeg(bool thumbnail = false) =>
    [
        0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(thumbnail ? 8 : 4), 1, 2, .. thumbnail ? (byte[])[0xFF, 0xD8, 0xFF, 0xD9] : [],
        0xFF, 0xDA, 0, 4, 1, 2, 0x55, 0xAA, 0xFF, 0x00, 0x55, 0xFF, 0xD9,
    ];

    private static byte[] Number(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    private static byte[] WithObjectStream(string objects, string filter)
    {
        using var deflated = new MemoryStream();
        using (var compressing = new ZLibStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            compressing.Write(Encoding.ASCII.GetBytes("1 0 " + objects));
        }

        byte[] body = [.. Encoding.ASCII.GetBytes($"2 0 obj<</Type/ObjStm/N 1/First 4/Length {deflated.Length}/Filter{filter}>>stream\n"), .. deflated.ToArray(), .. "\nendstream endobj"u8];
        return [.. "%PDF-1.7\n"u8, .. body, .. "\n%%EOF\n"u8];
    }

    /// <summary>A hundred names of object streams, all of whose data is one stream of eight megabytes that breaks off before its checksum.</summary>
    private static byte[] SwellingAndBroken()
    {
        using var deflated = new MemoryStream();
        using (var compressing = new ZLibStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            compressing.Write(new byte[8 * 1024 * 1024]);
        }

        byte[] broken = [.. deflated.ToArray()[..^4], 0xFF, 0xFF, 0xFF, 0xFF];
        return [.. "%PDF-1.7\n"u8, .. Enumerable.Repeat("/ObjStm "u8.ToArray(), 100).SelectMany(name => name), .. "stream\n"u8, .. broken, .. "\nendstream\n%%EOF\n"u8];
    }

    /// <summary>The last part is a symbolic link, as a ZIP of Unix has it.</summary>
    private static byte[] Linked(byte[] archive)
    {
        var entry = archive.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        byte[] attributes = [0, 0, 0xFF, 0xA1];
        attributes.CopyTo(archive, entry + 38);
        return archive;
    }

    private static byte[] Zip(IEnumerable<(string Name, byte[] Content)> parts)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var part = archive.CreateEntry(name).Open();
                part.Write(content);
            }
        }

        return file.ToArray();
    }

    /// <summary>The directory says that the last part is short.</summary>
    private static byte[] Lying(byte[] archive)
    {
        var entry = archive.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        archive.AsSpan(entry + 24, 4).Clear();
        archive[entry + 24] = 100;
        return archive;
    }

    /// <summary>The end of the archive says that its directory has two entries.</summary>
    private static byte[] FewerPartsTold(byte[] archive)
    {
        var end = archive.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        byte[] two = [2, 0, 2, 0];
        two.CopyTo(archive, end + 8);
        return archive;
    }
}
