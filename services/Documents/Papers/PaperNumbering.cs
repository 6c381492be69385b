using System.Globalization;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

internal static class PaperNumbering
{
    public static string Symbol(PaperKind kind, PaperIssue issue) => $"Số: {issue.Number?.ToString("00", CultureInfo.InvariantCulture) ?? "     "}/{Letters(kind)}-{issue.AgencyAbbreviation}";

    public static string PlaceAndDate(PaperIssue issue) => issue.Date is { } date
        ? string.Create(CultureInfo.InvariantCulture, $"{issue.Place}, ngày {date.Day:00} tháng {date.Month:00} năm {date.Year}")
        : string.Create(CultureInfo.InvariantCulture, $"{issue.Place}, ngày     tháng     năm {issue.DraftedOn.Year}");

    public static string Letters(PaperKind kind) => kind switch
    {
        PaperKind.ClusterMeetingMinutes or PaperKind.VoteCountMinutes => "BB",
        PaperKind.DraftDecision => "QĐ",
        PaperKind.MidyearReport or PaperKind.YearendReport => "BC",
        PaperKind.UnitNotice => "TB",
        _ => "TTr",
    };
}
