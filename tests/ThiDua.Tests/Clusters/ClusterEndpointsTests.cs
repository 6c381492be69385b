using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ThiDua.Clusters.Data;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

public sealed class ClusterEndpointsTests(ServiceHost<ClustersDbContext> service) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    private readonly HttpClient _head = service.As(Roles.AppraisalHead);
    private readonly HttpClient _admin = service.As(Roles.Admin);

    [Fact]
    public async Task Clusters_are_formed_all_at_once_and_everybody_is_told()
    {
        await Season("F", 2026, ["F1", "F2", "F3", "F4"]);
        await using var told = await service.CollectAsync<ClusterFormed>();

        var formed = (await Form("F", Cluster("C2", ["F3", "F4"]), Cluster("C1", ["F2", "F1"]))).Expect(201);

        Assert.Equal(["C2", "C1"], formed["clusters"].AsArray().Select(cluster => (string)cluster!["code"]!));
        var listed = (await _head.GetJson("clusters?season=F")).Expect(200)["items"].AsArray();
        Assert.Equal(["C1", "C2"], listed.Select(cluster => (string)cluster!["code"]!));
        Assert.Equal(["F1", "F2"], listed[0]!["members"]!.AsArray().Select(member => (string)member!["unit"]!));
        Assert.Equal("C2", (string?)(await _head.GetJson("clusters?season=F&unit=F4")).Expect(200)["items"].AsArray().Single()!["code"]);

        var message = await told.FirstAsync(cluster => cluster.Code == "C1");
        Assert.Equal(("F", "CUM", "F2", "F1", 1), (message.Season, message.Kind, message.Leader, message.Deputy, message.Version));
        Assert.Equal([("F1", "Đơn vị F1", 40m), ("F2", "Đơn vị F2", 40m)], message.Members.Select(member => (member.Unit, member.Name, member.FemaleShare!.Value)));
    }

    [Fact]
    public async Task Everything_wrong_with_the_clusters_is_named_and_none_is_formed()
    {
        await Season("W", 2026, ["W1", "W2", "W3"]);

        var answer = (await Form("W",
            Cluster("C1", ["W1", "W2", "W9"]),
            Cluster("C1", ["W3", "W1"], deputy: "W3"),
            new { code = "C3", name = "Khối", kind = "NHOM", leader = "W3", deputy = "W8", members = (object[])["W3", 7], table = "T" })).Expect(422);

        Assert.Equal(
            [
                ("WRONG_TYPE", "/clusters/2/kind"), ("WRONG_TYPE", "/clusters/2/members/1"), ("UNKNOWN_PROPERTY", "/clusters/2/table"),
                ("UNKNOWN_UNIT", "/clusters/0/members/2"),
                ("DUPLICATE_CODE", "/clusters/1/code"), ("UNIT_IN_TWO_CLUSTERS", "/clusters/1/members/1"), ("LEADER_IS_DEPUTY", "/clusters/1/deputy"),
            ],
            answer.Errors);
        Assert.Empty((await _head.GetJson("clusters?season=W")).Expect(200)["items"].AsArray());
        Assert.Equal([("UNKNOWN_SEASON", "/season")], (await Form("NONE", Cluster("C1", ["W1", "W2"]))).Expect(422).Errors);
    }

    [Fact]
    public async Task Of_clusters_that_race_for_a_unit_one_gets_it()
    {
        await Season("R", 2026, ["R0", .. Enumerable.Range(1, 8).Select(index => $"R{index}")]);

        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(index => Form("R", Cluster($"C{index}", ["R0", $"R{index}"]))));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal([("UNIT_IN_TWO_CLUSTERS", "/clusters/0/members/0")], answer.Expect(422).Errors));
    }

    [Fact]
    public async Task The_database_itself_keeps_a_unit_in_one_cluster_a_season()
    {
        await Season("D", 2026, ["D1", "D2", "D3"]);
        (await Form("D", Cluster("C1", ["D1", "D2"]))).Expect(201);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => service.WithDatabaseAsync(db => db.Database.ExecuteSqlRawAsync(
            "insert into cluster_members (season, unit, cluster_id, name, category, level) select season, unit, cluster_id, name, category, level from cluster_members where unit = 'D1'", TestContext.Current.CancellationToken)));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
    }

    [Fact]
    public async Task A_cluster_changes_in_versions_until_units_score_themselves()
    {
        await Season("P", 2026, ["P1", "P2", "P3", "P4"]);
        (await Form("P", Cluster("C1", ["P1", "P2"]), Cluster("C2", ["P4", "P3"]))).Expect(201);
        var id = await IdOf("P", "C1");
        await using var told = await service.CollectAsync<ClusterFormed>();
        var read = (await _head.GetJson($"clusters/{id}")).Expect(200);
        var change = new { name = "Cụm một", kind = "CUM", leader = "P2", deputy = "P1", members = (string[])["P1", "P2"], reason = "Luân phiên cụm trưởng" };

        (await _head.PutJson($"clusters/{id}", change)).Expect(428);
        Assert.Equal([("UNIT_IN_TWO_CLUSTERS", "/members/2")], (await _head.PutJson($"clusters/{id}", change with { members = ["P1", "P2", "P3"] }, read.ETag)).Expect(422).Errors);
        var changed = (await _head.PutJson($"clusters/{id}", change, read.ETag)).Expect(200);
        Assert.Equal(("Cụm một", "P2", 2), ((string?)changed["name"], (string?)changed["leader"], (int)changed["version"]));
        (await _head.PutJson($"clusters/{id}", change, read.ETag)).Expect(412);
        Assert.Equal("P2", (await told.FirstAsync(cluster => cluster is { Code: "C1", Version: 2 })).Leader);

        await Advance("P", "CRITERIA");
        changed = (await _head.PutJson($"clusters/{id}", change with { members = ["P2", "P1"] }, changed.ETag)).Expect(200);
        await Advance("P", "SELF_SCORING");
        (await _head.PutJson($"clusters/{id}", change, changed.ETag)).Expect(409, "wrong-phase");
        (await _head.GetJson($"clusters/{Guid.CreateVersion7()}")).Expect(404);
    }

    [Fact]
    public async Task No_cluster_is_formed_after_setup()
    {
        await Season("L", 2026, ["L1", "L2", "L3", "L4"]);
        (await Form("L", Cluster("C1", ["L1", "L2"]))).Expect(201);
        await Advance("L", "CRITERIA");

        (await Form("L", Cluster("C2", ["L3", "L4"]))).Expect(409, "wrong-phase");
    }

    [Fact]
    public async Task A_district_of_2024_is_no_member_in_2026()
    {
        await Season("H-2024", 2024, ["H1", "H2"], "HUYEN");
        await Season("H-2026", 2026, []);

        (await Form("H-2024", Cluster("C1", ["H1", "H2"]))).Expect(201);
        Assert.Equal([("UNKNOWN_LEVEL", "/clusters/0/members/0"), ("UNKNOWN_LEVEL", "/clusters/0/members/1")], (await Form("H-2026", Cluster("C1", ["H1", "H2"]))).Expect(422).Errors);
    }

    public static TheoryData<string> SeasonFiles => [.. Directory.EnumerateFiles(Repository.PathOf("samples", "season"), "*.json").Select(file => Path.GetFileName(file)).Where(file => !file.Contains(".expected.", StringComparison.Ordinal)).Order()];

    [Theory, MemberData(nameof(SeasonFiles))]
    public async Task A_season_file_of_any_year_is_organised(string file)
    {
        var season = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathOf("samples", "season", file), TestContext.Current.CancellationToken))!;
        var year = (int)season["season"]!["year"]!;
        var units = season["units"]!.DeepClone().AsArray();
        foreach (var unit in units)
        {
            unit!["valid_from"] = $"{year}-01-01";
        }

        var clusters = season["clusters"]!.DeepClone().AsArray();
        foreach (var cluster in clusters)
        {
            cluster!.AsObject().Remove("table");
        }

        (await _admin.PostJson("units", new { units })).Expect(200);
        (await _head.PostJson("seasons", season["season"])).Expect(201);
        (await _head.PostJson("clusters", new { season = season["season"]!["code"], clusters })).Expect(201);
        await Advance((string)season["season"]!["code"]!, "CRITERIA");
    }

    private static object Cluster(string code, string[] members, string? leader = null, string? deputy = null) =>
        new { code, name = $"Cụm {code}", kind = "CUM", leader = leader ?? members[0], deputy = deputy ?? members[1], members };

    private Task<ApiAnswer> Form(string season, params object[] clusters) => _head.PostJson("clusters", new { season, clusters });

    private async Task Season(string code, int year, string[] units, string level = "TINH")
    {
        (await _admin.PostJson("units", new { units = units.Select(unit => new { code = unit, name = $"Đơn vị {unit}", category = "HC", level, valid_from = "2020-01-01", attributes = new { female_share = 40 } }) })).Expect(200);
        (await _head.PostJson("seasons", new { code, type = "CALENDAR_YEAR", year })).Expect(201);
    }

    private async Task<string> IdOf(string season, string cluster) =>
        (string)(await _head.GetJson($"clusters?season={season}")).Expect(200)["items"].AsArray().Single(item => (string?)item!["code"] == cluster)!["id"]!;

    private async Task Advance(string season, string to) =>
        (await _head.PostJson($"seasons/{season}/advance", new { to }, (await _head.GetJson($"seasons/{season}")).ETag)).Expect(200);
}
