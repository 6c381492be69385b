using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;

namespace ThiDua.Documents.Messaging;

/// <summary>Keeps whether a sheet lies with its unit or was handed in. A submission that arrives after its return changes nothing.</summary>
public sealed class SheetConsumer(DocumentsDbContext db) : IConsumer<SheetSubmitted>, IConsumer<SheetReturned>
{
    public Task Consume(ConsumeContext<SheetSubmitted> context) =>
        KeepAsync(context.Message.Season, context.Message.Unit, returned: false, context.Message.Version, context.CancellationToken);

    public Task Consume(ConsumeContext<SheetReturned> context) =>
        KeepAsync(context.Message.Season, context.Message.Unit, returned: true, context.Message.Version, context.CancellationToken);

    private async Task KeepAsync(string season, string unit, bool returned, int version, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into known_sheets (season, unit, returned, version) values ({season}, {unit}, {returned}, {version})
            on conflict (season, unit) do update set returned = excluded.returned, version = excluded.version
            where known_sheets.version < excluded.version
            """,
            ct);
    }
}
