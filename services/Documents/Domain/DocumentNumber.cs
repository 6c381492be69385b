using System.Globalization;
using System.Text.RegularExpressions;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Số, ký hiệu văn bản: 05/TTr-SNV. Phụ lục I, mục II.3: a number below ten gets a zero, groups of letters a hyphen, and no spaces.</summary>
public static partial class DocumentNumber
{
    private const string RoomForNumber = "        ";

    /// <summary>The number, or the room for it on a draft that has none yet.</summary>
    /// <param name="number">From 1 on each year; null for a draft.</param>
    /// <param name="typeLetters">Of tên loại, see <see cref="PrescribedLayout.Letters"/>.</param>
    /// <param name="agencyLetters">Of the agency: SNV, UBND, HĐTĐKT.</param>
    public static string Of(int? number, string typeLetters, string agencyLetters)
    {
        if (number < 1 || !Letters().IsMatch(typeLetters) || !Sign().IsMatch(agencyLetters))
        {
            throw new RuleViolationException("document-number", $"Số {number}, ký hiệu “{typeLetters}-{agencyLetters}” không đúng quy định: số từ 1, chữ viết tắt không có khoảng trống.");
        }

        return $"{number?.ToString("00", CultureInfo.InvariantCulture) ?? RoomForNumber}/{typeLetters}-{agencyLetters}";
    }

    /// <summary>Whether an agency may be abbreviated so. Clusters and boards have numbers in their names: CTĐ1, BCĐ389.</summary>
    public static bool IsAbbreviation(string letters) => Sign().IsMatch(letters);

    /// <summary>The letters of tên loại in a number as it is written, or null when it is not written as prescribed.</summary>
    public static string? TypeLettersIn(string written) => Written().Match(written) is { Success: true } match ? match.Groups["type"].Value : null;

    [GeneratedRegex(@"^\p{L}+$")]
    private static partial Regex Letters();

    [GeneratedRegex(@"^\p{L}[\p{L}\p{Nd}]*(?:[-.&][\p{L}\p{Nd}]+)*$")]
    private static partial Regex Sign();

    // Blanks or dots instead of a number: a draft.
    [GeneratedRegex(@"^(?:0[1-9]|[1-9][0-9]+|[\s.…]*)/(?<type>\p{L}+)-\p{L}[\p{L}\p{Nd}]*(?:[-.&][\p{L}\p{Nd}]+)*$")]
    private static partial Regex Written();
}
