using ThiDua.Clusters.Domain;
using static ThiDua.Tests.Clusters.Sample;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Clusters;

/// <summary>“Đơn vị tổ chức lại được xét trên kết quả trước và sau khi tổ chức lại” (F-34; NĐ 233 điều 9 khoản 1 điểm b).</summary>
public sealed class SeasonAttributionTests
{
    // 2025-1 has 181 days, 2025-2 has 184.
    private static readonly SeasonPart[] s_merged =
    [
        Part("A", "2025-1", 90), Part("B", "2025-1", 80.5m), Part("C", "2025-2", 85),
    ];

    [Theory]
    [InlineData(AttributionPolicy.Sum, "255.50", "511/2", "A=1 B=1 C=1")] // cộng: 90 + 80,5 + 85
    [InlineData(AttributionPolicy.Weighted, "85.17", null, "A=181/546 B=181/546 C=92/273")] // (90 × 181 + 80,5 × 181 + 85 × 184) / 546
    [InlineData(AttributionPolicy.SuccessorOnly, "85.00", "85", "A=0 B=0 C=1")]
    [InlineData(AttributionPolicy.Skip, null, null, "A=0 B=0 C=0")] // không có kết quả không phải là 0 điểm
    public void A_merged_units_season_follows_the_policy(AttributionPolicy policy, string? total, string? exact, string weights)
    {
        var ledger = SeasonAttribution.Combine("C", s_merged, new ReorganisationResult(policy, 2));

        Assert.Equal(total, ledger.Total?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(weights, string.Join(' ', ledger.Lines.Select(line => $"{line.Part.Unit}={line.Weight}")));
        Assert.True(exact is null || ledger.Exact!.Value.ToString() == exact, $"{ledger.Exact}");
        Assert.All(ledger.Lines, line => Assert.Equal(line.State == AttributionState.Counted, line.Weight > Fraction.Zero));
        Assert.Equal(s_merged.Length, ledger.Lines.Count);
    }

    [Theory]
    [InlineData(AttributionPolicy.Sum, "115.00", "P=1/3 C=1")] // 90 × 1/3 + 85
    [InlineData(AttributionPolicy.Weighted, "86.23", "P=181/733 C=552/733")] // 181 × 1/3 ngày và 184 ngày
    public void Of_a_split_only_the_share_comes_over(AttributionPolicy policy, string total, string weights)
    {
        var ledger = SeasonAttribution.Combine("C", [Part("P", "2025-1", 90, "1/3"), Part("C", "2025-2", 85)], new ReorganisationResult(policy, 2));

        Assert.Equal((total, weights), (ledger.Total?.ToString(System.Globalization.CultureInfo.InvariantCulture), string.Join(' ', ledger.Lines.Select(line => $"{line.Part.Unit}={line.Weight}"))));
    }

    [Fact]
    public void A_part_without_a_result_is_kept_and_never_counts_as_zero()
    {
        var ledger = SeasonAttribution.Combine("C", [Part("A", "2025-1", null), Part("C", "2025-2", 85)], new ReorganisationResult(AttributionPolicy.Weighted, 2));

        Assert.Equal(85, ledger.Total);
        Assert.Equal((AttributionState.Kept, "A, kỳ 2025-1, 01/01/2025 – 30/06/2025: chưa có kết quả; không phải là 0 điểm."), (ledger.Lines[0].State, ledger.Lines[0].Text));
        Assert.Null(SeasonAttribution.Combine("C", [Part("A", "2025-1", null)], new ReorganisationResult(AttributionPolicy.Sum, 2)).Total);
    }

    [Theory]
    [InlineData("100.005", "100.01")] // làm tròn một lần, nửa lên
    [InlineData("100.00499", "100.00")]
    [InlineData("8", "8.00")]
    public void The_total_is_rounded_once_half_up(string points, string total) =>
        Assert.Equal(total, SeasonAttribution.Combine("C", [Part("C", "2025-2", decimal.Parse(points, System.Globalization.CultureInfo.InvariantCulture))], new ReorganisationResult(AttributionPolicy.Sum, 2)).Total?.ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Every_line_says_how_it_counts()
    {
        var lines = SeasonAttribution.Combine("C", [Part("A", "2025-1", 90.5m, "1/3"), Part("C", "2025-2", 85)], new ReorganisationResult(AttributionPolicy.Weighted, 2)).Lines;

        Assert.Equal("A, kỳ 2025-1, 01/01/2025 – 30/06/2025: 90,5 điểm × 181 ngày × phần kế thừa 1/3 / 733/3 = 32761/1466 ≈ 22,3472.", lines[0].Text);
    }

    [Fact]
    public void A_result_goes_where_the_units_things_went_after_it_was_earned()
    {
        var first = Season.Open("2025-1", CalendarYear, 2025, new Dictionary<SeasonPhase, PhaseWindow>(), Now, (Day("2025-01-01"), Day("2025-06-30")));
        var second = Season.Open("2025-2", CalendarYear, 2025, new Dictionary<SeasonPhase, PhaseWindow>(), Now, (Day("2025-07-01"), Day("2025-12-31")), "2025-1");
        var lineage = new Lineage([Succession.Recorded("MERGE A,B > C", "2025-07-01")]);
        var lives = new Dictionary<string, UnitLife> { ["A"] = new(Day("2020-01-01"), Day("2025-06-30")), ["B"] = new(Day("2025-02-01"), Day("2025-06-30")), ["C"] = new(Day("2025-07-01"), null), ["D"] = new(Day("2020-01-01"), null) };
        EarnedResult[] results = [new("A", "2025-1", 90), new("B", "2025-1", 80), new("C", "2025-2", 85), new("D", "2025-1", 70), new("D", "2025-2", 75)];

        string Parts(string unit) => string.Join("; ", SeasonParts.Of(unit, [second, first], results, lives, lineage, second.LastDay).Select(part => $"{part.Unit} {part.Season} {part.Days}"));
        Assert.Equal("A 2025-1 181; B 2025-1 150; C 2025-2 184", Parts("C"));
        Assert.Equal("D 2025-1 181; D 2025-2 184", Parts("D"));
        Assert.Equal("", Parts("A"));
    }

    private static SeasonPart Part(string unit, string season, decimal? total, string share = "1") => season == "2025-1"
        ? new(unit, season, Day("2025-01-01"), Day("2025-06-30"), total, Fraction.Parse(share))
        : new(unit, season, Day("2025-07-01"), Day("2025-12-31"), total, Fraction.Parse(share));
}
