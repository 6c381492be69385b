using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>Phiên họp của Hội đồng: its agenda and who attends.</summary>
public sealed class CouncilSession
{
    private readonly List<AgendaItem> _items = [];
    private readonly List<Attendance> _attendances = [];

    private CouncilSession()
    {
    }

    public Guid Id { get; private init; }
    public required Guid CouncilId { get; init; }
    public required string Council { get; init; }
    public required string Season { get; init; }
    public required DateOnly Date { get; init; }
    public required SessionKind Kind { get; init; }

    /// <summary>Giấy mời.</summary>
    public required string Document { get; init; }

    public required string OpenedBy { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Grows with each change of the session or of an item of it.</summary>
    public int Version { get; private set; } = 1;

    public uint RowVersion { get; private init; }
    public IReadOnlyList<AgendaItem> Items => _items;
    public IReadOnlyList<Attendance> Attendances => _attendances;

    public static CouncilSession Open(Council council, string season, DateOnly date, SessionKind kind, string document, IReadOnlyList<AgendaItem> agenda, string by, DateTimeOffset at)
    {
        var session = new CouncilSession
        {
            Id = Guid.CreateVersion7(at), CouncilId = council.Id, Council = council.Code, Season = season, Date = date, Kind = kind, Document = document, OpenedBy = by, OpenedAt = at,
        };
        session._items.AddRange(agenda);
        return session;
    }

    /// <summary>The papers of a vote were made for who attended then, so attendance stands still while one is on.</summary>
    public void Attend(IReadOnlyDictionary<string, (AttendanceKind Kind, string? Document)> attendances)
    {
        if (_items.Exists(item => item.State is AgendaItemState.Voting))
        {
            throw new RuleViolationException("vote-open", "Đang bỏ phiếu; chỉ ghi lại thành phần dự họp sau khi kiểm phiếu.");
        }

        _attendances.RemoveAll(attendance => !attendances.ContainsKey(attendance.Subject));
        foreach (var (subject, (kind, document)) in attendances)
        {
            if (_attendances.Find(attendance => attendance.Subject == subject) is not { } attendance)
            {
                attendance = new Attendance { Subject = subject };
                _attendances.Add(attendance);
            }

            attendance.Become(kind, document);
        }

        Version++;
    }

    public Quorum QuorumOf(int members, CouncilSwitches switches) => Quorum.Of(Kind, members, Count(AttendanceKind.Present), Count(AttendanceKind.WrittenOpinion), switches);

    public AttendanceKind AttendanceOf(string subject) => _attendances.Find(attendance => attendance.Subject == subject)?.Kind ?? AttendanceKind.Absent;

    /// <summary>Những người được phát phiếu: who attends or writes, and does not belong to the unit voted on.</summary>
    public IReadOnlyList<CouncilMembership> VotersOn(AgendaItem item, IReadOnlyList<CouncilMembership> members) =>
        [.. members.Where(member => !item.Concerns(member) && AttendanceOf(member.Subject) is AttendanceKind.Present or AttendanceKind.WrittenOpinion)];

    /// <summary>Every change of an item is one of its session, whose ETag the next step must name.</summary>
    public void Step(Action change)
    {
        change();
        Version++;
    }

    private int Count(AttendanceKind kind) => _attendances.Count(attendance => attendance.Kind == kind);
}

/// <summary>Nội dung phiên họp: decides which quorum holds (F-19).</summary>
public enum SessionKind
{
    /// <summary>Phiên họp thường kỳ.</summary>
    Ordinary,

    /// <summary>Phiên họp xét khen thưởng.</summary>
    Awards,
}

/// <summary>Việc dự họp của một thành viên.</summary>
public sealed class Attendance
{
    public required string Subject { get; init; }
    public AttendanceKind Kind { get; private set; }

    /// <summary>Of a written opinion: its covering letter, without the opinion.</summary>
    public string? Document { get; private set; }

    internal void Become(AttendanceKind kind, string? document) => (Kind, Document) = (kind, document);
}

/// <summary>Cách dự họp.</summary>
public enum AttendanceKind
{
    /// <summary>Có mặt.</summary>
    Present,

    /// <summary>Vắng mặt.</summary>
    Absent,

    /// <summary>Vắng mặt, gửi ý kiến bằng văn bản: votes all the same (F-20).</summary>
    WrittenOpinion,
}
