using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Contracts.Awards;

namespace ThiDua.Clusters.Messaging;

/// <summary>Keeps what the council decided on units, and what was revoked since, for their history; of two facts about one award the later version stays.</summary>
public sealed class AwardFactsConsumer(ClustersDbContext db) : IConsumer<AwardDecided>, IConsumer<AwardRevoked>
{
    public Task Consume(ConsumeContext<AwardDecided> context)
    {
        var fact = context.Message;
        return KeepAsync(fact.NominationId, fact.Award, fact.Season, fact.Unit, fact.Passed, revoked: false, fact.Version, fact.At, context.CancellationToken);
    }

    public Task Consume(ConsumeContext<AwardRevoked> context)
    {
        var fact = context.Message;
        return KeepAsync(fact.NominationId, fact.Award, fact.Season, fact.Unit, passed: true, revoked: true, fact.Version, fact.At, context.CancellationToken);
    }

    private async Task KeepAsync(Guid nomination, string award, string season, string unit, bool passed, bool revoked, int version, DateTimeOffset at, CancellationToken ct) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into decided_awards (nomination_id, award, season, unit, passed, revoked, version, decided_at)
            values ({nomination}, {award}, {season}, {unit}, {passed}, {revoked}, {version}, {at.ToUniversalTime()})
            on conflict (nomination_id, award) do update
            set season = excluded.season, unit = excluded.unit, passed = excluded.passed, revoked = excluded.revoked, version = excluded.version, decided_at = excluded.decided_at
            where decided_awards.version < excluded.version
            """, ct);
}
