using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Cụm, khối thi đua: formed all at once while a season is set up, changed until units score themselves.</summary>
public static class ClusterEndpoints
{
    private const int MaximumClusters = 1000;

    public static void MapClusters(this IEndpointRouteBuilder app)
    {
        var clusters = app.MapGroup("/clusters").WithTags("Clusters");

        clusters.MapPost("/", Form).Accepts<FormClustersRequest>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Thành lập các cụm, khối của một kỳ thi đua")
            .WithDescription("Tất cả hoặc không gì cả, chỉ ở giai đoạn SETUP (409 wrong-phase). Lỗi: UNKNOWN_SEASON, DUPLICATE_CODE, UNKNOWN_UNIT, UNKNOWN_LEVEL, UNKNOWN_CATEGORY, UNIT_IN_TWO_CLUSTERS, LEADER_NOT_MEMBER, LEADER_IS_DEPUTY.");
        clusters.MapGet("/", List).AllowAnyRole()
            .WithSummary("Danh sách cụm, khối")
            .WithDescription("Lọc theo kỳ thi đua (season) và theo đơn vị thành viên (unit); sắp xếp theo kỳ thi đua rồi theo mã.");
        clusters.MapGet("/{id:guid}", Get).WithETag(notModified: true).AllowAnyRole()
            .WithSummary("Một cụm, khối với các thành viên, kèm ETag");
        clusters.MapPut("/{id:guid}", Change).WithIfMatch().WithETag().Accepts<ClusterChangeRequest>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Thay đổi tên, trưởng, phó, thành viên của một cụm, khối")
            .WithDescription("Cần If-Match; trước giai đoạn SELF_SCORING (409 wrong-phase). Tạo một phiên bản mới. Thành viên mới tham gia từ effective_on, thành viên rời đi vào ngày trước đó; không có effective_on: ngày đầu của kỳ khi còn chuẩn bị, sau đó là hôm nay. Lỗi: OUT_OF_RANGE khi ngày không thuộc kỳ.");
        clusters.MapGet("/{id:guid}/members", Members).WithDates("as_of").AllowAnyRole()
            .WithSummary("Các đơn vị thành viên theo thời gian")
            .WithDescription("Không có as_of: mọi thời gian tham gia, kể cả đơn vị đã rời đi, kèm lý do. Có as_of: thành viên vào ngày đó.");
    }

    public sealed record FormClustersRequest(string Season, IReadOnlyList<ClusterRequest> Clusters);

    public sealed record ClusterRequest(string Code, string Name, ClusterKind Kind, string Leader, string Deputy, IReadOnlyList<string> Members);

    public sealed record ClusterChangeRequest(string Name, ClusterKind Kind, string Leader, string Deputy, IReadOnlyList<string> Members, string? Reason = null, DateOnly? EffectiveOn = null);

    public sealed record FormClustersAnswer(IReadOnlyList<FormedCluster> Clusters);

    public sealed record FormedCluster(Guid Id, string Code);

    /// <param name="Id">Key.</param>
    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="Code">Mã, unique in the season.</param>
    /// <param name="Name">Tên.</param>
    /// <param name="Kind">CUM or KHOI.</param>
    /// <param name="Leader">Unit that leads.</param>
    /// <param name="Deputy">Unit that is deputy.</param>
    /// <param name="Size">Official number of members .</param>
    /// <param name="Members">By unit code, as they were when the cluster was formed or last changed.</param>
    /// <param name="Version">Grows with every change.</param>
    public sealed record ClusterView(Guid Id, string Season, string Code, string Name, ClusterKind Kind, string Leader, string Deputy, int Size, IReadOnlyList<MemberView> Members, int Version)
    {
        public static ClusterView Of(Cluster cluster) =>
            new(cluster.Id, cluster.Season, cluster.Code, cluster.Name, cluster.Kind, cluster.Leader, cluster.Deputy, cluster.Members.Count, [.. cluster.Members.OrderBy(member => member.Unit, StringComparer.Ordinal).Select(MemberView.Of)], cluster.Version);
    }

    /// <param name="Unit">Its code.</param>
    /// <param name="Name">Tên.</param>
    /// <param name="Category">Loại.</param>
    /// <param name="Level">Cấp.</param>
    /// <param name="FemaleShare">Share of women in per cent; absent when unknown.</param>
    /// <param name="JoinedOn">First day of the membership.</param>
    public sealed record MemberView(string Unit, string Name, string Category, string Level, decimal? FemaleShare, DateOnly JoinedOn)
    {
        public static MemberView Of(MemberUnit member) => new(member.Unit, member.Name, member.Category, member.Level, member.FemaleShare, member.JoinedOn);
    }

    /// <param name="Unit">Its code.</param>
    /// <param name="Name">Tên at the time.</param>
    /// <param name="JoinedOn">First day of the membership.</param>
    /// <param name="LeftOn">Last day of it; absent while it lasts.</param>
    /// <param name="Reason">Why the unit left.</param>
    public sealed record MembershipView(string Unit, string Name, DateOnly JoinedOn, DateOnly? LeftOn, string? Reason)
    {
        public static MembershipView Of(MembershipPeriod period) => new(period.Unit, period.Name, period.JoinedOn, period.LeftOn, period.Reason);
    }

    private static async Task<Created<FormClustersAnswer>> Form(StrictBody body, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var seasonCode = body.Root.Text("season");
        var requests = PlansOf(body);
        if (seasonCode is null || await db.LockSeasonAsync(seasonCode, ct) is not { } season)
        {
            if (seasonCode is not null)
            {
                body.Root.Refuse("UNKNOWN_SEASON", $"Không có kỳ thi đua {seasonCode}.", "season");
            }

            throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", body.Errors);
        }

        var clusters = await FormAsync(season, requests, body, db, clock, ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/v1/clusters?season={Uri.EscapeDataString(season.Code)}", new FormClustersAnswer(clusters.ConvertAll(cluster => new FormedCluster(cluster.Id, cluster.Code))));
    }

    /// <summary>The one way in which clusters come into being: all of the plans, or none; the caller saves.</summary>
    internal static async Task<List<Cluster>> FormAsync(Season season, List<(string Path, ClusterPlan Plan)> requests, StrictBody body, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        season.RequireForming();
        var composition = await CompositionAsync(season, requests.SelectMany(request => request.Plan.Members), except: [], clock.Today(), db, ct);
        var members = requests.ConvertAll(request => composition.Check(request.Plan, request.Path, body.Errors));
        body.RefuseIfWrong();
        return await CreateAsync(season, [.. requests.Select((request, index) => (request.Plan, members[index]))], db, clock, ct);
    }

    /// <summary>Forms what was found right; the caller saves.</summary>
    internal static async Task<List<Cluster>> CreateAsync(Season season, IReadOnlyList<(ClusterPlan Plan, IReadOnlyList<MemberUnit> Members)> plans, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        List<Cluster> clusters = [.. plans.Select(plan => Cluster.Form(season, plan.Plan, plan.Members))];
        db.AddRange(clusters);
        clusters.ForEach(cluster => Publish(db, cluster));
        await db.KeepObligationsAsync(season, clusters, clock.GetUtcNow(), ct);
        return clusters;
    }

    /// <summary>What follows when somebody joined, left or began to lead: others are told, something else is owed, and a covenant may have all its signatures now.</summary>
    internal static async Task FollowAsync(ClustersDbContext db, Season season, Cluster cluster, TimeProvider clock, CancellationToken ct)
    {
        Publish(db, cluster);
        await db.KeepObligationsAsync(season, [cluster], clock.GetUtcNow(), ct);
        await CovenantFacts.SettleAsync(db, cluster, clock, ct);
    }

    private static async Task<Ok<Page<ClusterView>>> List(string? season, string? unit, [AsParameters] PageQuery page, ClustersDbContext db, CancellationToken ct)
    {
        var clusters = db.Clusters.AsNoTracking();
        if (season is not null)
        {
            clusters = clusters.Where(cluster => cluster.Season == season);
        }

        if (unit is not null)
        {
            clusters = clusters.Where(cluster => cluster.Members.Any(member => member.Unit == unit));
        }

        if (page.AfterPair() is var (afterSeason, afterCode))
        {
            clusters = clusters.Where(cluster => EF.Functions.GreaterThan(ValueTuple.Create(cluster.Season, cluster.Code), ValueTuple.Create(afterSeason, afterCode)));
        }

        var found = await clusters.OrderBy(cluster => cluster.Season).ThenBy(cluster => cluster.Code).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found.ConvertAll(ClusterView.Of), page.Size, cluster => PairCursor.Of(cluster.Season, cluster.Code)));
    }

    private static async Task<Results<Ok<ClusterView>, StatusCodeHttpResult, NotFound>> Get(Guid id, HttpRequest request, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.Clusters.AsNoTracking().SingleOrDefaultAsync(cluster => cluster.Id == id, ct) is not { } cluster)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, cluster.RowVersion);
        return Preconditions.IsCurrent(request, cluster.RowVersion) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(ClusterView.Of(cluster));
    }

    private static async Task<Results<Ok<ClusterView>, NotFound>> Change(Guid id, StrictBody body, HttpRequest request, HttpResponse response, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Clusters.AsNoTracking().Where(cluster => cluster.Id == id).Select(cluster => cluster.Season).SingleOrDefaultAsync(ct) is not { } seasonCode)
        {
            return TypedResults.NotFound();
        }

        // The cluster is read under the season's lock: what was read before it may have changed while waiting.
        var season = (await db.LockSeasonAsync(seasonCode, ct))!;
        var cluster = await db.Clusters.SingleAsync(found => found.Id == id, ct);
        Preconditions.Require(request, cluster.RowVersion);
        season.RequireComposing();
        var reason = body.Root.Text("reason", required: false);
        journal.Because(reason);
        var effectiveOn = body.Root.Date("effective_on", required: false);
        if (effectiveOn < season.FirstDay || effectiveOn > season.LastDay)
        {
            body.Root.Refuse("OUT_OF_RANGE", $"Ngày thay đổi phải thuộc kỳ thi đua, từ {season.FirstDay:dd/MM/yyyy} đến {season.LastDay:dd/MM/yyyy}.", "effective_on");
        }

        var plan = PlanOf(body.Root, cluster.Code);
        body.RefuseIfWrong();

        var composition = await CompositionAsync(season, plan!.Members, except: [id], effectiveOn ?? clock.Today(), db, ct);
        var members = composition.Check(plan, "", body.Errors);
        body.RefuseIfWrong();

        cluster.Change(season, plan, members, effectiveOn ?? season.CompositionDay(clock.Today()), reason);
        await FollowAsync(db, season, cluster, clock, ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, cluster.RowVersion);
        return TypedResults.Ok(ClusterView.Of(cluster));
    }

    private static async Task<Results<Ok<Page<MembershipView>>, NotFound>> Members(Guid id, [FromQuery(Name = "as_of")] IsoDate? asOf, ClustersDbContext db, CancellationToken ct) =>
        await db.Clusters.AsNoTracking().Include(cluster => cluster.FormerMembers).AsSplitQuery().SingleOrDefaultAsync(cluster => cluster.Id == id, ct) is { } cluster
            ? TypedResults.Ok(new Page<MembershipView>([.. cluster.MembershipsOn(asOf?.Day).Select(MembershipView.Of)], null))
            : TypedResults.NotFound();

    internal static async Task<ClusterComposition> CompositionAsync(Season season, IEnumerable<string> members, IReadOnlyCollection<Guid> except, DateOnly day, ClustersDbContext db, CancellationToken ct)
    {
        string[] codes = [.. members.Distinct(StringComparer.Ordinal)];
        var units = await db.Units.AsNoTracking().Where(unit => codes.Contains(unit.Code)).ToDictionaryAsync(unit => unit.Code, StringComparer.Ordinal, ct);
        var levels = await db.Levels.AsNoTracking().ToListAsync(ct);
        var categories = await db.Categories.AsNoTracking().ToListAsync(ct);
        var formed = await db.Clusters.AsNoTracking().Where(cluster => cluster.Season == season.Code && !except.Contains(cluster.Id)).ToListAsync(ct);
        return new ClusterComposition(season, day, units, levels, categories, formed);
    }

    internal static List<(string Path, ClusterPlan Plan)> PlansOf(StrictBody body)
    {
        var clusters = body.Root.List("clusters");
        body.Root.RefuseUnknown();
        if (clusters.Count > MaximumClusters)
        {
            body.Root.Refuse("TOO_MANY", $"Tối đa {MaximumClusters} cụm, khối mỗi lần.", "clusters");
            return [];
        }

        var plans = new List<(string, ClusterPlan)>(clusters.Count);
        foreach (var cluster in clusters.Where(cluster => cluster.ExpectObject()))
        {
            if (PlanOf(cluster, cluster.Code("code")) is { } plan)
            {
                plans.Add((cluster.Path, plan));
            }
        }

        return plans;
    }

    private static ClusterPlan? PlanOf(StrictJson json, string? code)
    {
        var (name, kind, leader, deputy) = (json.Name("name"), json.Choice<ClusterKind>("kind"), json.Text("leader"), json.Text("deputy"));
        var members = json.List("members").Select(member => member.AsText()).ToList();
        json.RefuseUnknown();
        return code is null || name is null || kind is null || leader is null || deputy is null || members.Contains(null)
            ? null
            : new ClusterPlan(code, name, kind.Value, leader, deputy, members!);
    }

    private static void Publish(ClustersDbContext db, Cluster cluster) => db.Publish(new ClusterFormed
    {
        ClusterId = cluster.Id,
        Season = cluster.Season,
        Code = cluster.Code,
        Name = cluster.Name,
        Kind = UpperSnake.Of(cluster.Kind),
        Leader = cluster.Leader,
        Deputy = cluster.Deputy,
        Members = [.. cluster.Members.OrderBy(member => member.Unit, StringComparer.Ordinal).Select(member => new ClusterMember
        {
            Unit = member.Unit,
            Name = member.Name,
            Category = member.Category,
            Level = member.Level,
            FemaleShare = member.FemaleShare,
        })],
        Version = cluster.Version,
    });
}
