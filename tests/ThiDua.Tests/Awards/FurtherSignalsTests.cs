using System.Globalization;
using ThiDua.Awards.Domain;

namespace ThiDua.Tests.Awards;

/// <summary>S3, S4 and S5 of G.2, each beside its sentence.</summary>
public sealed class FurtherSignalsTests
{
    private static readonly RotationThresholds Rotation = AwardPolicy.Default.Thresholds.Rotation;
    private static readonly FurtherThresholds Thresholds = Rotation.Further!;

    [Theory] // "winner's rank the year before is in the bottom half and falls back the year after, in ≥ 2 of 4 years"; each year from first to last
    [InlineData("ABCD DABC ABCD DABC ABCD", true)] // D: 4 → 1 → 4 twice
    [InlineData("ABCD DABC ABCD BACD ABCD", false)] // once
    [InlineData("ABCD CABD ABCD CABD ABDC", true)] // third of four is the bottom half
    [InlineData("ABCDE CABDE ABCDE CABDE ABCDE", true)] // third of five too: 2·3 > 5
    [InlineData("ABCD BACD ABCD BACD ABCD", false)] // second of four is not
    [InlineData("ABCD DABC DABC DABC ABCD", false)] // who stays in front did not fall back
    [InlineData("ABCD DABC ABCD DABC", false)] // of two years that can be judged one is a jump
    public void A_jump_from_the_bottom_half_and_back(string years, bool? expected) => Assert.Equal(expected, Found("S3", Ranked(years)));

    [Fact]
    public void A_gap_in_the_years_is_no_neighbour()
    {
        LineageSeason[] years = [.. Ranked("ABCD DABC ABCD DABC ABCD").Where(season => season.Year != 2003), new LineageSeason(2009, "A")];

        Assert.Null(Found("S3", years));
    }

    [Theory] // "margin first–second ≤ 0.5 % of the maximum in ≥ 60 % of years"; margins of 100, "-" is unknown
    [InlineData("0.5 0.5 0.5 1 1", true)] // exactly 0.5 % in exactly 60 %
    [InlineData("0.5 0.5 0.51 1 1", false)]
    [InlineData("0 0 0 9", true)]
    [InlineData("0 0 9 9", false)] // 50 %
    [InlineData("0 0 0 - - -", null)] // of three years nothing is said
    [InlineData("0 0 0 9 - -", true)]
    public void A_margin_that_hands_the_title_over(string margins, bool? expected) => Assert.Equal(expected, Found("S4", Margins(margins, 100)));

    [Fact]
    public void A_margin_is_measured_by_the_maximum_of_its_own_table()
    {
        Assert.Equal(true, Found("S4", Margins("0.75 0.75 0.75 0.75", 150)));
        Assert.Equal(false, Found("S4", Margins("0.75 0.75 0.75 0.75", 149.99m)));
    }

    [Theory] // figures' leader > winner, by year; members A, B, C, D
    [InlineData("A>A A>B A>C A>D A>A", true)] // the title goes to the one that waited longest, whatever the figures say
    [InlineData("A>A A>A A>A A>A A>A", false)] // figures and result agree
    [InlineData("A>A A>B A>B A>B A>B", false)] // moved, but not to who waited longest
    [InlineData("A>A A>B A>C C>C D>D", false)] // two of the last four
    [InlineData("A>A B>C A>D A>B A>A", true)] // B, C and D waited alike, then D, then B
    [InlineData("A>B A>C A>D", null)]
    public void Changes_that_move_the_title_to_who_waited_longest(string years, bool? expected) => Assert.Equal(expected, Found("S5", Moved(years)));

    [Fact]
    public void Before_the_first_known_title_nobody_is_known_to_have_waited() =>
        Assert.Equal([(2002, true), (2003, false)], FurtherSignals.MovedTitles(Moved("A>B C>D A>B")).Select(year => (year.Season.Year, year.Moved)));

    [Fact]
    public void Without_the_optional_facts_none_of_them_says_anything()
    {
        var plain = Enumerable.Range(0, 12).Select(n => new LineageSeason(2001 + n, $"{(char)('A' + (n % 4))}", "A")).ToList();

        Assert.All(FurtherSignals.Detect(plain, Rotation.LeastWinners, Thresholds), signal => Assert.Null(signal.Found));
        Assert.All(FurtherSignals.Detect(plain.Take(3), Rotation.LeastWinners, Thresholds), signal => Assert.Contains("mới có 3 năm", signal.Explanation, StringComparison.Ordinal));
    }

    [Fact]
    public void The_arithmetic_stands_in_the_explanation()
    {
        var text = string.Join('\n', FurtherSignals.Detect(Ranked("ABCD DABC ABCD DABC ABCD"), 4, Thresholds).Select(signal => signal.Explanation));

        Assert.Contains("2002: D, hạng 4/4 → 1 → 4/4", text, StringComparison.Ordinal);
        Assert.Contains("2001: 0,25/100 điểm", Explained("S4", Margins("0.25 0.25 9 9", 100)), StringComparison.Ordinal);
        Assert.Contains("2003: A → C", Explained("S5", Moved("A>A A>B A>C A>D A>A")), StringComparison.Ordinal);
    }

    private static bool? Found(string signal, IEnumerable<LineageSeason> years) => FurtherSignals.Detect(years.Reverse(), Rotation.LeastWinners, Thresholds).Single(found => found.Signal == signal).Found;

    private static string Explained(string signal, IEnumerable<LineageSeason> years) => FurtherSignals.Detect(years, Rotation.LeastWinners, Thresholds).Single(found => found.Signal == signal).Explanation;

    private static LineageSeason[] Ranked(string years) =>
        [.. years.Split(' ').Select((order, n) => new LineageSeason(2001 + n, order[..1], Places: order.Select((unit, place) => (unit, place)).ToDictionary(pair => $"{pair.unit}", pair => pair.place + 1)))];

    private static LineageSeason[] Margins(string margins, decimal maximum) =>
        [.. margins.Split(' ').Select((margin, n) => new LineageSeason(2001 + n, $"{(char)('A' + n)}", Margin: margin == "-" ? null : decimal.Parse(margin, CultureInfo.InvariantCulture), Maximum: margin == "-" ? null : maximum))];

    private static LineageSeason[] Moved(string years) =>
        [.. years.Split(' ').Select((year, n) => new LineageSeason(2001 + n, year[2..], Places: "ABCD".ToDictionary(unit => $"{unit}", unit => unit - 'A' + 1), FiguresLeader: year[..1]))];
}
