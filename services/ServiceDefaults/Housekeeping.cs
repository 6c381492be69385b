using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// Removes what was kept only against repetition, handled messages after two weeks and stored answers after two days, and what was kept only
/// for a restore: sent messages after <c>Outbox:KeepDays</c>.
/// </summary>
internal sealed class Housekeeping(IServiceScopeFactory scopes, IConfiguration configuration, TimeProvider clock, ILogger<Housekeeping> logger) : BackgroundService
{
    private const int KeepSentDays = 7;
    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_keepMessages = TimeSpan.FromDays(14);
    private static readonly TimeSpan s_keepAnswers = TimeSpan.FromDays(2);

    // A message that is sent again must still be known where it was handled.
    private readonly TimeSpan _keepSent = configuration.GetValue("Outbox:KeepDays", KeepSentDays) is > 0 and var days && TimeSpan.FromDays(days) < s_keepMessages
        ? TimeSpan.FromDays(days)
        : throw new InvalidOperationException($"Outbox:KeepDays must lie between 1 and {s_keepMessages.Days - 1}.");

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
                var sentBefore = clock.GetUtcNow() - _keepSent;
                var answersBefore = clock.GetUtcNow() - s_keepAnswers;
                await db.Set<InboxMessage>().Where(message => message.ReceivedAt < messagesBefore).ExecuteDeleteAsync(stoppingToken);
                await db.Set<SentMessage>().Where(message => message.SentAt < sentBefore).ExecuteDeleteAsync(stoppingToken);
                await db.Set<StoredAnswer>().Where(answer => answer.StoredAt < answersBefore).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                logger.LogWarning(fault, "Housekeeping failed; the next round tries again");
            }
        }
    }
}
