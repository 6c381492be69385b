using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;

namespace ThiDua.Tests.Documents;

public sealed class SeasonFactsTests(DocumentsHost host) : IClassFixture<DocumentsHost>
{
    private static readonly DateTimeOffset s_at = new(2026, 12, 1, 8, 0, 0, TimeSpan.FromHours(7));

    [Fact]
    public async Task A_season_holds_what_every_service_told_of_it()
    {
        var (cluster, flag, merit) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await host.PublishAsync(Season("F1"));
        await host.PublishAsync(Cluster("F1", cluster, "K2", "F1A", "F1B", "F1C"));
        await host.PublishAsync(Cluster("F1", Guid.CreateVersion7(), "K1", "F1D", "F1E"));
        await host.PublishAsync(new UnitRegistered { Code = "F1A", Name = "Sở A", Category = "HC", Level = "TINH", ValidFrom = new DateOnly(2026, 1, 1), Version = 1 });
        await host.PublishAsync(Result("F1", cluster, 1));
        await host.PublishAsync(Scores("F1", cluster, 1, 43.50m));
        await host.PublishAsync(List("F1", cluster, resultVersion: 1, version: 1, (flag, "PROVINCIAL_FLAG", "F1A"), (merit, "CHAIRMAN_MERIT", "F1B")));
        await host.PublishAsync(Vote("F1", cluster, flag, "PROVINCIAL_FLAG", "F1A", yes: 15));
        await host.PublishAsync(Vote("F1", cluster, flag, "GOVERNMENT_FLAG", "F1A", yes: 9));
        await host.PublishAsync(new GovernmentFlagProposed { Season = "F1", Base = 5, Quota = 1, Proposed = [], Unresolved = [], Version = 1, At = s_at });
        await host.PublishAsync(new OfficialFactEstablished { Season = "F1", Unit = "F1B", Fact = "ATTENDANCE", Completed = 1, Assigned = 2, Version = 1, At = s_at });
        await host.PublishAsync(new RegistrationSubmitted { Season = "F1", Unit = "F1C", Targets = [], Titles = [], Version = 1, At = s_at });
        await host.PublishAsync(new CovenantInForce { ClusterId = cluster, Season = "F1", Cluster = "K2", Clauses = [], AgreementBy = "UNANIMOUS", Version = 1, At = s_at });
        var facts = await KnownAsync("F1", known => known is { GovernmentFlag: not null, Units.Count: 1, Clusters: [_, { Ballots.Count: 2, Scores: not null, Covenant: not null, Official.Count: 1, Registrations.Count: 1 }] });

        Assert.Equal(["K1", "K2"], facts.Clusters.Select(known => known.Cluster.Code));
        Assert.Equal("Sở A", facts.Units["F1A"].Name);
        Assert.Equal("43.50", facts.Clusters[1].Scores!.Units[0].Lines[0].Final!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(["PROVINCIAL_FLAG", "GOVERNMENT_FLAG"], facts.Clusters[1].Ballots.Select(ballot => ballot.Award));
        Assert.Equal(["PASSED", "CANDIDATE"], facts.Clusters[1].Nominations!.Positions.Select(facts.Clusters[1].StatusOf));
        Assert.Equal(("F1B", "F1C"), (facts.Clusters[1].Official.Single().Unit, facts.Clusters[1].Registrations.Single().Unit));
        Assert.Equivalent(facts.Clusters[1], await host.WithDatabaseAsync(db => SeasonFacts.LoadClusterAsync(db, cluster, CancellationToken.None)), strict: true);
        Assert.NotEmpty(facts.Register["152/2025/NĐ-CP"]); // the register that the product comes with is there from the start

        await host.PublishAsync(new AwardRevoked { NominationId = flag, Season = "F1", ClusterId = cluster, Award = "PROVINCIAL_FLAG", Unit = "F1A", Ground = "FALSE_DECLARATION", Document = "QĐ 3", Version = 2, At = s_at });
        facts = await KnownAsync("F1", known => known.Clusters[1].Revocations.Count == 1);
        Assert.Equal("REVOKED", facts.Clusters[1].StatusOf(facts.Clusters[1].Nominations!.Positions[0]));

        Assert.Null(await host.WithDatabaseAsync(db => SeasonFacts.LoadAsync(db, "F9", CancellationToken.None)));
        Assert.Null(await host.WithDatabaseAsync(db => SeasonFacts.LoadClusterAsync(db, Guid.CreateVersion7(), CancellationToken.None)));
    }

    [Fact]
    public async Task What_rests_on_a_reopened_result_waits_for_the_next()
    {
        var (cluster, first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await host.PublishAsync(Season("F2"));
        await host.PublishAsync(Cluster("F2", cluster, "K1", "F2A", "F2B"));
        await host.PublishAsync(Scores("F2", cluster, 1, 1));
        await host.PublishAsync(List("F2", cluster, resultVersion: 1, version: 1, (first, "PROVINCIAL_FLAG", "F2A")));
        await host.PublishAsync(Vote("F2", cluster, first, "PROVINCIAL_FLAG", "F2A", yes: 15));
        await host.PublishAsync(Result("F2", cluster, 1));
        await ClusterAsync(known => known is { Result.Version: 1, Scores.Version: 1, Nominations.Version: 1, Ballots.Count: 1 });

        await host.PublishAsync(new ClusterResultReopened { ClusterId = cluster, Season = "F2", Code = "K1", Reason = "Khiếu nại", Version = 1, At = s_at });
        await ClusterAsync(known => known is { Result: null, Scores: null, Nominations: null, Ballots.Count: 0 });

        await host.PublishAsync(Result("F2", cluster, 2));
        await ClusterAsync(known => known is { Result.Version: 2, Scores: null, Nominations: null, Ballots.Count: 0 }); // neither points nor list of another version

        await host.PublishAsync(List("F2", cluster, resultVersion: 2, version: 2, (second, "PROVINCIAL_FLAG", "F2B")));
        await host.PublishAsync(Scores("F2", cluster, 2, 2));
        await ClusterAsync(known => known is { Scores.Version: 2, Nominations.Version: 2, Ballots.Count: 0 }); // the vote was on the other list

        async Task ClusterAsync(Func<ClusterFacts, bool> isSo) => await KnownAsync("F2", known => known.Clusters is [var only] && isSo(only));
    }

    [Fact]
    public async Task The_policy_of_the_season_beats_the_default_of_its_year()
    {
        await host.PublishAsync(Season("F3"));
        await PolicyAsync(1, null, "2020-01-01", "2025-12-31", "đã hết");
        await PolicyAsync(2, null, "2025-01-01", null, "cũ");
        await PolicyAsync(3, null, "2026-07-01", null, "mới");
        await PolicyAsync(4, null, "2027-01-01", null, "năm sau");
        await PolicyAsync(5, "F4", "2026-01-01", null, "năm khác");
        await KnownAsync("F3", known => known.Policy?.Basis == "mới");
        await PolicyAsync(6, "F3", "2020-01-01", "2020-12-31", "riêng");
        await KnownAsync("F3", known => known.Policy?.Basis == "riêng");

        Task PolicyAsync(int version, string? season, string from, string? to, string basis) => host.PublishAsync(new AwardPolicySet
        {
            Season = season, ValidFrom = Day(from), ValidTo = to is null ? null : Day(to), Basis = basis, Version = version, At = s_at,
        });

        static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<SeasonFacts> KnownAsync(string season, Func<SeasonFacts, bool> isSo)
    {
        SeasonFacts? facts = null;
        await host.EventuallyAsync(async () => (facts = await host.WithDatabaseAsync(db => SeasonFacts.LoadAsync(db, season, CancellationToken.None))) is not null && isSo(facts), $"the facts of {season} have come");
        return facts!;
    }

    private static SeasonPhaseChanged Season(string code) => new() { Season = code, Type = "CALENDAR_YEAR", Year = 2026, Phase = "COUNCIL", Version = 1, At = s_at };

    private static ClusterFormed Cluster(string season, Guid id, string code, params string[] units) => new()
    {
        ClusterId = id, Season = season, Code = code, Name = $"Khối {code}", Kind = "KHOI", Leader = units[0], Deputy = units[1], Version = 1,
        Members = [.. units.Select(unit => new ClusterMember { Unit = unit, Name = unit, Category = "HC", Level = "TINH" })],
    };

    private static ClusterResultDecided Result(string season, Guid cluster, int version) => new()
    {
        ClusterId = cluster, Season = season, Year = 2026, Code = "K", Name = "Khối", Size = 2, Leader = "A", Deputy = "B", CriteriaTable = "T", CriteriaTableVersion = 1, Ranking = [], Version = version, DecidedAt = s_at,
    };

    private static ClusterScoresDecided Scores(string season, Guid cluster, int version, decimal points) => new()
    {
        ClusterId = cluster, Season = season, Code = "K", TableTitle = "Bảng", TableBasis = "", Document = "", Groups = [], Version = version, DecidedAt = s_at,
        Units = [new ScoredUnit { Unit = "A", Name = "A", Lines = [new LinePoints { Criterion = "I.1", Final = points, Changes = [] }] }],
    };

    private static NominationsDrawnUp List(string season, Guid cluster, int resultVersion, int version, params (Guid Id, string Award, string Unit)[] positions) => new()
    {
        ClusterId = cluster, Season = season, Code = "K", ResultVersion = resultVersion, Version = version, At = s_at,
        Positions = [.. positions.Select((position, index) => new NominatedPosition { NominationId = position.Id, Award = position.Award, Position = index + 1, Unit = position.Unit, Status = "CANDIDATE", Reason = "Hạng" })],
    };

    private static AwardDecided Vote(string season, Guid cluster, Guid nomination, string award, string unit, int yes) => new()
    {
        NominationId = nomination, Season = season, ClusterId = cluster, Award = award, Unit = unit, Passed = yes >= 14, Yes = yes, Members = 17, Needed = 14, Version = 1, At = s_at,
    };
}
