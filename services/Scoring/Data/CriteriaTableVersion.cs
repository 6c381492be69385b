using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Data;

/// <summary>Where a version of a criteria table stands. An adopted one never changes again.</summary>
public enum TableState
{
    Draft,
    Adopted,

    /// <summary>A later version took its place in its clusters.</summary>
    Replaced,
}

/// <summary>One version of a criteria table of a season, with the clusters that it is for.</summary>
public sealed class CriteriaTableVersion
{
    public Guid Id { get; private init; }
    public required string Season { get; init; }

    /// <summary>The table's own code, the same in every version.</summary>
    public required string Code { get; init; }

    public required int Version { get; init; }
    public TableState State { get; private set; }

    /// <summary>The table as it was sent, descriptions included.</summary>
    public required string Content { get; set; }

    public required string[] Clusters { get; set; }

    /// <summary>Unit that leads its clusters, or is their deputy, and proposed it; null: the agency drafted it.</summary>
    public string? ProposedBy { get; private init; }

    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? AdoptedBy { get; private set; }
    public DateTimeOffset? AdoptedAt { get; private set; }
    public string? Document { get; private set; }
    public string? AcceptedWarningsReason { get; private set; }

    /// <summary>Biên bản: signed minutes that stood in for the vote of the clusters, with the reason.</summary>
    public string? MinutesDocument { get; private set; }

    public string? MinutesReason { get; private set; }
    public uint RowVersion { get; private set; }

    public static CriteriaTableVersion Draft(string season, string code, int version, string content, string[] clusters, string? proposedBy, string by, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Season = season,
        Code = code,
        Version = version,
        Content = content,
        Clusters = clusters,
        ProposedBy = proposedBy,
        CreatedBy = by,
        CreatedAt = now,
    };

    public void RequireDraft()
    {
        if (State != TableState.Draft)
        {
            throw new RuleViolationException("table-adopted", $"Bảng {Code} phiên bản {Version} đã được thông qua, không sửa được; hãy lập phiên bản mới.");
        }
    }

    public void Adopt(string? document, string? acceptedWarningsReason, string by, DateTimeOffset now)
    {
        RequireDraft();
        (State, Document, AcceptedWarningsReason, AdoptedBy, AdoptedAt) = (TableState.Adopted, document, acceptedWarningsReason, by, now);
    }

    /// <summary>Signed minutes in the place of the members' votes.</summary>
    public void AgreeByMinutes(string document, string reason) => (MinutesDocument, MinutesReason) = (document, reason);

    public void Replace() => State = TableState.Replaced;
}

/// <summary>Kết quả được công bố, every version of it; the latest counts .</summary>
public sealed class PublishedResult
{
    public required Guid Id { get; init; }
    public required string Season { get; init; }
    public required string Index { get; init; }
    public required string Unit { get; init; }
    public required int Version { get; init; }
    public required string Value { get; init; }
    public required string Document { get; init; }
    public string? Reason { get; init; }
    public bool IsCurrent { get; set; } = true;
    public required string LoadedBy { get; init; }
    public required DateTimeOffset LoadedAt { get; init; }

    public PublishedValue ToValue() => new(Index, Unit, Value, Document, Version);
}

public enum ResultState
{
    Open,
    Decided,
    Reopened,
}

/// <summary>Kết quả của cụm: which table it is scored by, and whether it is decided.</summary>
public sealed class ClusterResult
{
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }
    public required Guid TableId { get; set; }
    public ResultState State { get; private set; }

    /// <summary>Number of the last decision; 0 before the first.</summary>
    public int Version { get; private set; }

    public uint RowVersion { get; private set; }

    public void Decide()
    {
        if (State == ResultState.Decided)
        {
            throw new RuleViolationException("already-decided", "Kết quả của cụm đã được quyết định.");
        }

        (State, Version) = (ResultState.Decided, Version + 1);
    }

    public void Reopen()
    {
        if (State != ResultState.Decided)
        {
            throw new RuleViolationException("not-decided", "Kết quả của cụm chưa được quyết định.");
        }

        State = ResultState.Reopened;
    }

    public void RequireUndecided()
    {
        if (State == ResultState.Decided)
        {
            throw new RuleViolationException("already-decided", "Kết quả của cụm đã được quyết định; phải mở lại trước.");
        }
    }
}

/// <summary>Quyết định kết quả: one decided version, kept as it was for ever.</summary>
public sealed class ClusterDecision
{
    public required Guid ClusterId { get; init; }
    public required int Version { get; init; }
    public required Guid TableId { get; init; }
    public required string? Document { get; init; }
    public required string DecidedBy { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }
    public required IReadOnlyList<RankedSheet> Ranking { get; init; }
}

/// <summary>One member in a decided ranking.</summary>
public sealed record RankedSheet
{
    public required string Unit { get; init; }
    public required string Name { get; init; }
    public Guid? SheetId { get; init; }
    public int? Rank { get; init; }
    public decimal? Total { get; init; }
    public required IReadOnlyDictionary<string, decimal?> Groups { get; init; }
    public decimal Bonus { get; init; }
    public decimal Deductions { get; init; }
    public required IReadOnlyDictionary<string, RankedLine> Lines { get; init; }
}

/// <summary>The three layers of one criterion as they were decided.</summary>
public sealed record RankedLine(decimal? Self, decimal? Review, decimal? Final);
