using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Những gì đã nhận: what was received in a cluster.</summary>
/// <param name="Reports">Of its members.</param>
/// <param name="Sheets">Of its members.</param>
/// <param name="Result">Of the cluster; null: none yet.</param>
/// <param name="Registrations">When each unit first registered what it aims at.</param>
public sealed record Receipts(IReadOnlyCollection<ReportHistory> Reports, IReadOnlyCollection<SheetHistory> Sheets, DecidedResult? Result, IReadOnlyDictionary<string, DateTimeOffset> Registrations);

/// <summary>
/// Lập danh sách nghĩa vụ: what a cluster's members and the standing agency owe in a season, worked out anew from everything known.
/// Reports are due by rule; a step of scoring is due on the last day of its phase, and not owed when the calendar has none.
/// </summary>
public static class ObligationPlan
{
    public static IReadOnlyList<Owed> Of(Season season, Cluster cluster, Receipts receipts, ObligationRules rules, WorkingDayCalendar calendar)
    {
        List<string> members = [.. cluster.Members.Select(member => member.Unit).Order(StringComparer.Ordinal)];
        var sheets = receipts.Sheets.Where(sheet => members.Contains(sheet.Unit)).ToDictionary(sheet => sheet.Unit, StringComparer.Ordinal);
        return
        [
            .. Reports(),
            .. Step(SeasonPhase.Criteria, members.Select(unit => ((string?)unit, receipts.Registrations.TryGetValue(unit, out var at) ? at : (DateTimeOffset?)null)), ObligationKind.Registration, ObligationRecipient.ClusterLeader),
            .. Step(SeasonPhase.SelfScoring, members.Select(unit => ((string?)unit, sheets.GetValueOrDefault(unit)?.SubmittedAt)), ObligationKind.SelfScoring, ObligationRecipient.ClusterLeader),
            .. Explanations(),
            .. Step(SeasonPhase.ClusterReview, new[] { cluster.Leader, cluster.Deputy }.Select(unit => ((string?)unit, ReviewedAt())), ObligationKind.ClusterReview, ObligationRecipient.StandingAgency),
            .. Step(SeasonPhase.Appraisal, [(null, receipts.Result?.StandsSince)], ObligationKind.Appraisal, ObligationRecipient.Council),
        ];

        IEnumerable<Owed> Reports() => rules.DueDates.SeasonTypes.GetValueOrDefault(season.Type) is not { } days
            ? []
            : from unit in members
              from report in new[] { (Kind: ReportKind.Midyear, Due: days.Midyear), (Kind: ReportKind.Yearend, Due: days.Yearend) }
              from recipient in RecipientsOf(unit, cluster)
              let history = receipts.Reports.FirstOrDefault(history => history.Unit == unit && history.Kind == report.Kind)
              select new Owed(unit, report.Kind.AsObligation(), recipient, report.Due.In(season.Year), history?.ReceiptOf(recipient), PastSince(SeasonPhase.Appraisal));

        // A season without days for self-scoring is one whose scoring nobody reminds of.
        IEnumerable<Owed> Explanations() =>
            from sheet in sheets.Values
            where season.Calendar.ContainsKey(SeasonPhase.SelfScoring)
            from returned in sheet.Returns
            select new Owed(
                sheet.Unit,
                ObligationKind.Explanation,
                returned.Return.ByStandingAgency ? ObligationRecipient.StandingAgency : ObligationRecipient.ClusterLeader,
                calendar.AddWorkingDays(VietnamDate.Of(returned.Return.At), rules.Explanation.WorkingDays),
                returned.ExplainedAt,
                PastSince(SeasonPhase.Appraisal),
                returned.Return.Version);

        IEnumerable<Owed> Step(SeasonPhase phase, IEnumerable<(string? Unit, DateTimeOffset? MetAt)> units, ObligationKind kind, ObligationRecipient recipient) =>
            season.Calendar.GetValueOrDefault(phase) is { } window
                ? units.Select(owing => new Owed(owing.Unit, kind, recipient, window.Closes, owing.MetAt, PastSince(phase)))
                : [];

        // As long as units may still hand in, no review is complete.
        DateTimeOffset? ReviewedAt() => season.Phase >= SeasonPhase.ClusterReview && sheets.Count > 0 && sheets.Values.All(sheet => sheet.ReviewedAt is not null)
            ? sheets.Values.Max(sheet => sheet.ReviewedAt)
            : null;

        DateTimeOffset? PastSince(SeasonPhase phase) => season.Phase > phase ? season.PhaseSince : null;
    }

    /// <summary>Nơi nhận báo cáo: the leader reports to nobody but the standing agency.</summary>
    public static IReadOnlyList<ObligationRecipient> RecipientsOf(string unit, Cluster cluster) =>
        unit == cluster.Leader ? [ObligationRecipient.StandingAgency] : [ObligationRecipient.ClusterLeader, ObligationRecipient.StandingAgency];

    public static ObligationKind AsObligation(this ReportKind report) => report == ReportKind.Midyear ? ObligationKind.MidyearReport : ObligationKind.YearendReport;

    /// <summary>Makes a cluster's obligations what they shall be, and says which are new.</summary>
    public static IReadOnlyList<Obligation> Follow(Season season, Cluster cluster, IReadOnlyCollection<Obligation> existing, IReadOnlyList<Owed> owed, DateTimeOffset now)
    {
        var known = existing.ToDictionary(obligation => (obligation.Unit, obligation.Kind, obligation.Recipient, obligation.Occasion));
        var added = new List<Obligation>();
        foreach (var one in owed)
        {
            if (known.Remove((one.Unit, one.Kind, one.Recipient, one.Occasion), out var obligation))
            {
                obligation.Follow(one);
            }
            else
            {
                added.Add(Obligation.Of(season.Code, cluster.Id, one));
            }
        }

        foreach (var obligation in known.Values)
        {
            obligation.Release(ReasonOf(obligation, cluster), now);
        }

        return added;
    }

    private static string ReasonOf(Obligation obligation, Cluster cluster) =>
        obligation.Unit is { } unit && cluster.Members.All(member => member.Unit != unit) ? "Đơn vị không còn là thành viên của cụm, khối."
        : obligation.Recipient == ObligationRecipient.ClusterLeader && obligation.Unit == cluster.Leader ? "Đơn vị là cụm trưởng, khối trưởng."
        : obligation.Kind == ObligationKind.ClusterReview && obligation.Unit != cluster.Leader && obligation.Unit != cluster.Deputy ? "Đơn vị không còn là trưởng, phó của cụm, khối."
        : "Lịch của kỳ thi đua hoặc quy tắc không còn thời hạn này.";
}
