using System.Reflection;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// A service on the broker: one quorum queue with its name for everything it listens to, consumers that take effect once,
/// and messages of its own that leave with the commit they tell of.
/// </summary>
public static class Messaging
{
    private const string ConnectionName = "rabbitmq";

    public static void AddMessaging<TContext>(this WebApplicationBuilder builder, Assembly consumers)
        where TContext : DbContext
    {
        var address = new Uri(builder.Configuration.GetConnectionString(ConnectionName)
            ?? throw new InvalidOperationException($"ConnectionStrings:{ConnectionName} is missing."));
        var services = builder.Services;

        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry(); // nothing leaves a data centre that nobody asked for
            bus.AddConsumers(consumers);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(address);
                var queue = context.GetRequiredService<ServiceIdentity>().Name;
                rabbit.ReceiveEndpoint(queue, endpoint =>
                {
                    endpoint.SetQuorumQueue();
                    endpoint.PrefetchCount = 32;
                    endpoint.ConcurrentMessageLimit = 4;
                    // While the database is away a message waits here; what a message itself breaks is tried three times and then
                    // goes to the error queue.
                    endpoint.UseMessageRetry(retry =>
                    {
                        retry.Interval(600, TimeSpan.FromMilliseconds(500));
                        retry.Handle<Exception>(DatabaseFaults.IsTransient);
                    });
                    endpoint.UseMessageRetry(retry =>
                    {
                        retry.Intervals(50, 250, 1000);
                        retry.Handle<Exception>(fault => !DatabaseFaults.IsTransient(fault));
                    });
                    endpoint.UseConsumeFilter(typeof(InboxFilter<>), context);
                    endpoint.ConfigureConsumers(context);
                });
            });
        });

        // A service must be able to answer while the broker is away; readiness tells.
        services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = false);
        services.AddHostedService<OutboxDispatcher>();
        services.AddHostedService<Housekeeping>();
        services.AddSingleton(new BrokerAddress(address));
        services.AddSingleton<ErrorQueue>();
        services.AddSingleton<ErrorQueueCheck>();
        services.AddHealthChecks().AddCheck<ErrorQueueCheck>("error-queue", timeout: TimeSpan.FromSeconds(5));
    }

    /// <summary>Messages that could not be handled stay in the error queue until an operator puts them back: not ready for long, but not down.</summary>
    private sealed class ErrorQueueCheck(ErrorQueue errors) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var messages = await errors.CountAsync(cancellationToken);
            return messages == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(data: new Dictionary<string, object> { ["messages"] = messages });
        }
    }
}

/// <summary>Where the broker is, for what speaks to it beside MassTransit.</summary>
internal sealed record BrokerAddress(Uri Address);
