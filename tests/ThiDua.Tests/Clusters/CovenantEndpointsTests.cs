using ThiDua.Clusters.Data;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>A cluster's year before the scores: what is pledged, signed and done together.</summary>
public sealed class CovenantEndpointsTests(ServiceHost<ClustersDbContext> service) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    private readonly HttpClient _head = service.As([Roles.Admin, Roles.AppraisalHead]);

    [Fact]
    public async Task A_covenant_is_signed_by_every_member_for_itself_and_stays_as_it_was_signed()
    {
        await FormAsync("SIGN", "SA", "SB", "SC");
        await using var told = await service.CollectAsync<CovenantInForce>();
        var clauses = new[] { new { number = "1", text = "Đúng hạn" } };

        Assert.Equal((403, "not-leader"), Refused(await Unit("SB").PostJson("covenants", new { season = "SIGN", cluster = "C1", clauses })));
        var draft = (await Unit("SA").PostJson("covenants", new { season = "SIGN", cluster = "C1", clauses })).Expect(201);
        var (address, hash) = ($"covenants/{draft["id"]}", (string)draft["parts"][0]!["hash"]!);
        Assert.Equal((409, "already-exists"), Refused(await _head.PostJson("covenants", new { season = "SIGN", cluster = "C1", clauses })));
        Assert.Equal(404, (await Unit("OUTSIDE").GetJson(address)).Status);
        Assert.Equal((403, "not-member"), Refused(await service.As([Roles.UnitHead, Roles.AppraisalHead], "OUTSIDE").PostJson($"{address}/sign", new { hash })));
        Assert.Equal(403, (await service.As(Roles.UnitClerk, "SB").PostJson($"{address}/sign", new { hash })).Status);

        (await Unit("SA").PostJson($"{address}/sign", new { hash })).Expect(200);
        Assert.Equal((409, "already-signed"), Refused(await Unit("SA").PostJson($"{address}/sign", new { hash })));
        Assert.Equal((409, "text-changed"), Refused(await Unit("SB").PostJson($"{address}/sign", new { hash = "0" })));
        var advanced = await _head.GetJson("seasons/SIGN");
        var refused = await _head.PostJson("seasons/SIGN/advance", new { to = "CRITERIA" }, advanced.ETag);
        Assert.Equal((409, "covenant-unsigned"), Refused(refused));
        Assert.Contains("C1", refused.Text, StringComparison.Ordinal);

        var signed = (await Unit("SB").PostJson($"{address}/sign", new { hash })).Expect(200);
        Assert.Equal([("MISSING_REASON", "/reason")], (await _head.PostJson($"{address}/exceptions", new { unit = "SC", document = "CV 1" }, signed.ETag)).Expect(422).Errors);
        Assert.Equal((403, "own-cluster"), Refused(await service.As(Roles.AppraisalHead, "SC").PostJson($"{address}/exceptions", new { unit = "SC", reason = "Sắp xếp", document = "CV 1" }, signed.ETag)));
        var inForce = (await _head.PostJson($"{address}/exceptions", new { unit = "SC", reason = "Sắp xếp", document = "CV 1" }, signed.ETag)).Expect(200);
        Assert.Equal((true, 1), ((bool)inForce["in_force"]!, (int)inForce["version"]!));
        var fact = await told.FirstAsync(covenant => covenant.Season == "SIGN");
        Assert.Equal(("C1", "MAJORITY_OF_MEMBERS", 1, "Đúng hạn"), (fact.Cluster, fact.AgreementBy, fact.Version, fact.Clauses.Single().Text));

        Assert.Equal((409, "covenant-in-force"), Refused(await Unit("SA").PutJson(address, new { clauses }, inForce.ETag)));
        var addendum = (await Unit("SA").PostJson($"{address}/addenda", new { clauses = new[] { new { number = "1", text = "Đúng hạn, đủ" } } }, inForce.ETag)).Expect(200);
        var second = (string)addendum["parts"][1]!["hash"]!;
        foreach (var unit in new[] { "SA", "SB", "SC" })
        {
            addendum = (await Unit(unit).PostJson($"{address}/sign", new { hash = second })).Expect(200);
        }

        Assert.Equal(("Đúng hạn, đủ", "Đúng hạn"), ((string)addendum["clauses"][0]!["text"]!, (string)addendum["parts"][0]!["clauses"]![0]!["text"]!));
        Assert.Equal(2, (await told.FirstAsync(covenant => covenant.Season == "SIGN" && covenant.Version == 2)).Version);
        (await _head.PostJson("seasons/SIGN/advance", new { to = "CRITERIA" }, advanced.ETag)).Expect(200);
    }

    [Fact]
    public async Task The_signatures_required_follow_the_members_and_an_exception_to_the_guard_is_noted()
    {
        await FormAsync("MOVE", "MA", "MB", "MC");
        var draft = (await _head.PostJson("covenants", new { season = "MOVE", cluster = "C1", clauses = new[] { new { number = "1", text = "Đúng hạn" } } })).Expect(201);
        foreach (var unit in new[] { "MA", "MB" })
        {
            (await Unit(unit).PostJson($"covenants/{draft["id"]}/sign", new { hash = draft["parts"][0]!["hash"] })).Expect(200);
        }

        var season = await _head.GetJson("seasons/MOVE");
        (await _head.PostJson("seasons/MOVE/advance", new { to = "CRITERIA", reason = "Đơn vị MC chờ kiện toàn" }, season.ETag)).Expect(200);
        var cluster = await _head.GetJson($"clusters/{draft["cluster_id"]}");
        (await _head.PutJson($"clusters/{draft["cluster_id"]}", new { name = "Khối", kind = "KHOI", leader = "MA", deputy = "MB", members = new[] { "MA", "MB" } }, cluster.ETag)).Expect(200);
        Assert.True((bool)(await Unit("MA").GetJson($"covenants/{draft["id"]}"))["in_force"]!);
        Assert.Equal(404, (await Unit("MC").GetJson($"covenants/{draft["id"]}")).Status);
    }

    [Fact]
    public async Task What_a_unit_registers_is_its_own_until_submitted_and_then_of_the_cluster()
    {
        await FormAsync("REG", "RA", "RB");
        await FormAsync("REGX", "RX", "RY");
        await using var told = await service.CollectAsync<RegistrationSubmitted>();
        object Plan(string value, string? reason = null) => new { season = "REG", targets = new[] { new { code = "CT1", text = "Tỷ lệ", planned_value = value, unit_of_measure = "%", criterion = "I.1" } }, titles = new[] { new { code = "CO", text = "Cờ thi đua" } }, reason };

        var draft = (await service.As(Roles.UnitClerk, "RA").PostJson("registrations", Plan("98.50"))).Expect(201);
        Assert.Equal("98.50", (string)draft["targets"][0]!["planned_value"]!);
        Assert.Equal((403, "not-member"), Refused(await Unit("RX").PostJson("registrations", Plan("1"))));
        Assert.Equal(404, (await Unit("RB").GetJson($"registrations/{draft["id"]}")).Status);
        Assert.Empty((await _head.GetJson("registrations?season=REG")).Expect(200)["items"].AsArray());
        Assert.Equal(403, (await service.As(Roles.UnitClerk, "RA").PostJson($"registrations/{draft["id"]}/submit", new { }, draft.ETag)).Status);
        Assert.Equal(404, (await Unit("RB").PostJson($"registrations/{draft["id"]}/submit", new { }, draft.ETag)).Status);

        var submitted = (await Unit("RA").PostJson($"registrations/{draft["id"]}/submit", null, draft.ETag)).Expect(200);
        Assert.Equal((409, "registration-submitted"), Refused(await Unit("RA").PutJson($"registrations/{draft["id"]}", new { targets = Array.Empty<object>() }, submitted.ETag)));
        Assert.Equal("SUBMITTED", (string)(await Unit("RB").GetJson($"registrations/{draft["id"]}")).Expect(200)["state"]!);
        Assert.Equal(404, (await Unit("RX").GetJson($"registrations/{draft["id"]}")).Status);
        Assert.Single((await Unit("RB").GetJson("registrations?season=REG&cluster=C1&unit=RA")).Expect(200)["items"].AsArray());

        Assert.Equal([("MISSING_REASON", "/reason")], (await Unit("RA").PostJson("registrations", Plan("99"))).Expect(422).Errors);
        var second = (await Unit("RA").PostJson("registrations", Plan("99", "Tỉnh giao lại"))).Expect(201);
        (await Unit("RA").PostJson($"registrations/{second["id"]}/submit", null, second.ETag)).Expect(200);
        Assert.Equal("REPLACED", (string)(await _head.GetJson($"registrations/{draft["id"]}")).Expect(200)["state"]!);
        var fact = await told.FirstAsync(registration => registration.Version == 2);
        Assert.Equal(("RA", 99m, "I.1", "Tỉnh giao lại"), (fact.Unit, fact.Targets.Single().PlannedValue, fact.Targets.Single().Criterion, fact.Reason));
    }

    [Fact]
    public async Task Who_came_to_what_was_held_is_told_as_an_official_fact()
    {
        await FormAsync("ACT", "AA", "AB", "AC");
        await FormAsync("ACTX", "AX", "AY");
        await using var told = await service.CollectAsync<OfficialFactEstablished>();
        await using var recorded = await service.CollectAsync<ActivityRecorded>();
        object Plan(string kind, string? type, string? review) => new { season = "ACT", cluster = "C1", kind, type, review, title = "Sinh hoạt", planned_on = "2026-02-01", host = "AB" };

        Assert.Equal([("UNKNOWN_ACTIVITY_TYPE", "/type")], (await Unit("AA").PostJson("activities", Plan("ACTIVITY", "DA_BONG", null))).Expect(422).Errors);
        Assert.Equal([("MISSING_PROPERTY", "/review")], (await Unit("AA").PostJson("activities", Plan("MEETING", null, null))).Expect(422).Errors);
        Assert.Equal((403, "not-leader"), Refused(await Unit("AB").PostJson("activities", Plan("ACTIVITY", "KHAC", null))));
        Assert.Equal([("UNKNOWN_CLUSTER", "/cluster")], (await Unit("AX").PostJson("activities", Plan("ACTIVITY", "KHAC", null))).Expect(422).Errors);
        var talk = (await service.As(Roles.UnitClerk, "AA").PostJson("activities", Plan("ACTIVITY", "CHUYEN_MON", null))).Expect(201);
        var review = (await Unit("AA").PostJson("activities", Plan("MEETING", null, "MIDYEAR"))).Expect(201);
        var again = (await Unit("AA").PostJson("activities", Plan("MEETING", null, "MIDYEAR"))).Expect(201);
        Assert.Equal(404, (await Unit("AX").GetJson($"activities/{talk["id"]}")).Status);
        Assert.Equal(3, (await Unit("AC").GetJson("activities?season=ACT")).Expect(200)["items"].AsArray().Count);
        Assert.Empty((await Unit("AX").GetJson("activities?season=ACT")).Expect(200)["items"].AsArray());

        var held = (await Unit("AA").PostJson($"activities/{talk["id"]}/hold", new { held_on = "2026-02-03", attendance = Came("AA=PRESENT AB=PRESENT AC=ABSENT"), outcome = "Tốt", evidence = new[] { "TB 14" } }, talk.ETag)).Expect(200);
        object Meeting() => new { held_on = "2026-02-05", attendance = Came("AA=PRESENT AB=EXCUSED AC=PRESENT"), outcome = "Sơ kết", minutes = "BB 1" };
        (await Unit("AA").PostJson($"activities/{review["id"]}/hold", Meeting(), review.ETag)).Expect(200);
        Assert.Equal((409, "meeting-held"), Refused(await Unit("AA").PostJson($"activities/{again["id"]}/hold", Meeting(), again.ETag)));
        (await Unit("AA").PostJson($"activities/{again["id"]}/cancel", new { reason = "Đã tổ chức" }, again.ETag)).Expect(200);

        var corrected = (await Unit("AA").PutJson($"activities/{talk["id"]}/attendance", new { attendance = Came("AA=PRESENT AB=PRESENT AC=PRESENT"), reason = "AC cử người dự thay" }, held.ETag)).Expect(200);
        Assert.Equal(["ABSENT", "PRESENT"], corrected["lists"].AsArray().Select(list => (string)list!["entries"]!["AC"]!));

        // AB was excused from the review, which does not count; AC came to both, as was found out later.
        var facts = new List<(string, int?, int?, int)>();
        foreach (var (unit, version) in new[] { ("AA", 2), ("AB", 1), ("AC", 3) })
        {
            var fact = await told.FirstAsync(fact => fact.Season == "ACT" && fact.Unit == unit && fact.Version == version);
            Assert.Equal("ATTENDANCE", fact.Fact);
            facts.Add((fact.Unit, fact.Completed, fact.Assigned, fact.Version));
        }

        Assert.Equal([("AA", 2, 2, 2), ("AB", 1, 1, 1), ("AC", 2, 2, 3)], facts);

        // Every change of an activity is told with the activity as it then stands.
        Assert.Equal(
            [
                "1 PLANNED ACTIVITY Trao đổi chuyên môn, nghiệp vụ  ", "1 PLANNED MEETING  MIDYEAR ", "1 PLANNED MEETING  MIDYEAR ", "2 CANCELLED MEETING  MIDYEAR ",
                "2 HELD ACTIVITY Trao đổi chuyên môn, nghiệp vụ  AA=PRESENT AB=PRESENT AC=ABSENT", "2 HELD MEETING  MIDYEAR AA=PRESENT AB=EXCUSED AC=PRESENT",
                "3 HELD ACTIVITY Trao đổi chuyên môn, nghiệp vụ  AA=PRESENT AB=PRESENT AC=PRESENT",
            ],
            (await recorded.CountAsync(7, activity => activity.Season == "ACT"))
                .Select(told => $"{told.Version} {told.State} {told.Kind} {told.Type} {told.Review} {string.Join(' ', told.Attendance.Select(entry => $"{entry.Unit}={entry.Presence}"))}").Order(StringComparer.Ordinal));
        var minuted = await recorded.FirstAsync(activity => activity.Minutes is not null);
        Assert.Equal(("Sinh hoạt", "AB", new DateOnly(2026, 2, 1), new DateOnly(2026, 2, 5), "Sơ kết", "BB 1"), (minuted.Title, minuted.Host, minuted.PlannedOn, minuted.HeldOn, minuted.Outcome, minuted.Minutes));
    }

    private HttpClient Unit(string unit) => service.As([Roles.UnitClerk, Roles.UnitHead], unit);

    private static Dictionary<string, string> Came(string text) => text.Split(' ').Select(entry => entry.Split('=')).ToDictionary(entry => entry[0], entry => entry[1]);

    private static (int Status, string? Code) Refused(ApiAnswer answer) => (answer.Status, answer.Code);

    private async Task FormAsync(string season, params string[] members)
    {
        (await _head.PostJson("units", new { units = members.Select(code => new { code, name = $"Đơn vị {code}", category = "HC", level = "TINH", valid_from = "2020-01-01" }) })).Expect(200);
        (await _head.PostJson("seasons", new { code = season, type = "CALENDAR_YEAR", year = 2026 })).Expect(201);
        (await _head.PostJson("clusters", new { season, clusters = new[] { new { code = "C1", name = "Khối", kind = "KHOI", leader = members[0], deputy = members[1], members } } })).Expect(201);
    }
}
