namespace ThiDua.Contracts.Awards;

/// <summary>Đề nghị khen thưởng: the nominations of one cluster, drawn up from one version of its result.</summary>
public sealed record NominationsDrawnUp
{
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }
    public required string Code { get; init; }
    public required int ResultVersion { get; init; }
    public required IReadOnlyList<NominatedPosition> Positions { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}

public sealed record NominatedPosition
{
    public required Guid NominationId { get; init; }

    /// <summary>PROVINCIAL_FLAG or CHAIRMAN_MERIT.</summary>
    public required string Award { get; init; }

    public required int Position { get; init; }

    /// <summary>Null when more than one unit may hold the position.</summary>
    public string? Unit { get; init; }

    /// <summary>CANDIDATE, HOLD, VACANT or UNRESOLVED.</summary>
    public required string Status { get; init; }

    public required string Reason { get; init; }
}

/// <summary>Biểu quyết: the council voted on a nomination.</summary>
public sealed record AwardDecided
{
    public required Guid NominationId { get; init; }
    public required string Season { get; init; }
    public required Guid ClusterId { get; init; }
    public required string Award { get; init; }
    public required string Unit { get; init; }
    public required bool Passed { get; init; }
    public required int Yes { get; init; }
    public required int Members { get; init; }
    public required int Needed { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Quy định xét khen thưởng: a policy was registered, or is about to be used in a season. A version never changes.</summary>
public sealed record AwardPolicySet
{
    /// <summary>Null for a default of every season.</summary>
    public string? Season { get; init; }

    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day; null is open.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>Căn cứ: the documents, for people.</summary>
    public required string Basis { get; init; }

    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Hủy bỏ quyết định khen thưởng: an award that the council had passed was revoked. The award's own fact stays as it was.</summary>
public sealed record AwardRevoked
{
    public required Guid NominationId { get; init; }
    public required string Season { get; init; }
    public required Guid ClusterId { get; init; }

    /// <summary>PROVINCIAL_FLAG or GOVERNMENT_FLAG.</summary>
    public required string Award { get; init; }

    public required string Unit { get; init; }

    /// <summary>Code of the ground: FALSE_DECLARATION, FALSE_DOCUMENTS, UNLAWFUL_APPRAISAL, LATER_CONCLUSION or another of the policy.</summary>
    public required string Ground { get; init; }

    /// <summary>The decision that revokes.</summary>
    public required string Document { get; init; }

    /// <summary>Higher than that of the award's own fact.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset At { get; init; }
}
