using ThiDua.Bench.Bare;
using ThiDua.Bench.Product;
using ThiDua.Bench.Tools;

namespace ThiDua.Bench.Rows;

/// <summary>Row 3: a sheet of 60 lines, read by its unit; a sheet at random each time.</summary>
internal sealed class ReadRow(Stage stage) : Row("read", "read a sheet of 60 lines", "pgbench read, 4 connections", "/s", Bound.AtLeast(0.25, 0.14))
{
    public override bool AnchorNeedsWarmUp => false;

    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await stage.PostgresAsync(ct);
        await (await stage.ProductAsync(ct)).DraftsAsync(ct);
        return null;
    }

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct) => await (await stage.PostgresAsync(ct)).Bench.RunAsync("read", 4, stage.WarmUp, time, ct);

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        var product = await stage.ProductAsync(ct);
        await (await product.DraftsAsync(ct)).WriteTargetsAsync(stage.FileOf("read.sheets"), "", withETags: false, ct);
        return await Wrk.RunAsync(product.Gateway, "read.lua", 2, WriteRow.Clients, time, [stage.FileOf("read.sheets")], ct);
    }
}

/// <summary>Row 3 for a reader who has the sheet already and is told that it has not changed.</summary>
internal sealed class ReadUnchangedRow(Stage stage)
    : Row("read-unchanged", "read a sheet that has not changed (304)", "bare YARP before Kestrel, 12.5 kB", "/s", Bound.AtLeast(0.60, 0.25))
{
    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await stage.HttpAsync();
        var drafts = await (await stage.ProductAsync(ct)).DraftsAsync(ct);
        await File.WriteAllTextAsync(stage.FileOf("sheet.request"), $"{BareHttp.SheetPath}\t\t\n", ct);
        return await drafts.KnowsUnchangedAsync(ct) ? null : "A sheet that has not changed is answered with 200, not with 304.";
    }

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct) =>
        await Wrk.RunAsync((await stage.HttpAsync()).Yarp, "read.lua", 2, WriteRow.Clients, time, [stage.FileOf("sheet.request")], ct);

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        var product = await stage.ProductAsync(ct);
        await (await product.DraftsAsync(ct)).WriteTargetsAsync(stage.FileOf("unchanged.sheets"), "", withETags: true, ct);
        return await Wrk.RunAsync(product.Gateway, "read.lua", 2, WriteRow.Clients, time, [stage.FileOf("unchanged.sheets")], ct);
    }
}

/// <summary>Row 4: the decided ranking of a cluster of ten, at random, each by a unit of the province.</summary>
internal sealed class RankRow(Stage stage) : Row("rank", "read a cluster's ranking", "bare YARP before Kestrel, 5 bytes", "/s", Bound.AtLeast(0.60, 0.25))
{
    private DecidedSeason _season = null!;

    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await stage.HttpAsync();
        _season = await (await stage.ProductAsync(ct)).DecidedAsync(ct);
        await File.WriteAllTextAsync(stage.FileOf("hello.request"), $"{BareHttp.HelloPath}\t\t\n", ct);
        return null;
    }

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct) =>
        await Wrk.RunAsync((await stage.HttpAsync()).Yarp, "read.lua", 2, WriteRow.Clients, time, [stage.FileOf("hello.request")], ct);

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        var product = await stage.ProductAsync(ct);
        List<string> lines = [];
        foreach (var (cluster, unit) in _season.Clusters.Zip(_season.Units))
        {
            lines.Add($"/api/v1/rankings/{cluster}\t{await product.Client.TokenAsync(product.Cast.Unit(unit), ct)}\t");
        }

        await File.WriteAllLinesAsync(stage.FileOf("rankings"), lines, ct);
        return await Wrk.RunAsync(product.Gateway, "read.lua", 2, WriteRow.Clients, time, [stage.FileOf("rankings")], ct);
    }
}
