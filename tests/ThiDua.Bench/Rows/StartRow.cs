using System.Diagnostics;
using ThiDua.Tests.Support;

namespace ThiDua.Bench.Rows;

/// <summary>Row 9: the whole system on an empty directory, from its start to the first read through the gateway, against RabbitMQ alone.</summary>
internal sealed class StartRow(Stage stage) : Row("start", "start of the whole system, to the first read", "start of RabbitMQ alone", "s", Bound.AtMost(1.3, 3))
{
    public override bool AnchorNeedsWarmUp => false;

    public override bool ProductNeedsWarmUp => false;

    public override Task<string?> PrepareAsync(CancellationToken ct) => Task.FromResult<string?>(null);

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct)
    {
        using var directory = TemporaryDirectory.Create("thidua-bench-start-");
        var clock = Stopwatch.StartNew();
        await using var broker = await BrokerServer.StartAsync(directory);
        return new Sample(clock.Elapsed.TotalSeconds);
    }

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        await using var product = await stage.AnotherProductAsync(ct);
        await product.Client.GetAsync(product.Cast.Admin, "/seasons", ct);
        return new Sample(clock.Elapsed.TotalSeconds);
    }
}
