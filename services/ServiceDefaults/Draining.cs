using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// A process that was asked to end says at once that it is not ready, and goes on serving for as long as those who send it requests need
/// to notice: <c>Shutdown:DrainSeconds</c> (0: nobody else could serve them). Only then does it close its port and finish what is in flight.
/// </summary>
public sealed class Draining : IHostedLifecycleService, IHealthCheck
{
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeSpan _period;
    private volatile bool _isStopping;

    public Draining(IHostApplicationLifetime lifetime, IConfiguration configuration)
    {
        _lifetime = lifetime;
        var seconds = configuration.GetValue("Shutdown:DrainSeconds", 0);
        _period = seconds is >= 0 and <= 20 ? TimeSpan.FromSeconds(seconds) : throw new InvalidOperationException("Shutdown:DrainSeconds must be from 0 to 20: the host gives up after 30 seconds.");
    }

    /// <summary>Whether this process will end.</summary>
    public bool IsOn => _isStopping || _lifetime.ApplicationStopping.IsCancellationRequested;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(IsOn ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        return Task.Delay(_period, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
