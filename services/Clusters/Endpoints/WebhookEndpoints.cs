using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.Clusters.Messaging;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Webhook: systems that are told of reminders by signed calls.</summary>
public static class WebhookEndpoints
{
    private static readonly string[] s_agency = [Roles.Admin, Roles.Appraiser];
    private static readonly string[] s_writers = [.. s_agency, Roles.UnitHead];
    private static readonly string[] s_seeAll = [.. s_agency, Roles.AppraisalHead, Roles.Auditor];
    private static readonly string[] s_readers = [.. s_seeAll, Roles.UnitHead];

    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        var webhooks = app.MapGroup("/webhooks").WithTags("Webhooks");

        webhooks.MapGet("/", List).AllowRoles(s_readers)
            .WithSummary("Danh sách webhook đã đăng ký")
            .WithDescription("Thủ trưởng đơn vị thấy webhook của đơn vị mình; cơ quan thường trực thấy tất cả. Khóa ký không hiển thị.");
        webhooks.MapGet("/{id:guid}", Get).WithETag().AllowRoles(s_readers)
            .WithSummary("Một webhook, kèm ETag");
        webhooks.MapPost("/", Subscribe).WithETag().Accepts<WebhookRequest>("application/json").AllowRoles(s_writers)
            .WithSummary("Đăng ký một webhook nhận thông báo đôn đốc")
            .WithDescription("""
                Có unit: nhận những lần nhắc gửi cho đơn vị đó; không có: của cơ quan thường trực, nhận tất cả. Mỗi lần gọi là một CloudEvent 1.0 (application/cloudevents+json), ký theo Standard Webhooks
                (webhook-id, webhook-timestamp, webhook-signature); chỉ trả lời 2xx là đã nhận, 410 thì webhook bị tắt. Cùng webhook-id có thể đến lại: bên nhận bỏ qua lần sau. secret chỉ hiển thị một lần.
                Lỗi: BAD_URL, PRIVATE_ADDRESS, UNKNOWN_UNIT, UNKNOWN_EVENT; 403 not-own-unit.
                """);
        webhooks.MapPut("/{id:guid}", Change).WithIfMatch().WithETag().Accepts<WebhookChange>("application/json").AllowRoles(s_writers)
            .WithSummary("Sửa địa chỉ, loại sự kiện, hoặc bật, tắt một webhook")
            .WithDescription("Cần If-Match. Lỗi: BAD_URL, PRIVATE_ADDRESS, UNKNOWN_EVENT.");
        webhooks.MapPost("/{id:guid}/resend", Resend).Accepts<ResendRequest>("application/json").AllowRoles(s_agency).AllowWhileReadOnly()
            .WithSummary("Gửi lại những lần gọi của một webhook")
            .WithDescription("""
                Cần lý do. Gửi lại, với cùng webhook-id, mọi lần gọi đã gửi hoặc không gửi được từ thời điểm since (ngày giờ ISO 8601) về nghĩa vụ còn chưa hoàn thành; reminder: chỉ một lần gọi. Lần đang chờ gửi không đổi.
                409 webhook-disabled: webhook đang tắt. Lỗi: MISSING_REASON, TOO_LONG, MISSING_PROPERTY (cần since hoặc reminder), WRONG_TYPE.
                """);
        webhooks.MapPost("/{id:guid}/rotate", Rotate).WithIfMatch().WithETag().AllowRoles(s_writers).AllowWhileReadOnly()
            .WithSummary("Đổi khóa ký của một webhook")
            .WithDescription("Cần If-Match. Trong 24 giờ mỗi lần gọi có hai chữ ký, của khóa mới và khóa cũ. secret chỉ hiển thị một lần.");
    }

    public sealed record WebhookRequest(string Url, string? Unit = null, IReadOnlyList<string>? EventTypes = null);

    /// <param name="Reason">Lý do, ghi vào nhật ký.</param>
    /// <param name="Since">Những lần gọi được lập từ lúc này.</param>
    /// <param name="Reminder">Chỉ lần đôn đốc này.</param>
    public sealed record ResendRequest(string Reason, DateTimeOffset? Since = null, Guid? Reminder = null);

    /// <param name="Planned">How many go out again.</param>
    public sealed record ResentView(int Planned);

    public sealed record WebhookChange(string Url, bool Enabled, IReadOnlyList<string>? EventTypes = null);

    /// <param name="Id">Key.</param>
    /// <param name="Url">Địa chỉ nhận.</param>
    /// <param name="Unit">Unit whose system it is; absent: the standing agency's.</param>
    /// <param name="EventTypes">Loại sự kiện.</param>
    /// <param name="Enabled">Đang bật.</param>
    /// <param name="DisabledBecause">Lý do tắt.</param>
    /// <param name="PreviousSecretUntil">Until then the previous secret signs too.</param>
    /// <param name="Secret">Khóa ký; only in the answer that made it.</param>
    public sealed record WebhookView(Guid Id, string Url, string? Unit, IReadOnlyList<string> EventTypes, bool Enabled, string? DisabledBecause, DateTimeOffset? PreviousSecretUntil, string? Secret)
    {
        public static WebhookView Of(Webhook webhook, string? secret = null) =>
            new(webhook.Id, webhook.Url, webhook.Unit, webhook.EventTypes, webhook.Enabled, webhook.DisabledBecause, webhook.PreviousUntil, secret);
    }

    private static async Task<Ok<Page<WebhookView>>> List([AsParameters] PageQuery page, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        var webhooks = Visible(db, caller).AsNoTracking();
        if (page.AfterAs<Guid>() is { } last)
        {
            webhooks = webhooks.Where(webhook => webhook.Id > last);
        }

        var found = await webhooks.OrderBy(webhook => webhook.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found.ConvertAll(webhook => WebhookView.Of(webhook)), page.Size, view => view.Id.ToString()));
    }

    private static async Task<Results<Ok<WebhookView>, NotFound>> Get(Guid id, HttpResponse response, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        if (await Visible(db, caller).AsNoTracking().SingleOrDefaultAsync(webhook => webhook.Id == id, ct) is not { } webhook)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, webhook.RowVersion);
        return TypedResults.Ok(WebhookView.Of(webhook));
    }

    private static async Task<Created<WebhookView>> Subscribe(StrictBody body, HttpResponse response, Caller caller, ClustersDbContext db, SecretBox secrets, WebhookCaller webhooks, CancellationToken ct)
    {
        var (url, unit, types) = (UrlOf(body, webhooks.AllowPrivate), body.Root.Text("unit", required: false), TypesOf(body));
        body.Root.RefuseUnknown();
        await body.RefuseUnknownUnitAsync(unit, db, ct);
        body.RefuseIfWrong();
        ContactEndpoints.RequireOwn(caller, unit);

        var secret = Webhook.NewSecret();
        var webhook = Webhook.Subscribe(unit, url!, types, secrets.Close(secret));
        db.Add(webhook);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, webhook.RowVersion);
        return TypedResults.Created($"/api/v1/webhooks/{webhook.Id}", WebhookView.Of(webhook, secret));
    }

    private static async Task<Results<Ok<WebhookView>, NotFound>> Change(Guid id, StrictBody body, HttpRequest request, HttpResponse response, Caller caller, ClustersDbContext db, WebhookCaller webhooks, CancellationToken ct)
    {
        if (await OwnAsync(id, request, caller, db, ct) is not { } webhook)
        {
            return TypedResults.NotFound();
        }

        var (url, enabled, types) = (UrlOf(body, webhooks.AllowPrivate), body.Root.Flag("enabled"), TypesOf(body));
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        webhook.Change(url!, types, enabled!.Value);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, webhook.RowVersion);
        return TypedResults.Ok(WebhookView.Of(webhook));
    }

    private static async Task<Results<Ok<WebhookView>, NotFound>> Rotate(Guid id, HttpRequest request, HttpResponse response, Caller caller, ClustersDbContext db, SecretBox secrets, TimeProvider clock, CancellationToken ct)
    {
        if (await OwnAsync(id, request, caller, db, ct) is not { } webhook)
        {
            return TypedResults.NotFound();
        }

        var secret = Webhook.NewSecret();
        webhook.Rotate(secrets.Close(secret), clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, webhook.RowVersion);
        return TypedResults.Ok(WebhookView.Of(webhook, secret));
    }

    private static async Task<Results<Ok<ResentView>, NotFound>> Resend(Guid id, StrictBody body, Caller caller, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await Visible(db, caller).AsNoTracking().SingleOrDefaultAsync(found => found.Id == id, ct) is not { } webhook)
        {
            return TypedResults.NotFound();
        }

        var (reason, since, reminder) = (body.Root.Reason(), MomentOf(body), ReminderOf(body));
        if (!body.Root.Has("since") && !body.Root.Has("reminder"))
        {
            body.Root.Refuse("MISSING_PROPERTY", "Nêu since hoặc reminder.", "since");
        }

        body.Root.RefuseUnknown();
        body.RefuseIfWrong();
        if (!webhook.Enabled)
        {
            throw new RuleViolationException("webhook-disabled", "Webhook đang tắt; hãy bật lại trước.");
        }

        // What is no longer owed stays as it was: sent again it would only be found superseded.
        var reminders = db.Reminders.Where(found => found.WebhookId == id && db.Obligations.Any(owed =>
            owed.Id == found.ObligationId && owed.MetAt == null && owed.CutOffAt == null && owed.ReleasedAt == null && owed.DueOn == found.DueOn));
        reminders = since is null ? reminders : reminders.Where(found => found.PlannedAt >= since);
        reminders = reminder is null ? reminders : reminders.Where(found => found.Id == reminder);
        var again = (await reminders.ToListAsync(ct)).Count(found => found.Resend(clock.GetUtcNow()));
        journal.Because(reason);
        db.Record(journal, clock, "resend webhook", $"Webhook/{id}");
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new ResentView(again));
    }

    private static DateTimeOffset? MomentOf(StrictBody body)
    {
        if (body.Root.Text("since", required: false) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return moment.ToUniversalTime();
        }

        body.Root.Refuse("WRONG_TYPE", "Phải là thời điểm có dạng 2026-01-31T08:00:00+07:00.", "since");
        return null;
    }

    private static Guid? ReminderOf(StrictBody body)
    {
        if (body.Root.Text("reminder", required: false) is not { } text)
        {
            return null;
        }

        if (Guid.TryParse(text, out var id))
        {
            return id;
        }

        body.Root.Refuse("WRONG_TYPE", "Phải là khóa của một lần đôn đốc.", "reminder");
        return null;
    }

    private static string? UrlOf(StrictBody body, bool allowPrivate)
    {
        var url = body.Root.Text("url");
        if (url is not null && WebhookAddress.Problem(url, allowPrivate) is { } problem)
        {
            body.Errors.Add(problem);
        }

        return url;
    }

    private static List<string> TypesOf(StrictBody body)
    {
        if (!body.Root.Has("event_types"))
        {
            return [.. Webhook.AllEvents];
        }

        var types = new List<string>();
        foreach (var item in body.Root.List("event_types"))
        {
            if (item.AsText() is { } type && (!Webhook.AllEvents.Contains(type) || types.Contains(type)))
            {
                item.Refuse("UNKNOWN_EVENT", $"Mỗi loại một lần, trong các loại: {string.Join(", ", Webhook.AllEvents)}.");
            }
            else if (item.AsText() is { } known)
            {
                types.Add(known);
            }
        }

        return types;
    }

    private static async Task<Webhook?> OwnAsync(Guid id, HttpRequest request, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        if (await Visible(db, caller).SingleOrDefaultAsync(found => found.Id == id, ct) is not { } webhook)
        {
            return null;
        }

        ContactEndpoints.RequireOwn(caller, webhook.Unit);
        Preconditions.Require(request, webhook.RowVersion);
        return webhook;
    }

    private static IQueryable<Webhook> Visible(ClustersDbContext db, Caller caller)
    {
        var own = caller.Unit;
        return caller.Is(s_seeAll) ? db.Webhooks : db.Webhooks.Where(webhook => own != null && webhook.Unit == own);
    }
}
