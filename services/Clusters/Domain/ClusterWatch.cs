using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Chưa có hoạt động ghi nhận (P4): after how long a cluster is worth a look.</summary>
/// <param name="Days">Calendar days without an activity held and without a report received, 1 to 366.</param>
public sealed record SilentClusterRule(int Days) : IRuleValue
{
    public static string Code => "SILENT_CLUSTER";

    public IEnumerable<string> Problems()
    {
        if (Days is < 1 or > 366)
        {
            yield return "Số ngày từ 1 đến 366.";
        }
    }
}

/// <summary>Nghĩa vụ quá hạn: one that somebody still owes, or did not meet while it could be.</summary>
/// <param name="Unit">Who owes it; null: the standing agency.</param>
/// <param name="Kind">What.</param>
/// <param name="Recipient">To whom.</param>
/// <param name="LastDay">The last day in time.</param>
/// <param name="DaysOverdue">Calendar days since then.</param>
/// <param name="WorkingDaysOverdue">Working days since then.</param>
/// <param name="Missing">It can no longer be met.</param>
public sealed record OverdueItem(string? Unit, ObligationKind Kind, ObligationRecipient Recipient, DateOnly LastDay, int DaysOverdue, int WorkingDaysOverdue, bool Missing);

/// <summary>Tình trạng nghĩa vụ của một cụm, khối: how many of each; what is released is not counted.</summary>
/// <param name="OnTime">Met in time.</param>
/// <param name="Late">Met late.</param>
/// <param name="Open">Not met, and not overdue.</param>
/// <param name="Overdue">Not met, overdue, and still to be met.</param>
/// <param name="Missing">Not met while it could be.</param>
public sealed record ObligationCounts(int OnTime, int Late, int Open, int Overdue, int Missing)
{
    public static ObligationCounts operator +(ObligationCounts left, ObligationCounts right) =>
        new(left.OnTime + right.OnTime, left.Late + right.Late, left.Open + right.Open, left.Overdue + right.Overdue, left.Missing + right.Missing);

    public static ObligationCounts Add(ObligationCounts left, ObligationCounts right) => left + right;
}

/// <summary>Hoạt động của một cụm, khối trong kỳ .</summary>
/// <param name="Planned">Not held yet.</param>
/// <param name="Held">Held, meetings among them.</param>
/// <param name="Cancelled">Cancelled.</param>
/// <param name="MeetingsHeld">Of those held: the two reviews of the year.</param>
public sealed record ActivityCounts(int Planned, int Held, int Cancelled, int MeetingsHeld);

/// <summary>Theo dõi một cụm, khối (P4): what the agency looks at, on one day. No clock, no database; it accuses nobody.</summary>
public static class ClusterWatch
{
    /// <summary>How the obligations of a cluster stand on a day, and which are overdue, the longest first.</summary>
    public static (ObligationCounts Counts, IReadOnlyList<OverdueItem> Overdue) Of(IEnumerable<Obligation> obligations, DateOnly day, ObligationRules rules, WorkingDayCalendar calendar)
    {
        var counts = new ObligationCounts(0, 0, 0, 0, 0);
        var overdue = new List<OverdueItem>();
        foreach (var obligation in obligations)
        {
            var standing = obligation.On(day, rules, calendar);
            var waits = standing.State == ObligationState.Open;
            counts += new ObligationCounts(
                standing.State == ObligationState.OnTime ? 1 : 0,
                standing.State == ObligationState.Late ? 1 : 0,
                waits && standing.LateWorkingDays == 0 ? 1 : 0,
                waits && standing.LateWorkingDays > 0 ? 1 : 0,
                standing.State == ObligationState.Missing ? 1 : 0);
            if ((waits && standing.LateWorkingDays > 0) || standing.State == ObligationState.Missing)
            {
                overdue.Add(new OverdueItem(obligation.Unit, obligation.Kind, obligation.Recipient, standing.LastDay, Math.Max(0, day.DayNumber - standing.LastDay.DayNumber), standing.LateWorkingDays, !waits));
            }
        }

        overdue.Sort((one, other) => (one.LastDay, one.Kind, one.Recipient).CompareTo((other.LastDay, other.Kind, other.Recipient)) is var byDay and not 0 ? byDay : string.CompareOrdinal(one.Unit, other.Unit));
        return (counts, overdue);
    }

    public static ActivityCounts Of(IReadOnlyCollection<Activity> activities) => new(
        activities.Count(activity => activity.State == ActivityState.Planned),
        activities.Count(activity => activity.State == ActivityState.Held),
        activities.Count(activity => activity.State == ActivityState.Cancelled),
        activities.Count(activity => activity is { State: ActivityState.Held, Kind: ActivityKind.Meeting }));

    /// <summary>Days without an activity held and without a report received; none before the season begins.</summary>
    public static int QuietDays(Season season, DateOnly? lastActivity, DateOnly? lastReport, DateOnly day) => Math.Max(0, day.DayNumber - Since(season, lastActivity, lastReport).DayNumber);

    /// <summary>
    /// Chưa có hoạt động ghi nhận (P4): nothing was recorded for longer than the rule says. A season that is over is left alone.
    /// </summary>
    public static ClusterFinding? Silence(Season season, string cluster, DateOnly? lastActivity, DateOnly? lastReport, DateOnly day, SilentClusterRule rule, CitedRule cited)
    {
        var quiet = QuietDays(season, lastActivity, lastReport, day);
        return season.Phase != SeasonPhase.Closed && quiet > rule.Days
            ? ClusterFinding.By(cited, "SILENT_CLUSTER", $"{cluster} chưa có hoạt động ghi nhận và chưa nhận được báo cáo nào trong {quiet} ngày, từ {Since(season, lastActivity, lastReport):dd/MM/yyyy}, quá {rule.Days} ngày; cần xem xét.", [])
            : null;
    }

    private static DateOnly Since(Season season, DateOnly? lastActivity, DateOnly? lastReport)
    {
        var since = lastActivity > season.FirstDay ? lastActivity.Value : season.FirstDay;
        return lastReport > since ? lastReport.Value : since;
    }
}

/// <summary>Chỉ số chiều sâu (P2), as Scoring told them.</summary>
/// <param name="Sheets">Sheets of the result.</param>
/// <param name="ReturnedSheets">Of them, returned at least once.</param>
/// <param name="Lines">Lines whose points the unit declares.</param>
/// <param name="EvidencedLines">Of them, with evidence.</param>
/// <param name="ComparedLines">Lines with points of the first and the last layer.</param>
/// <param name="UnchangedLines">Of them, the same in all layers.</param>
/// <param name="Max">Highest total that the criteria table gives, in points.</param>
/// <param name="Spread">Highest less lowest total, in points; null: fewer than two.</param>
/// <param name="MeanInflation">Mean of self less final total, in points; null: no sheet with both.</param>
/// <param name="Formalism">Whether the signs that the rule of Scoring names are there; null: too little to say.</param>
/// <param name="Explanation">Vietnamese, one sentence each.</param>
public sealed record DepthFigures(
    int Sheets, int ReturnedSheets, int Lines, int EvidencedLines, int ComparedLines, int UnchangedLines, decimal Max, decimal? Spread, decimal? MeanInflation, bool? Formalism, IReadOnlyList<string> Explanation);

/// <summary>Chiều sâu của một cụm, khối (P2): the copy of what Scoring computed of its decided result.</summary>
public sealed class ClusterDepth
{
    public required Guid ClusterId { get; init; }

    public required string Season { get; init; }

    /// <summary>Number of the decision that the figures are of; 0 before the first.</summary>
    public int ResultVersion { get; private set; }

    public DepthFigures Figures { get; private set; } = new(0, 0, 0, 0, 0, 0, 0, null, null, null, []);

    public DateTimeOffset ComputedAt { get; private set; }

    /// <summary>The figures of the latest decision count, in whatever order they are told.</summary>
    public void Take(int resultVersion, DepthFigures figures, DateTimeOffset computedAt)
    {
        if ((resultVersion, computedAt).CompareTo((ResultVersion, ComputedAt)) > 0)
        {
            (ResultVersion, Figures, ComputedAt) = (resultVersion, figures, computedAt);
        }
    }
}
