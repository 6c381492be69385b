using System.Globalization;
using ThiDua.Tests.Support;

namespace ThiDua.Bench.Rows;

/// <summary>Row 10: memory of the whole system, shared pages counted once, against bare servers and 40 MB for each of its .NET processes.</summary>
internal sealed class MemoryRow(Stage stage) : Row("memory", "memory of the whole system after the rows before", "bare PostgreSQL and RabbitMQ, 40 MB a .NET process", "MB", Bound.AtMost(2.2, 3))
{
    private const double DotnetProcess = 40;

    public override bool AnchorNeedsWarmUp => false;

    public override bool ProductNeedsWarmUp => false;

    public override bool NeedsQuiet => false;

    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await stage.ProductAsync(ct);
        return null;
    }

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct)
    {
        using var directory = TemporaryDirectory.Create("thidua-bench-memory-");
        await using var broker = await BrokerServer.StartAsync(directory);
        await stage.PostgresAsync(ct);
        var own = Processes.Below(Environment.ProcessId);
        var product = Processes.Below(await (await stage.ProductAsync(ct)).ProcessAsync(ct));
        var servers = own.Except(product).Where(process => Processes.CommandOf(process) is var command && (command.Contains("postgres", StringComparison.Ordinal) || command.Contains("beam", StringComparison.Ordinal) || command.Contains("epmd", StringComparison.Ordinal)));
        var dotnet = product.Count(process => Processes.CommandOf(process).StartsWith("dotnet", StringComparison.Ordinal) || Processes.CommandOf(process).Contains("/dotnet", StringComparison.Ordinal));
        return new Sample(servers.Sum(Processes.Megabytes) + (dotnet * DotnetProcess), Note: string.Create(CultureInfo.InvariantCulture, $"{dotnet} .NET processes"));
    }

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct) =>
        new(Processes.Below(await (await stage.ProductAsync(ct)).ProcessAsync(ct)).Sum(Processes.Megabytes));
}
