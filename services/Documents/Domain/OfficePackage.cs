using System.Buffers;
using System.IO.Compression;
using System.Text;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>
/// Gói Office Open XML: a document, workbook or presentation as the ZIP that it is. Every part is inflated once and counted, whatever the
/// directory says of its length, so that what would fill the machine that opens it is refused here.
/// </summary>
internal static class OfficePackage
{
    public const int MostParts = 10_000;
    public const long LargestInflated = 512L * 1024 * 1024;

    /// <summary>Real sheets of numbers reach about 40 to 1; a bomb needs hundreds.</summary>
    public const long LargestRatio = 200;

    private const long RatioMattersFrom = 4 * 1024 * 1024;
    private const long LongestDirectory = 4 * 1024 * 1024;
    private const int Block = 64 * 1024;
    private const int LongestContentTypes = 1024 * 1024;
    private const int LinkOfUnix = 0xA000;

    private static readonly string[] s_archives = [".zip", ".rar", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".tar", ".cab", ".iso", ".jar"];
    private static readonly string[] s_programs = [".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jse", ".wsf", ".hta", ".msi", ".lnk", ".sh"];
    private static readonly string[] s_packages = [".docx", ".xlsx", ".pptx"];

    public static void Require(Stream content, FileKind kind)
    {
        var inflated = 0L;
        Require(content, kind, ref inflated, within: false);
    }

    private static void Require(Stream content, FileKind kind, ref long inflated, bool within)
    {
        // The directory is read whole by whoever opens the package: here first it is asked how long it is.
        if (FileEnd.ZipDirectory(content, isZip: true) is not { } directory)
        {
            throw FileKind.Refused("TRUNCATED", "", $"Tệp {kind.Name} bị cắt, thiếu phần cuối.");
        }

        if (directory.Entries > MostParts || directory.Bytes is < 0 or > LongestDirectory)
        {
            throw Bomb();
        }

        try
        {
            content.Position = 0;
            using var archive = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.Entries.Count > MostParts || Declared(archive) > LargestInflated)
            {
                throw Bomb();
            }

            foreach (var entry in archive.Entries)
            {
                RequirePart(entry.FullName, within);
                if (((entry.ExternalAttributes >> 16) & 0xF000) == LinkOfUnix)
                {
                    throw FileKind.Refused("UNSAFE_PART", "", "Tài liệu có phần là liên kết tới tệp khác.");
                }
            }

            if (!ContentTypes(archive).Contains($"\"{kind.OfficePart}\"", StringComparison.OrdinalIgnoreCase))
            {
                throw FileKind.Refused("CONTENT_MISMATCH", "", $"Nội dung không phải là tệp {kind.Name}.");
            }

            foreach (var entry in archive.Entries)
            {
                Inflate(entry, ref inflated, within);
            }
        }
        catch (Exception reason) when (FileEnd.IsDamage(reason))
        {
            throw FileKind.Refused("CONTENT_MISMATCH", "", $"Tệp {kind.Name} bị hỏng hoặc có mật khẩu.");
        }
    }

    private static void RequirePart(string part, bool within)
    {
        var name = part.Replace('\\', '/');
        if (name.StartsWith('/') || name.Split('/').Contains("..") || name.Contains(':', StringComparison.Ordinal) || name.Any(char.IsControl))
        {
            throw FileKind.Refused("UNSAFE_PART", "", "Tài liệu có phần mang tên là đường dẫn.");
        }

        var extension = Path.GetExtension(name).ToLowerInvariant();
        if (s_archives.Contains(extension) || (within && s_packages.Contains(extension)))
        {
            throw Nested();
        }

        if (s_programs.Contains(extension)
            || (extension == ".bin" && Path.GetFileName(name).StartsWith("vba", StringComparison.OrdinalIgnoreCase))
            || (extension == ".bin" && Path.GetFileName(name).StartsWith("oleObject", StringComparison.OrdinalIgnoreCase))
            || name.Contains("activeX/", StringComparison.OrdinalIgnoreCase)
            || name.Contains("macrosheets/", StringComparison.OrdinalIgnoreCase)
            || name.Contains("customUI/", StringComparison.OrdinalIgnoreCase) && extension == ".js")
        {
            throw FileKind.Refused("CONTAINS_PROGRAM", "", "Không nhận tài liệu có macro, đối tượng OLE hoặc chương trình nhúng.");
        }
    }

    private static void Inflate(ZipArchiveEntry entry, ref long inflated, bool within)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            using var part = entry.Open();
            var read = part.ReadAtLeast(buffer.AsSpan(0, Block), Block, throwOnEndOfStream: false);
            var beginning = buffer.AsSpan(0, read);
            if (IsArchive(beginning))
            {
                RequireEmbedded(entry, ref inflated, within);
            }

            if (beginning.StartsWith("MZ"u8) || beginning.StartsWith("\u007fELF"u8))
            {
                throw FileKind.Refused("CONTAINS_PROGRAM", "", "Không nhận tài liệu có chương trình nhúng.");
            }

            if (entry.FullName.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) || entry.FullName.EndsWith(".rels", StringComparison.OrdinalIgnoreCase))
            {
                RequireXml(beginning);
            }

            long length = 0;
            var checksum = new System.IO.Hashing.Crc32();
            while (read > 0)
            {
                checksum.Append(buffer.AsSpan(0, read));
                length += read;
                inflated += read;
                if (inflated > LargestInflated || (length > RatioMattersFrom && length / Math.Max(1, entry.CompressedLength) > LargestRatio))
                {
                    throw Bomb();
                }

                read = part.Read(buffer, 0, Block);
            }

            // Inflating ends at the length that the directory names; where more lies behind it the sum is another.
            if (checksum.GetCurrentHashAsUInt32() != entry.Crc32)
            {
                throw new InvalidDataException(entry.FullName);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The data behind a chart is a workbook within the document: it is taken when it is one itself, and holds no further one.</summary>
    private static void RequireEmbedded(ZipArchiveEntry entry, ref long inflated, bool within)
    {
        var extension = Path.GetExtension(entry.FullName).TrimStart('.').ToLowerInvariant();
        if (within || !entry.FullName.Contains("embeddings/", StringComparison.OrdinalIgnoreCase)
            || FileKind.Known.FirstOrDefault(kind => kind.OfficePart is not null && kind.Name == extension) is not { } kind
            || entry.Length > RatioMattersFrom * 4)
        {
            throw Nested();
        }

        using var part = entry.Open();
        using var copy = new MemoryStream();
        var buffer = new byte[Block];
        for (var read = part.Read(buffer); read > 0; read = part.Read(buffer))
        {
            copy.Write(buffer, 0, read);
            if (copy.Length > RatioMattersFrom * 4)
            {
                throw Bomb();
            }
        }

        copy.Position = 0;
        Require(copy, kind, ref inflated, within: true);
    }

    // The parts of an Office document have no document type; with one, a few lines become gigabytes in the reader's memory.
    private static void RequireXml(ReadOnlySpan<byte> beginning)
    {
        var text = beginning.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? Encoding.Unicode.GetString(beginning)
            : beginning.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? Encoding.BigEndianUnicode.GetString(beginning)
            : Encoding.UTF8.GetString(beginning);
        if (text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase) || text.Contains("<!ENTITY", StringComparison.OrdinalIgnoreCase))
        {
            throw FileKind.Refused("XML_BOMB", "", "Tài liệu có khai báo DTD; không nhận.");
        }

        if (text.Contains("<ddeLink", StringComparison.Ordinal)
            || (text.Contains("/attachedTemplate\"", StringComparison.Ordinal) && text.Contains("\"External\"", StringComparison.OrdinalIgnoreCase)))
        {
            throw FileKind.Refused("CONTAINS_PROGRAM", "", "Không nhận tài liệu tải mẫu hoặc lệnh từ nơi khác.");
        }
    }

    private static bool IsArchive(ReadOnlySpan<byte> beginning) =>
        beginning.StartsWith("PK\u0003\u0004"u8) || beginning.StartsWith("Rar!\u001a\u0007"u8) || beginning.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]);

    private static long Declared(ZipArchive archive)
    {
        try
        {
            return archive.Entries.Aggregate(0L, (sum, entry) => checked(sum + Math.Max(0, entry.Length)));
        }
        catch (OverflowException)
        {
            return long.MaxValue;
        }
    }

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

    private static RuleViolationException Bomb() =>
        FileKind.Refused("ZIP_BOMB", "", $"Tài liệu khi mở ra quá lớn: tối đa {LargestInflated / (1024 * 1024)} MB, {MostParts} phần, nén không quá {LargestRatio} lần.");

    private static RuleViolationException Nested() => FileKind.Refused("NESTED_ARCHIVE", "", "Tài liệu có tệp nén bên trong.");
}
