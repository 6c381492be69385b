using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Nhật ký đôn đốc (P4): who was reminded of what, when, by which way, and with which outcome.</summary>
public static class ReminderEndpoints
{
    private static readonly string[] s_readers = [Roles.UnitClerk, Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead, Roles.Admin, Roles.Auditor];
    private static readonly string[] s_all = [Roles.Appraiser, Roles.AppraisalHead, Roles.Admin, Roles.Auditor];

    public static void MapReminders(this IEndpointRouteBuilder app)
    {
        var reminders = app.MapGroup("/reminders").WithTags("Reminders");

        reminders.MapGet("/", List).WithNames<ReminderState>("state").AllowRoles(s_readers)
            .WithSummary("Nhật ký đôn đốc")
            .WithDescription("Mỗi mục là một lần nhắc một người nhận, kèm mọi lần gửi và kết quả; waiting_for cho biết vì sao một lần nhắc chưa gửi được. Đơn vị thấy phần của mình, cụm trưởng thấy của cả cụm, cơ quan thường trực và kiểm tra thấy tất cả.");
        reminders.MapGet("/{id:guid}", Get).WithETag().AllowRoles(s_readers)
            .WithSummary("Một lần đôn đốc, kèm ETag");
        reminders.MapPost("/{id:guid}/retry", Retry).WithIfMatch().WithETag().AllowRoles(Roles.Admin, Roles.Appraiser).AllowWhileReadOnly()
            .WithSummary("Gửi lại một lần đôn đốc không gửi được")
            .WithDescription("Cần If-Match; chỉ ở trạng thái FAILED (409 wrong-state). Nếu nghĩa vụ đã hoàn thành thì không gửi nữa.");
    }

    /// <summary>Vì sao chưa gửi.</summary>
    public enum Waiting
    {
        /// <summary>Chưa cấu hình máy chủ thư.</summary>
        SmtpNotConfigured,

        /// <summary>Người nhận chưa có địa chỉ.</summary>
        NoAddress,

        /// <summary>Chờ đến lần gửi lại.</summary>
        Retry,
    }

    /// <param name="Number">From 1 on.</param>
    /// <param name="At">When it began.</param>
    /// <param name="To">Địa chỉ nhận.</param>
    /// <param name="Outcome">TRANSMITTING, DELIVERED, REFUSED, NOT_SENT or UNKNOWN.</param>
    /// <param name="EndedAt">When its outcome was known.</param>
    /// <param name="Detail">Answer of the other side.</param>
    public sealed record AttemptView(int Number, DateTimeOffset At, string To, AttemptOutcome Outcome, DateTimeOffset? EndedAt, string? Detail);

    /// <param name="Id">Key; in the Message-ID of the mail, webhook-id of the call.</param>
    /// <param name="ObligationId">Nghĩa vụ được nhắc.</param>
    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="ClusterId">Khóa của cụm, khối.</param>
    /// <param name="Unit">Who owes it; absent: the standing agency.</param>
    /// <param name="Kind">What is owed.</param>
    /// <param name="OwedTo">To whom it is owed.</param>
    /// <param name="DueOn">Thời hạn khi nhắc.</param>
    /// <param name="Occurrence">Lần nhắc: T-15, T+8.</param>
    /// <param name="Channel">EMAIL or WEBHOOK.</param>
    /// <param name="Recipient">As whom the recipient is reminded.</param>
    /// <param name="RecipientUnit">Unit whose addresses are used; absent: the standing agency's.</param>
    /// <param name="WebhookId">Webhook, if any.</param>
    /// <param name="PlannedFor">Ngày nhắc.</param>
    /// <param name="PlannedAt">When it was planned.</param>
    /// <param name="State">PLANNED, SENDING, SENT, FAILED or SUPERSEDED.</param>
    /// <param name="SupersededBecause">Why it is not sent any more.</param>
    /// <param name="WaitingFor">Why it has not been sent yet.</param>
    /// <param name="NextAttemptAt">Not before then.</param>
    /// <param name="Attempts">Các lần gửi.</param>
    public sealed record ReminderView(
        Guid Id, Guid ObligationId, string Season, Guid ClusterId, string? Unit, ObligationKind Kind, ObligationRecipient OwedTo, DateOnly DueOn, string Occurrence, ReminderChannel Channel, RecipientKind Recipient, string? RecipientUnit,
        Guid? WebhookId, DateOnly PlannedFor, DateTimeOffset PlannedAt, ReminderState State, SupersededReason? SupersededBecause, Waiting? WaitingFor, DateTimeOffset? NextAttemptAt, IReadOnlyList<AttemptView> Attempts)
    {
        public static ReminderView Of(Reminder reminder, Waiting? waitingFor) => new(
            reminder.Id, reminder.ObligationId, reminder.Season, reminder.ClusterId, reminder.Unit, reminder.Kind, reminder.OwedTo, reminder.DueOn, ReminderSchedule.Label(reminder.Occurrence), reminder.Channel, reminder.Recipient, reminder.RecipientUnit,
            reminder.WebhookId, reminder.PlannedFor, reminder.PlannedAt, reminder.State, reminder.SupersededBecause, waitingFor, reminder.State == ReminderState.Planned ? reminder.NextAttemptAt : null,
            [.. reminder.Attempts.OrderBy(attempt => attempt.Number).Select(attempt => new AttemptView(attempt.Number, attempt.At, attempt.To, attempt.Outcome, attempt.EndedAt, attempt.Detail))]);
    }

    private static async Task<Ok<Page<ReminderView>>> List(string? season, Guid? cluster, string? unit, Named<ReminderState>? state, [AsParameters] PageQuery page, Caller caller, ClustersDbContext db, IConfiguration settings, CancellationToken ct)
    {
        var reminders = Visible(db, caller).AsNoTracking();
        reminders = season is null ? reminders : reminders.Where(reminder => reminder.Season == season);
        reminders = cluster is null ? reminders : reminders.Where(reminder => reminder.ClusterId == cluster);
        reminders = unit is null ? reminders : reminders.Where(reminder => reminder.Unit == unit);
        reminders = state is null ? reminders : reminders.Where(reminder => reminder.State == state.Value.Value);
        if (page.AfterAs<Guid>() is { } last)
        {
            reminders = reminders.Where(reminder => reminder.Id > last);
        }

        var found = await reminders.OrderBy(reminder => reminder.Id).Take(page.Size + 1).ToListAsync(ct);
        var views = await ViewsAsync(found, db, settings, ct);
        return TypedResults.Ok(Page.Of(views, page.Size, view => view.Id.ToString()));
    }

    private static async Task<Results<Ok<ReminderView>, NotFound>> Get(Guid id, HttpResponse response, Caller caller, ClustersDbContext db, IConfiguration settings, CancellationToken ct)
    {
        if (await Visible(db, caller).AsNoTracking().SingleOrDefaultAsync(reminder => reminder.Id == id, ct) is not { } reminder)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, reminder.RowVersion);
        return TypedResults.Ok((await ViewsAsync([reminder], db, settings, ct))[0]);
    }

    private static async Task<Results<Ok<ReminderView>, NotFound>> Retry(Guid id, HttpRequest request, HttpResponse response, ClustersDbContext db, IConfiguration settings, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Reminders.SingleOrDefaultAsync(found => found.Id == id, ct) is not { } reminder)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, reminder.RowVersion);
        reminder.Retry(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, reminder.RowVersion);
        return TypedResults.Ok((await ViewsAsync([reminder], db, settings, ct))[0]);
    }

    private static IQueryable<Reminder> Visible(ClustersDbContext db, Caller caller)
    {
        if (caller.Is(s_all))
        {
            return db.Reminders;
        }

        var own = caller.Unit;
        return db.Reminders.Where(reminder => own != null && (reminder.Unit == own || db.Clusters.Any(led => led.Id == reminder.ClusterId && led.Leader == own)));
    }

    private static async Task<List<ReminderView>> ViewsAsync(List<Reminder> reminders, ClustersDbContext db, IConfiguration settings, CancellationToken ct)
    {
        var units = reminders.Select(reminder => reminder.RecipientUnit).Distinct().ToList();
        var reachable = (await db.Contacts.Where(contact => contact.Enabled && (contact.Unit == null || units.Contains(contact.Unit))).Select(contact => new { contact.Holder, contact.Unit }).Distinct().ToListAsync(ct))
            .Select(contact => (contact.Holder, contact.Unit)).ToHashSet();
        var hasSmtp = !string.IsNullOrEmpty(settings["Smtp:Host"]);
        return reminders.ConvertAll(reminder => ReminderView.Of(reminder, reminder switch
        {
            { State: not ReminderState.Planned } => null,
            { Channel: ReminderChannel.Email } when !hasSmtp => Waiting.SmtpNotConfigured,
            { Channel: ReminderChannel.Email } when !reachable.Contains((Contact.HolderOf(reminder.Recipient), reminder.RecipientUnit)) => Waiting.NoAddress,
            { Attempts.Count: > 0 } => Waiting.Retry,
            _ => null,
        }));
    }
}
