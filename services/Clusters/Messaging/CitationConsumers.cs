using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Scoring;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Messaging;

/// <summary>Keeps what adopted criteria tables and award policies cite. A version of either never changes, so the second telling changes nothing.</summary>
public sealed class CitationConsumers(ClustersDbContext db) : IConsumer<CriteriaTableAdopted>, IConsumer<AwardPolicySet>
{
    public async Task Consume(ConsumeContext<CriteriaTableAdopted> context)
    {
        var (fact, ct) = (context.Message, context.CancellationToken);
        var season = await db.Seasons.AsNoTracking().SingleOrDefaultAsync(season => season.Code == fact.Season, ct);
        var adopted = VietnamDate.Of(fact.At);
        await KeepAsync(
            CitationSource.CriteriaTable, $"{fact.Season}/{fact.Code}/{fact.Version}", fact.Title, adopted, season?.LastDay,
            [.. fact.Citations.Select(citation => (citation.Path, citation.Text))], ct);
    }

    public Task Consume(ConsumeContext<AwardPolicySet> context)
    {
        var fact = context.Message;
        var label = fact.Season is { } season ? $"Quy định xét khen thưởng của kỳ {season}" : "Quy định xét khen thưởng chung";
        return KeepAsync(CitationSource.AwardPolicy, $"{fact.Version}", label, fact.ValidFrom, fact.ValidTo, [("/basis", fact.Basis)], context.CancellationToken);
    }

    private async Task KeepAsync(CitationSource source, string key, string label, DateOnly from, DateOnly? to, IReadOnlyList<(string Path, string Text)> bases, CancellationToken ct)
    {
        // Two tellings of one version are handled one after the other.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({$"citations {source} {key}"}, 0))", ct);
        if (!await db.Citations.AnyAsync(citation => citation.Source == source && citation.SourceKey == key, ct))
        {
            var names = await db.NamesAsync(ct);
            db.Citations.AddRange(bases.SelectMany(basis => CitationKeeping.Of(source, key, label, basis.Path, basis.Text, from, to, names)));
            await db.SaveChangesAsync(ct);
        }
    }
}
