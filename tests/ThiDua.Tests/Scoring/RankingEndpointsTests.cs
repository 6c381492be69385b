using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

public sealed class RankingEndpointsTests(ServiceHost<ScoringDbContext> service) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    [Fact]
    public async Task A_result_is_decided_by_another_person_and_then_known_to_all()
    {
        var season = new ScoringSeason(service, "R1");
        await using var told = await service.CollectAsync<ClusterResultDecided>();
        var sheets = await season.ReviewedAsync();
        var path = $"rankings/{season.Cluster}";
        (await ScoringSeason.KnownAsync(() => season.Head.PostJson($"{path}/decide", new { document = "QĐ 9" }))).Expect(409, "wrong-state");
        var both = service.As([Roles.Appraiser, Roles.AppraisalHead], subject: "both");
        foreach (var sheet in sheets.Values)
        {
            (await ScoringSeason.StepAsync(both, sheet, "appraise", new { lines = Array.Empty<object>() })).Expect(200);
        }

        (await both.PostJson($"{path}/decide", new { })).Expect(403, "drafter-decides");
        (await season.Appraiser.PostJson($"{path}/decide", new { })).Expect(403);
        (await service.As(Roles.CouncilMember).GetJson(path)).Expect(404);
        Assert.Null((await season.Unit("C").GetJson(path)).Expect(200)["ranking"].AsArray()[0]!["total"]);

        var decided = (await season.Head.PostJson($"{path}/decide", new { document = "QĐ 9" })).Expect(200);
        // A 9.17+10+4+7, B 10+6+10+7, C 5+10+7.50+7; each with bonus 2 and deduction 1.
        Assert.Equal(
            [("B", 1, "34.00"), ("A", 2, "31.17"), ("C", 3, "30.50")],
            decided["ranking"].AsArray().Select(row => ((string)row!["unit"]!, (int)row["rank"]!, (string)row["total"]!)));
        Assert.Equal(("DECIDED", 3, 1), ((string?)decided["state"], (int)decided["size"], (int)decided["version"]));
        Assert.Equal("""{"self":"4.00","review":"4.00","final":"4.00"}""", decided["ranking"].AsArray()[1]!["lines"]!["I.3"]!.ToJsonString());
        var fact = await told.FirstAsync(message => message.Season == "R1");
        Assert.Equal(("B", 34.00m, 3, "T", 1), (fact.Ranking[0].Unit, fact.Ranking[0].Total, fact.Size, fact.CriteriaTable, fact.Version));

        (await service.As(Roles.CouncilMember).GetJson(path)).Expect(200);
        (await season.Unit("B").GetJson($"score-sheets/{sheets["C"]["id"]}")).Expect(200);
        (await season.Unit("STRANGER").GetJson($"score-sheets/{sheets["C"]["id"]}")).Expect(404);
        (await season.Head.PostJson($"{path}/decide", new { })).Expect(409, "already-decided");
        Assert.Contains("hạng 2", (await season.Head.GetJson($"{path}/explanation")).Expect(200).Text, StringComparison.Ordinal);
        Assert.Equal("31.17", (string?)(await season.Unit("A").GetJson($"score-sheets/{sheets["A"]["id"]}/explanation")).Expect(200)["result"]);
        var journal = (await season.Appraiser.GetJson($"score-sheets/{sheets["A"]["id"]}/journal")).Expect(200)["items"].AsArray();
        Assert.Contains("decide", (string?)journal[0]!["action"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_corrected_publication_recomputes_the_cluster_and_a_decision_ends_that()
    {
        var season = new ScoringSeason(service, "R2");
        var sheets = await season.AppraisedAsync();
        Assert.Equal([("MISSING_REASON", "/reason")], (await season.PublishAsync([("PAR", "B", "99")])).Expect(422).Errors);
        Assert.Equal(1, (int)(await season.PublishAsync([("PAR", "B", "99"), ("PAR", "A", "91.2")], "Đính chính")).Expect(200)["changed"]);
        Assert.Equal((10m, 8m), (await SelfAsync("B"), await SelfAsync("C")));

        (await season.Head.PostJson($"rankings/{season.Cluster}/decide", new { })).Expect(200);
        (await season.PublishAsync([("PAR", "B", "80")], "Muộn")).Expect(409, "already-decided");
        Assert.Equal(0, (int)(await season.PublishAsync([("PAR", "B", "99")])).Expect(200)["changed"]); // the same again is no correction

        async Task<decimal?> SelfAsync(string unit) => ScoringSeason.Points((await season.Appraiser.GetJson($"score-sheets/{sheets[unit]["id"]}")).Expect(200), "I.2", "self");
    }

    [Fact]
    public async Task A_reopened_result_keeps_the_old_decision_and_becomes_a_new_version()
    {
        var season = new ScoringSeason(service, "R3");
        await using var told = await service.CollectAsync<ClusterResultDecided>();
        await using var reopened = await service.CollectAsync<ClusterResultReopened>();
        var sheets = await season.AppraisedAsync();
        var path = $"rankings/{season.Cluster}";
        (await season.Head.PostJson($"{path}/decide", new { })).Expect(200);
        (await ScoringSeason.StepAsync(season.Appraiser, sheets["A"], "appraise", new { lines = Array.Empty<object>() })).Expect(409, "wrong-state");
        (await season.Head.PostJson($"{path}/reopen", new { })).Expect(422);
        var open = (await season.Head.PostJson($"{path}/reopen", new { reason = "Khiếu nại có căn cứ" })).Expect(200);
        Assert.Equal(("REOPENED", null), ((string?)open["state"], open["ranking"].AsArray()[0]!["total"]));
        Assert.Equal("Khiếu nại có căn cứ", (await reopened.FirstAsync(fact => fact.Season == "R3")).Reason);

        (await ScoringSeason.StepAsync(season.Appraiser, sheets["A"], "appraise", new { lines = new[] { new { criterion = "II.1", points = 9.995m, reason = "Xét lại" } } })).Expect(200);
        var again = (await season.Head.PostJson($"{path}/decide", new { })).Expect(200);
        Assert.Equal((2, "34.17"), ((int)again["version"], (string?)again["ranking"].AsArray().Single(row => (string)row!["unit"]! == "A")!["total"]));
        Assert.Equal([1, 2], (await told.CountAsync(2, fact => fact.Season == "R3")).Select(fact => fact.Version).Order());
        Assert.Equal(2, await service.WithDatabaseAsync(db => db.Decisions.CountAsync(decision => decision.ClusterId == season.Cluster)));
    }

    [Fact]
    public async Task A_result_that_was_read_before_is_as_new_as_the_last_commit()
    {
        var season = new ScoringSeason(service, "R9");
        await season.AppraisedAsync();
        var path = $"rankings/{season.Cluster}";
        (await season.Head.PostJson($"{path}/decide", new { })).Expect(200);
        var decided = (await season.Unit("A").GetJson(path)).Expect(200);
        var again = (await season.Appraiser.GetJson(path)).Expect(200);
        Assert.Equal((decided.Text, decided.ETag), (again.Text, again.ETag));

        await service.TellAsync(new ClusterFormed
        {
            ClusterId = season.Cluster, Season = "R9", Code = "C1", Name = "Cụm đổi tên", Kind = "CUM", Leader = "A", Deputy = "B", Version = 2,
            Members = [.. "ABC".Select(unit => new ClusterMember { Unit = $"{unit}", Name = $"Đơn vị {unit}", Category = "HC", Level = "TINH" })],
        });
        Assert.Equal("Cụm đổi tên", (string?)(await season.Unit("A").GetJson(path)).Expect(200)["name"]);

        (await season.Head.PostJson($"{path}/reopen", new { reason = "Khiếu nại có căn cứ" })).Expect(200);
        var open = (await season.Unit("A").GetJson(path)).Expect(200);
        Assert.Equal(("REOPENED", null), ((string?)open["state"], open["ranking"].AsArray()[0]!["total"]));
        (await service.As([Roles.UnitClerk, Roles.UnitHead], "Z").GetJson(path)).Expect(404); // no longer everybody's
    }

    [Fact]
    public async Task The_total_counts_the_bonus_that_was_appraised_and_says_why()
    {
        var season = new ScoringSeason(service, "R6");
        var sheets = await season.ReviewedAsync();
        foreach (var (unit, sheet) in sheets)
        {
            (await ScoringSeason.StepAsync(season.Appraiser, sheet, "appraise", new
            {
                lines = Array.Empty<object>(),
                bonus = unit == "B" ? new[] { new { key = "SK", count = 1, reason = "Hai sáng kiến trùng nhau" } } : [],
                deductions = unit == "B" ? new[] { new { key = "CHAM", count = 9, reason = "Theo sổ công văn đến" } } : [],
            })).Expect(200);
        }

        var decided = (await season.Head.PostJson($"rankings/{season.Cluster}/decide", new { })).Expect(200);
        // B 33 + 1 − 3 (nine times, counted three) instead of 33 + 2 − 1.
        Assert.Equal(
            [("A", "31.17", "2.00", "1.00"), ("B", "31.00", "1.00", "3.00"), ("C", "30.50", "2.00", "1.00")],
            decided["ranking"].AsArray().Select(row => ((string)row!["unit"]!, (string)row["total"]!, (string)row["bonus"]!, (string)row["deductions"]!)));
        var explanation = (await season.Unit("B").GetJson($"score-sheets/{sheets["B"]["id"]}/explanation")).Expect(200);
        Assert.Equal("31.00", (string?)explanation["result"]);
        var bonus = explanation["parts"].AsArray().Single(part => (string)part!["subject"]! == "BONUS")!;
        Assert.Equal("1.00", (string?)bonus["result"]);
        Assert.Equal(
            [
                "Sáng kiến: 3 × 1 = 3.", "Cộng 3, tối đa 2 điểm.", "Điểm tự chấm: 2.", "Điểm cụm rà soát: 2.",
                "Cơ quan thường trực đặt “Sáng kiến” 1 lần thay cho 3 lần, lý do: Hai sáng kiến trùng nhau.", "Sáng kiến: 1 × 1 = 1.", "Điểm thẩm định: 1.",
            ],
            bonus["steps"]!.AsArray().Select(step => (string)step!));
    }

    [Fact]
    public async Task The_points_are_told_line_by_line_with_every_reason()
    {
        var season = new ScoringSeason(service, "R7");
        await using var told = await service.CollectAsync<ClusterScoresDecided>();
        await using var results = await service.CollectAsync<ClusterResultDecided>();
        var sheets = await season.SubmittedAsync();
        await season.PhaseAsync("CLUSTER_REVIEW");
        foreach (var (unit, reviewer) in new[] { ("A", "B"), ("B", "A") })
        {
            (await ScoringSeason.StepAsync(season.Unit(reviewer), sheets[unit], "review", new { lines = Array.Empty<object>() })).Expect(200);
        }

        (await ScoringSeason.StepAsync(season.Unit("A"), sheets["C"], "review", new
        {
            lines = new[] { new { criterion = "II.1", points = 6m, reason = "Thiếu biên bản" } }, bonus = new[] { new { key = "SK", count = 1, reason = "Một sáng kiến được công nhận" } },
        })).Expect(200);
        (await ScoringSeason.StepAsync(season.Unit("B"), sheets["C"], "review", new { lines = new[] { new { criterion = "II.1", points = 5.5m, reason = "Biên bản không có chữ ký" } } })).Expect(200);
        await season.PhaseAsync("APPRAISAL");
        foreach (var (unit, sheet) in sheets)
        {
            (await ScoringSeason.StepAsync(season.Appraiser, sheet, "appraise", new
            {
                lines = unit == "C" ? new[] { new { criterion = "II.1", points = 5.75m, reason = "Theo hồ sơ gốc" }, new { criterion = "I.1", points = 4m, reason = "Hai nhiệm vụ trùng" } } : [],
                deductions = unit == "C" ? new[] { new { key = "CHAM", count = 2, reason = "Theo sổ công văn đến" } } : [],
            })).Expect(200);
        }

        var decided = (await season.Head.PostJson($"rankings/{season.Cluster}/decide", new { document = "QĐ 9" })).Expect(200);
        var fact = await told.FirstAsync(scores => scores.Season == "R7");
        Assert.Equal((season.Cluster, "C1", "Bảng thử", "", "QĐ 9", 1), (fact.ClusterId, fact.Code, fact.TableTitle, fact.TableBasis, fact.Document, fact.Version));
        Assert.Equal(["I 30: I.1 10, I.2 10, I.3 10", "II 10: II.1 10"], fact.Groups.Select(group => $"{group.Code} {group.Max}: {string.Join(", ", group.Criteria.Select(criterion => $"{criterion.Code} {criterion.Max}"))}"));

        // Every number is that of the decision.
        var result = await results.FirstAsync(ranking => ranking.Season == "R7");
        Assert.Equal(decided["ranking"].AsArray().Select(row => $"{row!["unit"]} {row["rank"]} {row["total"]}"), fact.Units.Select(unit => $"{unit.Unit} {unit.Rank} {Text(unit.FinalTotal)}"));
        Assert.Equal(result.Ranking.Select(unit => (unit.Unit, unit.SelfTotal, unit.ReviewTotal, unit.Total)), fact.Units.Select(unit => (unit.Unit, unit.SelfTotal, unit.ReviewTotal, unit.FinalTotal)));
        Assert.Equal(
            decided["ranking"].AsArray().SelectMany(row => row!["lines"]!.AsObject().Select(line => $"{row["unit"]} {line.Key} {line.Value!["self"]} {line.Value["review"]} {line.Value["final"]}")),
            fact.Units.SelectMany(unit => unit.Lines.Select(line => $"{unit.Unit} {line.Criterion} {Text(line.Self)} {Text(line.Review)} {Text(line.Final)}")));

        var changed = fact.Units.Single(unit => unit.Unit == "C");
        Assert.Equal((null, 26.25m), (changed.ReviewTotal, changed.FinalTotal)); // 4 + 10 + 7.50 + 5.75 + 1 − 2
        Assert.Equal(
            [
                "I.1 STANDING_AGENCY  4 Hai nhiệm vụ trùng", "II.1 LEADER  6 Thiếu biên bản", "II.1 DEPUTY  5.5 Biên bản không có chữ ký", "II.1 STANDING_AGENCY  5.75 Theo hồ sơ gốc",
                "BONUS LEADER Sáng kiến 1 Một sáng kiến được công nhận", "DEDUCTIONS STANDING_AGENCY Chậm 2 Theo sổ công văn đến",
            ],
            changed.Lines.Append(changed.Bonus!).Append(changed.Deductions!)
                .SelectMany(line => line.Changes.Select(change => FormattableString.Invariant($"{line.Criterion} {change.By} {change.Of} {change.Value:0.##} {change.Reason}"))));
        Assert.Equal((2m, 1m, 1m), (changed.Bonus!.Self, changed.Bonus.Review, changed.Bonus.Final));
        Assert.Equal((1m, 1m, 2m), (changed.Deductions!.Self, changed.Deductions.Review, changed.Deductions.Final));
        Assert.All(fact.Units.Where(unit => unit.Unit != "C").SelectMany(unit => unit.Lines), line => Assert.Empty(line.Changes));

        static string Text(decimal? points) => points is { } value ? value.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture) : "";
    }

    [Fact]
    public async Task A_unit_without_a_sheet_has_no_total_and_no_rank()
    {
        var season = new ScoringSeason(service, "R4");
        await using var told = await service.CollectAsync<ClusterScoresDecided>();
        await season.PhaseAsync("CRITERIA");
        await season.ClusterAsync("C1", "A", "B", "A", "B");
        await season.AdoptAsync(ScoringSeason.Table, "C1");
        (await season.PublishAsync([("PAR", "A", "1")])).Expect(200);
        await season.PhaseAsync("APPRAISAL");
        var early = await ScoringSeason.KnownAsync(() => season.Head.PostJson($"rankings/{season.Cluster}/decide", new { }));
        Assert.Equal([("MISSING_PUBLISHED", "/units/B/I.2")], early.Expect(422).Errors);
        (await season.PublishAsync([("PAR", "B", "2")])).Expect(200);
        var decided = (await season.Head.PostJson($"rankings/{season.Cluster}/decide", new { })).Expect(200);
        Assert.All(decided["ranking"].AsArray(), row => Assert.True(row!["total"] is null && row["rank"] is null));
        Assert.All(
            (await told.FirstAsync(scores => scores.Season == "R4")).Units,
            unit => Assert.True(unit.Lines.Count == 0 && unit is { Rank: null, SelfTotal: null, FinalTotal: null, Bonus: null, Deductions: null }));
    }

    [Fact]
    public async Task An_adopted_table_never_changes_and_is_replaced_only_in_time()
    {
        var season = new ScoringSeason(service, "R5");
        await season.PhaseAsync("SELF_SCORING");
        await season.ClusterAsync("C1", "A", "B", "A", "B");
        JsonObject Body(string table) => new() { ["season"] = "R5", ["table"] = JsonNode.Parse(table), ["clusters"] = new JsonArray("C1") };

        var bad = ScoringSeason.Table.Replace("\"i\": 10", "\"i\": 1", StringComparison.Ordinal).Replace("\"total_max\": 40", "\"total_max\": 41", StringComparison.Ordinal);
        var draft = (await ScoringSeason.KnownAsync(() => season.Appraiser.PostJson("criteria-tables", Body(bad)))).Expect(201);
        Assert.Equal([("L-01", "/table/total_max"), ("L-07", "/table/groups/0/criteria/0/i")], (await season.Head.PostJson($"criteria-tables/{draft["id"]}/adopt", new { }, draft.ETag)).Expect(422, "table-refused").Errors);
        Assert.True((bool)(await season.Appraiser.GetJson($"criteria-tables/{draft["id"]}/lint")).Expect(200)["refused"]);
        (await season.Unit("A").PostJson("score-sheets", new { season = "R5", unit = "A" })).Expect(409, "no-adopted-table");
        var mended = (await season.Appraiser.PutJson($"criteria-tables/{draft["id"]}", new JsonObject { ["table"] = JsonNode.Parse(ScoringSeason.Table), ["clusters"] = new JsonArray("C1") }, draft.ETag)).Expect(200);
        (await season.Appraiser.PostJson($"criteria-tables/{draft["id"]}/adopt", new { }, mended.ETag)).Expect(403);
        var adopted = (await season.Head.PostJson($"criteria-tables/{draft["id"]}/adopt", new { }, mended.ETag)).Expect(200);
        (await season.Appraiser.PutJson($"criteria-tables/{draft["id"]}", new JsonObject { ["table"] = JsonNode.Parse(ScoringSeason.Table), ["clusters"] = new JsonArray("C1") }, adopted.ETag)).Expect(409, "table-adopted");

        var sheet = (await season.OpenAsync("A")).Expect(201);
        (await season.Unit("A").PutJson($"score-sheets/{sheet["id"]}/lines", ScoringSeason.Inputs(6, 90), sheet.ETag)).Expect(200);
        var second = (await season.Appraiser.PostJson("criteria-tables", Body(ScoringSeason.Table.Replace("\"MANUAL\"", "\"COUNT\", \"per_item\": 1, \"cap\": 10", StringComparison.Ordinal)))).Expect(201);
        Assert.Equal(2, (int)second["version"]);
        Assert.Equal([("MISSING_REASON", "/reason")], (await season.Head.PostJson($"criteria-tables/{second["id"]}/adopt", new { }, second.ETag)).Expect(422).Errors);
        (await season.Head.PostJson($"criteria-tables/{second["id"]}/adopt", new { reason = "Đếm được thì không chấm trực tiếp" }, second.ETag)).Expect(200);
        var moved = (await season.Unit("A").GetJson($"score-sheets/{sheet["id"]}")).Expect(200);
        Assert.Equal((2, 5.00m, null), ((int)moved["table"]["version"]!, ScoringSeason.Points(moved, "I.1", "self"), ScoringSeason.Points(moved, "II.1", "self")));

        var unknown = await season.Appraiser.PostJson("criteria-tables", new JsonObject { ["season"] = "R5", ["table"] = JsonNode.Parse(ScoringSeason.Table), ["clusters"] = new JsonArray("C9") });
        unknown.Expect(409, "not-known-yet");
        Assert.Equal("1", unknown.Headers["Retry-After"]);
    }
}
