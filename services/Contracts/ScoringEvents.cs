namespace ThiDua.Contracts.Scoring;

/// <summary>Bảng chấm điểm: a unit handed in its sheet; its inputs and evidence are frozen.</summary>
public sealed record SheetSubmitted
{
    public required Guid SheetId { get; init; }
    public required string Season { get; init; }
    public required Guid ClusterId { get; init; }
    public required string Unit { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Trả lại: a sheet was sent back to its unit, which may answer and add evidence again.</summary>
public sealed record SheetReturned
{
    public required Guid SheetId { get; init; }
    public required string Season { get; init; }
    public required Guid ClusterId { get; init; }
    public required string Unit { get; init; }
    public required string Reason { get; init; }

    /// <summary>True: by the standing agency; false: by the cluster's leader or deputy; null: told before this was known.</summary>
    public bool? ByStandingAgency { get; init; }

    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Giải trình: a unit answered the return of its sheet.</summary>
public sealed record SheetExplained
{
    public required Guid SheetId { get; init; }
    public required string Season { get; init; }
    public required Guid ClusterId { get; init; }
    public required string Unit { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Rà soát xong: leader and deputy have reviewed a sheet, each as far as it is theirs to review.</summary>
public sealed record SheetReviewed
{
    public required Guid SheetId { get; init; }
    public required string Season { get; init; }
    public required Guid ClusterId { get; init; }
    public required string Unit { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Kết quả chấm điểm: the standing agency decided a cluster's result. A later version replaces an earlier one.</summary>
public sealed record ClusterResultDecided
{
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }
    public required int Year { get; init; }
    public required string Code { get; init; }
    public required string Name { get; init; }

    /// <summary>Official size: all members of the composition decision, scored or not, excluded or not .</summary>
    public required int Size { get; init; }

    public required string Leader { get; init; }
    public required string Deputy { get; init; }
    public required string CriteriaTable { get; init; }
    public required int CriteriaTableVersion { get; init; }

    /// <summary>By rank, then by unit code; members without a final sheet last.</summary>
    public required IReadOnlyList<UnitResult> Ranking { get; init; }

    public required int Version { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }
}

/// <summary>One member's part of a decided result, with every key that a tie chain may ask for (F-12).</summary>
public sealed record UnitResult
{
    public required string Unit { get; init; }
    public required string Name { get; init; }

    /// <summary>Competition rank by total alone: 1, 2, 2, 4. Null: no final sheet.</summary>
    public int? Rank { get; init; }

    /// <summary>Sum of the final layer, bonus and deductions included. Null: no final sheet, which is not zero.</summary>
    public decimal? Total { get; init; }

    public required IReadOnlyList<GroupPoints> Groups { get; init; }
    public required decimal Bonus { get; init; }
    public required decimal Deductions { get; init; }
    public decimal? FemaleShare { get; init; }
}

/// <summary>Nhóm tiêu chí: a unit's final points in one group.</summary>
public sealed record GroupPoints
{
    public required string Code { get; init; }

    /// <summary>POLITICAL_TASK, POLICY_COMPLIANCE or EMULATION_WORK .</summary>
    public required string Tag { get; init; }

    public required decimal Points { get; init; }
}

/// <summary>A decided result was opened again, with a reason; what was built on it waits for the next version.</summary>
public sealed record ClusterResultReopened
{
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }
    public required string Code { get; init; }
    public required string Reason { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}
