using ThiDua.Scoring.Domain;

namespace ThiDua.Scoring.Data;

// What other services told. These rows are only ever written by consumers, and never by an older fact.

/// <summary>Năm thi đua, as Clusters announces it.</summary>
public sealed class SeasonCopy
{
    public required string Code { get; init; }
    public int Year { get; set; }
    public SeasonPhase Phase { get; set; }
    public int Version { get; set; }
}

/// <summary>Đơn vị, as Clusters registered it.</summary>
public sealed class UnitCopy
{
    public required string Code { get; init; }
    public required string Name { get; set; }
    public int Version { get; set; }
}

/// <summary>Cụm, khối thi đua, as Clusters formed it.</summary>
public sealed class ClusterCopy
{
    public required Guid Id { get; init; }
    public required string Season { get; init; }
    public required string Code { get; set; }
    public required string Name { get; set; }
    public required string Leader { get; set; }
    public required string Deputy { get; set; }
    public int Version { get; private set; }
    public List<ClusterMemberCopy> Members { get; private init; } = [];

    public void Take(string code, string name, string leader, string deputy, int version) =>
        (Code, Name, Leader, Deputy, Version) = (code, name, leader, deputy, version);

    public void TakeMembers(IReadOnlyList<(string Unit, string Name, decimal? FemaleShare)> told)
    {
        Members.RemoveAll(member => told.All(other => other.Unit != member.Unit));
        foreach (var (unit, name, femaleShare) in told)
        {
            var member = Members.Find(row => row.Unit == unit);
            if (member is null)
            {
                member = new ClusterMemberCopy { ClusterId = Id, Season = Season, Unit = unit, Name = name };
                Members.Add(member);
            }

            (member.Name, member.FemaleShare) = (name, femaleShare);
        }
    }

    public Reviewer? ReviewerOf(string? unit) => unit == Leader ? Reviewer.Leader : unit == Deputy ? Reviewer.Deputy : null;

    public bool Has(string? unit) => Members.Exists(member => member.Unit == unit);
}

public sealed class ClusterMemberCopy
{
    public Guid ClusterId { get; init; }
    public required string Season { get; init; }
    public required string Unit { get; init; }
    public required string Name { get; set; }
    public decimal? FemaleShare { get; set; }
}

/// <summary>Minh chứng, as Documents stored it.</summary>
public sealed class EvidenceCopy
{
    public required Guid Id { get; init; }
    public required string Season { get; init; }
    public required string Unit { get; init; }
    public required string Criterion { get; init; }

    /// <summary>Withdrawn or refused: it no longer counts.</summary>
    public bool IsRejected { get; set; }
}
