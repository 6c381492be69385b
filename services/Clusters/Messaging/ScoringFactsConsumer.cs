using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Scoring;

namespace ThiDua.Clusters.Messaging;

/// <summary>
/// Keeps the steps of sheets and results that Scoring tells of, and with them the obligations that they meet. Safe to run twice and in
/// any order: steps are kept by their version, and obligations are worked out from all of them.
/// </summary>
public sealed class ScoringFactsConsumer(ClustersDbContext db, TimeProvider clock)
    : IConsumer<SheetSubmitted>, IConsumer<SheetReturned>, IConsumer<SheetExplained>, IConsumer<SheetReviewed>, IConsumer<ClusterResultDecided>, IConsumer<ClusterResultReopened>
{
    public Task Consume(ConsumeContext<SheetSubmitted> context)
    {
        var fact = context.Message;
        return TakeAsync(fact.SheetId, fact.Season, fact.ClusterId, fact.Unit, new SheetStep(fact.Version, SheetStepKind.Submitted, fact.At), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<SheetReturned> context)
    {
        var fact = context.Message;
        return TakeAsync(fact.SheetId, fact.Season, fact.ClusterId, fact.Unit, new SheetStep(fact.Version, SheetStepKind.Returned, fact.At, fact.ByStandingAgency ?? false), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<SheetExplained> context)
    {
        var fact = context.Message;
        return TakeAsync(fact.SheetId, fact.Season, fact.ClusterId, fact.Unit, new SheetStep(fact.Version, SheetStepKind.Explained, fact.At), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<SheetReviewed> context)
    {
        var fact = context.Message;
        return TakeAsync(fact.SheetId, fact.Season, fact.ClusterId, fact.Unit, new SheetStep(fact.Version, SheetStepKind.Reviewed, fact.At), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<ClusterResultDecided> context)
    {
        var fact = context.Message;
        return TakeResultAsync(fact.Season, fact.ClusterId, result => result.Decide(fact.Version, fact.DecidedAt), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<ClusterResultReopened> context)
    {
        var fact = context.Message;
        return TakeResultAsync(fact.Season, fact.ClusterId, result => result.Reopen(fact.Version), context.CancellationToken);
    }

    private async Task TakeAsync(Guid id, string seasonCode, Guid clusterId, string unit, SheetStep step, CancellationToken ct)
    {
        if (await LockAsync(seasonCode, clusterId, ct) is not var (season, cluster))
        {
            return;
        }

        var sheet = await db.SheetHistories.FindAsync([id], ct);
        if (sheet is null)
        {
            sheet = new SheetHistory { Id = id, Season = seasonCode, ClusterId = clusterId, Unit = unit };
            db.Add(sheet);
        }

        sheet.Take(step);
        await KeepAsync(season, cluster, ct);
    }

    private async Task TakeResultAsync(string seasonCode, Guid clusterId, Action<ResultHistory> take, CancellationToken ct)
    {
        if (await LockAsync(seasonCode, clusterId, ct) is not var (season, cluster))
        {
            return;
        }

        var result = await db.ResultHistories.FindAsync([clusterId], ct);
        if (result is null)
        {
            result = new ResultHistory { ClusterId = clusterId };
            db.Add(result);
        }

        take(result);
        await KeepAsync(season, cluster, ct);
    }

    // Seasons and clusters are this service's own: a fact about one that it does not have is about nothing.
    private async Task<(Season Season, Cluster Cluster)?> LockAsync(string seasonCode, Guid clusterId, CancellationToken ct) =>
        await db.LockSeasonAsync(seasonCode, ct) is { } season && await db.Clusters.SingleOrDefaultAsync(cluster => cluster.Id == clusterId && cluster.Season == seasonCode, ct) is { } cluster
            ? (season, cluster)
            : null;

    private async Task KeepAsync(Season season, Cluster cluster, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct); // what is worked out is read from the database
        await db.KeepObligationsAsync(season, [cluster], clock.GetUtcNow(), ct);
        await db.SaveChangesAsync(ct);
    }
}
