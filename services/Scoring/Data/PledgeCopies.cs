using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Data;

/// <summary>Giao ước thi đua có hiệu lực, as Clusters told it: what qualitative criteria may cite, and how the cluster agrees .</summary>
public sealed class CovenantCopy
{
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }

    /// <summary>Numbers of the clauses that hold, with their text.</summary>
    public IReadOnlyDictionary<string, string> Clauses { get; private set; } = new Dictionary<string, string>();

    public AgreementBy AgreementBy { get; private set; }

    /// <summary>0 before anything was told.</summary>
    public int Version { get; private set; }

    public void Take(IReadOnlyDictionary<string, string> clauses, AgreementBy by, int version)
    {
        if (version > Version)
        {
            (Clauses, AgreementBy, Version) = (clauses, by, version);
        }
    }
}

/// <summary>Số liệu chính thức, as Clusters established it.</summary>
public sealed class OfficialFactCopy
{
    public required string Season { get; init; }
    public required string Unit { get; init; }
    public required string Fact { get; init; }
    public int? Completed { get; private set; }
    public int? Assigned { get; private set; }
    public IReadOnlyDictionary<string, decimal?> Late { get; private set; } = new Dictionary<string, decimal?>();

    /// <summary>0 before anything was told.</summary>
    public int Version { get; private set; }

    /// <returns>Whether it is news; an older version changes nothing.</returns>
    public bool Take(int? completed, int? assigned, IReadOnlyDictionary<string, decimal?> late, int version)
    {
        if (version <= Version)
        {
            return false;
        }

        (Completed, Assigned, Late, Version) = (completed, assigned, late, version);
        return true;
    }

    public OfficialFact ToFact() => new(Unit, Fact, Completed, Assigned, Late, Version);
}

/// <summary>Ý kiến thống nhất: one member's vote on a draft table; it may be changed until the table is adopted, and goes when the draft changes.</summary>
public sealed class TableVote
{
    public required Guid TableId { get; init; }
    public required Guid ClusterId { get; init; }
    public required string Unit { get; init; }
    public bool Agree { get; private set; }
    public string? Note { get; private set; }
    public string By { get; private set; } = "";
    public string ByName { get; private set; } = "";
    public DateTimeOffset At { get; private set; }

    public void Cast(bool agree, string? note, Actor by, DateTimeOffset now) => (Agree, Note, By, ByName, At) = (agree, note, by.Subject, by.Name, now);
}

/// <summary>Tables of what was pledged, of official facts and of votes.</summary>
internal static class PledgeTables
{
    public static void MapPledges(this ModelBuilder model)
    {
        model.Entity<CovenantCopy>(covenant =>
        {
            covenant.ToTable("covenants");
            covenant.HasKey(row => row.ClusterId);
            covenant.Property(row => row.ClusterId).ValueGeneratedNever();
            covenant.Property(row => row.AgreementBy).HasConversion<string>().HasMaxLength(20);
            ScoringDbContext.AsJson(covenant.Property(row => row.Clauses));
            covenant.NotJournalled();
        });
        model.Entity<OfficialFactCopy>(fact =>
        {
            fact.ToTable("official_facts");
            fact.HasKey(row => new { row.Season, row.Unit, row.Fact });
            ScoringDbContext.AsJson(fact.Property(row => row.Late));
            fact.NotJournalled();
        });
        model.Entity<TableVote>(vote =>
        {
            vote.ToTable("table_votes");
            vote.HasKey(row => new { row.TableId, row.ClusterId, row.Unit });
            vote.HasOne<CriteriaTableVersion>().WithMany().HasForeignKey(row => row.TableId).OnDelete(DeleteBehavior.Restrict);
        });
    }
}
