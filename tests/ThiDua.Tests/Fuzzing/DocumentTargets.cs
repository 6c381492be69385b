using System.IO.Compression;
using System.Text;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Documents;

namespace ThiDua.Tests.Fuzzing;

/// <summary>Files that units hand in as evidence, and templates that the agency sends.</summary>
internal static class DocumentTargets
{
    private const int LargestSample = 64 * 1024;
    private static readonly PaperKind[] s_kinds = [PaperKind.ClusterMeetingMinutes, PaperKind.ScoreSummary, PaperKind.NominationList, PaperKind.DraftDecision];
    private static readonly string[] s_words =
    [
        "/ObjStm", "/JavaScript", "/J#61vaScript", "/Launch", "/Encrypt", "/EmbeddedFile", "stream\r\n", "endstream", "%%EOF", "/FlateDecode", "/ASCIIHexDecode", "PK\u0003\u0004", "PK\u0005\u0006", "PK\u0001\u0002", "IHDR", "IDAT", "IEND",
        "word/document.xml", "word/vbaProject.bin", "word/embeddings/a.docx", "xl/embeddings/b.xlsx", "word/activeX/a.xml", "<!DOCTYPE", "External", "attachedTemplate", "ddeLink",
        "{{", "}}", "{{matrix}}", "{{can_cu.noi_dung}}", "{{ten_nguoi_ky}}", "<w:p/>", "<w:ins/>", "<w:altChunk/>", "<w:fldSimple w:instr=\"INCLUDETEXT x\"/>", "<w:sectPr/>", "<w:tr><w:tc><w:p/></w:tc></w:tr>", "w:val=\"-1\"", "Số: 05/BC-SNV", "ngày 31 tháng 02 năm 2026",
    ];

    /// <summary>The check of a whole file, of each kind that begins as it does. What is taken must not carry what is refused.</summary>
    public static FuzzTarget MakeEvidence() => new("evidence", InputShape.Package, [.. Evidence(), .. Templates().Select(template => template[1..])], s_words, ReadEvidence);

    /// <summary>A template tried as the endpoint tries it: read, filled, its layout checked. The first byte says the kind of paper.</summary>
    public static FuzzTarget MakeTemplate() => new("template", InputShape.Package, Templates(), s_words, ReadTemplate, Prefix: 1);

    private static IReadOnlyList<byte[]> Evidence() =>
    [
        .. AttackFiles.All.Select(file => file.Content).Where(content => content.Length is > 0 and < LargestSample).DistinctBy(Convert.ToHexString),
        AttackFiles.Document("1 0 obj<</Type/Catalog>>endobj"), AttackFiles.Png(2, 2), AttackFiles.Jpeg(), AttackFiles.Jpeg(thumbnail: true),
        AttackFiles.Word("<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>Số: 05/BC-SNV</w:t></w:r></w:p></w:body></w:document>"),
    ];

    private static IReadOnlyList<byte[]> Templates() => [.. s_kinds.Select((kind, index) =>
    {
        using var file = new MemoryStream();
        file.WriteByte((byte)index);
        using var template = DefaultTemplates.Open(kind);
        template.CopyTo(file);
        return file.ToArray();
    })];

    private static ValueTask<bool> ReadEvidence(byte[] input)
    {
        var taken = false;
        foreach (var kind in FileKind.Known)
        {
            try
            {
                kind.RequireBeginning(input.AsSpan(0, Math.Min(input.Length, FileKind.FirstBlock)));
                using var content = new MemoryStream(input, writable: false);
                ReceivedContent.Check(content, kind);
                RequireHarmless(input, kind);
                taken = true;
            }
            catch (RuleViolationException refusal) when (refusal.Code == "file-refused" && refusal.Errors.Count == 1)
            {
                // as it should be
            }
        }

        return ValueTask.FromResult(taken);
    }

    /// <summary>Looks at a file that was taken in another way than the check does.</summary>
    private static void RequireHarmless(byte[] input, FileKind kind)
    {
        var text = Encoding.Latin1.GetString(input);
        if (kind.Name == "pdf" && (text.Contains("/JavaScript", StringComparison.Ordinal) && !IsLongerName(text, "/JavaScript")))
        {
            throw new FuzzFindingException("a PDF with JavaScript was taken");
        }

        if (kind.OfficePart is not null)
        {
            using var zip = new ZipArchive(new MemoryStream(input), ZipArchiveMode.Read);
            if (zip.Entries.Any(entry => entry.FullName.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase) || entry.FullName.Contains("..\\", StringComparison.Ordinal) || entry.FullName.StartsWith("../", StringComparison.Ordinal)))
            {
                throw new FuzzFindingException("a package with macros or a path was taken");
            }
        }
    }

    /// <summary>Whether every place where the name stands is the beginning of a longer one.</summary>
    private static bool IsLongerName(string text, string name)
    {
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            if (at + name.Length >= text.Length || !(char.IsAsciiLetterOrDigit(text[at + name.Length]) || text[at + name.Length] == '#'))
            {
                return false;
            }
        }

        return true;
    }

    private static ValueTask<bool> ReadTemplate(byte[] input)
    {
        try
        {
            return ValueTask.FromResult(TemplateTrial.Of(input[1..], s_kinds[input[0] % s_kinds.Length]).Count == 0);
        }
        catch (RuleViolationException)
        {
            return ValueTask.FromResult(false);
        }
    }
}
