using System.Globalization;
using ThiDua.Awards.Domain;

namespace ThiDua.Tests.Awards;

public class RotationSignalsTests
{
    private static readonly RotationThresholds Thresholds = AwardPolicy.Default.Thresholds.Rotation;

    [Theory] // Π(1 − j/m), j = 0…k−1
    [InlineData("EX-17.1", 5, 5, "0.0384")]
    [InlineData("EX-17.2", 6, 5, "0.0926")]
    [InlineData("EX-17.3", 7, 5, "0.1499")]
    [InlineData("EX-17.4", 4, 4, "0.0938")]
    [InlineData("EX-17.5", 8, 5, "0.2051")]
    [InlineData("EX-17.6", 5, 4, "0.1920")]
    public void The_chance_that_all_winners_differ(string example, int members, int years, string expected)
    {
        Assert.NotEmpty(example);
        Assert.Equal(expected, RotationSignals.ChanceOfAllDifferent(years, members).Round(4).ToString("0.0000", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("A B C D A B", 4)] // EX-17.7
    [InlineData("A A C A B A", null)] // EX-17.8
    [InlineData("A B A B", 2)]
    [InlineData("A B C A", 3)]
    [InlineData("A B C D", null)] // one period is no cycle
    [InlineData("A A A A", null)] // the same one every year is no cycle
    [InlineData("A B A C", null)]
    [InlineData("X A B A B", null)] // from the first winner on
    public void A_cycle_repeats_exactly(string winners, int? expected) =>
        Assert.Equal(expected, RotationSignals.CycleOf(Winners(winners), Thresholds.LeastCycle));

    [Theory]
    [InlineData("A B C", 5, RotationLevel.None, "")] // too few winners
    [InlineData("A B A", 5, RotationLevel.None, "")] // even of a cycle
    [InlineData("A B A B", 5, RotationLevel.Alert, "S1")]
    [InlineData("A B C D", 5, RotationLevel.Watch, "S2")] // 0.1920 < 0.20
    [InlineData("A B C D", 6, RotationLevel.None, "")] // 0.2778
    [InlineData("A B C D E", 5, RotationLevel.Alert, "S2")] // 0.0384 < 0.05
    [InlineData("A B C D E", 8, RotationLevel.None, "")] // 0.2051
    [InlineData("A B C D", 4, RotationLevel.Watch, "S2")] // 0.0938
    [InlineData("A B C D E F", 4, RotationLevel.Watch, "S2")] // at most the size of the cluster: 4 of 4, not 6 of 4
    [InlineData("A B C D", 3, RotationLevel.None, "")] // nor can four of three differ
    [InlineData("A A B C D", 5, RotationLevel.Watch, "S2")] // the last four
    [InlineData("A B C D D", 5, RotationLevel.None, "")] // the run ended
    [InlineData("A B C D A", 4, RotationLevel.Alert, "S1 S2")]
    public void Cycles_and_runs(string winners, int size, RotationLevel level, string signals)
    {
        var finding = RotationSignals.Detect(Winners(winners), size, Thresholds);

        Assert.Equal(level, finding.Level);
        Assert.Equal(signals, string.Join(' ', finding.Signals));
    }

    [Fact]
    public void A_chance_of_exactly_the_bound_is_not_below_it()
    {
        var exactly = Thresholds with { WatchBelow = 0.1920m, AlertBelow = 0.0384m };

        Assert.Equal(RotationLevel.None, RotationSignals.Detect(Winners("A B C D"), 5, exactly).Level); // 120/625 = 0.1920
        Assert.Equal(RotationLevel.Watch, RotationSignals.Detect(Winners("A B C D E"), 5, exactly).Level); // 120/3125 = 0.0384
        Assert.Equal(RotationLevel.Watch, RotationSignals.Detect(Winners("A B C D"), 5, exactly with { WatchBelow = 0.1920000000000000000000001m }).Level);
    }

    [Theory] // winner:leader, by year
    [InlineData("A:A A:A A:A B:A", "S6")]
    [InlineData("A:A A:B A:A B:B", "S6")]
    [InlineData("A:A A:A B:A A:B", "")]
    [InlineData("A:A A:A A:A A:B B:A", "")] // only the last four years
    [InlineData("A:- A:- A:- A:A", "")] // an unknown leader is nobody
    public void The_flag_goes_to_the_chair_in_three_of_four_years(string winners, string expected)
    {
        var finding = RotationSignals.Detect(Winners(winners), 9, Thresholds);

        Assert.Equal(expected, string.Join(' ', finding.Signals));
        Assert.Equal(expected.Length == 0 ? RotationLevel.None : RotationLevel.Watch, finding.Level);
    }

    [Fact]
    public void Winners_are_taken_in_order_of_year_whatever_order_they_come_in() =>
        Assert.Equal(["S1"], RotationSignals.Detect(Winners("A B A B").Reverse(), 9, Thresholds).Signals);

    [Fact]
    public void The_explanation_is_Vietnamese_and_shows_the_numbers()
    {
        var text = string.Join('\n', RotationSignals.Detect(Winners("A:A B:B C:C D:D A:A"), 4, Thresholds).Explanation);

        Assert.Contains("chu kỳ 4 năm: 2001: A, 2002: B", text, StringComparison.Ordinal);
        Assert.Contains("xác suất là 0,0938", text, StringComparison.Ordinal);
        Assert.Contains("Trong 4 năm gần nhất, 4 năm", text, StringComparison.Ordinal);
    }

    private static IReadOnlyList<SeasonWinner> Winners(string winners) =>
        [.. winners.Split(' ').Select((winner, index) => new SeasonWinner(2001 + index, winner[..1], winner.Length < 3 || winner[2] == '-' ? null : winner[2..]))];
}
