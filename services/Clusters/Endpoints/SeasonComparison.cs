using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>The clusters of a season as they are compared: with the attributes of their members on the season's day, the rules of that day, and who led before.</summary>
internal sealed class SeasonComparison
{
    private readonly DateOnly _day;
    private readonly IReadOnlyCollection<Rule> _rules;
    private readonly SimilarityCheck _check;
    private readonly CitedRule _selection;
    private readonly ILookup<string, PastLeader> _past;
    private readonly Dictionary<Guid, ClusterLeadership> _latest;
    private readonly Dictionary<string, ComparedGroup> _groups;

    private SeasonComparison(DateOnly day, IReadOnlyCollection<Rule> rules, List<Cluster> clusters, Dictionary<string, Unit> units, ILookup<string, PastLeader> past, Dictionary<Guid, ClusterLeadership> latest)
    {
        (_day, _rules, Clusters, _past, _latest) = (day, rules, clusters, past, latest);
        (Similarity, var cited) = CitedRule.On<SimilarityRule>(rules, day);
        (Limits, var citedLimits) = CitedRule.On<ClusterSizeLimits>(rules, day);
        (_, _selection) = CitedRule.On<LeaderSelectionRule>(rules, day);
        _check = new SimilarityCheck(Similarity, cited, Limits, citedLimits);
        _groups = clusters.ToDictionary(cluster => cluster.Code, cluster => new ComparedGroup(cluster.Code, [.. cluster.Members.Select(member => Compared(member, units[member.Unit]))]), StringComparer.Ordinal);
    }

    /// <summary>By code.</summary>
    public List<Cluster> Clusters { get; }

    public SimilarityRule Similarity { get; }

    public ClusterSizeLimits Limits { get; }

    public static async Task<SeasonComparison> LoadAsync(Season season, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var clusters = await db.Clusters.AsNoTracking().Where(cluster => cluster.Season == season.Code).OrderBy(cluster => cluster.Code).ToListAsync(ct);
        string[] members = [.. clusters.SelectMany(cluster => cluster.Members).Select(member => member.Unit)];
        var units = await db.Units.AsNoTracking().Where(unit => members.Contains(unit.Code)).ToDictionaryAsync(unit => unit.Code, StringComparer.Ordinal, ct);
        var leaderships = await db.Leaderships.AsNoTracking().Where(leadership => leadership.Season == season.Code).ToListAsync(ct);
        var past = await PastLeadersAsync(season, [.. clusters.Select(cluster => cluster.Code)], db, ct);
        return new SeasonComparison(season.MembershipDay(clock.Today()), await db.Rules.AsNoTracking().ToListAsync(ct), clusters, units, past,
            leaderships.GroupBy(leadership => leadership.ClusterId).ToDictionary(same => same.Key, same => same.MaxBy(leadership => leadership.RecordedAt)!));
    }

    /// <summary>Who led the clusters of these codes in seasons that began before this one.</summary>
    public static async Task<ILookup<string, PastLeader>> PastLeadersAsync(Season season, string[] codes, ClustersDbContext db, CancellationToken ct)
    {
        var past = await (
            from cluster in db.Clusters
            join earlier in db.Seasons on cluster.Season equals earlier.Code
            where codes.Contains(cluster.Code) && earlier.FirstDay < season.FirstDay
            select new { cluster.Code, Turn = new PastLeader(earlier.Code, earlier.FirstDay, cluster.Leader) }).ToListAsync(ct);
        return past.ToLookup(turn => turn.Code, turn => turn.Turn, StringComparer.Ordinal);
    }

    /// <summary>A unit as it is compared on the season's day; null when it does not exist then.</summary>
    public ComparedUnit? Compared(Unit unit) =>
        unit.On(_day) is { } version ? new ComparedUnit(unit.Code, version.Name, version.Category, version.Level, version.Attributes) : null;

    public SimilarityReport Of(Cluster cluster)
    {
        var report = Of(_groups[cluster.Code], _groups.Values);
        return LeaderFinding(cluster) is { } finding ? report with { Findings = [.. report.Findings, finding] } : report;
    }

    /// <summary>What is to be looked at in the members of a cluster, leaders aside.</summary>
    public IReadOnlyList<ClusterFinding> FindingsOf(Cluster cluster) => _check.FindingsOf(_groups[cluster.Code]);

    public SimilarityReport Of(ComparedGroup group, IReadOnlyCollection<ComparedGroup> season) => _check.Of(group, season);

    public ClusterFinding? LeaderFinding(Cluster cluster) => LeaderSelection.NotSelected(cluster, _past[cluster.Code], _latest.GetValueOrDefault(cluster.Id), _selection);

    /// <summary>What a rule says on the season's day, and which period says so.</summary>
    public (T Value, CitedRule Cited) Rule<T>()
        where T : IRuleValue => CitedRule.On<T>(_rules, _day);

    private ComparedUnit Compared(MemberUnit member, Unit unit) =>
        new(member.Unit, member.Name, member.Category, member.Level, unit.On(_day)?.Attributes ?? new Dictionary<string, string>());
}
