using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Data;

/// <summary>Tables of the scoring service.</summary>
public sealed class ScoringDbContext(DbContextOptions<ScoringDbContext> options) : DbContext(options)
{
    private const int CodeLength = 100;

    internal static readonly JsonSerializerOptions StoredJson = Json();

    private static readonly LineUpdates s_lines = new();

    public DbSet<SeasonCopy> Seasons => Set<SeasonCopy>();

    public DbSet<UnitCopy> Units => Set<UnitCopy>();

    public DbSet<ClusterCopy> Clusters => Set<ClusterCopy>();

    public DbSet<ClusterMemberCopy> ClusterMembers => Set<ClusterMemberCopy>();

    public DbSet<EvidenceCopy> Evidence => Set<EvidenceCopy>();

    public DbSet<LegalInstrumentCopy> LegalInstruments => Set<LegalInstrumentCopy>();

    public DbSet<CriteriaTableVersion> CriteriaTables => Set<CriteriaTableVersion>();

    public DbSet<PublishedResult> PublishedResults => Set<PublishedResult>();

    public DbSet<ScoreSheet> Sheets => Set<ScoreSheet>();

    public DbSet<ClusterResult> Results => Set<ClusterResult>();

    public DbSet<ClusterDecision> Decisions => Set<ClusterDecision>();

    public DbSet<CovenantCopy> Covenants => Set<CovenantCopy>();

    public DbSet<OfficialFactCopy> OfficialFacts => Set<OfficialFactCopy>();

    public DbSet<TableVote> TableVotes => Set<TableVote>();
    public DbSet<TableComment> TableComments => Set<TableComment>();
    public DbSet<IndicatorRule> IndicatorRules => Set<IndicatorRule>();

    public DbSet<DepthIndicators> Indicators => Set<DepthIndicators>();

    // After the journal's, which looks at what has changed.
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.AddInterceptors(s_lines);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        MapCopies(modelBuilder);
        modelBuilder.Entity<CriteriaTableVersion>(table =>
        {
            table.ToTable("criteria_tables");
            table.Property(row => row.Id).ValueGeneratedNever();
            table.Property(row => row.Content).HasColumnType("jsonb");
            table.Property(row => row.State).HasConversion<string>().HasMaxLength(20);
            table.Property(row => row.RowVersion).IsRowVersion();
            table.AboutUnit(nameof(CriteriaTableVersion.ProposedBy));
            table.HasIndex(row => new { row.Season, row.Code, row.Version }).IsUnique();
        });
        modelBuilder.Entity<PublishedResult>(result =>
        {
            result.ToTable("published_results");
            result.Property(row => row.Id).ValueGeneratedNever();
            result.Property(row => row.Index).HasMaxLength(CodeLength);
            result.HasIndex(row => new { row.Season, row.Index, row.Unit, row.Version }).IsUnique();
            result.HasIndex(row => new { row.Season, row.Unit, row.Index }).HasFilter("is_current").IsUnique();
        });
        MapSheets(modelBuilder);
        modelBuilder.Entity<ClusterResult>(result =>
        {
            result.ToTable("cluster_results");
            result.HasKey(row => row.ClusterId);
            result.Property(row => row.ClusterId).ValueGeneratedNever();
            result.Property(row => row.State).HasConversion<string>().HasMaxLength(20);
            result.Property(row => row.RowVersion).IsRowVersion();
            result.HasIndex(row => row.Season);
        });
        modelBuilder.Entity<ClusterDecision>(decision =>
        {
            decision.ToTable("cluster_decisions");
            decision.HasKey(row => new { row.ClusterId, row.Version });
            AsJson(decision.Property(row => row.Ranking)).NotJournalled(); // the sheets that it was made from are in the journal
        });
        modelBuilder.MapPledges();
        modelBuilder.MapTableComments();
        modelBuilder.MapIndicators();
        modelBuilder.MapLegalRegister();
        modelBuilder.AddServiceTables();
    }

    private static void MapCopies(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SeasonCopy>(season =>
        {
            season.ToTable("seasons");
            season.HasKey(row => row.Code);
            season.Property(row => row.Phase).HasConversion<string>().HasMaxLength(20);
            season.NotJournalled();
        });
        modelBuilder.Entity<UnitCopy>(unit =>
        {
            unit.ToTable("units");
            unit.HasKey(row => row.Code);
            unit.NotJournalled();
        });
        modelBuilder.Entity<ClusterCopy>(cluster =>
        {
            cluster.ToTable("clusters");
            cluster.Property(row => row.Id).ValueGeneratedNever();
            cluster.HasIndex(row => new { row.Season, row.Code });
            cluster.HasMany(row => row.Members).WithOne().HasForeignKey(row => row.ClusterId);
            cluster.NotJournalled();
        });
        modelBuilder.Entity<ClusterMemberCopy>(member =>
        {
            member.ToTable("cluster_members");
            member.HasKey(row => new { row.ClusterId, row.Unit });
            member.HasIndex(row => new { row.Season, row.Unit });
            member.NotJournalled();
        });
        modelBuilder.Entity<EvidenceCopy>(evidence =>
        {
            evidence.ToTable("evidence");
            evidence.Property(row => row.Id).ValueGeneratedNever();
            evidence.HasIndex(row => new { row.Season, row.Unit });
            evidence.NotJournalled();
        });
    }

    private static void MapSheets(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ScoreSheet>(sheet =>
        {
            sheet.ToTable("score_sheets");
            sheet.Property(row => row.Id).ValueGeneratedNever();
            sheet.Property(row => row.State).HasConversion<string>().HasMaxLength(24);
            sheet.Property(row => row.Total).HasPrecision(12, 2);
            sheet.Property(row => row.RowVersion).IsRowVersion();
            AsJson(sheet.Property(row => row.BonusItems));
            AsJson(sheet.Property(row => row.DeductionItems));
            AsJson(sheet.Property(row => row.Bonus)).NotJournalled();
            AsJson(sheet.Property(row => row.Deductions)).NotJournalled();
            sheet.HasIndex(row => new { row.Season, row.Unit }).IsUnique();
            sheet.HasIndex(row => row.ClusterId);
            sheet.HasMany(row => row.Lines).WithOne().HasForeignKey(line => line.SheetId);
            sheet.HasMany(row => row.Exchanges).WithOne().HasForeignKey(exchange => exchange.SheetId);
        });
        modelBuilder.Entity<ScoreLine>(line =>
        {
            line.ToTable("score_lines");
            line.HasKey(row => new { row.SheetId, row.Criterion });
            line.JournalledUnder(nameof(ScoreLine.SheetId));
            line.Property(row => row.Criterion).HasMaxLength(CodeLength);
            line.Property(row => row.Input).HasColumnType("jsonb");
            line.Property(row => row.Self).HasPrecision(12, 2);
            line.Property(row => row.LeaderPoints).HasPrecision(12, 2);
            line.Property(row => row.DeputyPoints).HasPrecision(12, 2);
            line.Property(row => row.AppraisedPoints).HasPrecision(12, 2);
            line.Property(row => row.Review).HasPrecision(12, 2);
            line.Property(row => row.Final).HasPrecision(12, 2);
            line.HasOne(row => row.SelfDerivation).WithOne().HasForeignKey<LineDerivation>(row => new { row.SheetId, row.Criterion });
        });
        modelBuilder.Entity<LineDerivation>(derivation =>
        {
            derivation.ToTable("score_lines");
            derivation.HasKey(row => new { row.SheetId, row.Criterion });
            AsJson(derivation.Property(row => row.Value)).HasColumnName("derivation");
            derivation.NotJournalled();
        });
        modelBuilder.Entity<SheetExchange>(exchange =>
        {
            exchange.ToTable("sheet_exchanges");
            exchange.Property(row => row.Id).ValueGeneratedNever();
            exchange.Property(row => row.Kind).HasConversion<string>().HasMaxLength(20);
        });
    }

    /// <summary>A value that is read and written as a whole. Replacing it is a change, writing into it is not.</summary>
    internal static PropertyBuilder<T> AsJson<T>(PropertyBuilder<T> property) => property
        .HasColumnType("jsonb")
        .HasConversion(
            value => JsonSerializer.Serialize(value, StoredJson),
            text => JsonSerializer.Deserialize<T>(text, StoredJson)!,
            new ValueComparer<T>((left, right) => ReferenceEquals(left, right), value => value == null ? 0 : value.GetHashCode(), value => value));

    private static JsonSerializerOptions Json()
    {
        var options = new JsonSerializerOptions();
        ServiceDefaultsExtensions.ConfigureJson(options);
        return options;
    }
}

/// <summary>For dotnet-ef, which must not start the service to write a migration.</summary>
public sealed class ScoringDbContextFactory : IDesignTimeDbContextFactory<ScoringDbContext>
{
    public ScoringDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ScoringDbContext>();
        options.UseThiDuaConventions();
        return new ScoringDbContext(options.Options);
    }
}
