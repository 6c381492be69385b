using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Phương án chia cụm, khối: proposed from the attributes of units, edited by the agency, then formed.</summary>
public static class ClusterProposalEndpoints
{
    private const int MaximumUnits = 5000;
    private const int MaximumClusters = 1000;

    public static void MapClusterProposals(this IEndpointRouteBuilder app)
    {
        var proposals = app.MapGroup("/cluster-proposals").WithTags("Cluster proposals");

        proposals.MapPost("/", Propose).WithETag().Accepts<ProposeRequest>("application/json").AllowRoles(Roles.Admin, Roles.Appraiser, Roles.AppraisalHead)
            .WithSummary("Lập phương án chia cụm, khối cho một kỳ thi đua")
            .WithDescription("Chia theo loại, cấp, thuộc tính rồi quy mô; mỗi đơn vị ở đúng một cụm, khối hoặc nằm trong unplaced kèm lý do. Không nêu units: mọi đơn vị đang hoạt động chưa thuộc cụm, khối nào, của các loại nêu ở categories (mặc định: các loại thi đua theo loại của kỳ) và các cấp nêu ở levels (mặc định: mọi cấp). min, max mặc định theo quy tắc CLUSTER_SIZE. Chỉ ở giai đoạn SETUP (409 wrong-phase); không còn đơn vị nào để chia: 409 no-units. Lỗi: UNKNOWN_SEASON, UNKNOWN_CATEGORY, UNKNOWN_LEVEL, UNKNOWN_UNIT, UNIT_IN_TWO_CLUSTERS, DUPLICATE_CODE, OUT_OF_RANGE, TOO_MANY.");
        proposals.MapGet("/{id:guid}", Get).Produces(StatusCodes.Status409Conflict).WithETag().AllowRoles(Roles.Admin, Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Một phương án chia cụm, khối, kèm lý do, các lưu ý và ETag")
            .WithDescription("409 no-rule: không có quy tắc cho ngày đó.");
        proposals.MapPut("/{id:guid}", Edit).WithIfMatch().WithETag().Accepts<EditRequest>("application/json").AllowRoles(Roles.Admin, Roles.Appraiser, Roles.AppraisalHead)
            .WithSummary("Điều chỉnh phương án: tên, thành viên của các cụm, khối")
            .WithDescription("Cần If-Match. Đơn vị không được xếp vào đâu thì chuyển sang unplaced. Câu trả lời kèm các lưu ý về tính tương đồng. Đã thành lập: 409 proposal-formed. Lỗi: DUPLICATE_CODE, UNKNOWN_UNIT, UNIT_IN_TWO_CLUSTERS, TOO_MANY.");
        proposals.MapPost("/{id:guid}/form", Form).WithIfMatch().Accepts<FormRequest>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Thành lập các cụm, khối theo phương án, với trưởng và phó của từng cụm, khối")
            .WithDescription("Cần If-Match. Tất cả hoặc không gì cả, như POST /clusters: chỉ ở giai đoạn SETUP (409 wrong-phase), một lần (409 proposal-formed). Lỗi: UNKNOWN_CLUSTER, DUPLICATE_CODE, MISSING_PROPERTY, UNKNOWN_UNIT, UNKNOWN_LEVEL, UNKNOWN_CATEGORY, UNIT_IN_TWO_CLUSTERS, LEADER_NOT_MEMBER, LEADER_IS_DEPUTY.");
    }

    public sealed record ProposeRequest(string Season, IReadOnlyList<string>? Units = null, IReadOnlyList<string>? Categories = null, IReadOnlyList<string>? Levels = null, int? Min = null, int? Max = null, ClusterKind? Kind = null);

    public sealed record EditRequest(IReadOnlyList<EditedCluster> Clusters, string? Reason = null);

    public sealed record EditedCluster(string Code, string Name, ClusterKind Kind, IReadOnlyList<string> Members);

    public sealed record FormRequest(IReadOnlyList<ClusterLeaders> Clusters, string? Reason = null);

    public sealed record ClusterLeaders(string Code, string Leader, string Deputy);

    /// <param name="Id">Key.</param>
    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="State">DRAFT or FORMED.</param>
    /// <param name="Min">Fewest members, as asked for.</param>
    /// <param name="Max">Most members, as asked for.</param>
    /// <param name="Clusters">The clusters proposed.</param>
    /// <param name="Unplaced">Units that are in none of them, with the reason.</param>
    /// <param name="CreatedAt">When it was drawn up.</param>
    public sealed record ProposalView(Guid Id, string Season, ProposalState State, int Min, int Max, IReadOnlyList<ProposedClusterView> Clusters, IReadOnlyList<UnplacedUnit> Unplaced, DateTimeOffset CreatedAt);

    /// <param name="Code">Mã.</param>
    /// <param name="Name">Tên.</param>
    /// <param name="Kind">CUM or KHOI.</param>
    /// <param name="Size">Number of members.</param>
    /// <param name="Members">Unit codes, sorted.</param>
    /// <param name="Reasons">Why these units are together.</param>
    /// <param name="Findings">What is to be looked at.</param>
    /// <param name="WorstFit">The member that fits worst, among the clusters of this proposal.</param>
    public sealed record ProposedClusterView(string Code, string Name, ClusterKind Kind, int Size, IReadOnlyList<string> Members, IReadOnlyList<string> Reasons, IReadOnlyList<SimilarityEndpoints.FindingView> Findings, SimilarityEndpoints.WorstFitView? WorstFit);

    private static async Task<Created<ProposalView>> Propose(StrictBody body, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var request = ProposalBodies.ReadRequest(body, MaximumUnits);
        var season = await db.Seasons.AsNoTracking().SingleOrDefaultAsync(found => found.Code == request.Season, ct);
        if (season is null && request.Season is not null)
        {
            body.Root.Refuse("UNKNOWN_SEASON", $"Không có kỳ thi đua {request.Season}.", "season");
        }

        body.RefuseIfWrong();
        season!.RequireForming();
        var comparison = await SeasonComparison.LoadAsync(season, db, clock, ct);
        var limits = ProposalBodies.Limits(body, request, comparison.Limits);
        var labels = new TermsOf(season, await db.Categories.AsNoTracking().ToListAsync(ct), await db.Levels.AsNoTracking().ToListAsync(ct));
        var (units, outside) = await ProposalBodies.UnitsAsync(body, request, comparison, labels, db, ct);
        body.RefuseIfWrong();
        if (units.Count == 0)
        {
            throw new RuleViolationException("no-units", $"Không còn đơn vị nào để chia trong kỳ thi đua {season.Code} theo các điều kiện đã nêu.");
        }

        var taken = comparison.Clusters.Select(cluster => cluster.Code).ToHashSet(StringComparer.Ordinal);
        var division = new ProvinceDivision(comparison.Similarity, limits, request.Kind ?? ClusterKind.Khoi, labels.Labels, taken).Of(units);
        var proposal = ClusterProposal.Draft(season.Code, limits, division with { Unplaced = [.. division.Unplaced, .. outside] }, clock.GetUtcNow());
        db.Add(proposal);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, proposal.RowVersion);
        return TypedResults.Created($"/api/v1/cluster-proposals/{proposal.Id}", await ViewAsync(proposal, comparison, db, ct));
    }

    private static async Task<Results<Ok<ProposalView>, NotFound>> Get(Guid id, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.ClusterProposals.AsNoTracking().SingleOrDefaultAsync(found => found.Id == id, ct) is not { } proposal)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, proposal.RowVersion);
        return TypedResults.Ok(await ViewAsync(proposal, await ComparisonAsync(proposal, db, clock, ct), db, ct));
    }

    private static async Task<Results<Ok<ProposalView>, NotFound>> Edit(Guid id, StrictBody body, HttpRequest request, HttpResponse response, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await db.ClusterProposals.FindAsync([id], ct) is not { } proposal)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, proposal.RowVersion);
        journal.Because(body.Root.Text("reason", required: false));
        var clusters = ProposalBodies.ReadClusters(body, MaximumClusters);
        body.RefuseIfWrong();
        proposal.Edit(clusters, body.Errors);
        body.RefuseIfWrong();
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, proposal.RowVersion);
        return TypedResults.Ok(await ViewAsync(proposal, await ComparisonAsync(proposal, db, clock, ct), db, ct));
    }

    private static async Task<Results<Created<ClusterEndpoints.FormClustersAnswer>, NotFound>> Form(Guid id, StrictBody body, HttpRequest request, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await db.ClusterProposals.AsNoTracking().Where(found => found.Id == id).Select(found => found.Season).SingleOrDefaultAsync(ct) is not { } code)
        {
            return TypedResults.NotFound();
        }

        // The proposal is read under the season's lock: what was read before it may have changed while waiting.
        var season = (await db.LockSeasonAsync(code, ct))!;
        var proposal = await db.ClusterProposals.SingleAsync(found => found.Id == id, ct);
        Preconditions.Require(request, proposal.RowVersion);
        journal.Because(body.Root.Text("reason", required: false));
        var leaders = ProposalBodies.ReadLeaders(body, MaximumClusters);
        body.RefuseIfWrong();
        var plans = proposal.Plans(leaders, body.Errors);
        body.RefuseIfWrong();
        var clusters = await ClusterEndpoints.FormAsync(season, plans, body, db, clock, ct);
        proposal.Form();
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/v1/clusters?season={Uri.EscapeDataString(season.Code)}", new ClusterEndpoints.FormClustersAnswer(clusters.ConvertAll(cluster => new ClusterEndpoints.FormedCluster(cluster.Id, cluster.Code))));
    }

    private static async Task<SeasonComparison> ComparisonAsync(ClusterProposal proposal, ClustersDbContext db, TimeProvider clock, CancellationToken ct) =>
        await SeasonComparison.LoadAsync(await db.Seasons.AsNoTracking().SingleAsync(season => season.Code == proposal.Season, ct), db, clock, ct);

    private static async Task<ProposalView> ViewAsync(ClusterProposal proposal, SeasonComparison comparison, ClustersDbContext db, CancellationToken ct)
    {
        string[] codes = [.. proposal.Clusters.SelectMany(cluster => cluster.Members)];
        var units = await db.Units.AsNoTracking().Where(unit => codes.Contains(unit.Code)).ToDictionaryAsync(unit => unit.Code, StringComparer.Ordinal, ct);
        List<ComparedGroup> groups = [.. proposal.Clusters.Select(cluster => new ComparedGroup(cluster.Code, [.. cluster.Members.Select(member => comparison.Compared(units[member])).OfType<ComparedUnit>()]))];
        var clusters = proposal.Clusters.Zip(groups, (cluster, group) =>
        {
            var report = comparison.Of(group, groups);
            return new ProposedClusterView(cluster.Code, cluster.Name, cluster.Kind, cluster.Members.Count, cluster.Members, cluster.Reasons, [.. report.Findings.Select(SimilarityEndpoints.FindingView.Of)], SimilarityEndpoints.WorstFitView.Of(report.WorstFit, withPairs: false));
        });
        return new ProposalView(proposal.Id, proposal.Season, proposal.State, proposal.Min, proposal.Max, [.. clusters], proposal.Unplaced, proposal.CreatedAt);
    }
}
