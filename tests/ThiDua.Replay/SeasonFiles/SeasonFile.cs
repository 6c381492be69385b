using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.SeasonFiles;

/// <summary>
/// A season file as it was written. A text that is missing or of the wrong type is empty here and a number null:
/// it has been reported where it was read, and the checks that would need it stay silent.
/// </summary>
public sealed record SeasonFile(
    string Code,
    SeasonType? Type,
    int? Year,
    IReadOnlyList<UnitEntry> Units,
    IReadOnlyList<TableEntry> Tables,
    IReadOnlyList<ClusterEntry> Clusters,
    IReadOnlyList<PublishedEntry> Published,
    IReadOnlyList<CardEntry> Cards,
    IReadOnlyList<LineEntry> Reviews,
    IReadOnlyList<LineEntry> Appraisals,
    IReadOnlyList<ExclusionEntry> Exclusions,
    int? CouncilMembers,
    IReadOnlyList<VoteEntry> Votes,
    IReadOnlyList<HistoryEntry> History,
    StrictJson? Policy);

public enum SeasonType
{
    CalendarYear,
    SchoolYear,
}

public enum ClusterKind
{
    Cum,
    Khoi,
}

public enum ExclusionStatus
{
    Pending,
    Definitive,
}

public enum BallotAward
{
    ProvincialFlag,
    GovernmentFlag,
}

/// <summary>Đơn vị.</summary>
public sealed record UnitEntry(StrictJson At, string Code, string Name, string Category, string Level, decimal? FemaleShare);

/// <summary>Bảng tiêu chí, thang điểm: only its name is read here, the rest is the scoring domain's to read.</summary>
public sealed record TableEntry(StrictJson At, string Id);

/// <summary>Cụm, khối thi đua.</summary>
public sealed record ClusterEntry(
    StrictJson At, string Code, string Name, ClusterKind? Kind, string Table, string Leader, string Deputy, IReadOnlyList<MemberEntry> Members);

public sealed record MemberEntry(StrictJson At, string Unit);

/// <summary>Kết quả được cấp có thẩm quyền công bố.</summary>
public sealed record PublishedEntry(StrictJson At, string Index, string Unit, StrictJson? Value, string Document);

/// <summary>Bảng tự chấm điểm of one unit; its inputs are the scoring domain's to read.</summary>
public sealed record CardEntry(StrictJson At, string Unit);

/// <summary>Another value for one line, set by leader and deputy or by the standing agency.</summary>
public sealed record LineEntry(StrictJson At, string Unit, string Criterion, decimal? Points, string Reason);

/// <summary>Trường hợp chưa xét hoặc không xét khen thưởng.</summary>
public sealed record ExclusionEntry(StrictJson At, string Unit, string Type, ExclusionStatus? Status, string Document);

/// <summary>Kết quả bỏ phiếu của Hội đồng.</summary>
public sealed record VoteEntry(StrictJson At, BallotAward? Award, string Cluster, int? Yes);

/// <summary>Kết quả một mùa thi đua trước.</summary>
public sealed record HistoryEntry(StrictJson At, string Cluster);
