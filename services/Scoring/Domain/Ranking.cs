namespace ThiDua.Scoring.Domain;

/// <summary>Xếp hạng trong cụm: competition rank (1, 2, 2, 4) by total alone. Tie chains and exclusions never change it.</summary>
public static class Ranking
{
    /// <summary>By rank, then by unit code; units without a final total have no rank and come last.</summary>
    public static IReadOnlyList<RankedUnit> Of(IEnumerable<(string Unit, decimal? Total)> totals)
    {
        var units = totals.ToList();
        return
        [
            .. units
                .Select(unit => new RankedUnit(unit.Unit, unit.Total is { } total ? 1 + units.Count(other => other.Total > total) : null, unit.Total))
                .OrderBy(unit => unit.Rank ?? int.MaxValue)
                .ThenBy(unit => unit.Unit, StringComparer.Ordinal),
        ];
    }
}

/// <summary>Đơn vị đã xếp hạng.</summary>
/// <param name="Rank">Null: no final total.</param>
public sealed record RankedUnit(string Unit, int? Rank, decimal? Total);
