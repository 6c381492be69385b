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
    public static bool HasZipDirectory(Stream content)
    {
        var tail = Read(content, LongestZipComment + ZipEnd);
        for (var at = tail.Length - ZipEnd; at >= 0; at--)
        {
            // signature, and a comment that reaches exactly to the end of the file
            if (tail[at] == 'P' && tail[at + 1] == 'K' && tail[at + 2] == 5 && tail[at + 3] == 6 && at + ZipEnd + (tail[at + 20] | (tail[at + 21] << 8)) == tail.Length)
            {
                return true;
            }
        }

        return false;
    }

    public static void RefuseHiddenArchive(Stream content)
    {
        if (HasZipDirectory(content))
        {
            throw FileKind.Refused("ARCHIVE_REFUSED", "", "Tệp có một tệp nén ghép ở cuối.");
        }
    }
}
