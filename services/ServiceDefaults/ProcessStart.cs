using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace ThiDua.ServiceDefaults;

/// <summary>Tells Prometheus since when this process runs, and which build it is: <c>thidua_process_start_seconds{version}</c>.</summary>
internal static class ProcessStart
{
    private static readonly Meter s_meter = new(Telemetry.Name);

    public static void Announce()
    {
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        s_meter.CreateObservableGauge("thidua.process.start", () => new Measurement<double>(started, new KeyValuePair<string, object?>("version", version)), "s", "When this process started, in seconds since 1970.");
    }
}
