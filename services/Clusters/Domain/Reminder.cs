using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Kênh gửi.</summary>
public enum ReminderChannel
{
    /// <summary>Thư điện tử.</summary>
    Email,

    /// <summary>Webhook có chữ ký.</summary>
    Webhook,
}

/// <summary>Trạng thái của một lần đôn đốc.</summary>
public enum ReminderState
{
    /// <summary>Chờ gửi.</summary>
    Planned,

    /// <summary>Đang gửi: an attempt has begun and nothing is known of its end.</summary>
    Sending,

    /// <summary>Đã gửi.</summary>
    Sent,

    /// <summary>Không gửi được sau số lần tối đa.</summary>
    Failed,

    /// <summary>Không còn cần gửi.</summary>
    Superseded,
}

/// <summary>Lý do không còn cần gửi.</summary>
public enum SupersededReason
{
    /// <summary>Đã đến lần nhắc sau.</summary>
    LaterReminder,

    /// <summary>Nghĩa vụ đã hoàn thành hoặc không còn.</summary>
    NoLongerOwed,

    /// <summary>Thời hạn đã thay đổi.</summary>
    DueDateMoved,

    /// <summary>Webhook đã bị tắt.</summary>
    WebhookDisabled,
}

/// <summary>Kết quả của một lần gửi: what is known about it.</summary>
public enum AttemptOutcome
{
    /// <summary>Đang truyền: begun, and written down before the first byte.</summary>
    Transmitting,

    /// <summary>Đã được nhận: the receiver's server took it.</summary>
    Delivered,

    /// <summary>Bị từ chối: the receiver's server answered that it does not take it.</summary>
    Refused,

    /// <summary>Chưa truyền: the receiver's server was not reached.</summary>
    NotSent,

    /// <summary>Không rõ: it may have been taken and may not; the process or the connection ended in between.</summary>
    Unknown,
}

/// <summary>
/// Lần đôn đốc (P4): one message to one recipient on one occurrence of what a unit owes. It is planned once, whatever plans it again,
/// and keeps every attempt to send it: the proof of “đôn đốc”.
/// </summary>
public sealed class Reminder
{
    private readonly List<Attempt> _attempts = [];

    private Reminder() { }

    /// <summary>Also what the receiver knows it by: Message-ID of the mail, webhook-id of the call, the same on every attempt.</summary>
    public Guid Id { get; private init; }

    public Guid ObligationId { get; private init; }

    public string Season { get; private init; } = "";

    public Guid ClusterId { get; private init; }

    /// <summary>Who owes it; null: the standing agency.</summary>
    public string? Unit { get; private init; }

    public ObligationKind Kind { get; private init; }

    /// <summary>Nơi nhận: to whom it is owed.</summary>
    public ObligationRecipient OwedTo { get; private init; }

    /// <summary>The due date from which the occurrence is counted; an extension begins a new count.</summary>
    public DateOnly DueOn { get; private init; }

    /// <summary>Lần nhắc: days from the due date.</summary>
    public int Occurrence { get; private init; }

    public ReminderChannel Channel { get; private init; }

    public RecipientKind Recipient { get; private init; }

    /// <summary>Unit whose addresses are used; null: the standing agency's.</summary>
    public string? RecipientUnit { get; private init; }

    public Guid? WebhookId { get; private init; }

    /// <summary>Ngày nhắc: the day on which it was planned, from which its text counts.</summary>
    public DateOnly PlannedFor { get; private init; }

    public DateTimeOffset PlannedAt { get; private init; }

    public ReminderState State { get; private set; }

    public SupersededReason? SupersededBecause { get; private set; }

    public DateTimeOffset NextAttemptAt { get; private set; }

    /// <summary>Các lần gửi, in order; none is ever removed.</summary>
    public IReadOnlyList<Attempt> Attempts => _attempts;

    public uint RowVersion { get; private set; }

    public static Reminder Plan(Obligation obligation, PlannedReminder planned, DateOnly day, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        ObligationId = obligation.Id,
        Season = obligation.Season,
        ClusterId = obligation.ClusterId,
        Unit = obligation.Unit,
        Kind = obligation.Kind,
        OwedTo = obligation.Recipient,
        DueOn = obligation.DueOn,
        Occurrence = planned.Occurrence,
        Channel = planned.WebhookId is null ? ReminderChannel.Email : ReminderChannel.Webhook,
        Recipient = planned.Recipient.Kind,
        RecipientUnit = planned.Recipient.Unit,
        WebhookId = planned.WebhookId,
        PlannedFor = day,
        PlannedAt = now,
        NextAttemptAt = now,
        State = planned.IsMissed ? ReminderState.Superseded : ReminderState.Planned,
        SupersededBecause = planned.IsMissed ? SupersededReason.LaterReminder : null,
    };

    /// <summary>Writes down that it is about to be transmitted. Only when that is committed may the first byte go out.</summary>
    public Attempt Begin(string to, DateTimeOffset now)
    {
        Require(ReminderState.Planned);
        var attempt = new Attempt(_attempts.Count + 1, now, to);
        _attempts.Add(attempt);
        State = ReminderState.Sending;
        return attempt;
    }

    /// <summary>What became of the attempt that was begun.</summary>
    public void Settle(AttemptOutcome outcome, string? detail, ReminderSchedule schedule, DateTimeOffset now)
    {
        Require(ReminderState.Sending);
        _attempts[^1].End(outcome, detail, now);
        if (outcome == AttemptOutcome.Delivered)
        {
            State = ReminderState.Sent;
            return;
        }

        // A mail server that cannot be reached is our fault and not the recipient's: mails wait for it as long as they are wanted.
        var counted = Channel == ReminderChannel.Webhook ? _attempts.Count : _attempts.Count(attempt => attempt.Outcome != AttemptOutcome.NotSent);
        State = counted < schedule.MaximumAttempts ? ReminderState.Planned : ReminderState.Failed;
        NextAttemptAt = schedule.RetryAfter(_attempts.Count, now);
    }

    /// <summary>
    /// The process that began the attempt is gone. The receiver may have it or not: it is sent again at once, under the same id, by
    /// which the receiver knows a repetition; the attempt stays on the log as one of unknown outcome.
    /// </summary>
    public void Recover(DateTimeOffset now)
    {
        Require(ReminderState.Sending);
        _attempts[^1].End(AttemptOutcome.Unknown, "Tiến trình gửi đã dừng giữa chừng.", now);
        State = ReminderState.Planned;
        NextAttemptAt = now;
    }

    public void Supersede(SupersededReason reason)
    {
        Require(ReminderState.Planned);
        (State, SupersededBecause) = (ReminderState.Superseded, reason);
    }

    /// <summary>Gửi lại một lần đôn đốc không gửi được: one more attempt.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-state</c>.</exception>
    public void Retry(DateTimeOffset now)
    {
        Require(ReminderState.Failed);
        (State, NextAttemptAt) = (ReminderState.Planned, now);
    }

    /// <summary>
    /// Gửi lại lần gọi webhook mà bên nhận đã mất, hoặc không gửi được: once more under the same id, by which the receiver knows a
    /// repetition.
    /// </summary>
    /// <returns>False: it is no webhook's, or is on its way or no longer wanted.</returns>
    public bool Resend(DateTimeOffset now)
    {
        if (Channel != ReminderChannel.Webhook || State is not (ReminderState.Sent or ReminderState.Failed))
        {
            return false;
        }

        (State, NextAttemptAt) = (ReminderState.Planned, now);
        return true;
    }

    private void Require(ReminderState expected)
    {
        if (State != expected)
        {
            throw new RuleViolationException("wrong-state", $"Lần đôn đốc đang ở trạng thái {State}, không phải {expected}.");
        }
    }
}

/// <summary>Lần gửi: one attempt to hand a reminder to the receiver's server.</summary>
public sealed class Attempt
{
    private Attempt() { }

    internal Attempt(int number, DateTimeOffset at, string to)
    {
        Number = number;
        At = at;
        To = to;
    }

    /// <summary>From 1 on.</summary>
    public int Number { get; private init; }

    public DateTimeOffset At { get; private init; }

    /// <summary>Địa chỉ nhận: addresses of the mail, or the webhook's address.</summary>
    public string To { get; private init; } = "";

    public AttemptOutcome Outcome { get; private set; } = AttemptOutcome.Transmitting;

    public DateTimeOffset? EndedAt { get; private set; }

    public string? Detail { get; private set; }

    internal void End(AttemptOutcome outcome, string? detail, DateTimeOffset now)
    {
        const int MostDetail = 500;
        (Outcome, EndedAt) = (outcome, now);
        Detail = detail is { Length: > MostDetail } ? detail[..MostDetail] : detail;
    }
}
