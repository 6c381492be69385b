namespace ThiDua.Awards.Domain;

/// <summary>
/// Trường hợp không đề nghị hoặc chưa đề nghị khen thưởng (R-30…R-32). It decides about awards only:
/// points and displayed rank stay as they are.
/// </summary>
public sealed record Exclusion
{
    public required string Unit { get; init; }

    /// <summary>Data, since the regulation's own list is open: CORRUPTION_NEGATIVITY, SERIOUS_VIOLATION, SUSPECTED_PENDING …</summary>
    public required string Type { get; init; }

    public required ExclusionStatus Status { get; init; }

    /// <summary>Văn bản: the document it rests on.</summary>
    public required string Document { get; init; }

    /// <summary>First day; null is "from the start".</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day; null is "until it is ended".</summary>
    public DateOnly? To { get; init; }

    public bool InForceOn(DateOnly day) => (From ?? day) <= day && (To ?? day) >= day;

    /// <summary>Of several on one unit a definitive one decides.</summary>
    public static Exclusion? Deciding(IEnumerable<Exclusion> ofOneUnit) =>
        ofOneUnit.OrderByDescending(exclusion => exclusion.Status).FirstOrDefault();
}

/// <summary>Whether the matter is concluded.</summary>
public enum ExclusionStatus
{
    /// <summary>Chưa khen thưởng: being looked into, so the slot is held and nobody moves up.</summary>
    Pending,

    /// <summary>Không khen thưởng: concluded.</summary>
    Definitive,
}
