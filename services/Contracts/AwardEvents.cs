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

/// <summary>
/// Kiểm phiếu: the papers of a secret vote were counted, the count was confirmed and the ballot recorded. Told beside
/// <see cref="AwardDecided"/>; a tally that was told without papers has that fact alone.
/// </summary>
public sealed record BallotCounted
{
    public required Guid NominationId { get; init; }
    public required string Season { get; init; }
    public required Guid ClusterId { get; init; }

    /// <summary>PROVINCIAL_FLAG or GOVERNMENT_FLAG.</summary>
    public required string Award { get; init; }

    public required string Unit { get; init; }
    public required Guid SessionId { get; init; }
    public required DateOnly SessionDate { get; init; }

    /// <summary>Giấy mời.</summary>
    public required string SessionDocument { get; init; }

    /// <summary>Code of the council.</summary>
    public required string Council { get; init; }

    public required string CouncilName { get; init; }

    /// <summary>All members in force, in the order of the council's list.</summary>
    public required IReadOnlyList<CouncilAttendance> Attendance { get; init; }

    /// <summary>1, 2, … on the agenda.</summary>
    public required int Position { get; init; }

    /// <summary>Lần bỏ phiếu.</summary>
    public required int Round { get; init; }

    /// <summary>Members in force when the vote was opened.</summary>
    public required int Members { get; init; }

    /// <summary>Of them those who may not vote because it is about their own unit.</summary>
    public required int Recused { get; init; }

    /// <summary>Số phiếu phát ra.</summary>
    public required int HandedOut { get; init; }

    public required int Yes { get; init; }
    public required int No { get; init; }

    /// <summary>Phiếu trắng.</summary>
    public required int Blank { get; init; }

    public required int Needed { get; init; }
    public required bool Passed { get; init; }

    /// <summary>Biên bản kiểm phiếu: its reference.</summary>
    public required string Minutes { get; init; }

    /// <summary>The same as that of <see cref="AwardDecided"/>.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Việc dự họp of one council member.</summary>
public sealed record CouncilAttendance
{
    public required string Name { get; init; }

    /// <summary>Chức vụ, for people.</summary>
    public required string Office { get; init; }

    /// <summary>Tư cách in the council: CHAIR, VICE, SECRETARY or MEMBER.</summary>
    public required string Role { get; init; }

    /// <summary>PRESENT, ABSENT or WRITTEN_OPINION.</summary>
    public required string Kind { get; init; }
}

/// <summary>Đề nghị tặng Cờ thi đua của Chính phủ: drawn up for a season; a later version replaces an earlier one.</summary>
public sealed record GovernmentFlagProposed
{
    public required string Season { get; init; }

    /// <summary>What the quota is a share of.</summary>
    public required int Base { get; init; }

    /// <summary>How many may be proposed.</summary>
    public required int Quota { get; init; }

    /// <summary>The share of the base that the policy allows, in per cent; null: told before this was known.</summary>
    public decimal? Percent { get; init; }

    /// <summary>AWARDED: the base counts flags that the council passed; LEADING: clusters with a result; null: told before this was known.</summary>
    public string? Of { get; init; }

    /// <summary>By votes, then cluster.</summary>
    public required IReadOnlyList<ProposedForGovernmentFlag> Proposed { get; init; }

    /// <summary>Those tied at the cut.</summary>
    public required IReadOnlyList<ProposedForGovernmentFlag> Unresolved { get; init; }

    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>A unit proposed for the Government's flag.</summary>
public sealed record ProposedForGovernmentFlag
{
    /// <summary>Code of the cluster that it leads.</summary>
    public required string Cluster { get; init; }

    public required string Unit { get; init; }

    /// <summary>Votes in favour of the Government's flag.</summary>
    public required int Yes { get; init; }
}
