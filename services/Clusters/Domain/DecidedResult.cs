namespace ThiDua.Clusters.Domain;

/// <summary>Kết quả đã quyết định: our own copy of a cluster's result, for the history of its units and for the obligation that it meets.</summary>
public sealed class DecidedResult
{
    private readonly List<UnitStanding> _standings = [];

    private DecidedResult() { }

    public Guid ClusterId { get; private init; }
    public string Season { get; private init; } = "";
    public string ClusterCode { get; private set; } = "";
    public string ClusterName { get; private set; } = "";

    /// <summary>Of the decision that we have; 0 before the first.</summary>
    public int Version { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>The latest version that was opened again.</summary>
    public int ReopenedVersion { get; private set; }

    /// <summary>What stands here waits for the next decision.</summary>
    public bool IsReopened => ReopenedVersion >= Version;

    /// <summary>When the result that stands was decided; null: none stands.</summary>
    public DateTimeOffset? StandsSince => IsReopened ? null : DecidedAt;

    public IReadOnlyList<UnitStanding> Standings => _standings;

    public static DecidedResult Of(Guid clusterId, string season) => new() { ClusterId = clusterId, Season = season };

    /// <summary>Takes a decision, unless a later one is known.</summary>
    public void Decided(string clusterCode, string clusterName, int version, DateTimeOffset at, IEnumerable<UnitStanding> standings)
    {
        if (version <= Version)
        {
            return;
        }

        (ClusterCode, ClusterName, Version, DecidedAt) = (clusterCode, clusterName, version, at.ToUniversalTime());
        var latest = standings.ToDictionary(standing => standing.Unit, StringComparer.Ordinal);
        _standings.RemoveAll(standing => !latest.ContainsKey(standing.Unit));
        _standings.ForEach(standing => standing.Take(latest[standing.Unit]));
        _standings.AddRange(latest.Values.Where(standing => !_standings.Exists(known => known.Unit == standing.Unit)));
    }

    public void Reopened(int version) => ReopenedVersion = Math.Max(ReopenedVersion, version);
}

/// <summary>Kết quả của một đơn vị.</summary>
public sealed class UnitStanding
{
    private UnitStanding() { }

    public UnitStanding(string unit, decimal? total, int? rank) => (Unit, Total, Rank) = (unit, total, rank);

    public string Unit { get; private init; } = "";

    /// <summary>Total points; null: no final sheet.</summary>
    public decimal? Total { get; private set; }

    /// <summary>Competition rank; null: no final sheet.</summary>
    public int? Rank { get; private set; }

    internal void Take(UnitStanding latest) => (Total, Rank) = (latest.Total, latest.Rank);
}

/// <summary>
/// Kết quả biểu quyết khen thưởng: our own copy of what the council decided on a unit, for its history. One nomination may be voted
/// on for more than one award.
/// </summary>
public sealed class DecidedAward
{
    public required Guid NominationId { get; init; }
    public required string Season { get; init; }

    /// <summary>PROVINCIAL_FLAG, CHAIRMAN_MERIT or GOVERNMENT_FLAG.</summary>
    public required string Award { get; init; }

    public required string Unit { get; init; }

    /// <summary>Only what passed is the unit's.</summary>
    public required bool Passed { get; init; }

    /// <summary>Hủy bỏ: revoked since; what passed was the unit's and is no longer.</summary>
    public bool Revoked { get; init; }

    public required int Version { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }
}
