using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.Documents.Data;

namespace ThiDua.Documents.Messaging;

/// <summary>
/// Keeps which seasons run, who is in which cluster and who reviews, and the facts themselves. Each is one statement, so that of two
/// versions at one moment the newer stays.
/// </summary>
public sealed class ClusterConsumer(DocumentsDbContext db) : IConsumer<ClusterFormed>, IConsumer<SeasonPhaseChanged>
{
    public async Task Consume(ConsumeContext<ClusterFormed> context)
    {
        var formed = context.Message;
        var members = formed.Members.Select(member => member.Unit).ToArray();
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into known_clusters (id, season, leader, deputy, members, version)
            values ({formed.ClusterId}, {formed.Season}, {formed.Leader}, {formed.Deputy}, {members}, {formed.Version})
            on conflict (id) do update
            set season = excluded.season, leader = excluded.leader, deputy = excluded.deputy, members = excluded.members, version = excluded.version
            where known_clusters.version < excluded.version
            """,
            context.CancellationToken);
        await db.KeepAsync(formed, $"{formed.ClusterId}", formed.Version, formed.Season, formed.ClusterId, unit: null, context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<SeasonPhaseChanged> context)
    {
        var season = context.Message;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into known_seasons (code, closed, type, year, version) values ({season.Season}, {season.Phase == "CLOSED"}, {season.Type}, {season.Year}, {season.Version})
            on conflict (code) do update set closed = excluded.closed, type = excluded.type, year = excluded.year, version = excluded.version
            where known_seasons.version < excluded.version
            """,
            context.CancellationToken);
        await db.KeepAsync(season, season.Season, season.Version, season.Season, cluster: null, unit: null, context.CancellationToken);
    }
}
