using System.Text.Json;
using ThiDua.Contracts.Clusters;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>Attendance and reports come from the system itself and are typed by nobody (R-07, R-08).</summary>
public sealed class OfficialFactTests(ServiceHost<ScoringDbContext> service) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    private const string Ratio = """{"code": "X", "title": "Tham dự", "max": 5, "kind": "RATIO", "i": 5, "official_fact": "ATTENDANCE", "nothing_assigned": "FULL"}""";
    private const string Timely = """{"code": "X", "title": "Báo cáo", "max": 10, "kind": "TIMELINESS", "official_fact": "REPORTS", "obligations": ["MIDYEAR", "YEAREND"], "scale": [{"late_wd_lte": 0, "points": 5}, {"late_wd_lte": 5, "points": 3}, {"points": 0}]}""";

    private const string Table = """
        {"id": "T", "title": "Bảng thử", "total_max": 25, "groups": [
          {"code": "I", "title": "Hoạt động", "tag": "EMULATION_WORK", "max": 25, "criteria": [
            {"code": "I.1", "title": "Tham dự hoạt động của cụm", "max": 10, "kind": "RATIO", "i": 10, "official_fact": "ATTENDANCE", "nothing_assigned": "ZERO"},
            {"code": "I.2", "title": "Chế độ báo cáo", "max": 10, "kind": "TIMELINESS", "official_fact": "REPORTS", "obligations": ["MIDYEAR", "YEAREND"], "scale": [{"late_wd_lte": 0, "points": 5}, {"late_wd_lte": 5, "points": 3}, {"points": 0}]},
            {"code": "I.3", "title": "Sáng kiến", "max": 5, "kind": "COUNT", "per_item": 1, "cap": 5}]}]}
        """;

    [Theory]
    [InlineData(3, 4, "3.75")]
    [InlineData(0, 4, "0.00")] // never came is zero
    [InlineData(0, 0, "5.00")] // called to nothing is what the table says
    [InlineData(null, null, "MISSING_OFFICIAL")] // nothing known is not zero
    public void Attendance_fills_a_ratio(int? attended, int? called, string expected) =>
        Assert.Equal(expected, Scored(Ratio, attended is null ? null : new OfficialFact("A", "ATTENDANCE", attended, called, new Dictionary<string, decimal?>(), 2)));

    [Theory]
    [InlineData("""{"MIDYEAR": 0, "YEAREND": 0}""", "10.00")]
    [InlineData("""{"MIDYEAR": 5, "YEAREND": 6}""", "3.00")]
    [InlineData("""{"MIDYEAR": 0, "YEAREND": null}""", "5.00")] // never handed in takes the last row
    [InlineData("""{"MIDYEAR": 0}""", "MISSING_OFFICIAL")] // not recorded yet
    public void Reports_fill_timeliness(string late, string expected) =>
        Assert.Equal(expected, Scored(Timely, new OfficialFact("A", "REPORTS", null, null, JsonSerializer.Deserialize<Dictionary<string, decimal?>>(late)!, 1)));

    [Fact]
    public void The_derivation_names_the_fact_and_its_version()
    {
        var derivation = Line(Ratio, new OfficialFact("A", "ATTENDANCE", 3, 4, new Dictionary<string, decimal?>(), 7)).Derivation;
        Assert.Equal("Theo số liệu chính thức ATTENDANCE, phiên bản 7.", derivation.Steps[0]);
        Assert.All(derivation.Inputs, input => Assert.Equal(("OFFICIAL", "ATTENDANCE, phiên bản 7"), (input.Source, input.Document)));
        Assert.Equal("R-07, R-19", derivation.Rule);
    }

    [Fact]
    public void A_criterion_that_a_fact_fills_is_neither_asked_for_nor_typed()
    {
        var table = Samples.TableOf(Ratio);
        Assert.Empty(ScoreCard.Empty.MissingInputs(table));
        Assert.Equal(["PUBLISHED_VALUE_TYPED"], Samples.Card(table, """{"inputs": {"X": {"n": 1, "N": 1}}}""").Errors.Select(error => error.Code));
        Assert.Equal("PUBLISHED_VALUE_TYPED", Assert.Throws<RuleViolationException>(() => SheetChanges.Of([new PointChange("X", 5, "Đủ")], null, null).Check(table)).Errors.Single().Code);
    }

    [Theory]
    [InlineData("""{"code": "X", "title": "T", "max": 5, "kind": "RATIO", "i": 5, "official_fact": "REPORTS", "nothing_assigned": "FULL"}""", "WRONG_TYPE /official_fact")]
    [InlineData("""{"code": "X", "title": "T", "max": 5, "kind": "RATIO", "i": 5, "official_fact": "ATTENDANCE"}""", "MISSING_PROPERTY /nothing_assigned")]
    [InlineData("""{"code": "X", "title": "T", "max": 5, "kind": "RATIO", "i": 5, "nothing_assigned": "FULL"}""", "UNKNOWN_PROPERTY /nothing_assigned")]
    [InlineData("""{"code": "X", "title": "T", "max": 5, "kind": "COUNT", "per_item": 1, "cap": 5, "official_fact": "ATTENDANCE"}""", "UNKNOWN_PROPERTY /official_fact")]
    public void Only_the_fact_of_its_kind_fills_a_criterion(string criterion, string expected)
    {
        using var table = JsonDocument.Parse($$"""{"id": "T", "title": "T", "total_max": 5, "groups": [{"code": "I", "title": "N", "tag": "EMULATION_WORK", "max": 5, "criteria": [{{criterion}}]}]}""");
        var errors = new List<Violation>();
        CriteriaTableReader.Read(new StrictJson(table.RootElement, "", errors));
        Assert.Equal(expected.Replace(" ", " /groups/0/criteria/0", StringComparison.Ordinal), $"{errors.Single().Code} {errors.Single().Path}");
    }

    [Fact]
    public void A_scale_that_a_fact_could_fall_out_of_is_refused() =>
        Assert.Equal(["L-02"], CriteriaTableLinter.Errors(Samples.TableOf(Timely.Replace(", {\"points\": 0}", "", StringComparison.Ordinal)), []).Select(finding => finding.Code));

    [Fact]
    public async Task A_fact_reaches_the_line_of_a_sheet_and_its_next_version_scores_it_again()
    {
        var season = new ScoringSeason(service, "OFF");
        await season.PhaseAsync("CRITERIA");
        await season.ClusterAsync("C1", "A", "B", "A", "B");
        await season.AdoptAsync(Table, "C1");
        await TellAsync("OFF", "A", 1, attended: 3, called: 4);
        await TellAsync("OFF", "B", 1, attended: 4, called: 4);
        await service.EventuallyAsync(() => service.WithDatabaseAsync(async db => (await db.OfficialFacts.FindAsync(["OFF", "B", "ATTENDANCE"])) is not null && (await db.OfficialFacts.FindAsync(["OFF", "A", "ATTENDANCE"])) is not null), "the facts have arrived");
        await season.PhaseAsync("SELF_SCORING");

        var sheets = new Dictionary<string, ApiAnswer>();
        foreach (var unit in new[] { "A", "B" })
        {
            var opened = (await season.OpenAsync(unit)).Expect(201);
            (await season.Unit(unit).PutJson($"score-sheets/{opened["id"]}/lines", """{"inputs": {"I.1": {"n": 4, "N": 4}}}""", opened.ETag)).Expect(422);
            var entered = (await season.Unit(unit).PutJson($"score-sheets/{opened["id"]}/lines", """{"inputs": {"I.3": {"count": 2}}, "notes": {"I.3": "QĐ 5"}}""", opened.ETag)).Expect(200);
            sheets[unit] = (await season.Unit(unit).PostJson($"score-sheets/{opened["id"]}/submit", new { }, entered.ETag)).Expect(200);
        }

        Assert.Equal((7.50m, null), (ScoringSeason.Points(sheets["A"], "I.1", "self"), ScoringSeason.Points(sheets["A"], "I.2", "self")));

        // The corrected list of attendance comes before the first one is told again, which changes nothing any more.
        await TellAsync("OFF", "A", 2, attended: 4, called: 4);
        await TellAsync("OFF", "A", 1, attended: 3, called: 4);
        await TellReportsAsync("OFF", "A", 1, 0, 3);
        await EventuallyAsync(season, sheets["A"], "I.2", 8.00m);
        await EventuallyAsync(season, sheets["A"], "I.1", 10.00m);
        var explanation = await season.Unit("A").GetJson($"score-sheets/{sheets["A"]["id"]}/explanation");
        Assert.Contains("ATTENDANCE, phiên bản 2", explanation.Expect(200).Text, StringComparison.Ordinal);

        await season.PhaseAsync("CLUSTER_REVIEW");
        foreach (var (unit, reviewer) in new[] { ("A", "B"), ("B", "A") })
        {
            sheets[unit] = await Eventually.AnswerAsync(() => ScoringSeason.StepAsync(season.Unit(reviewer), sheets[unit], "review", new { lines = Array.Empty<object>() }), answer => answer.Code != "wrong-phase", "the phase has arrived");
            sheets[unit].Expect(200);
        }

        await season.PhaseAsync("APPRAISAL");
        foreach (var unit in new[] { "A", "B" })
        {
            sheets[unit] = await Eventually.AnswerAsync(() => ScoringSeason.StepAsync(season.Appraiser, sheets[unit], "appraise", new { lines = Array.Empty<object>() }), answer => answer.Code != "wrong-phase", "the phase has arrived");
            sheets[unit].Expect(200);
        }

        // What B has not been recorded for is not zero: nothing is decided before it is there.
        Assert.Equal([("MISSING_OFFICIAL", "/units/B/I.2")], (await season.Head.PostJson($"rankings/{season.Cluster}/decide", new { document = "QĐ 5" })).Expect(422, "not-scorable").Errors);
        await TellReportsAsync("OFF", "B", 1, 0, null);
        await EventuallyAsync(season, sheets["B"], "I.2", 5.00m);
        var decided = (await season.Head.PostJson($"rankings/{season.Cluster}/decide", new { document = "QĐ 5" })).Expect(200);
        Assert.Equal([("A", "20.00"), ("B", "17.00")], decided["ranking"].AsArray().Select(row => ((string)row!["unit"]!, (string)row["total"]!)));

        // What is decided stays: a later version is kept for the case that the result is reopened.
        await TellAsync("OFF", "A", 3, attended: 0, called: 4);
        await service.EventuallyAsync(() => service.WithDatabaseAsync(async db => (await db.OfficialFacts.FindAsync(["OFF", "A", "ATTENDANCE"]))!.Version == 3), "the correction has arrived");
        Assert.Equal(10.00m, ScoringSeason.Points(await season.Unit("A").GetJson($"score-sheets/{sheets["A"]["id"]}"), "I.1", "final"));
    }

    private static async Task EventuallyAsync(ScoringSeason season, ApiAnswer sheet, string criterion, decimal points) =>
        await Eventually.AnswerAsync(() => season.Appraiser.GetJson($"score-sheets/{sheet["id"]}"), answer => ScoringSeason.Points(answer.Expect(200), criterion, "self") == points, $"{criterion} is scored {points}");

    private Task TellAsync(string season, string unit, int version, int attended, int called) => service.PublishAsync(new OfficialFactEstablished
    {
        Season = season, Unit = unit, Fact = "ATTENDANCE", Completed = attended, Assigned = called, Version = version, At = DateTimeOffset.UnixEpoch,
    });

    private Task TellReportsAsync(string season, string unit, int version, int? midyear, int? yearend) => service.PublishAsync(new OfficialFactEstablished
    {
        Season = season, Unit = unit, Fact = "REPORTS", Version = version, At = DateTimeOffset.UnixEpoch,
        Late = [new ReportLateness { Obligation = "MIDYEAR", LateWorkingDays = midyear }, new ReportLateness { Obligation = "YEAREND", LateWorkingDays = yearend }],
    });

    private static string Scored(string criterion, OfficialFact? fact) =>
        Line(criterion, fact) is var line && line.Points is { } points ? points.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture) : line.Refusal!.Code;

    private static ScoredLine Line(string criterion, OfficialFact? fact)
    {
        var table = Samples.TableOf(criterion);
        return ScoringEngine.Score(new ScoringContext(table, ["A"], PublishedValues.None, new Dictionary<string, ScoreCard>()) { Official = new OfficialFacts(fact is null ? [] : [fact]) }, "A").Lines.Single();
    }
}
