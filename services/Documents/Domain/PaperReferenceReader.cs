using System.Globalization;
using System.Text.RegularExpressions;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>
/// Đọc số, ký hiệu, ngày và cơ quan ban hành: what the name of a file or the beginning of a text says of a Vietnamese administrative paper.
/// It only proposes; what it is not sure of it leaves out.
/// </summary>
public static partial class PaperReferenceReader
{
    private const int LongestNumber = 60;

    // Ký hiệu loại văn bản; a file name cannot hold the slash, so there a number is one only with one of these after it.
    private const string Kinds = "QĐ|NQ|CT|QC|QyĐ|TC|TB|HD|CTr|KH|PA|ĐA|DA|BC|BB|TTr|HĐ|CV|CĐ|BGN|BTT|GUQ|GM|GGT|GNP|PG|PC|PB|TT|NĐ|QH";

    /// <summary>"123_QĐ-UBND khen thưởng.pdf", "Số 05.BC-SNV ngày 3-2-2026.docx".</summary>
    public static PaperReference InFileName(string fileName)
    {
        var name = VietnameseText.Normalize(Path.GetFileNameWithoutExtension(fileName)).Replace('Ð', 'Đ');
        return Read(LooseNumber().Match(name), DateIn(name) ?? BareDateIn(name));
    }

    /// <summary>"Số: 05/BC-SNV", "Tỉnh X, ngày 03 tháng 02 năm 2026": the first of each, as they stand at the head of a paper.</summary>
    public static PaperReference InText(string text)
    {
        var plain = VietnameseText.Normalize(text).Replace('Ð', 'Đ');
        var number = HeadNumber().Match(plain);
        return Read(number.Success ? number : Match.Empty, DateIn(plain));
    }

    private static PaperReference Read(Match number, DateOnly? date)
    {
        if (!number.Success)
        {
            return new PaperReference(null, date, null);
        }

        // The issuer's short name follows the kind: QĐ-UBND; of a letter it comes first: SNV-TĐKT.
        var symbol = Separators().Replace(number.Groups["symbol"].Value, "-").Trim('-');
        var parts = symbol.Split('-');
        var issuer = IsKind().IsMatch(parts[0]) ? parts.ElementAtOrDefault(1) : parts[0];
        var year = number.Groups["year"].Success ? $"/{number.Groups["year"].Value}" : "";
        var whole = $"{number.Groups["number"].Value}{year}/{symbol}";
        return whole.Length <= LongestNumber ? new PaperReference(whole, date, issuer) : new PaperReference(null, date, null);
    }

    private static DateOnly? DateIn(string text)
    {
        foreach (Match match in WrittenDates().Matches(text))
        {
            if (Day(match) is { } day)
            {
                return day;
            }
        }

        return null;
    }

    private static DateOnly? BareDateIn(string text)
    {
        foreach (Match match in BareDates().Matches(text))
        {
            if (Day(match) is { } day)
            {
                return day;
            }
        }

        return null;
    }

    private static DateOnly? Day(Match match) => DateOnly.TryParseExact(
        $"{match.Groups["d"].Value}/{match.Groups["m"].Value}/{match.Groups["y"].Value}", "d/M/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    [GeneratedRegex(@"(?<![\p{L}\p{N}])(?:(?:số|so)[\s:._-]*)?(?<number>\d{1,6})(?:[/._\s-]+(?<year>20\d\d))?[/._\s-]+(?<symbol>(?:" + Kinds + @")(?:[-_\s.](?:\p{Lu}[\p{Lu}\d&]*))*)(?![\p{L}\p{N}])")]
    private static partial Regex LooseNumber();

    [GeneratedRegex(@"Số\s*:?\s*(?<number>\d{1,6})\s*(?:/(?<year>20\d\d)\s*)?/\s*(?<symbol>[\p{L}\d]*\p{Lu}[\p{L}\d]*(?:\s?[-–]\s?[\p{L}\d&]*\p{Lu}[\p{L}\d]*)*)")]
    private static partial Regex HeadNumber();

    [GeneratedRegex(@"ngày\s*(?<d>\d{1,2})\s*(?:[/.\-_]\s*|\s+tháng\s+)(?<m>\d{1,2})\s*(?:[/.\-_]\s*|\s+năm\s+)(?<y>(?:19|20)\d\d)(?!\d)", RegexOptions.IgnoreCase)]
    private static partial Regex WrittenDates();

    [GeneratedRegex(@"(?<!\d)(?:(?<d>\d{1,2})(?<s>[.\-_])(?<m>\d{1,2})\k<s>(?<y>(?:19|20)\d\d)|(?<y>(?:19|20)\d\d)(?<s>[.\-_]?)(?<m>\d\d)\k<s>(?<d>\d\d))(?!\d)")]
    private static partial Regex BareDates();

    [GeneratedRegex(@"[-_\s.–]+")]
    private static partial Regex Separators();

    [GeneratedRegex("^(?:" + Kinds + ")$")]
    private static partial Regex IsKind();
}
