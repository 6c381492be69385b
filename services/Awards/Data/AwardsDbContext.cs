using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Data;

/// <summary>The tables of this service: its own records, and its copies of what others told it.</summary>
public sealed class AwardsDbContext(DbContextOptions<AwardsDbContext> options) : DbContext(options)
{
    internal const int CodeLength = 60;
    internal const string ByCodePoint = "C"; // codes are compared as in the season result, not by a language

    public DbSet<AwardPolicy> Policies => Set<AwardPolicy>();
    public DbSet<RegisteredExclusion> Exclusions => Set<RegisteredExclusion>();
    public DbSet<PastWinner> PastWinners => Set<PastWinner>();
    public DbSet<NominationList> NominationLists => Set<NominationList>();
    public DbSet<Nomination> Nominations => Set<Nomination>();
    public DbSet<Ballot> Ballots => Set<Ballot>();
    public DbSet<StoredProposal> Proposals => Set<StoredProposal>();
    public DbSet<ConfirmationTopic> Topics => Set<ConfirmationTopic>();
    public DbSet<TopicProvider> TopicProviders => Set<TopicProvider>();
    public DbSet<Confirmation> Confirmations => Set<Confirmation>();
    public DbSet<Council> Councils => Set<Council>();
    public DbSet<CouncilSession> Sessions => Set<CouncilSession>();
    public DbSet<AgendaItem> AgendaItems => Set<AgendaItem>();
    public DbSet<PaperToHandOut> PapersToHandOut => Set<PaperToHandOut>();
    public DbSet<BallotPaper> BallotPapers => Set<BallotPaper>();
    public DbSet<PaperGiven> PapersGiven => Set<PaperGiven>();
    public DbSet<BoxedPaper> BallotBox => Set<BoxedPaper>();
    public DbSet<CountedPaper> CountedPapers => Set<CountedPaper>();
    public DbSet<Consultation> Consultations => Set<Consultation>();
    public DbSet<Revocation> Revocations => Set<Revocation>();
    public DbSet<KnownHolidays> Holidays => Set<KnownHolidays>();
    public DbSet<Dossier> Dossiers => Set<Dossier>();
    public DbSet<KnownInstrument> Instruments => Set<KnownInstrument>();
    public DbSet<KnownSeason> Seasons => Set<KnownSeason>();
    public DbSet<KnownUnit> Units => Set<KnownUnit>();
    public DbSet<KnownCluster> Clusters => Set<KnownCluster>();
    public DbSet<KnownResult> Results => Set<KnownResult>();

    /// <summary>Journal scopes of the clusters that the unit leads or is deputy of.</summary>
    public static async Task<List<string>> LedAsync(AwardsDbContext db, string unit, CancellationToken ct) =>
        (await db.Clusters.AsNoTracking().Where(cluster => cluster.Leader == unit || cluster.Deputy == unit).Select(cluster => cluster.Id).ToListAsync(ct)).ConvertAll(JournalScopes.OfCluster);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<AwardKind>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<NominationStatus>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<NominationListState>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<ConfirmationStatus>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder.Properties<ExclusionStatus>().HaveConversion<string>().HaveMaxLength(20);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<AwardPolicy>(policy =>
        {
            policy.ToTable("award_policies");
            policy.Property(p => p.Id).ValueGeneratedNever();
            policy.Property(p => p.Season).HasMaxLength(CodeLength);
            policy.Property(p => p.Switches).StoredAsJson();
            policy.Property(p => p.Thresholds).StoredAsJson();
            policy.HasIndex(p => p.Version).IsUnique();
            policy.HasIndex(p => p.Season);
        });
        modelBuilder.Entity<RegisteredExclusion>(exclusion =>
        {
            exclusion.ToTable("exclusions");
            exclusion.Property(e => e.Id).ValueGeneratedNever();
            exclusion.Property(e => e.Season).HasMaxLength(CodeLength);
            exclusion.Property(e => e.Unit).HasMaxLength(CodeLength).UseCollation(ByCodePoint);
            exclusion.Property(e => e.Type).HasMaxLength(CodeLength);
            exclusion.Property(e => e.Outcome).HasConversion<string>().HasMaxLength(20);
            exclusion.Property(e => e.RowVersion).IsRowVersion();
            exclusion.OwnsMany(e => e.Decisions, decision =>
            {
                decision.ToTable("exclusion_decisions");
                decision.WithOwner().HasForeignKey("ExclusionId");
                decision.HasKey("ExclusionId", nameof(ExclusionDecision.Position));
                decision.Property(d => d.Position).ValueGeneratedNever();
                decision.Property(d => d.Outcome).HasConversion<string>().HasMaxLength(20);
            });
            exclusion.HasIndex(e => new { e.Season, e.Unit });
        });
        modelBuilder.Entity<PastWinner>(winner =>
        {
            winner.ToTable("award_history");
            winner.Property(w => w.Id).ValueGeneratedNever();
            winner.Property(w => w.Season).HasMaxLength(CodeLength);
            winner.Property(w => w.Cluster).HasMaxLength(CodeLength).UseCollation(ByCodePoint);
            winner.Property(w => w.Members).HasColumnType("jsonb");
            winner.Property(w => w.Ranks).HasColumnType("jsonb");
            winner.Property(w => w.FiguresLeader).HasMaxLength(CodeLength);
            winner.Property(w => w.Lineage).HasMaxLength(CodeLength).UseCollation(ByCodePoint);
            winner.HasIndex(w => new { w.Season, w.Cluster, w.Year }).IsUnique();
        });
        modelBuilder.Entity<NominationList>(list =>
        {
            list.ToTable("nomination_lists").KeptFromUnits();
            list.Property(l => l.Id).ValueGeneratedNever();
            list.Property(l => l.Season).HasMaxLength(CodeLength);
            list.Property(l => l.Cluster).HasMaxLength(CodeLength).UseCollation(ByCodePoint);
            list.Property(l => l.Fingerprint).HasMaxLength(64);
            list.Property(l => l.Facts).StoredAsJson().NotJournalled();
            list.Property(l => l.Derivation).StoredAsJson().NotJournalled();
            list.Property(l => l.RowVersion).IsRowVersion();
            list.HasMany(l => l.Nominations).WithOne().HasForeignKey(n => n.ListId);
            list.HasIndex(l => new { l.ClusterId, l.Version }).IsUnique();
            list.HasIndex(l => l.ClusterId).IsUnique().HasFilter("state <> 'Superseded'"); // of two drawn up at once, one wins
            list.HasIndex(l => new { l.Season, l.Cluster });
        });
        modelBuilder.Entity<Nomination>(nomination =>
        {
            nomination.ToTable("nominations").KeptFromUnits();
            nomination.Property(n => n.Id).ValueGeneratedNever();
            nomination.Property(n => n.Season).HasMaxLength(CodeLength);
            nomination.Property(n => n.Cluster).HasMaxLength(CodeLength).UseCollation(ByCodePoint);
            nomination.Property(n => n.Unit).HasMaxLength(CodeLength);
            nomination.Property(n => n.Derivation).StoredAsJson().NotJournalled();
            nomination.Property(n => n.SortKey).HasMaxLength(100).UseCollation(ByCodePoint).NotJournalled();
            nomination.HasIndex(n => new { n.ListId, n.Award, n.Position }).IsUnique();
            nomination.HasIndex(n => new { n.Season, n.SortKey });
        });
        modelBuilder.Entity<Ballot>(ballot =>
        {
            ballot.ToTable("ballots").KeptFromUnits();
            ballot.Property(b => b.Id).ValueGeneratedNever();
            ballot.Property(b => b.Season).HasMaxLength(CodeLength);
            ballot.Property(b => b.Cluster).HasMaxLength(CodeLength).UseCollation(ByCodePoint);
            ballot.Property(b => b.Unit).HasMaxLength(CodeLength);
            ballot.HasOne<Nomination>().WithMany().HasForeignKey(b => b.NominationId).OnDelete(DeleteBehavior.Restrict);
            ballot.HasIndex(b => new { b.NominationId, b.Award }).IsUnique(); // of two recorded at once, one wins
            ballot.HasIndex(b => b.ListId);
            ballot.HasIndex(b => b.Season);
        });
        modelBuilder.Entity<StoredProposal>(proposal =>
        {
            proposal.ToTable("government_flag_proposals").KeptFromUnits();
            proposal.Property(p => p.Id).ValueGeneratedNever();
            proposal.Property(p => p.Season).HasMaxLength(CodeLength);
            proposal.Property(p => p.Proposal).StoredAsJson();
            proposal.HasIndex(p => new { p.Season, p.Version }).IsUnique();
        });
        CopiesOfOthers(modelBuilder);
        modelBuilder.MapConfirmations();
        modelBuilder.MapCouncil();
        modelBuilder.MapLaw();
        modelBuilder.AddServiceTables();
    }

    // Their journal is kept where the facts come from.
    private static void CopiesOfOthers(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<KnownSeason>(season =>
        {
            season.ToTable("known_seasons").HasKey(s => s.Code);
            season.Property(s => s.Code).HasMaxLength(CodeLength);
            season.NotJournalled();
        });
        modelBuilder.Entity<KnownUnit>(unit =>
        {
            unit.ToTable("known_units").HasKey(u => u.Code);
            unit.Property(u => u.Code).HasMaxLength(CodeLength);
            unit.NotJournalled();
        });
        modelBuilder.Entity<KnownCluster>(cluster =>
        {
            cluster.ToTable("known_clusters");
            cluster.Property(c => c.Id).ValueGeneratedNever();
            cluster.Property(c => c.Season).HasMaxLength(CodeLength);
            cluster.Property(c => c.Code).HasMaxLength(CodeLength).UseCollation(ByCodePoint);
            cluster.HasIndex(c => new { c.Season, c.Code });
            cluster.NotJournalled();
        });
        modelBuilder.Entity<KnownResult>(result =>
        {
            result.ToTable("known_results").HasKey(r => r.ClusterId);
            result.Property(r => r.ClusterId).ValueGeneratedNever();
            result.Property(r => r.Season).HasMaxLength(CodeLength);
            result.Property(r => r.Code).HasMaxLength(CodeLength).UseCollation(ByCodePoint);
            result.Property(r => r.Facts).StoredAsJson();
            result.HasIndex(r => new { r.Season, r.Code });
            result.NotJournalled();
        });
    }

    /// <summary>For <c>dotnet ef</c>, which needs a model and no server.</summary>
    internal sealed class DesignTime : IDesignTimeDbContextFactory<AwardsDbContext>
    {
        public AwardsDbContext CreateDbContext(string[] args) =>
            new((DbContextOptions<AwardsDbContext>)new DbContextOptionsBuilder<AwardsDbContext>().UseThiDuaConventions().Options);
    }
}
