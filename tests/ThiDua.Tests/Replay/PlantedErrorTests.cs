using System.Text;
using System.Text.Json.Nodes;
using ThiDua.Replay.SeasonFiles;

namespace ThiDua.Tests.Replay;

/// <summary>One fault planted in a sound season brings exactly its own code: nothing is overlooked, and nothing follows from it.</summary>
public sealed class PlantedErrorTests
{
    private sealed record Fault(string Name, string Sample, string Codes, Action<JsonObject> Plant);

    private static readonly Fault[] s_faults =
    [
        // the document
        Seed("season missing", "MISSING_PROPERTY", s => s.Remove("season")),
        Seed("unknown list", "UNKNOWN_PROPERTY", s => s["remarks"] = new JsonArray()),
        Seed("year in words", "WRONG_TYPE", s => s["season"]!["year"] = "MMXXIII"),
        Seed("unknown season type", "WRONG_TYPE", s => s["season"]!["type"] = "FISCAL_YEAR"),
        Seed("units missing", "MISSING_PROPERTY", s => s.Remove("units")),
        Seed("units no list", "WRONG_TYPE", s => s["units"] = "A, B, C"),
        Seed("unit without code", "MISSING_PROPERTY", s => s.At("units", 2).Remove("code")),
        Seed("unit with empty code", "WRONG_TYPE", s => s.At("units", 2)["code"] = ""),
        Seed("unit is no object", "WRONG_TYPE", s => s["units"]![2] = "C"),
        Seed("unit without name", "MISSING_PROPERTY", s => s.At("units", 2).Remove("name")),
        Seed("unknown attribute", "UNKNOWN_PROPERTY", s => s.At("units", 2)["attributes"] = new JsonObject { ["colour"] = "red" }),
        Seed("share with a comma", "WRONG_TYPE", s => s.At("units", 2)["attributes"] = new JsonObject { ["female_share"] = "69,9" }),
        Seed("tables missing", "MISSING_PROPERTY", s => s.Remove("tables")),
        Seed("clusters missing", "MISSING_PROPERTY", s => s.Remove("clusters")),

        // names and references
        Seed("unit twice", "DUPLICATE_CODE", s => s["units"]!.AsArray().Add(s.At("units", 0).DeepClone())),
        Seed("card twice", "DUPLICATE_CODE", s => s["cards"]!.AsArray().Add(s.At("cards", 0).DeepClone())),
        Seed("table twice", "DUPLICATE_CODE", s => s["tables"]!.AsArray().Add(s.At("tables", 0).DeepClone())),
        Central("cluster twice", "DUPLICATE_CODE", s => s.At("clusters", 1)["code"] = (string)s.At("clusters", 0)["code"]!),
        Seed("unknown table", "UNKNOWN_TABLE", s => s.At("clusters", 0)["table"] = "T9"),
        Central("unknown member", "UNKNOWN_UNIT", s => s.At("clusters", 0)["members"]!.AsArray().Add("P99")),
        Seed("member twice", "DUPLICATE_CODE", s => s.At("clusters", 0)["members"]!.AsArray().Add("A")),
        Seed("member in two clusters", "UNIT_IN_TWO_CLUSTERS", s => s["clusters"]!.AsArray().Add(new JsonObject
        {
            ["code"] = "C2", ["name"] = "Cụm 2", ["kind"] = "KHOI", ["table"] = "T1_SEED_130", ["leader"] = "A", ["deputy"] = "B", ["members"] = new JsonArray("A", "B"),
        })),
        Seed("leader is a stranger", "LEADER_NOT_MEMBER", s => s.At("clusters", 0)["leader"] = "Z"),
        Seed("deputy left the cluster", "LEADER_NOT_MEMBER", s => s.At("clusters", 0)["members"]!.AsArray().RemoveAt(3)),
        Seed("leader is deputy", "LEADER_IS_DEPUTY", s => s.At("clusters", 0)["deputy"] = "B"),
        Seed("cluster of no kind", "WRONG_TYPE", s => s.At("clusters", 0)["kind"] = "NHOM"),
        Seed("cluster without leader", "MISSING_PROPERTY", s => s.At("clusters", 0).Remove("leader")),
        Seed("cluster without members", "MISSING_PROPERTY", s => s.At("clusters", 0).Remove("members")),
        Seed("card of a stranger", "UNKNOWN_UNIT", s => s["cards"]!.AsArray().Add(new JsonObject { ["unit"] = "Z", ["inputs"] = new JsonObject() })),
        Mixed("exclusion of a stranger", "UNKNOWN_UNIT", s => s.At("exclusions", 0)["unit"] = "Z"),
        Mixed("exclusion of no status", "WRONG_TYPE", s => s.At("exclusions", 0)["status"] = "MAYBE"),
        Mixed("exclusion without document", "MISSING_PROPERTY", s => s.At("exclusions", 0).Remove("document")),
        Mixed("history of a stranger", "UNKNOWN_CLUSTER", s => s.At("history", 0)["cluster"] = "C999"),
        Mixed("history without winner", "MISSING_PROPERTY", s => s.At("history", 0).Remove("winner")),
        Mixed("former unit in the history", "", s => s.At("history", 0)["winner"] = "HUYEN-X"),

        // tables
        Seed("group does not add up", "L-01", s => s.At("tables", 0)["groups"]![0]!["max"] = 129),
        Seed("criterion without maximum", "MISSING_PROPERTY", s => s.Criterion("LEVEL").Remove("max")),
        Seed("unknown kind", "WRONG_TYPE", s => s.Criterion("LEVEL")["kind"] = "GUESS"),
        Seed("unknown source", "WRONG_TYPE", s => s.Criterion("LEVEL")["value_source"] = "HEARSAY"),
        Seed("unknown order", "WRONG_TYPE", s => s.Criterion("RANK_IN_CLUSTER")["order"] = "UP"),
        Seed("table without groups", "MISSING_PROPERTY", s => s.At("tables", 0).Remove("groups")),
        Seed("group without tag", "MISSING_PROPERTY", s => s.At("tables", 0)["groups"]![0]!.AsObject().Remove("tag")),
        Seed("stray property of a criterion", "UNKNOWN_PROPERTY", s => s.Criterion("LEVEL")["weight"] = 2),
        Seed("best level below maximum", "L-03", s => s.Criterion("LEVEL")["levels"]![0]!["points"] = 99),
        Seed("scale too short", "L-04", s => s.Criterion("RANK_IN_CLUSTER")["points_by_rank"]!.AsArray().RemoveAt(6)),
        Seed("three decimals", "WRONG_TYPE", s => s.At("tables", 0)["rounding"]!["decimals"] = 3),
        Mixed("gap between bands", "L-02", s => s.Criterion("PERCENT_BAND")["bands"]!.AsArray().RemoveAt(1)),
        Mixed("band below zero only", "L-02", s => s.Criterion("PERCENT_BAND")["bands"]!.AsArray().RemoveAt(s.Criterion("PERCENT_BAND")["bands"]!.AsArray().Count - 1)),
        Mixed("no baseline", "L-05", s => s.Criterion("PERCENT_BAND").Remove("baseline")),
        Mixed("unknown baseline", "WRONG_TYPE", s => s.Criterion("PERCENT_BAND")["baseline"] = "LAST_CENTURY"),
        Mixed("points per task", "L-07", s => s.Criterion("RATIO")["i"] = "0.5"),

        // published results
        Seed("result of a stranger", "UNKNOWN_UNIT", s => s["published"]!.AsArray().Add(new JsonObject { ["index"] = "PAR", ["unit"] = "Z", ["value"] = "1", ["document"] = "QĐ" })),
        Seed("result missing", "MISSING_PUBLISHED", s => s["published"]!.AsArray().RemoveAt(0)),
        Seed("results missing", "MISSING_PUBLISHED", s => s.Remove("published")),
        Seed("result without value", "MISSING_PROPERTY", s => s.At("published", 0).Remove("value")),
        Seed("result without unit", "MISSING_PROPERTY", s => s.At("published", 0).Remove("unit")),
        Seed("result without index", "MISSING_PROPERTY", s => s.At("published", 0).Remove("index")),
        Seed("result is a truth", "WRONG_TYPE", s => s.At("published", 0)["value"] = true),
        Seed("unknown level published", "UNKNOWN_LEVEL", s => s.At("published", 0)["value"] = "TUYET_VOI"),
        Seed("index in words", "WRONG_TYPE", s => s.At("published", 7)["value"] = "cao"),
        Seed("index as a number", "", s => s.At("published", 7)["value"] = 91.25m),
        Seed("two results of one index", "DUPLICATE_CODE", s => s["published"]!.AsArray().Add(new JsonObject { ["index"] = "PAR", ["unit"] = "A", ["value"] = "1", ["document"] = "QĐ" })),

        // cards
        Seed("published value typed", "PUBLISHED_VALUE_TYPED", s => s.At("cards", 1)["inputs"]!["I.1"] = new JsonObject { ["level"] = "HTXSNV" }),
        Seed("card without inputs", "MISSING_PROPERTY", s => s.At("cards", 1).Remove("inputs")),
        Mixed("card without inputs that it needs", "MISSING_PROPERTY", s => s.CardWith("RATIO").Card.Remove("inputs")),
        Mixed("input missing", "MISSING_INPUT", s => s.CardWith("COUNT").Card["inputs"]!.AsObject().Remove(s.CardWith("COUNT").Criterion)),
        Mixed("unknown criterion", "UNKNOWN_CRITERION", s => s.CardWith("COUNT").Card["inputs"]!["IX.9"] = new JsonObject { ["count"] = 1 }),
        Mixed("note on an unknown criterion", "UNKNOWN_CRITERION", s => s.CardWith("COUNT").Card["notes"] = new JsonObject { ["IX.9"] = "QĐ 1" }),
        Mixed("unknown level", "UNKNOWN_LEVEL", s => s.Input("LEVEL")["level"] = "TUYET_VOI"),
        Mixed("unknown task", "UNKNOWN_KEY", s => s.Input("CHECKLIST")["done"]!.AsArray().Add("XX")),
        Mixed("unknown obligation", "UNKNOWN_KEY", s => s.Input("TIMELINESS")["late"]!["XX"] = 1),
        Mixed("unknown violation", "UNKNOWN_KEY", s => s.Input("DEDUCT_FROM_MAX")["counts"]!["XX"] = 1),
        Mixed("unknown bonus", "UNKNOWN_KEY", s => s.CardWith("COUNT").Card["bonus"] = new JsonObject { ["XX"] = 1 }),
        Mixed("unknown deduction", "UNKNOWN_KEY", s => s.CardWith("COUNT").Card["deductions"] = new JsonObject { ["XX"] = 1 }),
        Mixed("stray property of an input", "UNKNOWN_PROPERTY", s => s.Input("COUNT")["remark"] = "x"),
        Mixed("stray property of a card", "UNKNOWN_PROPERTY", s => s.At("cards", 0)["signature"] = "x"),
        Mixed("negative count", "NEGATIVE", s => s.Input("COUNT")["count"] = -1),
        Mixed("negative result", "NEGATIVE", s => s.Input("PERCENT_BAND")["actual"] = "-0.01"),
        Mixed("negative tasks", "NEGATIVE", s => s.Input("RATIO")["n"] = -1),
        Mixed("plan of zero", "BASELINE_ZERO", s => s.Input("PERCENT_BAND")["base"] = "0.00"),
        Mixed("plan missing", "MISSING_PROPERTY", s => s.Input("PERCENT_BAND").Remove("base")),
        Mixed("no task, no decision", "NOT_APPLICABLE", s => NothingAssigned(s.Input("RATIO"))),
        Mixed("unknown decision", "WRONG_TYPE", s => s.Input("RATIO")["decision"] = "HALF"),
        Mixed("decimal comma", "WRONG_TYPE", s => s.Input("PERCENT_BAND")["actual"] = "12,5"),
        Mixed("above every band", "NO_BAND", s => AboveEveryBand(s)),

        // reviews and appraisals
        Mixed("review of a stranger", "UNKNOWN_UNIT", s => s.At("reviews", 0)["unit"] = "Z"),
        Mixed("review of an unknown criterion", "UNKNOWN_CRITERION", s => s.At("reviews", 0)["criterion"] = "IX.9"),
        Mixed("review below zero", "POINTS_OUT_OF_RANGE", s => s.At("reviews", 0)["points"] = "-0.01"),
        Mixed("review above maximum", "POINTS_OUT_OF_RANGE", s => s.At("reviews", 0)["points"] = 1000),
        Mixed("appraisal above maximum", "POINTS_OUT_OF_RANGE", s => s.At("appraisals", 0)["points"] = 1000),
        Mixed("review without reason", "MISSING_REASON", s => s.At("reviews", 0).Remove("reason")),
        Mixed("appraisal with empty reason", "MISSING_REASON", s => s.At("appraisals", 0)["reason"] = "  "),
        Mixed("reason is a number", "WRONG_TYPE", s => s.At("reviews", 0)["reason"] = 7),
        Mixed("review without points", "MISSING_PROPERTY", s => s.At("reviews", 0).Remove("points")),
        Seed("review of a published value", "PUBLISHED_VALUE_TYPED", s => s["reviews"] = new JsonArray(Line("A", "I.1", 90, "x"))),
        Seed("reasonless review of a published value", "MISSING_REASON", s => s["reviews"] = new JsonArray(Line("A", "I.1", 90, ""))),
        Seed("review of a published value out of range", "POINTS_OUT_OF_RANGE", s => s["appraisals"] = new JsonArray(Line("A", "I.1", 101, "x"))),

        // the council and its switches
        Mixed("vote in an unknown cluster", "UNKNOWN_CLUSTER", s => s["ballots"]!["votes"]![0]!["cluster"] = "C999"),
        Mixed("more votes than members", "VOTES_EXCEED_MEMBERS", s => s["ballots"]!["votes"]![0]!["yes"] = 18),
        Mixed("negative votes", "NEGATIVE", s => s["ballots"]!["votes"]![0]!["yes"] = -1),
        Mixed("half a vote", "WRONG_TYPE", s => s["ballots"]!["votes"]![0]!["yes"] = 12.5m),
        Mixed("vote on a certificate", "WRONG_TYPE", s => s["ballots"]!["votes"]![0]!["award"] = "CHAIRMAN_MERIT"),
        Mixed("council of unknown size", "MISSING_PROPERTY", s => s["ballots"]!.AsObject().Remove("members")),
        Mixed("second vote on one flag", "BALLOT_NOT_CANDIDATE", s => s["ballots"]!["votes"]!.AsArray().Add(s["ballots"]!["votes"]![0]!.DeepClone())),
        Mixed("unknown switch", "UNKNOWN_PROPERTY", s => s["policy"]!["lottery"] = true),
        Mixed("unknown tie key", "WRONG_TYPE", s => s["policy"]!["tie_chain"] = new JsonArray("total", "alphabet")),
        Mixed("unknown promotion", "WRONG_TYPE", s => s["policy"]!["definitive_policy"] = "SKIP_TWO"),

        // two at once
        Mixed("two faults", "BASELINE_ZERO MISSING_REASON", s => { s.Input("PERCENT_BAND")["base"] = 0; s.At("appraisals", 3)["reason"] = ""; }),
        Mixed("a table's fault and a card's", "L-02 NEGATIVE", s => { s.Criterion("PERCENT_BAND")["bands"]!.AsArray().RemoveAt(1); s.Input("COUNT")["count"] = -1; }),
    ];

    public static TheoryData<string> Names => [.. s_faults.Select(fault => fault.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_planted_fault_brings_exactly_its_code(string name)
    {
        var fault = s_faults.Single(fault => fault.Name == name);

        Assert.Equal(fault.Codes, PlantedSeason.Codes(PlantedSeason.Plant(fault.Sample, fault.Plant)));
    }

    [Theory]
    [InlineData("Mùa thi đua 2025")]
    [InlineData("[]")]
    [InlineData("{\"season\": {\"code\": \"2025\", ")]
    [InlineData("""{"season": {}, "season": {}}""")]
    public void What_is_no_season_file_is_refused_at_its_root(string text)
    {
        var error = Assert.Single(SeasonFileCheck.Check(Encoding.UTF8.GetBytes(text)).Errors);

        Assert.Equal(("WRONG_TYPE", ""), (error.Code, error.Path));
    }

    [Fact]
    public void A_fault_is_named_where_it_is()
    {
        var errors = SeasonFileCheck.Check(PlantedSeason.Plant(PlantedSeason.Mixed, s =>
        {
            s.At("reviews", 3)["points"] = -1;
            s.At("clusters", 2)["deputy"] = (string)s.At("clusters", 2)["leader"]!;
        })).Errors;

        Assert.Equal(["/clusters/2/deputy", "/reviews/3/points"], errors.Select(error => error.Path));
    }

    [Fact]
    public void Decomposed_letters_name_the_same_unit()
    {
        var text = Encoding.UTF8.GetString(PlantedSeason.Plant(PlantedSeason.Seed, s => s.At("units", 0)["name"] = "Phường Hưởng")).Normalize(NormalizationForm.FormD);

        Assert.Empty(SeasonFileCheck.Check(Encoding.UTF8.GetBytes(text)).Errors);
    }

    private static Fault Seed(string name, string codes, Action<JsonObject> plant) => new(name, PlantedSeason.Seed, codes, plant);

    private static Fault Central(string name, string codes, Action<JsonObject> plant) => new(name, PlantedSeason.Central, codes, plant);

    private static Fault Mixed(string name, string codes, Action<JsonObject> plant) => new(name, PlantedSeason.Mixed, codes, plant);

    private static JsonObject Line(string unit, string criterion, int points, string reason) =>
        new() { ["unit"] = unit, ["criterion"] = criterion, ["points"] = points, ["reason"] = reason };

    private static void NothingAssigned(JsonObject ratio)
    {
        ratio["n"] = 0;
        ratio["N"] = 0;
        ratio.Remove("decision");
    }

    /// <summary>With over_top ERROR the top may stay uncovered; then a value above it has no band.</summary>
    private static void AboveEveryBand(JsonObject season)
    {
        var criterion = season.Criterion("PERCENT_BAND");
        criterion["over_top"] = "ERROR";
        criterion["bands"]![0]!["lte"] = 100000;
        season.Input("PERCENT_BAND")["actual"] = "99999999";
    }
}
