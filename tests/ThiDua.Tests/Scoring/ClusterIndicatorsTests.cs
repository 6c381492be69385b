using CsCheck;
using ThiDua.Scoring.Domain;

namespace ThiDua.Tests.Scoring;

/// <summary>Chỉ số chiều sâu (P2): "self = review = final for ≥ 95 % of criteria, or all units ≥ 98 % of maximum with a spread &lt; 1 %".</summary>
public sealed class ClusterIndicatorsTests
{
    private static readonly IndicatorThresholds Rule = IndicatorRule.Default.Thresholds;

    [Theory] // lines, of them changed by the review, of them changed by the appraisal
    [InlineData(100, 5, 0, true)] // 95 % exactly
    [InlineData(100, 6, 0, false)]
    [InlineData(100, 3, 2, true)]
    [InlineData(100, 3, 3, false)]
    [InlineData(20, 1, 0, true)] // 19/20
    [InlineData(20, 2, 0, false)]
    [InlineData(19, 0, 0, null)] // below the least number of lines nothing is said
    [InlineData(200, 10, 0, true)]
    [InlineData(201, 11, 0, false)] // 94.527… %
    public void Layers_that_are_the_same_nearly_everywhere(int lines, int reviewed, int appraised, bool? expected)
    {
        var changed = Enumerable.Range(0, lines).Select(n => n < reviewed ? Line(10, 9, 9) : n < reviewed + appraised ? Line(10, 10, 8) : Line(10, 10, 10)).ToList();
        var found = ClusterIndicators.Of([Sheet(80, 70, changed), Sheet(80, 60), Sheet(80, 50)], 100, Rule);

        Assert.Equal(expected, found.Formalism);
        Assert.Equal((lines, lines - reviewed - appraised), (found.ComparedLines, found.UnchangedLines));
    }

    [Theory] // totals of 100
    [InlineData("98 98.5 98.99", true)]
    [InlineData("98 98.5 99", false)] // a spread of 1 % is not below 1 %
    [InlineData("97.99 98.5 98.9", false)]
    [InlineData("98 98 98", true)]
    [InlineData("100 100.5 99.6", true)] // bonus beyond the maximum
    [InlineData("98 98.5 -", false)] // one without a total
    [InlineData("98 98.5", null)] // two sheets say nothing
    public void Totals_at_the_top_and_close_together(string totals, bool? expected)
    {
        var sheets = totals.Split(' ').Select(total => Sheet(100, total == "-" ? null : decimal.Parse(total, System.Globalization.CultureInfo.InvariantCulture), [.. Enumerable.Repeat(Line(10, 9, 8), 10)])).ToList();

        Assert.Equal(expected, ClusterIndicators.Of(sheets, 100, Rule).Formalism);
    }

    [Fact]
    public void A_line_that_leader_and_deputy_disputed_is_no_unchanged_one()
    {
        var found = ClusterIndicators.Of([Sheet(80, 80, [.. Enumerable.Repeat(Line(10, null, 10), 30)]), Sheet(80, 70), Sheet(80, 60)], 100, Rule);

        Assert.Equal((30, 0, false), (found.ComparedLines, found.UnchangedLines, found.Formalism));
    }

    [Fact]
    public void Published_lines_count_only_where_the_rule_counts_them()
    {
        List<IndicatorLine> lines = [.. Enumerable.Repeat(new IndicatorLine(true, 0, null, 10, 10, 10), 30)];

        Assert.Equal(0, ClusterIndicators.Of([Sheet(80, 80, lines)], 100, Rule).Lines);
        Assert.Equal(30, ClusterIndicators.Of([Sheet(80, 80, lines)], 100, Rule with { CountPublished = true }).Lines);
    }

    [Fact]
    public void A_line_that_nobody_scored_is_not_compared()
    {
        var found = ClusterIndicators.Of([Sheet(null, null, [Line(null, null, null), Line(0, 0, 0)])], 100, Rule);

        Assert.Equal((2, 1, 1), (found.Lines, found.ComparedLines, found.UnchangedLines));
        Assert.Null(found.MeanInflation);
        Assert.Null(found.Spread);
    }

    [Theory]
    [InlineData("Báo cáo số 12/BC-SNV ngày 05/12/2025", true)]
    [InlineData("BC 12", true)]
    [InlineData("theo QĐ 24", true)]
    [InlineData("Đạt 95% kế hoạch", true)]
    [InlineData("BC", false)] // no number
    [InlineData("Hoàn thành tốt nhiệm vụ", false)]
    [InlineData("ABC 12", false)] // BC is no word of it
    [InlineData("12 trường hợp", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_note_cites_a_document_by_its_kind_and_number(string? note, bool expected) =>
        Assert.Equal(expected, ClusterIndicators.Cites(note, Rule.DocumentMarks));

    [Fact]
    public void Evidence_is_a_file_or_a_document()
    {
        var found = ClusterIndicators.Of([Sheet(9, 9, [new(false, 2, null, 1, 1, 1), new(false, 0, "BC 12", 1, 1, 1), new(false, 0, "tốt", 1, 1, 1)])], 10, Rule);

        Assert.Equal((2, 3, 66.67m), (found.EvidencedLines, found.Lines, found.EvidencedPercent));
    }

    [Fact]
    public void Returned_sheets_spread_and_inflation()
    {
        var found = ClusterIndicators.Of([Sheet(90, 80) with { Returned = true }, Sheet(91, 90), Sheet(70, 71)], 100, Rule);

        Assert.Equal((1, 33.33m, 19m, 19m, 3.33m), (found.ReturnedSheets, found.ReturnedPercent, found.Spread, found.SpreadPercent, found.MeanInflation));
    }

    [Fact]
    public void What_is_said_is_Vietnamese_shows_the_numbers_and_accuses_nobody()
    {
        var sheets = Enumerable.Range(0, 3).Select(_ => Sheet(99, 99, [.. Enumerable.Repeat(Line(10, 10, 10), 10)])).ToList();
        var found = ClusterIndicators.Of(sheets, 100, Rule);

        Assert.Equal(2, found.Explanation.Count);
        Assert.All(found.Explanation, sentence => Assert.Contains("cần xem xét", sentence, StringComparison.Ordinal));
        Assert.Contains("30/30 dòng tiêu chí (100%, ngưỡng 95%)", found.Explanation[0], StringComparison.Ordinal);
        Assert.Contains("chưa đủ số liệu", ClusterIndicators.Of([], 100, Rule).Explanation[0], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_order_of_sheets_and_lines_makes_no_difference()
    {
        var points = Gen.Int[0, 20].Select(points => (decimal?)points);
        var line = Gen.Select(Gen.Bool, Gen.Int[0, 1], points, points, points, (published, files, self, review, final) => new IndicatorLine(published, files, null, self, review, final));
        var sheet = Gen.Select(points, points, Gen.Bool, line.List[0, 12], (self, final, returned, lines) => new IndicatorSheet(self, final, returned, lines));

        sheet.List[0, 6].Sample(sheets =>
        {
            var (one, other) = (ClusterIndicators.Of(sheets, 100, Rule), ClusterIndicators.Of([.. sheets.AsEnumerable().Reverse().Select(row => row with { Lines = [.. row.Lines.Reverse()] })], 100, Rule));
            Assert.Equal(one with { Explanation = [] }, other with { Explanation = [] });
            Assert.Equal(one.Explanation, other.Explanation);
            Assert.True(one.UnchangedLines <= one.ComparedLines && one.ComparedLines <= one.Lines && one.EvidencedLines <= one.Lines);
        });
    }

    [Theory]
    [InlineData("2026-06-30", 1)]
    [InlineData("2026-07-01", 3)]
    [InlineData("2026-12-31", 3)]
    [InlineData("2027-01-01", 2)]
    public void The_rule_of_a_day_is_the_one_registered_last_of_those_in_force(string day, int version)
    {
        IndicatorRule Of(int number, string from, string? to) => new()
        {
            Id = Guid.CreateVersion7(), Version = number, ValidFrom = DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture),
            ValidTo = to is null ? null : DateOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture), Basis = "QĐ", Thresholds = Rule, RegisteredAt = DateTimeOffset.UnixEpoch, RegisteredBy = "x",
        };

        Assert.Equal(version, IndicatorRule.On(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), [Of(1, "2000-01-01", null), Of(2, "2027-01-01", null), Of(3, "2026-07-01", "2026-12-31")])!.Version);
        Assert.Null(IndicatorRule.On(new DateOnly(1999, 12, 31), [Of(1, "2000-01-01", null)]));
    }

    private static IndicatorLine Line(decimal? self, decimal? review, decimal? final) => new(false, 0, null, self, review, final);

    private static IndicatorSheet Sheet(decimal? self, decimal? final, params List<IndicatorLine> lines) => new(self, final, false, lines);
}
