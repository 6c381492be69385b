using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>
/// Dấu hiệu luân phiên (G.2): does the flag go round? Advisory, for the standing agency only; it changes nothing else,
/// since the law neither forbids consecutive flags nor allows turn-taking (F-18).
/// </summary>
public static class RotationSignals
{
    /// <param name="winners">Earlier seasons of the cluster, and this one if it has a single unit at position 1; in any order.</param>
    /// <param name="size">Official size of the cluster this season.</param>
    /// <param name="thresholds">Numbers of the policy.</param>
    public static RotationFinding Detect(IEnumerable<SeasonWinner> winners, int size, RotationThresholds thresholds)
    {
        var years = winners.OrderBy(winner => winner.Year).ToList();
        if (years.Count < thresholds.LeastWinners)
        {
            return new RotationFinding(RotationLevel.None, [], [$"Mới có {years.Count} năm có đơn vị dẫn đầu; cần ít nhất {thresholds.LeastWinners} năm để xét dấu hiệu luân phiên."]);
        }

        List<string> signals = [];
        List<string> explanation = [];
        var alert = false;

        if (CycleOf(years, thresholds.LeastCycle) is { } cycle)
        {
            signals.Add("S1");
            explanation.Add($"S1 – Đơn vị dẫn đầu lặp lại đúng theo chu kỳ {cycle} năm: {Sequence(years)}.");
            alert = true;
        }

        var run = RunOf(years, size);
        var chance = ChanceOfAllDifferent(run, size);
        if (run >= thresholds.LeastRun && chance < thresholds.WatchBelow)
        {
            signals.Add("S2");
            alert |= chance < thresholds.AlertBelow;
            explanation.Add($"S2 – {run} năm liên tiếp có {run} đơn vị dẫn đầu khác nhau trong {size} đơn vị; nếu mọi đơn vị có cơ hội như nhau thì xác suất là {chance.Round(4).ToString("0.0000", System.Globalization.CultureInfo.GetCultureInfo("vi-VN"))}.");
        }

        var chaired = years.TakeLast(thresholds.ChairYears).Count(winner => winner.Leader == winner.Unit);
        if (chaired >= thresholds.ChairAtLeast)
        {
            signals.Add("S6");
            explanation.Add($"S6 – Trong {thresholds.ChairYears} năm gần nhất, {chaired} năm đơn vị dẫn đầu cũng là cụm trưởng, khối trưởng của năm đó.");
        }

        var level = alert ? RotationLevel.Alert : signals.Count > 0 ? RotationLevel.Watch : RotationLevel.None;
        if (level is RotationLevel.None)
        {
            explanation.Add($"Không có dấu hiệu luân phiên trong {years.Count} năm: {Sequence(years)}.");
        }

        return new RotationFinding(level, signals, explanation);
    }

    /// <summary>S1: the length after which the winners repeat, all inside one period being different; null when they do not.</summary>
    public static int? CycleOf(IReadOnlyList<SeasonWinner> years, int least)
    {
        for (var length = least; length < years.Count; length++)
        {
            if (years.Take(length).DistinctBy(winner => winner.Unit).Count() < length)
            {
                return null; // the first L contain a repeat, and so do all longer ones
            }

            if (Enumerable.Range(length, years.Count - length).All(year => years[year].Unit == years[year - length].Unit))
            {
                return length;
            }
        }

        return null;
    }

    /// <summary>The probability that <paramref name="years"/> winners all differ if each of <paramref name="size"/> members were equally likely: Π(1 − j/size).</summary>
    public static Fraction ChanceOfAllDifferent(int years, int size)
    {
        System.Numerics.BigInteger ways = 1;
        for (var year = 0; year < years; year++)
        {
            ways *= size - year;
        }

        return new Fraction(ways, System.Numerics.BigInteger.Pow(size, years));
    }

    private static int RunOf(List<SeasonWinner> years, int size)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (var year = years.Count - 1; year >= 0 && seen.Count < size && seen.Add(years[year].Unit); year--)
        {
        }

        return seen.Count;
    }

    private static string Sequence(List<SeasonWinner> years) => string.Join(", ", years.Select(winner => $"{winner.Year}: {winner.Unit}"));
}

/// <summary>Đơn vị dẫn đầu of one year.</summary>
/// <param name="Year">Year of the season.</param>
/// <param name="Unit">Code of the unit at position 1.</param>
/// <param name="Leader">Code of the unit that led the cluster that year; null is unknown.</param>
public sealed record SeasonWinner(int Year, string Unit, string? Leader);

/// <summary>What was found in the sequence of winners.</summary>
/// <param name="Level">How loud.</param>
/// <param name="Signals">S1, S2, S6, in that order.</param>
/// <param name="Explanation">In Vietnamese, one sentence a signal.</param>
public sealed record RotationFinding(RotationLevel Level, IReadOnlyList<string> Signals, IReadOnlyList<string> Explanation);

/// <summary>Mức dấu hiệu luân phiên (G.2).</summary>
public enum RotationLevel
{
    None,

    /// <summary>Theo dõi.</summary>
    Watch,

    /// <summary>Cảnh báo.</summary>
    Alert,
}
