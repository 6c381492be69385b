using ThiDua.Bench.Product;

namespace ThiDua.Bench.Rows;

/// <summary>What units wait at the rate of the last days while others hold the gateway's connections and send it more than it takes, against the same without them.</summary>
internal sealed class AttackRow(Stage stage) : Row("attack", "95th percentile under slow and oversize requests of others", "the same load alone", "ms", Bound.AtMost(1.20, 1.20))
{
    private DraftSeason _drafts = null!;
    private RunningProduct _product = null!;

    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        _product = await stage.ProductAsync(ct);
        _drafts = await _product.DraftsAsync(ct);
        return null;
    }

    public override Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct) => SteadyLoad.RunAsync(stage, _drafts, 1, time, ct);

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        await using var attackers = await Attackers.StartAsync(_product.Gateway, await _product.Client.TokenAsync(_drafts.AnyClerk, ct));
        var sample = await SteadyLoad.RunAsync(stage, _drafts, 1, time, ct);
        return sample with { Note = $"{(sample.Note is { } note ? $"{note}; " : "")}{attackers.Told()}" };
    }
}
