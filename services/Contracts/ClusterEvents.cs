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

/// <summary>Sắp xếp, tổ chức lại đơn vị: units ended, began or went on in another form from a day on. A recorded one never changes.</summary>
public sealed record UnitsReorganised
{
    public required Guid ReorganisationId { get; init; }

    /// <summary>MERGE, SPLIT, RENAME, LEVEL_CHANGE or DISSOLVE.</summary>
    public required string Kind { get; init; }

    /// <summary>First day of the new order; the units that ended were last active on the day before.</summary>
    public required DateOnly EffectiveOn { get; init; }

    /// <summary>Number and issuer of the decision.</summary>
    public required string Document { get; init; }

    public required IReadOnlyList<string> Predecessors { get; init; }

    /// <summary>Those of the predecessors that ended.</summary>
    public required IReadOnlyList<string> Closed { get; init; }

    public required IReadOnlyList<ReorganisedSuccessor> Successors { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Đơn vị kế thừa.</summary>
public sealed record ReorganisedSuccessor
{
    public required string Unit { get; init; }

    /// <summary>How much of each predecessor it takes over, an exact fraction: "1", or "1/3" in a split.</summary>
    public required string Share { get; init; }
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

/// <summary>Văn bản: an instrument of the register of law, as it stands after its registration or a correction of it.</summary>
public sealed record LegalInstrumentRegistered
{
    public required string Code { get; init; }

    /// <summary>Số, ký hiệu, for example 152/2025/NĐ-CP; of an instrument without one its name.</summary>
    public required string Number { get; init; }

    public required string Title { get; init; }

    /// <summary>LAW, DECREE, CIRCULAR, DECISION, GUIDANCE or LETTER.</summary>
    public required string Kind { get; init; }

    public required string Issuer { get; init; }

    /// <summary>Null is unknown.</summary>
    public DateOnly? IssuedOn { get; init; }

    public required DateOnly InForceFrom { get; init; }

    /// <summary>Last day; null as long as no end is known.</summary>
    public DateOnly? InForceTo { get; init; }

    /// <summary>A last day that somebody states and nobody has verified; it ends nothing.</summary>
    public DateOnly? ClaimedInForceTo { get; init; }

    /// <summary>Whether the days were read in the instrument or in what replaced it.</summary>
    public required bool DatesVerified { get; init; }

    /// <summary>What is not certain about the days, in Vietnamese.</summary>
    public string? DatesNote { get; init; }

    /// <summary>Dòng văn bản: the line of instruments that follow each other on one subject; null belongs to none.</summary>
    public string? Family { get; init; }

    /// <summary>Codes.</summary>
    public required IReadOnlyList<string> ReplacedBy { get; init; }

    /// <summary>Codes of the instruments that it amends and does not replace.</summary>
    public required IReadOnlyList<string> Amends { get; init; }

    public required IReadOnlyList<LegalTransition> Transitions { get; init; }
    public required IReadOnlyList<LegalFragment> Fragments { get; init; }

    /// <summary>Where what is known of the instrument comes from.</summary>
    public required LegalSource Source { get; init; }

    public required int Version { get; init; }
}

/// <summary>Quy định chuyển tiếp: which dossiers an instrument leaves under the one before it.</summary>
public sealed record LegalTransition
{
    /// <summary>KEEP_OLD_FOR_RECEIVED_BEFORE.</summary>
    public required string Kind { get; init; }

    /// <summary>Dossiers received before this day stay under the old instrument.</summary>
    public required DateOnly Before { get; init; }

    /// <summary>Whether the new instrument applies to them all the same where it is more favourable.</summary>
    public required bool MoreFavourableException { get; init; }

    /// <summary>The rule's own words, or what is known of them, in Vietnamese.</summary>
    public required string Words { get; init; }

    /// <summary>Whether the words were read in the instrument itself.</summary>
    public required bool Verified { get; init; }

    public required LegalSource Source { get; init; }
}

/// <summary>A fragment of an instrument's text.</summary>
public sealed record LegalFragment
{
    /// <summary>Điều, khoản, điểm: “Điều 4 khoản 6”; empty when it is not known.</summary>
    public required string Provision { get; init; }

    /// <summary>The words; “…” stands for words left out.</summary>
    public required string Text { get; init; }

    public required bool Verified { get; init; }

    /// <summary>Why it is not verified, in Vietnamese; null when it is.</summary>
    public string? Reason { get; init; }

    public required LegalSource Source { get; init; }
}

/// <summary>Nguồn: where a text or a date comes from, and how much of it was read.</summary>
public sealed record LegalSource
{
    /// <summary>SRC-08, SEED, or what the agency writes of its own copy.</summary>
    public required string Tag { get; init; }

    /// <summary>FULL, PARTIAL, TITLE or SECOND_HAND.</summary>
    public required string Reading { get; init; }

    /// <summary>Where it can be looked up.</summary>
    public string? Address { get; init; }
}

/// <summary>Lịch ngày làm việc: all days on which work differs from what the weekday says. A later version replaces an earlier one.</summary>
public sealed record HolidaysChanged
{
    public required IReadOnlyList<CalendarDay> Days { get; init; }
    public required int Version { get; init; }
}

/// <summary>Ngày nghỉ hoặc ngày làm bù.</summary>
public sealed record CalendarDay
{
    public required DateOnly Date { get; init; }

    /// <summary>HOLIDAY: no work although it may be a weekday; MAKE_UP_DAY: work although it is a Saturday or a Sunday.</summary>
    public required string Kind { get; init; }
}

/// <summary>Hoạt động, hội nghị của cụm: an activity was planned, held, corrected or cancelled; a later version replaces an earlier one.</summary>
public sealed record ActivityRecorded
{
    public required Guid ActivityId { get; init; }
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }

    /// <summary>ACTIVITY or MEETING.</summary>
    public required string Kind { get; init; }

    /// <summary>Loại hoạt động, for people; null for a meeting.</summary>
    public string? Type { get; init; }

    /// <summary>MIDYEAR or YEAREND; null for what is no meeting.</summary>
    public string? Review { get; init; }

    public required string Title { get; init; }

    /// <summary>PLANNED, HELD or CANCELLED.</summary>
    public required string State { get; init; }

    public required DateOnly PlannedOn { get; init; }

    /// <summary>Null until it was held.</summary>
    public DateOnly? HeldOn { get; init; }

    /// <summary>Đơn vị đăng cai: code of a member.</summary>
    public required string Host { get; init; }

    /// <summary>Kết quả; null until it was held.</summary>
    public string? Outcome { get; init; }

    /// <summary>Biên bản: reference of the minutes.</summary>
    public string? Minutes { get; init; }

    /// <summary>By unit code; empty until it was held.</summary>
    public required IReadOnlyList<AttendanceFact> Attendance { get; init; }

    public required int Version { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Tham dự of one unit that was called.</summary>
public sealed record AttendanceFact
{
    public required string Unit { get; init; }

    /// <summary>PRESENT, ABSENT or EXCUSED.</summary>
    public required string Presence { get; init; }
}
