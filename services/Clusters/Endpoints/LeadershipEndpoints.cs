using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Chọn trưởng, phó của cụm, khối (F-33): how they were chosen, by which document.</summary>
public static class LeadershipEndpoints
{
    public static void MapLeaderships(this IEndpointRouteBuilder app)
    {
        var clusters = app.MapGroup("/clusters").WithTags("Clusters");

        clusters.MapPost("/{id:guid}/leadership", Record).WithIfMatch().WithETag().Accepts<LeadershipRecordRequest>("application/json").AllowRoles(Roles.AppraisalHead)
            .WithSummary("Ghi nhận việc chọn trưởng và phó của một cụm, khối")
            .WithDescription("Cần If-Match của cụm, khối. ELECTED: votes là phiếu của các thành viên; cần hơn một nửa tổng số thành viên (hoặc tất cả, theo quy tắc CLUSTER_AGREEMENT); bằng phiếu thì bầu lại (409 vote-tied, no-majority, not-elected). ROTATION: đúng lượt hoặc nêu lý do (MISSING_REASON). Đổi trưởng, phó khi các đơn vị đã tự chấm điểm: 409 wrong-phase; kỳ đã kết thúc: 409 season-closed. Lỗi: LEADER_NOT_MEMBER, LEADER_IS_DEPUTY, VOTER_NOT_MEMBER, CANDIDATE_NOT_MEMBER, MISSING_VOTES, VOTES_NOT_COUNTED, DUPLICATE_CODE, OUT_OF_RANGE.");
        clusters.MapGet("/{id:guid}/leadership", Get).Produces(StatusCodes.Status409Conflict).AllowAnyRole()
            .WithSummary("Trưởng, phó của một cụm, khối và việc chọn qua các kỳ thi đua")
            .WithDescription("409 no-rule: không có quy tắc LEADER_SELECTION cho ngày đó.");
    }

    public sealed record LeadershipRecordRequest(string Leader, string Deputy, LeaderSelectionMethod Method, string Document, DateOnly From, IReadOnlyDictionary<string, string>? Votes = null, string? Reason = null);

    /// <param name="Cluster">Khóa của cụm, khối.</param>
    /// <param name="Code">Mã cụm, khối.</param>
    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="Leader">Who leads now.</param>
    /// <param name="Deputy">Who is deputy now.</param>
    /// <param name="UsualMethod">What the rule LEADER_SELECTION holds usual.</param>
    /// <param name="Selected">Whether a selection of this leader is recorded for this season.</param>
    /// <param name="NextInTurn">Whose turn it is, of the members now.</param>
    /// <param name="Finding">LEADER_NOT_SELECTED, if so.</param>
    /// <param name="History">Selections of the cluster of this code, the latest first.</param>
    /// <param name="PastLeaders">Who led in earlier seasons, the latest first.</param>
    public sealed record LeadershipView(Guid Cluster, string Code, string Season, string Leader, string Deputy, LeaderSelectionMethod UsualMethod, bool Selected, string? NextInTurn, SimilarityEndpoints.FindingView? Finding, IReadOnlyList<SelectionView> History, IReadOnlyList<PastLeader> PastLeaders);

    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="Leader">Trưởng.</param>
    /// <param name="Deputy">Phó.</param>
    /// <param name="Method">ELECTED, ROTATION or APPOINTED.</param>
    /// <param name="Document">Biên bản, quyết định.</param>
    /// <param name="From">From which day on.</param>
    /// <param name="VotesForLeader">Of an election: votes for the leader. Who voted for whom stands in the minutes.</param>
    /// <param name="Members">Official number of members then.</param>
    /// <param name="NextInTurn">Of a rotation: whose turn it was.</param>
    /// <param name="Reason">Why it was not that unit, if so.</param>
    /// <param name="RecordedAt">When it was recorded.</param>
    public sealed record SelectionView(string Season, string Leader, string Deputy, LeaderSelectionMethod Method, string Document, DateOnly From, int? VotesForLeader, int Members, string? NextInTurn, string? Reason, DateTimeOffset RecordedAt)
    {
        internal static SelectionView Of(ClusterLeadership selection) =>
            new(selection.Season, selection.Leader, selection.Deputy, selection.Method, selection.Document, selection.From, selection.VotesForLeader, selection.Members, selection.NextInTurn, selection.Reason, selection.RecordedAt);
    }

    private static async Task<Results<Created<LeadershipView>, NotFound>> Record(Guid id, StrictBody body, HttpRequest request, HttpResponse response, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Clusters.AsNoTracking().Where(cluster => cluster.Id == id).Select(cluster => cluster.Season).SingleOrDefaultAsync(ct) is not { } code)
        {
            return TypedResults.NotFound();
        }

        // The cluster is read under the season's lock: what was read before it may have changed while waiting.
        var season = (await db.LockSeasonAsync(code, ct))!;
        var cluster = await db.Clusters.SingleAsync(found => found.Id == id, ct);
        Preconditions.Require(request, cluster.RowVersion);
        season.RequireOpen();
        var today = clock.Today();
        var asked = Read(body, season, today);
        journal.Because(asked?.Reason);
        body.RefuseIfWrong();

        var agreement = await db.RuleAsync<ClusterAgreement>(season.MembershipDay(today), ct);
        var past = (await SeasonComparison.PastLeadersAsync(season, [cluster.Code], db, ct))[cluster.Code];
        db.Add(ClusterLeadership.Record(cluster, asked!, agreement.By, past, clock.GetUtcNow()));
        if ((cluster.Leader, cluster.Deputy) != (asked!.Leader, asked.Deputy))
        {
            cluster.Lead(season, asked.Leader, asked.Deputy);
            await ClusterEndpoints.FollowAsync(db, season, cluster, clock, ct);
        }

        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, cluster.RowVersion);
        return TypedResults.Created($"/api/v1/clusters/{id}/leadership", await ViewAsync(cluster, season, db, clock, ct));
    }

    private static async Task<Results<Ok<LeadershipView>, NotFound>> Get(Guid id, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Clusters.AsNoTracking().SingleOrDefaultAsync(found => found.Id == id, ct) is not { } cluster)
        {
            return TypedResults.NotFound();
        }

        return TypedResults.Ok(await ViewAsync(cluster, await db.Seasons.AsNoTracking().SingleAsync(season => season.Code == cluster.Season, ct), db, clock, ct));
    }

    private static LeadershipRequest? Read(StrictBody body, Season season, DateOnly today)
    {
        var root = body.Root;
        var (leader, deputy, method, document, from) = (root.Text("leader"), root.Text("deputy"), root.Choice<LeaderSelectionMethod>("method"), root.Name("document"), root.Date("from"));
        var reason = root.Has("reason") ? root.Name("reason") : null;
        root.Ignore("reason");
        Dictionary<string, string>? votes = null;
        if (root.Has("votes"))
        {
            votes = new(StringComparer.Ordinal);
            foreach (var (voter, vote) in root.Entries("votes"))
            {
                if (vote.AsText() is { } candidate && !votes.TryAdd(voter, candidate))
                {
                    vote.Refuse("DUPLICATE_CODE", $"Phiếu của {voter} được ghi hai lần.");
                }
            }
        }

        root.Ignore("votes");
        root.RefuseUnknown();
        var latest = today > season.FirstDay ? today : season.FirstDay;
        latest = latest > season.LastDay ? season.LastDay : latest;
        if (from < season.FirstDay || from > latest)
        {
            root.Refuse("OUT_OF_RANGE", $"Ngày bắt đầu phải từ {season.FirstDay:dd/MM/yyyy} đến {latest:dd/MM/yyyy}.", "from");
        }

        return leader is null || deputy is null || method is null || document is null || from is null ? null : new LeadershipRequest(leader, deputy, method.Value, document, from.Value, votes, reason);
    }

    private static async Task<LeadershipView> ViewAsync(Cluster cluster, Season season, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var history = await (
            from selection in db.Leaderships.AsNoTracking()
            join of in db.Seasons on selection.Season equals of.Code
            where selection.ClusterCode == cluster.Code && of.FirstDay <= season.FirstDay
            orderby of.FirstDay descending, selection.RecordedAt descending
            select selection).ToListAsync(ct);
        PastLeader[] past = [.. (await SeasonComparison.PastLeadersAsync(season, [cluster.Code], db, ct))[cluster.Code].OrderByDescending(turn => turn.FirstDay)];
        var latest = history.Find(selection => selection.ClusterId == cluster.Id);
        var (usual, cited) = CitedRule.On<LeaderSelectionRule>(await db.Rules.AsNoTracking().Where(rule => rule.Code == LeaderSelectionRule.Code).ToListAsync(ct), season.MembershipDay(clock.Today()));
        var finding = LeaderSelection.NotSelected(cluster, past, latest, cited);
        return new LeadershipView(
            cluster.Id, cluster.Code, cluster.Season, cluster.Leader, cluster.Deputy, usual.Method, latest?.Leader == cluster.Leader,
            LeaderSelection.NextInTurn(cluster.Members.Select(member => member.Unit), past), finding is null ? null : SimilarityEndpoints.FindingView.Of(finding), history.ConvertAll(SelectionView.Of), past);
    }
}
