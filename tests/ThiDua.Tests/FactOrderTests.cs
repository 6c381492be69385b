using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;
using ThiDua.Scoring.Data;
using ThiDua.Tests.Documents;
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
public sealed class DocumentsFactOrderTests(DocumentsHost host) : FactOrderTests<DocumentsDbContext>(host, "known_seasons"), IClassFixture<DocumentsHost>
{
    private readonly DocumentsHost _host = host;

    private const int Results = 20;
    private const int Versions = 6;

    [Fact]
    public async Task Of_decisions_and_reopenings_told_at_once_a_result_stands_as_the_last_left_it()
    {
        Guid[] clusters = [.. Enumerable.Range(0, Results).Select(_ => Guid.CreateVersion7())];

        // Each version is decided and opened again; of every second cluster the last one stands.
        await Task.WhenAll(
            from number in Enumerable.Range(0, Results)
            from version in Enumerable.Range(1, Versions)
            from isDecision in new[] { true, false }
            where isDecision || version < Versions || number % 2 == 0
            select isDecision ? DecideAsync(clusters[number], version) : ReopenAsync(clusters[number], version));
        await Task.WhenAll(clusters.SelectMany(cluster => Enumerable.Range(1, Versions).Select(version => FormAsync(cluster, version))));
        await UntilHandledAsync(nameof(ClusterResultDecided), Results * Versions);
        await UntilHandledAsync(nameof(ClusterResultReopened), (Results * Versions) - (Results / 2));
        await UntilHandledAsync(nameof(ClusterFormed), Results * Versions);

        for (var number = 0; number < Results; number++)
        {
            var facts = await _host.WithDatabaseAsync(db => SeasonFacts.LoadClusterAsync(db, clusters[number], CancellationToken.None));
            Assert.Equal((Versions, number % 2 == 0 ? null : (int?)Versions), (facts!.Cluster.Version, facts.Result?.Version));
        }

        Task DecideAsync(Guid cluster, int version) => _host.PublishAsync(new ClusterResultDecided
        {
            ClusterId = cluster, Season = "S", Year = 2026, Code = "C", Name = "Khối", Size = 1, Leader = "A", Deputy = "B", CriteriaTable = "T", CriteriaTableVersion = 1,
            Ranking = [], Version = version, DecidedAt = TimeProvider.System.GetUtcNow(),
        });
        Task ReopenAsync(Guid cluster, int version) => _host.PublishAsync(new ClusterResultReopened
        {
            ClusterId = cluster, Season = "S", Code = "C", Reason = "Khiếu nại", Version = version, At = TimeProvider.System.GetUtcNow(),
        });
        Task FormAsync(Guid cluster, int version) => _host.PublishAsync(DocumentsHost.Cluster(cluster, version, "A", "B"));
    }

    [Fact]
    public async Task Of_all_versions_of_an_activity_and_of_a_unit_told_at_once_the_last_one_stays()
    {
        Guid[] activities = [.. Enumerable.Range(0, Results).Select(_ => Guid.CreateVersion7())];
        await Task.WhenAll(
            from number in Enumerable.Range(0, Results)
            from version in Enumerable.Range(1, Versions)
            from task in new[]
            {
                _host.PublishAsync(new ActivityRecorded
                {
                    ActivityId = activities[number], ClusterId = activities[0], Season = "S", Kind = "ACTIVITY", Title = "Hoạt động", State = "PLANNED", PlannedOn = new DateOnly(2026, 3, 1),
                    Host = "A", Attendance = [], Version = version, At = TimeProvider.System.GetUtcNow(),
                }),
                _host.PublishAsync(new UnitRegistered { Code = $"U{number}", Name = $"Tên {version}", Category = "HC", Level = "TINH", ValidFrom = new DateOnly(2026, 1, 1), Version = version }),
            }
            select task);
        await UntilHandledAsync(nameof(ActivityRecorded), Results * Versions);
        await UntilHandledAsync(nameof(UnitRegistered), Results * Versions);

        Assert.Equal(Results, await CountAsync($"select count(*)::int as \"Value\" from known_facts where kind = '{nameof(ActivityRecorded)}' and version = {Versions}"));
        Assert.Equal(Results, await CountAsync($"select count(*)::int as \"Value\" from known_facts where kind = '{nameof(UnitRegistered)}' and body ->> 'Name' = 'Tên {Versions}'"));
    }
}
