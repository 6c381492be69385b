namespace ThiDua.Clusters.Domain;

/// <summary>Kết quả đã quyết định of one unit in one season, as a part of somebody's season may be made of.</summary>
/// <param name="Unit">Whose.</param>
/// <param name="Season">In which season.</param>
/// <param name="Total">Total points; null: no final sheet.</param>
public sealed record EarnedResult(string Unit, string Season, decimal? Total);

/// <summary>Thời gian hoạt động of a unit.</summary>
/// <param name="First">Its first day.</param>
/// <param name="Last">Its last day; null while it exists.</param>
public sealed record UnitLife(DateOnly First, DateOnly? Last);

/// <summary>
/// Các phần của một kỳ (F-34): which decided results make up a unit's season, when units were reorganised in it or in the season it
/// continues. A result goes where the unit's things went after the day on which it was earned.
/// </summary>
public static class SeasonParts
{
    /// <param name="unit">Whose season.</param>
    /// <param name="seasons">The season asked for and those it continues.</param>
    /// <param name="results">Results in those seasons, of whatever units.</param>
    /// <param name="lives">Of the units that have results.</param>
    /// <param name="lineage">Who came from whom.</param>
    /// <param name="asOf">Last day of the season asked for: what is reorganised later belongs to a later one.</param>
    public static IReadOnlyList<SeasonPart> Of(string unit, IReadOnlyCollection<Season> seasons, IEnumerable<EarnedResult> results, IReadOnlyDictionary<string, UnitLife> lives, Lineage lineage, DateOnly asOf)
    {
        var parts = new List<SeasonPart>();
        foreach (var result in results)
        {
            var season = seasons.Single(season => season.Code == result.Season);
            var life = lives[result.Unit];
            var last = EarnedOn(season.LastDay, life.Last);
            if (lineage.HoldersOf(result.Unit, last, asOf).TryGetValue(unit, out var share))
            {
                var first = life.First > season.FirstDay ? life.First : season.FirstDay;
                parts.Add(new SeasonPart(result.Unit, result.Season, first < last ? first : last, last, result.Total, share));
            }
        }

        return parts;
    }

    /// <summary>The day on which what a unit did in a season was complete: the season's last, or the unit's own.</summary>
    public static DateOnly EarnedOn(DateOnly seasonEnds, DateOnly? unitEnds) => unitEnds < seasonEnds ? unitEnds.Value : seasonEnds;
}
