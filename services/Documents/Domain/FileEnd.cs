using System.Buffers.Binary;

namespace ThiDua.Documents.Domain;

/// <summary>Phần cuối tệp: what can be told from the last bytes of a file.</summary>
internal static class FileEnd
{
    private const int LongestZipComment = ushort.MaxValue;
    private const int ZipEnd = 22;

    /// <summary>The last bytes, at most so many.</summary>
    public static byte[] Read(Stream content, int most)
    {
        var tail = new byte[Math.Min(most, content.Length)];
        content.Position = content.Length - tail.Length;
        content.ReadExactly(tail);
        return tail;
    }

    /// <summary>Whether the file ends as a ZIP does. A file of another kind that does is two files in one.</summary>
    public static bool HasZipDirectory(Stream content) => ZipDirectory(content, isZip: false) is not null;

    /// <summary>How many entries the directory of a ZIP says that it has, and how many bytes it really takes; null: there is none.</summary>
    /// <param name="content">The file.</param>
    /// <param name="isZip">It should be one, so the last signature is the one that its readers take.</param>
    public static (int Entries, long Bytes)? ZipDirectory(Stream content, bool isZip)
    {
        var tail = Read(content, LongestZipComment + ZipEnd);
        for (var at = tail.Length - ZipEnd; at >= 0; at--)
        {
            if (!tail.AsSpan(at).StartsWith("PK\u0005\u0006"u8))
            {
                continue;
            }

            // The comment reaches exactly to the end of the file.
            if (at + ZipEnd + BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 20)) == tail.Length)
            {
                var position = content.Length - tail.Length + at;
                return (BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 10)), position - BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16)));
            }

            if (isZip)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Whether unpacking says that the data is damaged, and not that the disk is: one of its two exceptions cannot be named, and is an <see cref="IOException"/>.</summary>
    public static bool IsDamage(Exception reason) => reason is InvalidDataException || (reason is IOException && reason.GetType().Name == "ZLibException");

    public static void RefuseHiddenArchive(Stream content)
    {
        if (HasZipDirectory(content))
        {
            throw FileKind.Refused("ARCHIVE_REFUSED", "", "Tệp có một tệp nén ghép ở cuối.");
        }
    }
}
