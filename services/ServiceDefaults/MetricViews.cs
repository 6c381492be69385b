using OpenTelemetry.Metrics;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// How fine durations are counted, and by what. Each bucket is a series for every route and answer: few of them, and among them the bounds of
/// the objectives (0.3 s and 1 s, docs/alerts.md). A label that grows with what is outside, such as the hosts that webhooks are sent to, goes.
/// </summary>
internal static class MetricViews
{
    // 300 clusters in each of the states of a sheet, and those of the season before: more than OpenTelemetry's limit of 2,000 for one metric.
    private const int MostSheetSeries = 10_000;

    private static readonly double[] s_requests = [0.025, 0.1, 0.3, 1, 3, 10];
    private static readonly double[] s_messages = [0.05, 0.3, 1, 3, 10, 60, 300];
    private static readonly double[] s_statements = [0.001, 0.01, 0.1, 1, 10];
    private static readonly double[] s_connections = [0.1, 10, 600];

    public static MeterProviderBuilder AddViews(this MeterProviderBuilder metrics) => metrics
        .AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = s_requests, TagKeys = ["http.route", "http.request.method", "http.response.status_code", "error.type"] })
        .AddView("http.client.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = s_requests, TagKeys = ["http.request.method", "http.response.status_code", "error.type"] })
        .AddView("http.client.request.time_in_queue", MetricStreamConfiguration.Drop)
        .AddView("http.client.connection.duration", MetricStreamConfiguration.Drop)
        .AddView("http.client.open_connections", new MetricStreamConfiguration { TagKeys = ["http.connection.state"] })
        .AddView("http.client.active_requests", new MetricStreamConfiguration { TagKeys = ["http.request.method"] })
        .AddView("dns.lookup.duration", new ExplicitBucketHistogramConfiguration { Boundaries = s_connections, TagKeys = ["error.type"] })
        .AddView("kestrel.connection.duration", new ExplicitBucketHistogramConfiguration { Boundaries = s_connections, TagKeys = ["error.type"] })
        .AddView("db.client.operation.duration", new ExplicitBucketHistogramConfiguration { Boundaries = s_statements })
        .AddView("db.client.connection.npgsql.create_time", new ExplicitBucketHistogramConfiguration { Boundaries = s_statements })
        .AddView("thidua.outbox.lag", new ExplicitBucketHistogramConfiguration { Boundaries = s_messages })
        .AddView("thidua.event.latency", new ExplicitBucketHistogramConfiguration { Boundaries = s_messages })
        .AddView("thidua_sheets", new MetricStreamConfiguration { CardinalityLimit = MostSheetSeries })

        // Names that promtool refuses: a gauge that ends in _count. Milliseconds, which it refuses too, count what thidua.event.latency counts.
        .AddView("db.client.connection.count", "db.client.connections")
        .AddView("dotnet.process.cpu.count", "dotnet.process.cpus")
        .AddView("dotnet.assembly.count", MetricStreamConfiguration.Drop)
        .AddView("dotnet.timer.count", MetricStreamConfiguration.Drop)
        .AddView(instrument => instrument.Meter.Name == "MassTransit" && instrument.Unit == "ms" ? MetricStreamConfiguration.Drop : null);
}
