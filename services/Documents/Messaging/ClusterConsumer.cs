using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.Documents.Data;

namespace ThiDua.Documents.Messaging;

/// <summary>Keeps who is in which cluster and who reviews. One statement, so that of two versions at one moment the newer stays.</summary>
public sealed class ClusterConsumer(DocumentsDbContext db) : IConsumer<ClusterFormed>
{
    public Task Consume(ConsumeContext<ClusterFormed> context)
    {
        var formed = context.Message;
        var members = formed.Members.Select(member => member.Unit).ToArray();
        return db.Database.ExecuteSqlAsync(
            $"""
            insert into known_clusters (id, season, leader, deputy, members, version)
            values ({formed.ClusterId}, {formed.Season}, {formed.Leader}, {formed.Deputy}, {members}, {formed.Version})
            on conflict (id) do update
            set season = excluded.season, leader = excluded.leader, deputy = excluded.deputy, members = excluded.members, version = excluded.version
            where known_clusters.version < excluded.version
            """,
            context.CancellationToken);
    }
}
