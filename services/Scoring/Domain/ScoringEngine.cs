using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>Everything that a unit's points may depend on: its cluster, the table, what was published, and all members' cards.</summary>
/// <param name="Members">Unit codes of the official composition.</param>
/// <param name="Cards">Cards by unit; a member without one takes no part in RELATIVE_TO_LEADER.</param>
public sealed record ScoringContext(
    CriteriaTable Table, IReadOnlyList<string> Members, PublishedValues Published, IReadOnlyDictionary<string, ScoreCard> Cards)
{
    /// <summary>What the system itself recorded of the members.</summary>
    public OfficialFacts Official { get; init; } = OfficialFacts.None;
}

/// <summary>Điểm tự chấm of one criterion as the engine computes it from the raw values.</summary>
/// <param name="Points">Null: cannot be scored yet; <paramref name="Refusal"/> says why. Never the same as zero.</param>
public sealed record ScoredLine(string Criterion, decimal? Points, Derivation Derivation, ScoringRefusal? Refusal);

/// <summary>A unit's whole card, scored.</summary>
public sealed record ScoredCard(string Unit, IReadOnlyList<ScoredLine> Lines, Derivation Bonus, Derivation Deductions);

/// <summary>Tổng điểm of one layer: only from lines that are all there.</summary>
/// <param name="Total">Null: a line is missing, so there is no official total.</param>
/// <param name="Groups">Points by group code, in the order of the table; null like the total.</param>
public sealed record SheetTotal(decimal? Total, IReadOnlyList<GroupTotal> Groups);

/// <summary>Điểm của nhóm tiêu chí; null: a line of it is missing.</summary>
public sealed record GroupTotal(string Code, GroupTag Tag, decimal? Points);

/// <summary>
/// Chấm điểm: a pure function of the table and the values. Percentages are exact fractions, rounding happens once per criterion, totals
/// are sums of rounded points.
/// </summary>
public static class ScoringEngine
{
    private static readonly ScoringRefusal MissingInput = new("MISSING_INPUT", "Đơn vị chưa nhập số liệu.");

    public static ScoredCard Score(ScoringContext context, string unit)
    {
        var card = context.Cards.GetValueOrDefault(unit) ?? ScoreCard.Empty;
        return new ScoredCard(
            unit,
            [.. context.Table.Criteria.Select(criterion => ScoreLine(context, unit, criterion))],
            BonusOf(context.Table, card.Bonus),
            DeductionsOf(context.Table, card.Deductions));
    }

    public static ScoredLine ScoreLine(ScoringContext context, string unit, Criterion criterion)
    {
        var input = context.Cards.GetValueOrDefault(unit)?.Inputs.GetValueOrDefault(criterion.Code);
        var outcome = criterion switch
        {
            RankCriterion rank => ClusterScoring.Rank(rank, unit, context),
            LevelCriterion { Index: { } index } level => PublishedLevel(level, index, unit, context),
            { OfficialFact: not null } => context.Official.Score(criterion, unit),
            _ when input is null => new Outcome(null, [MissingInput.Message], [], MissingInput),
            RelativeCriterion relative => ClusterScoring.Relative(relative, (RelativeInput)input, context),
            _ => CriterionScoring.Score(criterion, input),
        };
        var points = outcome.Points is { } exact ? context.Table.Rounding.Of(exact) : (decimal?)null;
        var derivation = new Derivation(
            criterion.Code, criterion.Title, RuleOf(criterion), criterion.Basis ?? context.Table.Basis, outcome.Inputs, outcome.Steps, points,
            Describe(context.Table.Rounding), []);
        return new ScoredLine(criterion.Code, points, derivation, outcome.Refusal);
    }

    /// <summary>
    /// Group sums and total from points of one layer. A single missing line leaves the whole without a total (never fall back), and so
    /// do bonus or deductions that the layer does not have.
    /// </summary>
    public static SheetTotal Total(CriteriaTable table, IReadOnlyDictionary<string, decimal?> points, decimal? bonus, decimal? deductions)
    {
        List<GroupTotal> groups = [.. table.Groups.Select(group => new GroupTotal(group.Code, group.Tag, Sum(group.Criteria.Select(criterion => points.GetValueOrDefault(criterion.Code)))))];
        return new SheetTotal(Sum([.. groups.Select(group => group.Points), bonus, -deductions]) is { } sum ? Math.Max(0, sum) : null, groups);
    }

    /// <summary>Whether a review or an appraisal may set these points.</summary>
    public static bool IsInRange(Criterion criterion, decimal points) => points >= 0 && points <= criterion.Max;

    /// <summary>Points that a person set stand as set: the table's rounding is for what is computed. Amounts have two decimals.</summary>
    public static decimal AsSet(decimal points) => Rounding.OfAmounts.Of(points);

    public static string RuleOf(Criterion criterion) => criterion switch
    {
        LevelCriterion { Index: not null } => "R-14, R-20",
        LevelCriterion => "R-14",
        RankCriterion => "R-15, R-20",
        PercentBandCriterion { Baseline: Baseline.SamePeriod } => "R-18, R-21",
        PercentBandCriterion { Baseline: Baseline.Absolute } => "R-16, R-18",
        PercentBandCriterion => "R-18",
        RatioCriterion { OfficialFact: not null } => "R-07, R-19",
        RatioCriterion => "R-19",
        TimelinessCriterion => "R-08, F-02",
        DeductCriterion => "F-02, F-07",
        RelativeCriterion => "F-03",
        ManualCriterion => "R-22",
        _ => "F-02",
    };

    private static Outcome PublishedLevel(LevelCriterion level, string index, string unit, ScoringContext context)
    {
        if (context.Published.Problem(level, unit) is { } problem)
        {
            return Outcome.Refused(problem.Code, problem.Message);
        }

        var value = context.Published.Find(index, unit)!;
        return CriterionScoring.Level(level, value.Value, "PUBLISHED", value.Document);
    }

    /// <summary>Điểm thưởng as counted and capped (R-24, F-05).</summary>
    /// <param name="table">The table that has the items and the cap.</param>
    /// <param name="counts">Counts by key; an item without one counts nothing.</param>
    /// <param name="source">Whose counts: DECLARED, REVIEWED or APPRAISED.</param>
    public static Derivation BonusOf(CriteriaTable table, IReadOnlyDictionary<string, decimal> counts, string source = "DECLARED")
    {
        var claimed = table.Bonus.Items.Select(item => new Counted(item.Label, counts.GetValueOrDefault(item.Key), item.MaxCount, item.Points, source)).ToList();
        var sum = claimed.Aggregate(Fraction.Zero, (total, item) => total + item.Points);
        var capped = table.Bonus.Cap is { } cap ? Fraction.Min(sum, cap) : sum;
        List<string> steps = [.. claimed.Where(item => item.Count > 0).Select(item => item.Step)];
        if (capped < sum)
        {
            steps.Add($"Cộng {sum.ToVietnamese()}, tối đa {capped.ToVietnamese()} điểm.");
        }

        return new Derivation("BONUS", "Điểm thưởng", "R-24, F-05", table.Basis, [.. claimed.Select(item => item.Input)], steps, Rounding.OfAmounts.Of(capped), Describe(Rounding.OfAmounts), []);
    }

    /// <summary>Điểm trừ as counted (F-07).</summary>
    /// <param name="table">The table that has the items.</param>
    /// <param name="counts">Counts by key; an item without one counts nothing.</param>
    /// <param name="source">Whose counts: DECLARED, REVIEWED or APPRAISED.</param>
    public static Derivation DeductionsOf(CriteriaTable table, IReadOnlyDictionary<string, decimal> counts, string source = "DECLARED")
    {
        var counted = table.Deductions.Items.Select(item => new Counted(item.Label, counts.GetValueOrDefault(item.Key), item.MaxCount, item.Minus, source)).ToList();
        var sum = counted.Aggregate(Fraction.Zero, (total, item) => total + item.Points);
        return new Derivation(
            "DEDUCTIONS", "Điểm trừ", "F-07", table.Basis, [.. counted.Select(item => item.Input)],
            [.. counted.Where(item => item.Count > 0).Select(item => item.Step)], Rounding.OfAmounts.Of(sum), Describe(Rounding.OfAmounts), []);
    }

    private static decimal? Sum(IEnumerable<decimal?> points)
    {
        decimal sum = 0;
        foreach (var point in points)
        {
            if (point is null)
            {
                return null;
            }

            sum += point.Value;
        }

        return sum;
    }

    private static string Describe(Rounding rounding) =>
        $"{rounding.Decimals} chữ số thập phân, {(rounding.Mode == RoundingMode.HalfUp ? "nửa thì làm tròn lên" : "nửa thì làm tròn về số chẵn")}, một lần";

    private sealed record Counted(string Label, decimal Count, decimal MaxCount, decimal Each, string Source)
    {
        public Fraction Points => Fraction.FromDecimal(Math.Min(Count, MaxCount)) * Each;

        public DerivationInput Input => new(Label, Fraction.FromDecimal(Count).ToVietnamese(), Source, null);

        public string Step =>
            $"{Label}: {Fraction.FromDecimal(Math.Min(Count, MaxCount)).ToVietnamese()} × {Fraction.FromDecimal(Each).ToVietnamese()} = {Points.ToVietnamese()}{(Count > MaxCount ? $" (tính tối đa {Fraction.FromDecimal(MaxCount).ToVietnamese()} lần)" : string.Empty)}.";
    }
}
