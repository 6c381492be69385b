using System.Text.Json.Nodes;
using ThiDua.Contracts.Clusters;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>A cluster with a covenant agrees on its table before it is adopted (R-22); one without goes on as ever.</summary>
public sealed class TableVoteTests(ServiceHost<ScoringDbContext> service) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    private static readonly string s_citing = ScoringSeason.Table.Replace("\"kind\": \"MANUAL\"", "\"kind\": \"MANUAL\", \"covenant_clause\": \"2\"", StringComparison.Ordinal);

    [Fact]
    public async Task A_table_is_adopted_when_it_cites_the_covenant_and_the_majority_agrees()
    {
        var season = await BeginAsync("V1", "MAJORITY_OF_MEMBERS");
        var draft = await DraftAsync(season, ScoringSeason.Table);
        Assert.Equal([("L-11", "/table/groups/1/criteria/0/covenant_clause")], (await season.Head.PostJson($"criteria-tables/{draft["id"]}/adopt", new { }, draft.ETag)).Expect(422, "table-refused").Errors);
        Assert.True((bool)(await season.Head.GetJson($"criteria-tables/{draft["id"]}/lint")).Expect(200)["refused"]);

        var cited = (await season.Appraiser.PutJson($"criteria-tables/{draft["id"]}", new JsonObject { ["table"] = JsonNode.Parse(s_citing), ["clusters"] = new JsonArray("C1") }, draft.ETag)).Expect(200);
        var address = $"criteria-tables/{draft["id"]}";
        (await season.Unit("A").PostJson($"{address}/votes", new { cluster = "C1", agree = true }, draft.ETag)).Expect(412);
        (await season.Unit("X").PostJson($"{address}/votes", new { cluster = "C1", agree = true }, cited.ETag)).Expect(403, "not-member");
        (await service.As(Roles.UnitClerk, "A").PostJson($"{address}/votes", new { cluster = "C1", agree = true }, cited.ETag)).Expect(403);
        Assert.Equal([("UNKNOWN_CLUSTER", "/cluster")], (await season.Unit("A").PostJson($"{address}/votes", new { cluster = "C9", agree = true }, cited.ETag)).Expect(422).Errors);

        await VoteAsync(season, cited, ("A", true), ("B", true));
        var refused = (await season.Head.PostJson($"{address}/adopt", new { }, cited.ETag)).Expect(409, "cluster-not-agreed");
        Assert.Contains("C1 (2/4 đồng ý)", refused.Text, StringComparison.Ordinal); // half is no majority
        await VoteAsync(season, cited, ("C", false), ("C", true)); // changed one's mind
        var votes = (await season.Unit("D").GetJson($"{address}/votes")).Expect(200)["clusters"][0]!;
        Assert.Equal(("MAJORITY_OF_MEMBERS", 4, 3, 0, true), ((string)votes["rule"]!, (int)votes["members"]!, (int)votes["yes"]!, (int)votes["no"]!, (bool)votes["agreed"]!));
        (await season.Unit("X").GetJson($"{address}/votes")).Expect(404);
        Assert.Single((await service.As(Roles.Auditor).GetJson($"{address}/votes")).Expect(200)["clusters"].AsArray());

        (await season.Head.PostJson($"{address}/adopt", new { document = "QĐ 2" }, cited.ETag)).Expect(200);
        var adopted = await season.Head.GetJson(address);
        (await season.Unit("D").PostJson($"{address}/votes", new { cluster = "C1", agree = false }, adopted.ETag)).Expect(409, "table-adopted");
    }

    [Fact]
    public async Task Unanimity_means_every_member_and_a_changed_draft_is_voted_on_again()
    {
        var season = await BeginAsync("V2", "UNANIMOUS");
        var draft = await DraftAsync(season, s_citing);
        var address = $"criteria-tables/{draft["id"]}";
        await VoteAsync(season, draft, ("A", true), ("B", true), ("C", true));
        (await season.Head.PostJson($"{address}/adopt", new { }, draft.ETag)).Expect(409, "cluster-not-agreed");
        await VoteAsync(season, draft, ("D", true));

        var changed = (await season.Appraiser.PutJson(address, new JsonObject { ["table"] = JsonNode.Parse(s_citing.Replace("Bảng thử", "Bảng khác", StringComparison.Ordinal)), ["clusters"] = new JsonArray("C1") }, draft.ETag)).Expect(200);
        (await season.Head.PostJson($"{address}/adopt", new { }, changed.ETag)).Expect(409, "cluster-not-agreed");
        await VoteAsync(season, changed, ("A", true), ("B", true), ("C", true), ("D", true));
        (await season.Head.PostJson($"{address}/adopt", new { }, changed.ETag)).Expect(200);
    }

    [Fact]
    public async Task Signed_minutes_stand_in_for_the_vote_and_say_why()
    {
        var season = await BeginAsync("V3", "UNANIMOUS");
        var draft = await DraftAsync(season, s_citing);
        var address = $"criteria-tables/{draft["id"]}";
        Assert.Equal(
            [("MISSING_PROPERTY", "/minutes/document"), ("MISSING_REASON", "/minutes/reason")],
            (await season.Head.PostJson($"{address}/adopt", new { minutes = new { document = " " } }, draft.ETag)).Expect(422).Errors);
        (await season.Head.PostJson($"{address}/adopt", new { minutes = new { document = "BB 3/BB-K1", reason = "Họp trực tiếp, ký biên bản" } }, draft.ETag)).Expect(200);
        Assert.Equal("BB 3/BB-K1", (string)(await season.Head.GetJson($"{address}/votes")).Expect(200)["minutes_document"]!);
        var journal = (await service.As(Roles.Auditor).GetJson($"journal/scoring?subject=CriteriaTableVersion/{draft["id"]}")).Expect(200)["items"].AsArray();
        Assert.Contains(journal, row => (string?)row!["reason"] == "Họp trực tiếp, ký biên bản");
    }

    [Fact]
    public async Task An_older_covenant_that_arrives_late_changes_nothing()
    {
        var season = await BeginAsync("V4", "UNANIMOUS");
        await TellAsync(season, "MAJORITY_OF_MEMBERS", 3, "1", "2", "3");
        await TellAsync(season, "UNANIMOUS", 2, "1");
        await KnownAsync(season, 3);
        await service.EventuallyAsync(
            () => service.WithDatabaseAsync(async db => (await Journal.PageAsync(db, new PageQuery(200, null), null, null, JournalSight.Whole, TestContext.Current.CancellationToken)).Items.Count(row => row.Action == "message CovenantInForce") >= 3),
            "all three were handled");
        Assert.Equal(["1", "2", "3"], (await service.WithDatabaseAsync(db => db.Covenants.FindAsync(season.Cluster).AsTask()))!.Clauses.Keys.Order());
    }

    private async Task<ScoringSeason> BeginAsync(string code, string agreementBy)
    {
        var season = new ScoringSeason(service, code);
        await season.PhaseAsync("CRITERIA");
        await season.ClusterAsync("C1", "A", "B", "A", "B", "C", "D");
        await TellAsync(season, agreementBy, 1, "1", "2");
        await KnownAsync(season, 1);
        return season;
    }

    private Task TellAsync(ScoringSeason season, string agreementBy, int version, params string[] clauses) => service.PublishAsync(new CovenantInForce
    {
        ClusterId = season.Cluster, Season = season.Code, Cluster = "C1", AgreementBy = agreementBy, Version = version, At = DateTimeOffset.UnixEpoch,
        Clauses = [.. clauses.Select(number => new CovenantClauseInForce { Number = number, Text = $"Điều {number}" })],
    });

    private Task KnownAsync(ScoringSeason season, int version) => service.EventuallyAsync(
        () => service.WithDatabaseAsync(async db => (await db.Covenants.FindAsync(season.Cluster))?.Version == version), "the covenant has arrived");

    private static async Task<ApiAnswer> DraftAsync(ScoringSeason season, string table) => (await ScoringSeason.KnownAsync(
        () => season.Appraiser.PostJson("criteria-tables", new JsonObject { ["season"] = season.Code, ["table"] = JsonNode.Parse(table), ["clusters"] = new JsonArray("C1") }))).Expect(201);

    private static async Task VoteAsync(ScoringSeason season, ApiAnswer table, params (string Unit, bool Agree)[] votes)
    {
        foreach (var (unit, agree) in votes)
        {
            (await season.Unit(unit).PostJson($"criteria-tables/{table["id"]}/votes", new { cluster = "C1", agree, note = "Ý kiến" }, table.ETag)).Expect(200);
        }
    }
}
