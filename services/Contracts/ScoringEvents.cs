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

    /// <summary>Tổng điểm tối đa of the criteria table, bonus aside. Null: told by an older version of the service.</summary>
    public decimal? Max { get; init; }

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

    /// <summary>Sum of what the unit's own figures yield, bonus and deductions included. Null: not known, or a line without points.</summary>
    public decimal? SelfTotal { get; init; }

    /// <summary>Sum of the review layer. Null: not known, or leader and deputy disagreed on a line.</summary>
    public decimal? ReviewTotal { get; init; }
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

/// <summary>
/// Chỉ số chiều sâu của cụm (P2): what a decided result tells of how seriously it was worked at, computed in the transaction of the
/// decision. Advisory, for the standing agency: it changes nothing and accuses nobody.
/// </summary>
public sealed record ClusterIndicatorsComputed
{
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }
    public required int Year { get; init; }
    public required string Code { get; init; }
    public required string Name { get; init; }

    /// <summary>Version of the decided result that they are of. A later one replaces an earlier one.</summary>
    public required int ResultVersion { get; init; }

    /// <summary>Sheets of the result.</summary>
    public required int Sheets { get; init; }

    /// <summary>Of them, sheets that were returned at least once.</summary>
    public required int ReturnedSheets { get; init; }

    /// <summary>Lines of all sheets that are looked at: those whose points the unit declares.</summary>
    public required int Lines { get; init; }

    /// <summary>Of them, lines with a file of evidence or a document cited in the note.</summary>
    public required int EvidencedLines { get; init; }

    /// <summary>Lines with points of the first and of the last layer.</summary>
    public required int ComparedLines { get; init; }

    /// <summary>Of them, lines whose points are the same in all three layers.</summary>
    public required int UnchangedLines { get; init; }

    /// <summary>Tổng điểm tối đa of the criteria table.</summary>
    public required decimal Max { get; init; }

    /// <summary>Highest less lowest official total, in points. Null: fewer than two totals.</summary>
    public decimal? Spread { get; init; }

    /// <summary>Mean of self total less final total, in points, rounded half up to two places. Null: no sheet with both.</summary>
    public decimal? MeanInflation { get; init; }

    /// <summary>Whether the signs of formalism that the rule names are there. Null: too little to say anything.</summary>
    public bool? Formalism { get; init; }

    /// <summary>Vietnamese, one sentence each.</summary>
    public required IReadOnlyList<string> Explanation { get; init; }

    public required DateTimeOffset ComputedAt { get; init; }
}

/// <summary>Bảng tiêu chí được thông qua: clusters are scored by this version from now on. One version is adopted once.</summary>
public sealed record CriteriaTableAdopted
{
    public required Guid TableId { get; init; }
    public required string Season { get; init; }

    /// <summary>Code of the table, the same in every version.</summary>
    public required string Code { get; init; }

    public required string Title { get; init; }
    public required int Version { get; init; }

    /// <summary>Codes of the clusters that are scored by it.</summary>
    public required IReadOnlyList<string> Clusters { get; init; }

    /// <summary>Every legal basis that the table names.</summary>
    public required IReadOnlyList<CitedBasis> Citations { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Căn cứ: the text of a legal basis, and where it stands.</summary>
public sealed record CitedBasis
{
    /// <summary>JSON pointer into the table: /basis, /groups/0/criteria/2/basis.</summary>
    public required string Path { get; init; }

    public required string Text { get; init; }
}

/// <summary>
/// Bảng tổng hợp điểm: every line of every sheet of a decided result in its three layers, for the papers that print it. Told in the
/// transaction of the decision, beside <see cref="ClusterResultDecided"/>, which carries what awards depend on.
/// </summary>
public sealed record ClusterScoresDecided
{
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }
    public required string Code { get; init; }

    /// <summary>Title of the criteria table.</summary>
    public required string TableTitle { get; init; }

    /// <summary>Căn cứ of the criteria table, for people; empty when the table names none.</summary>
    public required string TableBasis { get; init; }

    /// <summary>The standing agency's document that decides the result; empty when none was named.</summary>
    public required string Document { get; init; }

    /// <summary>In the order of the table.</summary>
    public required IReadOnlyList<ScoredGroup> Groups { get; init; }

    /// <summary>In the order of <see cref="ClusterResultDecided.Ranking"/>.</summary>
    public required IReadOnlyList<ScoredUnit> Units { get; init; }

    /// <summary>Version of the decided result.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }
}

/// <summary>Nhóm tiêu chí of a criteria table.</summary>
public sealed record ScoredGroup
{
    public required string Code { get; init; }
    public required string Title { get; init; }
    public required decimal Max { get; init; }
    public required IReadOnlyList<ScoredCriterion> Criteria { get; init; }
}

/// <summary>Tiêu chí of a criteria table.</summary>
public sealed record ScoredCriterion
{
    public required string Code { get; init; }
    public required string Title { get; init; }

    /// <summary>Điểm chuẩn.</summary>
    public required decimal Max { get; init; }
}

/// <summary>Điểm của một đơn vị, line by line.</summary>
public sealed record ScoredUnit
{
    public required string Unit { get; init; }
    public required string Name { get; init; }

    /// <summary>Null: no final sheet.</summary>
    public int? Rank { get; init; }

    /// <summary>Null: not known, or a line without points; the same for the two totals below.</summary>
    public decimal? SelfTotal { get; init; }

    public decimal? ReviewTotal { get; init; }
    public decimal? FinalTotal { get; init; }

    /// <summary>Empty: no final sheet.</summary>
    public required IReadOnlyList<LinePoints> Lines { get; init; }

    /// <summary>Điểm thưởng; null: no final sheet.</summary>
    public LinePoints? Bonus { get; init; }

    /// <summary>Điểm trừ, as a positive number; null: no final sheet.</summary>
    public LinePoints? Deductions { get; init; }
}

/// <summary>Điểm ba lớp of one line.</summary>
public sealed record LinePoints
{
    /// <summary>Code of the criterion; BONUS and DEDUCTIONS for what stands beside the table.</summary>
    public required string Criterion { get; init; }

    /// <summary>Null: no points, which is not zero; the same for the layers below.</summary>
    public decimal? Self { get; init; }

    public decimal? Review { get; init; }
    public decimal? Final { get; init; }

    /// <summary>Every reason that a person gave for setting other points, in the order of the layers; empty when nobody did.</summary>
    public required IReadOnlyList<LineChange> Changes { get; init; }
}

/// <summary>Lý do thay đổi điểm of one line by one person's office.</summary>
public sealed record LineChange
{
    /// <summary>LEADER, DEPUTY or STANDING_AGENCY.</summary>
    public required string By { get; init; }

    /// <summary>What the change is of where that is not the whole line: the label of a bonus or a deduction.</summary>
    public string? Of { get; init; }

    /// <summary>Points set; for a bonus or a deduction the count set.</summary>
    public required decimal Value { get; init; }

    public required string Reason { get; init; }
}
