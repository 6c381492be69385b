using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ThiDua.ServiceDefaults;

/// <summary>The checks behind readiness as a metric, so that an alert can name the one that fails: 1 healthy, 0.5 degraded, 0 unhealthy.</summary>
internal sealed class HealthGauge : IHealthCheckPublisher
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_validFor = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock = TimeProvider.System; // how old a report is has nothing to do with the clock of the business
    private (HealthReport Report, long At)? _latest;

    public HealthGauge(IMeterFactory meters) => meters.Create(Telemetry.Name)
        .CreateObservableGauge("thidua_health", Measure, description: "Health checks of this process: 1 healthy, 0.5 degraded, 0 unhealthy");

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        _latest = (report, _clock.GetTimestamp());
        return Task.CompletedTask;
    }

    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IHealthCheckPublisher, HealthGauge>();
        services.Configure<HealthCheckPublisherOptions>(publisher => (publisher.Delay, publisher.Period) = (TimeSpan.FromSeconds(1), s_every));
    }

    private IEnumerable<Measurement<double>> Measure() => _latest is { } latest && _clock.GetElapsedTime(latest.At) < s_validFor
        ? latest.Report.Entries.Select(entry => new Measurement<double>((int)entry.Value.Status / 2.0, new KeyValuePair<string, object?>("check", entry.Key)))
        : [];
}
