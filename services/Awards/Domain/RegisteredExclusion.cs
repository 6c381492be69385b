using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>
/// Trường hợp loại trừ đã ghi nhận, with who placed it: the same person cannot alone release it (SoD-4). As it was placed it stays; what
/// was decided about it since stands beside it.
/// </summary>
public sealed class RegisteredExclusion
{
    private readonly List<ExclusionDecision> _decisions = [];

    public required Guid Id { get; init; }
    public required string Season { get; init; }
    public required string Unit { get; init; }
    public required string Type { get; init; }

    /// <summary>As it was placed.</summary>
    public required ExclusionStatus Status { get; init; }

    /// <summary>Lý do: the matter, in words.</summary>
    public string? Ground { get; init; }

    public required string Document { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? To { get; init; }
    public required string PlacedBy { get; init; }
    public required string PlacedByName { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>Outcome of the latest decision; null: it is as it was placed.</summary>
    public ExclusionOutcome? Outcome { get; private set; }

    public uint RowVersion { get; private init; }
    public IReadOnlyList<ExclusionDecision> Decisions => _decisions;

    public ExclusionState State => IsReleased ? ExclusionState.Released : StandsAs is ExclusionStatus.Pending ? ExclusionState.Pending : ExclusionState.Definitive;

    private ExclusionDecision? Latest => _decisions.MaxBy(decision => decision.Position);

    public bool IsReleased => Outcome is ExclusionOutcome.Released;

    /// <summary>Where it stands now, while it is not released.</summary>
    public ExclusionStatus StandsAs => Outcome is ExclusionOutcome.Confirmed ? ExclusionStatus.Definitive : Status;

    /// <summary>
    /// Bỏ tạm giữ hoặc kết luận: a pending one is released or becomes definitive; a definitive one is released when the decision behind it is
    /// overturned (C.3). Never by who placed it, nor by who decided on it last.
    /// </summary>
    public void Decide(ExclusionOutcome outcome, string document, string reason, string by, string byName, DateTimeOffset at)
    {
        if (IsReleased || (outcome is ExclusionOutcome.Confirmed && StandsAs is ExclusionStatus.Definitive))
        {
            throw new RuleViolationException("wrong-state", IsReleased ? "Trường hợp này đã được bỏ." : "Trường hợp này đã có kết luận.");
        }

        if (by == PlacedBy || by == Latest?.DecidedBy)
        {
            throw new AccessDeniedException("placer-decides", "Người ghi nhận trường hợp loại trừ không tự mình bỏ hoặc kết luận trường hợp đó.");
        }

        _decisions.Add(new ExclusionDecision
        {
            Position = _decisions.Count + 1, Outcome = outcome, Document = document, Reason = reason, DecidedBy = by, DecidedByName = byName, DecidedAt = at,
        });
        Outcome = outcome;
    }

    public Exclusion ToFact() => new() { Unit = Unit, Type = Type, Status = StandsAs, Document = Latest?.Document ?? Document, From = From, To = To };
}

/// <summary>Tình trạng của một trường hợp loại trừ, as it stands now.</summary>
public enum ExclusionState
{
    /// <summary>Chưa khen thưởng.</summary>
    Pending,

    /// <summary>Không khen thưởng.</summary>
    Definitive,

    /// <summary>Đã bỏ: it no longer counts.</summary>
    Released,
}

/// <summary>Kết quả xử lý một trường hợp loại trừ.</summary>
public enum ExclusionOutcome
{
    /// <summary>Bỏ: no violation was found, or the decision behind it was overturned.</summary>
    Released,

    /// <summary>Kết luận có vi phạm: không khen thưởng.</summary>
    Confirmed,
}

/// <summary>Một lần xử lý trường hợp loại trừ, with the document that it rests on.</summary>
public sealed class ExclusionDecision
{
    /// <summary>1, 2, … of one exclusion.</summary>
    public required int Position { get; init; }

    public required ExclusionOutcome Outcome { get; init; }
    public required string Document { get; init; }
    public required string Reason { get; init; }
    public required string DecidedBy { get; init; }
    public required string DecidedByName { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }
}
