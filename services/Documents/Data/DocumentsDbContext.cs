using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Data;

public sealed class DocumentsDbContext(DbContextOptions<DocumentsDbContext> options) : DbContext(options)
{
    public DbSet<Evidence> Evidence => Set<Evidence>();
    public DbSet<EvidenceUpload> Uploads => Set<EvidenceUpload>();
    public DbSet<ContentRemoval> Removals => Set<ContentRemoval>();
    public DbSet<RetentionPeriod> RetentionPeriods => Set<RetentionPeriod>();
    public DbSet<KnownCluster> Clusters => Set<KnownCluster>();
    public DbSet<KnownSheet> Sheets => Set<KnownSheet>();
    public DbSet<KnownSeason> Seasons => Set<KnownSeason>();
    public DbSet<KnownResult> Results => Set<KnownResult>();
    public DbSet<KnownFact> Facts => Set<KnownFact>();

    public DbSet<Paper> Papers => Set<Paper>();
    public DbSet<Letterhead> Letterheads => Set<Letterhead>();
    public DbSet<StoredTemplate> Templates => Set<StoredTemplate>();
    public DbSet<PaperRendition> Renditions => Set<PaperRendition>();
    public DbSet<PaperJob> PaperJobs => Set<PaperJob>();
    public DbSet<PaperJobItem> PaperJobItems => Set<PaperJobItem>();

    /// <summary>All that decides about access to a unit's evidence in a season.</summary>
    public async Task<EvidenceAccess> AccessToAsync(string season, string unit, CancellationToken ct)
    {
        var clusters = await Clusters.AsNoTracking().Where(cluster => cluster.Season == season && cluster.Members.Contains(unit)).ToListAsync(ct);
        var ids = clusters.ConvertAll(cluster => cluster.Id);
        return new EvidenceAccess(
            unit,
            clusters,
            await Sheets.AsNoTracking().SingleOrDefaultAsync(sheet => sheet.Season == season && sheet.Unit == unit, ct),
            await Seasons.AsNoTracking().SingleOrDefaultAsync(known => known.Code == season, ct),
            await Results.AnyAsync(result => ids.Contains(result.ClusterId) && result.Decided, ct));
    }

    /// <summary>Journal scopes of the members of the clusters that the unit leads or is deputy of, while their season runs.</summary>
    public static async Task<List<string>> LedAsync(DocumentsDbContext db, string unit, CancellationToken ct)
    {
        var led = db.Clusters.AsNoTracking().Where(cluster => cluster.Leader == unit || cluster.Deputy == unit);
        var running = await led.Where(cluster => !db.Seasons.Any(season => season.Code == cluster.Season && season.Closed)).ToListAsync(ct);
        return [.. running.SelectMany(cluster => cluster.Members).Distinct().Select(JournalScopes.OfUnit)];
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.MapEvidence();

        // Copies of other services' facts: what they were before and after is in those services' journals, that they came is in ours.
        modelBuilder.Entity<KnownCluster>(cluster =>
        {
            cluster.ToTable("known_clusters");
            cluster.Property(c => c.Id).ValueGeneratedNever();
            cluster.Property(c => c.Season).HasMaxLength(60);
            cluster.Property(c => c.Leader).HasMaxLength(60);
            cluster.Property(c => c.Deputy).HasMaxLength(60);
            cluster.HasIndex(c => c.Members).HasMethod("gin");
            cluster.NotJournalled();
        });
        modelBuilder.Entity<KnownSheet>(sheet =>
        {
            sheet.ToTable("known_sheets");
            sheet.HasKey(s => new { s.Season, s.Unit });
            sheet.Property(s => s.Season).HasMaxLength(60);
            sheet.Property(s => s.Unit).HasMaxLength(60);
            sheet.NotJournalled();
        });
        modelBuilder.Entity<KnownSeason>(season =>
        {
            season.ToTable("known_seasons");
            season.HasKey(s => s.Code);
            season.Property(s => s.Code).HasMaxLength(60);
            season.Property(s => s.Type).HasMaxLength(60);
            season.Ignore(s => s.Days);
            season.NotJournalled();
        });
        modelBuilder.Entity<KnownResult>(result =>
        {
            result.ToTable("known_results").HasKey(r => r.ClusterId);
            result.Property(r => r.ClusterId).ValueGeneratedNever();
            result.NotJournalled();
        });

        modelBuilder.MapFacts();
        modelBuilder.MapPapers();
        modelBuilder.AddServiceTables();
    }
}

/// <summary>For <c>dotnet ef</c>, which must not start the service.</summary>
public sealed class DocumentsDbContextFactory : IDesignTimeDbContextFactory<DocumentsDbContext>
{
    public DocumentsDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<DocumentsDbContext>();
        options.UseThiDuaConventions();
        return new DocumentsDbContext(options.Options);
    }
}
