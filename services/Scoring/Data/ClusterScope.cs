using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Data;

/// <summary>A cluster with what its members' points depend on, loaded in a few queries.</summary>
public sealed class ClusterScope
{
    private ClusterScope(ClusterCopy cluster, CriteriaTable table, int tableVersion, PublishedValues published, OfficialFacts official, IReadOnlyList<ScoreSheet> sheets)
    {
        (Cluster, Table, TableVersion, Published, Sheets) = (cluster, table, tableVersion, published, sheets);
        Context = new ScoringContext(
            table, [.. cluster.Members.Select(member => member.Unit)], published,
            sheets.Where(sheet => sheet.IsSubmitted).ToDictionary(sheet => sheet.Unit, sheet => sheet.CardOf(table), StringComparer.Ordinal))
        {
            Official = official,
        };
    }

    public ClusterCopy Cluster { get; }

    public CriteriaTable Table { get; }

    public int TableVersion { get; }

    public PublishedValues Published { get; }

    /// <summary>Empty when only the published results were asked for.</summary>
    public IReadOnlyList<ScoreSheet> Sheets { get; }

    public ScoringContext Context { get; }

    /// <summary>The cluster and what was published for its members.</summary>
    public static async Task<ClusterScope> LoadAsync(ScoringDbContext db, AdoptedTables tables, Guid clusterId, Guid tableId, bool withSheets, CancellationToken ct)
    {
        var (table, version) = await tables.GetAsync(db, tableId, ct);
        var cluster = await db.Clusters.AsNoTracking().Include(row => row.Members).SingleAsync(row => row.Id == clusterId, ct);
        var indices = table.Criteria.Select(criterion => criterion.PublishedIndex).OfType<string>().Distinct().ToList();
        var units = cluster.Members.ConvertAll(member => member.Unit);
        var published = indices.Count == 0
            ? []
            : await db.PublishedResults.AsNoTracking()
                .Where(result => result.IsCurrent && result.Season == cluster.Season && units.Contains(result.Unit) && indices.Contains(result.Index))
                .ToListAsync(ct);
        var facts = table.Criteria.Select(criterion => criterion.OfficialFact).OfType<string>().Distinct().ToList();
        var official = facts.Count == 0
            ? []
            : await db.OfficialFacts.AsNoTracking().Where(fact => fact.Season == cluster.Season && units.Contains(fact.Unit) && facts.Contains(fact.Fact)).ToListAsync(ct);
        var sheets = withSheets
            ? await db.Sheets.Include(sheet => sheet.Lines).ThenInclude(line => line.SelfDerivation).Where(sheet => sheet.ClusterId == clusterId).OrderBy(sheet => sheet.Id).ToListAsync(ct)
            : [];
        return new ClusterScope(cluster, table, version, new PublishedValues(published.Select(result => result.ToValue())), new OfficialFacts(official.Select(fact => fact.ToFact())), sheets);
    }

    /// <summary>Journal scopes of the clusters that the unit leads or is deputy of.</summary>
    public static async Task<List<string>> LedAsync(ScoringDbContext db, string unit, CancellationToken ct) =>
        (await db.Clusters.AsNoTracking().Where(cluster => cluster.Leader == unit || cluster.Deputy == unit).Select(cluster => cluster.Id).ToListAsync(ct)).ConvertAll(JournalScopes.OfCluster);

    /// <summary>Scores every submitted sheet that is not decided from its stored inputs; the same inputs give the same points (P-6).</summary>
    /// <returns>What cannot be scored, with the sheet's unit.</returns>
    public IReadOnlyList<Violation> Rescore(DateTimeOffset now)
    {
        var refusals = new List<Violation>();
        foreach (var sheet in Sheets.Where(sheet => sheet.IsSubmitted && sheet.State != SheetState.Locked))
        {
            var scored = ScoringEngine.Score(Context, sheet.Unit);
            sheet.Rescore(scored, now);
            refusals.AddRange(scored.Lines.Where(line => line.Refusal is not null)
                .Select(line => new Violation(line.Refusal!.Code, $"/units/{sheet.Unit}/{line.Criterion}", $"Đơn vị {sheet.Unit}: {line.Refusal.Message}")));
        }

        return refusals;
    }

    /// <summary>Scores one unit's card while the others may still change: what depends on their inputs waits.</summary>
    public ScoredCard ScoreAlone(string unit, ScoreCard card)
    {
        var scored = ScoringEngine.Score(Context with { Cards = new Dictionary<string, ScoreCard> { [unit] = card } }, unit);
        return scored with { Lines = [.. scored.Lines.Select(line => Table.Find(line.Criterion) is RelativeCriterion && line.Refusal is null ? Waiting(line) : line)] };
    }

    private static ScoredLine Waiting(ScoredLine line) => line with
    {
        Points = null,
        Derivation = line.Derivation with { Result = null, Steps = ["Chấm khi mọi đơn vị trong cụm đã nộp số liệu."] },
    };
}
