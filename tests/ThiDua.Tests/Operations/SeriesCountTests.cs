using System.Diagnostics;
using System.Globalization;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Operations;

/// <summary>How much Prometheus has to keep (M58): <c>./thidua measure series</c>.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class SeriesCountTests(SharedSystem shared)
{
    private const int MostSeries = 10_000;
    private const int MoreUnits = 60;

    /// <summary>Sixty units more, in a cluster that is already counted: not one series more that tells of the business.</summary>
    [Fact, Trait("run", "long")]
    public async Task Series_do_not_grow_with_units()
    {
        var system = await shared.Running;
        using var prometheus = new Prometheus(system.Prometheus);
        using var season = await SmallSeason.CreateAsync(system);
        await UntilCountedAsync(prometheus, season.Code, season.Units.Count);
        var before = await SettledAsync(prometheus, season.Code);

        string[] added = [.. Enumerable.Range(0, MoreUnits).Select(number => string.Create(CultureInfo.InvariantCulture, $"{season.Code}U{number:00}"))];
        (await season.Appraiser.PostJson("units", new { units = added.Select(unit => new { code = unit, name = $"Đơn vị {unit}", category = "HC", level = "TINH" }) })).Expect(200);
        var cluster = (await season.Head.GetJson($"clusters/{season.ClusterId}")).Expect(200);
        (await season.Head.CallAsync(HttpMethod.Put, $"clusters/{season.ClusterId}", new { name = season.ClusterCode, kind = "KHOI", leader = season.Leader, deputy = season.Deputy, members = season.Units.Concat(added), reason = "Để thử" }, cluster.ETag)).Expect(200);
        await UntilCountedAsync(prometheus, season.Code, season.Units.Count + MoreUnits);

        Assert.Equal(before, await SettledAsync(prometheus, season.Code));
    }

    [Fact, Trait("run", "long")]
    public async Task All_series_after_a_province_season_are_few()
    {
        var system = await shared.Running;
        using var prometheus = new Prometheus(system.Prometheus);
        if (Environment.GetEnvironmentVariable("THIDUA_SERIES") is { Length: > 0 } sample)
        {
            await using var replay = await SeasonReplay.StartAsync(system, SeasonReplay.Sample($"{sample}.json"));
            await replay.ResultAsync();
        }

        var all = 0.0;
        foreach (var job in await prometheus.QueryAsync("sum by (job) (scrape_samples_post_metric_relabeling)"))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{job!["metric"]!["job"]}: {Prometheus.NumberOf(job!)}");
            all += Prometheus.NumberOf(job!);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"all: {all}");
        Assert.InRange(all, 1, MostSeries);
    }

    private static Task UntilCountedAsync(Prometheus prometheus, string season, int units) =>
        Eventually.TrueAsync(async () => await prometheus.NumberAsync($"sum(max by (cluster, state) (thidua_sheets{{season=\"{season}\"}}))") is { } counted && (int)counted == units, $"{units} units are counted", TimeSpan.FromSeconds(60));

    /// <summary>The season's series, when every replica of every service has read them: nothing has come for two readings.</summary>
    private static async Task<int> SettledAsync(Prometheus prometheus, string season)
    {
        var (known, clock) = (-1, Stopwatch.StartNew());
        await Eventually.TrueAsync(
            async () =>
            {
                var now = (await prometheus.QueryAsync($"{{season=\"{season}\"}}")).Count;
                if (now != known)
                {
                    (known, clock) = (now, Stopwatch.StartNew());
                }

                return clock.Elapsed > TimeSpan.FromSeconds(32);
            },
            "the series are all there", TimeSpan.FromMinutes(3));
        return known;
    }
}
