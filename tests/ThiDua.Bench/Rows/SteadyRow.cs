using ThiDua.Bench.Product;

namespace ThiDua.Bench.Rows;

/// <summary>
/// Row 12: the last days of a season, 21 writes and 210 reads a second whether or not the ones before are answered; then twice, four times … as many until the
/// 95th percentile passes a second. A write is a whole sheet. Its limit is a time, not another server.
/// </summary>
internal sealed class SteadyRow(Stage stage) : Row("steady", "21 writes and 210 reads a second, 95th percentile", "none: a time", "ms", Bound.ValueAtMost(100, 300))
{
    private const double Slowest = 1000;
    private const int MostTimes = 32;

    private DraftSeason _drafts = null!;

    public override bool AnchorNeedsWarmUp => false;

    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        _drafts = await (await stage.ProductAsync(ct)).DraftsAsync(ct);
        return null;
    }

    public override Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct) => Task.FromResult(new Sample(1));

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        var steady = await SteadyLoad.RunAsync(stage, _drafts, 1, time, ct);
        var highest = 0;
        for (var times = 1; times <= MostTimes; times *= 2)
        {
            var sample = times == 1 ? steady : await SteadyLoad.RunAsync(stage, _drafts, times, time, ct);
            if (sample.Value > Slowest || sample.Failed > 0)
            {
                break;
            }

            highest = times;
        }

        return steady with { Note = $"{(steady.Note is { } note ? $"{note}; " : "")}{highest} times that rate before the 95th percentile passes 1 s" };
    }
}
