using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Giai đoạn of a season, in the order in which a season runs through them.</summary>
public enum SeasonPhase
{
    /// <summary>Chuẩn bị: units are registered and clusters formed.</summary>
    Setup,

    /// <summary>Xây dựng tiêu chí: criteria tables are drafted and adopted.</summary>
    Criteria,

    /// <summary>Tự chấm: units fill in and submit their sheets.</summary>
    SelfScoring,

    /// <summary>Cụm rà soát: leader and deputy review.</summary>
    ClusterReview,

    /// <summary>Thẩm định: the standing agency appraises and decides.</summary>
    Appraisal,

    /// <summary>Đề nghị: nominations are drawn up.</summary>
    Proposal,

    /// <summary>Hội đồng: the council votes.</summary>
    Council,

    /// <summary>Kết thúc: nothing changes any more.</summary>
    Closed,
}

/// <summary>The days planned for a phase, both included.</summary>
public sealed record PhaseWindow(DateOnly Opens, DateOnly Closes);

/// <summary>
/// Kỳ (năm) thi đua: one year of emulation. It moves from phase to phase in order; back only with a reason,
/// and no more once it is closed.
/// </summary>
public sealed class Season
{
    private Season() { }

    public string Code { get; private init; } = "";

    /// <summary>Code of a <see cref="SeasonType"/>: CALENDAR_YEAR or SCHOOL_YEAR.</summary>
    public string Type { get; private init; } = "";

    /// <summary>The year in which the season begins.</summary>
    public int Year { get; private init; }

    public DateOnly FirstDay { get; private init; }

    public DateOnly LastDay { get; private init; }

    public SeasonPhase Phase { get; private set; }

    /// <summary>Lịch: the plan for the phases; a phase without an entry has no dates.</summary>
    public IReadOnlyDictionary<SeasonPhase, PhaseWindow> Calendar { get; private set; } = new Dictionary<SeasonPhase, PhaseWindow>();

    /// <summary>Grows with every change of phase.</summary>
    public int Version { get; private set; }

    public DateTimeOffset PhaseSince { get; private set; }

    public uint RowVersion { get; private set; }

    public static Season Open(string code, SeasonType type, int year, IReadOnlyDictionary<SeasonPhase, PhaseWindow> calendar, DateTimeOffset now)
    {
        var (first, last) = type.Period(year);
        return new Season { Code = code, Type = type.Code, Year = year, FirstDay = first, LastDay = last, Calendar = calendar, Version = 1, PhaseSince = now };
    }

    /// <summary>
    /// Everything wrong with a calendar: a window that ends before it begins (<c>CLOSES_BEFORE_OPENS</c>),
    /// or a phase that opens before an earlier one does (<c>PHASES_OUT_OF_ORDER</c>).
    /// </summary>
    public static IEnumerable<(SeasonPhase Phase, string Code, string Message)> CheckCalendar(IReadOnlyDictionary<SeasonPhase, PhaseWindow> calendar)
    {
        PhaseWindow? previous = null;
        foreach (var (phase, window) in calendar.OrderBy(entry => entry.Key))
        {
            if (window.Closes < window.Opens)
            {
                yield return (phase, "CLOSES_BEFORE_OPENS", $"Ngày kết thúc {window.Closes:dd/MM/yyyy} trước ngày mở {window.Opens:dd/MM/yyyy}.");
            }

            if (previous is not null && window.Opens < previous.Opens)
            {
                yield return (phase, "PHASES_OUT_OF_ORDER", $"Giai đoạn này mở ngày {window.Opens:dd/MM/yyyy}, trước giai đoạn đứng trước nó.");
            }

            previous = window;
        }
    }

    /// <exception cref="RuleViolationException"><c>season-closed</c>.</exception>
    public void Plan(IReadOnlyDictionary<SeasonPhase, PhaseWindow> calendar)
    {
        RequireOpen();
        Calendar = calendar;
    }

    /// <summary>Goes on to the next phase, or back to an earlier one.</summary>
    /// <param name="to">The phase to come to.</param>
    /// <param name="reason">Required for a way back, and for a phase that opens before its day in the calendar.</param>
    /// <param name="clusters">How many clusters the season has; without one there is nothing to set criteria for.</param>
    /// <param name="now">When.</param>
    /// <exception cref="RuleViolationException">
    /// <c>season-closed</c>, <c>wrong-phase</c>, <c>no-clusters</c>, <c>not-open-yet</c>, or <c>MISSING_REASON</c> among its errors.
    /// </exception>
    public void Advance(SeasonPhase to, string? reason, int clusters, DateTimeOffset now)
    {
        RequireOpen();
        if (to == Phase || to > Phase + 1)
        {
            throw new RuleViolationException("wrong-phase", $"Kỳ thi đua {Code} đang ở giai đoạn “{Phase.Label()}”; không thể chuyển thẳng sang “{to.Label()}”.");
        }

        if (to < Phase && string.IsNullOrEmpty(reason))
        {
            throw new RuleViolationException(
                "validation-failed",
                "Quay lại giai đoạn trước phải nêu lý do.",
                [new Violation("MISSING_REASON", "/reason", $"Thiếu lý do quay lại giai đoạn “{to.Label()}”.")]);
        }

        if (to > Phase && Phase == SeasonPhase.Setup && clusters == 0)
        {
            throw new RuleViolationException("no-clusters", $"Kỳ thi đua {Code} chưa có cụm, khối nào.");
        }

        if (to > Phase && string.IsNullOrEmpty(reason) && Calendar.TryGetValue(to, out var window) && VietnamDate.Of(now) < window.Opens)
        {
            throw new RuleViolationException("not-open-yet", $"Theo lịch, giai đoạn “{to.Label()}” mở ngày {window.Opens:dd/MM/yyyy}; mở sớm phải nêu lý do.");
        }

        Phase = to;
        PhaseSince = now;
        Version++;
    }

    /// <summary>The day on which members are looked at: today, or the nearest day of the season.</summary>
    public DateOnly MembershipDay(DateOnly today) => today < FirstDay ? FirstDay : today > LastDay ? LastDay : today;

    /// <summary>Clusters are formed while the season is set up.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-phase</c>.</exception>
    public void RequireForming()
    {
        if (Phase != SeasonPhase.Setup)
        {
            throw new RuleViolationException("wrong-phase", $"Kỳ thi đua {Code} đang ở giai đoạn “{Phase.Label()}”; chỉ thành lập cụm, khối ở giai đoạn “{SeasonPhase.Setup.Label()}”.");
        }
    }

    /// <summary>A cluster may change until units score themselves in it.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-phase</c>.</exception>
    public void RequireComposing()
    {
        if (Phase >= SeasonPhase.SelfScoring)
        {
            throw new RuleViolationException("wrong-phase", $"Kỳ thi đua {Code} đang ở giai đoạn “{Phase.Label()}”; thành phần cụm, khối không thay đổi được nữa.");
        }
    }

    /// <summary>What is pledged is pledged before units score themselves (C.1).</summary>
    /// <exception cref="RuleViolationException"><c>wrong-phase</c>.</exception>
    public void RequirePledging()
    {
        if (Phase >= SeasonPhase.SelfScoring)
        {
            throw new RuleViolationException("wrong-phase", $"Kỳ thi đua {Code} đang ở giai đoạn “{Phase.Label()}”; đăng ký và giao ước thi đua chỉ thực hiện trước giai đoạn “{SeasonPhase.SelfScoring.Label()}”.");
        }
    }

    /// <summary>Criteria are set on the ground of the covenants: those that were begun are in force first, unless somebody says why not (C.1).</summary>
    /// <param name="to">The phase to come to.</param>
    /// <param name="reason">The exception that is noted.</param>
    /// <param name="pending">Codes of the clusters whose covenant was drafted and is not in force.</param>
    /// <exception cref="RuleViolationException"><c>covenant-unsigned</c>.</exception>
    public void RequireCovenants(SeasonPhase to, string? reason, IReadOnlyCollection<string> pending)
    {
        if (Phase == SeasonPhase.Setup && to == SeasonPhase.Criteria && pending.Count > 0 && string.IsNullOrWhiteSpace(reason))
        {
            throw new RuleViolationException("covenant-unsigned", $"Giao ước thi đua của {string.Join(", ", pending)} chưa được mọi thành viên ký; chuyển giai đoạn khi chưa ký phải nêu lý do.");
        }
    }

    /// <summary>Nothing changes any more in a season that is closed.</summary>
    /// <exception cref="RuleViolationException"><c>season-closed</c>.</exception>
    public void RequireOpen()
    {
        if (Phase == SeasonPhase.Closed)
        {
            throw new RuleViolationException("season-closed", $"Kỳ thi đua {Code} đã kết thúc.");
        }
    }
}

/// <summary>Vietnamese names of the phases, for people.</summary>
public static class SeasonPhaseLabels
{
    public static string Label(this SeasonPhase phase) => phase switch
    {
        SeasonPhase.Setup => "Chuẩn bị",
        SeasonPhase.Criteria => "Xây dựng tiêu chí",
        SeasonPhase.SelfScoring => "Tự chấm điểm",
        SeasonPhase.ClusterReview => "Cụm, khối rà soát",
        SeasonPhase.Appraisal => "Thẩm định",
        SeasonPhase.Proposal => "Đề nghị khen thưởng",
        SeasonPhase.Council => "Hội đồng biểu quyết",
        SeasonPhase.Closed => "Kết thúc",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
    };
}
