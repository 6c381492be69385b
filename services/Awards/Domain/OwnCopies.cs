namespace ThiDua.Awards.Domain;

// What this service keeps of other services' facts, fed by their messages. An older version never replaces a newer one.

/// <summary>Năm thi đua, as last told.</summary>
public sealed class KnownSeason
{
    public required string Code { get; init; }
    public required int Year { get; set; }

    /// <summary>SETUP … CLOSED.</summary>
    public required string Phase { get; set; }

    public required int Version { get; set; }

    public bool IsClosed => Phase == "CLOSED";
}

/// <summary>Đơn vị, as last told.</summary>
public sealed class KnownUnit
{
    public required string Code { get; init; }
    public required string Name { get; set; }
    public required int Version { get; set; }
}

/// <summary>Cụm, khối thi đua of a season, as last told.</summary>
public sealed class KnownCluster
{
    public required Guid Id { get; init; }
    public required string Season { get; init; }
    public required string Code { get; set; }
    public required string Name { get; set; }
    public required string Leader { get; set; }

    /// <summary>Null: told before this service kept it.</summary>
    public string? Deputy { get; set; }

    /// <summary>Official size: all members.</summary>
    public required int Size { get; set; }

    public required int Version { get; set; }
}

/// <summary>Kết quả của cụm, khối, as last told: decided, or opened again and not yet decided anew.</summary>
public sealed class KnownResult
{
    private KnownResult()
    {
    }

    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }
    public required string Code { get; init; }
    public int Version { get; private set; }

    /// <summary>Null while only its being opened again is known.</summary>
    public ClusterResult? Facts { get; private set; }

    /// <summary>Opened again: nothing may be built on it until the next version is decided.</summary>
    public bool IsReopened { get; private set; }

    /// <summary>Something may be built on it.</summary>
    public bool IsDecided => Facts is not null && !IsReopened;

    public static KnownResult Of(Guid clusterId, string season, string code) => new() { ClusterId = clusterId, Season = season, Code = code };

    /// <returns>False when the message is older than what is known.</returns>
    public bool Decided(ClusterResult facts)
    {
        if (facts.Version > Version)
        {
            (Version, Facts, IsReopened) = (facts.Version, facts, false);
            return true;
        }

        if (facts.Version == Version && Facts is null)
        {
            Facts = facts; // its being opened again was told first, and stays true
        }

        return false;
    }

    /// <returns>False when a newer result was decided since.</returns>
    public bool Reopened(int version)
    {
        if (version < Version)
        {
            return false;
        }

        (Version, IsReopened) = (version, true);
        return true;
    }
}
