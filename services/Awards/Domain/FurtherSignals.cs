using System.Globalization;
using System.Numerics;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>
/// Dấu hiệu luân phiên S3, S4, S5 (G.2): what ranks, margins and the units' own figures tell, where they are known. They stand beside
/// <see cref="RotationSignals"/> and change neither its level nor its signals, which the season file fixes. Advisory, like these.
/// </summary>
public static class FurtherSignals
{
    private static readonly string[] s_codes = ["S3", "S4", "S5"];

    /// <param name="seasons">Seasons of the cluster's lineage, in any order; of each what is known.</param>
    /// <param name="least">Fewer seasons than this say nothing.</param>
    /// <param name="thresholds">Numbers of the policy.</param>
    /// <returns>S3, S4, S5, in that order.</returns>
    public static IReadOnlyList<FurtherSignal> Detect(IEnumerable<LineageSeason> seasons, int least, FurtherThresholds thresholds)
    {
        var years = seasons.OrderBy(season => season.Year).ToList();
        return years.Count < least
            ? [.. s_codes.Select(code => new FurtherSignal(code, null, $"{code} – Chưa đủ số liệu: mới có {years.Count} năm, cần ít nhất {least} năm."))]
            : [Jump(years, thresholds), HandOver(years, least, thresholds), Moved(years, thresholds)];
    }

    /// <summary>S3: from the bottom half to the title and back again, in so many of the last years that can be judged.</summary>
    private static FurtherSignal Jump(List<LineageSeason> years, FurtherThresholds thresholds)
    {
        var judged = Enumerable.Range(1, Math.Max(0, years.Count - 2))
            .Select(at => (years[at].Year, years[at].Winner, Before: PlaceOf(years[at].Winner, years[at - 1], years[at].Year - 1), After: PlaceOf(years[at].Winner, years[at + 1], years[at].Year + 1)))
            .Where(year => year.Before is not null && year.After is not null)
            .TakeLast(thresholds.JumpYears).ToList();
        if (judged.Count < thresholds.JumpAtLeast)
        {
            return new FurtherSignal("S3", null, $"S3 – Chưa đủ số liệu: biết thứ hạng năm trước và năm sau của đơn vị dẫn đầu trong {judged.Count} năm, cần ít nhất {thresholds.JumpAtLeast} năm.");
        }

        var jumps = judged.Where(year => year.Before!.IsInBottomHalf && year.After!.IsInBottomHalf).ToList();
        return new FurtherSignal("S3", jumps.Count >= thresholds.JumpAtLeast,
            $"S3 – Trong {judged.Count} năm xét được, {jumps.Count} năm đơn vị dẫn đầu ở nửa dưới bảng xếp hạng cả năm trước và năm sau{List(jumps.Select(year => $"{year.Year}: {year.Winner}, hạng {year.Before!.Rank}/{year.Before.Of} → 1 → {year.After!.Rank}/{year.After.Of}"))}.");
    }

    /// <summary>S4: first and second so close that the title may have been handed over, in so large a share of the years.</summary>
    private static FurtherSignal HandOver(List<LineageSeason> years, int least, FurtherThresholds thresholds)
    {
        var judged = years.Where(year => year is { Margin: not null, Maximum: > 0 }).ToList();
        if (judged.Count < least)
        {
            return new FurtherSignal("S4", null, $"S4 – Chưa đủ số liệu: biết khoảng cách giữa hạng nhất và hạng nhì trong {judged.Count} năm, cần ít nhất {least} năm.");
        }

        var bound = Fraction.Percent(thresholds.HandOverPercent);
        var close = judged.Where(year => bound >= Fraction.FromDecimal(year.Margin!.Value) / year.Maximum!.Value).ToList();
        return new FurtherSignal("S4", new Fraction(close.Count, judged.Count) >= Fraction.Percent(thresholds.HandOverYearsPercent),
            $"S4 – {close.Count}/{judged.Count} năm hạng nhất hơn hạng nhì không quá {Text(thresholds.HandOverPercent)}% điểm tối đa{List(close.Select(year => $"{year.Year}: {Text(year.Margin!.Value)}/{Text(year.Maximum!.Value)} điểm"))}.");
    }

    /// <summary>
    /// S5: the units' own figures gave the title to one unit, the changes of reviewers and appraiser to the one that had waited longest
    /// for it, in so many of the last years that can be judged.
    /// </summary>
    private static FurtherSignal Moved(List<LineageSeason> years, FurtherThresholds thresholds)
    {
        var judged = MovedTitles(years).TakeLast(thresholds.MovedYears).ToList();
        if (judged.Count < thresholds.MovedYears)
        {
            return new FurtherSignal("S5", null, $"S5 – Chưa đủ số liệu: biết đơn vị dẫn đầu theo số liệu tự khai trong {judged.Count} năm, cần ít nhất {thresholds.MovedYears} năm.");
        }

        var moved = judged.Where(year => year.Moved).ToList();
        return new FurtherSignal("S5", moved.Count >= thresholds.MovedAtLeast,
            $"S5 – Trong {judged.Count} năm xét được, {moved.Count} năm việc điều chỉnh điểm (không phải số liệu) chuyển vị trí dẫn đầu sang đơn vị chờ lâu nhất{List(moved.Select(year => $"{year.Season.Year}: {year.Season.FiguresLeader} → {year.Season.Winner}"))}.");
    }

    /// <summary>
    /// Each season whose leader by the units' own figures is known, with whether the changes moved the title to a unit than which nobody
    /// had waited longer. Before the first known title nobody is known to have waited, so the first season is not judged.
    /// </summary>
    public static IEnumerable<(LineageSeason Season, bool Moved)> MovedTitles(IEnumerable<LineageSeason> seasons)
    {
        var years = seasons.OrderBy(season => season.Year).ToList();
        Dictionary<string, int> lastWon = new(StringComparer.Ordinal);
        foreach (var season in years)
        {
            if (season.FiguresLeader is { } leader && lastWon.Count > 0)
            {
                var units = season.Places?.Keys ?? years.Select(year => year.Winner).Append(leader).Distinct();
                yield return (season, season.Winner != leader && lastWon.GetValueOrDefault(season.Winner) == units.Min(unit => lastWon.GetValueOrDefault(unit)));
            }

            lastWon[season.Winner] = season.Year;
        }
    }

    private static Place? PlaceOf(string unit, LineageSeason season, int year) =>
        season.Year == year && season.Places is { } places && places.TryGetValue(unit, out var rank) ? new Place(rank, places.Count) : null;

    private static string List(IEnumerable<string> items) => string.Join("; ", items) is { Length: > 0 } text ? $" ({text})" : string.Empty;

    private static string Text(decimal value) => value.ToString("0.############", CultureInfo.GetCultureInfo("vi-VN"));

    private sealed record Place(int Rank, int Of)
    {
        public bool IsInBottomHalf => 2 * (BigInteger)Rank > Of;
    }
}

/// <summary>Một năm của cụm, as far as it is known.</summary>
/// <param name="Year">Year of the season.</param>
/// <param name="Winner">Code of the unit at position 1.</param>
/// <param name="Leader">Cụm trưởng of that year; null is unknown.</param>
/// <param name="Places">Rank of every unit; null is unknown.</param>
/// <param name="Margin">First total less second total, in points; null is unknown.</param>
/// <param name="Maximum">Maximum of the table, in points; null is unknown.</param>
/// <param name="FiguresLeader">Unit that led by the units' own figures; null is unknown or not a single one.</param>
public sealed record LineageSeason(
    int Year, string Winner, string? Leader = null, IReadOnlyDictionary<string, int>? Places = null, decimal? Margin = null, decimal? Maximum = null, string? FiguresLeader = null);

/// <summary>One of S3, S4, S5.</summary>
/// <param name="Signal">S3, S4 or S5.</param>
/// <param name="Found">Null: too little is known to say anything.</param>
/// <param name="Explanation">Vietnamese, with the numbers.</param>
public sealed record FurtherSignal(string Signal, bool? Found, string Explanation);
