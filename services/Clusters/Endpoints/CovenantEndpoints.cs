using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Giao ước thi đua (R-22, C.1): drafted by the leader's head or the standing agency, signed by every member's head.</summary>
public static class CovenantEndpoints
{
    public static void MapCovenants(this IEndpointRouteBuilder app)
    {
        var covenants = app.MapGroup("/covenants").WithTags("Covenants");

        covenants.MapPost("/", Draft).WithETag().Accepts<DraftCovenantRequest>("application/json").AllowRoles(Roles.UnitHead, Roles.AppraisalHead)
            .WithSummary("Dự thảo giao ước thi đua của một cụm, khối")
            .WithDescription("Thủ trưởng đơn vị trưởng (403 not-leader) hoặc lãnh đạo cơ quan thường trực, trước giai đoạn SELF_SCORING (409 wrong-phase). Mỗi cụm, khối một giao ước trong kỳ (409 already-exists). Lỗi: UNKNOWN_CLUSTER, BAD_CODE, DUPLICATE_CODE, TOO_MANY.");
        covenants.MapGet("/", List).AllowRoles(ClusterSight.Readers)
            .WithSummary("Danh sách giao ước thi đua")
            .WithDescription("Thành viên thấy giao ước của cụm, khối mình; cơ quan thường trực và kiểm tra thấy tất cả. Lọc theo season, cluster, unit.");
        covenants.MapGet("/{id:guid}", Get).WithETag().AllowRoles(ClusterSight.Readers)
            .WithSummary("Một giao ước với phụ lục, chữ ký và ngoại lệ, kèm ETag")
            .WithDescription("clauses là các điều khoản đang có hiệu lực; mỗi phần có văn bản chuẩn (canonical) và mã băm SHA-256 của nó (hash), tức là điều được ký.");
        covenants.MapPut("/{id:guid}", Redraft).WithIfMatch().WithETag().Accepts<CovenantClausesRequest>("application/json").AllowRoles(Roles.UnitHead, Roles.AppraisalHead)
            .WithSummary("Sửa dự thảo giao ước chưa có hiệu lực")
            .WithDescription("Chữ ký vào văn bản cũ không còn được tính, phải ký lại. 409 covenant-in-force, wrong-phase; 403 not-leader.");
        covenants.MapPost("/{id:guid}/sign", Sign).WithETag().Accepts<SignCovenantRequest>("application/json").AllowRoles(Roles.UnitHead)
            .WithSummary("Thủ trưởng đơn vị thành viên ký giao ước hoặc phụ lục")
            .WithDescription("Chỉ ký cho đơn vị mình (403 not-member). Không cần If-Match: hash là mã băm của văn bản đã đọc; văn bản đã đổi: 409 text-changed. Đã ký: 409 already-signed. Có hiệu lực khi mọi thành viên đã ký hoặc được ghi ngoại lệ.");
        covenants.MapPost("/{id:guid}/exceptions", Except).WithIfMatch().WithETag().Accepts<CovenantExceptionRequest>("application/json").AllowRoles(Roles.AppraisalHead)
            .WithSummary("Ghi nhận một đơn vị không ký, kèm lý do và văn bản")
            .WithDescription("Lãnh đạo cơ quan thường trực, không cho cụm, khối có đơn vị mình (403 own-cluster). 409 covenant-in-force, already-signed, wrong-phase. Lỗi: NOT_MEMBER, MISSING_REASON, MISSING_PROPERTY.");
        covenants.MapPost("/{id:guid}/addenda", Amend).WithIfMatch().WithETag().Accepts<CovenantClausesRequest>("application/json").AllowRoles(Roles.UnitHead, Roles.AppraisalHead)
            .WithSummary("Dự thảo phụ lục của giao ước đã có hiệu lực")
            .WithDescription("Điều khoản mới, hoặc nội dung thay cho điều khoản cùng số; ký như giao ước, bản gốc vẫn đọc được. 409 covenant-not-in-force, addendum-pending, wrong-phase; 403 not-leader.");
        covenants.MapPut("/{id:guid}/addenda/{number:int}", RedraftAddendum).WithIfMatch().WithETag().Accepts<CovenantClausesRequest>("application/json").AllowRoles(Roles.UnitHead, Roles.AppraisalHead)
            .WithSummary("Sửa dự thảo phụ lục chưa có hiệu lực")
            .WithDescription("409 covenant-in-force, wrong-phase; 403 not-leader.");
    }

    public sealed record DraftCovenantRequest(string Season, string Cluster, IReadOnlyList<CovenantClause> Clauses);

    public sealed record CovenantClausesRequest(IReadOnlyList<CovenantClause> Clauses);

    public sealed record SignCovenantRequest(string Hash);

    public sealed record CovenantExceptionRequest(string Unit, string Reason, string Document);

    private static async Task<Created<CovenantView>> Draft(StrictBody body, Caller caller, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var (season, code) = (body.Root.Text("season"), body.Root.Text("cluster"));
        var clauses = CovenantBodies.ClausesOf(body.Root);
        body.Root.RefuseUnknown();
        var cluster = await ClusterReferences.FindAsync(body.Root, season, code, caller, db, ct);
        body.RefuseIfWrong();
        RequireDrafter(caller, cluster!);

        var locked = (await db.LockSeasonAsync(season!, ct))!;
        if (await db.Covenants.AnyAsync(covenant => covenant.ClusterId == cluster!.Id, ct))
        {
            throw new RuleViolationException("already-exists", $"Cụm, khối {code} đã có giao ước trong kỳ thi đua {season}.");
        }

        var covenant = Covenant.Draft(locked, cluster!, clauses, caller.Subject, clock.GetUtcNow());
        db.Add(covenant);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, covenant.RowVersion);
        return TypedResults.Created($"/api/v1/covenants/{covenant.Id}", CovenantView.Of(covenant, cluster!));
    }

    private static async Task<Ok<Page<CovenantView>>> List(string? season, string? cluster, string? unit, [AsParameters] PageQuery page, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        var covenants = ClusterReferences.Visible(db, caller, season, cluster, unit)
            .Join(db.Covenants.AsNoTracking(), found => found.Id, covenant => covenant.ClusterId, (found, covenant) => new { Cluster = found, Covenant = covenant });
        if (page.AfterAs<Guid>() is { } last)
        {
            covenants = covenants.Where(row => row.Covenant.Id > last);
        }

        var rows = await covenants.OrderBy(row => row.Covenant.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(rows.ConvertAll(row => CovenantView.Of(row.Covenant, row.Cluster)), page.Size, covenant => covenant.Id.ToString()));
    }

    private static async Task<Results<Ok<CovenantView>, NotFound>> Get(Guid id, Caller caller, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.Covenants.AsNoTracking().SingleOrDefaultAsync(covenant => covenant.Id == id, ct) is not { } covenant
            || await db.Clusters.AsNoTracking().SingleAsync(cluster => cluster.Id == covenant.ClusterId, ct) is not { } cluster
            || !caller.Sees(cluster))
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, covenant.RowVersion);
        return TypedResults.Ok(CovenantView.Of(covenant, cluster));
    }

    private static Task<Results<Ok<CovenantView>, NotFound>> Redraft(Guid id, StrictBody body, Caller caller, HttpRequest request, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct) =>
        RewriteAsync(id, 0, body, caller, request, response, db, clock, ct);

    private static async Task<Results<Ok<CovenantView>, NotFound>> RedraftAddendum(
        Guid id, int number, StrictBody body, Caller caller, HttpRequest request, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct) =>
        number > 0 ? await RewriteAsync(id, number, body, caller, request, response, db, clock, ct) : TypedResults.NotFound();

    private static async Task<Results<Ok<CovenantView>, NotFound>> RewriteAsync(
        Guid id, int number, StrictBody body, Caller caller, HttpRequest request, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await FindToChangeAsync(id, caller, request, db, ct) is not var (covenant, cluster, season) || covenant.Part(number) is null)
        {
            return TypedResults.NotFound();
        }

        RequireDrafter(caller, cluster);
        var clauses = CovenantBodies.ClausesOf(body.Root);
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();
        covenant.Redraft(season, number, clauses);
        return await SaveAsync(covenant, cluster, response, db, clock, ct);
    }

    private static async Task<Results<Ok<CovenantView>, NotFound>> Amend(
        Guid id, StrictBody body, Caller caller, HttpRequest request, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await FindToChangeAsync(id, caller, request, db, ct) is not var (covenant, cluster, season))
        {
            return TypedResults.NotFound();
        }

        RequireDrafter(caller, cluster);
        var clauses = CovenantBodies.ClausesOf(body.Root);
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();
        covenant.Amend(season, clauses, caller.Subject, clock.GetUtcNow());
        return await SaveAsync(covenant, cluster, response, db, clock, ct);
    }

    private static async Task<Results<Ok<CovenantView>, NotFound>> Sign(
        Guid id, StrictBody body, Caller caller, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        // Heads sign on the same day, each the text that the hash names: another's signature in between is no reason to read it again.
        if (await FindAsync(id, caller, db, ct) is not var (covenant, cluster, season))
        {
            return TypedResults.NotFound();
        }

        // Whoever may read covenants of other clusters still signs for the own unit alone.
        if (caller.Unit is not { } unit || cluster.Members.All(member => member.Unit != unit))
        {
            throw new AccessDeniedException("not-member", "Chỉ thủ trưởng đơn vị thành viên được ký, cho chính đơn vị mình.");
        }

        var hash = body.Root.Text("hash");
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();
        covenant.Sign(season, hash!, unit, caller.Subject, caller.Name, clock.GetUtcNow());
        return await SaveAsync(covenant, cluster, response, db, clock, ct);
    }

    private static async Task<Results<Ok<CovenantView>, NotFound>> Except(
        Guid id, StrictBody body, Caller caller, HttpRequest request, HttpResponse response, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await FindToChangeAsync(id, caller, request, db, ct) is not var (covenant, cluster, season))
        {
            return TypedResults.NotFound();
        }

        if (cluster.Members.Any(member => caller.BelongsTo(member.Unit)))
        {
            throw new AccessDeniedException("own-cluster", "Không ai được ghi ngoại lệ cho cụm, khối có đơn vị mình.");
        }

        var (unit, reason, document) = (body.Root.Text("unit"), body.Root.Text("reason", required: false), body.Root.Name("document"));
        body.Root.RefuseUnknown();
        if (unit is not null && cluster.Members.All(member => member.Unit != unit))
        {
            body.Root.Refuse("NOT_MEMBER", $"Đơn vị {unit} không phải là thành viên của cụm, khối {cluster.Code}.", "unit");
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            body.Root.Refuse("MISSING_REASON", "Đơn vị không ký phải được nêu lý do.", "reason");
        }

        body.RefuseIfWrong();
        journal.Because(reason);
        covenant.Waive(season, unit!, reason!, document!, caller.Subject, clock.GetUtcNow());
        return await SaveAsync(covenant, cluster, response, db, clock, ct);
    }

    private static void RequireDrafter(Caller caller, Cluster cluster)
    {
        if (!caller.Is(Roles.AppraisalHead))
        {
            caller.RequireLeader(cluster);
        }
    }

    private static async Task<(Covenant Covenant, Cluster Cluster, Season Season)?> FindToChangeAsync(Guid id, Caller caller, HttpRequest request, ClustersDbContext db, CancellationToken ct)
    {
        var found = await FindAsync(id, caller, db, ct);
        if (found is var (covenant, _, _))
        {
            Preconditions.Require(request, covenant.RowVersion);
        }

        return found;
    }

    private static async Task<(Covenant Covenant, Cluster Cluster, Season Season)?> FindAsync(Guid id, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.Covenants.AsNoTracking().Where(covenant => covenant.Id == id).Select(covenant => covenant.Season).SingleOrDefaultAsync(ct) is not { } seasonCode)
        {
            return null;
        }

        // Under the season's lock neither the members nor the other signatures change meanwhile.
        var season = (await db.LockSeasonAsync(seasonCode, ct))!;
        var covenant = await db.Covenants.SingleAsync(found => found.Id == id, ct);
        var cluster = await db.Clusters.AsNoTracking().SingleAsync(found => found.Id == covenant.ClusterId, ct);
        return caller.Sees(cluster) ? (covenant, cluster, season) : null;
    }

    private static async Task<Results<Ok<CovenantView>, NotFound>> SaveAsync(Covenant covenant, Cluster cluster, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        await CovenantFacts.SettleAsync(db, covenant, cluster, clock, ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, covenant.RowVersion);
        return TypedResults.Ok(CovenantView.Of(covenant, cluster));
    }
}
