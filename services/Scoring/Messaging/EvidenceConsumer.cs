using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Documents;
using ThiDua.Scoring.Data;

namespace ThiDua.Scoring.Messaging;

/// <summary>Counts the evidence of each line. A rejection counts even when it overtakes the news of the storing.</summary>
public sealed class EvidenceConsumer(ScoringDbContext db) : IConsumer<EvidenceStored>, IConsumer<EvidenceRejected>
{
    public async Task Consume(ConsumeContext<EvidenceStored> context)
    {
        var fact = context.Message;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into evidence (id, season, unit, criterion, is_rejected) values ({fact.EvidenceId}, {fact.Season}, {fact.Unit}, {fact.Criterion}, false)
            on conflict (id) do nothing
            """, context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<EvidenceRejected> context)
    {
        var fact = context.Message;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into evidence (id, season, unit, criterion, is_rejected) values ({fact.EvidenceId}, {fact.Season}, {fact.Unit}, {fact.Criterion}, true)
            on conflict (id) do update set is_rejected = true
            """, context.CancellationToken);
    }
}
