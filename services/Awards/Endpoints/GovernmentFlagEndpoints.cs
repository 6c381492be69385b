using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.Awards.Messaging;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Đề nghị tặng Cờ thi đua của Chính phủ .</summary>
public static class GovernmentFlagEndpoints
{
    public static void MapGovernmentFlagProposals(this RouteGroupBuilder api)
    {
        var proposals = api.MapGroup("/government-flag-proposals").WithTags("Government flag");
        string[] readers = [Roles.Appraiser, Roles.AppraisalHead, Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair, Roles.Auditor];
        proposals.MapPost("/", DrawUp)
            .AllowRoles(Roles.AppraisalHead)
            .WithSummary("Lập đề nghị tặng Cờ thi đua của Chính phủ")
            .WithDescription("""
                Trong số đơn vị được thông qua Cờ thi đua của UBND tỉnh và đủ phiếu cho Cờ thi đua của Chính phủ, lấy theo số phiếu, không quá chỉ tiêu (làm tròn xuống).
                Bằng phiếu ở ranh giới thì không chọn đơn vị nào trong số đó (unresolved). Danh sách đang chờ kết quả mới, quyết định đã hủy bỏ thì không tính. Ví dụ: {"season":"2024"}. Lỗi 409: not-known-yet, season-closed, no-award-policy.
                """);
        proposals.MapGet("/{season}", Get)
            .AllowRoles(readers)
            .WithSummary("Đề nghị mới nhất của một mùa thi đua");
        proposals.MapGet("/{season}/explanation", Explain)
            .AllowRoles(readers)
            .WithSummary("Diễn giải đề nghị tặng Cờ thi đua của Chính phủ");
    }

    private static async Task<Results<Created<ProposalView>, Ok<ProposalView>>> DrawUp(
        ProposalRequest request, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        Given.Require(("/season", request.Season));
        var season = await db.OpenSeasonAsync(request.Season!, ct);
        var policy = await db.PolicyAsync(season.Code, season.Year, ct);
        var results = await db.Results.AsNoTracking().Where(result => result.Season == season.Code).ToListAsync(ct);
        var ballots = await (
            from ballot in db.Ballots.AsNoTracking()
            join list in db.NominationLists on ballot.ListId equals list.Id
            where ballot.Season == season.Code && list.State == NominationListState.Current
                && !db.Revocations.Any(revocation => revocation.BallotId == ballot.Id && revocation.State == RevocationState.Revoked)
            select ballot).ToListAsync(ct);
        var flagVotes = ballots.Where(ballot => ballot.Award is AwardKind.GovernmentFlag).ToDictionary(ballot => ballot.NominationId);
        var holders = ballots
            .Where(ballot => ballot.Award is AwardKind.ProvincialFlag && ballot.Passed)
            .Select(ballot => new FlagHolder(
                ballot.Cluster,
                ballot.Unit,
                flagVotes.TryGetValue(ballot.NominationId, out var vote) ? CouncilVote.Recorded(vote) : null))
            .ToList();
        var proposal = GovernmentFlag.Propose(holders, results.Count(result => result is { IsDecided: true, Facts.IsComplete: true }), policy);

        var latest = await Latest(db, season.Code, ct);
        if (latest?.IsSame(proposal, policy.Version) == true)
        {
            return TypedResults.Ok(ProposalView.Of(latest));
        }

        var stored = new StoredProposal
        {
            Id = Guid.CreateVersion7(),
            Season = season.Code,
            Version = 1 + (latest?.Version ?? 0),
            PolicyVersion = policy.Version,
            Proposal = proposal,
            DrawnUpBy = caller.Subject,
            DrawnUpAt = clock.GetUtcNow(),
        };
        db.Add(stored);
        db.Publish(stored.ToFact(policy.Switches.GovFlag));
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/v1/government-flag-proposals/{Uri.EscapeDataString(stored.Season)}", ProposalView.Of(stored));
    }

    private static async Task<Results<Ok<ProposalView>, NotFound>> Get(string season, AwardsDbContext db, CancellationToken ct) =>
        await Latest(db, season, ct) is { } proposal ? TypedResults.Ok(ProposalView.Of(proposal)) : TypedResults.NotFound();

    private static async Task<Results<Ok<ProposalExplanation>, NotFound>> Explain(string season, AwardsDbContext db, CancellationToken ct)
    {
        if (await Latest(db, season, ct) is not { } proposal)
        {
            return TypedResults.NotFound();
        }

        var policy = await db.Policies.AsNoTracking().SingleAsync(known => known.Version == proposal.PolicyVersion, ct);
        return TypedResults.Ok(new ProposalExplanation(
            ProposalView.Of(proposal),
            new PolicyUsed(policy.Version, policy.Season, policy.ValidFrom, policy.ValidTo, policy.Basis, policy.Switches, Citations.Check(policy.Basis, await db.CitableRegisterAsync(ct), policy.JudgedOn(VietnamDate.Of(proposal.DrawnUpAt)))),
            proposal.Proposal.Derivation));
    }

    private static Task<StoredProposal?> Latest(AwardsDbContext db, string season, CancellationToken ct) =>
        db.Proposals.AsNoTracking().Where(proposal => proposal.Season == season).OrderByDescending(proposal => proposal.Version).FirstOrDefaultAsync(ct);
}

/// <param name="Season">Code.</param>
public sealed record ProposalRequest(string? Season);

/// <param name="Season">Code.</param>
/// <param name="Version">Of the proposal, within the season.</param>
/// <param name="PolicyVersion">Of the policy.</param>
/// <param name="Base">What the quota is a share of.</param>
/// <param name="Quota">How many may be proposed.</param>
/// <param name="Proposed">By votes, then cluster.</param>
/// <param name="Unresolved">Only when there is a tie at the cut: those tied.</param>
/// <param name="DrawnUpAt">When.</param>
/// <param name="DrawnUpBy">Account.</param>
public sealed record ProposalView(
    string Season, int Version, int PolicyVersion, int Base, int Quota, IReadOnlyList<ProposedUnit> Proposed, IReadOnlyList<ProposedUnit>? Unresolved,
    DateTimeOffset DrawnUpAt, string DrawnUpBy)
{
    internal static ProposalView Of(StoredProposal stored) => new(
        stored.Season, stored.Version, stored.PolicyVersion, stored.Proposal.Base, stored.Proposal.Quota, stored.Proposal.Proposed,
        stored.Proposal.Unresolved.Count == 0 ? null : stored.Proposal.Unresolved, stored.DrawnUpAt, stored.DrawnUpBy);
}

public sealed record ProposalExplanation(ProposalView Proposal, PolicyUsed Policy, Derivation Derivation);
