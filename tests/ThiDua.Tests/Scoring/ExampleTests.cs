using System.Globalization;
using System.Text.Json;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Scoring;

/// <summary>The worked examples of the domain reference that concern tables, scoring and ranking, row by row.</summary>
public sealed class ExampleTests
{
    private const string SeedRank = """
        {"code": "I.2", "title": "Thứ hạng", "max": 30, "kind": "RANK_IN_CLUSTER", "index": "PAR", "order": "DESC",
         "points_by_rank": [30, 28, 26, 24, 22, 20, 18], "ties": "TIES", "beyond_scale": "BEYOND"}
        """;

    private static readonly JsonElement Examples = Samples.Read("domain/examples.json");

    public static TheoryData<string> Ids
    {
        get
        {
            string[] mine = ["EX-01.", "EX-02", "EX-03.", "EX-04.", "EX-05.", "EX-06.", "EX-07.", "EX-08.", "EX-09.", "EX-10.", "EX-11.", "EX-21.", "EX-22.", "TB.", "EX-18.6"];
            return [.. Examples.EnumerateArray().Select(example => example.GetProperty("id").GetString()!).Where(id => mine.Any(prefix => id.StartsWith(prefix, StringComparison.Ordinal)))];
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Holds(string id)
    {
        var example = Examples.EnumerateArray().Single(example => example.GetProperty("id").GetString() == id);
        var given = example.GetProperty("given");
        Assert.Equal(Canonical(example.GetProperty("expected")), Canonical(JsonSerializer.SerializeToElement(Answer(id, given))));
    }

    [Fact]
    public void Every_example_of_this_service_is_covered() => Assert.Equal(129, Ids.Count);

    private static object? Answer(string id, JsonElement given) => id.Split('.')[0] switch
    {
        "EX-01" => Points(Samples.Table("T1_SEED_130"), "I.1", published: Published("TASK_RESULT", ("X", given.GetProperty("classification").GetString()!))),
        "EX-02" or "EX-03" => Ranks(given, Option(given, "ties", "COMPETITION"), "ERROR"),
        "EX-04" => EighthPlace(given.GetProperty("beyond_scale").GetString()!),
        "EX-05" => SeedCluster(id),
        "EX-06" => Bands(id, given),
        "EX-07" => Ratio(id, given),
        "EX-08" => SamePeriod(id, given),
        "EX-09" => BonusAndDeduction(id),
        "EX-10" => FullCards.Commune(id),
        "EX-11" => FullCards.Enterprise(id),
        "EX-18" => Timeliness(),
        "EX-21" => Layers(id, given),
        "EX-22" => Relative(given),
        "TB" => TableMaximum(id),
        _ => throw new InvalidOperationException(id),
    };

    private static Dictionary<string, string?> Ranks(JsonElement given, string ties, string beyond)
    {
        var units = given.EnumerateObject().Where(member => member.Name is not ("ties" or "note")).Select(member => (member.Name, member.Value.GetString()!)).ToArray();
        var table = Samples.TableOf(SeedRank.Replace("TIES", ties, StringComparison.Ordinal).Replace("BEYOND", beyond, StringComparison.Ordinal));
        return units.ToDictionary(unit => unit.Name, unit => Points(table, "I.2", unit.Name, published: Published("PAR", units)));
    }

    private static string? EighthPlace(string beyond)
    {
        var table = Samples.TableOf(SeedRank.Replace("TIES", "COMPETITION", StringComparison.Ordinal).Replace("BEYOND", beyond, StringComparison.Ordinal));
        var units = Enumerable.Range(1, 8).Select(place => ($"U{place}", (100 - place).ToString(CultureInfo.InvariantCulture))).ToArray();
        var lint = CriteriaTableLinter.Errors(table, [new ClusterSize("C", 8)]).Select(finding => finding.Code);
        Assert.Equal(beyond == "ERROR" ? ["L-04"] : [], lint);
        return Points(table, "I.2", "U8", published: Published("PAR", units)) is "ERROR:L-04" ? "ERROR:SCALE_TOO_SHORT" : Points(table, "I.2", "U8", published: Published("PAR", units));
    }

    private static object? SeedCluster(string id)
    {
        var given = Examples.EnumerateArray().First(example => example.GetProperty("id").GetString() == "EX-05.1").GetProperty("given");
        var table = Samples.Table("T1_SEED_130");
        var published = Published("TASK_RESULT", Pairs(given.GetProperty("class")), ("PAR", Pairs(given.GetProperty("index"))));
        string[] units = [.. given.GetProperty("class").EnumerateObject().Select(member => member.Name)];
        var context = new ScoringContext(table, units, published, new Dictionary<string, ScoreCard>());
        var cards = units.ToDictionary(unit => unit, unit => ScoringEngine.Score(context, unit));
        var totals = cards.ToDictionary(card => card.Key, card => card.Value.Lines.Sum(line => line.Points));
        return id switch
        {
            "EX-05.1" => cards.ToDictionary(card => card.Key, card => card.Value.Lines[1].Points),
            "EX-05.2" => totals,
            "EX-05.3" => Ranking.Of(totals.Select(total => (total.Key, total.Value))).Select(ranked => ranked.Unit),
            "EX-05.4" => table.TotalMax,
            _ => ((LevelCriterion)table.Find("I.1")!).Levels.Min(level => level.Points) + ((RankCriterion)table.Find("I.2")!).PointsByRank[^1],
        };
    }

    private static object? Bands(string id, JsonElement given)
    {
        const string Seed = """{"gte": 95, "lte": 100, "points": 10}, {"gte": 90, "lt": 95, "points": 8}""";
        static string Criterion(string bands, string overTop = "TOP_BAND") =>
            $$"""{"code": "X", "title": "X", "max": 10, "kind": "PERCENT_BAND", "baseline": "PLAN", "over_top": "{{overTop}}", "bands": [{{bands}}]}""";
        static string[] Problems(string bands) => [.. BandLinter.Problems(((PercentBandCriterion)Samples.TableOf(Criterion(bands)).Find("X")!).Bands)];

        var parts = id.Split('.', 4);
        if (parts[1] is "L" or "M")
        {
            var criterion = (PercentBandCriterion)Samples.Table(parts[2]).Find(parts[3])!;
            return parts[1] == "L" ? BandLinter.Problems(criterion.Bands) : criterion.Bands.Max(band => band.Points);
        }

        switch (id)
        {
            case "EX-06.11":
                return Problems(Seed) is ["thiếu dải thấp nhất, dưới 90% không có điểm."] ? ["NO_LOWER_BAND<90"] : Problems(Seed);
            case "EX-06.12":
                return BandLinter.Problems(((PercentBandCriterion)Samples.Table("T3_ENTERPRISE_100").Find("I.3")!).Bands);
            case "EX-06.13":
                const string Low = """, {"lt": 90, "points": 0}""";
                return Problems("""{"gte": 90, "lte": 95, "points": 8}, {"gte": 95, "lte": 100, "points": 10}""" + Low) is ["hai dải cùng chứa 95%."] ? new[] { "BAND_OVERLAP@95" } : null;
            case "EX-06.14":
                return Problems("""{"gte": 90, "lte": 94, "points": 8}, {"gte": 95, "lte": 100, "points": 10}, {"lt": 90, "points": 0}""") is ["hở giữa 94% và 95%."] ? new[] { "BAND_GAP@94..95" } : null;
        }

        var table = Option(given, "bands", string.Empty) switch
        {
            "seed only" => Samples.TableOf(Criterion(Seed, "ERROR")),
            "T3 I.3" => Samples.TableOf(JsonText("T3_ENTERPRISE_100", "I.3")),
            _ => Samples.TableOf(Criterion(Seed + """, {"lt": 90, "points": 0}""", Option(given, "over_top", "TOP_BAND"))),
        };
        var (actual, plan) = (given.GetProperty("actual").GetDecimal(), given.GetProperty("plan").GetDecimal());
        var points = Input(table, $$"""{"actual": {{Number(actual)}}, "base": {{Number(plan)}}}""");
        return plan == 0 || points!.StartsWith("ERROR", StringComparison.Ordinal) || Option(given, "bands", string.Empty).Length > 0
            ? points
            : new[] { Number((Fraction.FromDecimal(100 * actual) / plan).Round(2)), points };
    }

    private static string? Ratio(string id, JsonElement given)
    {
        var i = given.GetProperty("i").GetRawText();
        var rounding = id == "EX-07.9" ? """{"decimals": 2, "mode": "HALF_EVEN"}""" : """{"decimals": 2, "mode": "HALF_UP"}""";
        if (id == "EX-07.10")
        {
            // Points per task, the reading that the linter refuses as a RATIO, is a COUNT.
            return Input(Samples.TableOf("""{"code": "X", "title": "X", "max": 24, "kind": "COUNT", "per_item": 2, "cap": 24}"""), """{"count": 11}""");
        }

        var table = Samples.TableOf($$"""{"code": "X", "title": "X", "max": {{i}}, "kind": "RATIO", "i": {{i}}}""", rounding);
        return Input(table, $$"""{"n": {{given.GetProperty("n").GetRawText()}}, "N": {{given.GetProperty("N").GetRawText()}}}""");
    }

    private static object? SamePeriod(string id, JsonElement given)
    {
        var (now, before) = (given.GetProperty("this").GetString()!, given.GetProperty("last").GetString()!);
        var percent = Number((Fraction.FromDecimal(100 * decimal.Parse(now, CultureInfo.InvariantCulture)) / decimal.Parse(before, CultureInfo.InvariantCulture)).Round(2));
        var points = Input(Samples.TableOf(JsonText("T3_ENTERPRISE_100", "I.4")), $$"""{"actual": "{{now}}", "base": "{{before}}"}""");
        return id switch { "EX-08.1" => percent, "EX-08.2" => points, _ => new[] { percent, points } };
    }

    private static object? BonusAndDeduction(string id)
    {
        if (id == "EX-09.4")
        {
            var table = Samples.TableOf("""{"code": "X", "title": "X", "max": 5, "kind": "DEDUCT_FROM_MAX", "floor": 0, "per_unit": [{"key": "V", "label": "Vi phạm", "minus": 1}]}""");
            return Input(table, """{"counts": {"V": 7}}""");
        }

        var (cap, claimed) = id switch
        {
            "EX-09.1" => ((decimal?)5, new Dictionary<string, decimal> { ["A"] = 1, ["B"] = 1, ["C"] = 1 }),
            "EX-09.2" => (5, new Dictionary<string, decimal> { ["A"] = 1, ["D"] = 3 }),
            _ => (null, new Dictionary<string, decimal> { ["A"] = 1, ["B"] = 1, ["C"] = 1 }),
        };
        BonusItem[] items = [new("A", "A", 3, 1), new("B", "B", 2, 1), new("C", "C", 1.5m, 1), new("D", "D", 1, 2)];
        var withBonus = Samples.Table("T1_SEED_130") with { Bonus = new Bonus(cap, items) };
        var card = ScoreCard.Empty with { Bonus = claimed };
        var context = new ScoringContext(withBonus, ["X"], PublishedValues.None, new Dictionary<string, ScoreCard> { ["X"] = card });
        var bonus = ScoringEngine.Score(context, "X").Bonus.Result;
        var none = claimed.ToDictionary(count => count.Key, _ => 0m);
        Assert.Equal([bonus, bonus, bonus], BonusLayers(withBonus, claimed, claimed, claimed)); // in whichever layer the counts stand
        Assert.Equal([bonus, 0, bonus], BonusLayers(withBonus, claimed, none, claimed));
        Assert.Equal([0, bonus, 0], BonusLayers(withBonus, none, claimed, none));
        return bonus;
    }

    /// <summary>Bonus points of the three layers when the leader and the appraiser set these counts over the unit's.</summary>
    private static decimal?[] BonusLayers(
        CriteriaTable table, Dictionary<string, decimal> declared, Dictionary<string, decimal> reviewed, Dictionary<string, decimal> appraised)
    {
        static CountChange[] Changes(Dictionary<string, decimal> counts) => [.. counts.Select(count => new CountChange(count.Key, count.Value, "Đối chiếu"))];
        var items = CountedItems.None.Declare(declared)
            .Set(Changes(reviewed), (item, set) => item with { Leader = set })
            .Set(Changes(appraised), (item, set) => item with { Appraisal = set });
        var points = CountedPoints.None.Score(ScoringEngine.BonusOf(table, items.Declared)).Recount(items, (counts, source) => ScoringEngine.BonusOf(table, counts, source));
        return [points.Self?.Result, points.Review?.Result, points.Final?.Result];
    }

    private static IEnumerable<object?> Timeliness()
    {
        var table = Samples.TableOf("""{"code": "X", "title": "X", "max": 2, "kind": "TIMELINESS", "obligations": ["O"], "scale": [{"late_wd_lte": 0, "points": 2}, {"late_wd_lte": 5, "points": 1}, {"points": 0}]}""");
        return new[] { "0", "1", "5", "6", "null" }.Select(days => Input(table, "{\"late\": {\"O\": " + days + "}}"));
    }

    private static object? Layers(string id, JsonElement given)
    {
        var table = Samples.Table("T1_SEED_130") with { Groups = [new CriteriaGroup("I", "I", GroupTag.EmulationWork, 0, [.. Enumerable.Range(1, 3).Select(n => new ManualCriterion($"I.{n}", "X", 100, null, null, null, null))])] };
        decimal? Sum(IEnumerable<decimal?> points) => ScoringEngine.Total(table, points.Select((value, n) => ($"I.{n + 1}", value)).ToDictionary(), 0, 0).Total;
        if (id == "EX-21.3")
        {
            return Sum([100, null, 6]);
        }

        var layers = (id == "EX-21.1" ? given : Examples.EnumerateArray().First(example => example.GetProperty("id").GetString() == "EX-21.1").GetProperty("given"))
            .EnumerateObject().ToDictionary(layer => layer.Name, layer => Sum(layer.Value.EnumerateArray().Select(points => (decimal?)decimal.Parse(points.GetString()!, CultureInfo.InvariantCulture))));
        return id == "EX-21.1"
            ? layers
            : new[] { layers["self"] - layers["final"], (Fraction.FromDecimal(100 * (layers["self"] - layers["final"])!.Value) / layers["final"]!.Value).Round(2) };
    }

    private static decimal? Relative(JsonElement given)
    {
        var table = Samples.TableOf($$"""{"code": "X", "title": "X", "max": {{given.GetProperty("max").GetRawText()}}, "kind": "RELATIVE_TO_LEADER", "order": "DESC"}""");
        var (target, leader) = (given.GetProperty("target").GetDecimal(), given.GetProperty("leader").GetDecimal());
        var cards = new Dictionary<string, ScoreCard>
        {
            ["X"] = ScoreCard.Empty with { Inputs = new Dictionary<string, CriterionInput> { ["X"] = new RelativeInput(given.GetProperty("actual").GetDecimal(), target) } },
            ["L"] = ScoreCard.Empty with { Inputs = new Dictionary<string, CriterionInput> { ["X"] = new RelativeInput(leader, target) } },
        };
        return ScoringEngine.ScoreLine(new ScoringContext(table, ["X", "L"], PublishedValues.None, cards), "X", table.Find("X")!).Points;
    }

    private static decimal TableMaximum(string id)
    {
        var parts = id.Split('.', 4);
        var table = Samples.Table(parts[1]);
        Assert.Empty(CriteriaTableLinter.Errors(table, []));
        if (parts.Length == 4)
        {
            return table.Find(parts[3])!.Max;
        }

        return parts[2] == "total" ? table.Groups.Sum(group => group.Max) : table.Groups.Single(group => group.Code == parts[2]).Criteria.Sum(criterion => criterion.Max);
    }

    private static string? Input(CriteriaTable table, string input)
    {
        var criterion = table.Criteria.Single();
        var (card, errors) = Samples.Card(table, "{\"inputs\": {\"" + criterion.Code + "\": " + input + "}}");
        var context = new ScoringContext(table, ["X"], PublishedValues.None, new Dictionary<string, ScoreCard> { ["X"] = card });
        return errors.Count > 0 ? "ERROR:" + Assert.Single(errors).Code : Number(ScoringEngine.ScoreLine(context, "X", criterion).Points!.Value);
    }

    private static string? Points(CriteriaTable table, string code, string unit = "X", PublishedValues? published = null)
    {
        published ??= PublishedValues.None;
        string[] members = [.. "A B C D_ E F_ G X U1 U2 U3 U4 U5 U6 U7 U8".Split(' ')];
        var context = new ScoringContext(table, members, published, new Dictionary<string, ScoreCard>());
        var line = ScoringEngine.ScoreLine(context, unit, table.Find(code)!);
        return line.Refusal is { } refusal ? "ERROR:" + refusal.Code : Number(line.Points!.Value);
    }

    private static PublishedValues Published(string index, params (string Unit, string Value)[] values) =>
        new(values.Select(value => new PublishedValue(index, value.Unit, value.Value, "QĐ", 1)));

    private static PublishedValues Published(string index, (string Unit, string Value)[] values, (string Index, (string Unit, string Value)[] Values) more) =>
        new(values.Select(value => new PublishedValue(index, value.Unit, value.Value, "QĐ", 1)).Concat(more.Values.Select(value => new PublishedValue(more.Index, value.Unit, value.Value, "QĐ", 1))));

    private static (string Unit, string Value)[] Pairs(JsonElement json) => [.. json.EnumerateObject().Select(member => (member.Name, member.Value.GetString()!))];

    private static string JsonText(string table, string code) => Samples.Read("domain/tables.json").EnumerateArray()
        .Single(element => element.GetProperty("id").GetString() == table).GetProperty("groups").EnumerateArray()
        .SelectMany(group => group.GetProperty("criteria").EnumerateArray()).Single(criterion => criterion.GetProperty("code").GetString() == code).GetRawText();

    private static string Option(JsonElement given, string name, string otherwise) => given.TryGetProperty(name, out var value) ? value.GetString()! : otherwise;

    private static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>8, "8" and "8.00" are one number; everything else is compared as written.</summary>
    private static string Canonical(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => "[" + string.Join(",", json.EnumerateArray().Select(Canonical)) + "]",
        JsonValueKind.Object => "{" + string.Join(",", json.EnumerateObject().Select(member => member.Name + ":" + Canonical(member.Value))) + "}",
        JsonValueKind.Null => "null",
        _ => decimal.TryParse(json.ToString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number.ToString("0.############", CultureInfo.InvariantCulture) : json.ToString(),
    };
}
