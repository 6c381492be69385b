using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Messaging;

/// <summary>Keeps whether a sheet lies with its unit or was handed in. A submission that arrives after its return changes nothing.</summary>
public sealed class SheetConsumer(DocumentsDbContext db, JournalContext journal, TimeProvider clock) : IConsumer<SheetSubmitted>, IConsumer<SheetReturned>
{
    public Task Consume(ConsumeContext<SheetSubmitted> context) =>
        KeepAsync(nameof(SheetSubmitted), context.Message.Season, context.Message.Unit, returned: false, context.Message.Version, context.CancellationToken);

    public Task Consume(ConsumeContext<SheetReturned> context) =>
        KeepAsync(nameof(SheetReturned), context.Message.Season, context.Message.Unit, returned: true, context.Message.Version, context.CancellationToken);

    private async Task KeepAsync(string message, string season, string unit, bool returned, int version, CancellationToken ct)
    {
        var changed = await db.Database.ExecuteSqlAsync(
            $"""
            insert into known_sheets (season, unit, returned, version) values ({season}, {unit}, {returned}, {version})
            on conflict (season, unit) do update set returned = excluded.returned, version = excluded.version
            where known_sheets.version < excluded.version
            """,
            ct);
        await db.RecordFactAsync(changed, journal, clock, message, $"{nameof(KnownSheet)}/{season},{unit}", ct);
    }
}
