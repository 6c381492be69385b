namespace ThiDua.Contracts.Clusters;

// The namespace and the type name are the address on the wire, so neither is ever renamed.
// A new field is optional; a changed meaning is a new record (ClusterFormedV2).
// Facts about one thing carry a version that only grows: a consumer ignores what is older than what it has.

/// <summary>Đơn vị: a unit was registered, or its name, category, level or attributes changed from a date on.</summary>
public sealed record UnitRegistered
{
    public required string Code { get; init; }
    public required string Name { get; init; }
    public required string Category { get; init; }
    public required string Level { get; init; }

    /// <summary>Share of women in the collective, in per cent; null is unknown.</summary>
    public decimal? FemaleShare { get; init; }

    public required DateOnly ValidFrom { get; init; }
    public required int Version { get; init; }
}

/// <summary>Năm thi đua: a season was opened or has come to another phase of its calendar.</summary>
public sealed record SeasonPhaseChanged
{
    public required string Season { get; init; }

    /// <summary>CALENDAR_YEAR or SCHOOL_YEAR.</summary>
    public required string Type { get; init; }

    public required int Year { get; init; }

    /// <summary>SETUP, CRITERIA, SELF_SCORING, CLUSTER_REVIEW, APPRAISAL, PROPOSAL, COUNCIL or CLOSED.</summary>
    public required string Phase { get; init; }

    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Cụm, khối thi đua: a cluster with all its members, as it stands in its season.</summary>
public sealed record ClusterFormed
{
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }
    public required string Code { get; init; }
    public required string Name { get; init; }

    /// <summary>CUM (localities) or KHOI (agencies, schools, enterprises).</summary>
    public required string Kind { get; init; }

    /// <summary>Cụm trưởng: code of the member that leads this season.</summary>
    public required string Leader { get; init; }

    /// <summary>Cụm phó: code of the member that is deputy this season.</summary>
    public required string Deputy { get; init; }

    public required IReadOnlyList<ClusterMember> Members { get; init; }
    public required int Version { get; init; }
}

/// <summary>Đơn vị thành viên, with what was true of it when the cluster was formed.</summary>
public sealed record ClusterMember
{
    public required string Unit { get; init; }
    public required string Name { get; init; }
    public required string Category { get; init; }
    public required string Level { get; init; }
    public decimal? FemaleShare { get; init; }
}

/// <summary>
/// Số liệu chính thức: what the system itself recorded of a unit in a season, from which criteria are scored instead of being typed
/// again. A later version replaces an earlier one of the same season, unit and fact.
/// </summary>
public sealed record OfficialFactEstablished
{
    public required string Season { get; init; }
    public required string Unit { get; init; }

    /// <summary>ATTENDANCE: <see cref="Completed"/> of <see cref="Assigned"/>; REPORTS: <see cref="Late"/>.</summary>
    public required string Fact { get; init; }

    /// <summary>Activities and meetings that the unit attended; null for another fact.</summary>
    public int? Completed { get; init; }

    /// <summary>Activities and meetings that were held for it; null for another fact.</summary>
    public int? Assigned { get; init; }

    /// <summary>How late each report came; null for another fact.</summary>
    public IReadOnlyList<ReportLateness>? Late { get; init; }

    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>How late a unit's report was.</summary>
public sealed record ReportLateness
{
    /// <summary>MIDYEAR or YEAREND.</summary>
    public required string Obligation { get; init; }

    /// <summary>Working days late; 0 is on time, null is missing.</summary>
    public int? LateWorkingDays { get; init; }
}

/// <summary>Đăng ký thi đua: a unit submitted what it aims at in a season; a later version replaces an earlier one.</summary>
public sealed record RegistrationSubmitted
{
    public required string Season { get; init; }
    public required string Unit { get; init; }
    public required IReadOnlyList<RegisteredTargetFact> Targets { get; init; }
    public required IReadOnlyList<RegisteredTitleFact> Titles { get; init; }

    /// <summary>Why an earlier registration was changed; null for the first.</summary>
    public string? Reason { get; init; }

    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Chỉ tiêu đăng ký.</summary>
public sealed record RegisteredTargetFact
{
    public required string Code { get; init; }
    public required string Text { get; init; }
    public required decimal PlannedValue { get; init; }
    public required string UnitOfMeasure { get; init; }

    /// <summary>Code of the criterion that it stands for, if any.</summary>
    public string? Criterion { get; init; }
}

/// <summary>Danh hiệu, hình thức khen thưởng đăng ký.</summary>
public sealed record RegisteredTitleFact
{
    public required string Code { get; init; }
    public required string Text { get; init; }
}

/// <summary>Giao ước thi đua: the covenant of a cluster, or an addendum to it, was signed by every member and is in force.</summary>
public sealed record CovenantInForce
{
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }

    /// <summary>Code of the cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>All clauses that hold now, addenda included.</summary>
    public required IReadOnlyList<CovenantClauseInForce> Clauses { get; init; }

    /// <summary>MAJORITY_OF_MEMBERS or UNANIMOUS: what the cluster's agreement asks for, by the rule of the day it came into force .</summary>
    public required string AgreementBy { get; init; }

    /// <summary>1 for the covenant itself, then one more with every addendum.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Điều khoản của giao ước.</summary>
public sealed record CovenantClauseInForce
{
    public required string Number { get; init; }
    public required string Text { get; init; }
}
