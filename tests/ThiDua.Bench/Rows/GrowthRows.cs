using System.Diagnostics;
using System.Text.Json.Nodes;
using ThiDua.Bench.Product;

namespace ThiDua.Bench.Rows;

/// <summary>Row 13 for one unit: save a sheet, read one, read a ranking, with all clusters and with a tenth of them in the system.</summary>
internal sealed class GrowthOneRow(Stage stage) : Row("growth-one", "save, read, rank, one client, with ten times the clusters", "the same system with a tenth", "ms", Bound.AtMost(1.10, 1.30))
{
    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        foreach (var product in new[] { await stage.SmallProductAsync(ct), await stage.ProductAsync(ct) })
        {
            await product.DraftsAsync(ct);
            await product.DecidedAsync(ct);
        }

        return null;
    }

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct) => await CycleAsync(await stage.SmallProductAsync(ct), time, ct);

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct) => await CycleAsync(await stage.ProductAsync(ct), time, ct);

    private static async Task<Sample> CycleAsync(RunningProduct product, TimeSpan time, CancellationToken ct)
    {
        var drafts = await product.DraftsAsync(ct);
        var decided = await product.DecidedAsync(ct);
        var lines = SeasonText.Lines(Enumerable.Range(0, SeasonText.Criteria));
        List<double>[] times = [[], [], []];
        var number = 0;
        for (var whole = Stopwatch.StartNew(); whole.Elapsed < time; number++)
        {
            var (unit, id) = drafts.SheetAt(number * 7919 % drafts.Count);
            var (actor, path) = (product.Cast.Unit(unit), $"/score-sheets/{id}");
            var clock = Stopwatch.StartNew();
            var read = await product.Client.GetAsync(actor, path, ct);
            times[0].Add(clock.Elapsed.TotalMilliseconds);
            clock.Restart();
            await product.Client.PutAsync(actor, $"{path}/lines", JsonNode.Parse(SeasonText.Fill(lines, number))!, ct, read.ETag);
            times[1].Add(clock.Elapsed.TotalMilliseconds);
            clock.Restart();
            await product.Client.GetAsync(actor, $"/rankings/{decided.Clusters[number % decided.Clusters.Count]}", ct);
            times[2].Add(clock.Elapsed.TotalMilliseconds);
        }

        foreach (var operation in times)
        {
            operation.Sort();
        }

        return new Sample(times.Sum(operation => operation[operation.Count / 2]), P99: times.Sum(operation => operation[operation.Count * 99 / 100]));
    }
}

/// <summary>Row 13 for the whole province: all clusters decided, with all clusters and with a tenth of them.</summary>
internal sealed class GrowthAllRow(Stage stage) : Row("growth-all", "decide all clusters, with ten times as many", "the same system with a tenth", "ms", Bound.AtMost(11, 15))
{
    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await (await stage.SmallProductAsync(ct)).DecidedAsync(ct);
        await (await stage.ProductAsync(ct)).DecidedAsync(ct);
        return null;
    }

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct) => await AllAsync(await stage.SmallProductAsync(ct), ct);

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct) => await AllAsync(await stage.ProductAsync(ct), ct);

    private static async Task<Sample> AllAsync(RunningProduct product, CancellationToken ct)
    {
        var season = await product.DecidedAsync(ct);
        var sample = await DecideRow.DecideAllAsync(product, season, ct);
        return sample with { Value = sample.Value * season.Clusters.Count / ProvinceRow.AnchorClusters };
    }
}
