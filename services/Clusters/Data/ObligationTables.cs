using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;

namespace ThiDua.Clusters.Data;

/// <summary>The tables of what is owed by a day.</summary>
internal static class ObligationTables
{
    private const int NameLength = 30;
    private const int ReasonLength = 1000;

    internal static void MapObligations(this ModelBuilder model)
    {
        model.Entity<Obligation>(obligation =>
        {
            obligation.ToTable("obligations");
            obligation.Property(o => o.Id).ValueGeneratedNever();
            ClustersDbContext.Code(obligation.Property(o => o.Season));
            ClustersDbContext.Code(obligation.Property(o => o.Unit!));
            obligation.Property(o => o.Unit).IsRequired(false);
            obligation.Property(o => o.Kind).HasConversion<string>().HasMaxLength(NameLength);
            obligation.Property(o => o.Recipient).HasConversion<string>().HasMaxLength(NameLength);
            obligation.Property(o => o.ReleasedReason).HasMaxLength(ReasonLength);
            obligation.Property(o => o.RowVersion).IsRowVersion();
            obligation.Ignore(o => o.IsOpen);
            obligation.HasOne<Cluster>().WithMany().HasForeignKey(o => o.ClusterId).OnDelete(DeleteBehavior.Restrict);

            // Whatever races, nothing is owed twice.
            obligation.HasIndex(o => new { o.ClusterId, o.Unit, o.Kind, o.Recipient, o.Occasion }).IsUnique().AreNullsDistinct(false);
            obligation.HasIndex(o => new { o.Season, o.Unit });
            obligation.HasIndex(o => o.DueOn).HasFilter("met_at is null and cut_off_at is null and released_at is null");
            obligation.OwnsMany(o => o.Extensions, extension =>
            {
                extension.ToTable("obligation_extensions");
                extension.WithOwner().HasForeignKey("ObligationId");
                extension.HasKey("ObligationId", nameof(Extension.Number));
                extension.Property(e => e.Number).ValueGeneratedNever();
                extension.Property(e => e.Reason).HasMaxLength(ReasonLength);
                extension.Property(e => e.Document).HasMaxLength(ReasonLength);
            });
        });
    }
}
