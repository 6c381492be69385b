using ThiDua.Awards.Domain;

namespace ThiDua.Tests.Awards;

/// <summary>
/// Provinces made up with a fixed seed: 1,000 honest ones, in which strength decides and luck disturbs, and 1,000 in which every
/// cluster passes the title on. How often the detector speaks is counted, and the counts are asserted: they are its false-alarm rate
/// and its power, in the decade of the thresholds that the product comes with.
/// </summary>
public sealed class PlantedRotationTests
{
    private const int Provinces = 1_000;
    private const int Clusters = 16;
    private const int Units = 10;
    private const int Years = 5;

    private static readonly RotationThresholds Rotation = AwardPolicy.Default.Thresholds.Rotation;
    private static readonly FurtherThresholds Further = Rotation.Further!;

    [Fact]
    public void Power_and_false_alarms_at_province_level()
    {
        var honest = Count(new Repeatable(20_261_125), (random, _) => Honest(random, luck: 10));
        var even = Count(new Repeatable(20_261_126), (random, _) => Honest(random, luck: 1_000)); // nobody is stronger: the very null of the arithmetic
        var planted = Count(new Repeatable(20_261_127), (random, cluster) => cluster < 12 ? Rotating(random) : Honest(random, luck: 10));

        Assert.Equal((0, 0), (honest.Alert, honest.Watch));
        Assert.Equal((5, 20), (even.Alert, even.Watch)); // below 1 % and below 5 %, as the thresholds promise
        Assert.Equal((1_000, 0), (planted.Alert, planted.Watch));
    }

    [Fact]
    public void Power_and_false_alarms_of_titles_moved_by_changes()
    {
        var random = new Repeatable(20_261_128);
        var falseAlarms = Enumerable.Range(0, Provinces).Count(_ => Moved(Honest(random, luck: 10)));
        var strict = Enumerable.Range(0, Provinces).Count(_ => Moved(Honest(random, luck: 10, changes: 10))); // a review that takes off as much as luck gives
        var found = Enumerable.Range(0, Provinces).Count(_ => Moved(Rotating(random)));

        Assert.Equal(0, falseAlarms);
        Assert.Equal(26, strict); // 2.6 %: for the alarm the agency looks at the sheets, it accuses nobody
        Assert.Equal(930, found); // power 93 %
    }

    private static bool Moved(IReadOnlyList<LineageSeason> seasons) => FurtherSignals.Detect(seasons, Rotation.LeastWinners, Further).Single(signal => signal.Signal == "S5").Found == true;

    private static (int Alert, int Watch) Count(Repeatable random, Func<Repeatable, int, IReadOnlyList<LineageSeason>> seasons)
    {
        var levels = Enumerable.Range(0, Provinces)
            .Select(_ => ProvinceRotation.Judge([.. Enumerable.Range(0, Clusters).Select(cluster => new ClusterLineage($"C{cluster}", $"Cụm {cluster}", Units, seasons(random, cluster)))], Further).Level)
            .ToList();
        return (levels.Count(level => level is RotationLevel.Alert), levels.Count(level => level is RotationLevel.Watch));
    }

    /// <summary>A unit's figures are its strength and the year's luck; review and appraisal take something off, from everybody by chance.</summary>
    private static List<LineageSeason> Honest(Repeatable random, int luck, int changes = 1)
    {
        var strength = Enumerable.Range(0, Units).Select(unit => 2 * unit).ToList();
        return
        [
            .. Enumerable.Range(0, Years).Select(year =>
            {
                var figures = strength.ConvertAll(points => (points * 100) + random.Below(luck * 100));
                return Season(year, figures, figures.ConvertAll(points => points - random.Below(changes * 100)));
            }),
        ];
    }

    /// <summary>The figures are as honest as any; then points are changed until the title is with the next in turn.</summary>
    private static List<LineageSeason> Rotating(Repeatable random)
    {
        var honest = Honest(random, luck: 10);
        var first = random.Below(Units);
        return [.. honest.Select((season, year) => season with { Winner = Name((first + year) % Units) })];
    }

    private static LineageSeason Season(int year, List<int> figures, List<int> final)
    {
        var byFigures = figures.Count(points => points == figures.Max()) == 1 ? Name(figures.IndexOf(figures.Max())) : null;
        var places = final.Select((points, unit) => (Unit: Name(unit), Rank: 1 + final.Count(other => other > points))).ToDictionary(place => place.Unit, place => place.Rank);
        return new LineageSeason(2021 + year, Name(final.IndexOf(final.Max())), null, places, null, null, byFigures);
    }

    private static string Name(int unit) => $"{(char)('A' + unit)}";

    /// <summary>The same numbers on every machine and every version of the runtime (a linear congruential generator modulo 2⁶⁴).</summary>
    private sealed class Repeatable(ulong seed)
    {
        private ulong _state = seed;

        public int Below(int bound)
        {
            _state = (_state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            return (int)((_state >> 33) % (ulong)bound);
        }
    }
}
