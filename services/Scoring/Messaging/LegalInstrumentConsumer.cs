using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.Scoring.Data;

namespace ThiDua.Scoring.Messaging;

/// <summary>Keeps our copy of the register of law. An older fact never replaces a later one: the database compares the versions.</summary>
public sealed class LegalInstrumentConsumer(ScoringDbContext db) : IConsumer<LegalInstrumentRegistered>
{
    public async Task Consume(ConsumeContext<LegalInstrumentRegistered> context)
    {
        var (told, json) = (context.Message, JsonSerializer.Serialize(context.Message, ScoringDbContext.StoredJson));
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into legal_instruments (code, fact, version) values ({told.Code}, {json}::jsonb, {told.Version})
            on conflict (code) do update set fact = excluded.fact, version = excluded.version where legal_instruments.version < excluded.version
            """, context.CancellationToken);
    }
}
