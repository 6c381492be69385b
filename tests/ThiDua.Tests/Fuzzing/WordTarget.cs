using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using ThiDua.Clusters.Domain;
using ThiDua.Clusters.Endpoints;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Endpoints;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Tests.Fuzzing;

/// <summary>
/// Short texts of headers, addresses and cells: cursors, conditions, the metadata of uploads, names of files, numbers, days. The first byte
/// says which of the readers it is for.
/// </summary>
internal static class WordTarget
{
    private const int LongestReference = 60;

    private static readonly (Func<string, bool> Read, string[] Samples)[] s_readers =
    [
        (ReadCursor, [Cursor.Encode("I.1"), Cursor.Encode("17"), Cursor.Encode("2026\nU1"), Cursor.Encode("0198c0de-0000-7000-8000-000000000000"), "Zg", "____"]),
        (ReadMetadata, [Metadata(("season", "2026"), ("unit", "U1"), ("criterion", "I.1"), ("filename", "Báo cáo số 05.pdf"), ("filetype", "application/pdf"), ("date", "2026-02-28")), "a b,c", "filename"]),
        (ReadConditions, ["\"1f\"", "\"1f-a\"", "*", "W/\"1f\", \"2\"", "\"a\",,\"b\"", "1f"]),
        (ReadName, ["123_QĐ-UBND ngày 3-2-2026 khen thưởng.pdf", "../../etc/passwd.pdf", "CON.pdf", "báo cáo \u202efdp.exe.pdf", "Số: 05/BC-SNV\nTỉnh X, ngày 03 tháng 02 năm 2026"]),
        (ReadNumber, ["1.234,5", "97,5 %", "1E-7", "-0", "１２", "1/3", "12 345", "0.1", "1.000.000"]),
        (ReadDay, ["2026-02-28", "2026-2-28", "U-1.2", "Đơn vị"]),
    ];

    public static FuzzTarget Make() => new(
        "words", InputShape.Bytes,
        [.. s_readers.SelectMany((reader, index) => reader.Samples.Select(sample => (byte[])[(byte)index, .. Encoding.UTF8.GetBytes(sample)]))],
        ["\n", ",", " ", "=", "W/", "*", "\"", "sha256", "filename", "season", ".pdf", ".docx", "QĐ-UBND", "ngày", "tháng", "năm", "%", "‰", "½", "\u00a0", "\u2009", "−", "٣", "e+9", "2026-02-29", new string('1', 40), "ngày 1 1 ", "-_.-_."],
        input => input.Length == 0 ? ValueTask.FromResult(false) : ValueTask.FromResult(Read(s_readers[input[0] % s_readers.Length].Read, Encoding.UTF8.GetString(input.AsSpan(1)))),
        Prefix: 1);

    private static bool Read(Func<string, bool> read, string text)
    {
        try
        {
            return read(text);
        }
        catch (RuleViolationException)
        {
            return false;
        }
    }

    private static bool ReadCursor(string text)
    {
        var page = new PageQuery(50, text);
        var key = page.After!;
        Require(Cursor.Decode(Cursor.Encode(key)) == key, "a cursor written again is another");
        Require(!key.Contains('\0', StringComparison.Ordinal), "a cursor holds what no database takes");
        _ = Read(_ => page.AfterAs<int>() is not null, text) | Read(_ => page.AfterAs<Guid>() is not null, text) | Read(_ => page.AfterAs<DateOnly>() is not null, text) | Read(_ => page.AfterPair() is not null, text);
        return true;
    }

    private static bool ReadMetadata(string text)
    {
        var metadata = Tus.ReadMetadata(text);
        var query = DocumentEndpoints.UploadQuery.Read(name => metadata.GetValueOrDefault(name) ?? "");
        Require(query.Season.Length is > 0 and <= LongestReference && !$"{query.Season}{query.Unit}{query.Criterion}{query.Number}{query.Issuer}".Contains('\0', StringComparison.Ordinal), "an upload for nothing was taken");
        return FileKind.Of(RequireName(query.Filename), metadata.GetValueOrDefault("filetype"), FileKind.Known).Extensions.Count > 0;
    }

    private static bool ReadConditions(string text)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.IfMatch = text;
        context.Request.Headers.IfNoneMatch = text;
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new ChecksIfMatch(Optional: false)), "fuzz"));
        var current = Preconditions.IsCurrent(context.Request, 0x1f);
        try
        {
            Preconditions.Require(context.Request, 0x1f);
            Require(text.Contains("\"1f\"", StringComparison.Ordinal) || text.Contains("\"1f-", StringComparison.Ordinal), "a condition was met that named no such state");
            return true;
        }
        catch (PreconditionException)
        {
            return current;
        }
    }

    private static bool ReadName(string text)
    {
        if (!VietnameseText.IsText(text))
        {
            RequireName(text); // refused; what stands behind is asked of names that were taken
        }

        foreach (var paper in new[] { PaperReferenceReader.InFileName(text), PaperReferenceReader.InText(text) })
        {
            Require(paper.Number is null or { Length: > 0 and <= LongestReference }, "a number of a paper is empty or too long");
        }

        RequireName(text);
        return true;
    }

    private static string RequireName(string given)
    {
        var name = FileName.Clean(given);
        Require(name == FileName.Clean(name), "a name that was cleaned is not clean");
        Require(Path.GetFileName(name) == name && name.Length is > 0 and <= FileName.Longest && !name.Any(char.IsControl), "a name names a place");
        return name;
    }

    private static bool ReadNumber(string text)
    {
        var taken = false;
        foreach (var rule in new[] { NumberRule.Any, NumberRule.Whole, new NumberRule(2, IsPercentage: true) { Units = ["điểm", "%"] } })
        {
            if (NumberText.Read(text, rule) is { Code: null, Number: { } number })
            {
                Require(NumberText.Read(NumberText.Vietnamese(number), rule) is { } again && (again.Number ?? number) == number, "a number written again is another");
                taken = true;
            }
        }

        if (NumberText.TryParseXml(text, out var exact))
        {
            Require(NumberText.TryParseXml(exact.ToString(CultureInfo.InvariantCulture), out var again) && again == exact, "a number of a file written again is another");
        }

        if (Fraction.TryParse(text, out var fraction))
        {
            Require(Fraction.Parse(fraction.ToString()).CompareTo(fraction) == 0, "a fraction written again is another");
            _ = fraction.ToVietnamese();
        }

        return taken;
    }

    private static bool ReadDay(string text)
    {
        if (!VietnameseText.IsText(text))
        {
            return false; // 400 malformed-text, before anything is read
        }

        _ = VietnameseText.Fold(text);
        var normal = VietnameseText.Normalize(text);
        Require(VietnameseText.Normalize(normal) == normal, "a text that was normalised is not normal");
        return BusinessCode.IsValid(text) | (IsoDate.TryParse(text, CultureInfo.InvariantCulture, out var day) && day.ToString() == text);
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FuzzFindingException(what);
        }
    }

    private static string Metadata(params (string Key, string Value)[] pairs) => string.Join(',', pairs.Select(pair => $"{pair.Key} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value))}"));
}
