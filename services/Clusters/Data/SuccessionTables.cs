using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>The tables of membership and succession: reorganisations, identifiers, former members, and what units achieved.</summary>
internal static class SuccessionTables
{
    private const int DocumentLength = 300;
    private const int ShareLength = 40;

    public static void MapSuccession(this ModelBuilder model)
    {
        model.Entity<Reorganisation>(reorganisation =>
        {
            reorganisation.ToTable("reorganisations");
            reorganisation.Property(r => r.Id).ValueGeneratedNever();
            reorganisation.Property(r => r.Kind).HasConversion<string>().HasMaxLength(20);
            reorganisation.Property(r => r.Document).HasMaxLength(DocumentLength);
            reorganisation.Ignore(r => r.Predecessors);
            reorganisation.Ignore(r => r.Successors);
            reorganisation.Ignore(r => r.Closing);
            reorganisation.OwnsMany(r => r.Units, unit =>
            {
                unit.ToTable("reorganised_units");
                unit.WithOwner().HasForeignKey("ReorganisationId");
                unit.HasKey("ReorganisationId", nameof(ReorganisedUnit.Side), nameof(ReorganisedUnit.Position));
                unit.Property(u => u.Side).HasConversion<string>().HasMaxLength(20);
                unit.Property(u => u.Position).ValueGeneratedNever();
                unit.Property(u => u.Share).HasMaxLength(ShareLength);
                ClustersDbContext.Code(unit.Property(u => u.Unit));
                unit.HasOne<Unit>().WithMany().HasForeignKey(u => u.Unit).OnDelete(DeleteBehavior.Restrict);
            });
        });

        model.Entity<UnitIdentifier>(identifier =>
        {
            identifier.ToTable("unit_identifiers");

            // One identifier names one unit for good: the database keeps it, whoever races.
            identifier.HasKey(i => i.Value);
            ClustersDbContext.Code(identifier.Property(i => i.Value));
            ClustersDbContext.Code(identifier.Property(i => i.Unit));
            identifier.HasOne<Unit>().WithMany().HasForeignKey(i => i.Unit).OnDelete(DeleteBehavior.Restrict);
        });

        model.Entity<Cluster>().HasMany(cluster => cluster.FormerMembers).WithOne().HasForeignKey("ClusterId").IsRequired().OnDelete(DeleteBehavior.Restrict);
        model.Entity<Season>().Property(season => season.Continues).HasMaxLength(BusinessCode.MaximumLength);
        model.Entity<FormerMember>(member =>
        {
            member.ToTable("former_members");
            member.Property(m => m.Id).ValueGeneratedNever();
            member.Property(m => m.Name).HasMaxLength(ClustersDbContext.NameLength);
            ClustersDbContext.Code(member.Property(m => m.Unit));
            member.HasOne<Unit>().WithMany().HasForeignKey(m => m.Unit).OnDelete(DeleteBehavior.Restrict);
        });

        model.Entity<DecidedResult>(result =>
        {
            result.ToTable("decided_results");
            result.HasKey(r => r.ClusterId);
            result.Property(r => r.ClusterId).ValueGeneratedNever();
            ClustersDbContext.Code(result.Property(r => r.Season));
            ClustersDbContext.Code(result.Property(r => r.ClusterCode));
            result.Property(r => r.ClusterName).HasMaxLength(ClustersDbContext.NameLength);
            result.Ignore(r => r.IsReopened);
            result.Ignore(r => r.StandsSince);
            result.HasMany(r => r.Standings).WithOne().HasForeignKey("ClusterId");
            result.Navigation(r => r.Standings).AutoInclude();
            result.NotJournalled();
        });
        model.Entity<UnitStanding>(standing =>
        {
            standing.ToTable("decided_standings");
            standing.Property<Guid>("ClusterId");
            standing.HasKey("ClusterId", nameof(UnitStanding.Unit));
            ClustersDbContext.Code(standing.Property(s => s.Unit));
            standing.HasIndex(s => s.Unit);
            standing.NotJournalled();
        });

        model.Entity<DecidedAward>(award =>
        {
            award.ToTable("decided_awards");
            award.HasKey(a => new { a.NominationId, a.Award });
            ClustersDbContext.Code(award.Property(a => a.Season));
            ClustersDbContext.Code(award.Property(a => a.Award));
            ClustersDbContext.Code(award.Property(a => a.Unit));
            award.HasIndex(a => a.Unit);
            award.NotJournalled();
        });
    }
}
