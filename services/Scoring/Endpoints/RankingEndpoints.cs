using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Scoring;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Kết quả và xếp hạng của cụm: decided by the head of the standing agency, opened again with a reason (R-25).</summary>
public static class RankingEndpoints
{
    public static void MapRankings(this IEndpointRouteBuilder api)
    {
        var rankings = api.MapGroup("/rankings").WithTags("Rankings");

        rankings.MapGet("/", List).AllowRoles(SheetSight.Readers).WithSummary("Kết quả các cụm theo năm");
        rankings.MapGet("/{clusterId:guid}", Get).Produces<RankingView>().WithETag().AllowRoles(SheetSight.Readers)
            .WithSummary("Kết quả và xếp hạng của một cụm")
            .WithDescription("Tổng điểm và hạng chỉ có khi kết quả đã được quyết định. ETag là trạng thái của kết quả.");
        rankings.MapPost("/{clusterId:guid}/decide", Decide).WithIfMatch(optional: true).WithETag().AllowRoles(Roles.AppraisalHead)
            .WithSummary("Lãnh đạo cơ quan thường trực quyết định kết quả chấm điểm của cụm")
            .WithDescription("Mọi phiếu đã nộp phải được thẩm định; người đã thẩm định không được quyết định (403 drafter-decides). Kết quả được khóa và gửi đi.");
        rankings.MapPost("/{clusterId:guid}/reopen", Reopen).WithIfMatch(optional: true).WithETag().AllowRoles(Roles.AppraisalHead)
            .WithSummary("Mở lại kết quả đã quyết định, có lý do")
            .WithDescription("Kết quả cũ được giữ; quyết định lần sau là phiên bản mới.");
    }

    private static readonly Func<ScoringDbContext, Guid, CancellationToken, Task<RankingState?>> s_state = EF.CompileAsyncQuery((ScoringDbContext db, Guid id, CancellationToken ct) =>
        db.Results.Where(result => result.ClusterId == id)
            .Join(db.Clusters, result => result.ClusterId, cluster => cluster.Id, (result, cluster) => new RankingState(result.State, result.RowVersion, cluster.Version)).SingleOrDefault());

    public sealed record DecideRequest(string? Document);

    public sealed record ReopenRequest(string? Reason);

    public sealed record RankingSummary(Guid ClusterId, string Cluster, string Name, string Season, ResultState State, int Version);

    /// <summary>Kết quả của cụm.</summary>
    /// <param name="Size">All members of the composition decision, scored or not (R-28).</param>
    /// <param name="Version">Number of the decision; 0 before the first.</param>
    public sealed record RankingView(
        Guid ClusterId, string Cluster, string Name, string Season, ResultState State, int Version, int Size, TableReference Table,
        string? Document, DateTimeOffset? DecidedAt, IReadOnlyList<RankedSheet> Ranking);

    /// <summary>Results that the caller may see.</summary>
    private static async Task<Ok<Page<RankingSummary>>> List([AsParameters] PageQuery page, string? season, Caller caller, ScoringDbContext db, CancellationToken ct)
    {
        var results = db.Results.AsNoTracking();
        results = season is null ? results : results.Where(result => result.Season == season);
        if (!SheetSight.IsAgency(caller))
        {
            var own = caller.Unit;
            results = results.Where(result => result.State == ResultState.Decided || (own != null && db.ClusterMembers.Any(member => member.ClusterId == result.ClusterId && member.Unit == own)));
        }

        if (page.AfterAs<Guid>() is { } last)
        {
            results = results.Where(result => result.ClusterId > last);
        }

        var found = await results.OrderBy(result => result.ClusterId).Take(page.Size + 1)
            .Join(db.Clusters, result => result.ClusterId, cluster => cluster.Id, (result, cluster) => new RankingSummary(cluster.Id, cluster.Code, cluster.Name, cluster.Season, result.State, result.Version))
            .ToListAsync(ct);
        return TypedResults.Ok(Page.Of([.. found.OrderBy(summary => summary.ClusterId)], page.Size, summary => summary.ClusterId.ToString()));
    }

    /// <summary>One cluster's result. A decided one is asked for by the whole province, and stays as it is: it is written out once.</summary>
    private static async Task<Results<Utf8ContentHttpResult, NotFound>> Get(
        Guid clusterId, Caller caller, ScoringDbContext db, AdoptedTables tables, WrittenRankings written, HttpContext http, CancellationToken ct)
    {
        if (await s_state(db, clusterId, ct) is not { } state)
        {
            return TypedResults.NotFound();
        }

        if (written.Find(clusterId, state) is { } known) // decided, and so everybody's
        {
            Preconditions.Set(http.Response, state.RowVersion);
            return known;
        }

        if (await FindAsync(db, clusterId, caller, ct) is not var (cluster, result))
        {
            return TypedResults.NotFound();
        }

        var decision = result.State == ResultState.Decided
            ? await db.Decisions.AsNoTracking().SingleAsync(row => row.ClusterId == clusterId && row.Version == result.Version, ct)
            : null;
        var view = await ViewAsync(db, tables, cluster, result, decision, http, ct);
        return written.Write(view, new RankingState(result.State, result.RowVersion, cluster.Version));
    }

    /// <summary>Quyết định kết quả (R-25, SoD-3).</summary>
    private static async Task<Results<Ok<RankingView>, NotFound>> Decide(
        Guid clusterId, DecideRequest request, Caller caller, ScoringDbContext db, AdoptedTables tables, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (await LockAsync(db, clusterId, ct) is not { } result)
        {
            return TypedResults.NotFound();
        }

        RequireOutsider(await db.Clusters.AsNoTracking().Include(row => row.Members).SingleAsync(row => row.Id == clusterId, ct), caller);
        Preconditions.Require(http.Request, result.RowVersion);
        result.RequireUndecided();
        var season = await ScoreSheetEndpoints.Season(db, result.Season, ct);
        season.Phase.Require(SeasonPhase.Appraisal);
        var scope = await ClusterScope.LoadAsync(db, tables, clusterId, result.TableId, withSheets: true, ct);
        List<ScoreSheet> sheets = [.. scope.Sheets.Where(sheet => sheet.IsSubmitted)];
        RequireDecidable(scope, sheets, caller);

        var now = clock.GetUtcNow();
        result.Decide();
        RuleViolationException.ThrowIfAny(scope.Rescore(now), "not-scorable", "Chưa chấm được đủ điểm cho cụm.");
        var totals = sheets.ToDictionary(sheet => sheet.Unit, sheet => sheet.Lock(scope.Table, now), StringComparer.Ordinal);
        var decision = new ClusterDecision
        {
            ClusterId = clusterId,
            Version = result.Version,
            TableId = result.TableId,
            Document = request.Document,
            DecidedBy = caller.Subject,
            DecidedAt = now,
            Ranking = Rank(scope, totals),
        };
        db.Add(decision);
        db.Publish(scope.ToResultFact(season, decision));
        db.Publish(scope.ToScoresFact(decision));
        await db.ComputeIndicatorsAsync(scope, season, decision, ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(await ViewAsync(db, tables, scope.Cluster, result, decision, http, ct));
    }

    /// <summary>Mở lại (domain reference C.1: any → previous, with a reason).</summary>
    private static async Task<Results<Ok<RankingView>, NotFound>> Reopen(
        Guid clusterId, ReopenRequest request, Caller caller, ScoringDbContext db, AdoptedTables tables, TimeProvider clock, JournalContext journal, HttpContext http, CancellationToken ct)
    {
        if (await LockAsync(db, clusterId, ct) is not { } result)
        {
            return TypedResults.NotFound();
        }

        var cluster = await db.Clusters.AsNoTracking().Include(row => row.Members).SingleAsync(row => row.Id == clusterId, ct);
        RequireOutsider(cluster, caller);
        Preconditions.Require(http.Request, result.RowVersion);
        RuleViolationException.ThrowIfAny(string.IsNullOrWhiteSpace(request.Reason) ? [new Violation("MISSING_REASON", "/reason", "Mở lại kết quả phải nêu lý do.")] : []);
        if ((await ScoreSheetEndpoints.Season(db, result.Season, ct)).Phase == SeasonPhase.Closed)
        {
            throw new RuleViolationException("wrong-phase", "Năm thi đua đã kết thúc, không mở lại được kết quả.");
        }

        var now = clock.GetUtcNow();
        result.Reopen();
        foreach (var sheet in await db.Sheets.Include(sheet => sheet.Lines).Where(sheet => sheet.ClusterId == clusterId && sheet.State == SheetState.Locked).ToListAsync(ct))
        {
            sheet.Reopen(now);
        }

        journal.Because(request.Reason);
        db.Publish(new ClusterResultReopened
        {
            ClusterId = clusterId,
            Season = result.Season,
            Code = cluster.Code,
            Reason = request.Reason!,
            Version = result.Version,
            At = now,
        });
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(await ViewAsync(db, tables, cluster, result, null, http, ct));
    }

    /// <summary>A cluster's result that the caller may see: the agency's staff always, members always, everybody once it is decided.</summary>
    internal static async Task<(ClusterCopy Cluster, ClusterResult Result)?> FindAsync(ScoringDbContext db, Guid clusterId, Caller caller, CancellationToken ct)
    {
        var result = await db.Results.AsNoTracking().SingleOrDefaultAsync(row => row.ClusterId == clusterId, ct);
        if (result is null)
        {
            return null;
        }

        var cluster = await db.Clusters.AsNoTracking().Include(row => row.Members).SingleAsync(row => row.Id == clusterId, ct);
        return result.State == ResultState.Decided || SheetSight.IsAgency(caller) || (caller.Unit is not null && cluster.Has(caller.Unit)) ? (cluster, result) : null;
    }

    private static async Task<ClusterResult?> LockAsync(ScoringDbContext db, Guid clusterId, CancellationToken ct) =>
        (await db.Results.FromSql($"select r.*, r.xmin from cluster_results r where r.cluster_id = {clusterId} for update").ToListAsync(ct)).SingleOrDefault();

    /// <summary>A result rests on every sheet of the cluster, so nobody decides or reopens that of the own unit's (SoD-1).</summary>
    private static void RequireOutsider(ClusterCopy cluster, Caller caller)
    {
        if (cluster.Has(caller.Unit))
        {
            throw new AccessDeniedException("own-sheet", "Không ai được quyết định hoặc mở lại kết quả của cụm có đơn vị mình.");
        }
    }

    private static void RequireDecidable(ClusterScope scope, List<ScoreSheet> sheets, Caller caller)
    {
        if (sheets.Exists(sheet => sheet.AppraisedBy.Contains(caller.Subject)))
        {
            throw new AccessDeniedException("drafter-decides", "Người đã thẩm định phiếu không được quyết định kết quả.");
        }

        var waiting = sheets.Where(sheet => sheet.State != SheetState.UnderAppraisal).Select(sheet => $"{sheet.Unit} ({SheetStates.Name(sheet.State)})").ToList();
        if (waiting.Count > 0)
        {
            throw new RuleViolationException("wrong-state", $"Chưa thẩm định xong phiếu của: {string.Join(", ", waiting)}.");
        }

        RuleViolationException.ThrowIfAny(
            [
                .. scope.Published.Check(scope.Table, scope.Context.Members).Select(problem => new Violation(problem.Code, $"/units/{problem.Unit}/{problem.Criterion}", problem.Message)),
                .. scope.Context.Official.Check(scope.Table, sheets.Select(sheet => sheet.Unit)).Select(missing => new Violation(missing.Refusal.Code, $"/units/{missing.Unit}/{missing.Criterion.Code}", missing.Refusal.Message)),
            ],
            "not-scorable", "Còn kết quả chưa được công bố hoặc số liệu chính thức chưa có.");
    }

    private static List<RankedSheet> Rank(ClusterScope scope, Dictionary<string, SheetTotal> totals)
    {
        var members = scope.Cluster.Members.ToDictionary(member => member.Unit, StringComparer.Ordinal);
        var sheets = scope.Sheets.ToDictionary(sheet => sheet.Unit, StringComparer.Ordinal);
        return [.. Ranking.Of(members.Keys.Select(unit => (unit, totals.GetValueOrDefault(unit)?.Total))).Select(ranked =>
        {
            var total = totals.GetValueOrDefault(ranked.Unit);
            var sheet = total is null ? null : sheets[ranked.Unit];
            return new RankedSheet
            {
                Unit = ranked.Unit,
                Name = members[ranked.Unit].Name,
                SheetId = sheet?.Id,
                Rank = ranked.Rank,
                Total = Amount(ranked.Total),
                Groups = total?.Groups.ToDictionary(group => group.Code, group => Amount(group.Points)) ?? [],
                Bonus = Amount(sheet?.Bonus.Final?.Result ?? 0)!.Value,
                Deductions = Amount(sheet?.Deductions.Final?.Result ?? 0)!.Value,
                Lines = sheet is null ? new Dictionary<string, RankedLine>() : scope.Table.Criteria.ToDictionary(
                    criterion => criterion.Code,
                    criterion => sheet.Line(criterion.Code) is { } line ? new RankedLine(Amount(line.Self), Amount(line.Review), Amount(line.Final)) : new RankedLine(null, null, null)),
            };
        })];
    }

    private static async Task<RankingView> ViewAsync(
        ScoringDbContext db, AdoptedTables tables, ClusterCopy cluster, ClusterResult result, ClusterDecision? decision, HttpContext http, CancellationToken ct)
    {
        var (table, version) = await tables.GetAsync(db, result.TableId, ct);
        Preconditions.Set(http.Response, result.RowVersion);
        return new RankingView(
            cluster.Id, cluster.Code, cluster.Name, cluster.Season, result.State, result.Version, cluster.Members.Count, new TableReference(result.TableId, table.Id, version),
            decision?.Document, decision?.DecidedAt,
            decision?.Ranking ?? [.. cluster.Members.OrderBy(member => member.Unit, StringComparer.Ordinal).Select(member => new RankedSheet
            {
                Unit = member.Unit,
                Name = member.Name,
                Groups = new Dictionary<string, decimal?>(),
                Lines = new Dictionary<string, RankedLine>(),
            })]);
    }

    /// <summary>Amounts show two decimals, whatever the table rounds to.</summary>
    private static decimal? Amount(decimal? value) => value is { } amount ? amount + 0.00m : null;
}
