using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Loại nghĩa vụ: what is owed.</summary>
public enum ObligationKind
{
    /// <summary>Báo cáo sơ kết 6 tháng đầu năm .</summary>
    MidyearReport,

    /// <summary>Báo cáo tổng kết năm .</summary>
    YearendReport,

    /// <summary>Đăng ký chỉ tiêu, danh hiệu thi đua.</summary>
    Registration,

    /// <summary>Nộp phiếu tự chấm điểm.</summary>
    SelfScoring,

    /// <summary>Giải trình phiếu bị trả lại.</summary>
    Explanation,

    /// <summary>Cụm trưởng, cụm phó rà soát phiếu của các thành viên.</summary>
    ClusterReview,

    /// <summary>Cơ quan thường trực thẩm định và quyết định kết quả của cụm.</summary>
    Appraisal,
}

/// <summary>Nơi nhận: to whom it is owed.</summary>
public enum ObligationRecipient
{
    /// <summary>Cụm trưởng.</summary>
    ClusterLeader,

    /// <summary>Cơ quan thường trực của Hội đồng.</summary>
    StandingAgency,

    /// <summary>Hội đồng Thi đua - Khen thưởng.</summary>
    Council,
}

/// <summary>
/// Nghĩa vụ có thời hạn: something that a unit, or the standing agency, owes by a day of one season. When it came and how late
/// is worked out from the days kept here; nothing waits for it.
/// </summary>
public sealed class Obligation
{
    private readonly List<Extension> _extensions = [];

    private Obligation() { }

    public Guid Id { get; private init; }

    public string Season { get; private init; } = "";

    public Guid ClusterId { get; private init; }

    /// <summary>Code of the unit that owes it; null: the standing agency.</summary>
    public string? Unit { get; private init; }

    public ObligationKind Kind { get; private init; }

    public ObligationRecipient Recipient { get; private init; }

    /// <summary>Lần: tells apart what may be owed more than once; for an explanation the version in which the sheet was returned, otherwise 0.</summary>
    public int Occasion { get; private init; }

    /// <summary>Thời hạn ban đầu: as the rule or the season's calendar has it.</summary>
    public DateOnly FirstDueOn { get; private set; }

    /// <summary>Thời hạn hiện hành: the last day on which it is in time, extensions included.</summary>
    public DateOnly DueOn { get; private set; }

    /// <summary>Ngày giờ nhận: by the server's clock; null as long as it is open.</summary>
    public DateTimeOffset? MetAt { get; private set; }

    /// <summary>Since when the season is past the phase in which it could be met; null as long as it is not, and when it was met before.</summary>
    public DateTimeOffset? CutOffAt { get; private set; }

    /// <summary>Since when it is no longer owed: the unit left the cluster, or leads it now; null as long as it is.</summary>
    public DateTimeOffset? ReleasedAt { get; private set; }

    public string? ReleasedReason { get; private set; }

    /// <summary>Gia hạn: every one granted, in order.</summary>
    public IReadOnlyList<Extension> Extensions => _extensions;

    public uint RowVersion { get; private set; }

    /// <summary>Whether it still waits for somebody to act: reminders go out for these.</summary>
    public bool IsOpen => MetAt is null && CutOffAt is null && ReleasedAt is null;

    public static Obligation Of(string season, Guid clusterId, Owed owed)
    {
        var obligation = new Obligation
        {
            Id = Guid.CreateVersion7(),
            Season = season,
            ClusterId = clusterId,
            Unit = owed.Unit,
            Kind = owed.Kind,
            Recipient = owed.Recipient,
            Occasion = owed.Occasion,
        };
        obligation.Follow(owed);
        return obligation;
    }

    /// <summary>Follows the rule, the calendar and what was received; an extension holds as long as it is the later day.</summary>
    public void Follow(Owed owed)
    {
        (FirstDueOn, ReleasedAt, ReleasedReason) = (owed.DueOn, null, null);
        DueOn = DueOnAsOf(DateOnly.MaxValue);
        MetAt = owed.MetAt?.ToUniversalTime();
        var since = CutOffAt ?? owed.CutOffAt;
        CutOffAt = owed.CutOffAt is null || MetAt <= since ? null : since;
    }

    /// <summary>It is no longer owed, whether it was met or not.</summary>
    public void Release(string reason, DateTimeOffset now)
    {
        if (ReleasedAt is null)
        {
            (ReleasedAt, ReleasedReason) = (now, reason);
        }
    }

    /// <summary>Gia hạn: only ever to a later day.</summary>
    /// <exception cref="RuleViolationException"><c>obligation-not-open</c>; <c>NOT_LATER</c> among its errors.</exception>
    public void Extend(DateOnly to, string reason, string? document, string by, DateTimeOffset now)
    {
        if (!IsOpen)
        {
            throw new RuleViolationException("obligation-not-open", "Chỉ gia hạn nghĩa vụ chưa hoàn thành, chưa hết kỳ và chưa được miễn.");
        }

        if (to <= DueOn)
        {
            throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("NOT_LATER", "/due_on", $"Thời hạn mới phải sau thời hạn hiện hành {DueOn:dd/MM/yyyy}.")]);
        }

        _extensions.Add(new Extension(_extensions.Count + 1, DueOn, to, reason, document, by, now));
        DueOn = to;
    }

    /// <summary>Tình trạng vào một ngày: a pure function of what is kept here.</summary>
    public ObligationStanding On(DateOnly day, ObligationRules rules, WorkingDayCalendar calendar)
    {
        var lastDay = rules.DayOff.Of(DueOnAsOf(day), calendar);
        if (ReleasedAt is { } released && VietnamDate.Of(released) <= day)
        {
            return new ObligationStanding(ObligationState.Released, 0, lastDay);
        }

        var received = MetAt is { } met && VietnamDate.Of(met) <= day ? MetAt : null;
        var late = received is null ? calendar.WorkingDaysAfter(lastDay, day) : calendar.WorkingDaysLate(lastDay, received.Value);
        var pastPhase = CutOffAt is { } cutOff && VietnamDate.Of(cutOff) <= day && (received is null || received > cutOff);
        var pastTerm = Kind is ObligationKind.MidyearReport or ObligationKind.YearendReport && late > rules.CutOff.WorkingDays;
        var state = pastPhase || pastTerm ? ObligationState.Missing
            : received is null ? ObligationState.Open
            : late == 0 ? ObligationState.OnTime
            : ObligationState.Late;
        return new ObligationStanding(state, late, lastDay);
    }

    private DateOnly DueOnAsOf(DateOnly day) =>
        _extensions.FindLast(extension => VietnamDate.Of(extension.At) <= day) is { } granted && granted.To > FirstDueOn ? granted.To : FirstDueOn;
}

/// <summary>Tình trạng của nghĩa vụ .</summary>
public enum ObligationState
{
    /// <summary>Chưa hoàn thành: waits, in time or already overdue.</summary>
    Open,

    /// <summary>Đúng hạn.</summary>
    OnTime,

    /// <summary>Chậm.</summary>
    Late,

    /// <summary>Không gửi: not received while it could be.</summary>
    Missing,

    /// <summary>Được miễn: no longer owed.</summary>
    Released,
}

/// <summary>Tình trạng vào một ngày.</summary>
/// <param name="State">What it is then.</param>
/// <param name="LateWorkingDays">Working days between the last day in time and the receipt, or that day when there is none; 0 is in time.</param>
/// <param name="LastDay">The last day in time: the due day, or a later one when it is a day off and the rule says so.</param>
public sealed record ObligationStanding(ObligationState State, int LateWorkingDays, DateOnly LastDay);

/// <summary>Gia hạn: one extension of an obligation.</summary>
/// <param name="Number">From 1 on.</param>
/// <param name="From">The day it was due.</param>
/// <param name="To">The later day it is due since then.</param>
/// <param name="Reason">Lý do.</param>
/// <param name="Document">Văn bản cho gia hạn, if any.</param>
/// <param name="By">Account that granted it.</param>
/// <param name="At">When.</param>
public sealed record Extension(int Number, DateOnly From, DateOnly To, string Reason, string? Document, string By, DateTimeOffset At);

/// <summary>Nghĩa vụ phải có: what a season, its calendar and what was received say is owed.</summary>
/// <param name="Unit">Who owes it; null: the standing agency.</param>
/// <param name="Kind">What.</param>
/// <param name="Recipient">To whom.</param>
/// <param name="DueOn">By when.</param>
/// <param name="MetAt">When it was received; null: not yet.</param>
/// <param name="CutOffAt">Since when the season is past it; null: it is not.</param>
/// <param name="Occasion">See <see cref="Obligation.Occasion"/>.</param>
public sealed record Owed(string? Unit, ObligationKind Kind, ObligationRecipient Recipient, DateOnly DueOn, DateTimeOffset? MetAt, DateTimeOffset? CutOffAt, int Occasion = 0);
