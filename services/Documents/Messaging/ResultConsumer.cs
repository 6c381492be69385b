using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;

namespace ThiDua.Documents.Messaging;

/// <summary>
/// Keeps whether a cluster's result stands decided. A decision is newer than what was known, its being opened again at least as new: so a
/// decision that arrives after its own reopening changes nothing. Both facts are kept beside it, each the latest of its kind.
/// </summary>
public sealed class ResultConsumer(DocumentsDbContext db) : IConsumer<ClusterResultDecided>, IConsumer<ClusterResultReopened>
{
    public async Task Consume(ConsumeContext<ClusterResultDecided> context)
    {
        var (decided, ct) = (context.Message, context.CancellationToken);
        await KeepAsync(decided.ClusterId, decided: true, decided.Version, decided.Version - 1, ct);
        await db.KeepAsync(decided, $"{decided.ClusterId}", decided.Version, decided.Season, decided.ClusterId, unit: null, ct);
    }

    public async Task Consume(ConsumeContext<ClusterResultReopened> context)
    {
        var (reopened, ct) = (context.Message, context.CancellationToken);
        await KeepAsync(reopened.ClusterId, decided: false, reopened.Version, reopened.Version, ct);
        await db.KeepAsync(reopened, $"{reopened.ClusterId}", reopened.Version, reopened.Season, reopened.ClusterId, unit: null, ct);
    }

    private async Task KeepAsync(Guid cluster, bool decided, int version, int replaces, CancellationToken ct) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into known_results (cluster_id, decided, version) values ({cluster}, {decided}, {version})
            on conflict (cluster_id) do update set decided = excluded.decided, version = excluded.version
            where known_results.version <= {replaces}
            """,
            ct);
}
