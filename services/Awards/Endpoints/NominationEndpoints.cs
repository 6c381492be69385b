using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.Contracts.Awards;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Đề nghị khen thưởng: drawn up from a decided result, and why each is as it is.</summary>
public static class NominationEndpoints
{
    private static readonly string[] s_readers =
        [Roles.Appraiser, Roles.AppraisalHead, Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair, Roles.Auditor];

    public static void MapNominations(this RouteGroupBuilder api)
    {
        var nominations = api.MapGroup("/nominations").WithTags("Nominations");
        nominations.MapPost("/", DrawUp)
            .AllowRoles(Roles.Appraiser)
            .WithSummary("Lập danh sách đề nghị khen thưởng của một cụm, khối")
            .WithDescription("""
                Lập từ kết quả chấm điểm đã quyết định, các trường hợp loại trừ đang có hiệu lực và quy định xét khen thưởng. Dữ kiện không đổi thì trả lại danh sách đang có (200);
                dữ kiện đã đổi thì lập phiên bản mới (201), phiên bản cũ được giữ. Ví dụ: {"season":"2024","cluster":"C1"}.
                Lỗi 409: not-known-yet (kết quả chưa tới), result-reopened, ballot-exists (đã biểu quyết), season-closed, no-award-policy.
                """);
        nominations.MapGet("/", List)
            .AllowRoles(s_readers)
            .WithSummary("Danh sách đề nghị khen thưởng hiện hành của một mùa thi đua")
            .WithDescription("Theo cụm, khối; Cờ thi đua trước Bằng khen; rồi theo vị trí.");
        nominations.MapGet("/{id:guid}", Get)
            .AllowRoles(s_readers)
            .WithSummary("Một đề nghị khen thưởng, kể cả của phiên bản cũ");
        nominations.MapGet("/{id:guid}/explanation", Explain)
            .AllowRoles(s_readers)
            .WithSummary("Diễn giải một đề nghị khen thưởng")
            .WithDescription("Quy tắc và phiên bản, căn cứ, dữ kiện đã dùng, từng bước so sánh và từng trường hợp loại trừ kèm văn bản.");
    }

    private static async Task<Results<Created<NominationListView>, Ok<NominationListView>>> DrawUp(
        NominationRequest request, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        Given.Require(("/season", request.Season), ("/cluster", request.Cluster));
        var season = await db.OpenSeasonAsync(request.Season!, ct);
        var sought = db.Results.AsNoTracking().Where(known => known.Season == request.Season && known.Code == request.Cluster);
        if (await sought.Select(known => (Guid?)known.ClusterId).FirstOrDefaultAsync(ct) is { } clusterId)
        {
            await db.InTurnAsync($"{nameof(KnownResult)}/{clusterId}", ct); // a new decision comes before this list or finds it
        }

        var result = await sought.FirstOrDefaultAsync(ct);
        if (result is { IsReopened: true })
        {
            throw new RuleViolationException("result-reopened", $"Kết quả của {request.Cluster} đã được mở lại; chờ quyết định mới.");
        }

        var decided = result?.Facts ?? throw new NotKnownYetException($"Dịch vụ khen thưởng chưa nhận được kết quả của cụm, khối {request.Cluster} mùa thi đua {request.Season}.");
        var policy = await db.PolicyAsync(season.Code, season.Year, ct);
        var facts = await db.FactsAsync(decided, clock, ct);

        await db.HoldListAsync(result.ClusterId, toVote: false, ct);
        var current = await db.NominationLists.SingleOrDefaultAsync(list => list.ClusterId == result.ClusterId && list.State != NominationListState.Superseded, ct);
        if (current is { State: NominationListState.Current } && current.Fingerprint == facts.Fingerprint(policy))
        {
            await db.Entry(current).Collection(list => list.Nominations).LoadAsync(ct);
            return TypedResults.Ok(NominationListView.Of(current, await VotesOf(db, current.Id, ct)));
        }

        if (current is not null)
        {
            if (await db.Ballots.AnyAsync(ballot => ballot.ListId == current.Id, ct))
            {
                throw new RuleViolationException("ballot-exists", $"Hội đồng đã biểu quyết theo danh sách phiên bản {current.Version} của {request.Cluster}; không thể lập lại.");
            }

            current.Supersede();
            await db.SaveChangesAsync(ct); // before the next one comes: a cluster has one list that counts
        }

        var version = 1 + (await db.NominationLists.Where(list => list.ClusterId == result.ClusterId).MaxAsync(list => (int?)list.Version, ct) ?? 0);
        var drawn = NominationList.DrawUp(facts, policy, version, caller.Subject, clock.GetUtcNow());
        db.Add(drawn);
        db.Publish(Message(drawn));
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/v1/nominations?season={Uri.EscapeDataString(drawn.Season)}&cluster={Uri.EscapeDataString(drawn.Cluster)}", NominationListView.Of(drawn, CouncilVotes.None));
    }

    private static async Task<Page<NominationView>> List(string season, string? cluster, [AsParameters] PageQuery page, AwardsDbContext db, CancellationToken ct)
    {
        var rows =
            from nomination in db.Nominations.AsNoTracking()
            join list in db.NominationLists on nomination.ListId equals list.Id
            where nomination.Season == season && list.State != NominationListState.Superseded
            select new { nomination, list.Version, list.ResultVersion, list.PolicyVersion, list.State };
        if (cluster is not null)
        {
            rows = rows.Where(row => row.nomination.Cluster == cluster);
        }

        if (page.After is { } after)
        {
            rows = rows.Where(row => row.nomination.SortKey.CompareTo(after) > 0);
        }

        var found = await rows.OrderBy(row => row.nomination.SortKey).Take(page.Size + 1).ToListAsync(ct);
        var ids = found.ConvertAll(row => row.nomination.Id);
        var votes = new CouncilVotes(
            await db.Ballots.AsNoTracking().Where(ballot => ids.Contains(ballot.NominationId)).ToListAsync(ct),
            await db.Revocations.AsNoTracking().Where(revocation => ids.Contains(revocation.NominationId)).ToListAsync(ct));
        return new Page<NominationView>(
            [.. found.Take(page.Size).Select(row => NominationView.Of(row.nomination, row.Version, row.ResultVersion, row.PolicyVersion, row.State, votes))],
            found.Count > page.Size ? Cursor.Encode(found[page.Size - 1].nomination.SortKey) : null);
    }

    private static async Task<Results<Ok<NominationView>, NotFound>> Get(Guid id, AwardsDbContext db, CancellationToken ct)
    {
        if (await Find(db, id, ct) is not var (nomination, list))
        {
            return TypedResults.NotFound();
        }

        return TypedResults.Ok(NominationView.Of(nomination, list.Version, list.ResultVersion, list.PolicyVersion, list.State, await VotesOf(db, list.Id, ct)));
    }

    private static async Task<Results<Ok<NominationExplanation>, NotFound>> Explain(Guid id, AwardsDbContext db, CancellationToken ct)
    {
        if (await Find(db, id, ct) is not var (nomination, list))
        {
            return TypedResults.NotFound();
        }

        var policy = await db.Policies.AsNoTracking().SingleAsync(known => known.Id == list.PolicyId, ct);
        var votes = await VotesOf(db, list.Id, ct);
        var derivation = nomination.Derivation with
        {
            Steps = [.. nomination.Derivation.Steps, .. votes.Derive(id)],
        };
        return TypedResults.Ok(new NominationExplanation(
            NominationView.Of(nomination, list.Version, list.ResultVersion, list.PolicyVersion, list.State, votes),
            new PolicyUsed(policy.Version, policy.Season, policy.ValidFrom, policy.ValidTo, policy.Basis, policy.Switches, Citations.Check(policy.Basis, await db.CitableRegisterAsync(ct), policy.JudgedOn(VietnamDate.Of(list.DrawnUpAt)))),
            new FactsUsed(list.ResultVersion, list.Facts.AsOf, list.Facts.Result.Size, list.Facts.Result.Standings, list.Facts.Exclusions),
            derivation,
            list.Derivation));
    }

    private static async Task<(Nomination Nomination, NominationList List)?> Find(AwardsDbContext db, Guid id, CancellationToken ct)
    {
        var nomination = await db.Nominations.AsNoTracking().SingleOrDefaultAsync(known => known.Id == id, ct);
        return nomination is null ? null : (nomination, await db.NominationLists.AsNoTracking().SingleAsync(list => list.Id == nomination.ListId, ct));
    }

    private static async Task<CouncilVotes> VotesOf(AwardsDbContext db, Guid listId, CancellationToken ct)
    {
        var ballots = await db.Ballots.AsNoTracking().Where(ballot => ballot.ListId == listId).OrderBy(ballot => ballot.Id).ToListAsync(ct);
        var ids = ballots.ConvertAll(ballot => ballot.Id);
        return new CouncilVotes(ballots, await db.Revocations.AsNoTracking().Where(revocation => ids.Contains(revocation.BallotId)).OrderBy(revocation => revocation.Id).ToListAsync(ct));
    }

    private static NominationsDrawnUp Message(NominationList list) => new()
    {
        ClusterId = list.ClusterId,
        Season = list.Season,
        Code = list.Cluster,
        ResultVersion = list.ResultVersion,
        Positions =
        [
            .. list.Nominations.Select(nomination => new NominatedPosition
            {
                NominationId = nomination.Id,
                Award = UpperSnake.Of(nomination.Award),
                Position = nomination.Position,
                Unit = nomination.Unit,
                Status = UpperSnake.Of(nomination.Status),
                Reason = nomination.Reason,
            }),
        ],
        Version = list.Version,
        At = list.DrawnUpAt,
    };
}

/// <param name="Season">Code.</param>
/// <param name="Cluster">Code of the cluster in that season.</param>
public sealed record NominationRequest(string? Season, string? Cluster);

/// <param name="Season">Code.</param>
/// <param name="Cluster">Code.</param>
/// <param name="Version">Of the list, within its cluster.</param>
/// <param name="ResultVersion">Of the result that it rests on.</param>
/// <param name="PolicyVersion">Of the policy.</param>
/// <param name="State">CURRENT, WAITING or SUPERSEDED.</param>
/// <param name="DrawnUpAt">When.</param>
/// <param name="DrawnUpBy">Account.</param>
/// <param name="Reason">Vietnamese: the order as a whole, or why nobody is proposed.</param>
/// <param name="Nominations">The flag, then the certificates by position.</param>
public sealed record NominationListView(
    string Season, string Cluster, int Version, int ResultVersion, int PolicyVersion, NominationListState State, DateTimeOffset DrawnUpAt, string DrawnUpBy,
    string Reason, IReadOnlyList<NominationView> Nominations)
{
    internal static NominationListView Of(NominationList list, CouncilVotes votes) => new(
        list.Season, list.Cluster, list.Version, list.ResultVersion, list.PolicyVersion, list.State, list.DrawnUpAt, list.DrawnUpBy, list.Derivation.Statement,
        [
            .. list.Nominations.OrderBy(nomination => nomination.SortKey, StringComparer.Ordinal)
                .Select(nomination => NominationView.Of(nomination, list.Version, list.ResultVersion, list.PolicyVersion, list.State, votes)),
        ]);
}

/// <param name="Id">Id.</param>
/// <param name="Season">Code.</param>
/// <param name="Cluster">Code.</param>
/// <param name="Award">PROVINCIAL_FLAG or CHAIRMAN_MERIT.</param>
/// <param name="Position">In the award order, from 1.</param>
/// <param name="Unit">Null when unresolved.</param>
/// <param name="Status">CANDIDATE, HOLD, VACANT, UNRESOLVED, PASSED, FAILED or REVOKED.</param>
/// <param name="Tied">Only when unresolved: who may hold the position, in code order.</param>
/// <param name="Reason">Vietnamese.</param>
/// <param name="ListVersion">Version of the list it stands in.</param>
/// <param name="ResultVersion">Version of the result it rests on.</param>
/// <param name="PolicyVersion">Version of the policy.</param>
/// <param name="State">Of its list: CURRENT, WAITING for a result opened again, or SUPERSEDED.</param>
/// <param name="Ballot">The council's vote on the award of this nomination, if there was one.</param>
/// <param name="Revocation">The decision that revoked the award, if there was one; the vote stays beside it.</param>
public sealed record NominationView(
    Guid Id, string Season, string Cluster, AwardKind Award, int Position,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Unit,
    NominationStatus Status, IReadOnlyList<string>? Tied, string Reason,
    int ListVersion, int ResultVersion, int PolicyVersion, NominationListState State, BallotView? Ballot, RevocationView? Revocation)
{
    internal static NominationView Of(Nomination nomination, int version, int resultVersion, int policyVersion, NominationListState state, CouncilVotes votes)
    {
        var (ballot, revocation) = votes.On(nomination);
        return new NominationView(
            nomination.Id, nomination.Season, nomination.Cluster, nomination.Award, nomination.Position, nomination.Unit, nomination.StatusAfter(ballot, revocation is not null),
            nomination.Tied.Count == 0 ? null : nomination.Tied, nomination.Reason, version, resultVersion, policyVersion, state,
            ballot is null ? null : BallotView.Of(ballot), revocation is null ? null : RevocationView.Of(revocation));
    }
}

/// <param name="Nomination">What is explained.</param>
/// <param name="Policy">Rule version and legal basis.</param>
/// <param name="Facts">What it rests on.</param>
/// <param name="Derivation">Step by step.</param>
/// <param name="Order">The award order of the cluster as a whole.</param>
public sealed record NominationExplanation(NominationView Nomination, PolicyUsed Policy, FactsUsed Facts, Derivation Derivation, Derivation Order);

/// <param name="Citations">What the basis cites, checked against the register of law on the day on which the list was drawn up.</param>
public sealed record PolicyUsed(int Version, string? Season, DateOnly ValidFrom, DateOnly? ValidTo, string Basis, AwardSwitches Switches, IReadOnlyList<CheckedCitation> Citations);

public sealed record FactsUsed(int ResultVersion, DateOnly AsOf, int Size, IReadOnlyList<Standing> Standings, IReadOnlyList<Exclusion> Exclusions);
