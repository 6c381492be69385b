using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Scoring;

namespace ThiDua.Clusters.Messaging;

/// <summary>
/// Keeps the steps of sheets and the decided results that Scoring tells of, and with them the obligations that they meet and the history
/// of units. Safe to run twice and in any order: both are kept by their version, and obligations are worked out from all of them.
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
        return TakeResultAsync(fact.Season, fact.ClusterId, result => result.Decided(fact.Code, fact.Name, fact.Version, fact.DecidedAt, fact.Ranking.Select(unit => new UnitStanding(unit.Unit, unit.Total, unit.Rank))), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<ClusterResultReopened> context)
    {
        var fact = context.Message;
        return TakeResultAsync(fact.Season, fact.ClusterId, result => result.Reopened(fact.Version), context.CancellationToken);
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

    private async Task TakeResultAsync(string seasonCode, Guid clusterId, Action<DecidedResult> take, CancellationToken ct)
    {
        var known = await LockAsync(seasonCode, clusterId, ct);

        // Two versions of one result are handled one after the other, also of a cluster that is not ours: its units may be.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({clusterId.ToString()}, 0))", ct);
        var result = await db.DecidedResults.SingleOrDefaultAsync(decided => decided.ClusterId == clusterId, ct);
        if (result is null)
        {
            result = DecidedResult.Of(clusterId, seasonCode);
            db.Add(result);
        }

        take(result);
        if (known is var (season, cluster))
        {
            await KeepAsync(season, cluster, ct);
        }
    }

    // Seasons and clusters are this service's own: about one that it does not have nothing is owed.
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
