using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;

namespace ThiDua.Clusters.Endpoints;

/// <summary>What is known of some units: their names and days, and what they achieved in which season.</summary>
internal sealed class UnitFacts
{
    private readonly Dictionary<string, Unit> _units;
    private readonly Dictionary<string, Season> _seasons;
    private readonly ILookup<string, (string Season, string Cluster, string ClusterName, decimal? Total, int? Rank, bool IsReopened)> _results;
    private readonly ILookup<string, DecidedAward> _awards;

    private UnitFacts(IEnumerable<Unit> units, IEnumerable<Season> seasons, IEnumerable<DecidedResult> results, IEnumerable<DecidedAward> awards)
    {
        _units = units.ToDictionary(unit => unit.Code, StringComparer.Ordinal);
        _seasons = seasons.ToDictionary(season => season.Code, StringComparer.Ordinal);
        _results = results.SelectMany(result => result.Standings, (result, standing) => (standing.Unit, Value: (result.Season, result.ClusterCode, result.ClusterName, standing.Total, standing.Rank, result.IsReopened)))
            .ToLookup(row => row.Unit, row => row.Value, StringComparer.Ordinal);
        _awards = awards.ToLookup(award => award.Unit, StringComparer.Ordinal);
        Lives = _units.Values.ToDictionary(unit => unit.Code, unit => new UnitLife(unit.BeginsOn, unit.ClosesOn), StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, UnitLife> Lives { get; }

    public static async Task<UnitFacts> LoadAsync(string[] codes, ClustersDbContext db, CancellationToken ct)
    {
        var units = await db.Units.AsNoTracking().Where(unit => codes.Contains(unit.Code)).ToListAsync(ct);
        var results = await db.DecidedResults.AsNoTracking().Include(result => result.Standings.Where(standing => codes.Contains(standing.Unit))).Where(result => result.Standings.Any(standing => codes.Contains(standing.Unit))).ToListAsync(ct);
        var awards = await db.DecidedAwards.AsNoTracking().Where(award => award.Passed && codes.Contains(award.Unit)).ToListAsync(ct);
        string[] seasonCodes = [.. results.Select(result => result.Season).Concat(awards.Select(award => award.Season)).Distinct()];
        return new UnitFacts(units, await db.Seasons.AsNoTracking().Where(season => seasonCodes.Contains(season.Code)).ToListAsync(ct), results, awards);
    }

    public string NameOf(string unit) => _units[unit].Versions.Where(version => !version.Superseded).MaxBy(version => version.ValidFrom)!.Name;

    public IReadOnlyList<UnitRecordEndpoints.UnitResultView> Results(string unit, Func<DateOnly, bool> isShown) =>
        [.. _results[unit].Where(result => isShown(EarnedOn(unit, result.Season))).OrderBy(result => EarnedOn(unit, result.Season)).ThenBy(result => result.Season, StringComparer.Ordinal)
            .Select(result => new UnitRecordEndpoints.UnitResultView(result.Season, result.Cluster, result.ClusterName, result.Total, result.Rank, result.IsReopened))];

    public IReadOnlyList<UnitRecordEndpoints.UnitAwardView> Awards(string unit, Func<DateOnly, bool> isShown) =>
        [.. _awards[unit].Where(award => isShown(EarnedOn(unit, award.Season))).OrderBy(award => EarnedOn(unit, award.Season)).ThenBy(award => award.Award, StringComparer.Ordinal)
            .Select(award => new UnitRecordEndpoints.UnitAwardView(award.Season, award.Award, award.Revoked, award.DecidedAt))];

    /// <summary>Results that stand, in some seasons; one that was opened again is not known for now.</summary>
    public IEnumerable<EarnedResult> Earned(IReadOnlyCollection<Season> seasons) =>
        from unit in _results
        from result in unit
        where _units.ContainsKey(unit.Key) && seasons.Any(season => season.Code == result.Season)
        select new EarnedResult(unit.Key, result.Season, result.IsReopened ? null : result.Total);

    // A season that is not ours any more has no days: what was achieved in it is the past of every successor.
    private DateOnly EarnedOn(string unit, string season) =>
        _seasons.TryGetValue(season, out var known) ? SeasonParts.EarnedOn(known.LastDay, _units[unit].ClosesOn) : DateOnly.MinValue;
}
