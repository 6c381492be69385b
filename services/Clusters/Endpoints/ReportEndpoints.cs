using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Báo cáo sơ kết, tổng kết: one for both recipients, received by the server's clock.</summary>
public static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder app)
    {
        var reports = app.MapGroup("/reports").WithTags("Reports");

        reports.MapPost("/", Begin).WithETag().Accepts<ReportRequest>("application/json").AllowRoles(Roles.UnitClerk, Roles.UnitHead)
            .WithSummary("Soạn báo cáo sơ kết hoặc tổng kết của đơn vị mình")
            .WithDescription("Bản soạn chỉ đơn vị thấy cho đến khi nộp. 409 report-exists: đã có báo cáo này, hãy sửa bản soạn; no-obligation: đơn vị không thuộc cụm nào trong kỳ; season-closed. Lỗi: UNKNOWN_SEASON, TOO_LONG, TOO_MANY.");
        reports.MapGet("/", List).WithNames<ReportKind>("kind").AllowRoles(Roles.UnitClerk, Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Danh sách báo cáo")
            .WithDescription("Đơn vị thấy báo cáo của mình, kể cả bản soạn; cụm trưởng, cụm phó thấy báo cáo đã nộp của cụm; cơ quan thường trực và kiểm tra thấy mọi báo cáo đã nộp.");
        reports.MapGet("/{id:guid}", Get).WithETag().AllowRoles(Roles.UnitClerk, Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Một báo cáo với các bản đã nộp, kèm ETag");
        reports.MapPut("/{id:guid}", Edit).WithIfMatch().WithETag().Accepts<ReportContentRequest>("application/json").AllowRoles(Roles.UnitClerk, Roles.UnitHead)
            .WithSummary("Sửa bản soạn của báo cáo")
            .WithDescription("Cần If-Match. Các bản đã nộp giữ nguyên. 409 season-closed. Lỗi: TOO_LONG, TOO_MANY.");
        reports.MapPost("/{id:guid}/submit", Submit).WithIfMatch().WithETag().Accepts<SubmitReportRequest>("application/json").AllowRoles(Roles.UnitHead)
            .WithSummary("Thủ trưởng đơn vị nộp báo cáo")
            .WithDescription("Một lần nộp đến cả cụm trưởng và cơ quan thường trực; thời điểm nhận là giờ của máy chủ. Nộp lại là một bản mới, phải nêu lý do (422 MISSING_REASON); lần nhận đầu tiên được tính, trừ khi nơi nhận đã trả lại. 409 season-closed.");
        reports.MapPost("/{id:guid}/return", Return).WithIfMatch().WithETag().Accepts<ReturnReportRequest>("application/json").AllowRoles(Roles.UnitHead, Roles.Appraiser)
            .WithSummary("Nơi nhận trả lại báo cáo")
            .WithDescription("Thủ trưởng đơn vị cụm trưởng, hoặc chuyên viên cơ quan thường trực, kèm lý do. Nghĩa vụ với nơi trả lại mở lại, lần nộp sau được tính. 403 own-report, not-recipient; 409 report-not-received, season-closed. Lỗi: MISSING_REASON, TOO_LONG.");
    }

    public sealed record ReportRequest(string Season, ReportKind Kind, string Summary, IReadOnlyList<ReportFigure>? Figures = null, IReadOnlyList<ReportDocument>? Documents = null);

    public sealed record ReportContentRequest(string Summary, IReadOnlyList<ReportFigure>? Figures = null, IReadOnlyList<ReportDocument>? Documents = null);

    public sealed record SubmitReportRequest(string? Reason = null);

    public sealed record ReturnReportRequest(string Reason);

    /// <param name="Id">Key.</param>
    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="Unit">Đơn vị.</param>
    /// <param name="Kind">Loại báo cáo.</param>
    /// <param name="State">Trạng thái.</param>
    /// <param name="Version">Number of the last version handed in; 0: none.</param>
    /// <param name="SubmittedAt">First receipt; absent: none.</param>
    public sealed record ReportSummary(Guid Id, string Season, string Unit, ReportKind Kind, ReportState State, int Version, DateTimeOffset? SubmittedAt)
    {
        public static ReportSummary Of(Report report) => new(report.Id, report.Season, report.Unit, report.Kind, report.State, report.Versions.Count, report.SubmittedAt);
    }

    /// <param name="Id">Key.</param>
    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="Unit">Đơn vị.</param>
    /// <param name="Kind">Loại báo cáo.</param>
    /// <param name="State">Trạng thái.</param>
    /// <param name="Draft">Bản đang soạn; shown to the unit itself only.</param>
    /// <param name="Versions">Các bản đã nộp, in order.</param>
    /// <param name="Steps">What happened to it, in order.</param>
    public sealed record ReportView(Guid Id, string Season, string Unit, ReportKind Kind, ReportState State, ReportContent? Draft, IReadOnlyList<ReportContent> Versions, IReadOnlyList<ReportStep> Steps)
    {
        public static ReportView Of(Report report, Caller caller) =>
            new(report.Id, report.Season, report.Unit, report.Kind, report.State, IsOwn(report, caller) ? report.Draft : null, report.Versions, report.Steps);
    }

    private static async Task<Created<ReportView>> Begin(StrictBody body, HttpResponse response, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        var unit = caller.Unit ?? throw new AccessDeniedException("not-own-report", "Chỉ tài khoản của một đơn vị mới soạn được báo cáo của đơn vị đó.");
        var (seasonCode, kind, content) = (body.Root.Text("season"), body.Root.Choice<ReportKind>("kind"), ReportBodies.ContentOf(body.Root));
        body.Root.RefuseUnknown();
        var season = seasonCode is null ? null : await db.Seasons.AsNoTracking().SingleOrDefaultAsync(found => found.Code == seasonCode, ct);
        if (season is null && seasonCode is not null)
        {
            body.Root.Refuse("UNKNOWN_SEASON", $"Không có kỳ thi đua {seasonCode}.", "season");
        }

        body.RefuseIfWrong();
        season!.RequireOpen();
        if (await ClusterOf(db, season.Code, unit).SingleOrDefaultAsync(ct) is null)
        {
            throw new RuleViolationException("no-obligation", $"Đơn vị {unit} không thuộc cụm, khối nào trong kỳ thi đua {season.Code}.");
        }

        if (await db.Reports.AnyAsync(report => report.Season == season.Code && report.Unit == unit && report.Kind == kind, ct))
        {
            throw new RuleViolationException("report-exists", "Đơn vị đã có báo cáo này; hãy sửa bản soạn và nộp lại.");
        }

        var report = Report.Begin(season.Code, unit, kind!.Value, content!);
        db.Add(report);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, report.RowVersion);
        return TypedResults.Created($"/api/v1/reports/{report.Id}", ReportView.Of(report, caller));
    }

    private static async Task<Ok<Page<ReportSummary>>> List(string? season, string? unit, Named<ReportKind>? kind, [AsParameters] PageQuery page, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        var reports = Seen(caller, db).AsNoTracking();
        reports = season is null ? reports : reports.Where(report => report.Season == season);
        reports = unit is null ? reports : reports.Where(report => report.Unit == unit);
        reports = kind is null ? reports : reports.Where(report => report.Kind == kind.Value.Value);
        if (page.After is { } after)
        {
            var last = Guid.TryParse(after, out var id) ? id : throw Cursor.Bad();
            reports = reports.Where(report => report.Id > last);
        }

        var found = await reports.OrderBy(report => report.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found.ConvertAll(ReportSummary.Of), page.Size, summary => summary.Id.ToString()));
    }

    private static async Task<Results<Ok<ReportView>, NotFound>> Get(Guid id, HttpResponse response, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        if (await Seen(caller, db).AsNoTracking().SingleOrDefaultAsync(report => report.Id == id, ct) is not { } report)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, report.RowVersion);
        return TypedResults.Ok(ReportView.Of(report, caller));
    }

    private static async Task<Results<Ok<ReportView>, NotFound>> Edit(Guid id, StrictBody body, HttpRequest request, HttpResponse response, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        if (await LockedAsync(id, caller, db, ct) is not var (report, season) || !IsOwn(report, caller))
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, report.RowVersion);
        season.RequireOpen();
        var content = ReportBodies.ContentOf(body.Root);
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        report.Edit(content!);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, report.RowVersion);
        return TypedResults.Ok(ReportView.Of(report, caller));
    }

    private static async Task<Results<Ok<ReportView>, NotFound>> Submit(
        Guid id, StrictBody body, HttpRequest request, HttpResponse response, Caller caller, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await LockedAsync(id, caller, db, ct) is not var (report, season) || !IsOwn(report, caller))
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, report.RowVersion);
        season.RequireOpen();
        var reason = body.Root.Text("reason", ObligationTables.TextLength, required: false);
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        journal.Because(reason);
        report.Submit(reason, caller.Subject, clock.GetUtcNow());
        return await SaveAsync(report, season, caller, response, db, clock, ct);
    }

    private static async Task<Results<Ok<ReportView>, NotFound>> Return(
        Guid id, StrictBody body, HttpRequest request, HttpResponse response, Caller caller, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await LockedAsync(id, caller, db, ct) is not var (report, season))
        {
            return TypedResults.NotFound();
        }

        var recipient = RecipientOf(report, await ClusterOf(db, report.Season, report.Unit).AsNoTracking().SingleOrDefaultAsync(ct), caller);
        Preconditions.Require(request, report.RowVersion);
        season.RequireOpen();
        var reason = body.Root.Reason();
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        journal.Because(reason);
        report.Return(recipient, reason!, caller.Subject, clock.GetUtcNow());
        return await SaveAsync(report, season, caller, response, db, clock, ct);
    }

    private static async Task<Ok<ReportView>> SaveAsync(Report report, Season season, Caller caller, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        await db.KeepObligationsAsync(season, await ClusterOf(db, season.Code, report.Unit).ToListAsync(ct), clock.GetUtcNow(), ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, report.RowVersion);
        return TypedResults.Ok(ReportView.Of(report, caller));
    }

    /// <summary>Nobody returns the own unit's report; whoever returns one does it as the one recipient that he acts for.</summary>
    private static ObligationRecipient RecipientOf(Report report, Cluster? cluster, Caller caller)
    {
        if (caller.BelongsTo(report.Unit))
        {
            throw new AccessDeniedException("own-report", "Không ai được trả lại báo cáo của đơn vị mình.");
        }

        return cluster is not null && caller.Is(Roles.UnitHead) && caller.BelongsTo(cluster.Leader) ? ObligationRecipient.ClusterLeader
            : caller.Is(Roles.Appraiser) ? ObligationRecipient.StandingAgency
            : throw new AccessDeniedException("not-recipient", "Chỉ cụm trưởng và cơ quan thường trực, là nơi nhận báo cáo, được trả lại báo cáo.");
    }

    /// <summary>A report that the caller may see, to be changed, under its season's lock.</summary>
    private static async Task<(Report Report, Season Season)?> LockedAsync(Guid id, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        if (await Seen(caller, db).Where(report => report.Id == id).Select(report => report.Season).SingleOrDefaultAsync(ct) is not { } code)
        {
            return null;
        }

        var season = (await db.LockSeasonAsync(code, ct))!;
        return (await db.Reports.SingleAsync(report => report.Id == id, ct), season);
    }

    private static IQueryable<Report> Seen(Caller caller, ClustersDbContext db)
    {
        var own = caller.Is(Roles.UnitClerk, Roles.UnitHead) ? caller.Unit : null;
        var seesAll = caller.Is(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor);
        return db.Reports.Where(report =>
            (own != null && report.Unit == own)
            || (report.SubmittedAt != null
                && (seesAll || (own != null && db.Clusters.Any(cluster => cluster.Season == report.Season && (cluster.Leader == own || cluster.Deputy == own) && cluster.Members.Any(member => member.Unit == report.Unit))))));
    }

    private static bool IsOwn(Report report, Caller caller) => caller.Is(Roles.UnitClerk, Roles.UnitHead) && caller.BelongsTo(report.Unit);

    private static IQueryable<Cluster> ClusterOf(ClustersDbContext db, string season, string unit) =>
        db.Clusters.Where(cluster => cluster.Season == season && cluster.Members.Any(member => member.Unit == unit));
}
