using System.Text.Json.Nodes;
using ThiDua.Clusters.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>A service whose rules have all ended: a host of its own, because every other test reads by them.</summary>
public sealed class NoRuleTests(ServiceHost<ClustersDbContext> host) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    [Fact]
    public async Task What_is_read_by_a_rule_says_that_there_is_none_and_the_document_says_so_too()
    {
        using var head = host.As([Roles.Admin, Roles.AppraisalHead]);
        string[] members = ["RA", "RB", "RC"];
        (await head.PostJson("units", new { units = members.Append("RD").Select(code => new { code, name = $"Sở {code}", category = "HC", level = "TINH", valid_from = "2020-01-01" }) })).Expect(200);
        (await head.PostJson("seasons", new { code = "R", type = "CALENDAR_YEAR", year = 2026 })).Expect(201);
        var formed = (await head.PostJson("clusters", new { season = "R", clusters = new[] { new { code = "RK", name = "Khối", kind = "KHOI", leader = "RA", deputy = "RB", members } } })).Expect(201);
        var proposal = (await head.PostJson("cluster-proposals", new { season = "R", units = new[] { "RD" } })).Expect(201);
        var obligation = (await head.GetJson("obligations?season=R")).Expect(200)["items"][0]!["id"];
        var cluster = formed["clusters"][0]!["id"];
        foreach (var rule in (await head.GetJson("rules")).Expect(200)["items"].AsArray())
        {
            var address = $"rules/{rule!["code"]}/{rule["valid_from"]}";
            var ended = new { label = rule["label"], value = rule["value"], valid_to = "2025-12-31", basis = rule["basis"] };
            (await head.PutJson(address, ended, (await head.GetJson(address)).ETag)).Expect(200);
        }

        var document = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathOf("tests", "ThiDua.Tests", "Approved", "openapi.approved.json"), TestContext.Current.CancellationToken))!;
        foreach (var (address, path) in new[]
        {
            ("clusters/similarity?season=R", "clusters/similarity"),
            ($"clusters/{cluster}/similarity", "clusters/{id}/similarity"),
            ($"clusters/{cluster}/leadership", "clusters/{id}/leadership"),
            ($"cluster-proposals/{proposal["id"]}", "cluster-proposals/{id}"),
            ("province-overview?season=R", "province-overview"),
            ("obligations?season=R", "obligations"),
            ($"obligations/{obligation}", "obligations/{id}"),
        })
        {
            (await head.GetJson(address)).Expect(409, "no-rule");
            Assert.True(document["paths"]![$"/api/v1/{path}"]!["get"]!["responses"]!.AsObject().ContainsKey("409"), path);
        }
    }
}
