using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using ThiDua.Bench.Product;

namespace ThiDua.Bench.Rows;

/// <summary>Work over all clusters of the decided season, one request a cluster; its time is taken to the 500 clusters of the anchor.</summary>
internal abstract class ProvinceRow(Stage stage, string name, string title, string script, Bound bound)
    : Row(name, title, $"pgbench {script}, one connection, median", "ms", bound)
{
    public const int AnchorClusters = 500;
    private const int AtATime = 8;

    protected DecidedSeason Season { get; private set; } = null!;

    protected RunningProduct Product { get; private set; } = null!;

    public override bool AnchorNeedsWarmUp => false;

    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await stage.PostgresAsync(ct);
        Product = await stage.ProductAsync(ct);
        Season = await Product.DecidedAsync(ct);
        return null;
    }

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct)
    {
        var sample = await (await stage.PostgresAsync(ct)).Bench.RunAsync(script, 1, stage.WarmUp, time, ct);
        return sample with { Value = sample.P50!.Value };
    }

    /// <summary>How long a request a cluster takes for all of them, with the times of single requests.</summary>
    protected static async Task<Sample> EachAsync(Func<string, CancellationToken, Task> request, IReadOnlyList<string> clusters, CancellationToken ct)
    {
        var times = new ConcurrentBag<double>();
        var whole = Stopwatch.StartNew();
        await Parallel.ForEachAsync(clusters, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = ct }, async (cluster, cancel) =>
        {
            var one = Stopwatch.StartNew();
            await request(cluster, cancel);
            times.Add(one.Elapsed.TotalMilliseconds);
        });
        var took = whole.Elapsed.TotalMilliseconds;
        var sorted = times.Order().ToList();
        return new Sample(took * AnchorClusters / clusters.Count, sorted[sorted.Count / 2], sorted[sorted.Count * 99 / 100], Note: $"{clusters.Count} clusters in {took:0} ms");
    }
}

/// <summary>Row 5: every cluster's result decided: its lines scored again, ranked, stored and published. Opened again between the runs.</summary>
internal sealed class DecideRow(Stage stage) : ProvinceRow(stage, "decide", "decide all clusters, as of 500", "recalc", Bound.AtMost(3, 10))
{
    public override Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct) => DecideAllAsync(Product, Season, ct);

    public static async Task<Sample> DecideAllAsync(RunningProduct product, DecidedSeason season, CancellationToken ct)
    {
        await EachAsync((cluster, cancel) => product.Client.PostAsync(product.Cast.Head, $"/rankings/{cluster}/reopen", new JsonObject { ["reason"] = $"Đo lại {Guid.CreateVersion7()}" }, cancel), season.Clusters, ct);
        return await EachAsync((cluster, cancel) => product.Client.PostAsync(product.Cast.Head, $"/rankings/{cluster}/decide", new JsonObject { ["document"] = $"Thông báo {Guid.CreateVersion7()}" }, cancel), season.Clusters, ct);
    }
}

/// <summary>Row 6: every cluster's list of nominations drawn up anew, with the reasons: before each run one more member of each cluster is excluded, so that no list is as it was.</summary>
internal sealed class AwardRow(Stage stage) : ProvinceRow(stage, "award", "evaluate the awards of all clusters, as of 500", "award", Bound.AtMost(6, 20))
{
    private int _runs;

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        var member = _runs++ % SeasonText.UnitsPerCluster;
        var excluded = Season.Units.Where((_, index) => index % SeasonText.UnitsPerCluster == member).Select(unit => new JsonObject
        {
            ["season"] = Season.Code, ["unit"] = unit, ["type"] = "SUSPECTED_PENDING", ["status"] = "PENDING", ["document"] = $"Văn bản {Guid.CreateVersion7()}",
        });
        await Product.Client.PostAsync(Product.Cast.Appraiser, "/exclusions", new JsonObject { ["exclusions"] = new JsonArray([.. excluded]) }, ct);
        return await EachAsync((cluster, cancel) => Product.Client.PostAsync(Product.Cast.Appraiser, "/nominations", new JsonObject { ["season"] = Season.Code, ["cluster"] = cluster }, cancel), Season.ClusterCodes, ct);
    }
}
