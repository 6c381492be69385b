using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>What of the papers a caller sees: one by one by the rule of the domain, and as a list by the same rule in the database.</summary>
internal static class PaperSight
{
    public static readonly string[] Council = [Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair];
    public static readonly string[] Units = [Roles.UnitClerk, Roles.UnitHead];
    public static readonly string[] Readers = [.. Units, .. Council, Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor];
    public static readonly string[] Drafters = [.. Units, Roles.Appraiser, Roles.AppraisalHead, Roles.CouncilSecretary];
    public static readonly string[] Issuers = [Roles.UnitHead, Roles.AppraisalHead, Roles.CouncilSecretary];

    public static PaperActor Actor(Caller caller) => new(
        caller.Is(Units) ? caller.Unit : null, caller.Is(Roles.UnitHead), caller.Is(Roles.Appraiser), caller.Is(Roles.AppraisalHead),
        caller.Is(Roles.CouncilSecretary), caller.Is(Council), caller.Is(Roles.Auditor));

    public static async Task<PaperAccess> AccessToAsync(this DocumentsDbContext db, PaperSubject about, bool wasIssued, CancellationToken ct)
    {
        var cluster = about.ClusterId is { } id ? await db.Clusters.AsNoTracking().SingleOrDefaultAsync(known => known.Id == id, ct) : null;
        return new PaperAccess(about, wasIssued, cluster?.Leader, cluster?.Members ?? []);
    }

    /// <summary>The paper, to be changed; null when there is none or the caller may not know of it.</summary>
    public static async Task<(Paper Paper, PaperAccess Access)?> PaperAsync(this DocumentsDbContext db, Guid id, Caller caller, CancellationToken ct)
    {
        if (await db.Papers.SingleOrDefaultAsync(known => known.Id == id, ct) is not { } paper)
        {
            return null;
        }

        var access = await db.AccessToAsync(paper.About, paper.WasIssued, ct);
        return access.MayBeSeenBy(Actor(caller)) ? (paper, access) : null;
    }

    public static IQueryable<Paper> VisibleTo(this DocumentsDbContext db, PaperActor actor)
    {
        var papers = db.Papers.AsNoTracking();
        if (actor.StandingAgency || actor.Auditor)
        {
            return papers;
        }

        var (unit, secretary, council, ofClusters, forCouncil) = (actor.Unit, actor.Secretary, actor.Council, PaperSubject.OfClusters, PaperAccess.ForCouncil);
        return papers.Where(paper =>
            (secretary && paper.Kind == PaperKind.VoteCountMinutes)
            || (council && paper.IssuedAt != null && forCouncil.Contains(paper.Kind))
            || (unit != null && paper.IssuedAt != null && paper.Kind == PaperKind.UnitNotice && paper.Unit == unit)
            || (unit != null && ofClusters.Contains(paper.Kind)
                && db.Clusters.Any(cluster => cluster.Id == paper.ClusterId && (cluster.Leader == unit || (paper.IssuedAt != null && cluster.Members.Contains(unit))))));
    }
}
