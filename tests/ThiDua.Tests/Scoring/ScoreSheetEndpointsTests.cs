using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Documents;
using ThiDua.Contracts.Scoring;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

public sealed class ScoreSheetEndpointsTests(ServiceHost<ScoringDbContext> service) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    [Fact]
    public async Task A_sheet_goes_from_draft_to_submitted_with_its_points_and_derivations()
    {
        var season = new ScoringSeason(service, "S1");
        await using var told = await service.CollectAsync<SheetSubmitted>();
        var sheets = await season.SubmittedAsync();

        Assert.Equal(("SUBMITTED", 9.17m, 10m, 7m), ((string?)sheets["A"]["state"], Line(sheets["A"], "I.1", "self"), Line(sheets["A"], "I.2", "self"), Line(sheets["A"], "II.1", "self")));
        Assert.Null(Line(sheets["A"], "I.3", "self")); // waits for everybody's figures
        Assert.Equal(("2.00", "1.00"), ((string?)sheets["A"]["bonus"]["self"], (string?)sheets["A"]["deductions"]["self"]));
        Assert.Equal([("WEAK_EVIDENCE", "/notes/II.1")], Warnings(sheets["A"])); // “Biên bản” names no number; it does not keep the sheet from being handed in
        Assert.Equal("A", (await told.FirstAsync(fact => fact.Season == "S1" && fact.Unit == "A")).Unit);
        Assert.Equal(200, (await season.OpenAsync("A")).Status);

        var explanation = (await season.Unit("A").GetJson($"score-sheets/{sheets["A"]["id"]}/explanation")).Expect(200).Text;
        Assert.Contains("(n × i)/N = (11 × 10) / 12 = ≈ 9,166666", explanation, StringComparison.Ordinal);
        Assert.Contains("QĐ 24/QĐ-UBND", explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inputs_are_refused_one_by_one_and_nothing_is_kept()
    {
        var season = new ScoringSeason(service, "S2");
        await season.PhaseAsync("SELF_SCORING");
        await season.ClusterAsync("C1", "A", "B", "A", "B", "C");
        await season.AdoptAsync(ScoringSeason.Table, "C1");
        var sheet = (await season.OpenAsync("C")).Expect(201);
        var path = $"score-sheets/{sheet["id"]}";
        var unit = season.Unit("C");

        (await unit.PutJson($"{path}/lines", new { })).Expect(428);
        (await unit.PutJson($"{path}/lines", new { }, "\"1\"")).Expect(412);
        var answer = await unit.PutJson($"{path}/lines", JsonNode.Parse("""
            {"inputs": {"I.1": {"n": 3, "N": 0}, "I.2": {"actual": 1}, "I.3": {"actual": 1, "target": 0}, "II.1": {"points": "10.01", "step": 1}, "X": {}},
             "bonus": {"Y": 1, "SK": -1}, "notes": {"Z": "z"}, "colour": "red"}
            """), sheet.ETag);
        Assert.Equal(
            [
                ("NOT_APPLICABLE", "/inputs/I.1/decision"), ("PUBLISHED_VALUE_TYPED", "/inputs/I.2"), ("BASELINE_ZERO", "/inputs/I.3/target"),
                ("UNKNOWN_PROPERTY", "/inputs/II.1/step"), ("POINTS_OUT_OF_RANGE", "/inputs/II.1/points"), ("UNKNOWN_CRITERION", "/inputs/X"),
                ("UNKNOWN_KEY", "/bonus/Y"), ("NEGATIVE", "/bonus/SK"), ("UNKNOWN_CRITERION", "/notes/Z"), ("UNKNOWN_PROPERTY", "/colour"),
            ],
            answer.Expect(422).Errors);

        Assert.Equal(sheet.ETag, (await unit.GetJson(path)).ETag);
        var incomplete = await unit.PostJson($"{path}/submit", new { }, sheet.ETag);
        Assert.Equal(
            [("MISSING_INPUT", "/inputs/I.1"), ("MISSING_INPUT", "/inputs/I.3"), ("MISSING_INPUT", "/inputs/II.1"), ("MISSING_PUBLISHED", "/inputs/I.2")],
            incomplete.Expect(422, "sheet-incomplete").Errors);
        var entered = (await unit.PutJson($"{path}/lines", JsonNode.Parse("""{"inputs": {"II.1": {"points": 5}}}"""), sheet.ETag)).Expect(200);
        Assert.Contains(("MISSING_NOTE", "/notes/II.1"), (await unit.PostJson($"{path}/submit", new { }, entered.ETag)).Errors);
    }

    [Fact]
    public async Task Nobody_sees_or_touches_what_is_not_theirs()
    {
        var season = new ScoringSeason(service, "S3");
        await season.PhaseAsync("SELF_SCORING");
        await season.ClusterAsync("C1", "A", "B", "A", "B", "C");
        await season.AdoptAsync(ScoringSeason.Table, "C1");
        var sheet = (await season.OpenAsync("C")).Expect(201);
        var path = $"score-sheets/{sheet["id"]}";

        (await season.Unit("A").PostJson("score-sheets", new { season = "S3", unit = "C" })).Expect(403, "not-own-sheet");
        (await season.Unit("A").GetJson(path)).Expect(404); // the leader, while it is a draft
        (await season.Unit("OTHER").GetJson(path)).Expect(404);
        (await service.As(Roles.UnitHead).GetJson(path)).Expect(404); // an account without a unit belongs to none
        (await service.As(Roles.CouncilMember).GetJson(path)).Expect(404);
        (await service.As(Roles.Admin).GetJson(path)).Expect(403);
        (await season.Appraiser.GetJson(path)).Expect(200);
        (await season.Appraiser.PutJson($"{path}/lines", new { }, sheet.ETag)).Expect(403);
        (await service.As(Roles.UnitClerk, "C").PostJson($"{path}/submit", new { }, sheet.ETag)).Expect(403); // the head submits
        (await service.Anonymous().GetJson(path)).Expect(401);
        Assert.Empty((await season.Unit("A").GetJson("score-sheets?season=S3")).Expect(200)["items"].AsArray());
        Assert.Single((await season.Unit("C").GetJson("score-sheets?season=S3")).Expect(200)["items"].AsArray());
        Assert.Single((await season.Unit("C").GetJson("score-sheets?season=S3&state=DRAFT")).Expect(200)["items"].AsArray());
        Assert.Empty((await season.Unit("C").GetJson("score-sheets?season=S3&state=UNDER_APPRAISAL")).Expect(200)["items"].AsArray());
        (await season.Unit("C").GetJson("score-sheets?season=S3&state=Draft")).Expect(400); // as every answer names it, and no other way
    }

    [Fact]
    public async Task Leader_and_deputy_review_each_others_sheet_and_never_their_own()
    {
        var season = new ScoringSeason(service, "S4");
        var sheets = await season.SubmittedAsync();
        (await season.Unit("A").PostJson($"score-sheets/{sheets["C"]["id"]}/review", new { lines = Array.Empty<object>() }, sheets["C"].ETag)).Expect(409, "not-known-yet");
        await season.PhaseAsync("CLUSTER_REVIEW");
        object none = new { lines = Array.Empty<object>() };

        (await ScoringSeason.StepAsync(season.Unit("A"), sheets["A"], "review", none)).Expect(403, "own-sheet");
        (await season.Unit("C").PostJson($"score-sheets/{sheets["A"]["id"]}/review", none, sheets["A"].ETag)).Expect(404);
        var alone = (await ScoringSeason.StepAsync(season.Unit("B"), sheets["A"], "review", none)).Expect(200);
        Assert.Equal(("REVIEWED", 4.00m), ((string?)alone["state"], Line(alone, "I.3", "self"))); // 5 × 80 / 100, the best is 120

        var errors = await ScoringSeason.StepAsync(season.Unit("A"), sheets["C"], "review", new
        {
            lines = new[] { new { criterion = "II.1", points = "10.5", reason = " " }, new { criterion = "I.2", points = "1", reason = "x" }, new { criterion = "X", points = "1", reason = "x" } },
        });
        Assert.Equal(
            [("POINTS_OUT_OF_RANGE", "/lines/0/points"), ("MISSING_REASON", "/lines/0/reason"), ("PUBLISHED_VALUE_TYPED", "/lines/1"), ("UNKNOWN_CRITERION", "/lines/2/criterion")],
            errors.Expect(422).Errors);

        var first = (await ScoringSeason.StepAsync(season.Unit("A"), sheets["C"], "review", Set("II.1", "6", "Theo biên bản"))).Expect(200);
        Assert.Equal("UNDER_REVIEW", (string?)first["state"]);
        Assert.Null(Line((await season.Unit("C").GetJson($"score-sheets/{sheets["C"]["id"]}")).Expect(200), "II.1", "review")); // the unit sees it when both are done
        var second = (await ScoringSeason.StepAsync(season.Unit("B"), sheets["C"], "review", Set("II.1", "5", "Thiếu minh chứng"))).Expect(200);
        Assert.Equal("REVIEWED", (string?)second["state"]);
        var disputed = second["lines"].AsArray().Single(line => (string)line!["criterion"]! == "II.1")!;
        Assert.True((bool)disputed["disputed"]!);
        Assert.Equal(("6.00", "5.00"), ((string?)disputed["leader"]!["points"], (string?)disputed["deputy"]!["points"]));

        await season.PhaseAsync("APPRAISAL");
        Assert.Equal([("DISPUTED_LINE", "/lines/II.1")], (await ScoringSeason.StepAsync(season.Appraiser, sheets["C"], "appraise", none)).Expect(422).Errors);
        var appraised = (await ScoringSeason.StepAsync(season.Appraiser, sheets["C"], "appraise", Set("II.1", "5.5", "Cân nhắc cả hai"))).Expect(200);
        Assert.Equal(("UNDER_APPRAISAL", 5.50m), ((string?)appraised["state"], Line(appraised, "II.1", "final")));
        Assert.Null(Line((await season.Unit("C").GetJson($"score-sheets/{sheets["C"]["id"]}")).Expect(200), "II.1", "final")); // not before the decision
        (await ScoringSeason.StepAsync(season.Unit("C"), sheets["C"], "submit", new { })).Expect(409, "wrong-phase");
    }

    [Fact]
    public async Task A_returned_sheet_is_answered_and_goes_back_to_where_it_came_from()
    {
        var season = new ScoringSeason(service, "S5");
        var sheets = await season.SubmittedAsync();
        await season.PhaseAsync("CLUSTER_REVIEW");
        await using var told = await service.CollectAsync<SheetReturned>();
        var (a, b, c) = (season.Unit("A"), season.Unit("B"), season.Unit("C"));

        Assert.Equal([("MISSING_REASON", "/reason")], (await ScoringSeason.StepAsync(a, sheets["C"], "return", new { criteria = new[] { "I.1" } })).Expect(422).Errors);
        var returned = (await ScoringSeason.StepAsync(a, sheets["C"], "return", new { reason = "Số nhiệm vụ chưa khớp", criteria = new[] { "I.1" } })).Expect(200);
        Assert.Equal("EXPLANATION_REQUESTED", (string?)returned["state"]);
        Assert.Equal("Số nhiệm vụ chưa khớp", (await told.FirstAsync(fact => fact.Season == "S5")).Reason);
        (await ScoringSeason.StepAsync(c, returned, "explain", new { text = "x", inputs = new { II = new { } } })).Expect(422);
        (await c.PutJson($"score-sheets/{returned["id"]}/lines", JsonNode.Parse("""{"inputs": {"II.1": {"points": 9}}}"""), returned.ETag)).Expect(409, "not-returned");
        var explained = (await ScoringSeason.StepAsync(c, returned, "explain", JsonNode.Parse("""{"text": "Đã đối chiếu", "inputs": {"I.1": {"n": 9, "N": 12}}}""")!)).Expect(200);
        Assert.Equal(("UNDER_REVIEW", 7.50m), ((string?)explained["state"], Line(explained, "I.1", "self")));
        Assert.Equal(2, explained["exchanges"].AsArray().Count);

        object none = new { lines = Array.Empty<object>() };
        await ScoringSeason.StepAsync(a, sheets["C"], "review", none);
        (await ScoringSeason.StepAsync(b, sheets["C"], "review", none)).Expect(200);
        await season.PhaseAsync("APPRAISAL");
        (await ScoringSeason.StepAsync(season.Appraiser, sheets["C"], "return", new { reason = "Bổ sung minh chứng", criteria = new[] { "I.1" } })).Expect(200);
        var again = (await ScoringSeason.StepAsync(c, sheets["C"], "explain", JsonNode.Parse("""{"text": "Bổ sung", "inputs": {"I.1": {"n": 12, "N": 12}}}""")!)).Expect(200);
        Assert.Equal(("UNDER_APPRAISAL", 10.00m, 7.50m), ((string?)again["state"], Line(again, "I.1", "self"), Line(again, "I.1", "review"))); // the review confirmed what was declared then
    }

    [Fact]
    public async Task Bonus_and_deductions_are_reviewed_and_appraised_like_lines()
    {
        var season = new ScoringSeason(service, "S7");
        var sheets = await season.SubmittedAsync();
        await season.PhaseAsync("CLUSTER_REVIEW");
        var errors = await ScoringSeason.StepAsync(season.Unit("A"), sheets["C"], "review", new
        {
            lines = new[] { new { criterion = "X", points = "1", reason = "x" } },
            bonus = new[] { new { key = "SK", count = "-1", reason = " " }, new { key = "X", count = "1", reason = "x" } },
            deductions = new[] { new { key = "CHAM", count = 1.5m, reason = "x" }, new { key = "SK", count = 1m, reason = "x" } },
        });
        Assert.Equal(
            [
                ("UNKNOWN_CRITERION", "/lines/0/criterion"), ("NEGATIVE", "/bonus/0/count"), ("MISSING_REASON", "/bonus/0/reason"),
                ("UNKNOWN_KEY", "/bonus/1/key"), ("WRONG_TYPE", "/deductions/0/count"), ("UNKNOWN_KEY", "/deductions/1/key"),
            ],
            errors.Expect(422).Errors);
        Assert.Equal([("WRONG_TYPE", "/bonus/0/count")], (await ScoringSeason.StepAsync(season.Unit("A"), sheets["C"], "review", Bonus("SK", "hai", "x"))).Expect(400).Errors);

        // Declared three times, capped at 2 points; one late report.
        (await ScoringSeason.StepAsync(season.Unit("A"), sheets["C"], "review", Bonus("SK", "1", "Một sáng kiến được công nhận"))).Expect(200);
        var own = (await season.Unit("C").GetJson($"score-sheets/{sheets["C"]["id"]}")).Expect(200);
        Assert.Equal("""{"self":"2.00","items":[{"key":"SK","label":"Sáng kiến","self":"3","disputed":false}]}""", Json(own["bonus"])); // the unit sees the review when both are done
        var disputed = (await ScoringSeason.StepAsync(season.Unit("B"), sheets["C"], "review", new
        {
            lines = Array.Empty<object>(),
            bonus = new[] { new { key = "SK", count = 0, reason = "Không có quyết định" } },
            deductions = new[] { new { key = "CHAM", count = 2, reason = "Chậm cả báo cáo quý" } },
        })).Expect(200);
        Assert.Equal(
            """{"self":"2.00","items":[{"key":"SK","label":"Sáng kiến","self":"3","disputed":true,"leader":{"count":"1","reason":"Một sáng kiến được công nhận"},"deputy":{"count":"0","reason":"Không có quyết định"}}]}""",
            Json(disputed["bonus"]));
        Assert.Equal(("1.00", "2.00"), ((string?)disputed["deductions"]["self"], (string?)disputed["deductions"]["review"]));

        await season.PhaseAsync("APPRAISAL");
        Assert.Equal([("DISPUTED_LINE", "/bonus/SK")], (await ScoringSeason.StepAsync(season.Appraiser, sheets["C"], "appraise", new { lines = Array.Empty<object>() })).Expect(422).Errors);
        var appraised = (await ScoringSeason.StepAsync(season.Appraiser, sheets["C"], "appraise", Bonus("SK", "1", "Quyết định số 5"))).Expect(200);
        Assert.Equal(("2.00", null, "1.00"), ((string?)appraised["bonus"]["self"], (string?)appraised["bonus"]["review"], (string?)appraised["bonus"]["final"]));
        Assert.Equal("2.00", (string?)appraised["deductions"]["final"]); // what the review set, confirmed
        var journal = (await season.Appraiser.GetJson($"score-sheets/{sheets["C"]["id"]}/journal")).Expect(200)["items"].AsArray();
        Assert.Equal("điểm thưởng SK: Quyết định số 5", (string?)journal[0]!["reason"]);
    }

    [Fact]
    public async Task A_reader_who_has_all_of_it_is_told_so_and_a_line_that_says_the_same_is_not_written()
    {
        var season = new ScoringSeason(service, "S9");
        await season.PhaseAsync("SELF_SCORING");
        await season.ClusterAsync("C1", "A", "B", "A", "B", "C");
        await season.AdoptAsync(ScoringSeason.Table, "C1");
        var sheet = (await season.OpenAsync("C")).Expect(201);
        var path = $"score-sheets/{sheet["id"]}";
        var unit = season.Unit("C");

        var first = (await unit.PutJson($"{path}/lines", JsonNode.Parse("""{"inputs": {"I.1": {"n": 3, "N": 4}, "II.1": {"points": 5}}}"""), sheet.ETag)).Expect(200);
        Assert.Equal(first.ETag, (await unit.GetJson(path)).ETag);
        var same = (await unit.GetJson(path, first.ETag)).Expect(304);
        Assert.Equal((first.ETag, ""), (same.ETag, same.Text));
        (await season.Unit("B").GetJson(path, first.ETag)).Expect(404); // a tag is no key
        (await unit.GetJson(path, sheet.ETag)).Expect(200);

        // Evidence is shown with the sheet, and is no part of the state that a writer must have seen.
        await service.PublishAsync(new EvidenceStored { EvidenceId = Guid.CreateVersion7(), Season = "S9", Unit = "C", Criterion = "I.1", FileName = "a.pdf", ContentType = "application/pdf", Size = 1, Sha256 = "00", At = DateTimeOffset.UnixEpoch });
        await service.EventuallyAsync(async () => (await unit.GetJson(path, first.ETag)).Status == 200, "the evidence is shown");

        // The same again but for one value: that line alone is in the journal.
        var second = (await unit.PutJson($"{path}/lines", JsonNode.Parse("""{"inputs": {"I.1": {"N": 4, "n": 3}, "II.1": {"points": 6}}}"""), first.ETag)).Expect(200);
        Assert.Equal((Line(first, "I.1", "self"), 6m), (Line(second, "I.1", "self"), Line(second, "II.1", "self")));
        var changes = (await service.As(Roles.Auditor).GetJson($"{path}/journal")).Expect(200)["items"][0]!["changes"]!.AsArray();
        Assert.Equal(["II.1"], changes.Where(change => (string?)change!["entity"] == "ScoreLine").Select(change => ((string)change!["key"]!).Split(',')[1]));
        Assert.Contains("(3 × 10) / 4", (await unit.GetJson($"{path}/explanation")).Expect(200).Text, StringComparison.Ordinal); // the derivation that was not read is still there
        (await unit.PutJson($"{path}/lines", JsonNode.Parse("""{"inputs": {"II.1": {"points": 7}}}"""), first.ETag)).Expect(412);
    }

    [Fact]
    public async Task What_is_entered_is_written_in_one_statement_and_found_under_its_sheet()
    {
        var season = new ScoringSeason(service, "S10");
        await season.PhaseAsync("SELF_SCORING");
        await season.ClusterAsync("C1", "A", "B", "A", "B", "C");
        await season.AdoptAsync(ScoringSeason.Table, "C1");
        var sheet = (await season.OpenAsync("C")).Expect(201);
        var path = $"score-sheets/{sheet["id"]}";
        var first = (await season.Unit("C").PutJson($"{path}/lines", JsonNode.Parse("""{"inputs": {"I.1": {"n": 3, "N": 4}, "II.1": {"points": 5}}, "notes": {"I.1": "Báo cáo 1"}}"""), sheet.ETag)).Expect(200);
        var second = (await season.Unit("C").PutJson($"{path}/lines", JsonNode.Parse("""{"inputs": {"I.1": {"n": 2, "N": 4}, "II.1": {"points": 6}}, "notes": {"II.1": "Báo cáo 2"}}"""), first.ETag)).Expect(200);

        var read = (await season.Unit("C").GetJson(path)).Expect(200);
        Assert.Equal((5m, 6m), (Line(read, "I.1", "self"), Line(read, "II.1", "self")));
        Assert.Equal(["Báo cáo 1", "Báo cáo 2"], new[] { "I.1", "II.1" }.Select(code => (string?)read["lines"].AsArray().Single(line => (string?)line!["criterion"] == code)!["note"]));
        Assert.Contains("(2 × 10) / 4", (await season.Unit("C").GetJson($"{path}/explanation")).Expect(200).Text, StringComparison.Ordinal);

        // The place of a statement within its transaction stands in every row that it wrote.
        var id = Guid.Parse((string)sheet["id"]!);
        Assert.Single(await service.WithDatabaseAsync(db => db.Database.SqlQuery<string>($"""select distinct xmin || ' ' || cmin as "Value" from score_lines where sheet_id = {id}""").ToListAsync()));
        var row = (await service.As(Roles.Auditor).GetJson($"{path}/journal")).Expect(200)["items"][0]!;
        Assert.Equal([$"ScoreSheet/{id}"], row["subjects"]!.AsArray().Select(subject => (string?)subject));
        Assert.Equal(["I.1 3 2", "II.1 5 6"], row["changes"]!.AsArray().Where(change => (string?)change!["entity"] == "ScoreLine").Select(change =>
            $"{((string)change!["key"]!).Split(',')[1]} {Input(change["before"]!)} {Input(change["after"]!)}").Order(StringComparer.Ordinal));
        Assert.Equal(second.ETag, read.ETag);

        static string Input(JsonNode values) => JsonNode.Parse((string)values["input"]!)!.AsObject() is var input ? $"{input["n"] ?? input["points"]}" : "";
    }

    [Fact]
    public async Task Evidence_is_counted_once_and_a_rejection_takes_it_back()
    {
        var season = new ScoringSeason(service, "S6");
        var sheets = await season.SubmittedAsync();
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        EvidenceStored Stored(Guid id) => new() { EvidenceId = id, Season = "S6", Unit = "C", Criterion = "I.1", FileName = "a.pdf", ContentType = "application/pdf", Size = 1, Sha256 = "00", At = DateTimeOffset.UnixEpoch };
        await service.PublishAsync(new EvidenceRejected { EvidenceId = second, Season = "S6", Unit = "C", Criterion = "I.1", Reason = "Mờ", At = DateTimeOffset.UnixEpoch });
        await service.PublishAsync(Stored(first));
        await service.PublishAsync(Stored(first));
        await service.PublishAsync(Stored(second));

        await Eventually.AnswerAsync(
            () => season.Unit("C").GetJson($"score-sheets/{sheets["C"]["id"]}"),
            sheet => (int?)sheet["lines"].AsArray()[0]!["evidence_count"] == 1, "one file counts");
        await service.PublishAsync(Stored(Guid.CreateVersion7()) with { Criterion = "II.1" });
        await Eventually.AnswerAsync(
            () => season.Unit("C").GetJson($"score-sheets/{sheets["C"]["id"]}"),
            sheet => !Warnings(sheet).Any(), "a note with a file proves something");
    }

    private static object Set(string criterion, string points, string reason) => new { lines = new[] { new { criterion, points, reason } } };

    private static object Bonus(string key, string count, string reason) => new { lines = Array.Empty<object>(), bonus = new[] { new { key, count, reason } } };

    private static IEnumerable<(string, string)> Warnings(ApiAnswer sheet) => sheet["warnings"].AsArray().Select(warning => ((string)warning!["code"]!, (string)warning["path"]!));

    private static string Json(JsonNode node) => node.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static decimal? Line(ApiAnswer sheet, string criterion, string layer) => ScoringSeason.Points(sheet, criterion, layer);
}
