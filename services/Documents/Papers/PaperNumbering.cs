using System.Globalization;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

internal static class PaperNumbering
{
    public static string Symbol(PaperKind kind, PaperIssue issue) => $"{issue.Number?.ToString("00", CultureInfo.InvariantCulture) ?? "     "}/{Letters(kind)}-{issue.AgencyAbbreviation}";

    public static string PlaceAndDate(PaperIssue issue) => $"{issue.Place}, {DateOf(issue)}";

    public static string DateOf(PaperIssue issue) =>
        issue.Date is { } date ? Day(date) : string.Create(CultureInfo.InvariantCulture, $"ngày     tháng     năm {issue.DraftedOn.Year}");

    public static string Day(DateOnly date) => string.Create(CultureInfo.InvariantCulture, $"ngày {date.Day:00} tháng {(date.Month < 3 ? "0" : "")}{date.Month} năm {date.Year}");

    public static string Letters(PaperKind kind) => kind switch
    {
        PaperKind.ClusterMeetingMinutes or PaperKind.VoteCountMinutes => "BB",
        PaperKind.DraftDecision => "QĐ",
        PaperKind.MidyearReport or PaperKind.YearendReport => "BC",
        PaperKind.UnitNotice => "TB",
        _ => "TTr",
    };
}
