using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Đăng ký thi đua (C.1): every member for itself; the cluster and the standing agency see what was submitted.</summary>
public static class RegistrationEndpoints
{
    private const int MaximumItems = 200;

    public static void MapRegistrations(this IEndpointRouteBuilder app)
    {
        var registrations = app.MapGroup("/registrations").WithTags("Registrations");

        registrations.MapPost("/", Draft).WithETag().Accepts<DraftRegistrationRequest>("application/json").AllowRoles(Roles.UnitClerk, Roles.UnitHead)
            .WithSummary("Dự thảo bản đăng ký thi đua của đơn vị mình")
            .WithDescription("Trước giai đoạn SELF_SCORING (409 wrong-phase). Sau khi đã nộp, bản mới là một phiên bản khác và phải có reason (422 MISSING_REASON). 409 registration-drafted: đang có dự thảo; 403 not-member: đơn vị không thuộc cụm, khối nào của kỳ thi đua. Lỗi: UNKNOWN_SEASON, BAD_CODE, DUPLICATE_CODE, OUT_OF_RANGE, TOO_MANY.");
        registrations.MapGet("/", List).AllowRoles(ClusterSight.Readers)
            .WithSummary("Danh sách bản đăng ký thi đua")
            .WithDescription("Bản đã nộp: thành viên cùng cụm, khối, cơ quan thường trực và kiểm tra; bản dự thảo: chỉ đơn vị mình. Lọc theo season, cluster, unit.");
        registrations.MapGet("/{id:guid}", Get).WithETag().AllowRoles(ClusterSight.Readers)
            .WithSummary("Một bản đăng ký thi đua, kèm ETag");
        registrations.MapPut("/{id:guid}", Redraft).WithIfMatch().WithETag().Accepts<RegistrationRequest>("application/json").AllowRoles(Roles.UnitClerk, Roles.UnitHead)
            .WithSummary("Sửa bản đăng ký đang dự thảo")
            .WithDescription("Chỉ đơn vị mình. 409 registration-submitted: đã nộp thì không sửa được; wrong-phase.");
        registrations.MapPost("/{id:guid}/submit", Submit).WithIfMatch().WithETag().AllowRoles(Roles.UnitHead)
            .WithSummary("Thủ trưởng đơn vị nộp bản đăng ký")
            .WithDescription("Từ đó bản đăng ký không thay đổi; bản trước được ghi là đã thay. 409 registration-submitted, wrong-phase. Lỗi: MISSING_PROPERTY (chưa có chỉ tiêu).");
    }

    public sealed record DraftRegistrationRequest(string Season, IReadOnlyList<RegisteredTarget> Targets, IReadOnlyList<RegisteredTitle>? Titles = null, string? Reason = null);

    public sealed record RegistrationRequest(IReadOnlyList<RegisteredTarget> Targets, IReadOnlyList<RegisteredTitle>? Titles = null, string? Reason = null);

    /// <param name="Id">Key.</param>
    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="Unit">Đơn vị.</param>
    /// <param name="Version">Phiên bản; the highest that is submitted counts.</param>
    /// <param name="State">DRAFT, SUBMITTED or REPLACED.</param>
    /// <param name="Targets">Chỉ tiêu.</param>
    /// <param name="Titles">Danh hiệu, hình thức khen thưởng.</param>
    /// <param name="Reason">Why an earlier version was changed.</param>
    /// <param name="SubmittedAt">When it was submitted.</param>
    public sealed record RegistrationView(
        Guid Id, string Season, string Unit, int Version, RegistrationState State, IReadOnlyList<RegisteredTarget> Targets, IReadOnlyList<RegisteredTitle> Titles, string? Reason, DateTimeOffset? SubmittedAt)
    {
        public static RegistrationView Of(Registration registration) => new(
            registration.Id, registration.Season, registration.Unit, registration.Number, registration.State, registration.Targets, registration.Titles, registration.Reason, registration.SubmittedAt);
    }

    private static async Task<Created<RegistrationView>> Draft(StrictBody body, Caller caller, HttpResponse response, ClustersDbContext db, JournalContext journal, CancellationToken ct)
    {
        var code = body.Root.Text("season");
        var plan = PlanOf(body.Root);
        body.Root.RefuseUnknown();
        var season = code is null ? null : await db.LockSeasonAsync(code, ct);
        if (code is not null && season is null)
        {
            body.Root.Refuse("UNKNOWN_SEASON", $"Không có kỳ thi đua {code}.", "season");
        }

        body.RefuseIfWrong();
        if (caller.Unit is not { } unit || !await db.Clusters.AnyAsync(cluster => cluster.Season == code && cluster.Members.Any(member => member.Unit == unit), ct))
        {
            throw new AccessDeniedException("not-member", $"Chỉ đơn vị thành viên của một cụm, khối trong kỳ thi đua {code} được đăng ký, cho chính mình.");
        }

        var last = await db.Registrations.Where(known => known.Season == code && known.Unit == unit).OrderByDescending(known => known.Number).FirstOrDefaultAsync(ct);
        var registration = Registration.Draft(season!, unit, last, plan);
        journal.Because(plan.Reason);
        db.Add(registration);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, registration.RowVersion);
        return TypedResults.Created($"/api/v1/registrations/{registration.Id}", RegistrationView.Of(registration));
    }

    private static async Task<Ok<Page<RegistrationView>>> List(string? season, string? cluster, string? unit, [AsParameters] PageQuery page, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        var registrations = Visible(db, caller, cluster);
        registrations = season is null ? registrations : registrations.Where(registration => registration.Season == season);
        registrations = unit is null ? registrations : registrations.Where(registration => registration.Unit == unit);
        if (page.AfterAs<Guid>() is { } last)
        {
            registrations = registrations.Where(registration => registration.Id > last);
        }

        var found = await registrations.OrderBy(registration => registration.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found.ConvertAll(RegistrationView.Of), page.Size, registration => registration.Id.ToString()));
    }

    private static async Task<Results<Ok<RegistrationView>, NotFound>> Get(Guid id, Caller caller, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await Visible(db, caller, cluster: null).SingleOrDefaultAsync(registration => registration.Id == id, ct) is not { } registration)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, registration.RowVersion);
        return TypedResults.Ok(RegistrationView.Of(registration));
    }

    private static async Task<Results<Ok<RegistrationView>, NotFound>> Redraft(
        Guid id, StrictBody body, Caller caller, HttpRequest request, HttpResponse response, ClustersDbContext db, JournalContext journal, CancellationToken ct)
    {
        if (await FindOwnAsync(id, caller, request, db, ct) is not var (registration, season))
        {
            return TypedResults.NotFound();
        }

        var plan = PlanOf(body.Root);
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();
        registration.Redraft(season, plan);
        journal.Because(plan.Reason);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, registration.RowVersion);
        return TypedResults.Ok(RegistrationView.Of(registration));
    }

    private static async Task<Results<Ok<RegistrationView>, NotFound>> Submit(
        Guid id, Caller caller, HttpRequest request, HttpResponse response, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await FindOwnAsync(id, caller, request, db, ct) is not var (registration, season))
        {
            return TypedResults.NotFound();
        }

        var before = await db.Registrations.SingleOrDefaultAsync(known => known.Season == registration.Season && known.Unit == registration.Unit && known.Number == registration.Number - 1, ct);
        registration.Submit(season, before, caller.Subject, clock.GetUtcNow());
        journal.Because(registration.Reason);
        db.Publish(new RegistrationSubmitted
        {
            Season = registration.Season,
            Unit = registration.Unit,
            Targets = [.. registration.Targets.Select(target => new RegisteredTargetFact { Code = target.Code, Text = target.Text, PlannedValue = target.PlannedValue, UnitOfMeasure = target.UnitOfMeasure, Criterion = target.Criterion })],
            Titles = [.. registration.Titles.Select(title => new RegisteredTitleFact { Code = title.Code, Text = title.Text })],
            Reason = registration.Reason,
            Version = registration.Number,
            At = registration.SubmittedAt!.Value,
        });
        await db.KeepObligationsAsync(season, await db.Clusters.Where(cluster => cluster.Season == season.Code && cluster.Members.Any(member => member.Unit == registration.Unit)).ToListAsync(ct), clock.GetUtcNow(), ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, registration.RowVersion);
        return TypedResults.Ok(RegistrationView.Of(registration));
    }

    /// <summary>What was submitted of units that share a cluster with the caller's in that season, and the own drafts; the agency sees everything submitted.</summary>
    private static IQueryable<Registration> Visible(ClustersDbContext db, Caller caller, string? cluster)
    {
        var own = caller.OwnUnit();
        var clusters = ClusterReferences.Visible(db, caller, season: null, cluster, unit: null);
        return db.Registrations.AsNoTracking()
            .Where(registration => registration.State != RegistrationState.Draft || registration.Unit == own)
            .Where(registration => (cluster == null && registration.Unit == own)
                || clusters.Any(found => found.Season == registration.Season && found.Members.Any(member => member.Unit == registration.Unit)));
    }

    private static async Task<(Registration Registration, Season Season)?> FindOwnAsync(Guid id, Caller caller, HttpRequest request, ClustersDbContext db, CancellationToken ct)
    {
        var found = await db.Registrations.AsNoTracking().Where(registration => registration.Id == id).Select(registration => new { registration.Season, registration.Unit }).SingleOrDefaultAsync(ct);
        if (found is null || !caller.BelongsTo(found.Unit))
        {
            return null;
        }

        var season = (await db.LockSeasonAsync(found.Season, ct))!;
        var registration = await db.Registrations.SingleAsync(known => known.Id == id, ct);
        Preconditions.Require(request, registration.RowVersion);
        return (registration, season);
    }

    private static RegistrationPlan PlanOf(StrictJson root)
    {
        var (targets, titles) = (new List<RegisteredTarget>(), new List<RegisteredTitle>());
        foreach (var item in Items(root, "targets", required: true))
        {
            var (code, text, value, measure, criterion) = (item.Code("code"), item.Name("text"), item.Number("planned_value"), item.Name("unit_of_measure"), item.Text("criterion", required: false));
            item.RefuseUnknown();
            if (code is not null && text is not null && value is not null && measure is not null)
            {
                targets.Add(new RegisteredTarget(code, text, value.Value, measure, criterion));
            }
        }

        foreach (var item in Items(root, "titles", required: false))
        {
            var (code, text) = (item.Code("code"), item.Name("text"));
            item.RefuseUnknown();
            if (code is not null && text is not null)
            {
                titles.Add(new RegisteredTitle(code, text));
            }
        }

        RefuseRepeated(root, "targets", targets.Select(target => target.Code));
        RefuseRepeated(root, "titles", titles.Select(title => title.Code));
        return new RegistrationPlan(targets, titles, root.Text("reason", required: false));
    }

    private static IEnumerable<StrictJson> Items(StrictJson root, string name, bool required)
    {
        var items = root.List(name, required);
        if (items.Count <= MaximumItems)
        {
            return items.Where(item => item.ExpectObject());
        }

        root.Refuse("TOO_MANY", $"Tối đa {MaximumItems} mục.", name);
        return [];
    }

    private static void RefuseRepeated(StrictJson root, string name, IEnumerable<string> codes)
    {
        foreach (var code in codes.GroupBy(code => code, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key))
        {
            root.Refuse("DUPLICATE_CODE", $"Mã {code} được ghi nhiều lần.", name);
        }
    }
}
