namespace ThiDua.Bench;

/// <summary>What one run of one side showed.</summary>
/// <param name="Value">In the row's unit.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Failed">Requests that were not answered as they should be.</param>
/// <param name="Note">What else was seen, or why requests failed.</param>
internal sealed record Sample(double Value, double? P50 = null, double? P99 = null, long Failed = 0, string? Note = null)
{
    /// <summary>Share of the machine that was used by others meanwhile.</summary>
    public double Foreign { get; init; }

    public bool Noisy { get; init; }
}

/// <summary>One side of a row: its accepted runs.</summary>
internal sealed record Side(IReadOnlyList<Sample> Samples)
{
    public double Median => MedianOf(Samples.Select(sample => sample.Value));

    public double Least => Samples.Min(sample => sample.Value);

    public double Most => Samples.Max(sample => sample.Value);

    public double? P50 => Samples.All(sample => sample.P50 is not null) ? MedianOf(Samples.Select(sample => sample.P50!.Value)) : null;

    public double? P99 => Samples.All(sample => sample.P99 is not null) ? MedianOf(Samples.Select(sample => sample.P99!.Value)) : null;

    private static double MedianOf(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}

internal enum Verdict
{
    /// <summary>The goal is reached.</summary>
    Pass,

    /// <summary>The floor holds, the goal is missed.</summary>
    Floor,

    /// <summary>The floor is missed.</summary>
    Miss,

    /// <summary>Requests failed, or the row could not be measured: its figures say nothing.</summary>
    Failed,
}

/// <summary>A measured row.</summary>
internal sealed record RowResult(string Row, string Title, string Anchor, string Unit, Bound Bound, Side AnchorSide, Side ProductSide, string? Problem = null)
{
    /// <summary>Product over anchor.</summary>
    public double Ratio => ProductSide.Median / AnchorSide.Median;

    public bool Noisy => AnchorSide.Samples.Concat(ProductSide.Samples).Any(sample => sample.Noisy);

    public Verdict Verdict =>
        Problem is not null || AnchorSide.Samples.Concat(ProductSide.Samples).Any(sample => sample.Failed > 0) ? Verdict.Failed
        : Bound.ReachesGoal(this) ? Verdict.Pass
        : Bound.HoldsFloor(this) ? Verdict.Floor
        : Verdict.Miss;

    public static RowResult Impossible(string row, string title, string anchor, string unit, Bound bound, string problem) =>
        new(row, title, anchor, unit, bound, new Side([new Sample(double.NaN)]), new Side([new Sample(double.NaN)]), problem);
}

/// <summary>What is asked of a row: of the ratio, and of the difference where the row says so.</summary>
/// <param name="Goal">To be reached.</param>
/// <param name="Floor">To be held on any machine.</param>
/// <param name="Kind">What the two are compared with.</param>
internal sealed record Bound(double Goal, double Floor, BoundKind Kind)
{
    public static Bound AtLeast(double goal, double floor) => new(goal, floor, BoundKind.RatioAtLeast);

    public static Bound AtMost(double goal, double floor) => new(goal, floor, BoundKind.RatioAtMost);

    public static Bound AtMostMore(double goal, double floor) => new(goal, floor, BoundKind.DifferenceAtMost);

    public static Bound ValueAtMost(double goal, double floor) => new(goal, floor, BoundKind.ValueAtMost);

    public bool ReachesGoal(RowResult row) => Holds(row, Goal);

    public bool HoldsFloor(RowResult row) => Holds(row, Floor);

    private bool Holds(RowResult row, double bound) => Kind switch
    {
        BoundKind.RatioAtLeast => row.Ratio >= bound,
        BoundKind.RatioAtMost => row.Ratio <= bound,
        BoundKind.ValueAtMost => row.ProductSide.Median <= bound,
        _ => row.ProductSide.Median - row.AnchorSide.Median <= bound,
    };
}

internal enum BoundKind
{
    RatioAtLeast,
    RatioAtMost,
    DifferenceAtMost,
    ValueAtMost,
}
