using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Mức chậm của một báo cáo: counted to the standing agency.</summary>
/// <param name="Report">Which report.</param>
/// <param name="WorkingDays">Working days late; 0 is on time, null is missing.</param>
public sealed record ReportLateness(ReportKind Report, int? WorkingDays);

/// <summary>Số liệu chính thức về báo cáo: what was last told of a unit's reports in a season.</summary>
public sealed class ReportFact
{
    public required string Season { get; init; }

    public required string Unit { get; init; }

    public IReadOnlyList<ReportLateness> Late { get; private set; } = [];

    /// <summary>Grows with every change.</summary>
    public int Version { get; private set; }

    /// <summary>What a unit's obligations say on a day; a report that is neither received nor missing has no lateness yet.</summary>
    public static IReadOnlyList<ReportLateness> LatenessOf(IEnumerable<Obligation> obligations, DateOnly day, ObligationRules rules, WorkingDayCalendar calendar) =>
    [
        .. from report in Enum.GetValues<ReportKind>()
           from obligation in obligations
           where obligation.Kind == report.AsObligation() && obligation.Recipient == ObligationRecipient.StandingAgency
           let standing = obligation.On(day, rules, calendar)
           where standing.State is ObligationState.OnTime or ObligationState.Late or ObligationState.Missing
           select new ReportLateness(report, standing.State == ObligationState.Missing ? null : standing.LateWorkingDays),
    ];

    /// <returns>Whether there is something new to tell.</returns>
    public bool Take(IReadOnlyList<ReportLateness> late)
    {
        if (Late.SequenceEqual(late))
        {
            return false;
        }

        (Late, Version) = (late, Version + 1);
        return true;
    }
}
