using ThiDua.Bench.Rows;
using ThiDua.Replay;

namespace ThiDua.Bench;

/// <summary>Anchor and product of each row in turn, both sides of it in the same minutes of the same machine.</summary>
internal sealed class Measurements(BenchOptions options, TextWriter output, TextWriter error, TimeProvider clock)
{
    /// <summary>A run during which others use more of the machine than this is thrown away.</summary>
    private const double MostForeign = 0.12;

    private const int Tries = 3;

    private readonly Progress _progress = new(error, clock);

    public async Task<int> RunAsync(CancellationToken ct)
    {
        List<RowResult> results = [];
        await using (var stage = new Stage(options, _progress, clock))
        {
            foreach (var name in options.Rows)
            {
                var row = Row.Make(name, stage);
                var result = await MeasureOrSayWhyAsync(row, ct);
                results.Add(result);
                await output.WriteLineAsync(ResultTable.Line(result));
                await output.FlushAsync(ct);
            }
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync(ResultTable.Text(results));
        if (options.Json is { } json)
        {
            await File.WriteAllTextAsync(json, ResultTable.Json(results, options, clock), ct);
        }

        if (options.WriteDocs)
        {
            await PerformanceDoc.WriteAsync(results, options, clock, ct);
        }

        return results.Any(result => result.Verdict is Verdict.Miss or Verdict.Failed) ? 1 : 0;
    }

    /// <summary>A row that breaks has failed; the figures of the others are not lost with it.</summary>
    private async Task<RowResult> MeasureOrSayWhyAsync(Row row, CancellationToken ct)
    {
        try
        {
            return await MeasureAsync(row, ct);
        }
        catch (Exception reason) when (reason is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            _progress.Say($"{row.Name}: {reason}");
            return RowResult.Impossible(row.Name, row.Title, row.Anchor, row.Unit, row.Bound, reason.Message.Split('\n')[0]);
        }
    }

    private async Task<RowResult> MeasureAsync(Row row, CancellationToken ct)
    {
        _progress.Phase($"row {row.Name}");
        if (await row.PrepareAsync(ct) is { } problem)
        {
            return RowResult.Impossible(row.Name, row.Title, row.Anchor, row.Unit, row.Bound, problem);
        }

        var (time, warmUp) = (TimeSpan.FromSeconds(options.Seconds), TimeSpan.FromSeconds(options.WarmUp));
        if (row.AnchorNeedsWarmUp)
        {
            await row.AnchorAsync(warmUp, ct);
        }

        if (row.ProductNeedsWarmUp)
        {
            await row.ProductAsync(warmUp, ct);
        }

        List<Sample> anchor = [];
        List<Sample> product = [];
        for (var run = 0; run < options.Runs; run++)
        {
            anchor.Add(await AcceptAsync(row, "anchor", () => row.AnchorAsync(time, ct)));
            product.Add(await AcceptAsync(row, "product", () => row.ProductAsync(time, ct)));
        }

        return new RowResult(row.Name, row.Title, row.Anchor, row.Unit, row.Bound, new Side(anchor), new Side(product));
    }

    /// <summary>Runs until the machine was ours alone; the last of several tries is kept as it is, and marked.</summary>
    private async Task<Sample> AcceptAsync(Row row, string side, Func<Task<Sample>> run)
    {
        for (var attempt = 1; ; attempt++)
        {
            var watch = new CpuWatch();
            var measured = await run();
            var foreign = watch.Foreign();
            var sample = measured with { Foreign = foreign, Noisy = row.NeedsQuiet && foreign > MostForeign };
            _progress.Say(ResultTable.Run(row, side, sample));
            if (!sample.Noisy || attempt == Tries)
            {
                return sample;
            }
        }
    }
}
