using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>The tables of what is owed by a day, of reports, and of days on which nobody works.</summary>
internal static class ObligationTables
{
    /// <summary>Longest reason, and longest name of a document.</summary>
    internal const int TextLength = 1000;

    private const int NameLength = 30;
    private const int LabelLength = 300;

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
            obligation.Property(o => o.ReleasedReason).HasMaxLength(TextLength);
            obligation.Property(o => o.RowVersion).IsRowVersion();
            obligation.Ignore(o => o.IsOpen);
            obligation.HasOne<Cluster>().WithMany().HasForeignKey(o => o.ClusterId).OnDelete(DeleteBehavior.Restrict);

            // Whatever races, nothing is owed twice.
            obligation.HasIndex(o => new { o.ClusterId, o.Unit, o.Kind, o.Recipient, o.Occasion }).IsUnique().AreNullsDistinct(false);
            obligation.HasIndex(o => new { o.Season, o.Unit });
            obligation.HasIndex(o => new { o.DueOn, o.Id });
            obligation.OwnsMany(o => o.Extensions, extension =>
            {
                extension.ToTable("obligation_extensions");
                extension.WithOwner().HasForeignKey("ObligationId");
                extension.HasKey("ObligationId", nameof(Extension.Number));
                extension.Property(e => e.Number).ValueGeneratedNever();
                extension.Property(e => e.Reason).HasMaxLength(TextLength);
                extension.Property(e => e.Document).HasMaxLength(TextLength);
            });
        });

        model.Entity<Report>(report =>
        {
            report.ToTable("reports");
            report.Property(r => r.Id).ValueGeneratedNever();
            ClustersDbContext.Code(report.Property(r => r.Season));
            ClustersDbContext.Code(report.Property(r => r.Unit));
            report.Property(r => r.Kind).HasConversion<string>().HasMaxLength(NameLength);
            ClustersDbContext.AsJson(report.Property(r => r.Draft), new ReportContent("", [], []));
            ClustersDbContext.AsJson(report.Property(r => r.Versions), []);
            ClustersDbContext.AsJson(report.Property(r => r.Steps), []);
            report.Property(r => r.RowVersion).IsRowVersion();
            report.Ignore(r => r.State);
            report.Ignore(r => r.History);
            report.HasIndex(r => new { r.Season, r.Unit, r.Kind }).IsUnique();
            report.HasOne<Season>().WithMany().HasForeignKey(r => r.Season).OnDelete(DeleteBehavior.Restrict);
        });

        model.Entity<Holiday>(holiday =>
        {
            holiday.ToTable("holidays");
            holiday.HasKey(h => h.Date);
            holiday.Property(h => h.Kind).HasConversion<string>().HasMaxLength(NameLength);
            holiday.Property(h => h.Label).HasMaxLength(LabelLength);
            holiday.Property(h => h.Basis).HasMaxLength(TextLength);
            holiday.Property(h => h.RowVersion).IsRowVersion();
        });

        // What was told stands in the outbox's message, and can be worked out from the obligations.
        model.Entity<ReportFact>(fact =>
        {
            fact.ToTable("report_facts");
            fact.HasKey(f => new { f.Season, f.Unit });
            ClustersDbContext.Code(fact.Property(f => f.Season));
            ClustersDbContext.Code(fact.Property(f => f.Unit));
            ClustersDbContext.AsJson(fact.Property(f => f.Late), []);
            fact.NotJournalled();
        });

        // Copies of what Scoring told.
        model.Entity<SheetHistory>(sheet =>
        {
            sheet.ToTable("sheet_histories");
            sheet.Property(s => s.Id).ValueGeneratedNever();
            ClustersDbContext.Code(sheet.Property(s => s.Season));
            ClustersDbContext.Code(sheet.Property(s => s.Unit));
            ClustersDbContext.AsJson(sheet.Property(s => s.Steps), []);
            sheet.Ignore(s => s.SubmittedAt);
            sheet.Ignore(s => s.ReviewedAt);
            sheet.Ignore(s => s.Returns);
            sheet.HasIndex(s => s.ClusterId);
            sheet.NotJournalled();
        });
    }
}
