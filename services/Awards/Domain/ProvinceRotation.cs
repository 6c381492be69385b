using System.Globalization;
using System.Numerics;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>
/// Luân phiên toàn tỉnh: one cluster alone proves little in a few years, all of them together do. If every unit were equally likely to
/// win each year, T seasons of a cluster of k units show T different leaders with the chance k!/((k−T)!·k^T); how many clusters of the
/// province do so is compared with that, exactly. Never an accusation: strong units stay strong, so honest results repeat more often.
/// </summary>
public static class ProvinceRotation
{
    /// <param name="clusters">Clusters of the season with the seasons of their lineage.</param>
    /// <param name="thresholds">Numbers of the policy.</param>
    public static ProvinceFinding Judge(IReadOnlyList<ClusterLineage> clusters, FurtherThresholds thresholds)
    {
        var facts = clusters.Select(cluster => FactOf(cluster, thresholds)).ToList();
        var counted = facts.Where(fact => fact.IsCounted).ToList();
        var different = counted.Count(fact => fact.AllDifferent);
        var (moved, judged) = (facts.Sum(fact => fact.MovedTitles), facts.Sum(fact => fact.JudgedTitles));
        if (counted.Count < thresholds.ProvinceLeastClusters)
        {
            return new ProvinceFinding(null, counted.Count, different, null, null, facts, moved, judged,
                [$"Chưa đủ số liệu để nhận xét toàn tỉnh: {counted.Count} cụm, khối có từ {thresholds.ProvinceLeastYears} năm trở lên, cần ít nhất {thresholds.ProvinceLeastClusters}."]);
        }

        var chance = ChanceOfAtLeast(different, [.. counted.Select(fact => (fact.Years, fact.Size))]);
        var level = chance < thresholds.ProvinceAlertBelow ? RotationLevel.Alert : chance < thresholds.ProvinceWatchBelow ? RotationLevel.Watch : RotationLevel.None;
        List<string> explanation =
        [
            $"{different}/{counted.Count} cụm, khối có đơn vị dẫn đầu khác nhau ở mọi năm được xét; nếu mọi đơn vị có cơ hội như nhau mỗi năm thì xác suất có từ {different} cụm, khối như vậy trở lên là {Scientific(chance)}.",
            level is RotationLevel.None
                ? "Chưa có dấu hiệu luân phiên ở mức toàn tỉnh."
                : "Cần xem xét cách bình xét, suy tôn trong toàn tỉnh; con số này không nói lên điều gì về một cụm, một đơn vị hay một người nào.",
        ];
        if (judged > 0)
        {
            explanation.Add($"Trong {judged} lượt cụm–năm biết kết quả theo số liệu tự khai, {moved} lượt việc điều chỉnh điểm chuyển vị trí dẫn đầu sang đơn vị chờ lâu nhất.");
        }

        return new ProvinceFinding(level, counted.Count, different, chance.Round(12), Scientific(chance), facts, moved, judged, explanation);
    }

    /// <summary>
    /// The chance that at least <paramref name="least"/> of the clusters show as many different leaders as seasons. Where all do, it is the
    /// product of their chances.
    /// </summary>
    /// <param name="least">How many.</param>
    /// <param name="clusters">Seasons and units of each cluster; not more seasons than units.</param>
    public static Fraction ChanceOfAtLeast(int least, IReadOnlyList<(int Years, int Size)> clusters)
    {
        // ways[x]: of all sequences of winners of the clusters so far, those in which x clusters show different leaders only.
        BigInteger[] ways = [1];
        BigInteger all = 1;
        foreach (var (years, size) in clusters)
        {
            BigInteger every = BigInteger.Pow(size, years), different = 1;
            for (var year = 0; year < years; year++)
            {
                different *= size - year;
            }

            var next = new BigInteger[ways.Length + 1];
            for (var count = 0; count < ways.Length; count++)
            {
                next[count] += ways[count] * (every - different);
                next[count + 1] += ways[count] * different;
            }

            (ways, all) = (next, all * every);
        }

        return new Fraction(ways.Skip(least).Aggregate(BigInteger.Zero, BigInteger.Add), all);
    }

    private static ClusterFact FactOf(ClusterLineage cluster, FurtherThresholds thresholds)
    {
        var seasons = cluster.Seasons.OrderBy(season => season.Year).ToList();
        var looked = seasons.TakeLast(thresholds.ProvinceYears).ToList();
        var moved = FurtherSignals.MovedTitles(seasons).ToList();
        var heads = looked.Select(season => season.Leader).OfType<string>().ToList();
        return new ClusterFact(
            cluster.Cluster, cluster.Name, cluster.Size, looked.Count, looked.DistinctBy(season => season.Winner).Count(),
            looked.Count >= thresholds.ProvinceLeastYears && looked.Count <= cluster.Size,
            [.. looked.Select(season => $"{season.Year}: {season.Winner}")],
            moved.Count(year => year.Moved), moved.Count, heads.Count, heads.Distinct().Count());
    }

    /// <summary>As people read a small chance: 0,0384 or 4,89·10⁻⁹.</summary>
    private static string Scientific(Fraction chance)
    {
        const int Shown = 4;
        if (chance >= 0.001m)
        {
            return chance.Round(Shown).ToString("0.0000", CultureInfo.GetCultureInfo("vi-VN"));
        }

        var exponent = 3;
        while (exponent < 999 && chance * new Fraction(BigInteger.Pow(10, exponent), 1) < 1)
        {
            exponent++;
        }

        var digits = string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(digit => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));
        return $"{(chance * new Fraction(BigInteger.Pow(10, exponent), 1)).Round(2).ToString("0.00", CultureInfo.GetCultureInfo("vi-VN"))}·10⁻{digits}";
    }
}

/// <summary>A cluster of the season with what is known of the seasons before it.</summary>
/// <param name="Cluster">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Size">Official size this season.</param>
/// <param name="Seasons">Its lineage, this season included if it has a single unit at position 1.</param>
public sealed record ClusterLineage(string Cluster, string Name, int Size, IReadOnlyList<LineageSeason> Seasons);

/// <summary>One cluster, described and not judged.</summary>
/// <param name="Cluster">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Size">Official size this season.</param>
/// <param name="Years">Seasons looked at.</param>
/// <param name="DifferentWinners">Different units at position 1 in them.</param>
/// <param name="IsCounted">Whether there are enough seasons to count it for the province, and not more than units.</param>
/// <param name="Winners">Year and unit.</param>
/// <param name="MovedTitles">Seasons in which changes of points, not the figures, moved the title to the unit that had waited longest.</param>
/// <param name="JudgedTitles">Seasons in which that is known.</param>
/// <param name="KnownHeads">Seasons whose cụm trưởng is known.</param>
/// <param name="DifferentHeads">Different units in that office: its rotation is lawful and no signal.</param>
public sealed record ClusterFact(
    string Cluster, string Name, int Size, int Years, int DifferentWinners, bool IsCounted, IReadOnlyList<string> Winners,
    int MovedTitles, int JudgedTitles, int KnownHeads, int DifferentHeads)
{
    /// <summary>Every season looked at had a winner of its own.</summary>
    public bool AllDifferent => DifferentWinners == Years;
}

/// <summary>What the clusters of the province tell together.</summary>
/// <param name="Level">Null: too few clusters to say anything.</param>
/// <param name="CountedClusters">Clusters with enough seasons.</param>
/// <param name="AllDifferentClusters">Of them, those whose winners all differ.</param>
/// <param name="Chance">Chance of so many or more if every unit were equally likely, to twelve places.</param>
/// <param name="ChanceText">The same for people.</param>
/// <param name="Clusters">Each cluster, described.</param>
/// <param name="MovedTitles">Over all clusters.</param>
/// <param name="JudgedTitles">Over all clusters.</param>
/// <param name="Explanation">Vietnamese.</param>
public sealed record ProvinceFinding(
    RotationLevel? Level, int CountedClusters, int AllDifferentClusters, decimal? Chance, string? ChanceText,
    IReadOnlyList<ClusterFact> Clusters, int MovedTitles, int JudgedTitles, IReadOnlyList<string> Explanation);
