using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace ThiDua.Documents.Domain;

/// <summary>
/// Tệp PDF: whole, open to everybody, and without what acts by itself. Names are looked for everywhere in the file, also with their letters
/// written as numbers (<c>/J#53</c>) and within compressed object streams; a name in the middle of a picture would need luck beyond belief.
/// </summary>
internal static class PdfContent
{
    private const int Tail = 2048;
    private const int Block = 64 * 1024;
    private const int ShortestName = 6; // of those that matter here
    private const int LongestName = 48;
    private const int MostObjectStreams = 20_000;
    private const int DictionaryBefore = 512;
    private const long LargestInflated = 256 * 1024 * 1024;

    // Ways to write an object stream that nothing usual uses, and that would hide what is in it.
    private static readonly byte[][] s_hiding = [[.. "ASCIIHexDecode"u8], [.. "ASCII85Decode"u8], [.. "LZWDecode"u8], [.. "RunLengthDecode"u8]];

    // JavaScript, programs to start, films and files within the file. What fills in a form or opens a page is left alone.
    private static readonly byte[][] s_refused = [[.. "JavaScript"u8], [.. "Launch"u8], [.. "EmbeddedFile"u8], [.. "EmbeddedFiles"u8], [.. "RichMedia"u8]];

    private delegate void NameFound(ReadOnlySpan<byte> name, long end);

    public static void Require(Stream content)
    {
        if (FileEnd.Read(content, Tail).AsSpan().IndexOf("%%EOF"u8) < 0)
        {
            throw FileKind.Refused("TRUNCATED", "", "Tệp PDF bị cắt, thiếu phần cuối (%%EOF).");
        }

        FileEnd.RefuseHiddenArchive(content);
        var streams = new List<long>();
        content.Position = 0;
        var length = 0L;
        ReadNames(content, ref length, (name, end) =>
        {
            Refuse(name);
            if (name.SequenceEqual("ObjStm"u8))
            {
                streams.Add(streams.Count < MostObjectStreams ? end : throw FileKind.Refused("UNREADABLE_PART", "", "PDF có quá nhiều phần nén để kiểm tra."));
            }
        });
        var inflated = 0L;
        foreach (var end in streams)
        {
            inflated += ReadObjectStream(content, end, LargestInflated - inflated);
        }
    }

    private static void Refuse(ReadOnlySpan<byte> name)
    {
        foreach (var refused in s_refused)
        {
            if (name.SequenceEqual(refused))
            {
                throw FileKind.Refused("CONTAINS_PROGRAM", "", $"Không nhận PDF có mã lệnh, lệnh chạy chương trình hoặc tệp đính kèm (/{Encoding.ASCII.GetString(refused)}).");
            }
        }

        if (name.SequenceEqual("Encrypt"u8))
        {
            throw FileKind.Refused("ENCRYPTED", "", "Không nhận PDF có mật khẩu hoặc mã hóa: không kiểm tra được nội dung.");
        }
    }

    /// <summary>Objects may lie compressed in a stream of their own; its dictionary says so, and the stream follows it.</summary>
    private static long ReadObjectStream(Stream content, long nameEnd, long most)
    {
        var from = Math.Max(0, nameEnd - DictionaryBefore);
        content.Position = from;
        var beginning = new byte[Block];
        var read = content.ReadAtLeast(beginning, Block, throwOnEndOfStream: false);
        var name = (int)(nameEnd - from);
        var stream = beginning.AsSpan(name, read - name).IndexOf("stream"u8);
        if (stream < 0)
        {
            return 0;
        }

        var at = name + stream + "stream".Length;
        var dictionary = beginning.AsSpan(0, at);
        foreach (var filter in s_hiding)
        {
            if (dictionary.IndexOf(filter) >= 0)
            {
                throw FileKind.Refused("UNREADABLE_PART", "", "PDF có phần được mã hóa theo cách không kiểm tra được.");
            }
        }

        at += at < read && beginning[at] == '\r' ? 1 : 0;
        at += at < read && beginning[at] == '\n' ? 1 : 0;
        content.Position = from + at;
        var inflated = 0L;
        try
        {
            using var inflating = new ZLibStream(content, CompressionMode.Decompress, leaveOpen: true);
            ReadNames(inflating, ref inflated, (found, _) => Refuse(found), most);
        }
        catch (Exception reason) when (FileEnd.IsDamage(reason))
        {
            // Not compressed, and so read already; or broken, and a reader would get no further. What it cost until then counts.
        }

        return inflated;
    }

    // A file may hold tens of millions of names: none of them becomes an object of its own.
    private static void ReadNames(Stream content, ref long position, NameFound found, long most = long.MaxValue)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        Span<byte> name = stackalloc byte[LongestName];
        var (length, inName) = (0, false);
        try
        {
            for (var read = content.Read(buffer, 0, Block); read > 0; read = content.Read(buffer, 0, Block))
            {
                for (var i = 0; i < read; i++)
                {
                    if (!inName)
                    {
                        var next = buffer.AsSpan(i, read - i).IndexOf((byte)'/');
                        if (next < 0)
                        {
                            break;
                        }

                        (i, inName, length) = (i + next, true, 0);
                        continue;
                    }

                    var letter = buffer[i];
                    if (length < LongestName && (char.IsAsciiLetterOrDigit((char)letter) || letter == '#'))
                    {
                        name[length++] = letter;
                        continue;
                    }

                    if (length >= ShortestName)
                    {
                        found(Decode(name[..length]), position + i);
                    }

                    (length, inName) = (0, letter == '/');
                }

                position += read;
                if (position > most)
                {
                    throw FileKind.Refused("ZIP_BOMB", "", "Tệp PDF có phần nén khi mở ra quá lớn.");
                }
            }

            if (length >= ShortestName)
            {
                found(Decode(name[..length]), position);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Letters that are written as numbers, put in their places.</summary>
    private static ReadOnlySpan<byte> Decode(Span<byte> name)
    {
        if (!name.Contains((byte)'#'))
        {
            return name;
        }

        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '#' && i + 2 < name.Length && char.IsAsciiHexDigit((char)name[i + 1]) && char.IsAsciiHexDigit((char)name[i + 2]))
            {
                name[length++] = (byte)((Digit(name[i + 1]) << 4) | Digit(name[i + 2]));
                i += 2;
            }
            else
            {
                name[length++] = name[i];
            }
        }

        return name[..length];
    }

    private static int Digit(byte letter) => char.IsAsciiDigit((char)letter) ? letter - '0' : (letter | 0x20) - 'a' + 10;
}
