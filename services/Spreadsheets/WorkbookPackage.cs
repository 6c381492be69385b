using System.IO.Compression;
using System.Text;
using System.Xml;

namespace ThiDua.Spreadsheets;

/// <summary>
/// The zip file of a workbook, opened as what it is: a stranger's. Only the parts that are asked for are ever unpacked, each under the limits
/// and against its checksum; nothing is written to disk and nothing outside of it is followed.
/// </summary>
internal sealed class WorkbookPackage : IDisposable
{
    private const int LongestHeader = 4096;
    private const int LinkOfUnix = 0xA000;
    private static readonly byte[] s_zip = [0x50, 0x4b, 0x03, 0x04];
    private static readonly byte[] s_compound = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private readonly WorkbookLimits _limits;
    private long _unpacked;

    private WorkbookPackage(ZipArchive zip, Dictionary<string, ZipArchiveEntry> entries, WorkbookLimits limits) => (_zip, _entries, _limits) = (zip, entries, limits);

    /// <param name="file">Seekable; stays open.</param>
    public static WorkbookPackage Open(Stream file, WorkbookLimits limits)
    {
        if (file.Length > limits.FileBytes)
        {
            throw WorkbookRefusal.TooLarge(limits.FileBytes);
        }

        RequireZip(file);
        ZipArchive zip;
        try
        {
            zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            _ = zip.Entries.Count;
        }
        catch (InvalidDataException)
        {
            throw WorkbookRefusal.Truncated();
        }

        try
        {
            return new WorkbookPackage(zip, Check(zip, limits), limits);
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    public bool Has(string part) => _entries.ContainsKey(part);

    /// <summary>Walks through one part; whatever is wrong with its bytes is a refusal with its own code.</summary>
    public T Read<T>(string part, Func<XmlReader, T> read)
    {
        if (!_entries.TryGetValue(part, out var entry))
        {
            throw WorkbookRefusal.Broken($"thiếu phần {part}");
        }

        try
        {
            using var bytes = new PartStream(entry, count => Count(part, count));
            using var xml = XmlReader.Create(bytes, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                MaxCharactersInDocument = _limits.UncompressedBytes,
            });
            var result = read(xml);
            while (xml.Read())
            {
                // to the end, where the checksum is compared
            }

            return result;
        }
        catch (XmlException)
        {
            throw HasDoctype(entry) ? WorkbookRefusal.Doctype(part) : WorkbookRefusal.Broken($"phần {part} không phải XML đúng");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or NotSupportedException or ArgumentOutOfRangeException) // it lies in memory
        {
            throw WorkbookRefusal.Broken($"không giải nén được phần {part}");
        }
    }

    public void Dispose() => _zip.Dispose();

    private static void RequireZip(Stream file)
    {
        var head = new byte[8];
        file.Position = 0;
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (length == 0)
        {
            throw WorkbookRefusal.NotXlsx(" (tệp rỗng)");
        }

        if (head.AsSpan(0, length).StartsWith(s_compound))
        {
            throw Contains(file, "EncryptedPackage") ? WorkbookRefusal.Encrypted() : Contains(file, "Workbook") ? WorkbookRefusal.LegacyXls() : WorkbookRefusal.NotXlsx(string.Empty);
        }

        if (!head.AsSpan(0, length).StartsWith(s_zip))
        {
            throw WorkbookRefusal.NotXlsx(string.Empty);
        }
    }

    /// <summary>Names in the directory of a compound file are UTF-16.</summary>
    private static bool Contains(Stream file, string name)
    {
        var bytes = new byte[file.Length];
        file.Position = 0;
        file.ReadExactly(bytes);
        file.Position = 0;
        return bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(name)) >= 0;
    }

    private static Dictionary<string, ZipArchiveEntry> Check(ZipArchive zip, WorkbookLimits limits)
    {
        if (zip.Entries.Count > limits.Entries)
        {
            throw WorkbookRefusal.Bomb($"hơn {limits.Entries} phần");
        }

        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.OrdinalIgnoreCase);
        var declared = 0L;
        foreach (var entry in zip.Entries)
        {
            var name = entry.FullName;
            if (name.Contains('\\', StringComparison.Ordinal) || name.StartsWith('/') || name.Contains(':', StringComparison.Ordinal) || name.Any(char.IsControl) || name.Split('/').Any(step => step is ".." or "."))
            {
                throw WorkbookRefusal.UnsafeName(name);
            }

            if (((entry.ExternalAttributes >> 16) & 0xF000) == LinkOfUnix)
            {
                throw WorkbookRefusal.UnsafeName(name);
            }

            if (entry.IsEncrypted)
            {
                throw WorkbookRefusal.Encrypted();
            }

            declared += entry.Length;
            if (declared > limits.UncompressedBytes)
            {
                throw WorkbookRefusal.Bomb($"hơn {limits.UncompressedBytes / (1 << 20)} MiB");
            }

            if (entry.Length > 1 << 20 && entry.Length / Math.Max(1, entry.CompressedLength) > limits.Ratio)
            {
                throw WorkbookRefusal.Bomb($"phần {name} nén hơn {limits.Ratio} lần");
            }

            if (name.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase) || name.Contains("/macrosheets/", StringComparison.OrdinalIgnoreCase))
            {
                throw WorkbookRefusal.Macros();
            }

            if (!name.EndsWith('/') && !entries.TryAdd(name, entry))
            {
                throw WorkbookRefusal.Broken($"phần {name} có hai lần");
            }
        }

        if (!entries.ContainsKey("[Content_Types].xml"))
        {
            throw WorkbookRefusal.NotXlsx(entries.ContainsKey("mimetype") ? " (dạng OpenDocument); hãy lưu lại ở dạng .xlsx" : string.Empty);
        }

        return entries;
    }

    private static bool HasDoctype(ZipArchiveEntry entry)
    {
        using var bytes = entry.Open();
        var head = new byte[LongestHeader];
        var length = bytes.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return Encoding.Latin1.GetString(head, 0, length).Replace("\0", string.Empty, StringComparison.Ordinal).Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase);
    }

    private void Count(string part, int bytes)
    {
        _unpacked += bytes;
        if (_unpacked > _limits.UncompressedBytes)
        {
            throw WorkbookRefusal.Bomb($"phần {part} quá lớn"); // whatever the directory of the zip declared
        }
    }

    /// <summary>Counts what comes, and compares it with the checksum at the end: a turned bit must not become another number.</summary>
    private sealed class PartStream(ZipArchiveEntry entry, Action<int> count) : Stream
    {
        private static readonly uint[] s_table = Table();
        private readonly Stream _inner = entry.Open();
        private uint _crc = uint.MaxValue;
        private long _length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _length;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = _inner.Read(buffer);
            if (read == 0 && buffer.Length > 0 && (~_crc != entry.Crc32 || _length != entry.Length))
            {
                throw new InvalidDataException("The part is not what its checksum says.");
            }

            foreach (var value in buffer[..read])
            {
                _crc = (_crc >> 8) ^ s_table[(byte)(_crc ^ value)];
            }

            _length += read;
            count(read);
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _inner.Dispose();
            }

            base.Dispose(disposing);
        }

        private static uint[] Table()
        {
            var table = new uint[256];
            for (var n = 0u; n < table.Length; n++)
            {
                var value = n;
                for (var bit = 0; bit < 8; bit++)
                {
                    value = (value & 1) == 1 ? 0xedb88320 ^ (value >> 1) : value >> 1;
                }

                table[n] = value;
            }

            return table;
        }
    }
}
