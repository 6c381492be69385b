using MassTransit;
using ThiDua.Contracts.Documents;
using ThiDua.Scoring.Data;

namespace ThiDua.Scoring.Messaging;

/// <summary>Counts the evidence of each line. A rejection counts even when it overtakes the news of the storing.</summary>
public sealed class EvidenceConsumer(ScoringDbContext db) : IConsumer<EvidenceStored>, IConsumer<EvidenceRejected>
{
    public async Task Consume(ConsumeContext<EvidenceStored> context)
    {
        var fact = context.Message;
        if (await db.Evidence.FindAsync([fact.EvidenceId], context.CancellationToken) is null)
        {
            db.Add(new EvidenceCopy { Id = fact.EvidenceId, Season = fact.Season, Unit = fact.Unit, Criterion = fact.Criterion });
            await db.SaveChangesAsync(context.CancellationToken);
        }
    }

    public async Task Consume(ConsumeContext<EvidenceRejected> context)
    {
        var fact = context.Message;
        var evidence = await db.Evidence.FindAsync([fact.EvidenceId], context.CancellationToken);
        if (evidence is null)
        {
            evidence = new EvidenceCopy { Id = fact.EvidenceId, Season = fact.Season, Unit = fact.Unit, Criterion = fact.Criterion };
            db.Add(evidence);
        }

        evidence.IsRejected = true;
        await db.SaveChangesAsync(context.CancellationToken);
    }
}
