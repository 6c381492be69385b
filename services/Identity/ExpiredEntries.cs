using OpenIddict.Abstractions;
using ThiDua.Identity.Data;

namespace ThiDua.Identity;

/// <summary>Removes codes, refresh tokens, locks and signing keys that have run out, now and then.</summary>
public sealed class ExpiredEntries(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ExpiredEntries> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(6);
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var before = clock.GetUtcNow() - s_kept;
                await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(before, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<LockOut>().ForgetExpiredAsync(stoppingToken);
                scope.ServiceProvider.GetRequiredService<ServiceDefaults.JournalContext>().Act("remove retired keys");
                await scope.ServiceProvider.GetRequiredService<StoredKeys>().RemoveRetiredAsync(scope.ServiceProvider.GetRequiredService<IdentityDbContext>(), stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogWarning(exception, "Removing expired entries failed; the next round tries again");
            }
        }
    }
}
