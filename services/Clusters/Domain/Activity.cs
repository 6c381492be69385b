using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Loại hoạt động: CHUYEN_MON, HOC_TAP_KINH_NGHIEM, TOA_DAM_GIAO_LUU, DEN_ON_DAP_NGHIA, AN_SINH_XA_HOI, KHAC.</summary>
public sealed class ActivityType : DatedTerm;

/// <summary>Hình thức: what brings the members of a cluster together.</summary>
public enum ActivityKind
{
    /// <summary>Hoạt động chung .</summary>
    Activity,

    /// <summary>Hội nghị sơ kết, tổng kết .</summary>
    Meeting,
}

/// <summary>Kỳ sơ kết, tổng kết: which of the two reviews of the year a meeting is .</summary>
public enum ReviewPeriod
{
    /// <summary>Sơ kết 6 tháng đầu năm.</summary>
    Midyear,

    /// <summary>Tổng kết năm.</summary>
    Yearend,
}

/// <summary>Trạng thái của hoạt động.</summary>
public enum ActivityState
{
    /// <summary>Dự kiến.</summary>
    Planned,

    /// <summary>Đã tổ chức.</summary>
    Held,

    /// <summary>Đã hủy.</summary>
    Cancelled,
}

/// <summary>Tham dự: whether a unit that was called came.</summary>
public enum Presence
{
    /// <summary>Có mặt.</summary>
    Present,

    /// <summary>Vắng.</summary>
    Absent,

    /// <summary>Vắng có lý do chính đáng.</summary>
    Excused,
}

/// <summary>
/// Hoạt động của cụm, khối, or one of its two reviews: planned by the unit that leads, then held with a list of who came,
/// or cancelled with a reason. What was recorded of a held one is corrected by a further list with its reason, never written over.
/// </summary>
public sealed class Activity
{
    private readonly List<AttendanceList> _attendance = [];

    private Activity() { }

    public Guid Id { get; private init; }

    /// <summary>Code of the season.</summary>
    public string Season { get; private init; } = "";

    public Guid ClusterId { get; private init; }

    public ActivityKind Kind { get; private init; }

    /// <summary>Code of an <see cref="ActivityType"/>; null for a meeting.</summary>
    public string? Type { get; private init; }

    /// <summary>Which review it is; null for what is no meeting.</summary>
    public ReviewPeriod? Review { get; private init; }

    public string Title { get; private init; } = "";

    /// <summary>Ngày dự kiến.</summary>
    public DateOnly PlannedOn { get; private init; }

    /// <summary>Đơn vị đăng cai: code of the member that hosts.</summary>
    public string Host { get; private init; } = "";

    public ActivityState State { get; private set; }

    /// <summary>Ngày tổ chức; null until it was held.</summary>
    public DateOnly? HeldOn { get; private set; }

    /// <summary>Kết quả: what came of it.</summary>
    public string? Outcome { get; private set; }

    /// <summary>Biên bản: reference of the minutes; a meeting has them.</summary>
    public string? Minutes { get; private set; }

    /// <summary>Minh chứng: references of documents.</summary>
    public IReadOnlyList<string> Evidence { get; private set; } = [];

    /// <summary>Lý do hủy.</summary>
    public string? CancelledBecause { get; private set; }

    /// <summary>Every list that was recorded, the first and its corrections.</summary>
    public IReadOnlyList<AttendanceList> Attendance => _attendance;

    /// <summary>The list that counts: the last.</summary>
    public AttendanceList? Counted => _attendance.MaxBy(list => list.Number);

    /// <summary>Grows with every change.</summary>
    public int Version { get; private set; }

    public uint RowVersion { get; private set; }

    /// <exception cref="RuleViolationException"><c>season-closed</c>.</exception>
    public static Activity Plan(Season season, Guid clusterId, ActivityPlan plan)
    {
        season.RequireOpen();
        return new Activity
        {
            Id = Guid.CreateVersion7(),
            Season = season.Code,
            ClusterId = clusterId,
            Kind = plan.Kind,
            Type = plan.Type,
            Review = plan.Review,
            Title = plan.Title,
            PlannedOn = plan.PlannedOn,
            Host = plan.Host,
            Version = 1,
        };
    }

    /// <summary>Records that it was held, who came, and what came of it.</summary>
    /// <param name="season">Its season.</param>
    /// <param name="report">What is reported.</param>
    /// <param name="members">The members of the cluster today; every one of them is called to a meeting.</param>
    /// <param name="by">Account that reports.</param>
    /// <param name="now">When.</param>
    /// <exception cref="RuleViolationException">
    /// <c>season-closed</c>, <c>wrong-activity-state</c>, or among its errors <c>OUT_OF_RANGE</c> (a day to come), <c>NOT_MEMBER</c>, <c>MISSING_PROPERTY</c>.
    /// </exception>
    public void Hold(Season season, ActivityReport report, IReadOnlyCollection<string> members, string by, DateTimeOffset now)
    {
        season.RequireOpen();
        Require(ActivityState.Planned);
        var errors = new List<Violation>();
        if (report.HeldOn > VietnamDate.Of(now))
        {
            errors.Add(new Violation("OUT_OF_RANGE", "/held_on", $"Ngày tổ chức {report.HeldOn:dd/MM/yyyy} chưa đến."));
        }

        if (Kind == ActivityKind.Meeting && report.Minutes is null)
        {
            errors.Add(new Violation("MISSING_PROPERTY", "/minutes", "Hội nghị sơ kết, tổng kết phải có biên bản (R-09)."));
        }

        errors.AddRange(CheckAttendance(report.Attendance, members, Kind == ActivityKind.Meeting ? members : []));
        RuleViolationException.ThrowIfAny(errors);

        (State, HeldOn, Outcome, Minutes, Evidence) = (ActivityState.Held, report.HeldOn, report.Outcome, report.Minutes, report.Evidence);
        Version++;
        _attendance.Add(new AttendanceList(1, report.Attendance, null, by, now));
    }

    /// <summary>Corrects who came: a further list takes the place of the last, which stays readable.</summary>
    /// <param name="season">Its season.</param>
    /// <param name="attendance">All units that were called.</param>
    /// <param name="members">The members of the cluster today; a unit that left it may still be named if it was before.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">Account that corrects.</param>
    /// <param name="now">When.</param>
    /// <exception cref="RuleViolationException">
    /// <c>season-closed</c>, <c>wrong-activity-state</c>, or among its errors <c>NOT_MEMBER</c>, <c>MISSING_PROPERTY</c>, <c>MISSING_REASON</c>.
    /// </exception>
    public void Correct(Season season, IReadOnlyDictionary<string, Presence> attendance, IReadOnlyCollection<string> members, string? reason, string by, DateTimeOffset now)
    {
        season.RequireOpen();
        Require(ActivityState.Held);
        var called = Counted!.Entries.Keys;
        List<Violation> errors = [.. CheckAttendance(attendance, [.. members, .. called], Kind == ActivityKind.Meeting ? [.. called] : [])];
        if (string.IsNullOrWhiteSpace(reason))
        {
            errors.Add(new Violation("MISSING_REASON", "/reason", "Sửa danh sách tham dự phải nêu lý do."));
        }

        RuleViolationException.ThrowIfAny(errors);
        Version++;
        _attendance.Add(new AttendanceList(Counted!.Number + 1, attendance, reason, by, now));
    }

    /// <exception cref="RuleViolationException"><c>season-closed</c>, <c>wrong-activity-state</c>, or <c>MISSING_REASON</c> among its errors.</exception>
    public void Cancel(Season season, string? reason)
    {
        season.RequireOpen();
        Require(ActivityState.Planned);
        if (string.IsNullOrWhiteSpace(reason))
        {
            RuleViolationException.ThrowIfAny([new Violation("MISSING_REASON", "/reason", "Hủy hoạt động phải nêu lý do.")]);
        }

        (State, CancelledBecause) = (ActivityState.Cancelled, reason);
        Version++;
    }

    private static IEnumerable<Violation> CheckAttendance(IReadOnlyDictionary<string, Presence> attendance, IReadOnlyCollection<string> allowed, IReadOnlyCollection<string> required)
    {
        foreach (var unit in attendance.Keys.Where(unit => !allowed.Contains(unit)))
        {
            yield return new Violation("NOT_MEMBER", $"/attendance/{unit}", $"Đơn vị {unit} không phải là thành viên của cụm, khối.");
        }

        foreach (var unit in required.Where(unit => !attendance.ContainsKey(unit)))
        {
            yield return new Violation("MISSING_PROPERTY", $"/attendance/{unit}", $"Thiếu đơn vị {unit}: mọi thành viên được triệu tập dự hội nghị.");
        }

        if (attendance.Count == 0 && required.Count == 0)
        {
            yield return new Violation("MISSING_PROPERTY", "/attendance", "Phải ghi ít nhất một đơn vị được mời tham dự.");
        }
    }

    private void Require(ActivityState expected)
    {
        if (State != expected)
        {
            throw new RuleViolationException("wrong-activity-state", $"Hoạt động “{Title}” {State.Label()}; không thực hiện được bước này.");
        }
    }
}

/// <summary>Kế hoạch: what somebody plans.</summary>
public sealed record ActivityPlan(ActivityKind Kind, string? Type, ReviewPeriod? Review, string Title, DateOnly PlannedOn, string Host);

/// <summary>Báo cáo kết quả: what is reported of an activity that was held; a unit that <paramref name="Attendance"/> does not name was not called.</summary>
public sealed record ActivityReport(DateOnly HeldOn, IReadOnlyDictionary<string, Presence> Attendance, string Outcome, string? Minutes, IReadOnlyList<string> Evidence);

/// <summary>Danh sách tham dự: who came of those who were called.</summary>
public sealed class AttendanceList
{
    private AttendanceList() { }

    internal AttendanceList(int number, IReadOnlyDictionary<string, Presence> entries, string? reason, string by, DateTimeOffset at) =>
        (Number, Entries, Reason, RecordedBy, RecordedAt) = (number, entries, reason, by, at);

    /// <summary>1 is the first, what follows are corrections.</summary>
    public int Number { get; private init; }

    /// <summary>By unit code.</summary>
    public IReadOnlyDictionary<string, Presence> Entries { get; private init; } = new Dictionary<string, Presence>();

    /// <summary>Why it was corrected; null for the first.</summary>
    public string? Reason { get; private init; }

    public string RecordedBy { get; private init; } = "";

    public DateTimeOffset RecordedAt { get; private init; }
}

/// <summary>Tên trạng thái của hoạt động, for people.</summary>
public static class ActivityStates
{
    public static string Label(this ActivityState state) => state switch
    {
        ActivityState.Planned => "đang ở kế hoạch",
        ActivityState.Held => "đã được tổ chức",
        ActivityState.Cancelled => "đã bị hủy",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
