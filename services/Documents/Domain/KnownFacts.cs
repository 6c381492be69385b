namespace ThiDua.Documents.Domain;

/// <summary>Cụm, khối thi đua, as Clusters told it: who is in it, and who reviews whom. The latest version wins, in whatever order they arrive.</summary>
public sealed class KnownCluster
{
    public required Guid Id { get; init; }
    public required string Season { get; init; }
    public required string Leader { get; init; }
    public required string Deputy { get; init; }
    public required string[] Members { get; init; }
    public required int Version { get; init; }
}

/// <summary>Bảng chấm điểm, as Scoring told it: known here from its first submission on. The latest version wins.</summary>
public sealed class KnownSheet
{
    public required string Season { get; init; }
    public required string Unit { get; init; }

    /// <summary>Whether it lies with its unit again (EXPLANATION_REQUESTED, RETURNED_FOR_EVIDENCE).</summary>
    public required bool Returned { get; init; }

    public required int Version { get; init; }
}

/// <summary>Năm thi đua, as Clusters told it. The latest version wins.</summary>
public sealed class KnownSeason
{
    public required string Code { get; init; }

    /// <summary>Whether it has ended: its papers stay as they are.</summary>
    public required bool Closed { get; init; }

    /// <summary>CALENDAR_YEAR or another; null: told before this was kept.</summary>
    public string? Type { get; init; }

    public int? Year { get; init; }

    /// <summary>Its days; null where only Clusters knows them, as of a school year.</summary>
    public SeasonDays? Days => Type == "CALENDAR_YEAR" && Year is { } year ? new SeasonDays(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31)) : null;

    public required int Version { get; init; }
}

/// <summary>Kết quả của cụm, khối, as Scoring told it: released to the members and the council while it stands decided.</summary>
public sealed class KnownResult
{
    public required Guid ClusterId { get; init; }

    /// <summary>False: opened again, and not yet decided anew.</summary>
    public required bool Decided { get; init; }

    public required int Version { get; init; }
}
