using System.Diagnostics;
using System.Text.Json.Nodes;
using ThiDua.Bench.Product;
using ThiDua.Replay.Gateway;

namespace ThiDua.Bench.Rows;

/// <summary>
/// Row 2: a unit hands in its sheet, until another service shows the obligation as met: commit, outbox, broker, inbox, commit, read. Every run has a season of
/// its own, whose sheets are filled in before the clock starts.
/// </summary>
internal abstract class SubmissionRow(Stage stage, string name, string title, string unit, Bound bound) : Row(name, title, "commit, confirmed message, consume, commit", unit, bound)
{
    protected RunningProduct Product { get; private set; } = null!;

    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await stage.ExchangeAsync(ct);
        Product = await stage.ProductAsync(ct);
        return null;
    }

    protected Task<Bare.BareExchange> ExchangeAsync(CancellationToken ct) => stage.ExchangeAsync(ct);

    /// <summary>Sheets that lack nothing but being handed in.</summary>
    protected async Task<IReadOnlyList<FilledSheet>> FilledAsync(CancellationToken ct)
    {
        var drafts = await Product.FreshDraftsAsync(Math.Max(4, stage.Options.Clusters / 5), ct);
        return [.. (await drafts.SheetsAsync(ct)).Select(sheet => new FilledSheet(drafts.Code, sheet.Unit, Product.Cast.Unit(sheet.Unit), sheet.Id, sheet.ETag))];
    }

    protected Task SubmitAsync(FilledSheet sheet, CancellationToken ct) =>
        Product.Client.PostAsync(sheet.Actor, $"/score-sheets/{sheet.Id}/submit", new JsonObject(), ct, sheet.ETag);

    protected async Task SeenAsync(FilledSheet sheet, CancellationToken ct)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            var owed = (await Product.Client.GetAsync(sheet.Actor, $"/obligations?season={sheet.Season}&unit={sheet.Unit}&kind=SELF_SCORING", ct)).Body.GetProperty("items");
            if (owed.GetArrayLength() == 1 && owed[0].TryGetProperty("met_at", out _))
            {
                return;
            }

            if (clock.Elapsed > TimeSpan.FromSeconds(30))
            {
                throw new TimeoutException($"The sheet of {sheet.Unit} was handed in, and after 30 s its obligation is {owed}.");
            }
        }
    }

    protected sealed record FilledSheet(string Season, string Unit, Actor Actor, string Id, string ETag);
}

/// <summary>One after the other: how long one takes.</summary>
internal sealed class SubmitRow(Stage stage) : SubmissionRow(stage, "submit", "submit a sheet, until another service shows it", "ms", Bound.AtMost(2.5, 10))
{
    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct)
    {
        var exchange = await ExchangeAsync(ct);
        var times = new List<double>();
        for (var whole = Stopwatch.StartNew(); whole.Elapsed < time;)
        {
            var one = Stopwatch.StartNew();
            await exchange.SubmitAsync(1 + (times.Count % 5000), ct);
            times.Add(one.Elapsed.TotalMilliseconds);
        }

        return Of(times);
    }

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        var times = new List<double>();
        foreach (var sheet in await FilledAsync(ct))
        {
            var one = Stopwatch.StartNew();
            await SubmitAsync(sheet, ct);
            await SeenAsync(sheet, ct);
            times.Add(one.Elapsed.TotalMilliseconds);
        }

        return Of(times);
    }

    private static Sample Of(List<double> times)
    {
        times.Sort();
        return new Sample(times[times.Count / 2], times[times.Count / 2], times[times.Count * 99 / 100]);
    }
}

/// <summary>Thirty-two at a time: how many a second have arrived when the last one has.</summary>
internal sealed class SubmitManyRow(Stage stage) : SubmissionRow(stage, "submit-many", "submit sheets, 32 at a time, until all are shown", "/s", Bound.AtLeast(0.5, 0.2))
{
    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct)
    {
        var exchange = await ExchangeAsync(ct);
        var (clock, done) = (Stopwatch.StartNew(), 0);
        await Task.WhenAll(Enumerable.Range(1, WriteRow.Clients).Select(async client =>
        {
            for (var sheet = client; clock.Elapsed < time; sheet += WriteRow.Clients)
            {
                await exchange.SubmitAsync(1 + (sheet % 5000), ct);
                Interlocked.Increment(ref done);
            }
        }));
        return new Sample(done / clock.Elapsed.TotalSeconds);
    }

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        var sheets = await FilledAsync(ct);
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(sheets, new ParallelOptions { MaxDegreeOfParallelism = WriteRow.Clients, CancellationToken = ct }, async (sheet, cancel) => await SubmitAsync(sheet, cancel));
        foreach (var sheet in sheets)
        {
            await SeenAsync(sheet, ct);
        }

        return new Sample(sheets.Count / clock.Elapsed.TotalSeconds, Note: $"{sheets.Count} sheets");
    }
}
