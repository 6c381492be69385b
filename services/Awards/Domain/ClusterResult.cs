namespace ThiDua.Awards.Domain;

/// <summary>Kết quả của cụm, khối: one version of a cluster's decided result, as it was published by scoring.</summary>
public sealed record ClusterResult
{
    public required Guid ClusterId { get; init; }

    public required string Season { get; init; }

    public required int Year { get; init; }

    public required string Code { get; init; }

    public required string Name { get; init; }

    /// <summary>Official size: all members, scored or not, excluded or not .</summary>
    public required int Size { get; init; }

    /// <summary>Cụm trưởng: code of this season's leader.</summary>
    public required string Leader { get; init; }

    public required int Version { get; init; }

    /// <summary>Tổng điểm tối đa of the criteria table; null is unknown.</summary>
    public decimal? Max { get; init; }

    public required IReadOnlyList<Standing> Standings { get; init; }

    /// <summary>Every member has an official total. Without that there is no leading unit, and nobody is proposed .</summary>
    public bool IsComplete => Standings.Count >= Size && Standings.All(standing => standing.Total is not null);
}

/// <summary>One member's place, with what the tie chain may ask for.</summary>
public sealed record Standing
{
    public required string Unit { get; init; }

    public required string Name { get; init; }

    /// <summary>Displayed rank, by total alone. No exclusion and no tie chain ever changes it .</summary>
    public int? Rank { get; init; }

    /// <summary>Points of the final layer; null is "no final sheet", which is not zero.</summary>
    public decimal? Total { get; init; }

    public required IReadOnlyList<TaggedPoints> Groups { get; init; }

    /// <summary>Điểm trừ, in points.</summary>
    public required decimal Deductions { get; init; }

    /// <summary>Tỷ lệ nữ, in per cent; null is unknown.</summary>
    public decimal? FemaleShare { get; init; }

    /// <summary>Sum of what the unit's own figures yield; null is unknown.</summary>
    public decimal? SelfTotal { get; init; }

    /// <summary>Sum of the review layer; null is unknown, or leader and deputy disagreed.</summary>
    public decimal? ReviewTotal { get; init; }

    /// <summary>How the unit is named in an explanation.</summary>
    public string Label => Name == Unit ? Unit : $"{Name} ({Unit})";
}

/// <summary>A group's points with the tag that makes groups of different tables comparable .</summary>
public sealed record TaggedPoints(string Code, string Tag, decimal Points);
