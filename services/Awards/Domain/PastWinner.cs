namespace ThiDua.Awards.Domain;

/// <summary>Đơn vị dẫn đầu of a cluster in an earlier season, as loaded for the rotation signals of a season.</summary>
public sealed class PastWinner
{
    public required Guid Id { get; init; }

    /// <summary>The season for whose signals it was loaded.</summary>
    public required string Season { get; init; }

    /// <summary>Code of the cluster in that season.</summary>
    public required string Cluster { get; init; }

    public required int Year { get; init; }
    public required string Winner { get; set; }

    /// <summary>Cụm trưởng of that year; null is unknown.</summary>
    public string? Leader { get; set; }

    /// <summary>JSON as given: the members of that year.</summary>
    public string? Members { get; set; }

    /// <summary>JSON as given: the ranks of that year.</summary>
    public string? Ranks { get; set; }

    /// <summary>Code that the cluster bore in that year, where it was another: its lineage. Null is the same code.</summary>
    public string? Lineage { get; set; }

    /// <summary>First total less second total of that year, in points; null is unknown.</summary>
    public decimal? Margin { get; set; }

    /// <summary>Maximum of that year's criteria table, in points; given with the margin.</summary>
    public decimal? Maximum { get; set; }

    /// <summary>Unit that would have led by the units' own figures, before anybody changed a point; null is unknown.</summary>
    public string? FiguresLeader { get; set; }

    /// <summary>Grows with each correction.</summary>
    public required int Version { get; set; }
}
