using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Cụm, khối của cả tỉnh bằng bảng tính: taken for a season, checked, taken over whole or not at all.</summary>
public static class ClusterWorkbookEndpoints
{
    private const string Refusals = "Kỳ thi đua là kỳ ghi trong tệp. 409 wrong-phase. Lỗi theo từng ô: NUMBER_AS_CODE, UNKNOWN_CHOICE, UNKNOWN_CLUSTER và các lỗi của POST /clusters; cả tệp: workbook-refused.";

    public static void MapClusterWorkbooks(this IEndpointRouteBuilder app)
    {
        var workbook = app.MapGroup("/clusters/workbook").WithTags("Clusters");
        workbook.MapGet("/", Take).AllowRoles(Roles.Admin, Roles.AppraisalHead).WithWorkbookAnswer()
            .WithSummary("Tải bảng tính cụm, khối và thành viên của một kỳ thi đua")
            .WithDescription("Kỳ chưa có cụm, khối nào thì là mẫu trống. Tệp mang theo, có niêm, nội dung của từng cụm, khối lúc tải.");
        workbook.MapPost("/check", Check).AllowRoles(Roles.Admin, Roles.AppraisalHead).WithWorkbookBody()
            .WithSummary("Kiểm tra bảng tính cụm, khối, không ghi gì")
            .WithDescription($"Thân của yêu cầu là tệp. Nêu mọi lỗi theo ô, mọi thay đổi và mọi cụm, khối đã khác. {Refusals}");
        workbook.MapPost("/", Apply).AllowRoles(Roles.Admin, Roles.AppraisalHead).WithWorkbookBody()
            .WithSummary("Ghi bảng tính cụm, khối")
            .WithDescription($"Tất cả hoặc không gì cả; gửi lại cùng tệp thì không đổi gì thêm; reason là lý do thay đổi thành viên. 422 workbook-has-problems: mọi lỗi, cụm, khối đã khác là STALE_ROW. {Refusals}");
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> Take(string season, WorkbookSeal seal, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Seasons.AsNoTracking().SingleOrDefaultAsync(known => known.Code == season, ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        var clusters = await db.Clusters.AsNoTracking().Where(cluster => cluster.Season == season).OrderBy(cluster => cluster.Code).ToListAsync(ct);
        return TypedResults.File(ClusterWorkbook.Write(found, clusters, seal, clock.GetUtcNow()), WorkbookBuilder.ContentType, $"cum-khoi-{season}.xlsx");
    }

    private static async Task<Ok<ProvinceWorkbookReport>> Check(WorkbookBody body, WorkbookSeal seal, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var import = await ReadAsync(body, seal, db, clock, ct);
        db.ChangeTracker.Clear();
        return TypedResults.Ok(import.Answer);
    }

    private static async Task<Ok<ProvinceWorkbookReport>> Apply(WorkbookBody body, string? reason, WorkbookSeal seal, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        var import = await ReadAsync(body, seal, db, clock, ct);
        import.Answer.RequireApplicable();
        journal.Because(reason);
        var (season, changing) = (import.Season, import.Plans.Where(plan => plan.Cluster is not null).ToList());
        var day = season.CompositionDay(clock.Today());

        // Who moves from one cluster to another first leaves the one: nobody is in two at any moment.
        if (changing.SelectMany(plan => plan.Leaving).Intersect(import.Plans.SelectMany(plan => plan.Joining)).Any())
        {
            foreach (var plan in changing.Where(plan => plan.Leaving.Any()))
            {
                plan.Cluster!.Change(season, plan.Plan, [.. plan.Members.Where(member => !plan.Joining.Contains(member.Unit))], day, reason);
            }

            await db.SaveChangesAsync(ct);
        }

        foreach (var plan in changing)
        {
            plan.Cluster!.Change(season, plan.Plan, plan.Members, day, reason);
            await ClusterEndpoints.FollowAsync(db, season, plan.Cluster, clock, ct);
        }

        await ClusterEndpoints.CreateAsync(season, [.. import.Plans.Where(plan => plan.Cluster is null).Select(plan => (plan.Plan, plan.Members))], db, clock, ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(import.Answer);
    }

    private static async Task<ClusterImport> ReadAsync(WorkbookBody body, WorkbookSeal seal, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var sealedClusters = seal.Get<SealedClusters>(body.Workbook, ClusterWorkbook.Kind);
        var season = await db.LockSeasonAsync(sealedClusters.Season, ct)
            ?? throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("UNKNOWN_SEASON", "", $"Không có kỳ thi đua {sealedClusters.Season}.")]);
        var taken = sealedClusters.Rows.ToDictionary(row => row.Code, StringComparer.Ordinal);
        var units = (await db.Units.AsNoTracking().Select(unit => unit.Code).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var known = await db.Clusters.Where(cluster => cluster.Season == season.Code).ToDictionaryAsync(cluster => cluster.Code, StringComparer.Ordinal, ct);
        var problems = new List<Violation>();
        var read = ClusterWorkbook.Read(body, taken, problems, units.Contains);
        var outcome = new WorkbookPlan(read, taken);
        var asked = ClusterEndpoints.PlansOf(read.Body).FindAll(request =>
        {
            var cluster = known.GetValueOrDefault(request.Plan.Code);
            return outcome.Asks(request.Path, request.Plan.Code, cluster is null ? null : ClusterWorkbook.ValuesOf(cluster), cluster?.Version);
        });
        RequirePhase(season, asked.ConvertAll(request => known.ContainsKey(request.Plan.Code)));

        var replaced = asked.ConvertAll(request => known.GetValueOrDefault(request.Plan.Code)).OfType<Cluster>().Select(cluster => cluster.Id).ToList();
        var composition = await ClusterEndpoints.CompositionAsync(season, asked.SelectMany(request => request.Plan.Members), replaced, clock.Today(), db, ct);
        var plans = asked.ConvertAll(request => new PlannedCluster(known.GetValueOrDefault(request.Plan.Code), request.Plan, composition.Check(request.Plan, request.Path, read.Body.Errors)));
        return new ClusterImport(season, outcome.Answer(problems), plans);
    }

    private static void RequirePhase(Season season, IReadOnlyList<bool> areKnown)
    {
        if (areKnown.Contains(false))
        {
            season.RequireForming();
        }

        if (areKnown.Contains(true))
        {
            season.RequireComposing();
        }
    }

    /// <param name="Cluster">Null: it is to be formed.</param>
    /// <param name="Plan">What it is to be.</param>
    /// <param name="Members">The members of the plan.</param>
    private sealed record PlannedCluster(Cluster? Cluster, ClusterPlan Plan, IReadOnlyList<MemberUnit> Members)
    {
        private readonly HashSet<string> _before = (Cluster?.Members ?? []).Select(member => member.Unit).ToHashSet(StringComparer.Ordinal);

        public IEnumerable<string> Leaving => _before.Except(Plan.Members);

        public IReadOnlyCollection<string> Joining => [.. Plan.Members.Except(_before)];
    }

    private sealed record ClusterImport(Season Season, ProvinceWorkbookReport Answer, IReadOnlyList<PlannedCluster> Plans);
}
