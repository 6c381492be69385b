using System.Globalization;
using System.Numerics;
using CsCheck;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Awards;

/// <summary>
/// The clusters of the province together: "one cluster alone proves little in five years, but 16 clusters of 10 units, all with five
/// different leaders, would have probability ≈ 5 × 10⁻⁹".
/// </summary>
public sealed class ProvinceRotationTests
{
    private static readonly FurtherThresholds Thresholds = AwardPolicy.Default.Thresholds.Rotation.Further!;

    [Theory] // k!/((k−T)!·k^T) to three decimals
    [InlineData(5, "0.480 0.192 0.038")]
    [InlineData(7, "0.612 0.350 0.150 0.043 0.006")]
    [InlineData(10, "0.720 0.504 0.302 0.151 0.060")]
    [InlineData(14, "0.796 0.625 0.447 0.287 0.164")]
    public void The_chance_that_T_seasons_show_T_different_leaders(int units, string fromThreeSeasons)
    {
        foreach (var (expected, n) in fromThreeSeasons.Split(' ').Select((value, n) => (value, n)))
        {
            Assert.Equal(expected, RotationSignals.ChanceOfAllDifferent(3 + n, units).Round(3).ToString("0.000", CultureInfo.InvariantCulture));
            Assert.Equal(expected, ProvinceRotation.ChanceOfAtLeast(1, [(3 + n, units)]).Round(3).ToString("0.000", CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Sixteen_clusters_of_ten_with_five_different_leaders_each()
    {
        var chance = ProvinceRotation.ChanceOfAtLeast(16, [.. Enumerable.Repeat((5, 10), 16)]);

        Assert.Equal(0.000000005m, chance.Round(9)); // 0.3024¹⁶
        var finding = ProvinceRotation.Judge([.. Enumerable.Range(0, 16).Select(n => Cluster($"C{n}", 10, "ABCDE"))], Thresholds);
        Assert.Equal((RotationLevel.Alert, 16, 16), (finding.Level, finding.CountedClusters, finding.AllDifferentClusters));
        Assert.Equal("4,89·10⁻⁹", finding.ChanceText);
        Assert.Contains(finding.Explanation, sentence => sentence.StartsWith("Cần xem xét", StringComparison.Ordinal));
    }

    [Fact]
    public void Exactly_all_is_the_product_and_none_or_more_is_certain() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[5, 14]).List[0, 8].Sample(clusters =>
        {
            BigInteger different = 1, all = 1;
            foreach (var (years, size) in clusters)
            {
                different *= Enumerable.Range(0, years).Aggregate(BigInteger.One, (ways, year) => ways * (size - year));
                all *= BigInteger.Pow(size, years);
            }

            Assert.Equal(new Fraction(different, all), ProvinceRotation.ChanceOfAtLeast(clusters.Count, clusters));
            Assert.Equal(Fraction.FromDecimal(1m), ProvinceRotation.ChanceOfAtLeast(0, clusters));
            Assert.Equal(Fraction.FromDecimal(0m), ProvinceRotation.ChanceOfAtLeast(clusters.Count + 1, clusters));
        }, iter: 300);

    [Fact]
    public void Below_the_least_sample_it_refuses_to_speak()
    {
        var few = ProvinceRotation.Judge([.. Enumerable.Range(0, 4).Select(n => Cluster($"C{n}", 10, "ABCDE"))], Thresholds);
        var young = ProvinceRotation.Judge([.. Enumerable.Range(0, 16).Select(n => Cluster($"C{n}", 10, "ABC"))], Thresholds);

        Assert.Equal((null, null), (few.Level, few.Chance));
        Assert.Equal((null, 0), (young.Level, young.CountedClusters));
        Assert.All(new[] { few, young }, finding => Assert.StartsWith("Chưa đủ số liệu", Assert.Single(finding.Explanation), StringComparison.Ordinal));
    }

    [Fact]
    public void More_seasons_than_units_cannot_differ_and_are_not_counted() =>
        Assert.Equal(0, ProvinceRotation.Judge([Cluster("C1", 3, "ABCAB")], Thresholds).CountedClusters);

    [Fact]
    public void The_head_going_round_is_told_apart_and_is_no_signal()
    {
        var finding = ProvinceRotation.Judge([.. Enumerable.Range(0, 6).Select(n => Cluster($"C{n}", 10, "AABAA", leaders: "ABCDE"))], Thresholds);

        Assert.Equal(RotationLevel.None, finding.Level);
        Assert.All(finding.Clusters, cluster => Assert.Equal((5, 5, 2), (cluster.KnownHeads, cluster.DifferentHeads, cluster.DifferentWinners)));
    }

    [Fact]
    public void A_single_cluster_is_described_and_not_judged()
    {
        var finding = ProvinceRotation.Judge([Cluster("C1", 5, "ABCDE")], Thresholds);

        Assert.Null(finding.Level);
        Assert.Equal(["2001: A", "2002: B", "2003: C", "2004: D", "2005: E"], Assert.Single(finding.Clusters).Winners);
    }

    private static ClusterLineage Cluster(string code, int size, string winners, string? leaders = null) =>
        new(code, code, size, [.. winners.Select((winner, n) => new LineageSeason(2001 + n, $"{winner}", leaders is null ? null : $"{leaders[n]}"))]);
}
