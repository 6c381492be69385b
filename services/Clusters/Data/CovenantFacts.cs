using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>Brings covenants into force when nobody's signature is missing any more, and tells it.</summary>
internal static class CovenantFacts
{
    /// <summary>To be called whenever a signature, an exception or the members of the cluster have changed, under the season's lock.</summary>
    public static async Task SettleAsync(ClustersDbContext db, Covenant covenant, Cluster cluster, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!covenant.Settle([.. cluster.Members.Select(member => member.Unit)], now))
        {
            return;
        }

        var agreement = await db.RuleAsync<ClusterAgreement>(VietnamDate.Of(now), ct);
        db.Publish(new CovenantInForce
        {
            ClusterId = covenant.ClusterId,
            Season = covenant.Season,
            Cluster = covenant.Cluster,
            Clauses = [.. covenant.Clauses.Select(clause => new CovenantClauseInForce { Number = clause.Number, Text = clause.Text })],
            AgreementBy = UpperSnake.Of(agreement.By),
            Version = covenant.Version,
            At = now,
        });
    }

    /// <summary>The same after the members of a cluster have changed; most clusters have no covenant that waits.</summary>
    public static async Task SettleAsync(ClustersDbContext db, Cluster cluster, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Covenants.SingleOrDefaultAsync(covenant => covenant.ClusterId == cluster.Id, ct) is { } covenant)
        {
            await SettleAsync(db, covenant, cluster, clock, ct);
        }
    }

    /// <summary>Codes of the season's clusters whose covenant was drafted and never came into force.</summary>
    public static async Task<IReadOnlyList<string>> PendingAsync(ClustersDbContext db, string season, CancellationToken ct) =>
        await db.Covenants.AsNoTracking()
            .Where(covenant => covenant.Season == season && covenant.Parts.All(part => part.InForceAt == null))
            .OrderBy(covenant => covenant.Cluster).Select(covenant => covenant.Cluster).ToListAsync(ct);
}
