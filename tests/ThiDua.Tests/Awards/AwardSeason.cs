using System.Globalization;
using ThiDua.Awards.Data;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Awards;

/// <summary>A season that the awards service was told of, with the people who act in it.</summary>
internal sealed class AwardSeason(ServiceHost<AwardsDbContext> host, string code, int year = 2024)
{
    private readonly Dictionary<string, Guid> _clusters = [];

    public string Code => code;

    public HttpClient Appraiser => host.As(Roles.Appraiser);

    public HttpClient Head => host.As(Roles.AppraisalHead);

    public HttpClient Secretary => host.As(Roles.CouncilSecretary);

    public Task PhaseAsync(string phase, int version = 1) => host.TellAsync(new SeasonPhaseChanged
    {
        Season = code, Type = "CALENDAR_YEAR", Year = year, Phase = phase, Version = version, At = TimeProvider.System.GetUtcNow(),
    });

    /// <summary>Publishes the cluster with its units, led by the first.</summary>
    public async Task FormAsync(string cluster, params string[] units)
    {
        _clusters[cluster] = Guid.CreateVersion7();
        foreach (var unit in units)
        {
            await host.TellAsync(new UnitRegistered { Code = unit, Name = $"Sở {unit}", Category = "HC", Level = "TINH", ValidFrom = new DateOnly(2024, 1, 1), Version = 1 });
        }

        await host.TellAsync(new ClusterFormed
        {
            ClusterId = _clusters[cluster], Season = code, Code = cluster, Name = $"Khối {cluster}", Kind = "KHOI", Leader = units[0], Deputy = units[1], Version = 1,
            Members = [.. units.Select(unit => new ClusterMember { Unit = unit, Name = $"Sở {unit}", Category = "HC", Level = "TINH" })],
        });
    }

    /// <summary>Publishes a decided result from "unit total [self total]" lines; a total of – is "no final sheet".</summary>
    public Task DecideAsync(string cluster, int version, params string[] lines)
    {
        var totals = lines.Select(line => line.Split(' ')).Select(words => (Unit: words[0], Total: Points(words[1]), Self: Points(words.ElementAtOrDefault(2)))).ToList();
        return host.TellAsync(new ClusterResultDecided
        {
            ClusterId = _clusters[cluster], Season = code, Year = year, Code = cluster, Name = $"Khối {cluster}", Size = totals.Count, Leader = totals[0].Unit, Deputy = totals[^1].Unit,
            CriteriaTable = "T", CriteriaTableVersion = 1, Max = 150, Version = version, DecidedAt = TimeProvider.System.GetUtcNow(),
            Ranking = [.. totals.Select(entry => new UnitResult
            {
                Unit = entry.Unit, Name = $"Sở {entry.Unit}", Total = entry.Total, Rank = entry.Total is null ? null : 1 + totals.Count(other => other.Total > entry.Total),
                Groups = [new GroupPoints { Code = "I", Tag = "POLITICAL_TASK", Points = entry.Total ?? 0 }], Bonus = 0, Deductions = 0, SelfTotal = entry.Self,
            })],
        });
    }

    private static decimal? Points(string? text) => text is null or "–" ? null : decimal.Parse(text, CultureInfo.InvariantCulture);

    public Task ReopenAsync(string cluster, int version) => host.TellAsync(new ClusterResultReopened
    {
        ClusterId = _clusters[cluster], Season = code, Code = cluster, Reason = "Chỉ số được công bố lại", Version = version, At = TimeProvider.System.GetUtcNow(),
    });

    /// <summary>The season in PROPOSAL with one cluster of a decided result, and its nominations drawn up.</summary>
    public async Task<ApiAnswer> PlayToNominationsAsync(string cluster, params string[] lines)
    {
        await PhaseAsync("PROPOSAL");
        await FormAsync(cluster, [.. lines.Select(line => line.Split(' ')[0])]);
        await DecideAsync(cluster, 1, lines);
        return (await NominateAsync(cluster)).Expect(201);
    }

    /// <summary>Asks again while the fact is on its way.</summary>
    public Task<ApiAnswer> NominateAsync(string cluster) => Known(() => Appraiser.PostJson("nominations", new { season = code, cluster }));

    public Task<ApiAnswer> ExcludeAsync(string unit, string status) => Known(() => Appraiser.PostJson(
        "exclusions", new { exclusions = new[] { new { season = code, unit, type = "SUSPECTED_PENDING", status, document = "Công văn 12/TTr" } } }));

    public Task<ApiAnswer> VoteAsync(string cluster, int yes, string award = "PROVINCIAL_FLAG", int members = 17) =>
        Secretary.PostJson("ballots", new { season = code, award, cluster, members, yes });

    /// <summary>Nominations as "CLUSTER AWARD POSITION UNIT STATUS".</summary>
    public async Task<IReadOnlyList<string>> NominationsAsync() =>
        [.. (await Appraiser.GetJson($"nominations?season={code}")).Expect(200)["items"].AsArray()
            .Select(item => $"{item!["cluster"]} {item["award"]} {item["position"]} {item["unit"]?.ToString() ?? string.Join('|', item["tied"]!.AsArray())} {item["status"]}")];

    public static Task<ApiAnswer> Known(Func<Task<ApiAnswer>> ask) => Eventually.AnswerAsync(ask, answer => answer.Code != "not-known-yet", "the fact has arrived");
}
