using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;

namespace ThiDua.Scoring.Messaging;

/// <summary>
/// Keeps our own copies of units, seasons and clusters. An older fact never replaces a later one, also when both are handled at once:
/// the database compares the versions.
/// </summary>
public sealed class ClusterFactsConsumer(ScoringDbContext db) : IConsumer<UnitRegistered>, IConsumer<SeasonPhaseChanged>, IConsumer<ClusterFormed>
{
    public async Task Consume(ConsumeContext<UnitRegistered> context)
    {
        var fact = context.Message;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into units (code, name, version) values ({fact.Code}, {fact.Name}, {fact.Version})
            on conflict (code) do update set name = excluded.name, version = excluded.version where units.version < excluded.version
            """, context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<SeasonPhaseChanged> context)
    {
        var fact = context.Message;
        var phase = SeasonPhases.Parse(fact.Phase).ToString();
        await PhaseLock.TakeAsync(db, context.CancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into seasons (code, year, phase, version) values ({fact.Season}, {fact.Year}, {phase}, {fact.Version})
            on conflict (code) do update set year = excluded.year, phase = excluded.phase, version = excluded.version where seasons.version < excluded.version
            """, context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<ClusterFormed> context)
    {
        var fact = context.Message;
        var ct = context.CancellationToken;

        // Two versions of one cluster are handled one after the other.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({fact.ClusterId.ToString()}, 0))", ct);
        var cluster = await db.Clusters.Include(row => row.Members).SingleOrDefaultAsync(row => row.Id == fact.ClusterId, ct);
        if (cluster is null)
        {
            cluster = new ClusterCopy { Id = fact.ClusterId, Season = fact.Season, Code = fact.Code, Name = fact.Name, Leader = fact.Leader, Deputy = fact.Deputy };
            db.Add(cluster);
        }

        if (fact.Version > cluster.Version)
        {
            cluster.Take(fact.Code, fact.Name, fact.Leader, fact.Deputy, fact.Version);
            cluster.TakeMembers([.. fact.Members.Select(member => (member.Unit, member.Name, member.FemaleShare))]);
            await db.SaveChangesAsync(ct);
        }
    }
}
