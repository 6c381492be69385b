using System.Globalization;
using ThiDua.Bench.Bare;
using ThiDua.Tests.Support;

namespace ThiDua.Bench.Rows;

/// <summary>Row 10: memory of the whole system, shared pages counted once, against bare servers and 40 MB for each of its .NET processes.</summary>
internal abstract class SystemMemoryRow(string name, string title, Bound bound) : Row(name, title, "bare PostgreSQL and RabbitMQ, 40 MB a .NET process", "MB", bound)
{
    private const double DotnetProcess = 40;

    private int _dotnet;

    public override bool AnchorNeedsWarmUp => false;

    /// <summary>The product tells how many processes the anchor is to allow for.</summary>
    public override bool ProductNeedsWarmUp => true;

    public override bool NeedsQuiet => false;

    protected async Task<Sample> ProductAsync(Product.RunningProduct product, CancellationToken ct)
    {
        var processes = Processes.Below(await product.ProcessAsync(ct));
        _dotnet = processes.Count(process => Processes.CommandOf(process).Split(' ')[0].EndsWith("dotnet", StringComparison.Ordinal));
        return new Sample(processes.Sum(Processes.Megabytes));
    }

    protected Sample AnchorOf(IEnumerable<int> servers) =>
        new(servers.Sum(Processes.Megabytes) + (_dotnet * DotnetProcess), Note: string.Create(CultureInfo.InvariantCulture, $"{_dotnet} .NET processes"));
}

/// <summary>Just started and with nothing to do, on both sides.</summary>
internal sealed class IdleMemoryRow(Stage stage) : SystemMemoryRow("memory-idle", "memory of the whole system, idle", Bound.AtMost(1.6, 3))
{
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(15);

    public override Task<string?> PrepareAsync(CancellationToken ct) => Task.FromResult<string?>(null);

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct)
    {
        var others = Processes.Below(Environment.ProcessId);
        using var directory = TemporaryDirectory.Create("thidua-bench-idle-");
        await using var broker = await BrokerServer.StartAsync(directory);
        await using var postgres = await BarePostgres.StartAsync(directory, filled: false, ct);
        await Task.Delay(s_settling, ct);
        return AnchorOf(Processes.Below(Environment.ProcessId).Except(others));
    }

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        await using var product = await stage.AnotherProductAsync(ct);
        await Task.Delay(s_settling, ct);
        return await ProductAsync(product, ct);
    }
}

/// <summary>As it is after the rows before.</summary>
internal sealed class MemoryRow(Stage stage) : SystemMemoryRow("memory", "memory of the whole system after the rows before", Bound.AtMost(2.2, 3))
{
    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await stage.PostgresAsync(ct);
        await stage.ProductAsync(ct);
        return null;
    }

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct)
    {
        var others = Processes.Below(Environment.ProcessId);
        using var directory = TemporaryDirectory.Create("thidua-bench-memory-");
        await using var broker = await BrokerServer.StartAsync(directory);
        return AnchorOf(Processes.Below(Environment.ProcessId).Except(others).Concat(Processes.Below((await stage.PostgresAsync(ct)).Process)));
    }

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct) => await ProductAsync(await stage.ProductAsync(ct), ct);
}
