using System.Globalization;
using System.Text.RegularExpressions;

namespace ThiDua.Documents.Domain;

/// <summary>
/// Địa danh và thời gian ban hành. Phụ lục I, mục II.4: a zero before days below ten and before months 1 and 2 only, so that nobody can put a digit before
/// them: “ngày 05 tháng 01 năm 2026”, but “ngày 29 tháng 6 năm 2026”.
/// </summary>
public static partial class DateLine
{
    private const int LastMonthWithZero = 2;

    /// <summary>The day alone: “ngày 05 tháng 01 năm 2026”.</summary>
    public static string Of(DateOnly day) => string.Create(
        CultureInfo.InvariantCulture,
        $"ngày {day.Day:00} tháng {(day.Month <= LastMonthWithZero ? $"{day.Month:00}" : day.Month)} năm {day.Year}");

    /// <summary>With the place: “Đồng Nai, ngày 05 tháng 01 năm 2026”; without a day the room that a draft leaves for it.</summary>
    public static string Of(string place, DateOnly? day, int year) =>
        day is { } known ? $"{place}, {Of(known)}" : string.Create(CultureInfo.InvariantCulture, $"{place}, ngày       tháng       năm {year}");

    /// <summary>Whether a line is written as prescribed, with a day that exists or room for one.</summary>
    public static bool IsWritten(string line)
    {
        var match = Line().Match(line);
        if (!match.Success)
        {
            return false;
        }

        var (day, month, year) = (match.Groups["day"].Value.Trim(), match.Groups["month"].Value.Trim(), match.Groups["year"].Value);
        return (day.Length == 0 && month.Length == 0)
            || (DateOnly.TryParseExact($"{day.PadLeft(2, '0')}/{month.PadLeft(2, '0')}/{year}", "dd/MM/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                && line.EndsWith(Of(date), StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^\p{Lu}[^,]*, ngày (?<day>[0-9]{1,2}|[\s.…]+) tháng (?<month>[0-9]{1,2}|[\s.…]+) năm (?<year>[0-9]{4})$")]
    private static partial Regex Line();
}
