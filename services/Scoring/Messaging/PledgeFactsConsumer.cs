using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;

namespace ThiDua.Scoring.Messaging;

/// <summary>
/// Keeps our own copies of covenants and official facts. An older version never replaces a later one; a new version of a fact scores the
/// sheets again that rest on it and are not decided, as a published result does.
/// </summary>
public sealed class PledgeFactsConsumer(ScoringDbContext db, AdoptedTables tables, TimeProvider clock) : IConsumer<CovenantInForce>, IConsumer<OfficialFactEstablished>
{
    public async Task Consume(ConsumeContext<CovenantInForce> context)
    {
        var (fact, ct) = (context.Message, context.CancellationToken);
        await LockAsync($"covenant/{fact.ClusterId}", ct);
        var covenant = await db.Covenants.FindAsync([fact.ClusterId], ct);
        if (covenant is null)
        {
            covenant = new CovenantCopy { ClusterId = fact.ClusterId, Season = fact.Season };
            db.Add(covenant);
        }

        covenant.Take(fact.Clauses.ToDictionary(clause => clause.Number, clause => clause.Text, StringComparer.Ordinal), Agreement.Parse(fact.AgreementBy), fact.Version);
        await db.SaveChangesAsync(ct);
    }

    public async Task Consume(ConsumeContext<OfficialFactEstablished> context)
    {
        var (told, ct) = (context.Message, context.CancellationToken);
        await LockAsync($"official/{told.Season}/{told.Unit}/{told.Fact}", ct);
        var fact = await db.OfficialFacts.FindAsync([told.Season, told.Unit, told.Fact], ct);
        if (fact is null)
        {
            fact = new OfficialFactCopy { Season = told.Season, Unit = told.Unit, Fact = told.Fact };
            db.Add(fact);
        }

        var late = (told.Late ?? []).ToDictionary(report => report.Obligation, report => (decimal?)report.LateWorkingDays, StringComparer.Ordinal);
        if (!fact.Take(told.Completed, told.Assigned, late, told.Version))
        {
            return;
        }

        await db.SaveChangesAsync(ct);

        // The lock makes a decision wait for the fact, or the fact see the decision.
        var undecided = await db.Results
            .FromSql($"select r.*, r.xmin from cluster_results r where r.season = {told.Season} and r.state <> 'Decided' and exists (select from cluster_members m where m.cluster_id = r.cluster_id and m.unit = {told.Unit}) order by r.cluster_id for update")
            .ToListAsync(ct);
        foreach (var result in undecided)
        {
            var scope = await ClusterScope.LoadAsync(db, tables, result.ClusterId, result.TableId, withSheets: true, ct);
            if (scope.Table.Criteria.Any(criterion => criterion.OfficialFact == told.Fact))
            {
                scope.Rescore(clock.GetUtcNow());
            }
        }

        await db.SaveChangesAsync(ct);
    }

    private Task<int> LockAsync(string thing, CancellationToken ct) => db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({thing}, 0))", ct);
}
