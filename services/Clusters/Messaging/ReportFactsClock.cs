using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Messaging;

/// <summary>
/// Looks every hour whether reports have become later without anybody doing anything: a day has passed the cut-off, a holiday or a rule
/// was entered. Seasons past appraisal keep what was told of them.
/// </summary>
internal sealed class ReportFactsClock(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ReportFactsClock> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var season in await OpenSeasonsAsync(stoppingToken))
                {
                    await TellAsync(season, stoppingToken);
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                logger.LogWarning(fault, "The lateness of reports was not looked at; the next round tries again");
            }
        }
    }

    private async Task<List<string>> OpenSeasonsAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClustersDbContext>();
        var phases = Enum.GetValues<SeasonPhase>().Where(phase => phase <= SeasonPhase.Appraisal).ToArray();
        return await db.Seasons.Where(season => phases.Contains(season.Phase)).Select(season => season.Code).ToListAsync(ct);
    }

    private async Task TellAsync(string code, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClustersDbContext>();
        scope.ServiceProvider.GetRequiredService<JournalContext>().Act("lateness of reports");
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockSeasonAsync(code, ct) is { } season)
        {
            await db.TellReportFactsAsync(season, clock.GetUtcNow(), ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }
    }
}
