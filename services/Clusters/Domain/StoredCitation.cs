namespace ThiDua.Clusters.Domain;

/// <summary>
/// Trích dẫn đã ghi: one instrument named by the legal basis of a rule, a term, a criteria table or an award policy. Whether it is
/// verified is worked out when it is read, since the register and the date change.
/// </summary>
public sealed class StoredCitation
{
    public required Guid Id { get; init; }
    public required CitationSource Source { get; init; }

    /// <summary>Which one: CLUSTER_SIZE/2000-01-01, 2026/T1/2, 3.</summary>
    public required string SourceKey { get; init; }

    /// <summary>Vietnamese name of the source.</summary>
    public required string SourceLabel { get; init; }

    /// <summary>JSON pointer to the basis within the source.</summary>
    public required string Path { get; init; }

    /// <summary>Căn cứ: the whole text.</summary>
    public required string Text { get; init; }

    /// <summary>Null: the text names no instrument.</summary>
    public string? Number { get; init; }

    public string? Provision { get; init; }
    public string? Quote { get; init; }
    public DateOnly? IssuedOn { get; init; }

    /// <summary>First day on which the source relies on it.</summary>
    public required DateOnly HoldsFrom { get; init; }

    /// <summary>Last day; null as long as no end is known.</summary>
    public DateOnly? HoldsTo { get; init; }

    /// <summary>The day by which it is judged: a past source by its last day, one to come by its first.</summary>
    public DateOnly JudgedOn(DateOnly day) => day < HoldsFrom ? HoldsFrom : day > HoldsTo ? HoldsTo.Value : day;
}

/// <summary>Nơi trích dẫn: what kind of thing rests on an instrument.</summary>
public enum CitationSource
{
    Rule,
    Level,
    UnitCategory,
    SeasonType,
    ActivityType,
    CriteriaTable,
    AwardPolicy,
}
