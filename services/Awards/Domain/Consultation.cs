using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>Lấy ý kiến công khai (F-21): units proposed for an award, shown to the public for a number of working days.</summary>
public sealed class Consultation
{
    /// <summary>No calendar is known further ahead than that.</summary>
    public const int MostWorkingDays = 120;

    private readonly List<ConsultedUnit> _units = [];
    private readonly List<PublicComment> _comments = [];

    private Consultation()
    {
    }

    public Guid Id { get; private init; }
    public required string Season { get; init; }
    public required AwardKind Award { get; init; }
    public required DateOnly OpenedOn { get; init; }
    public required int WorkingDays { get; init; }

    /// <summary>Last day for comments, to its end.</summary>
    public DateOnly ClosesOn { get; private set; }

    /// <summary>Version of the calendar by which that day was found.</summary>
    public int CalendarVersion { get; private set; }

    /// <summary>Thông báo: the document that was made public.</summary>
    public required string Document { get; init; }

    /// <summary>Nơi nhận ý kiến.</summary>
    public required string Contact { get; init; }

    public required int PolicyVersion { get; init; }
    public required string OpenedBy { get; init; }
    public ConsultationState State { get; private set; } = ConsultationState.Open;
    public string? Conclusion { get; private set; }
    public string? ConclusionDocument { get; private set; }
    public string? ConcludedBy { get; private set; }

    /// <summary>Grows with each change.</summary>
    public int Version { get; private set; } = 1;

    public uint RowVersion { get; private init; }
    public IReadOnlyList<ConsultedUnit> Units => _units;
    public IReadOnlyList<PublicComment> Comments => _comments;

    public static Consultation Open(
        string season, AwardKind award, IEnumerable<Nomination> nominations, DateOnly on, int workingDays, KnownHolidays holidays, string document, string contact, int policyVersion, string by)
    {
        var consultation = new Consultation
        {
            Id = Guid.CreateVersion7(), Season = season, Award = award, OpenedOn = on, WorkingDays = workingDays, Document = document, Contact = contact, PolicyVersion = policyVersion, OpenedBy = by,
        };
        consultation._units.AddRange(nominations.Select(nomination => new ConsultedUnit { NominationId = nomination.Id, Unit = nomination.Unit!, Cluster = nomination.Cluster }));
        consultation.Count(holidays);
        return consultation;
    }

    /// <summary>Tính hạn: a day off that becomes known later moves the last day of a consultation that is still on.</summary>
    public void Count(KnownHolidays holidays)
    {
        if (State is ConsultationState.Open && CalendarVersion < holidays.Version)
        {
            (ClosesOn, CalendarVersion) = (holidays.ToCalendar().AddWorkingDays(OpenedOn, WorkingDays), holidays.Version);
            Version++;
        }
    }

    public PublicComment Receive(PublicComment comment)
    {
        RequireOpen();
        _comments.Add(comment);
        Version++;
        return comment;
    }

    public void Answer(PublicComment comment, string answer, string by)
    {
        RequireOpen();
        comment.Answered(answer, by);
        Version++;
    }

    /// <summary>Kết thúc: after the last day, when every comment that came in time has its answer.</summary>
    public void Conclude(DateOnly today, string conclusion, string document, string by)
    {
        RequireOpen();
        if (today <= ClosesOn)
        {
            throw new RuleViolationException("consultation-running", $"Thời hạn lấy ý kiến đến hết ngày {ClosesOn:dd/MM/yyyy}.");
        }

        var unanswered = _comments.Count(comment => comment.Answer is null);
        if (unanswered > 0)
        {
            throw new RuleViolationException("comments-unanswered", $"Còn {unanswered} ý kiến chưa được trả lời.");
        }

        (Conclusion, ConclusionDocument, ConcludedBy, State) = (conclusion, document, by, ConsultationState.Concluded);
        Version++;
    }

    private void RequireOpen()
    {
        if (State is not ConsultationState.Open)
        {
            throw new RuleViolationException("wrong-state", "Việc lấy ý kiến công khai đã kết thúc.");
        }
    }
}

/// <summary>Trạng thái của việc lấy ý kiến.</summary>
public enum ConsultationState
{
    /// <summary>Đang lấy ý kiến, or its comments still being answered.</summary>
    Open,

    /// <summary>Đã kết thúc.</summary>
    Concluded,
}

/// <summary>Đơn vị được lấy ý kiến.</summary>
public sealed class ConsultedUnit
{
    public required Guid NominationId { get; init; }
    public required string Unit { get; init; }
    public required string Cluster { get; init; }
}

/// <summary>Ý kiến nhận được về một đơn vị, as the staff enter it from a letter or an e-mail.</summary>
public sealed class PublicComment
{
    public required Guid Id { get; init; }
    public required string Unit { get; init; }
    public required string Text { get; init; }
    public required DateOnly ReceivedOn { get; init; }

    /// <summary>Người góp ý; null when not told. Shown to the standing agency only.</summary>
    public string? From { get; init; }

    public required string RecordedBy { get; init; }
    public string? Answer { get; private set; }
    public string? AnsweredBy { get; private set; }

    internal void Answered(string answer, string by) => (Answer, AnsweredBy) = (answer, by);
}
