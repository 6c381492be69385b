using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Which layers of a sheet a caller may see; whoever sees none is told that there is no such sheet.</summary>
/// <param name="Review">The review layer.</param>
/// <param name="Final">The final layer, total included.</param>
internal sealed record SheetSight(bool Review, bool Final)
{
    private static readonly string[] s_agency = [Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor];
    private static readonly string[] s_council = [Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair];

    /// <summary>Everybody to whom the layer matrix ever shows a score; neither the administrator nor who confirms facts is among them.</summary>
    public static readonly string[] Readers = [Roles.UnitClerk, Roles.UnitHead, .. s_agency, .. s_council];

    /// <summary>Null: not at all. An account without a unit belongs to no unit and no cluster.</summary>
    public static SheetSight? Of(ScoreSheet sheet, ClusterCopy cluster, Caller caller)
    {
        var decided = sheet.State == SheetState.Locked;
        if (caller.Is(s_agency))
        {
            return new SheetSight(true, true);
        }

        if (!caller.Is(Roles.UnitClerk, Roles.UnitHead))
        {
            return decided && caller.Is(s_council) ? new SheetSight(true, true) : null;
        }

        if (caller.BelongsTo(sheet.Unit))
        {
            return new SheetSight(sheet.IsReviewed, decided);
        }

        if (caller.Is(Roles.UnitHead) && cluster.ReviewerOf(caller.Unit) is not null && sheet.IsSubmitted)
        {
            return new SheetSight(true, decided);
        }

        return decided && cluster.Has(caller.Unit) ? new SheetSight(true, true) : null;
    }

    /// <summary>Whether there is a review layer for this caller yet: both reviewers are done.</summary>
    public bool ShowsReviewOf(ScoreSheet sheet) => Review && sheet.IsReviewed;

    /// <summary>Whether there is a final layer for this caller yet, drafted or decided.</summary>
    public bool ShowsFinalOf(ScoreSheet sheet) => Final && sheet.State is SheetState.UnderAppraisal or SheetState.ReturnedForEvidence or SheetState.Locked;

    public static bool IsAgency(Caller caller) => caller.Is(s_agency);

    public static bool IsCouncil(Caller caller) => caller.Is(s_council);
}
