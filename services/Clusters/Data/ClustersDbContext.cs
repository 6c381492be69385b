using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>The tables of this service: levels and categories, units in dated versions, seasons, clusters and their members, what they owe and report.</summary>
public sealed class ClustersDbContext(DbContextOptions<ClustersDbContext> options) : DbContext(options)
{
    // Names sort as Vietnamese readers expect (a < ă < â, d < đ); codes sort alike on every machine.
    private const string VietnameseOrder = "vi-x-icu";
    internal const string CodeOrder = "C";
    internal const int NameLength = 300;

    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };

    public DbSet<OrgLevel> Levels => Set<OrgLevel>();
    public DbSet<UnitCategory> Categories => Set<UnitCategory>();
    public DbSet<SeasonType> SeasonTypes => Set<SeasonType>();
    public DbSet<Rule> Rules => Set<Rule>();
    public DbSet<LegalInstrument> LegalInstruments => Set<LegalInstrument>();
    public DbSet<StoredCitation> Citations => Set<StoredCitation>();
    public DbSet<Unit> Units => Set<Unit>();
    public DbSet<Season> Seasons => Set<Season>();
    public DbSet<Cluster> Clusters => Set<Cluster>();
    public DbSet<ClusterProposal> ClusterProposals => Set<ClusterProposal>();
    public DbSet<ClusterLeadership> Leaderships => Set<ClusterLeadership>();
    public DbSet<ClusterDepth> Depths => Set<ClusterDepth>();
    public DbSet<Obligation> Obligations => Set<Obligation>();
    public DbSet<Reminder> Reminders => Set<Reminder>();
    public DbSet<Contact> Contacts => Set<Contact>();
    public DbSet<Webhook> Webhooks => Set<Webhook>();
    public DbSet<Report> Reports => Set<Report>();
    public DbSet<Holiday> Holidays => Set<Holiday>();
    public DbSet<ReportFact> ReportFacts => Set<ReportFact>();
    public DbSet<SheetHistory> SheetHistories => Set<SheetHistory>();
    public DbSet<Reorganisation> Reorganisations => Set<Reorganisation>();
    public DbSet<UnitIdentifier> Identifiers => Set<UnitIdentifier>();
    public DbSet<DecidedResult> DecidedResults => Set<DecidedResult>();
    public DbSet<DecidedAward> DecidedAwards => Set<DecidedAward>();
    public DbSet<ActivityType> ActivityTypes => Set<ActivityType>();
    public DbSet<Activity> Activities => Set<Activity>();
    public DbSet<AttendanceRecord> AttendanceRecords => Set<AttendanceRecord>();
    public DbSet<Registration> Registrations => Set<Registration>();
    public DbSet<Covenant> Covenants => Set<Covenant>();

    /// <summary>What the rule says on a day (<see cref="RuleValues.On{T}"/>).</summary>
    public async Task<T> RuleAsync<T>(DateOnly day, CancellationToken ct)
        where T : IRuleValue
    {
        var code = T.Code;
        return (await Rules.AsNoTracking().Where(rule => rule.Code == code).ToListAsync(ct)).On<T>(day);
    }

    /// <summary>Journal scopes of the clusters that the unit leads or is deputy of and of their members, while their season runs.</summary>
    public static async Task<List<string>> LedAsync(ClustersDbContext db, string unit, CancellationToken ct)
    {
        var led = await db.Clusters.AsNoTracking()
            .Where(cluster => (cluster.Leader == unit || cluster.Deputy == unit) && db.Seasons.Any(season => season.Code == cluster.Season && season.Phase != SeasonPhase.Closed))
            .ToListAsync(ct);
        return [.. led.Select(cluster => JournalScopes.OfCluster(cluster.Id)), .. led.SelectMany(cluster => cluster.Members).Select(member => JournalScopes.OfUnit(member.Unit)).Distinct()];
    }

    /// <summary>PostgreSQL's row version of a term, which has no property for it: the domain does not use it.</summary>
    public uint RowVersionOf(DatedTerm term) => Entry(term).Property<uint>("RowVersion").CurrentValue;

    /// <summary>
    /// The season, locked until the transaction ends: its clusters change one request at a time,
    /// and not while it passes into another phase.
    /// </summary>
    public async Task<Season?> LockSeasonAsync(string code, CancellationToken ct) =>
        (await Seasons.FromSql($"select *, xmin from seasons where code = {code} for update").ToListAsync(ct)).SingleOrDefault();

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        await this.CiteChangedTermsAsync(cancellationToken);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<OrgLevel>(level => DatedTerm(level, "levels"));
        modelBuilder.Entity<UnitCategory>(category =>
        {
            DatedTerm(category, "unit_categories");
            Code(category.Property(c => c.SeasonType));
            AsJson(category.Property(c => c.Attributes), []);
        });
        modelBuilder.Entity<SeasonType>(type => DatedTerm(type, "season_types"));
        modelBuilder.Entity<Rule>(rule =>
        {
            DatedTerm(rule, "rules");
            rule.Property(r => r.Value).HasColumnType("jsonb");
        });

        modelBuilder.Entity<Unit>(unit =>
        {
            unit.HasKey(u => u.Code);
            unit.AboutUnit(nameof(Unit.Code));
            Code(unit.Property(u => u.Code));
            unit.Property(u => u.RowVersion).IsRowVersion();
            unit.OwnsMany(u => u.Versions, version =>
            {
                version.ToTable("unit_versions");
                version.WithOwner().HasForeignKey(v => v.UnitCode);
                version.HasKey(v => new { v.UnitCode, v.Number });
                version.Property(v => v.Number).ValueGeneratedNever();
                Code(version.Property(v => v.UnitCode));
                Code(version.Property(v => v.Category));
                Code(version.Property(v => v.Level));
                version.Property(v => v.Name).HasMaxLength(NameLength).UseCollation(VietnameseOrder);
                version.Property(v => v.SearchText).NotJournalled();
                AsJson(version.Property(v => v.Attributes), new Dictionary<string, string>());
                version.Ignore(v => v.Details);

                // At most one version counts from any one day.
                version.HasIndex(v => new { v.UnitCode, v.ValidFrom }).IsUnique().HasFilter("not superseded");
                version.HasIndex(v => new { v.Name, v.UnitCode });
            });
        });

        modelBuilder.Entity<Season>(season =>
        {
            season.HasKey(s => s.Code);
            Code(season.Property(s => s.Code));
            Code(season.Property(s => s.Type));
            season.Property(s => s.Phase).HasConversion<string>().HasMaxLength(20);
            AsJson(season.Property(s => s.Calendar), new Dictionary<SeasonPhase, PhaseWindow>());
            season.Property(s => s.RowVersion).IsRowVersion();
        });

        modelBuilder.Entity<Cluster>(cluster =>
        {
            cluster.Property(c => c.Id).ValueGeneratedNever();
            cluster.AboutCluster(nameof(Cluster.Id));
            Code(cluster.Property(c => c.Season));
            Code(cluster.Property(c => c.Code));
            Code(cluster.Property(c => c.Leader));
            Code(cluster.Property(c => c.Deputy));
            cluster.Property(c => c.Name).HasMaxLength(NameLength).UseCollation(VietnameseOrder);
            cluster.Property(c => c.Kind).HasConversion<string>().HasMaxLength(10);
            cluster.Property(c => c.RowVersion).IsRowVersion();
            cluster.HasIndex(c => new { c.Season, c.Code }).IsUnique();
            cluster.HasOne<Season>().WithMany().HasForeignKey(c => c.Season).OnDelete(DeleteBehavior.Restrict);
            cluster.OwnsMany(c => c.Members, member =>
            {
                member.ToTable("cluster_members");
                member.WithOwner().HasForeignKey("ClusterId");

                // One cluster a season for a unit: the database keeps it, whoever races.
                member.HasKey(m => new { m.Season, m.Unit });
                Code(member.Property(m => m.Season));
                Code(member.Property(m => m.Unit));
                Code(member.Property(m => m.Category));
                Code(member.Property(m => m.Level));
                member.Property(m => m.Name).HasMaxLength(NameLength);
                member.HasOne<Unit>().WithMany().HasForeignKey(m => m.Unit).OnDelete(DeleteBehavior.Restrict);
            });
        });

        modelBuilder.MapDivision();
        modelBuilder.MapObligations();
        modelBuilder.MapReminders();
        modelBuilder.MapSuccession();
        modelBuilder.MapActivities();
        modelBuilder.MapCovenants();
        modelBuilder.MapLaw();
        modelBuilder.AddServiceTables();
    }

    internal static void DatedTerm<T>(EntityTypeBuilder<T> term, string table)
        where T : DatedTerm
    {
        term.ToTable(table);
        term.HasKey(t => new { t.Code, t.ValidFrom });
        Code(term.Property(t => t.Code));
        term.Property(t => t.Label).HasMaxLength(NameLength).UseCollation(VietnameseOrder);
        term.Property(t => t.Basis).HasMaxLength(1000);
        term.Property<uint>("RowVersion").IsRowVersion();
    }

    internal static void Code(PropertyBuilder<string> code) => code.HasMaxLength(BusinessCode.MaximumLength).UseCollation(CodeOrder);

    internal static void AsJson<T>(PropertyBuilder<T> property, T empty)
        where T : class =>
        property.HasColumnType("jsonb").HasConversion(
            value => JsonSerializer.Serialize(value, s_json),
            text => JsonSerializer.Deserialize<T>(text, s_json) ?? empty,
            new ValueComparer<T>(
                (left, right) => JsonSerializer.Serialize(left, s_json) == JsonSerializer.Serialize(right, s_json),
                value => JsonSerializer.Serialize(value, s_json).GetHashCode(StringComparison.Ordinal),
                value => value));
}
