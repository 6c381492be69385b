using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>The criteria whose points depend on the other members of the cluster: place by a published value, and distance to the best.</summary>
internal static class ClusterScoring
{
    /// <summary>Points of a place in the cluster (R-15). All members with a published value take part, scored or not.</summary>
    public static Outcome Rank(RankCriterion criterion, string unit, ScoringContext context)
    {
        if (context.Published.Problem(criterion, unit) is { } problem)
        {
            return Outcome.Refused(problem.Code, problem.Message);
        }

        var own = context.Published.Number(criterion.Index, unit)!.Value;
        List<decimal> values = [.. context.Members.Select(member => context.Published.Number(criterion.Index, member)).OfType<decimal>()];
        bool IsAhead(decimal value) => criterion.Order == RankOrder.Desc ? value > own : value < own;
        var ahead = values.Count(IsAhead);
        var tied = values.Count(value => value == own);
        var place = 1 + (criterion.Ties == Ties.Dense ? values.Where(IsAhead).Distinct().Count() : ahead);
        IReadOnlyList<int> places = criterion.Ties == Ties.Average ? [.. Enumerable.Range(place, tied)] : [place];

        var sum = Fraction.Zero;
        foreach (var taken in places)
        {
            if (PointsOfPlace(criterion, taken) is not { } points)
            {
                return Outcome.Refused("L-04", $"thang điểm chỉ có {criterion.PointsByRank.Count} bậc, không có điểm cho hạng {taken}.");
            }

            sum += points;
        }

        var value = context.Published.Find(criterion.Index, unit)!;
        var result = sum / (decimal)places.Count;
        List<string> steps = [$"{ahead} đơn vị trong cụm có kết quả {(criterion.Order == RankOrder.Desc ? "cao" : "thấp")} hơn: xếp thứ {place}{(tied > 1 ? $", đồng hạng {tied} đơn vị" : string.Empty)}."];
        steps.Add(places.Count > 1
            ? $"Trung bình điểm của các hạng {places[0]}–{places[^1]}: {result.ToVietnamese()} điểm."
            : $"Hạng {place}: {result.ToVietnamese()} điểm.");
        return Outcome.Scored(
            result, steps,
            new DerivationInput($"Kết quả {criterion.Index}", value.Value, "PUBLISHED", value.Document),
            new DerivationInput("Số đơn vị được xếp", values.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), "CLUSTER", null));
    }

    /// <summary>
    /// Points by distance to the best result of the cluster (F-03). With ASC the best is the lowest and every comparison is mirrored.
    /// </summary>
    public static Outcome Relative(RelativeCriterion criterion, RelativeInput input, ScoringContext context)
    {
        if (input.Target == 0)
        {
            return Outcome.Refused("BASELINE_ZERO", "chỉ tiêu bằng 0 nên không so sánh được.", "target");
        }

        var all = context.Cards.Values
            .Select(card => card.Inputs.GetValueOrDefault(criterion.Code)).OfType<RelativeInput>().Select(other => other.Actual)
            .Append(input.Actual).ToList();
        var isHighest = criterion.Order == RankOrder.Desc;
        Fraction best = isHighest ? all.Max() : all.Min();
        Fraction actual = input.Actual;
        Fraction target = input.Target;
        var half = Fraction.FromDecimal(criterion.Max) / 2m;
        Fraction points;
        string step;
        if (isHighest ? actual <= target : actual >= target)
        {
            points = isHighest ? half * actual / target : half * target / actual;
            step = $"Chưa vượt chỉ tiêu: {half.ToVietnamese()} × {(isHighest ? $"{actual.ToVietnamese()} / {target.ToVietnamese()}" : $"{target.ToVietnamese()} / {actual.ToVietnamese()}")} = {points.ToVietnamese()}.";
        }
        else if (actual == best)
        {
            points = criterion.Max;
            step = $"Kết quả tốt nhất trong cụm và vượt chỉ tiêu: {points.ToVietnamese()} điểm.";
        }
        else
        {
            points = half + (half * (actual - target) / (best - target));
            step = $"{half.ToVietnamese()} + {half.ToVietnamese()} × ({actual.ToVietnamese()} − {target.ToVietnamese()}) / ({best.ToVietnamese()} − {target.ToVietnamese()}) = {points.ToVietnamese()}.";
        }

        return Outcome.Scored(
            points, [step],
            new DerivationInput("Kết quả thực hiện", actual.ToVietnamese(), "DECLARED", null),
            new DerivationInput("Chỉ tiêu", target.ToVietnamese(), "DECLARED", null),
            new DerivationInput("Kết quả tốt nhất trong cụm", best.ToVietnamese(), "CLUSTER", null));
    }

    /// <summary>Null: the scale ends before this place and the table lets nothing stand for it.</summary>
    private static Fraction? PointsOfPlace(RankCriterion criterion, int place)
    {
        var scale = criterion.PointsByRank;
        if (place <= scale.Count)
        {
            return scale[place - 1];
        }

        return criterion.BeyondScale switch
        {
            BeyondScale.Zero => Fraction.Zero,
            BeyondScale.LastValue when scale.Count > 0 => scale[^1],
            // One entry has no difference to go on by: it stays where it is.
            BeyondScale.ContinueStep when scale.Count == 1 => scale[0],
            BeyondScale.ContinueStep when scale.Count > 1 =>
                Fraction.Max(Fraction.Zero, Fraction.FromDecimal(scale[^1]) + (Fraction.FromDecimal(scale[^1] - scale[^2]) * (decimal)(place - scale.Count))),
            _ => null,
        };
    }
}
