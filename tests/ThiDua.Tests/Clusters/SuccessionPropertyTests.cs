using System.Globalization;
using CsCheck;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using static ThiDua.Tests.Clusters.Sample;

namespace ThiDua.Tests.Clusters;

/// <summary>
/// Conservation (F-34): over generated histories of merges, splits, renames and dissolutions through several years no score and no
/// flag is lost or counted twice, by whatever policy.
/// </summary>
public sealed class SuccessionPropertyTests
{
    private const int Years = 5;
    private const int FirstYear = 2022;
    private static readonly long Cases = long.Parse(Environment.GetEnvironmentVariable("THIDUA_CASES") ?? "10000", CultureInfo.InvariantCulture);

    // Each step: what happens, to which of the units in being, on which of a few days, with which shares and points.
    private static readonly Gen<World> s_worlds =
        Gen.Select(Gen.Int[2, 5], Gen.Select(Gen.Int[0, 5], Gen.Int, Gen.Int[0, (Years * 4) - 1], Gen.Int[1, 4]).Array[0, 10], Gen.Int)
            .Select((units, steps, points) => World.Of(units, steps, points));

    [Fact]
    public void No_score_is_lost_and_none_is_counted_twice() =>
        Gen.Select(s_worlds, Gen.Enum<AttributionPolicy>(), Gen.Int[1, Years]).Sample(
            (world, policy, years) =>
            {
                // One season that goes on from those before it, so that whole chains of reorganisations lie within it.
                List<Season> seasons = [.. world.Seasons.TakeLast(years)];
                var asOf = seasons[^1].LastDay;
                var results = world.Results.Where(result => seasons.Any(season => season.Code == result.Season)).ToList();
                var rule = new ReorganisationResult(policy, 2);
                var ledgers = world.Units.Keys.Select(unit => SeasonAttribution.Combine(unit, SeasonParts.Of(unit, seasons, results, world.Lives, world.Lineage, asOf), rule)).ToList();
                var lines = ledgers.SelectMany(ledger => ledger.Lines.Select(line => (ledger.Unit, Line: line))).ToList();

                // Every result is in the ledgers of all successors together exactly once.
                var shares = lines.GroupBy(line => (line.Line.Part.Unit, line.Line.Part.Season)).ToDictionary(part => part.Key, part => Fraction.Sum(part.Select(line => line.Line.Part.Share)));
                Assert.Equal(results.Count, shares.Count);
                Assert.All(shares, share => Assert.Equal(Fraction.One, share.Value));
                Assert.Equal(lines.Count, lines.Select(line => (line.Unit, line.Line.Part.Unit, line.Line.Part.Season)).Distinct().Count());

                foreach (var ledger in ledgers)
                {
                    var counted = ledger.Lines.Where(line => line.State == AttributionState.Counted).ToList();
                    Assert.Equal(ledger.Exact ?? Fraction.Zero, Fraction.Sum(counted.Select(line => Fraction.FromDecimal(line.Part.Total!.Value) * line.Weight)));
                    Assert.Equal(ledger.Exact?.Round(2), ledger.Total);
                    Assert.All(ledger.Lines.Except(counted), line => Assert.Equal(Fraction.Zero, line.Contribution));
                    Assert.True(policy is AttributionPolicy.Sum || counted.Count == 0 || Fraction.Sum(counted.Select(line => line.Weight)) == Fraction.One);
                    Assert.True(policy is not AttributionPolicy.SuccessorOnly || counted.TrueForAll(line => line.Part.Unit == ledger.Unit));
                }

                // What all successors count together is what all units had earned.
                var earned = results.Where(result => result.Total is not null).ToList();
                var sum = Fraction.Sum(ledgers.Select(ledger => ledger.Exact ?? Fraction.Zero));
                if (policy is AttributionPolicy.Sum)
                {
                    Assert.Equal(Fraction.Sum(earned.Select(result => Fraction.FromDecimal(result.Total!.Value))), sum);
                }
                else if (policy is AttributionPolicy.Weighted)
                {
                    // Weights give the days back: average × days and shares of each successor.
                    Assert.Equal(
                        Fraction.Sum(earned.Select(result => Fraction.FromDecimal(result.Total!.Value) * Fraction.FromDecimal(world.DaysOf(result)))),
                        Fraction.Sum(ledgers.Select(ledger => (ledger.Exact ?? Fraction.Zero) * Fraction.Sum(ledger.Lines.Where(line => line.State == AttributionState.Counted).Select(line => Fraction.FromDecimal(line.Part.Days) * line.Part.Share)))));
                }
                else if (policy is AttributionPolicy.Skip)
                {
                    Assert.All(ledgers, ledger => Assert.Null(ledger.Total));
                }
            },
            iter: Cases);

    [Fact]
    public void Every_flag_has_one_holder_and_every_lineal_successor_shows_it_once() =>
        s_worlds.Sample(
            world =>
            {
                var asOf = world.Seasons[^1].LastDay;
                var ancestors = world.Units.Keys.ToDictionary(unit => unit, unit => world.Lineage.AncestorsOf(unit, asOf), StringComparer.Ordinal);
                foreach (var flag in world.Results.Where(result => result.Total > 60)) // whoever did so well won a flag
                {
                    var earnedOn = world.EarnedOn(flag);
                    var shownBy = world.Units.Keys.SelectMany(unit => ancestors[unit].Where(ancestor => ancestor.Unit == flag.Unit && ancestor.HandsOn(earnedOn)).Select(_ => unit)).ToList();

                    Assert.DoesNotContain(flag.Unit, shownBy);
                    Assert.Equal(world.Descendants(flag.Unit, earnedOn, asOf).Order(StringComparer.Ordinal), shownBy.Order(StringComparer.Ordinal));
                }
            },
            iter: Cases);

    [Fact]
    public void The_graphs_hold_everything_that_was_asked_for()
    {
        // A generator that never split would conserve too: this keeps the two tests above honest.
        var seen = new HashSet<ReorganisationKind>();
        var longest = 0;
        var (continuing, shared) = (false, false);
        s_worlds.Sample(
            world =>
            {
                lock (seen)
                {
                    seen.UnionWith(world.Recorded.Select(reorganisation => reorganisation.Kind));
                    continuing |= world.Recorded.Exists(reorganisation => reorganisation.Kind == ReorganisationKind.Split && !reorganisation.Closing.Any());
                    shared |= world.Recorded.Exists(reorganisation => reorganisation.Units.Any(unit => unit.Share is not null));
                    longest = Math.Max(longest, world.Units.Keys.Max(unit => world.Lineage.AncestorsOf(unit, DateOnly.MaxValue).Select(ancestor => ancestor.Chain.Count).DefaultIfEmpty().Max()));
                }
            },
            iter: 500, threads: 1);

        Assert.Equal(Enum.GetValues<ReorganisationKind>().Order(), seen.Order());
        Assert.True(longest >= 3 && continuing && shared, $"chains up to {longest}, continuing {continuing}, shares {shared}");
    }

    /// <summary>Units, what became of them, and a result of each in every season in which it existed.</summary>
    private sealed class World
    {
        private int _named;

        private World() { }

        public Dictionary<string, Unit> Units { get; } = new(StringComparer.Ordinal);
        public List<Reorganisation> Recorded { get; } = [];
        public List<Season> Seasons { get; } = [];
        public List<EarnedResult> Results { get; } = [];
        public Dictionary<string, UnitLife> Lives { get; private set; } = [];
        public Lineage Lineage { get; private set; } = new([]);

        public static World Of(int units, (int What, int Who, int Quarter, int Parts)[] steps, int points)
        {
            var world = new World();
            for (var index = 0; index < units; index++)
            {
                world.Units[world.NewCode()] = Registered($"U{index}");
            }

            // Recorded in any order, as decisions come in; what the rules refuse does not happen.
            foreach (var step in steps)
            {
                world.Try(step.What, step.Who, new DateOnly(FirstYear + (step.Quarter / 4), 1 + (step.Quarter % 4 * 3), 1), step.Parts);
            }

            for (var year = FirstYear; year < FirstYear + Years; year++)
            {
                world.Seasons.Add(Opened(year));
            }

            world.Lineage = new Lineage(world.Recorded);
            world.Lives = world.Units.ToDictionary(unit => unit.Key, unit => new UnitLife(unit.Value.BeginsOn, unit.Value.ClosesOn), StringComparer.Ordinal);
            foreach (var season in world.Seasons)
            {
                foreach (var unit in world.Units.Values.Where(unit => unit.BeginsOn <= season.LastDay && (unit.ClosesOn is null || unit.ClosesOn >= season.FirstDay)))
                {
                    var total = (Math.Abs((long)points) + (31L * world.Results.Count * world.Results.Count)) % 1000 / 10m;
                    world.Results.Add(new EarnedResult(unit.Code, season.Code, total < 5 ? null : total)); // some have no final sheet
                }
            }

            return world;
        }

        public DateOnly EarnedOn(EarnedResult result) => SeasonParts.EarnedOn(Seasons.Single(season => season.Code == result.Season).LastDay, Lives[result.Unit].Last);

        public int DaysOf(EarnedResult result)
        {
            var season = Seasons.Single(season => season.Code == result.Season);
            var first = Lives[result.Unit].First > season.FirstDay ? Lives[result.Unit].First : season.FirstDay;
            return EarnedOn(result).DayNumber - first.DayNumber + 1;
        }

        /// <summary>Forwards, day by day: who has something of what the unit had earned.</summary>
        public HashSet<string> Descendants(string unit, DateOnly earnedOn, DateOnly asOf)
        {
            var since = new Dictionary<string, DateOnly>(StringComparer.Ordinal) { [unit] = earnedOn };
            foreach (var reorganisation in Recorded.Where(reorganisation => reorganisation.EffectiveOn > earnedOn && reorganisation.EffectiveOn <= asOf).OrderBy(reorganisation => reorganisation.EffectiveOn))
            {
                if (reorganisation.Predecessors.Any(predecessor => since.TryGetValue(predecessor, out var day) && day < reorganisation.EffectiveOn))
                {
                    foreach (var successor in reorganisation.Successors)
                    {
                        since.TryAdd(successor, reorganisation.EffectiveOn);
                    }
                }
            }

            return [.. since.Keys.Where(key => key != unit)];
        }

        private void Try(int what, int who, DateOnly day, int parts)
        {
            var living = Units.Values.Where(unit => unit.On(day.AddDays(-1)) is not null && unit.On(day) is not null).Select(unit => unit.Code).Order(StringComparer.Ordinal).ToList();
            if (living.Count == 0)
            {
                return;
            }

            string Nth(int offset) => living[(int)((Math.Abs((long)who) + offset) % living.Count)];
            SuccessorPlan New(Fraction? share = null) => new(NewCode(), Details(), share);
            var (one, other) = (Nth(0), Nth(1));
            var whole = parts * (parts + 1) / 2;
            ReorganisationPlan plan = what switch
            {
                0 => Plan(ReorganisationKind.Merge, [.. Enumerable.Range(0, parts + 1).Select(Nth).Distinct()], New()),
                1 => Plan(ReorganisationKind.Merge, [one, other], new SuccessorPlan(one, null, null)), // one goes on and takes the other in
                2 => Plan(ReorganisationKind.Split, [one], [.. Enumerable.Range(1, parts).Select(part => New(new Fraction(part, whole)))]),
                3 => Plan(ReorganisationKind.Split, [one], new SuccessorPlan(one, null, null), New()), // one goes on and something leaves it
                4 => who % 2 == 0 ? Plan(ReorganisationKind.Rename, [one], New()) : Plan(ReorganisationKind.LevelChange, [one], New() with { Details = Details(level: "XA") }),
                _ => Plan(ReorganisationKind.Dissolve, [one]),
            };
            var errors = new List<Violation>();
            new ReorganisationRules(Units, Recorded, new HashSet<string>()).Check(plan, errors);
            if (errors.Count == 0)
            {
                Reorganisation.Apply(plan, Units, Now);
                Recorded.Add(Reorganisation.Of(plan, Now));
            }

            ReorganisationPlan Plan(ReorganisationKind kind, string[] predecessors, params SuccessorPlan[] successors) => new(kind, day, "NQ", null, predecessors, successors);
        }

        private string NewCode() => $"U{_named++}";
    }
}
