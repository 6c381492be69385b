using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Hoạt động, hội nghị của cụm, khối: planned and reported by the unit that leads; who came becomes an official fact.</summary>
public static class ActivityEndpoints
{
    public static void MapActivities(this IEndpointRouteBuilder app)
    {
        var activities = app.MapGroup("/activities").WithTags("Activities");

        activities.MapPost("/", Plan).WithETag().Accepts<PlanActivityRequest>("application/json").AllowRoles(Roles.UnitClerk, Roles.UnitHead)
            .WithSummary("Lập kế hoạch một hoạt động hoặc hội nghị của cụm, khối")
            .WithDescription("Chỉ đơn vị trưởng (403 not-leader). kind ACTIVITY cần type, kind MEETING cần review (MIDYEAR, YEAREND). 409 season-closed. Lỗi: UNKNOWN_CLUSTER, UNKNOWN_ACTIVITY_TYPE, NOT_MEMBER.");
        activities.MapGet("/", List).AllowRoles(ClusterSight.Readers)
            .WithSummary("Danh sách hoạt động, hội nghị")
            .WithDescription("Thành viên thấy hoạt động của cụm, khối mình; cơ quan thường trực và kiểm tra thấy tất cả. Lọc theo season, cluster, unit (đơn vị thành viên).");
        activities.MapGet("/{id:guid}", Get).WithETag().AllowRoles(ClusterSight.Readers)
            .WithSummary("Một hoạt động với mọi danh sách tham dự, kèm ETag");
        activities.MapPost("/{id:guid}/hold", Hold).WithIfMatch().WithETag().Accepts<HoldActivityRequest>("application/json").AllowRoles(Roles.UnitClerk, Roles.UnitHead)
            .WithSummary("Ghi nhận hoạt động đã tổ chức, đơn vị tham dự và kết quả")
            .WithDescription("Chỉ đơn vị trưởng. attendance ghi từng đơn vị được mời: PRESENT, ABSENT, EXCUSED; hội nghị ghi mọi thành viên và có biên bản (minutes). 409 wrong-activity-state, meeting-held, season-closed. Lỗi: OUT_OF_RANGE (ngày chưa đến), NOT_MEMBER, MISSING_PROPERTY.");
        activities.MapPut("/{id:guid}/attendance", Correct).WithIfMatch().WithETag().Accepts<AttendanceRequest>("application/json").AllowRoles(Roles.UnitClerk, Roles.UnitHead)
            .WithSummary("Sửa danh sách tham dự, có lý do")
            .WithDescription("Chỉ đơn vị trưởng; danh sách cũ được giữ nguyên. 409 wrong-activity-state, season-closed. Lỗi: NOT_MEMBER, MISSING_PROPERTY, MISSING_REASON.");
        activities.MapPost("/{id:guid}/cancel", Cancel).WithIfMatch().WithETag().Accepts<CancelActivityRequest>("application/json").AllowRoles(Roles.UnitClerk, Roles.UnitHead)
            .WithSummary("Hủy một hoạt động đang ở kế hoạch, có lý do")
            .WithDescription("Chỉ đơn vị trưởng. 409 wrong-activity-state, season-closed. Lỗi: MISSING_REASON.");
    }

    public sealed record PlanActivityRequest(string Season, string Cluster, ActivityKind Kind, string Title, DateOnly PlannedOn, string Host, string? Type = null, ReviewPeriod? Review = null);

    public sealed record HoldActivityRequest(DateOnly HeldOn, IReadOnlyDictionary<string, Presence> Attendance, string Outcome, string? Minutes = null, IReadOnlyList<string>? Evidence = null);

    public sealed record AttendanceRequest(IReadOnlyDictionary<string, Presence> Attendance, string Reason);

    public sealed record CancelActivityRequest(string Reason);

    /// <param name="Id">Key.</param>
    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="ClusterId">Key of the cluster.</param>
    /// <param name="Kind">ACTIVITY or MEETING.</param>
    /// <param name="Type">Loại hoạt động; absent for a meeting.</param>
    /// <param name="Review">MIDYEAR or YEAREND; absent for what is no meeting.</param>
    /// <param name="Title">Tên.</param>
    /// <param name="PlannedOn">Ngày dự kiến.</param>
    /// <param name="Host">Đơn vị đăng cai.</param>
    /// <param name="State">PLANNED, HELD or CANCELLED.</param>
    /// <param name="HeldOn">Ngày tổ chức.</param>
    /// <param name="Attendance">The list that counts, by unit; empty until it was held.</param>
    /// <param name="Outcome">Kết quả.</param>
    /// <param name="Minutes">Biên bản.</param>
    /// <param name="Evidence">Minh chứng.</param>
    /// <param name="CancelledBecause">Lý do hủy.</param>
    /// <param name="Lists">All lists in the order in which they were recorded.</param>
    /// <param name="Version">Grows with every change.</param>
    public sealed record ActivityView(
        Guid Id, string Season, Guid ClusterId, ActivityKind Kind, string? Type, ReviewPeriod? Review, string Title, DateOnly PlannedOn, string Host, ActivityState State,
        DateOnly? HeldOn, IReadOnlyDictionary<string, Presence> Attendance, string? Outcome, string? Minutes, IReadOnlyList<string> Evidence, string? CancelledBecause,
        IReadOnlyList<AttendanceListView> Lists, int Version)
    {
        public static ActivityView Of(Activity activity) => new(
            activity.Id, activity.Season, activity.ClusterId, activity.Kind, activity.Type, activity.Review, activity.Title, activity.PlannedOn, activity.Host, activity.State,
            activity.HeldOn, activity.Counted?.Entries ?? new Dictionary<string, Presence>(), activity.Outcome, activity.Minutes, activity.Evidence, activity.CancelledBecause,
            [.. activity.Attendance.OrderBy(list => list.Number).Select(AttendanceListView.Of)], activity.Version);
    }

    /// <param name="Number">1 is the first, the last counts.</param>
    /// <param name="Entries">By unit.</param>
    /// <param name="Reason">Why it was corrected.</param>
    /// <param name="RecordedAt">When it was recorded.</param>
    public sealed record AttendanceListView(int Number, IReadOnlyDictionary<string, Presence> Entries, string? Reason, DateTimeOffset RecordedAt)
    {
        public static AttendanceListView Of(AttendanceList list) => new(list.Number, list.Entries, list.Reason, list.RecordedAt);
    }

    private static async Task<Created<ActivityView>> Plan(StrictBody body, Caller caller, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var root = body.Root;
        var (season, clusterCode, kind, title, plannedOn, host) = (root.Text("season"), root.Text("cluster"), root.Choice<ActivityKind>("kind"), root.Name("title"), root.Date("planned_on"), root.Text("host"));
        var type = kind == ActivityKind.Meeting ? null : root.Text("type", required: kind is not null);
        var review = kind == ActivityKind.Activity ? null : root.Choice<ReviewPeriod>("review", required: kind is not null);
        if (!root.Has("type"))
        {
            root.Ignore("type");
        }

        if (!root.Has("review"))
        {
            root.Ignore("review");
        }

        root.RefuseUnknown();
        var cluster = await ClusterReferences.FindAsync(root, season, clusterCode, caller, db, ct);
        if (cluster is not null && host is not null && cluster.Members.All(member => member.Unit != host))
        {
            root.Refuse("NOT_MEMBER", $"Đơn vị {host} không phải là thành viên của cụm, khối {cluster.Code}.", "host");
        }

        if (type is not null && plannedOn is { } day && (await db.ActivityTypes.AsNoTracking().Where(known => known.Code == type).ToListAsync(ct)).On(type, day) is null)
        {
            root.Refuse("UNKNOWN_ACTIVITY_TYPE", $"Không có loại hoạt động {type} vào ngày {day:dd/MM/yyyy}.", "type");
        }

        body.RefuseIfWrong();
        caller.RequireLeader(cluster!);
        var activity = Activity.Plan((await db.LockSeasonAsync(cluster!.Season, ct))!, cluster.Id, new ActivityPlan(kind!.Value, type, review, title!, plannedOn!.Value, host!));
        db.Add(activity);
        await ActivityFacts.PublishAsync(db, activity, clock.GetUtcNow(), ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, activity.RowVersion);
        return TypedResults.Created($"/api/v1/activities/{activity.Id}", ActivityView.Of(activity));
    }

    private static async Task<Ok<Page<ActivityView>>> List(string? season, string? cluster, string? unit, [AsParameters] PageQuery page, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        var clusters = ClusterReferences.Visible(db, caller, season, cluster, unit).Select(found => found.Id);
        var activities = db.Activities.AsNoTracking().Where(activity => clusters.Contains(activity.ClusterId));
        if (page.AfterAs<Guid>() is { } last)
        {
            activities = activities.Where(activity => activity.Id > last);
        }

        var found = await activities.OrderBy(activity => activity.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found.ConvertAll(ActivityView.Of), page.Size, activity => activity.Id.ToString()));
    }

    private static async Task<Results<Ok<ActivityView>, NotFound>> Get(Guid id, Caller caller, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.Activities.AsNoTracking().SingleOrDefaultAsync(activity => activity.Id == id, ct) is not { } activity
            || !caller.Sees(await db.Clusters.AsNoTracking().SingleAsync(cluster => cluster.Id == activity.ClusterId, ct)))
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, activity.RowVersion);
        return TypedResults.Ok(ActivityView.Of(activity));
    }

    private static async Task<Results<Ok<ActivityView>, NotFound>> Hold(
        Guid id, StrictBody body, Caller caller, HttpRequest request, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await FindToChangeAsync(id, caller, request, db, ct) is not var (activity, cluster, season))
        {
            return TypedResults.NotFound();
        }

        var heldOn = body.Root.Date("held_on");
        var attendance = AttendanceOf(body.Root);
        var (outcome, minutes) = (body.Root.Text("outcome"), body.Root.Has("minutes") ? body.Root.Name("minutes") : null);
        body.Root.Ignore("minutes");
        var evidence = ClusterReferences.TextsOf(body.Root, "evidence");
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();
        if (activity.Review is { } review && await db.Activities.AnyAsync(other => other.ClusterId == cluster.Id && other.Review == review && other.State == ActivityState.Held && other.Id != id, ct))
        {
            throw new RuleViolationException("meeting-held", "Cụm, khối đã tổ chức hội nghị này trong kỳ thi đua.");
        }

        activity.Hold(season, new ActivityReport(heldOn!.Value, attendance, outcome!, minutes, evidence), MembersOf(cluster), caller.Subject, clock.GetUtcNow());
        return await SaveAsync(activity, response, db, clock, ct);
    }

    private static async Task<Results<Ok<ActivityView>, NotFound>> Correct(
        Guid id, StrictBody body, Caller caller, HttpRequest request, HttpResponse response, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await FindToChangeAsync(id, caller, request, db, ct) is not var (activity, cluster, season))
        {
            return TypedResults.NotFound();
        }

        var attendance = AttendanceOf(body.Root);
        var reason = body.Root.Text("reason", required: false);
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();
        journal.Because(reason);
        activity.Correct(season, attendance, MembersOf(cluster), reason, caller.Subject, clock.GetUtcNow());
        return await SaveAsync(activity, response, db, clock, ct);
    }

    private static async Task<Results<Ok<ActivityView>, NotFound>> Cancel(
        Guid id, StrictBody body, Caller caller, HttpRequest request, HttpResponse response, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await FindToChangeAsync(id, caller, request, db, ct) is not var (activity, _, season))
        {
            return TypedResults.NotFound();
        }

        var reason = body.Root.Text("reason", required: false);
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();
        journal.Because(reason);
        activity.Cancel(season, reason);
        await ActivityFacts.PublishAsync(db, activity, clock.GetUtcNow(), ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, activity.RowVersion);
        return TypedResults.Ok(ActivityView.Of(activity));
    }

    private static async Task<(Activity Activity, Cluster Cluster, Season Season)?> FindToChangeAsync(Guid id, Caller caller, HttpRequest request, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.Activities.AsNoTracking().Where(activity => activity.Id == id).Select(activity => activity.Season).SingleOrDefaultAsync(ct) is not { } seasonCode)
        {
            return null;
        }

        // Read under the season's lock: its activities change one after the other, and with them the attendance that is told.
        var season = (await db.LockSeasonAsync(seasonCode, ct))!;
        var activity = await db.Activities.SingleAsync(found => found.Id == id, ct);
        var cluster = await db.Clusters.AsNoTracking().SingleAsync(found => found.Id == activity.ClusterId, ct);
        if (!caller.Sees(cluster))
        {
            return null;
        }

        caller.RequireLeader(cluster);
        Preconditions.Require(request, activity.RowVersion);
        return (activity, cluster, season);
    }

    private static async Task<Results<Ok<ActivityView>, NotFound>> SaveAsync(Activity activity, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await AttendanceFacts.PublishAsync(db, activity, now, ct);
        await ActivityFacts.PublishAsync(db, activity, now, ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, activity.RowVersion);
        return TypedResults.Ok(ActivityView.Of(activity));
    }

    private static Dictionary<string, Presence> AttendanceOf(StrictJson root)
    {
        var attendance = new Dictionary<string, Presence>(StringComparer.Ordinal);
        foreach (var (unit, entry) in root.Entries("attendance"))
        {
            if (!BusinessCode.IsValid(unit))
            {
                entry.Refuse("BAD_CODE", "Không phải là mã đơn vị.");
            }
            else if (root.Member("attendance")!.Choice<Presence>(unit) is { } presence)
            {
                attendance[unit] = presence;
            }
        }

        return attendance;
    }

    private static List<string> MembersOf(Cluster cluster) => [.. cluster.Members.Select(member => member.Unit)];
}
