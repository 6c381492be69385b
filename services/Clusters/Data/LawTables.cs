using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>The register of law, and who cites it.</summary>
internal static class LawTables
{
    internal static void MapLaw(this ModelBuilder model)
    {
        model.Entity<LegalInstrument>(instrument =>
        {
            instrument.ToTable("legal_instruments");
            instrument.HasKey(i => i.Code);
            ClustersDbContext.Code(instrument.Property(i => i.Code));
            instrument.Property(i => i.Number).HasMaxLength(300);
            instrument.Property(i => i.Title).HasMaxLength(1000);
            instrument.Property(i => i.Kind).HasConversion<string>().HasMaxLength(20);
            instrument.Property(i => i.Issuer).HasMaxLength(300);
            instrument.Property(i => i.DatesNote).HasMaxLength(1000);
            instrument.Property(i => i.Family).HasMaxLength(BusinessCode.MaximumLength);
            ClustersDbContext.AsJson(instrument.Property(i => i.ReplacedBy), []);
            ClustersDbContext.AsJson(instrument.Property(i => i.Amends), []);
            ClustersDbContext.AsJson(instrument.Property(i => i.Transitions), []);
            ClustersDbContext.AsJson(instrument.Property(i => i.Fragments), []);
            ClustersDbContext.AsJson(instrument.Property(i => i.Source), new InstrumentSource("", Reading.SecondHand));
            instrument.Property(i => i.RowVersion).IsRowVersion();
        });

        model.Entity<StoredCitation>(citation =>
        {
            citation.ToTable("citations");
            citation.Property(c => c.Id).ValueGeneratedNever();
            citation.Property(c => c.Source).HasConversion<string>().HasMaxLength(20);
            citation.Property(c => c.SourceKey).HasMaxLength(300).UseCollation(ClustersDbContext.CodeOrder);
            citation.Property(c => c.Number).UseCollation(ClustersDbContext.CodeOrder);
            citation.HasIndex(c => new { c.Source, c.SourceKey });
            citation.HasIndex(c => new { c.Number, c.Id }); // what cites this instrument?
            citation.NotJournalled(); // what it is taken from is in a journal
        });
    }
}
