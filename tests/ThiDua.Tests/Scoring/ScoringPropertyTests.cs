using System.Globalization;
using CsCheck;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Scoring;

/// <summary>What must hold for every table, card and cluster (domain reference E.3).</summary>
public sealed class ScoringPropertyTests
{
    private static readonly long Cases = long.Parse(Environment.GetEnvironmentVariable("THIDUA_CASES") ?? "10000", CultureInfo.InvariantCulture);

    private static readonly Gen<decimal> Quantity = Gen.Select(Gen.Int[0, 300], Gen.Int[0, 3], (digits, scale) => new decimal(digits, 0, 0, false, (byte)scale));
    private static readonly Gen<Rounding> Roundings = Gen.Select(Gen.Int[0, 2], Gen.Enum<RoundingMode>(), (decimals, mode) => new Rounding(decimals, mode));

    // Few distinct values, so that ties of every kind are common.
    private static readonly Gen<Cluster> Clusters = Gen.Select(
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 150], Gen.Int[1, 120], Gen.Int[0, 12]).Array[1, 10],
        Gen.Enum<Ties>(), Gen.Enum<BeyondScale>().Where(beyond => beyond != BeyondScale.Error), Gen.Enum<RankOrder>(), Gen.Int[1, 6], Roundings,
        (units, ties, beyond, order, places, rounding) => Cluster.Of(units, ties, beyond, order, places, rounding));

    [Fact] // P-1
    public void The_order_of_the_members_changes_nobodys_points() => Gen.Select(Clusters, Gen.Int[0, 1000]).Sample(
        (cluster, seed) =>
        {
            var shuffled = cluster.Context.Members.OrderBy(unit => (unit[1] * 7919 * (seed + 1)) % 1009).ToList();
            var permuted = cluster.Context with { Members = shuffled, Cards = shuffled.ToDictionary(unit => unit, unit => cluster.Context.Cards[unit]) };
            foreach (var unit in shuffled)
            {
                Assert.Equal(Points(cluster.Context, unit), Points(permuted, unit));
            }
        },
        iter: Cases);

    [Fact] // P-2
    public void A_higher_value_never_scores_lower() => Gen.Select(Bands(whole: true), Quantity, Quantity, Quantity, Quantity, Roundings).Sample(
        (bands, low, more, plan, best, rounding) =>
        {
            var high = low + more;
            Criterion[] criteria =
            [
                new PercentBandCriterion("B", "B", 10, null, null, null, Baseline.Plan, [.. bands.OrderByDescending(Lowest).Select((band, n) => band with { Points = 100 - n })], OverTop.TopBand, Direction.HigherIsBetter),
                new RatioCriterion("R", "R", 10, null, null, null, 10),
                new CountCriterion("C", "C", 10, null, null, null, 0.7m, 10),
                new RelativeCriterion("L", "L", 10, null, null, null, RankOrder.Desc),
            ];
            var table = new CriteriaTable("T", "T", 40, rounding, [new CriteriaGroup("I", "I", GroupTag.PolicyCompliance, 40, criteria)], new Bonus(null, []), new Deductions([]), null);
            decimal?[] Score(decimal value)
            {
                var target = plan + 0.01m;
                var cards = new Dictionary<string, ScoreCard>
                {
                    ["X"] = Card(("B", new PercentInput(value, target)), ("R", new RatioInput(value, target, null)), ("C", new CountInput(value)), ("L", new RelativeInput(value, target))),
                    ["Y"] = Card(("L", new RelativeInput(best, target))),
                };
                return [.. ScoringEngine.Score(new ScoringContext(table, ["X", "Y"], PublishedValues.None, cards), "X").Lines.Select(line => line.Points)];
            }

            Assert.All(Score(low).Zip(Score(high)), pair => Assert.True(pair.First <= pair.Second));
        },
        iter: Cases);

    [Fact] // P-2
    public void A_better_published_value_never_takes_a_worse_place() => Gen.Select(Clusters, Gen.Int[0, 9], Gen.Int[0, 5]).Sample(
        (cluster, which, more) =>
        {
            var unit = cluster.Context.Members[which % cluster.Context.Members.Count];
            var before = ScoringEngine.ScoreLine(cluster.Context, unit, cluster.Rank).Points;
            var after = ScoringEngine.ScoreLine(cluster.WithValue(unit, cluster.Value(unit) + (cluster.Rank.Order == RankOrder.Desc ? more : -more)), unit, cluster.Rank).Points;
            Assert.True(before <= after, $"{before} > {after}");
        },
        iter: Cases);

    [Fact] // P-3, both ways: clean if and only if every percentage has exactly one band
    public void A_clean_list_of_bands_gives_every_percentage_exactly_one() => Gen.Select(Bands(whole: false), Gen.Int[0, 30000], Gen.Int[1, 97]).Sample(
        (bands, numerator, denominator) =>
        {
            var clean = !BandLinter.Problems(bands).Any();
            decimal[] bounds = [0, .. bands.SelectMany(band => new[] { band.Gte, band.Gt, band.Lte, band.Lt }).OfType<decimal>()];
            var probes = bounds.SelectMany(bound => new[] { bound - 0.0000001m, bound, bound + 0.0000001m }).Where(probe => probe >= 0).Select(Fraction.FromDecimal)
                .Append(new Fraction(numerator, denominator)).ToList();
            var top = bands.Any(band => band is { Lt: null, Lte: null }) ? (Fraction?)null : probes.Where(probe => bands.Any(band => band.Holds(probe))).DefaultIfEmpty(Fraction.Zero).Max();
            var exactlyOne = probes.Where(probe => top is not { } last || probe <= last).All(probe => bands.Count(band => band.Holds(probe)) == 1);
            Assert.Equal(exactlyOne, clean);
        },
        iter: Cases);

    [Fact] // P-5
    public void The_points_shown_add_up_to_the_total_shown() => Clusters.Sample(
        cluster =>
        {
            foreach (var unit in cluster.Context.Members)
            {
                var card = ScoringEngine.Score(cluster.Context, unit);
                var total = ScoringEngine.Total(cluster.Context.Table, card.Lines.ToDictionary(line => line.Criterion, line => line.Points), card.Bonus.Result!.Value, card.Deductions.Result!.Value);
                var shown = card.Lines.Sum(line => decimal.Parse(line.Points!.Value.ToString("0.00", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
                Assert.Equal(Math.Max(0, shown + card.Bonus.Result.Value - card.Deductions.Result.Value), total.Total);
                Assert.Equal(shown, total.Groups.Sum(group => group.Points));
                Assert.All(card.Lines, line => Assert.True(ScoringEngine.IsInRange(cluster.Context.Table.Find(line.Criterion)!, line.Points!.Value)));
            }
        },
        iter: Cases);

    [Fact] // P-6
    public void A_decided_sheet_recomputes_to_what_was_stored() => Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Quantity, Quantity, Gen.Int[0, 4], Gen.Int[0, 6], Roundings).Sample(
        (n, assigned, actual, plan, count, late, rounding) =>
        {
            var table = s_table with { Rounding = rounding };
            var now = DateTimeOffset.UnixEpoch;
            var actor = new Actor("x", "X");
            var sheet = ScoreSheet.Open("S", Guid.Empty, "X", Guid.Empty, now);
            var inputs = new Dictionary<string, string>
            {
                ["R"] = FormattableString.Invariant($$"""{"n": {{n}}, "N": "{{assigned}}", "decision": "FULL"}"""),
                ["B"] = FormattableString.Invariant($$"""{"actual": "{{actual}}", "base": {{plan + 0.5m}}}"""),
                ["D"] = "{\"counts\": {\"V\": " + count.ToString(CultureInfo.InvariantCulture) + "}}",
                ["T"] = "{\"late\": {\"O\": " + (late == 6 ? "null" : late.ToString(CultureInfo.InvariantCulture)) + "}}",
            };
            var claimed = new Dictionary<string, decimal> { ["K"] = count };
            sheet.Enter(inputs, ScoreCard.Empty with { Notes = inputs.Keys.ToDictionary(code => code, _ => "Hồ sơ"), Bonus = claimed }, now);
            ScoredCard Recompute() => ScoringEngine.Score(new ScoringContext(table, ["X"], PublishedValues.None, new Dictionary<string, ScoreCard> { ["X"] = sheet.CardOf(table) }), "X");
            sheet.Submit(table, sheet.CardOf(table), Recompute(), actor, now);
            sheet.Review(Reviewer.Leader, alone: true, table, SheetChanges.None with { Lines = [new PointChange("D", Math.Min(5, count), "Đối chiếu")], Bonus = [new CountChange("K", late, "Đối chiếu")] }, actor, now);
            sheet.Appraise(table, n % 2 == 0 ? SheetChanges.None : SheetChanges.None with { Lines = [new PointChange("T", 1.125m, "Thẩm định")], Deductions = [new CountChange("V", count, "Thẩm định")] }, actor, now);
            var total = sheet.Lock(table, now);

            Assert.Equal(Recompute().Lines.Select(line => (line.Criterion, line.Points)).Order(), sheet.Lines.Select(line => (line.Criterion, line.Self)).Order());
            Assert.All(sheet.Lines, line => Assert.Equal((line.ReviewPoints, line.AppraisalPoints), (line.Review, line.Final)));
            Assert.Equal(total.Total, sheet.TotalOf(table).Total);
            var reviewed = ScoringEngine.BonusOf(table, new Dictionary<string, decimal> { ["K"] = late });
            Assert.Equal((Recompute().Bonus.Result, reviewed.Result, reviewed.Result), (sheet.Bonus.Self!.Result, sheet.Bonus.Review!.Result, sheet.Bonus.Final!.Result));
            Assert.Equal(Math.Max(0, (sheet.Lines.Sum(line => line.Final) + sheet.Bonus.Final.Result - sheet.Deductions.Final!.Result)!.Value), total.Total);
            Assert.Equal(total.Total, sheet.Total);
        },
        iter: Cases);

    [Fact] // P-9
    public void The_units_tied_at_each_rank_add_up_to_the_cluster() => Gen.Int[-1, 5].Array[0, 14].Sample(
        totals =>
        {
            var ranked = Ranking.Of(totals.Select((total, n) => ($"U{n:00}", total < 0 ? (decimal?)null : total)));
            var next = 1;
            foreach (var rank in ranked.Where(unit => unit.Rank is not null).GroupBy(unit => unit.Rank!.Value))
            {
                Assert.Equal(next, rank.Key);
                next += rank.Count();
            }

            Assert.Equal(totals.Length, next - 1 + ranked.Count(unit => unit.Rank is null));
            Assert.Equal(ranked.OrderBy(unit => unit.Rank ?? int.MaxValue).ThenBy(unit => unit.Unit, StringComparer.Ordinal), ranked);
            Assert.All(ranked, unit => Assert.Equal(unit.Total is null, unit.Rank is null));
        },
        iter: Cases);

    private static readonly CriteriaTable s_table = new("T", "T", 25, Rounding.Default,
        [
            new CriteriaGroup("I", "I", GroupTag.PolicyCompliance, 25,
            [
                new RatioCriterion("R", "R", 10, null, null, null, 10),
                new PercentBandCriterion("B", "B", 5, null, null, null, Baseline.Plan, [new Band(100, null, null, null, 5, null), new Band(null, 50, null, 100, 2.5m, null), new Band(null, null, 50, null, 0, null)], OverTop.TopBand, Direction.HigherIsBetter),
                new DeductCriterion("D", "D", 5, null, null, null, [new DeductUnit("V", "V", 1.5m)], 0),
                new TimelinessCriterion("T", "T", 5, null, null, null, ["O"], [new TimelinessRow(0, 5), new TimelinessRow(3, 2.125m), new TimelinessRow(null, 0)]),
            ]),
        ],
        new Bonus(2.5m, [new BonusItem("K", "K", 0.75m, 4)]), new Deductions([new DeductionItem("V", "V", 1, 3)]), null);

    /// <summary>Bands cut out of the range at a few bounds; unless they must be whole, some are lost, doubled or moved.</summary>
    private static Gen<Band[]> Bands(bool whole) => Gen.Select(Gen.Int[1, 12].Array[0, 4], Gen.Bool.Array[4, 4], Gen.Int[0, whole ? 0 : 3], Gen.Int[0, 9], Gen.Bool).Select((cuts, closed, damage, at, open) =>
    {
        int[] bounds = [.. cuts.Distinct().Order()];
        List<Band> bands = [];
        for (var n = 0; n <= bounds.Length; n++)
        {
            var from = n == 0 ? (int?)null : bounds[n - 1] * 10;
            var to = n == bounds.Length ? (open ? null : (int?)150) : bounds[n] * 10;
            bands.Add(new Band(n > 0 && closed[n - 1] ? from : null, n > 0 && !closed[n - 1] ? from : null, n < bounds.Length && !closed[n] ? to : null, n < bounds.Length && closed[n] ? to : n == bounds.Length ? to : null, n, null));
        }

        switch (damage)
        {
            case 1 when bands.Count > 1: bands.RemoveAt(at % bands.Count); break;
            case 2: bands.Add(bands[at % bands.Count]); break;
            case 3 when bounds.Length > 0: bands[^1] = bands[^1] with { Gte = bands[^1].Gte - 5, Gt = bands[^1].Gt + 3 }; break;
        }

        return bands.ToArray();
    });

    private static decimal Lowest(Band band) => band.Gte ?? band.Gt ?? 0;

    private static ScoreCard Card(params (string Code, CriterionInput Input)[] inputs) => ScoreCard.Empty with { Inputs = inputs.ToDictionary(input => input.Code, input => input.Input) };

    private static List<decimal?> Points(ScoringContext context, string unit) => [.. ScoringEngine.Score(context, unit).Lines.Select(line => line.Points)];

    private sealed record Cluster(ScoringContext Context, RankCriterion Rank, Dictionary<string, int> Values)
    {
        public static Cluster Of((int Value, int Actual, int Target, int Done)[] units, Ties ties, BeyondScale beyond, RankOrder order, int places, Rounding rounding)
        {
            var rank = new RankCriterion("K", "K", 10, null, null, null, "PAR", order, [.. Enumerable.Range(0, places).Select(place => 10m - (1.5m * place))], ties, beyond);
            var table = new CriteriaTable("T", "T", 30, rounding, [new CriteriaGroup("I", "I", GroupTag.PolicyCompliance, 30,
                [rank, new RelativeCriterion("L", "L", 10, null, null, null, RankOrder.Desc), new RatioCriterion("R", "R", 10, null, null, null, 10)])],
                new Bonus(2, [new BonusItem("A", "A", 0.75m, 2)]), new Deductions([new DeductionItem("A", "A", 0.5m, 3)]), null);
            var names = units.Select((_, n) => $"U{n}").ToList();
            var cards = units.Select((unit, n) => (Name: names[n], Card: Card(("L", new RelativeInput(unit.Actual, unit.Target)), ("R", new RatioInput(unit.Done, 12, null))) with
            {
                Bonus = new Dictionary<string, decimal> { ["A"] = unit.Done % 5 },
                Deductions = new Dictionary<string, decimal> { ["A"] = unit.Done },
            })).ToDictionary(unit => unit.Name, unit => unit.Card);
            var values = units.Select((unit, n) => (names[n], unit.Value)).ToDictionary();
            return new Cluster(new ScoringContext(table, names, Published(values), cards), rank, values);
        }

        public int Value(string unit) => Values[unit];

        public ScoringContext WithValue(string unit, int value) => Context with { Published = Published(new Dictionary<string, int>(Values) { [unit] = value }) };

        private static PublishedValues Published(Dictionary<string, int> values) =>
            new(values.Select(value => new PublishedValue("PAR", value.Key, value.Value.ToString(CultureInfo.InvariantCulture), "QĐ", 1)));
    }
}
