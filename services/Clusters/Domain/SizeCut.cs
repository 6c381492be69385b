using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Đơn vị kèm quy mô.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Measure">Name of the measure by which units of its category are sorted; null when the rule has none.</param>
/// <param name="Size">Its value; null when the unit does not state it.</param>
public sealed record SizedUnit(ComparedUnit Unit, string? Measure, decimal? Size)
{
    /// <summary>The smallest first, those of unknown size last, equal ones by code.</summary>
    public static List<SizedUnit> Sorted(IEnumerable<SizedUnit> units) =>
        [.. units.OrderBy(sized => sized.Size is null).ThenBy(sized => sized.Size).ThenBy(sized => sized.Unit.Code, StringComparer.Ordinal)];
}

/// <summary>
/// Cắt theo quy mô (R-05, F-32): cuts units that are sorted by size into parts within limits: first as few parts as possible whose sizes differ
/// too much, then as few parts as possible, then the cuts where sizes lie furthest apart, then parts as even as possible.
/// </summary>
public sealed class SizeCut(ClusterSizeLimits limits, decimal factor)
{
    /// <param name="sorted">By <see cref="SizedUnit.Sorted"/>.</param>
    /// <returns>The parts in order; and the last of the units, as few as possible, that no number of parts within the limits can hold.</returns>
    public (List<List<SizedUnit>> Parts, List<SizedUnit> Left) Of(List<SizedUnit> sorted)
    {
        var held = Held(sorted.Count);
        var best = new Cost?[held + 1];
        var start = new int[held + 1];
        best[0] = default(Cost);
        for (var end = limits.Min; end <= held; end++)
        {
            for (var from = Math.Max(0, end - limits.Max); from <= end - limits.Min; from++)
            {
                if (best[from] is { } before && before + CostOf(sorted, from, end) is var cost && (best[end] is not { } known || cost.CompareTo(known) < 0))
                {
                    best[end] = cost;
                    start[end] = from;
                }
            }
        }

        var parts = new List<List<SizedUnit>>();
        for (var end = held; end > 0; end = start[end])
        {
            parts.Insert(0, sorted[start[end]..end]);
        }

        return (parts, sorted[held..]);
    }

    /// <summary>How many of so many units can be in parts within the limits.</summary>
    public int Held(int count)
    {
        var parts = count / limits.Min; // the most parts there can be
        return (int)Math.Min(count, (long)parts * limits.Max);
    }

    private Cost CostOf(List<SizedUnit> sorted, int from, int end)
    {
        var count = end - from;
        var (smallest, last) = (sorted[from].Size, end - 1);
        while (last > from && sorted[last].Size is null)
        {
            last--;
        }

        if (smallest is not { } least || sorted[last].Size is not { } most)
        {
            return new Cost(0, 1, 0, (long)count * count);
        }

        return new Cost((Fraction)most > (Fraction)factor * least ? 1 : 0, 1, UnitComparison.Relative(least, most), (long)count * count);
    }

    private readonly record struct Cost(int Mixed, int Parts, decimal Spread, long Squares) : IComparable<Cost>
    {
        public static Cost operator +(Cost left, Cost right) =>
            new(left.Mixed + right.Mixed, left.Parts + right.Parts, left.Spread + right.Spread, left.Squares + right.Squares);

        public int CompareTo(Cost other) => (Mixed, Parts, Spread, Squares).CompareTo((other.Mixed, other.Parts, other.Spread, other.Squares));
    }
}
