using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ThiDua.ServiceDefaults;

/// <summary>Removes what was kept only against repetition: handled messages after two weeks, stored answers after two days.</summary>
internal sealed class Housekeeping(IServiceScopeFactory scopes, TimeProvider clock, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_keepMessages = TimeSpan.FromDays(14);
    private static readonly TimeSpan s_keepAnswers = TimeSpan.FromDays(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<DbContext>();
                var messagesBefore = clock.GetUtcNow() - s_keepMessages;
                var answersBefore = clock.GetUtcNow() - s_keepAnswers;
                await db.Set<InboxMessage>().Where(message => message.ReceivedAt < messagesBefore).ExecuteDeleteAsync(stoppingToken);
                await db.Set<StoredAnswer>().Where(answer => answer.StoredAt < answersBefore).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                logger.LogWarning(fault, "Housekeeping failed; the next round tries again");
            }
        }
    }
}
