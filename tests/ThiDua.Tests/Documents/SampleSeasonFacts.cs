using System.Text.Json;
using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;
using ThiDua.Tests.Scoring;

namespace ThiDua.Tests.Documents;

/// <summary>A sample season as the services tell it of: its clusters, its decided results, and the awards that its file of expected results has.</summary>
internal sealed class SampleSeasonFacts(string name)
{
    private static readonly DateTimeOffset s_at = new(2025, 12, 20, 8, 0, 0, TimeSpan.FromHours(7));

    public JsonElement File { get; } = Samples.Read($"season/{name}.json");

    public JsonElement Expected { get; } = Samples.Read($"season/{name}.expected.json");

    public string Code => File.GetProperty("season").GetProperty("code").GetString()!;

    public int Year => File.GetProperty("season").GetProperty("year").GetInt32();

    /// <summary>By code.</summary>
    public IReadOnlyDictionary<string, JsonElement> Units => File.GetProperty("units").EnumerateArray().ToDictionary(unit => Text(unit, "code"), StringComparer.Ordinal);

    public static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    /// <summary>Publishes everything and waits until the service knows it.</summary>
    public async Task TellAsync(DocumentsHost host)
    {
        await host.PublishAsync(new SeasonPhaseChanged { Season = Code, Type = "CALENDAR_YEAR", Year = Year, Phase = "CLOSED", Version = 1, At = s_at });
        var nominations = Expected.GetProperty("nominations").EnumerateArray().ToLookup(nomination => Text(nomination, "cluster"), StringComparer.Ordinal);
        foreach (var cluster in File.GetProperty("clusters").EnumerateArray())
        {
            var id = Guid.CreateVersion7();
            await host.PublishAsync(Formed(cluster, id));
            await host.PublishAsync(new ClusterResultDecided
            {
                ClusterId = id, Season = Code, Year = Year, Code = Text(cluster, "code"), Name = Text(cluster, "name"), Size = cluster.GetProperty("members").GetArrayLength(), Leader = Text(cluster, "leader"),
                Deputy = Text(cluster, "deputy"), CriteriaTable = "T", CriteriaTableVersion = 1, Ranking = [], Version = 1, DecidedAt = s_at,
            });
            await TellAwardsAsync(host, id, Text(cluster, "code"), [.. nominations[Text(cluster, "code")]]);
        }

        var flag = Expected.GetProperty("government_flag");
        await host.PublishAsync(new GovernmentFlagProposed
        {
            Season = Code, Base = flag.GetProperty("base").GetInt32(), Quota = flag.GetProperty("quota").GetInt32(), Version = 1, At = s_at,
            Proposed = Proposed(flag, "proposed"), Unresolved = Proposed(flag, "unresolved"),
        });
        var votes = Expected.GetProperty("nominations").EnumerateArray().Count(IsVoted);
        var clusters = File.GetProperty("clusters").GetArrayLength();
        await host.EventuallyAsync(
            async () => await host.WithDatabaseAsync(db => SeasonFacts.LoadAsync(db, Code, CancellationToken.None)) is { GovernmentFlag: not null } facts
                && facts.Clusters.Count(cluster => cluster is { Result: not null, Nominations: not null }) == clusters && facts.Clusters.Sum(cluster => cluster.Ballots.Count) == votes,
            "the season is known");
    }

    private async Task TellAwardsAsync(DocumentsHost host, Guid cluster, string code, List<JsonElement> nominations)
    {
        var positions = nominations.ConvertAll(nomination => new NominatedPosition
        {
            NominationId = Guid.CreateVersion7(), Award = Text(nomination, "award"), Position = nomination.GetProperty("position").GetInt32(),
            Unit = nomination.GetProperty("unit").ValueKind == JsonValueKind.String ? Text(nomination, "unit") : null,
            Status = IsVoted(nomination) ? "CANDIDATE" : Text(nomination, "status"), Reason = "Theo thứ tự",
        });
        await host.PublishAsync(new NominationsDrawnUp { ClusterId = cluster, Season = Code, Code = code, ResultVersion = 1, Positions = positions, Version = 1, At = s_at });
        foreach (var (nomination, position) in nominations.Zip(positions).Where(pair => IsVoted(pair.First)))
        {
            await host.PublishAsync(new AwardDecided
            {
                NominationId = position.NominationId, Season = Code, ClusterId = cluster, Award = position.Award, Unit = position.Unit!, Passed = Text(nomination, "status") == "PASSED",
                Yes = 10, Members = 17, Needed = 14, Version = 1, At = s_at,
            });
        }
    }

    private ClusterFormed Formed(JsonElement cluster, Guid id) => new()
    {
        ClusterId = id, Season = Code, Code = Text(cluster, "code"), Name = Text(cluster, "name"), Kind = Text(cluster, "kind"), Leader = Text(cluster, "leader"), Deputy = Text(cluster, "deputy"), Version = 1,
        Members =
        [
            .. cluster.GetProperty("members").EnumerateArray().Select(member => Units[member.GetString()!])
                .Select(unit => new ClusterMember { Unit = Text(unit, "code"), Name = Text(unit, "name"), Category = Text(unit, "category"), Level = Text(unit, "level") }),
        ],
    };

    private static List<ProposedForGovernmentFlag> Proposed(JsonElement flag, string member) => flag.TryGetProperty(member, out var units)
        ? [.. units.EnumerateArray().Select(unit => new ProposedForGovernmentFlag { Cluster = Text(unit, "cluster"), Unit = Text(unit, "unit"), Yes = unit.GetProperty("yes").GetInt32() })]
        : [];

    private static bool IsVoted(JsonElement nomination) => Text(nomination, "status") is "PASSED" or "FAILED";
}
