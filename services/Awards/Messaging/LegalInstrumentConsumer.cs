using MassTransit;
using ThiDua.Awards.Data;
using ThiDua.Contracts.Clusters;

namespace ThiDua.Awards.Messaging;

/// <summary>Keeps <see cref="KnownInstrument"/> current. Safe to run twice and out of order: the highest version wins.</summary>
public sealed class LegalInstrumentConsumer(AwardsDbContext db) : IConsumer<LegalInstrumentRegistered>
{
    public async Task Consume(ConsumeContext<LegalInstrumentRegistered> context)
    {
        var message = context.Message;
        await db.InTurnAsync($"{nameof(KnownInstrument)}/{message.Code}", context.CancellationToken);
        var known = await db.Instruments.FindAsync([message.Code], context.CancellationToken);
        if (known is null)
        {
            db.Add(new KnownInstrument { Code = message.Code, Fact = message, Version = message.Version });
        }
        else if (known.Version < message.Version)
        {
            (known.Fact, known.Version) = (message, message.Version);
        }

        await db.SaveChangesAsync(context.CancellationToken);
    }
}
