using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;

namespace ThiDua.Scoring.Messaging;

/// <summary>Keeps our own copies of units, seasons and clusters. An older fact never replaces a later one.</summary>
public sealed class ClusterFactsConsumer(ScoringDbContext db) : IConsumer<UnitRegistered>, IConsumer<SeasonPhaseChanged>, IConsumer<ClusterFormed>
{
    public async Task Consume(ConsumeContext<UnitRegistered> context)
    {
        var fact = context.Message;
        var unit = await db.Units.FindAsync([fact.Code], context.CancellationToken);
        if (unit is null)
        {
            unit = new UnitCopy { Code = fact.Code, Name = fact.Name };
            db.Add(unit);
        }

        if (fact.Version > unit.Version)
        {
            (unit.Name, unit.Version) = (fact.Name, fact.Version);
        }

        await db.SaveChangesAsync(context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<SeasonPhaseChanged> context)
    {
        var fact = context.Message;
        var season = await db.Seasons.FindAsync([fact.Season], context.CancellationToken);
        if (season is null)
        {
            season = new SeasonCopy { Code = fact.Season };
            db.Add(season);
        }

        if (fact.Version > season.Version)
        {
            (season.Year, season.Phase, season.Version) = (fact.Year, SeasonPhases.Parse(fact.Phase), fact.Version);
        }

        await db.SaveChangesAsync(context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<ClusterFormed> context)
    {
        var fact = context.Message;
        var cluster = await db.Clusters.Include(row => row.Members).SingleOrDefaultAsync(row => row.Id == fact.ClusterId, context.CancellationToken);
        if (cluster is null)
        {
            cluster = new ClusterCopy { Id = fact.ClusterId, Season = fact.Season, Code = fact.Code, Name = fact.Name, Leader = fact.Leader, Deputy = fact.Deputy };
            db.Add(cluster);
        }

        if (fact.Version > cluster.Version)
        {
            (cluster.Code, cluster.Name, cluster.Leader, cluster.Deputy, cluster.Version) = (fact.Code, fact.Name, fact.Leader, fact.Deputy, fact.Version);
            var told = fact.Members.ToDictionary(member => member.Unit, StringComparer.Ordinal);
            cluster.Members.RemoveAll(member => !told.ContainsKey(member.Unit));
            foreach (var member in fact.Members)
            {
                var known = cluster.Members.Find(row => row.Unit == member.Unit);
                if (known is null)
                {
                    known = new ClusterMemberCopy { ClusterId = fact.ClusterId, Season = fact.Season, Unit = member.Unit, Name = member.Name };
                    cluster.Members.Add(known);
                }

                (known.Name, known.FemaleShare) = (member.Name, member.FemaleShare);
            }
        }

        await db.SaveChangesAsync(context.CancellationToken);
    }
}
