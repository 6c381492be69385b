using System.Text.Json.Nodes;
using ThiDua.Awards.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Awards;

/// <summary>What was loaded and what was decided here come together in the lineage of a cluster.</summary>
public sealed class RotationEndpointsTests(ServiceHost<AwardsDbContext> host) : IClassFixture<ServiceHost<AwardsDbContext>>
{
    [Fact]
    public async Task Optional_facts_feed_the_further_signals_and_leave_level_and_signals_alone()
    {
        var season = new AwardSeason(host, "ROT");
        await season.PlayToNominationsAsync("R1", "A 128", "B 120", "C 110", "D 100");
        object Entry(int year, string winner, bool more) => more
            ? new { year, cluster = "R1", winner, leader = "A", margin = "0.5", maximum = 100, figures_leader = "A", ranks = JsonNode.Parse("""{"A": 2, "B": 3, "C": 1, "D": 4}""") }
            : new { year, cluster = "R1", winner, leader = "A" };
        object[] Entries(bool more) => [Entry(2020, "A", more), Entry(2021, "B", more), Entry(2022, "A", more), Entry(2023, "C", more)];
        (await season.Appraiser.PostJson("award-history", new { season = "ROT", entries = Entries(false) })).Expect(200);
        var plain = await ClusterAsync("ROT", "R1");

        (await season.Appraiser.PostJson("award-history", new { season = "ROT", entries = Entries(true), reason = "Bổ sung khoảng cách và số liệu tự khai" })).Expect(200);
        var fed = await ClusterAsync("ROT", "R1");

        Assert.Equal((plain["level"]!.ToJsonString(), plain["signals"]!.ToJsonString(), plain["explanation"]!.ToJsonString()), (fed["level"]!.ToJsonString(), fed["signals"]!.ToJsonString(), fed["explanation"]!.ToJsonString()));
        Assert.Equal(["S3 ", "S4 ", "S5 "], Further(plain)); // nothing known, nothing said; this season's own margin is one of five
        Assert.Equal(["S3 False", "S4 True", "S5 "], Further(fed)); // 4 of 5 years at most 0.5 %; three judged titles are too few
    }

    [Fact]
    public async Task Results_decided_here_are_the_lineage_by_code_or_by_the_code_that_was_given()
    {
        foreach (var (code, year, cluster, lines) in new (string, int, string, string[])[]
        {
            ("LIN-1", 2021, "OLD", ["A 130 130", "B 129.9 129", "C 100 100"]),
            ("LIN-2", 2022, "NEW", ["A 120 130", "B 129 129", "C 100 100"]), // by the figures A; the changes moved it to B, which waited
            ("LIN-3", 2023, "NEW", ["A 120 130", "B 110 120", "C 129 110"]),
            ("LIN-4", 2024, "NEW", ["A 130 130", "B 129.5 129", "C 100 100"]),
        })
        {
            await new AwardSeason(host, code, year).PlayToNominationsAsync(cluster, lines);
        }

        using var head = host.As(Roles.AppraisalHead);
        var without = await ProvinceAsync("LIN-4");
        (await head.PostJson("award-history", new { season = "LIN-4", entries = new[] { new { year = 2021, cluster = "NEW", winner = "A", lineage = "OLD" } } })).Expect(200);
        var with = await ProvinceAsync("LIN-4");

        Assert.Equal(["2022: B", "2023: C", "2024: A"], without["clusters"][0]!["winners"]!.AsArray().Select(winner => (string)winner!));
        Assert.Equal(["2021: A", "2022: B", "2023: C", "2024: A"], with["clusters"][0]!["winners"]!.AsArray().Select(winner => (string)winner!));
        Assert.Equal((2, 3), ((int)with["moved_titles"], (int)with["judged_titles"]));
        Assert.Null(with.Json!["level"]); // one cluster is described
        Assert.Equal(["S3 True", "S4 False", "S5 "], Further(await ClusterAsync("LIN-4", "NEW"))); // B and C from the bottom half and back; 2 of 4 margins below 0.5 % of 150
    }

    [Fact]
    public async Task What_is_wrong_with_the_optional_facts_is_named_at_once()
    {
        var season = new AwardSeason(host, "BAD");
        await season.PlayToNominationsAsync("B1", "A 128", "B 120", "C 110");

        var answer = (await season.Appraiser.PostJson("award-history", new
        {
            season = "BAD",
            entries = new object[]
            {
                new { year = 2020, cluster = "B1", winner = "A", margin = "0.5" },
                new { year = 2021, cluster = "B1", winner = "A", margin = "-0.5", maximum = 0 },
                new { year = 2022, cluster = "B1", winner = "A", lineage = new string('x', 61), figures_leader = new string('x', 61) },
            },
        })).Expect(422);

        Assert.Equal(
            [("MISSING_PROPERTY", "/entries/0/maximum"), ("OUT_OF_RANGE", "/entries/1/maximum"), ("OUT_OF_RANGE", "/entries/1/margin"), ("TOO_LONG", "/entries/2/figures_leader"), ("TOO_LONG", "/entries/2/lineage")],
            answer.Errors);
    }

    [Fact]
    public async Task Only_the_agency_and_the_auditor_read_them()
    {
        foreach (var role in Roles.All.Except([Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor]))
        {
            using var client = host.As(role, role is Roles.UnitClerk or Roles.UnitHead ? "A" : null);
            (await client.GetJson("rotation-signals?season=ROT")).Expect(403);
            (await client.GetJson("rotation-signals/province?season=ROT")).Expect(403);
        }
    }

    private static IEnumerable<string> Further(JsonNode cluster) => cluster["further"]!.AsArray().Select(signal => $"{signal!["signal"]} {(bool?)signal["found"]}");

    private async Task<JsonNode> ClusterAsync(string season, string cluster) =>
        (await host.As(Roles.Appraiser).GetJson($"rotation-signals?season={season}")).Expect(200)["rotation"].AsArray().Single(row => (string)row!["cluster"]! == cluster)!;

    private async Task<ApiAnswer> ProvinceAsync(string season) => (await host.As(Roles.Auditor).GetJson($"rotation-signals/province?season={season}")).Expect(200);
}
