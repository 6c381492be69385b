using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>How a criterion yields points (F-02).</summary>
public enum CriterionKind
{
    Level,
    RankInCluster,
    PercentBand,
    Ratio,
    Count,
    Checklist,
    Timeliness,
    DeductFromMax,
    RelativeToLeader,
    Manual,
}

/// <summary>Tiêu chí: a leaf of the table that yields a score.</summary>
/// <param name="Code">For example I.2; unique in the table.</param>
/// <param name="Max">Điểm chuẩn: the most that it can yield.</param>
/// <param name="Evidence">Minh chứng that the table asks for.</param>
/// <param name="Basis">Căn cứ of this criterion, where it differs from the table's.</param>
public abstract record Criterion(string Code, string Title, decimal Max, string? Evidence, string? UnitOfMeasure, string? Basis)
{
    public abstract CriterionKind Kind { get; }

    /// <summary>The published result that fills it, or null when the unit declares its value .</summary>
    public virtual string? PublishedIndex => null;

    public bool IsPublished => PublishedIndex is not null;

    /// <summary>The official fact that fills it, ATTENDANCE or REPORTS; null: none does.</summary>
    public string? OfficialFact { get; init; }

    /// <summary>Number of the clause of the cluster's covenant that a qualitative criterion rests on; without effect on points.</summary>
    public string? CovenantClause { get; init; }

    /// <summary>Whether the unit enters its value; otherwise a published result or an official fact gives it and nobody types it.</summary>
    public bool IsTyped => !IsPublished && OfficialFact is null;

    /// <summary>Định tính: somebody chooses a level or writes points, nothing is counted.</summary>
    public virtual bool IsQualitative => false;
}

/// <summary>Mức: points of the one level that applies, declared or published .</summary>
/// <param name="Index">The published result that names the level; null: declared by the unit.</param>
public sealed record LevelCriterion(
    string Code, string Title, decimal Max, string? Evidence, string? UnitOfMeasure, string? Basis, IReadOnlyList<Level> Levels, string? Index)
    : Criterion(Code, Title, Max, Evidence, UnitOfMeasure, Basis)
{
    public override CriterionKind Kind => CriterionKind.Level;

    public override string? PublishedIndex => Index;

    public override bool IsQualitative => Index is null;
}

/// <summary>Mức: one level of a LEVEL criterion with its points.</summary>
public sealed record Level(string Key, string Label, decimal Points);

/// <summary>Thứ hạng trong cụm: points of the place that a published value takes among the members of the cluster .</summary>
public sealed record RankCriterion(
    string Code, string Title, decimal Max, string? Evidence, string? UnitOfMeasure, string? Basis,
    string Index, RankOrder Order, IReadOnlyList<decimal> PointsByRank, Ties Ties, BeyondScale BeyondScale)
    : Criterion(Code, Title, Max, Evidence, UnitOfMeasure, Basis)
{
    public override CriterionKind Kind => CriterionKind.RankInCluster;

    public override string? PublishedIndex => Index;
}

/// <summary>Which value takes the first place: the highest (DESC) or the lowest (ASC).</summary>
public enum RankOrder
{
    Desc,
    Asc,
}

/// <summary>What equal values take: both the better place and the next is skipped, no place is skipped, or the mean of the places they span (R-15 a).</summary>
public enum Ties
{
    Competition,
    Dense,
    Average,
}

/// <summary>What a place after the end of the scale yields (R-15 b).</summary>
public enum BeyondScale
{
    Error,
    ContinueStep,
    LastValue,
    Zero,
}

/// <summary>Khoảng tỷ lệ phần trăm: points of the one band that holds the exact percentage .</summary>
/// <param name="Baseline">Null only in a table that L-05 refuses.</param>
public sealed record PercentBandCriterion(
    string Code, string Title, decimal Max, string? Evidence, string? UnitOfMeasure, string? Basis,
    Baseline? Baseline, IReadOnlyList<Band> Bands, OverTop OverTop, Direction Direction)
    : Criterion(Code, Title, Max, Evidence, UnitOfMeasure, Basis)
{
    public override CriterionKind Kind => CriterionKind.PercentBand;
}

/// <summary>What a result is compared with: the assigned plan, the same period of last year, or nothing (an absolute threshold).</summary>
public enum Baseline
{
    Plan,
    SamePeriod,
    Absolute,
}

/// <summary>What a percentage above every band yields: the points of the top band, or a refusal.</summary>
public enum OverTop
{
    TopBand,
    Error,
}

/// <summary>Whether more or less of the measured thing is better (R-18 e).</summary>
public enum Direction
{
    HigherIsBetter,
    LowerIsBetter,
}

/// <summary>Dải điểm: an interval of percentages with its points; a missing bound is open-ended.</summary>
public sealed record Band(decimal? Gte, decimal? Gt, decimal? Lte, decimal? Lt, decimal Points, string? Text)
{
    public bool Holds(Fraction value) =>
        (Gte is not { } gte || value >= gte) && (Gt is not { } gt || value > gt)
        && (Lte is not { } lte || value <= lte) && (Lt is not { } lt || value < lt);
}

/// <summary>Tỷ lệ (n × i)/N: done of assigned, times the criterion's points .</summary>
public sealed record RatioCriterion(string Code, string Title, decimal Max, string? Evidence, string? UnitOfMeasure, string? Basis, decimal I)
    : Criterion(Code, Title, Max, Evidence, UnitOfMeasure, Basis)
{
    public override CriterionKind Kind => CriterionKind.Ratio;

    /// <summary>What a unit gets whose official fact has N = 0; null where the unit's own input decides it.</summary>
    public NothingAssigned? NothingAssigned { get; init; }
}

/// <summary>Đếm: points per item, up to a cap (F-02).</summary>
public sealed record CountCriterion(
    string Code, string Title, decimal Max, string? Evidence, string? UnitOfMeasure, string? Basis, decimal PerItem, decimal Cap)
    : Criterion(Code, Title, Max, Evidence, UnitOfMeasure, Basis)
{
    public override CriterionKind Kind => CriterionKind.Count;
}

/// <summary>Danh mục việc: the sum of what is done (F-02).</summary>
public sealed record ChecklistCriterion(
    string Code, string Title, decimal Max, string? Evidence, string? UnitOfMeasure, string? Basis, IReadOnlyList<ChecklistItem> Items)
    : Criterion(Code, Title, Max, Evidence, UnitOfMeasure, Basis)
{
    public override CriterionKind Kind => CriterionKind.Checklist;
}

/// <summary>Việc: one item of a CHECKLIST criterion.</summary>
public sealed record ChecklistItem(string Key, string Label, decimal Points);

/// <summary>Đúng hạn: per obligation the points of the first row of the scale that holds; missing takes the last row (R-08, F-02).</summary>
public sealed record TimelinessCriterion(
    string Code, string Title, decimal Max, string? Evidence, string? UnitOfMeasure, string? Basis,
    IReadOnlyList<string> Obligations, IReadOnlyList<TimelinessRow> Scale)
    : Criterion(Code, Title, Max, Evidence, UnitOfMeasure, Basis)
{
    public override CriterionKind Kind => CriterionKind.Timeliness;
}

/// <summary>Bậc thời hạn: points for being at most so late.</summary>
/// <param name="LateWorkingDaysAtMost">Null: any number of days.</param>
public sealed record TimelinessRow(decimal? LateWorkingDaysAtMost, decimal Points);

/// <summary>Trừ dần từ điểm chuẩn, never below the floor (F-07).</summary>
public sealed record DeductCriterion(
    string Code, string Title, decimal Max, string? Evidence, string? UnitOfMeasure, string? Basis,
    IReadOnlyList<DeductUnit> PerUnit, decimal Floor)
    : Criterion(Code, Title, Max, Evidence, UnitOfMeasure, Basis)
{
    public override CriterionKind Kind => CriterionKind.DeductFromMax;
}

/// <summary>Lỗi: what one occurrence takes from the maximum.</summary>
public sealed record DeductUnit(string Key, string Label, decimal Minus);

/// <summary>So với đơn vị dẫn đầu: half the points at the target, all of them at the best result of the cluster, linear between (F-03).</summary>
public sealed record RelativeCriterion(string Code, string Title, decimal Max, string? Evidence, string? UnitOfMeasure, string? Basis, RankOrder Order)
    : Criterion(Code, Title, Max, Evidence, UnitOfMeasure, Basis)
{
    public override CriterionKind Kind => CriterionKind.RelativeToLeader;
}

/// <summary>Chấm trực tiếp: points as given .</summary>
/// <param name="Step">The granularity that a form offers; it refuses nothing.</param>
public sealed record ManualCriterion(string Code, string Title, decimal Max, string? Evidence, string? UnitOfMeasure, string? Basis, decimal? Step)
    : Criterion(Code, Title, Max, Evidence, UnitOfMeasure, Basis)
{
    public override CriterionKind Kind => CriterionKind.Manual;

    public override bool IsQualitative => true;
}
