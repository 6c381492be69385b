using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ThiDua.ServiceDefaults;

/// <summary>Logs, metrics and traces of one process: over OTLP when an endpoint is configured, and for Prometheus at <c>/metrics</c>.</summary>
public static class Telemetry
{
    /// <summary>Of the meters and activity sources of our own.</summary>
    public const string Name = "ThiDua";

    internal static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        // What fails in Entity Framework is thrown, and logged there if nobody expected it.
        // One line for what a service does, none for every statement and request that its metrics and traces already count.
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information).AddFilter("Yarp", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Services.Insert(0, ServiceDescriptor.Singleton<ConsoleFormatter, JsonLines>()); // the console takes the first of a name
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("MassTransit", "Npgsql", Name)
                .AddViews()
                .AddPrometheusExporter())
            .WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation(http => http.Filter = context => !context.Request.Path.StartsWithSegments("/health") && !context.Request.Path.StartsWithSegments("/metrics"))
                .AddSource("MassTransit", Name));

        // A trace's id goes from the gateway to the last consumer in any case. Its spans of statements and calls, and a second copy of
        // every log line, cost a good part of a request: they are made only when somebody collects them.
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            telemetry.WithTracing(tracing => tracing.AddHttpClientInstrumentation().AddNpgsql());
            builder.Logging.AddOpenTelemetry(logging =>
            {
                logging.IncludeScopes = true;
                logging.IncludeFormattedMessage = true;
            });
            telemetry.UseOtlpExporter();
        }
    }
}
