using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Scoring;

namespace ThiDua.Clusters.Messaging;

/// <summary>Keeps the latest decided result of each cluster for the history of its units. Safe to run twice and in any order: the highest version wins.</summary>
public sealed class ResultConsumer(ClustersDbContext db) : IConsumer<ClusterResultDecided>, IConsumer<ClusterResultReopened>
{
    public async Task Consume(ConsumeContext<ClusterResultDecided> context)
    {
        var fact = context.Message;
        var result = await ResultOfAsync(fact.ClusterId, fact.Season, context.CancellationToken);
        result.Decided(fact.Code, fact.Name, fact.Version, fact.Ranking.Select(unit => new UnitStanding(unit.Unit, unit.Total, unit.Rank)));
        await db.SaveChangesAsync(context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<ClusterResultReopened> context)
    {
        var fact = context.Message;
        var result = await ResultOfAsync(fact.ClusterId, fact.Season, context.CancellationToken);
        result.Reopened(fact.Version);
        await db.SaveChangesAsync(context.CancellationToken);
    }

    private async Task<DecidedResult> ResultOfAsync(Guid clusterId, string season, CancellationToken ct)
    {
        // Two versions of one result are handled one after the other.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({clusterId.ToString()}, 0))", ct);
        var result = await db.DecidedResults.SingleOrDefaultAsync(known => known.ClusterId == clusterId, ct);
        if (result is null)
        {
            result = DecidedResult.Of(clusterId, season);
            db.Add(result);
        }

        return result;
    }
}

/// <summary>Keeps what the council decided on units, for their history; of two facts about one ballot the later version stays.</summary>
public sealed class AwardConsumer(ClustersDbContext db) : IConsumer<AwardDecided>
{
    public async Task Consume(ConsumeContext<AwardDecided> context)
    {
        var fact = context.Message;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into decided_awards (nomination_id, award, season, unit, passed, version, decided_at)
            values ({fact.NominationId}, {fact.Award}, {fact.Season}, {fact.Unit}, {fact.Passed}, {fact.Version}, {fact.At.ToUniversalTime()})
            on conflict (nomination_id, award) do update set season = excluded.season, unit = excluded.unit, passed = excluded.passed, version = excluded.version, decided_at = excluded.decided_at
            where decided_awards.version < excluded.version
            """, context.CancellationToken);
    }
}
