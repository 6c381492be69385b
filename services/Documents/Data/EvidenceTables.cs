using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Data;

/// <summary>A content that nothing names any more and that has to go. The row is written with what gave the content up, and goes when the content is gone.</summary>
public sealed class ContentRemoval
{
    public required string Sha256 { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Tables of evidence, of uploads on their way and of retention.</summary>
internal static class EvidenceTables
{
    private const int CodeLength = 60;
    private const int HashLength = 64;

    public static void MapEvidence(this ModelBuilder model)
    {
        model.Entity<Evidence>(evidence =>
        {
            evidence.ToTable("evidence");
            evidence.Property(e => e.Id).ValueGeneratedNever();
            evidence.Property(e => e.Season).HasMaxLength(CodeLength);
            evidence.Property(e => e.Unit).HasMaxLength(CodeLength);
            evidence.Property(e => e.Criterion).HasMaxLength(CodeLength);
            evidence.Property(e => e.FileName).HasMaxLength(FileName.Longest);
            evidence.Property(e => e.ContentType).HasMaxLength(100);
            evidence.Property(e => e.Sha256).HasMaxLength(HashLength).IsFixedLength();
            evidence.Property(e => e.PaperNumber).HasMaxLength(100);
            evidence.Property(e => e.PaperIssuer).HasMaxLength(300);
            evidence.Property(e => e.TextNumber).HasMaxLength(100);
            evidence.Property(e => e.TextIssuer).HasMaxLength(300);
            evidence.Property(e => e.StoredBy).HasMaxLength(200);
            evidence.Property(e => e.State).HasConversion<string>().HasMaxLength(20);
            evidence.Property(e => e.Scan).HasConversion<string>().HasMaxLength(20).HasDefaultValue(ScanState.NotScanned);
            evidence.Property(e => e.Malware).HasMaxLength(300);
            evidence.Property(e => e.ScanFault).HasMaxLength(300);
            evidence.Property(e => e.WithdrawnBecause).HasMaxLength(Domain.Evidence.LongestReason);
            evidence.Property(e => e.RowVersion).IsRowVersion();
            evidence.Ignore(e => e.Declared).Ignore(e => e.InText).Ignore(e => e.HasContent);

            // The same content counts once for a line; a repeated upload finds it.
            evidence.HasIndex(e => new { e.Season, e.Unit, e.Criterion, e.Sha256 }).IsUnique().HasFilter("state in ('Stored', 'Quarantined')");
            evidence.HasIndex(e => new { e.Season, e.Unit, e.Id });
            evidence.HasIndex(e => e.Sha256); // where else a file is used, and whether its content may go
            evidence.HasIndex(e => e.StoredAt).HasFilter("state = 'Quarantined'");
        });
        model.Entity<EvidenceUpload>(upload =>
        {
            upload.ToTable("evidence_uploads");
            upload.Property(u => u.Id).ValueGeneratedNever();
            upload.Property(u => u.Season).HasMaxLength(CodeLength);
            upload.Property(u => u.Unit).HasMaxLength(CodeLength);
            upload.Property(u => u.Criterion).HasMaxLength(CodeLength);
            upload.Property(u => u.FileName).HasMaxLength(FileName.Longest);
            upload.Property(u => u.Kind).HasMaxLength(20);
            upload.Property(u => u.PaperNumber).HasMaxLength(100);
            upload.Property(u => u.PaperIssuer).HasMaxLength(300);
            upload.Property(u => u.TextNumber).HasMaxLength(100);
            upload.Property(u => u.TextIssuer).HasMaxLength(300);
            upload.Property(u => u.Announced).HasMaxLength(HashLength).IsFixedLength();
            upload.Property(u => u.Sha256).HasMaxLength(HashLength).IsFixedLength();
            upload.Property(u => u.CreatedBy).HasMaxLength(200);
            upload.Property(u => u.State).HasConversion<string>().HasMaxLength(20);
            upload.Property(u => u.RefusedWith).HasMaxLength(60);
            upload.Property(u => u.Refusal).HasColumnType("jsonb");
            upload.Ignore(u => u.Place).Ignore(u => u.Paper).Ignore(u => u.InText).Ignore(u => u.IsWhole);
            upload.HasIndex(u => new { u.Season, u.Unit }).HasFilter("state = 'Receiving'");
            upload.HasIndex(u => u.ExpiresAt);
            upload.NotJournalled(); // the row itself stays and says how it ended; the journal begins with the evidence
        });
        model.Entity<ContentRemoval>(removal =>
        {
            removal.ToTable("content_removals").HasKey(r => r.Sha256);
            removal.Property(r => r.Sha256).HasMaxLength(HashLength).IsFixedLength();
            removal.NotJournalled();
        });
        model.Entity<RetentionPeriod>(period =>
        {
            period.ToTable("retention_periods").HasKey(p => new { p.Code, p.ValidFrom });
            period.Property(p => p.Code).HasMaxLength(CodeLength);
            period.Property(p => p.RowVersion).IsRowVersion();
        });
    }
}
