using System.Text.Json.Nodes;
using ThiDua.Clusters.Data;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

public sealed class DividingEndpointsTests(ServiceHost<ClustersDbContext> service) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    private readonly HttpClient _head = service.As(Roles.AppraisalHead);
    private readonly HttpClient _admin = service.As(Roles.Admin);

    [Fact]
    public async Task A_cluster_is_compared_and_its_worst_fit_shown_where_it_would_fit_better()
    {
        await Season("S", 2026);
        await Enterprises("dệt", "SA", "SB", "SC");
        await Enterprises("xây dựng", "SX", "SE", "SF", "SG");
        var ids = await Form("S", ("K1", ["SA", "SB", "SC", "SX"]), ("K2", ["SE", "SF", "SG"]));

        using var auditor = service.As(Roles.Auditor);
        var one = (await auditor.GetJson($"clusters/{ids[0]}/similarity")).Expect(200);
        Assert.Equal(["MIXED_FUNCTION"], Codes(one["findings"]));
        Assert.Equal(("SX", "0.2000", "1/5", "K2"), ((string?)one["worst_fit"]["unit"], (string?)one["worst_fit"]["distance"], (string?)one["worst_fit"]["exact_distance"], (string?)one["worst_fit"]["better"]!["cluster"]));
        Assert.Contains("R-05", (string?)one["findings"][0]!["basis"], StringComparison.Ordinal);

        var all = (await _head.GetJson("clusters/similarity?season=S&limit=1")).Expect(200);
        Assert.Equal("K1", (string?)Assert.Single(all["items"].AsArray())!["code"]);
        Assert.Equal("K2", (string?)Assert.Single((await _head.GetJson($"clusters/similarity?season=S&limit=1&cursor={all["next"]}")).Expect(200)["items"].AsArray())!["code"]);
        (await _head.GetJson("clusters/similarity?season=NONE")).Expect(404);
        (await service.As(Roles.UnitHead, "SA").GetJson($"clusters/{ids[0]}/similarity")).Expect(403);
    }

    [Fact]
    public async Task A_measure_that_is_no_number_is_named_and_nothing_breaks()
    {
        await Season("M", 2026);
        await Enterprises("dệt", "MA", "MB");
        await Units(new { code = "MC", name = "Công ty MC", category = "DN", level = "TINH", valid_from = "2020-01-01", attributes = new { industry = "dệt", capital = "mười tỷ" } });
        var ids = await Form("M", ("K1", ["MA", "MB", "MC"]));

        Assert.Equal(["UNREADABLE_MEASURE"], Codes((await _head.GetJson($"clusters/{ids[0]}/similarity")).Expect(200)["findings"]));
    }

    [Fact]
    public async Task Clusters_are_proposed_edited_and_formed()
    {
        await Season("P", 2026);
        await Enterprises("dệt", "PA", "PB", "PC");
        await Enterprises("xây dựng", "PD", "PE", "PF");
        await Enterprises("gỗ", "PG");
        string[] units = ["PA", "PB", "PC", "PD", "PE", "PF", "PG"];
        await using var told = await service.CollectAsync<ClusterFormed>();

        var proposed = (await _head.PostJson("cluster-proposals", new { season = "P", units, max = 3 })).Expect(201);
        Assert.Equal([["PA", "PB", "PC"], ["PD", "PE", "PF"]], proposed["clusters"].AsArray().Select(cluster => Texts(cluster!["members"])));
        Assert.Equal("PG", (string?)Assert.Single(proposed["unplaced"].AsArray())!["unit"]);
        var address = $"cluster-proposals/{proposed["id"]}";
        Assert.Equal(proposed.ETag, (await service.As(Roles.Auditor).GetJson(address)).Expect(200).ETag);

        object Clusters(params string[] second) => new { clusters = new[] { new { code = "K1", name = "Khối dệt", kind = "KHOI", members = new[] { "PA", "PB" } }, new { code = "K2", name = "Khối khác", kind = "KHOI", members = second } }, reason = "Hội nghị thống nhất" };
        (await _head.PutJson(address, Clusters("PD"))).Expect(428);
        Assert.Equal(
            [("UNKNOWN_UNIT", "/clusters/1/members/0"), ("UNIT_IN_TWO_CLUSTERS", "/clusters/1/members/1")],
            (await _head.PutJson(address, Clusters("ZZ", "PA"), proposed.ETag)).Expect(422).Errors);
        var edited = (await _head.PutJson(address, Clusters("PD", "PG", "PE"), proposed.ETag)).Expect(200);
        Assert.Equal(["PC", "PF"], edited["unplaced"].AsArray().Select(unit => (string)unit!["unit"]!));
        Assert.Equal(["SIZE_OUT_OF_LIMITS"], Codes(edited["clusters"][0]!["findings"]));
        Assert.Equal(["MIXED_FUNCTION"], Codes(edited["clusters"][1]!["findings"]));
        Assert.Equal("PG", (string?)edited["clusters"][1]!["worst_fit"]!["unit"]);

        object Leaders(string leader) => new { clusters = new[] { new { code = "K2", leader, deputy = "PE" }, new { code = "K1", leader = "PA", deputy = "PB" } } };
        (await _head.PostJson($"{address}/form", Leaders("PD"), proposed.ETag)).Expect(412);
        Assert.Equal([("MISSING_PROPERTY", "/clusters")], (await _head.PostJson($"{address}/form", new { clusters = Array.Empty<object>() }, edited.ETag)).Expect(422).Errors.Distinct());
        Assert.Equal([("LEADER_NOT_MEMBER", "/clusters/0/leader")], (await _head.PostJson($"{address}/form", Leaders("PF"), edited.ETag)).Expect(422).Errors);
        var formed = (await _head.PostJson($"{address}/form", Leaders("PD"), edited.ETag)).Expect(201);

        Assert.Equal(["K1", "K2"], (await _head.GetJson("clusters?season=P")).Expect(200)["items"].AsArray().Select(cluster => (string)cluster!["code"]!));
        Assert.Equal(2, formed["clusters"].AsArray().Count);
        Assert.Equal(["PD", "PE", "PG"], (await told.FirstAsync(cluster => cluster is { Season: "P", Code: "K2" })).Members.Select(member => member.Unit));
        var after = (await _head.GetJson(address)).Expect(200);
        Assert.Equal("FORMED", (string?)after["state"]);
        (await _head.PutJson(address, Clusters("PD"), after.ETag)).Expect(409, "proposal-formed");
        Assert.Equal([("UNIT_IN_TWO_CLUSTERS", "/units/0")], (await _head.PostJson("cluster-proposals", new { season = "P", units = new[] { "PA", "PC" }, min = 2 })).Expect(422).Errors);
    }

    [Fact]
    public async Task A_proposal_names_everything_wrong_with_what_it_is_asked_for()
    {
        await Season("W", 2026);
        await Enterprises("dệt", "WA");

        Assert.Equal([("UNKNOWN_SEASON", "/season")], (await _head.PostJson("cluster-proposals", new { season = "NONE" })).Expect(422).Errors);
        Assert.Equal(
            [("OUT_OF_RANGE", "/min"), ("OUT_OF_RANGE", "/max"), ("UNKNOWN_CATEGORY", "/categories/1"), ("UNKNOWN_LEVEL", "/levels/0"), ("DUPLICATE_CODE", "/units/1"), ("UNKNOWN_UNIT", "/units/2")],
            (await _head.PostJson("cluster-proposals", new { season = "W", units = new[] { "WA", "WA", "ZZ" }, categories = new[] { "DN", "NONE" }, levels = new[] { "HUYEN" }, min = 1, max = 0 })).Expect(422).Errors);
        (await _head.PostJson("cluster-proposals", new { season = "W", units = new[] { "WA" }, levels = new[] { "XA" } })).Expect(409, "no-units");
        (await service.As(Roles.UnitHead, "WA").PostJson("cluster-proposals", new { season = "W" })).Expect(403);
    }

    [Fact]
    public async Task A_leader_is_selected_each_season_by_a_recorded_way()
    {
        await Season("L-2025", 2025);
        await Season("L-2026", 2026);
        await Enterprises("dệt", "LA", "LB", "LC");
        await Form("L-2025", ("LK", ["LA", "LB", "LC"]));
        var id = (await Form("L-2026", ("LK", ["LA", "LB", "LC"])))[0];
        await using var told = await service.CollectAsync<ClusterFormed>();

        var before = (await _head.GetJson($"clusters/{id}/leadership")).Expect(200);
        Assert.Equal(("LEADER_NOT_SELECTED", "LB", false), ((string?)before["finding"]["code"], (string?)before["next_in_turn"], (bool)before["selected"]));
        Assert.Contains("LEADER_NOT_SELECTED", Codes((await _head.GetJson($"clusters/{id}/similarity")).Expect(200)["findings"]));

        object Election(string leader, params string[] votes) => new { leader, deputy = "LC", method = "ELECTED", document = "Biên bản 5", from = "2026-01-01", votes = votes.ToDictionary(vote => vote[..2], vote => vote[3..]) };
        var etag = (await _head.GetJson($"clusters/{id}")).ETag;
        (await _head.PostJson($"clusters/{id}/leadership", Election("LB", "LA:LB", "LB:LB"))).Expect(428);
        (await _head.PostJson($"clusters/{id}/leadership", Election("LB", "LA:LA", "LB:LB"), etag)).Expect(409, "vote-tied");
        (await _head.PostJson($"clusters/{id}/leadership", Election("LB", "LA:LA", "LB:LA"), etag)).Expect(409, "not-elected");
        (await _head.PostJson($"clusters/{id}/leadership", Election("LB", "LB:LB"), etag)).Expect(409, "no-majority");
        Assert.Equal([("MISSING_REASON", "/reason")], (await _head.PostJson($"clusters/{id}/leadership", new { leader = "LA", deputy = "LC", method = "ROTATION", document = "BB", from = "2026-01-01" }, etag)).Expect(422).Errors);
        Assert.Equal([("OUT_OF_RANGE", "/from")], (await _head.PostJson($"clusters/{id}/leadership", new { leader = "LB", deputy = "LC", method = "APPOINTED", document = "QĐ", from = "2027-01-01" }, etag)).Expect(422).Errors);
        (await _admin.PostJson($"clusters/{id}/leadership", Election("LB", "LA:LB", "LB:LB"), etag)).Expect(403);

        var elected = (await _head.PostJson($"clusters/{id}/leadership", Election("LB", "LA:LB", "LB:LB"), etag)).Expect(201);
        Assert.Equal(("LB", true, 2, 3), ((string?)elected["leader"], (bool)elected["selected"], (int)elected["history"][0]!["votes_for_leader"]!, (int)elected["history"][0]!["members"]!));
        Assert.Null(elected.Json!["finding"]);
        Assert.DoesNotContain("\"votes\"", elected.Text, StringComparison.Ordinal);
        Assert.Equal(("LB", "LC"), await Told(told, 2));

        // who already leads is confirmed, in whatever phase; another leads only as long as units do not score themselves
        await Advance("L-2026", "CRITERIA");
        await Advance("L-2026", "SELF_SCORING");
        (await _head.PostJson($"clusters/{id}/leadership", new { leader = "LB", deputy = "LC", method = "APPOINTED", document = "QĐ 9", from = "2026-01-01" }, elected.ETag)).Expect(201);
        (await _head.PostJson($"clusters/{id}/leadership", new { leader = "LA", deputy = "LC", method = "APPOINTED", document = "QĐ 9", from = "2026-01-01" }, elected.ETag)).Expect(409, "wrong-phase");
        Assert.Equal(["ELECTED", "APPOINTED"], (await service.As(Roles.UnitClerk, "LA").GetJson($"clusters/{id}/leadership")).Expect(200)["history"].AsArray().Select(selection => (string)selection!["method"]!).Reverse());
    }

    private static async Task<(string, string)> Told(CollectedMessages<ClusterFormed> told, int version)
    {
        var message = await told.FirstAsync(cluster => cluster is { Season: "L-2026", Code: "LK" } && cluster.Version == version);
        return (message.Leader, message.Deputy);
    }

    private static IEnumerable<string> Codes(JsonNode? findings) => findings!.AsArray().Select(finding => (string)finding!["code"]!);

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(item => (string)item!);

    private async Task Season(string code, int year) => (await _head.PostJson("seasons", new { code, type = "CALENDAR_YEAR", year })).Expect(201);

    private async Task Units(params object[] units) => (await _admin.PostJson("units", new { units })).Expect(200);

    private Task Enterprises(string industry, params string[] codes) =>
        Units([.. codes.Select(code => new { code, name = $"Công ty {code}", category = "DN", level = "TINH", valid_from = "2020-01-01", attributes = new { industry, capital = "100" } })]);

    private async Task<List<string>> Form(string season, params (string Code, string[] Members)[] clusters) =>
        [.. (await _head.PostJson("clusters", new { season, clusters = clusters.Select(cluster => new { code = cluster.Code, name = cluster.Code, kind = "KHOI", leader = cluster.Members[0], deputy = cluster.Members[1], members = cluster.Members }) }))
            .Expect(201)["clusters"].AsArray().Select(cluster => (string)cluster!["id"]!)];

    private async Task Advance(string season, string to) =>
        (await _head.PostJson($"seasons/{season}/advance", new { to, reason = "Thử" }, (await _head.GetJson($"seasons/{season}")).ETag)).Expect(200);
}
