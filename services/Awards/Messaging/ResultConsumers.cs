using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.Contracts.Scoring;

namespace ThiDua.Awards.Messaging;

/// <summary>
/// Keeps the latest decided result of each cluster; nominations drawn up from an earlier one wait.
/// Safe to run twice and out of order: the highest version wins.
/// </summary>
public sealed class ClusterResultDecidedConsumer(AwardsDbContext db) : IConsumer<ClusterResultDecided>
{
    public async Task Consume(ConsumeContext<ClusterResultDecided> context)
    {
        var message = context.Message;
        var result = await db.ResultOfAsync(message.ClusterId, message.Season, message.Code, context.CancellationToken);
        if (result.Decided(FactsOf(message)))
        {
            await db.LetListsWaitAsync(message.ClusterId, before: message.Version, context.CancellationToken);
        }

        await db.SaveChangesAsync(context.CancellationToken);
    }

    private static ClusterResult FactsOf(ClusterResultDecided message) => new()
    {
        ClusterId = message.ClusterId,
        Season = message.Season,
        Year = message.Year,
        Code = message.Code,
        Name = message.Name,
        Size = message.Size,
        Leader = message.Leader,
        Version = message.Version,
        Max = message.Max,
        Standings =
        [
            .. message.Ranking.Select(unit => new Standing
            {
                Unit = unit.Unit,
                Name = unit.Name,
                Rank = unit.Rank,
                Total = unit.Total,
                Groups = [.. unit.Groups.Select(group => new TaggedPoints(group.Code, group.Tag, group.Points))],
                Deductions = unit.Deductions,
                FemaleShare = unit.FemaleShare,
                SelfTotal = unit.SelfTotal,
                ReviewTotal = unit.ReviewTotal,
            }),
        ],
    };
}

/// <summary>A result was opened again: what was drawn up from it waits for the next version.</summary>
public sealed class ClusterResultReopenedConsumer(AwardsDbContext db) : IConsumer<ClusterResultReopened>
{
    public async Task Consume(ConsumeContext<ClusterResultReopened> context)
    {
        var message = context.Message;
        var result = await db.ResultOfAsync(message.ClusterId, message.Season, message.Code, context.CancellationToken);
        if (result.Reopened(message.Version))
        {
            await db.LetListsWaitAsync(message.ClusterId, before: message.Version + 1, context.CancellationToken);
        }

        await db.SaveChangesAsync(context.CancellationToken);
    }
}

internal static class ResultCopies
{
    public static async Task<KnownResult> ResultOfAsync(this AwardsDbContext db, Guid clusterId, string season, string code, CancellationToken ct)
    {
        await db.InTurnAsync($"{nameof(KnownResult)}/{clusterId}", ct);
        var result = await db.Results.FindAsync([clusterId], ct);
        if (result is null)
        {
            result = KnownResult.Of(clusterId, season, code);
            db.Add(result);
        }

        return result;
    }

    public static async Task LetListsWaitAsync(this AwardsDbContext db, Guid clusterId, int before, CancellationToken ct)
    {
        var lists = await db.NominationLists
            .Where(list => list.ClusterId == clusterId && list.State == NominationListState.Current && list.ResultVersion < before)
            .ToListAsync(ct);
        lists.ForEach(list => list.Wait());
    }
}
