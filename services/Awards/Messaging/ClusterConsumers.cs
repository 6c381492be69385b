using MassTransit;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.Contracts.Clusters;

namespace ThiDua.Awards.Messaging;

/// <summary>Keeps <see cref="KnownSeason"/> current. Safe to run twice and out of order: the highest version wins.</summary>
public sealed class SeasonPhaseChangedConsumer(AwardsDbContext db) : IConsumer<SeasonPhaseChanged>
{
    public async Task Consume(ConsumeContext<SeasonPhaseChanged> context)
    {
        var message = context.Message;
        await db.InTurnAsync($"{nameof(KnownSeason)}/{message.Season}", context.CancellationToken);
        var season = await db.Seasons.FindAsync([message.Season], context.CancellationToken);
        if (season is null)
        {
            db.Add(new KnownSeason { Code = message.Season, Year = message.Year, Phase = message.Phase, Version = message.Version });
        }
        else if (season.Version < message.Version)
        {
            (season.Year, season.Phase, season.Version) = (message.Year, message.Phase, message.Version);
        }

        await db.SaveChangesAsync(context.CancellationToken);
    }
}

/// <summary>Keeps <see cref="KnownUnit"/> current. Safe to run twice and out of order: the highest version wins.</summary>
public sealed class UnitRegisteredConsumer(AwardsDbContext db) : IConsumer<UnitRegistered>
{
    public async Task Consume(ConsumeContext<UnitRegistered> context)
    {
        var message = context.Message;
        await db.InTurnAsync($"{nameof(KnownUnit)}/{message.Code}", context.CancellationToken);
        var unit = await db.Units.FindAsync([message.Code], context.CancellationToken);
        if (unit is null)
        {
            db.Add(new KnownUnit { Code = message.Code, Name = message.Name, Version = message.Version });
        }
        else if (unit.Version < message.Version)
        {
            (unit.Name, unit.Version) = (message.Name, message.Version);
        }

        await db.SaveChangesAsync(context.CancellationToken);
    }
}

/// <summary>Keeps <see cref="KnownCluster"/> current. Safe to run twice and out of order: the highest version wins.</summary>
public sealed class ClusterFormedConsumer(AwardsDbContext db) : IConsumer<ClusterFormed>
{
    public async Task Consume(ConsumeContext<ClusterFormed> context)
    {
        var message = context.Message;
        await db.InTurnAsync($"{nameof(KnownCluster)}/{message.ClusterId}", context.CancellationToken);
        var cluster = await db.Clusters.FindAsync([message.ClusterId], context.CancellationToken);
        if (cluster is null)
        {
            db.Add(new KnownCluster
            {
                Id = message.ClusterId,
                Season = message.Season,
                Code = message.Code,
                Name = message.Name,
                Leader = message.Leader,
                Deputy = message.Deputy,
                Size = message.Members.Count,
                Version = message.Version,
            });
        }
        else if (cluster.Version < message.Version)
        {
            (cluster.Code, cluster.Name, cluster.Leader, cluster.Deputy) = (message.Code, message.Name, message.Leader, message.Deputy);
            (cluster.Size, cluster.Version) = (message.Members.Count, message.Version);
        }

        await db.SaveChangesAsync(context.CancellationToken);
    }
}
