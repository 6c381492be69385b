using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Scoring;

namespace ThiDua.Clusters.Messaging;

/// <summary>Keeps <see cref="ClusterDepth"/> for the province overview. Safe to run twice and in any order: the latest decision counts.</summary>
public sealed class ClusterIndicatorsConsumer(ClustersDbContext db) : IConsumer<ClusterIndicatorsComputed>
{
    public async Task Consume(ConsumeContext<ClusterIndicatorsComputed> context)
    {
        var (told, ct) = (context.Message, context.CancellationToken);

        // Seasons and clusters are this service's own: a fact about one that it does not have is about nothing.
        if (await db.LockSeasonAsync(told.Season, ct) is null || !await db.Clusters.AnyAsync(cluster => cluster.Id == told.ClusterId && cluster.Season == told.Season, ct))
        {
            return;
        }

        var depth = await db.Depths.FindAsync([told.ClusterId], ct);
        if (depth is null)
        {
            depth = new ClusterDepth { ClusterId = told.ClusterId, Season = told.Season };
            db.Add(depth);
        }

        depth.Take(
            told.ResultVersion,
            new DepthFigures(told.Sheets, told.ReturnedSheets, told.Lines, told.EvidencedLines, told.ComparedLines, told.UnchangedLines, told.Max, told.Spread, told.MeanInflation, told.Formalism, told.Explanation),
            told.ComputedAt);
        await db.SaveChangesAsync(ct);
    }
}
