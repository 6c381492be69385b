using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;

namespace ThiDua.Documents.Messaging;

/// <summary>
/// Keeps whether a cluster's result stands decided. A decision is newer than what was known, its being opened again at least as new: so a
/// decision that arrives after its own reopening changes nothing.
/// </summary>
public sealed class ResultConsumer(DocumentsDbContext db) : IConsumer<ClusterResultDecided>, IConsumer<ClusterResultReopened>
{
    public Task Consume(ConsumeContext<ClusterResultDecided> context) =>
        KeepAsync(context.Message.ClusterId, decided: true, context.Message.Version, context.Message.Version - 1, context.CancellationToken);

    public Task Consume(ConsumeContext<ClusterResultReopened> context) =>
        KeepAsync(context.Message.ClusterId, decided: false, context.Message.Version, context.Message.Version, context.CancellationToken);

    private async Task KeepAsync(Guid cluster, bool decided, int version, int replaces, CancellationToken ct) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into known_results (cluster_id, decided, version) values ({cluster}, {decided}, {version})
            on conflict (cluster_id) do update set decided = excluded.decided, version = excluded.version
            where known_results.version <= {replaces}
            """,
            ct);
}
