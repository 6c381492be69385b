using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;

namespace ThiDua.Clusters.Data;

/// <summary>Tables of covenants and registrations.</summary>
internal static class CovenantTables
{
    private const int HashLength = 64;

    public static void MapCovenants(this ModelBuilder model)
    {
        model.Entity<Registration>(registration =>
        {
            registration.ToTable("registrations");
            registration.Property(r => r.Id).ValueGeneratedNever();
            ClustersDbContext.Code(registration.Property(r => r.Season));
            ClustersDbContext.Code(registration.Property(r => r.Unit));
            registration.Property(r => r.State).HasConversion<string>().HasMaxLength(10);
            ClustersDbContext.AsJson(registration.Property(r => r.Targets), []);
            ClustersDbContext.AsJson(registration.Property(r => r.Titles), []);
            registration.Property(r => r.RowVersion).IsRowVersion();
            registration.HasIndex(r => new { r.Season, r.Unit, r.Number }).IsUnique();
            registration.HasOne<Season>().WithMany().HasForeignKey(r => r.Season).OnDelete(DeleteBehavior.Restrict);
            registration.HasOne<Unit>().WithMany().HasForeignKey(r => r.Unit).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<Covenant>(covenant =>
        {
            covenant.ToTable("covenants");
            covenant.Property(c => c.Id).ValueGeneratedNever();
            ClustersDbContext.Code(covenant.Property(c => c.Season));
            ClustersDbContext.Code(covenant.Property(c => c.Cluster));
            covenant.Property(c => c.RowVersion).IsRowVersion();
            covenant.Ignore(c => c.Clauses).Ignore(c => c.Pending);
            covenant.HasIndex(c => c.ClusterId).IsUnique();
            covenant.HasIndex(c => new { c.Season, c.Cluster });
            covenant.HasOne<Cluster>().WithMany().HasForeignKey(c => c.ClusterId).OnDelete(DeleteBehavior.Restrict);
            covenant.OwnsMany(c => c.Parts, part =>
            {
                part.ToTable("covenant_parts");
                part.WithOwner().HasForeignKey("CovenantId");
                part.HasKey("CovenantId", nameof(CovenantPart.Number));
                part.Property(p => p.Number).ValueGeneratedNever();
                part.Property(p => p.Hash).HasMaxLength(HashLength);
                ClustersDbContext.AsJson(part.Property(p => p.Clauses), []);
            });
            covenant.OwnsMany(c => c.Signatures, signature =>
            {
                signature.ToTable("covenant_signatures");
                signature.WithOwner().HasForeignKey("CovenantId");
                signature.HasKey("CovenantId", nameof(CovenantSignature.Unit), nameof(CovenantSignature.Hash));
                ClustersDbContext.Code(signature.Property(s => s.Unit));
                signature.Property(s => s.Hash).HasMaxLength(HashLength);
            });
            covenant.OwnsMany(c => c.Waivers, waiver =>
            {
                waiver.ToTable("covenant_waivers");
                waiver.WithOwner().HasForeignKey("CovenantId");
                waiver.HasKey("CovenantId", nameof(CovenantWaiver.Part), nameof(CovenantWaiver.Unit));
                waiver.Property(w => w.Part).ValueGeneratedNever();
                ClustersDbContext.Code(waiver.Property(w => w.Unit));
                waiver.Property(w => w.Document).HasMaxLength(ClustersDbContext.NameLength);
            });
        });
    }
}
