using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;
using ThiDua.Scoring.Data;
using ThiDua.Tests.Support;

namespace ThiDua.Tests;

/// <summary>Facts about one thing may arrive in any order and several at once: the last version is what stays.</summary>
/// <typeparam name="TContext">The receiving service.</typeparam>
public abstract class FactOrderTests<TContext>(ServiceHost<TContext> host, string seasons)
    where TContext : DbContext
{
    private const int Things = 25;
    private static readonly string[] s_phases = ["SETUP", "CRITERIA", "SELF_SCORING", "CLUSTER_REVIEW", "APPRAISAL", "PROPOSAL", "COUNCIL", "CLOSED"];

    [Fact]
    public async Task Of_all_phases_of_a_season_told_at_once_the_last_one_stays()
    {
        await Task.WhenAll(
            from season in Enumerable.Range(0, Things)
            from phase in Enumerable.Range(0, s_phases.Length)
            select host.PublishAsync(new SeasonPhaseChanged
            {
                Season = $"S{season}", Type = "CALENDAR_YEAR", Year = 2026, Phase = s_phases[phase], Version = phase + 1, At = TimeProvider.System.GetUtcNow(),
            }));

        await UntilHandledAsync(nameof(SeasonPhaseChanged), Things * s_phases.Length);
        Assert.Equal(Things, await CountAsync($"select count(*)::int as \"Value\" from {seasons} where version = {s_phases.Length}"));
    }

    /// <summary>Every message that took effect, or was too old to, has its row in the journal.</summary>
    protected Task UntilHandledAsync(string message, int count) => Eventually.AnswerAsync(
        () => CountAsync($"select count(distinct s)::int as \"Value\" from journal, unnest(subjects) s where action = 'message {message}' and s like 'Message/%'"),
        handled => handled >= count,
        $"{count} messages were handled",
        TimeSpan.FromSeconds(60));

    protected Task<int> CountAsync(string query) => host.WithDatabaseAsync(db => db.Database.SqlQueryRaw<int>(query).SingleAsync());
}

/// <inheritdoc/>
public sealed class ScoringFactOrderTests(ServiceHost<ScoringDbContext> host) : FactOrderTests<ScoringDbContext>(host, "seasons"), IClassFixture<ServiceHost<ScoringDbContext>>;

/// <inheritdoc/>
public sealed class AwardsFactOrderTests(ServiceHost<AwardsDbContext> host) : FactOrderTests<AwardsDbContext>(host, "known_seasons"), IClassFixture<ServiceHost<AwardsDbContext>>
{
    private readonly ServiceHost<AwardsDbContext> _host = host;

    [Fact]
    public async Task Of_several_decisions_on_one_result_told_at_once_the_last_one_stays()
    {
        const int Results = 20;
        const int Versions = 6;
        Guid[] clusters = [.. Enumerable.Range(0, Results).Select(_ => Guid.CreateVersion7())];

        await Task.WhenAll(
            from cluster in clusters
            from version in Enumerable.Range(1, Versions)
            select _host.PublishAsync(new ClusterResultDecided
            {
                ClusterId = cluster,
                Season = "S",
                Year = 2026,
                Code = $"C{cluster:N}",
                Name = "Khối thử nghiệm",
                Size = 1,
                Leader = "A",
                Deputy = "B",
                CriteriaTable = "T",
                CriteriaTableVersion = 1,
                Ranking = [],
                Version = version,
                DecidedAt = TimeProvider.System.GetUtcNow(),
            }));

        await UntilHandledAsync(nameof(ClusterResultDecided), Results * Versions);
        Assert.Equal(Results, await CountAsync($"select count(*)::int as \"Value\" from known_results where version = {Versions}"));
    }
}

/// <inheritdoc/>
public sealed class DocumentsFactOrderTests(DocumentsFactOrderTests.Host host) : FactOrderTests<DocumentsDbContext>(host, "known_seasons"), IClassFixture<DocumentsFactOrderTests.Host>
{
    /// <summary>Documents keeps files: in a directory that goes with the test.</summary>
    public sealed class Host(Servers servers) : ServiceHost<DocumentsDbContext>(servers)
    {
        private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("thidua-documents-");

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _files.Delete(recursive: true);
            GC.SuppressFinalize(this);
        }

        protected override void Configure(IDictionary<string, string> settings) => settings["Documents:StorageDirectory"] = _files.FullName;
    }
}
