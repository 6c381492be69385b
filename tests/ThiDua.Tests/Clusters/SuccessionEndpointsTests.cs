using Microsoft.EntityFrameworkCore;
using Npgsql;
using ThiDua.Clusters.Data;
using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>Units are reorganised while the years go on, in one database with districts and without.</summary>
public sealed class SuccessionEndpointsTests(ServiceHost<ClustersDbContext> service) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    private readonly HttpClient _head = service.As(Roles.AppraisalHead);
    private readonly HttpClient _admin = service.As(Roles.Admin);

    [Fact]
    public async Task A_merger_ends_its_predecessors_begins_its_successor_and_tells_the_others()
    {
        await Units("M1", "M2");
        await using var reorganised = await service.CollectAsync<UnitsReorganised>();
        await using var registered = await service.CollectAsync<UnitRegistered>();

        var recorded = (await Reorganise("MERGE", "2025-07-01", ["M1", "M2"], Successor("M3", "Đơn vị hợp nhất"))).Expect(201);

        Assert.Equal("2025-06-30", (string?)(await _head.GetJson("units/M1")).Expect(200)["closes_on"]);
        Assert.Equal(("2025-07-01", "Đơn vị hợp nhất"), ((string?)(await _head.GetJson("units/M3")).Expect(200)["valid_from"], (string?)(await _head.GetJson("units/M3"))["name"]));
        (await _head.GetJson("units/M3?as_of=2025-06-30")).Expect(404);
        var message = await reorganised.FirstAsync(fact => fact.Predecessors.Contains("M1"));
        Assert.Equal(("MERGE", "NQ số 1", "M1 M2", "M3=1"), (message.Kind, message.Document, string.Join(' ', message.Closed), string.Join(' ', message.Successors.Select(unit => $"{unit.Unit}={unit.Share}"))));
        Assert.Equal(Sample.Day("2025-07-01"), (await registered.FirstAsync(unit => unit.Code == "M3")).ValidFrom);

        var id = (string)recorded["reorganisation"]["id"]!;
        Assert.Equal(recorded.Location, $"/api/v1/reorganisations/{id}");
        Assert.Equal("Hợp nhất, sáp nhập", (string?)(await _head.GetJson($"reorganisations/{id}")).Expect(200)["kind_label"]);
        Assert.Equal([id], (await _head.GetJson("reorganisations?unit=M3")).Expect(200)["items"].AsArray().Select(item => (string)item!["id"]!));
    }

    [Fact]
    public async Task Everything_wrong_is_named_and_nothing_happens()
    {
        await Units("W1", "W2");

        var refused = (await _admin.PostJson("reorganisations", new
        {
            kind = "MERGE",
            effective_on = "2025-07-01",
            document = "NQ số 1",
            predecessors = new[] { "W1", "NONE" },
            successors = new object[] { new { code = "W3", name = "Đơn vị", category = "HC", level = "HUYEN", share = "một nửa" }, new { code = "W 4", colour = "đỏ" } },
        })).Expect(422);

        Assert.Equal([("UNKNOWN_LEVEL", "/successors/0/level"), ("BAD_SHARE", "/successors/0/share"), ("BAD_CODE", "/successors/1/code"), ("UNKNOWN_PROPERTY", "/successors/1/colour")], refused.Errors);
        Assert.Equal([("WRONG_COUNT", "/successors"), ("UNKNOWN_UNIT", "/predecessors/1")], (await Reorganise("MERGE", "2025-07-01", ["W1", "NONE"], Successor("W3"), Successor("W4"))).Expect(422).Errors);
        Assert.Null((await _head.GetJson("units/W1")).Expect(200).Json!["closes_on"]);
        (await _head.GetJson("units/W3")).Expect(404);
        using var clerk = service.As(Roles.Appraiser);
        (await clerk.PostJson("reorganisations", "{}")).Expect(403);
    }

    [Fact]
    public async Task A_repeated_request_records_one_reorganisation()
    {
        await Units("I1");
        var body = new { kind = "RENAME", effective_on = "2025-07-01", document = "QĐ 2", predecessors = new[] { "I1" }, successors = new[] { new { name = "Tên mới", category = "HC", level = "TINH" } } };

        var first = (await _admin.PostJson("reorganisations", body, idempotencyKey: "rename-I1")).Expect(201);
        Assert.Equal(first.Text, (await _admin.PostJson("reorganisations", body, idempotencyKey: "rename-I1")).Expect(201).Text);
        Assert.Single((await _head.GetJson("reorganisations?unit=I1")).Expect(200)["items"].AsArray());
        Assert.Equal(("Tên mới", "I1"), ((string?)(await _head.GetJson("units/I1"))["name"], (string?)(await _head.GetJson("units/I1"))["current_code"]));
    }

    [Fact]
    public async Task Of_reorganisations_that_race_for_a_unit_one_is_recorded()
    {
        await Units("X0", "X1", "X2", "X3", "X4");

        var answers = await Task.WhenAll(Enumerable.Range(1, 4).Select(index => Reorganise("MERGE", "2025-07-01", ["X0", $"X{index}"], Successor($"XN{index}"))));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal([("ALREADY_REORGANISED", "/predecessors/0")], answer.Expect(422).Errors));
    }

    [Fact]
    public async Task An_old_code_is_answered_with_the_new_one()
    {
        await Units("OLD", "OLD-2", "SPLIT");
        (await Reorganise("RENAME", "2024-01-01", ["OLD"], Successor("NEW"))).Expect(201);
        (await Reorganise("MERGE", "2025-07-01", ["NEW", "OLD-2"], Successor("NEWEST"))).Expect(201);
        (await Reorganise("SPLIT", "2025-07-01", ["SPLIT"], Successor("S1"), Successor("S2"))).Expect(201);

        foreach (var code in new[] { "OLD", "NEW", "OLD-2", "NEWEST" })
        {
            var unit = (await _head.GetJson($"units/{code}")).Expect(200);
            Assert.Equal((code, "NEWEST"), ((string?)unit["code"], (string?)unit["current_code"]));
        }

        var split = (await _head.GetJson("units/SPLIT")).Expect(200);
        Assert.Null(split.Json!["current_code"]);
        Assert.Equal(["S1", "S2"], split["successors"].AsArray().Select(unit => (string)unit!));
    }

    [Fact]
    public async Task A_unit_is_found_by_every_identifier_it_ever_had_in_either_form()
    {
        await Units("D1", "D2");
        (await Identify("D1", "000.00.77.H42", "2020-01-01")).Expect(201);
        (await Identify("D1", "H42.78", "2025-07-01")).Expect(201);

        foreach (var code in new[] { "H42.77", "h42.77", "000.00.77.H42", "H42.78", "000.00.78.H42" })
        {
            var unit = (await _head.GetJson($"units/{code}")).Expect(200);
            Assert.Equal(("D1", "/api/v1/units/D1"), ((string?)unit["current_code"], unit.Headers["Content-Location"]));
        }

        Assert.False((await _head.GetJson("units/D1")).Headers.ContainsKey("Content-Location"));
        Assert.Equal(
            [("H42.77", "000.00.77.H42", "2025-06-30"), ("H42.78", "000.00.78.H42", null)],
            (await _head.GetJson("units/D1/identifiers")).Expect(200)["items"].AsArray().Select(item => ((string)item!["identifier"]!, (string)item["legacy"]!, (string?)item["valid_to"])));
        Assert.Equal([("IDENTIFIER_TAKEN", "/identifier")], (await Identify("D2", "H42.77", "2026-01-01")).Expect(422).Errors);
        Assert.Equal([("BAD_IDENTIFIER", "/identifier")], (await Identify("D2", "H42/77", "2026-01-01")).Expect(422).Errors);
        (await Identify("NOBODY", "H42.79", "2026-01-01")).Expect(404);
        (await _head.GetJson("units/H42.99")).Expect(404);
    }

    [Fact]
    public async Task The_code_of_a_closed_unit_is_never_given_again()
    {
        await Units("R1", "R2", "R3");
        (await Identify("R2", "H42.55", "2020-01-01")).Expect(201);
        (await Reorganise("DISSOLVE", "2025-07-01", ["R1"])).Expect(201);

        Assert.Equal([("CODE_REUSED", "/successors/0/code")], (await Reorganise("RENAME", "2026-01-01", ["R3"], Successor("R1"))).Expect(422).Errors);
        Assert.Equal([("CODE_REUSED", "/successors/0/code")], (await Reorganise("RENAME", "2026-01-01", ["R3"], Successor("H42.55"))).Expect(422).Errors);
        Assert.Equal([("UNIT_CLOSED", "/units/0/code"), ("CODE_REUSED", "/units/1/code")], (await _admin.PostJson("units", new { units = new[] { Unit("R1", "2026-01-01"), Unit("H42.55", "2026-01-01") } })).Expect(422).Errors.Order().Reverse());
        var refused = await Assert.ThrowsAsync<PostgresException>(() => service.WithDatabaseAsync(db => db.Database.ExecuteSqlRawAsync(
            "insert into unit_identifiers (value, unit, valid_from, recorded_at) values ('H42.55', 'R3', '2026-01-01', now())", TestContext.Current.CancellationToken)));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
    }

    [Fact]
    public async Task What_a_reorganisation_ended_is_not_taken_back_by_hand()
    {
        await Units("E1", "E2");
        (await Reorganise("MERGE", "2025-07-01", ["E2"], new { code = "E1" })).Expect(201);

        async Task<ApiAnswer> Close(string unit, string? day) =>
            await _admin.PutJson($"units/{unit}", new { name = $"Đơn vị {unit}", category = "HC", level = "TINH", valid_from = "2020-01-01", closes_on = day }, (await _admin.GetJson($"units/{unit}")).ETag);

        (await Close("E2", null)).Expect(409, "unit-reorganised");
        (await Close("E2", "2025-12-31")).Expect(409, "unit-reorganised");
        (await Close("E2", "2025-06-30")).Expect(200);
        (await Close("E1", "2025-06-30")).Expect(409, "unit-reorganised"); // E1 takes E2 in on the day after
        (await Close("E1", "2026-12-31")).Expect(200);
    }

    [Fact]
    public async Task A_member_that_ends_before_self_scoring_makes_room_for_its_successor()
    {
        await Units("C1", "C2", "C3", "C4", "C5", "C6");
        await Season("MEMBERS", 2026);
        var (first, second) = await Form("MEMBERS", ["C1", "C2", "C3"], ["C4", "C5", "C6"]);

        var recorded = (await Reorganise("RENAME", "2026-03-01", ["C1"], Successor("C1N"))).Expect(201);
        Assert.Equal([("K1", 2)], recorded["clusters"].AsArray().Select(cluster => ((string)cluster!["code"]!, (int)cluster["version"]!)));
        Assert.Equal(["LEADER_REPLACED"], Warnings(recorded)); // C1 led the cluster
        Assert.Equal("C1N", (string?)(await _head.GetJson($"clusters/{first}"))["leader"]);
        Assert.Equal(["C1", "C2", "C3"], await MembersOn(first, "2026-02-28"));
        Assert.Equal(["C1N", "C2", "C3"], (await MembersOn(first, "2026-03-01")).Order());

        // Members of two clusters become one: which cluster it joins is a choice.
        recorded = (await Reorganise("MERGE", "2026-04-01", ["C3", "C6"], Successor("C36"))).Expect(201);
        Assert.Equal(["SUCCESSOR_NOT_JOINED", "SUCCESSOR_NOT_JOINED"], Warnings(recorded));
        Assert.Equal(["C2", "C1N"], await MembersOn(first, "2026-04-01"));
        Assert.Equal(["C4", "C5"], await MembersOn(second, "2026-04-01"));
        var left = (await _head.GetJson($"clusters/{second}/members")).Expect(200)["items"].AsArray().Single(member => (string?)member!["unit"] == "C6")!;
        Assert.Equal(("2026-01-01", "2026-03-31", "Hợp nhất, sáp nhập theo NQ số 1"), ((string?)left["joined_on"], (string?)left["left_on"], (string?)left["reason"]));

        // Leader and deputy become one: nobody is left to be the other.
        recorded = (await Reorganise("MERGE", "2026-05-01", ["C4", "C5"], Successor("C45"))).Expect(201);
        Assert.Equal(["MEMBER_STAYS"], Warnings(recorded));
        Assert.Equal(["C4", "C5"], await MembersOn(second, "2026-05-01"));

        await Advance("MEMBERS", "CRITERIA");
        await Advance("MEMBERS", "SELF_SCORING");
        recorded = (await Reorganise("RENAME", "2026-06-01", ["C2"], Successor("C2N"))).Expect(201);
        Assert.Equal(["COMPOSITION_FIXED"], Warnings(recorded));
        Assert.Equal(["C2", "C1N"], await MembersOn(first, "2026-06-01"));
        (await _head.GetJson($"clusters/{Guid.CreateVersion7()}/members")).Expect(404);
    }

    [Fact]
    public async Task Units_join_and_leave_a_cluster_on_a_day_with_a_reason()
    {
        await Units("J1", "J2", "J3", "J4");
        await Season("JOIN", 2026);
        var (cluster, _) = await Form("JOIN", ["J1", "J2", "J3"], null);

        async Task Change(string[] members, string? effectiveOn)
        {
            var read = await _head.GetJson($"clusters/{cluster}");
            (await _head.PutJson($"clusters/{cluster}", new { name = "Cụm", kind = "CUM", leader = "J1", deputy = "J2", members, effective_on = effectiveOn, reason = "Điều chỉnh" }, read.ETag)).Expect(200);
        }

        await Change(["J1", "J2", "J4"], null); // a plan corrected while it is made: J3 never was a member
        Assert.Equal(["J1", "J2", "J4"], await MembersOn(cluster, "2026-01-01"));
        await Advance("JOIN", "CRITERIA");
        await Change(["J1", "J2", "J3"], "2026-05-15");

        Assert.Equal(["J1", "J2", "J4"], await MembersOn(cluster, "2026-05-14"));
        Assert.Equal(["J1", "J2", "J3"], await MembersOn(cluster, "2026-05-15"));
        var etag = (await _head.GetJson($"clusters/{cluster}")).ETag;
        Assert.Equal([("OUT_OF_RANGE", "/effective_on")], (await _head.PutJson($"clusters/{cluster}", new { name = "Cụm", kind = "CUM", leader = "J1", deputy = "J2", members = new[] { "J1", "J2" }, effective_on = "2027-01-01" }, etag)).Expect(422).Errors);
    }

    [Fact]
    public async Task A_season_may_be_a_part_of_its_year_and_go_on_from_another()
    {
        Assert.Equal([("OUT_OF_RANGE", "/first_day"), ("UNKNOWN_SEASON", "/continues")], (await _head.PostJson("seasons", new { code = "P-0", type = "CALENDAR_YEAR", year = 2025, first_day = "2024-12-31", continues = "NONE" })).Expect(422).Errors);
        Assert.Equal([("CLOSES_BEFORE_OPENS", "/last_day")], (await _head.PostJson("seasons", new { code = "P-0", type = "CALENDAR_YEAR", year = 2025, first_day = "2025-07-01", last_day = "2025-06-30" })).Expect(422).Errors);
        (await _head.PostJson("seasons", new { code = "P-1", type = "CALENDAR_YEAR", year = 2025, last_day = "2025-06-30" })).Expect(201);
        Assert.Equal([("SEASONS_OVERLAP", "/continues")], (await _head.PostJson("seasons", new { code = "P-2", type = "CALENDAR_YEAR", year = 2025, first_day = "2025-06-30", continues = "P-1" })).Expect(422).Errors);
        var second = (await _head.PostJson("seasons", new { code = "P-2", type = "CALENDAR_YEAR", year = 2025, first_day = "2025-07-01", continues = "P-1" })).Expect(201);
        Assert.Equal(("2025-07-01", "2025-12-31", "P-1"), ((string?)second["first_day"], (string?)second["last_day"], (string?)second["continues"]));
    }

    [Fact]
    public async Task Districts_of_2024_both_halves_of_2025_and_2026_without_districts_live_in_one_database()
    {
        (await _admin.PostJson("units", new { units = new[] { Unit("H-A", "2020-01-01", "HUYEN"), Unit("H-B", "2020-01-01", "HUYEN"), Unit("X-OLD", "2020-01-01", "XA") } })).Expect(200);
        await Season("2024", 2024);
        (await _head.PostJson("seasons", new { code = "2025-1", type = "CALENDAR_YEAR", year = 2025, last_day = "2025-06-30" })).Expect(201);
        (await _head.PostJson("seasons", new { code = "2025-2", type = "CALENDAR_YEAR", year = 2025, first_day = "2025-07-01", continues = "2025-1" })).Expect(201);
        await Season("2026", 2026);
        var (of2024, _) = await Form("2024", ["H-A", "H-B"], null);
        var (before, _) = await Form("2025-1", ["H-A", "H-B"], null);

        // From 01/07/2025 there are no districts: H-A is divided into two communes, H-B and an old commune become a third.
        (await Reorganise("SPLIT", "2025-07-01", ["H-A"], Successor("X-A1", level: "XA", share: "1/3"), Successor("X-A2", level: "XA", share: "2/3"))).Expect(201);
        (await Reorganise("MERGE", "2025-07-01", ["H-B", "X-OLD"], Successor("X-B", level: "XA"))).Expect(201);
        Assert.Equal([("UNKNOWN_UNIT", "/clusters/0/members/0"), ("UNKNOWN_UNIT", "/clusters/0/members/1")], (await FormAnswer("2025-2", ["H-A", "H-B"])).Expect(422).Errors);
        var (after, _) = await Form("2025-2", ["X-A1", "X-A2", "X-B"], null);
        await Form("2026", ["X-A1", "X-A2", "X-B"], null);
        Assert.Equal(["H-A", "H-B"], await MembersOn(before, "2025-06-30"));

        await Decide(of2024, "2024", ("H-A", 96.5m, 1), ("H-B", 90m, 2));
        await Decide(before, "2025-1", ("H-A", 90.2m, 1), ("H-B", 88m, 2));
        await Decide(after, "2025-2", ("X-A1", 85m, 1), ("X-A2", 80m, 2), ("X-B", null, null));
        await Award("2024", of2024, "H-A", passed: true);
        await Award("2024", of2024, "H-B", passed: false);
        await service.EventuallyAsync(async () => await _head.GetJson("units/H-A/history") is var divided && divided["award_count"].GetValue<int>() == 1 && divided["results"].AsArray().Count == 2
            && (await _head.GetJson("units/X-A1/history"))["results"].AsArray().Count == 1 && (await _head.GetJson("units/X-B/history"))["results"].AsArray().Count == 1, "results and awards have arrived");

        // The district's flag of 2024 is seen in the commune's history, and is not the commune's.
        var history = (await _head.GetJson("units/X-A1/history")).Expect(200);
        Assert.Equal(0, (int)history["award_count"]);
        Assert.Equal(["2025-2"], history["results"].AsArray().Select(result => (string)result!["season"]!));
        var district = history["predecessors"].AsArray().Single()!;
        Assert.Equal(("H-A", "2025-07-01", "PROVINCIAL_FLAG"), ((string?)district["unit"], (string?)district["until"], (string?)district["awards"]![0]!["award"]));
        Assert.Contains("không tính cho", (string?)district["caption"], StringComparison.Ordinal);
        Assert.Equal(["2024", "2025-1"], district["results"]!.AsArray().Select(result => (string)result!["season"]!));
        Assert.Equal("SPLIT", (string?)district["chain"]![0]!["kind"]);
        Assert.Empty((await _head.GetJson("units/X-B/history"))["predecessors"].AsArray().SelectMany(predecessor => predecessor!["awards"]!.AsArray())); // did not pass

        // The two halves of 2025 by days and by the share of the split: (90,2 × 181 × 1/3 + 85 × 184) / (181/3 + 184).
        var combined = (await _head.GetJson("units/X-A1/season-result?season=2025-2")).Expect(200);
        Assert.Equal(("WEIGHTED", "2025-07-01", "86.28", true), ((string?)combined["policy"], (string?)combined["reorganised_on"], (string?)combined["total"], (bool)combined["is_complete"]));
        Assert.Equal([("H-A", "1/3", "COUNTED"), ("X-A1", "1", "COUNTED")], combined["lines"].AsArray().Select(line => ((string)line!["unit"]!, (string)line["share"]!, (string)line["state"]!)));
        var waiting = (await _head.GetJson("units/X-B/season-result?season=2025-2")).Expect(200);
        Assert.False((bool)waiting["is_complete"]); // X-B has no final sheet: missing, not zero
        Assert.Equal("88.00", (string?)waiting["total"]);

        // By the province's own rule from a day on, another way.
        var rule = await _head.GetJson("rules/REORGANISATION_RESULT/2000-01-01");
        (await _head.PutJson("rules/REORGANISATION_RESULT/2000-01-01", new { label = "Kết quả", value = new { policy = "SUCCESSOR_ONLY", decimals = 2 }, basis = "QĐ 9" }, rule.ETag)).Expect(200);
        Assert.Equal("85.00", (string?)(await _head.GetJson("units/X-A1/season-result?season=2025-2"))["total"]);

        using var own = service.As(Roles.UnitClerk, unit: "X-A1");
        (await own.GetJson("units/X-A1/history")).Expect(200);
        (await own.GetJson("units/X-A2/history")).Expect(404);
        (await own.GetJson("units/X-A2/season-result?season=2025-2")).Expect(404);
        (await own.GetJson("units/X-A1/season-result?season=2025-2")).Expect(200);
        (await _admin.GetJson("units/X-A1/history")).Expect(403);
        (await _head.GetJson("units/X-A1/season-result?season=NONE")).Expect(404);
    }

    [Fact]
    public async Task Of_facts_about_one_result_or_ballot_the_latest_stays_whatever_comes_first()
    {
        await Units("V1", "V2");
        await Season("VERSIONS", 2026);
        var (cluster, _) = await Form("VERSIONS", ["V1", "V2"], null);
        var nomination = Guid.CreateVersion7();

        await Decide(cluster, "VERSIONS", 3, ("V1", 91m, 1));
        await Decide(cluster, "VERSIONS", 2, ("V1", 50m, 1), ("V2", 40m, 2));
        await service.TellAsync(new ClusterResultReopened { ClusterId = Guid.Parse(cluster), Season = "VERSIONS", Code = "K1", Reason = "Sai", Version = 2, At = Sample.Now });
        await Award("VERSIONS", cluster, "V1", passed: true, nomination, version: 2);
        await Award("VERSIONS", cluster, "V1", passed: false, nomination, version: 1);
        await Award("VERSIONS", cluster, "V2", passed: true);
        await service.EventuallyAsync(async () => (await _head.GetJson("units/V2/history"))["award_count"].GetValue<int>() == 1, "the last of the facts has arrived");
        await service.EventuallyAsync(async () => await HandledAsync() >= 6, "all facts were handled");

        var history = (await _head.GetJson("units/V1/history")).Expect(200);
        Assert.Equal(("91", false, 1), ((string?)history["results"][0]!["total"], (bool)history["results"][0]!["is_reopened"]!, (int)history["award_count"]));
        Assert.Empty((await _head.GetJson("units/V2/history"))["results"].AsArray());

        await service.TellAsync(new ClusterResultReopened { ClusterId = Guid.Parse(cluster), Season = "VERSIONS", Code = "K1", Reason = "Sai", Version = 3, At = Sample.Now });
        await service.EventuallyAsync(async () => (bool)(await _head.GetJson("units/V1/history"))["results"][0]!["is_reopened"]!, "the result is shown as opened again");
        Assert.Null((await _head.GetJson("units/V1/season-result?season=VERSIONS")).Expect(200).Json!["total"]);
    }

    private Task<int> HandledAsync() => service.WithDatabaseAsync(db => db.Database.SqlQueryRaw<int>("select count(*)::int as \"Value\" from inbox_messages").SingleAsync());

    private static object Unit(string code, string from = "2020-01-01", string level = "TINH") => new { code, name = $"Đơn vị {code}", category = "HC", level, valid_from = from };

    private static object Successor(string code, string? name = null, string level = "TINH", string? share = null) => new { code, name = name ?? $"Đơn vị {code}", category = "HC", level, share };

    private async Task Units(params string[] codes) => (await _admin.PostJson("units", new { units = codes.Select(code => Unit(code)) })).Expect(200);

    private async Task Season(string code, int year) => (await _head.PostJson("seasons", new { code, type = "CALENDAR_YEAR", year })).Expect(201);

    private Task<ApiAnswer> Reorganise(string kind, string effectiveOn, string[] predecessors, params object[] successors) =>
        _admin.PostJson("reorganisations", new { kind, effective_on = effectiveOn, document = "NQ số 1", predecessors, successors });

    private Task<ApiAnswer> Identify(string unit, string identifier, string from) => _admin.PostJson($"units/{unit}/identifiers", new { identifier, valid_from = from });

    private Task<ApiAnswer> FormAnswer(string season, params string[][] clusters) => _head.PostJson("clusters", new
    {
        season,
        clusters = clusters.Select((members, index) => new { code = $"K{index + 1}", name = "Cụm", kind = "CUM", leader = members[0], deputy = members[1], members }),
    });

    private async Task<(string First, string? Second)> Form(string season, string[] first, string[]? second)
    {
        var formed = (await (second is null ? FormAnswer(season, first) : FormAnswer(season, first, second))).Expect(201)["clusters"].AsArray();
        return ((string)formed[0]!["id"]!, (string?)formed.ElementAtOrDefault(1)?["id"]);
    }

    private async Task<IEnumerable<string>> MembersOn(string? cluster, string day) =>
        (await _head.GetJson($"clusters/{cluster}/members?as_of={day}")).Expect(200)["items"].AsArray().Select(member => (string)member!["unit"]!);

    private static IEnumerable<string> Warnings(ApiAnswer answer) => answer["warnings"].AsArray().Select(warning => (string)warning!["code"]!);

    private async Task Advance(string season, string to) => (await _head.PostJson($"seasons/{season}/advance", new { to }, (await _head.GetJson($"seasons/{season}")).ETag)).Expect(200);

    private Task Decide(string cluster, string season, params (string Unit, decimal? Total, int? Rank)[] ranking) => Decide(cluster, season, 1, ranking);

    private Task Decide(string cluster, string season, int version, params (string Unit, decimal? Total, int? Rank)[] ranking) => service.TellAsync(new ClusterResultDecided
    {
        ClusterId = Guid.Parse(cluster),
        Season = season,
        Year = 2025,
        Code = "K1",
        Name = "Cụm",
        Size = ranking.Length,
        Leader = ranking[0].Unit,
        Deputy = ranking[^1].Unit,
        CriteriaTable = "T",
        CriteriaTableVersion = 1,
        Ranking = [.. ranking.Select(unit => new UnitResult { Unit = unit.Unit, Name = unit.Unit, Rank = unit.Rank, Total = unit.Total, Groups = [], Bonus = 0, Deductions = 0 })],
        Version = version,
        DecidedAt = Sample.Now,
    });

    private Task Award(string season, string cluster, string unit, bool passed, Guid? nomination = null, int version = 1) => service.TellAsync(new AwardDecided
    {
        NominationId = nomination ?? Guid.CreateVersion7(),
        Season = season,
        ClusterId = Guid.Parse(cluster),
        Award = "PROVINCIAL_FLAG",
        Unit = unit,
        Passed = passed,
        Yes = 8,
        Members = 9,
        Needed = 8,
        Version = version,
        At = Sample.Now,
    });
}
