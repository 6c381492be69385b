using System.Globalization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>What the files of the statistics say for people.</summary>
internal static class StatisticsTexts
{
    public static string Label(CitationStatus status) => status switch
    {
        CitationStatus.Verified => "Đã kiểm chứng",
        CitationStatus.Unverified => "Chưa kiểm chứng",
        CitationStatus.Expired => "Không có hiệu lực",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}
