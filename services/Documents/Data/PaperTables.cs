using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Data;

/// <summary>Mẫu văn bản: a version of the template of a kind, as a department uploaded it. Every version is kept.</summary>
public sealed class StoredTemplate
{
    public required PaperKind Kind { get; init; }

    /// <summary>1, 2, …; the latest counts. 0 is the one that the product comes with, and has no row.</summary>
    public required int Version { get; init; }

    /// <summary>Of the file, under which it is kept.</summary>
    public required string Sha256 { get; init; }

    public required string UploadedBy { get; init; }
    public required DateTimeOffset UploadedAt { get; init; }
    public uint RowVersion { get; private init; }
}

/// <summary>The PDF that was made of a Word file. It follows from that file alone, so it is kept by its hash and never journalled.</summary>
public sealed class PaperRendition
{
    public required string Docx { get; init; }
    public required string Pdf { get; init; }
}

/// <summary>Tables of the papers, their templates, letterheads and jobs.</summary>
internal static class PaperTables
{
    private const int CodeLength = 60;
    private const int HashLength = 64;
    
    // As it is printed: nothing is trimmed or normalised on its way back.
    private static readonly JsonSerializerOptions s_json = new()
    {
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    internal static void MapPapers(this ModelBuilder model)
    {
        model.Entity<Paper>(paper =>
        {
            paper.ToTable("papers");
            paper.Property(p => p.Id).ValueGeneratedNever();
            paper.Property(p => p.Kind).HasConversion<string>().HasMaxLength(40);
            paper.Property(p => p.Season).HasMaxLength(CodeLength);
            paper.Property(p => p.Cluster).HasMaxLength(CodeLength);
            paper.Property(p => p.Unit).HasMaxLength(CodeLength);
            paper.Property(p => p.Award).HasMaxLength(40);
            paper.Property(p => p.Subject).HasMaxLength(300);
            paper.Property(p => p.Letterhead).HasMaxLength(Domain.Letterhead.LongestCode);
            paper.Property(p => p.Signer).HasMaxLength(CodeLength);
            paper.Property(p => p.SignerName).HasMaxLength(Paper.LongestName);
            paper.Property(p => p.SecretaryName).HasMaxLength(Paper.LongestName);
            paper.Property(p => p.Agency).HasMaxLength(300);
            paper.Property(p => p.Fingerprint).HasMaxLength(HashLength).IsFixedLength();
            paper.Property(p => p.Content).StoredAsJson().NotJournalled(); // its hash is journalled
            paper.Property(p => p.TemplateSha256).HasMaxLength(HashLength).IsFixedLength();
            paper.Property(p => p.Hash).HasMaxLength(HashLength).IsFixedLength();
            paper.Property(p => p.Docx).HasMaxLength(HashLength).IsFixedLength();
            paper.Property(p => p.Warnings).StoredAsJson();
            paper.Property(p => p.State).HasConversion<string>().HasMaxLength(20);
            paper.Property(p => p.Abbreviation).HasMaxLength(CodeLength);
            paper.Property(p => p.Letters).HasMaxLength(20);
            paper.Property(p => p.Symbol).HasMaxLength(200);
            paper.Property(p => p.Signature).StoredAsJson();
            paper.Property(p => p.DraftedBy).HasMaxLength(200);
            paper.Property(p => p.IssuedBy).HasMaxLength(200);
            paper.Property(p => p.SignedBy).HasMaxLength(200);
            paper.Property(p => p.WithdrawnBy).HasMaxLength(200);
            paper.Property(p => p.WithdrawnBecause).HasMaxLength(Paper.LongestReason);
            paper.Property(p => p.RowVersion).IsRowVersion();
            paper.Ignore(p => p.About);

            // Made once: of two who draw up the same at one moment, one finds the other's.
            paper.HasIndex(p => new { p.Subject, p.Fingerprint }).IsUnique().HasFilter("state in ('Draft', 'Issued', 'Signed')");
            paper.HasIndex(p => p.Subject).IsUnique().HasFilter("state in ('Issued', 'Signed')"); // of each subject one is in force
            paper.HasIndex(p => new { p.Abbreviation, p.Letters, p.Year, p.Number }).IsUnique();
            paper.HasIndex(p => p.Hash);
            paper.HasIndex(p => new { p.Season, p.Id });
        });
        model.Entity<Letterhead>(letterhead =>
        {
            letterhead.ToTable("letterheads");
            letterhead.Property(l => l.Id).ValueGeneratedNever();
            letterhead.Property(l => l.Code).HasMaxLength(Letterhead.LongestCode).UseCollation("C");
            letterhead.Property(l => l.Profile).StoredAsJson();
            letterhead.Property(l => l.RegisteredBy).HasMaxLength(200);
            letterhead.Property(l => l.RowVersion).IsRowVersion();
            letterhead.HasIndex(l => new { l.Code, l.Version }).IsUnique();
        });
        model.Entity<StoredTemplate>(template =>
        {
            template.ToTable("paper_templates").HasKey(t => new { t.Kind, t.Version });
            template.Property(t => t.Kind).HasConversion<string>().HasMaxLength(40);
            template.Property(t => t.Version).ValueGeneratedNever();
            template.Property(t => t.Sha256).HasMaxLength(HashLength).IsFixedLength();
            template.Property(t => t.UploadedBy).HasMaxLength(200);
            template.Property(t => t.RowVersion).IsRowVersion();
        });
        model.Entity<PaperRendition>(rendition =>
        {
            rendition.ToTable("paper_renditions").HasKey(r => r.Docx);
            rendition.Property(r => r.Docx).HasMaxLength(HashLength).IsFixedLength();
            rendition.Property(r => r.Pdf).HasMaxLength(HashLength).IsFixedLength();
            rendition.NotJournalled();
        });
        model.Entity<PaperJob>(job =>
        {
            job.ToTable("paper_jobs");
            job.Property(j => j.Id).ValueGeneratedNever();
            job.Property(j => j.Season).HasMaxLength(CodeLength);
            job.Property(j => j.Kinds).HasConversion(
                kinds => kinds.Select(kind => UpperSnake.Of(kind)).ToArray(),
                names => names.Select(Kind).ToArray(),
                new ValueComparer<PaperKind[]>((one, other) => one!.SequenceEqual(other!), kinds => kinds.Length, kinds => kinds));
            job.Property(j => j.Format).HasConversion<string>().HasMaxLength(10);
            job.Property(j => j.Letterhead).HasMaxLength(Letterhead.LongestCode);
            job.Property(j => j.Signer).HasMaxLength(CodeLength);
            job.Property(j => j.ClusterLetterhead).HasMaxLength(Letterhead.LongestCode);
            job.Property(j => j.State).HasConversion<string>().HasMaxLength(20);
            job.Property(j => j.StartedBy).HasMaxLength(200);
            job.Property(j => j.Archive).HasMaxLength(HashLength).IsFixedLength();
            job.Property(j => j.RowVersion).IsRowVersion();
            job.HasIndex(j => j.Id).HasFilter("state in ('Queued', 'Running')").HasDatabaseName("ix_paper_jobs_open");
        });
        model.Entity<PaperJobItem>(item =>
        {
            item.ToTable("paper_job_items").HasKey(i => new { i.JobId, i.Position });
            item.HasOne<PaperJob>().WithMany().HasForeignKey(i => i.JobId);
            item.Property(i => i.Position).ValueGeneratedNever();
            item.Property(i => i.Kind).HasConversion<string>().HasMaxLength(40);
            item.Property(i => i.Cluster).HasMaxLength(CodeLength);
            item.Property(i => i.Unit).HasMaxLength(CodeLength);
            item.Property(i => i.Award).HasMaxLength(40);
            item.Property(i => i.State).HasConversion<string>().HasMaxLength(20);
            item.Property(i => i.Docx).HasMaxLength(HashLength).IsFixedLength();
            item.Property(i => i.Pdf).HasMaxLength(HashLength).IsFixedLength();
            item.Property(i => i.FailureCode).HasMaxLength(100);
            item.Property(i => i.FailureReason).HasMaxLength(2000);
            item.HasIndex(i => new { i.JobId, i.Position }).HasFilter("state = 'Waiting'").HasDatabaseName("ix_paper_job_items_waiting");
            item.NotJournalled(); // the papers are, and the job is
        });
    }

    /// <summary>Until the transaction ends, nobody else takes a number of this register, or puts another version of this thing beside it.</summary>
    internal static Task InTurnAsync(this DocumentsDbContext db, string thing, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({thing}, 0))", ct);

    private static PropertyBuilder<T> StoredAsJson<T>(this PropertyBuilder<T> property) => property
        .HasColumnType("jsonb")
        .HasConversion(
            value => JsonSerializer.Serialize(value, s_json),
            text => JsonSerializer.Deserialize<T>(text, s_json)!,
            new ValueComparer<T>(
                (one, other) => JsonSerializer.Serialize(one, s_json) == JsonSerializer.Serialize(other, s_json),
                value => JsonSerializer.Serialize(value, s_json).GetHashCode(StringComparison.Ordinal),
                value => value));

    private static PaperKind Kind(string name) => UpperSnake.TryParse<PaperKind>(name, out var kind) ? kind : throw new InvalidOperationException($"{name} is no kind of paper.");
}
