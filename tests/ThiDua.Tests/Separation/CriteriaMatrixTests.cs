using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Scoring;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Separation;

/// <summary>
/// The row “criteria table” of the layer matrix: each act with every role of every unit, on a table for C1. A leads C1 with B as its
/// deputy, C and F are members; D leads C2 with E.
/// </summary>
public sealed class CriteriaMatrixTests(ServiceHost<ScoringDbContext> service) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    private static readonly string[] s_first = ["A", "B", "C", "F"];
    private static readonly string[] s_second = ["D", "E"];
    private static readonly string[] s_units = [.. s_first, .. s_second];

    private static readonly (string Role, string? Unit)[] s_actors =
    [
        .. Roles.All.Where(role => role is not (Roles.UnitClerk or Roles.UnitHead or Roles.Auditor)).Select(role => (role, (string?)null)),
        .. s_units.SelectMany(unit => new[] { Roles.UnitClerk, Roles.UnitHead, Roles.Appraiser, Roles.DataProvider, Roles.CouncilMember, Roles.Admin }.Select(role => (role, (string?)unit))),
        (Roles.UnitHead, null),
    ];

    private readonly List<string> _wrong = [];

    [Fact]
    public async Task Every_act_on_a_criteria_table_by_everybody()
    {
        var season = await BeginAsync("CRI");
        var asked = 0;
        var draft = (await DraftAsync(season.Appraiser, season.Code, "C1")).Expect(201);
        var address = $"criteria-tables/{draft["id"]}";
        foreach (var (role, unit) in s_actors)
        {
            using var client = service.As(role, unit);
            var cell = MatrixFile.Of("criteria", ColumnOf(role, unit));
            var ofUnit = role is Roles.UnitHead or Roles.UnitClerk;
            bool Granted(string act) => cell.Grants('W', act) && (!ofUnit || (role == Roles.UnitHead && s_first.Contains(unit)));

            Expect(cell.Grants('R', Whose.Outside), await client.GetJson(address), 200, $"{role} of {unit} reads");
            Expect(Granted("draft"), await DraftAsync(client, season.Code, "C1"), 201, $"{role} of {unit} drafts");
            Expect(Granted("draft") && !ofUnit, await DraftAsync(client, season.Code, "C1", "C2"), 201, $"{role} of {unit} drafts for both clusters");
            Expect(Granted("vote"), await client.PostJson($"{address}/votes", new { cluster = "C1", agree = true }, draft.ETag), 200, $"{role} of {unit} votes");
            Expect(Granted("comment"), await client.PostJson($"{address}/comments", new { text = $"Góp ý của {role} {unit}" }), 201, $"{role} of {unit} comments");

            // A unit that may read a table sees what is said of it when it is a member.
            Expect(cell.Grants('R', Whose.Outside) && (!ofUnit || s_first.Contains(unit)), await client.GetJson($"{address}/comments"), 200, $"{role} of {unit} reads the comments");
            if (role != Roles.AppraisalHead)
            {
                Expect(Granted("adopt"), await client.PostJson($"{address}/adopt", new { document = "QĐ 1" }, draft.ETag), 200, $"{role} of {unit} adopts");
            }

            asked++;
        }

        Expect(MatrixFile.Of("criteria", Roles.AppraisalHead).Grants('W', "adopt"), await season.Head.PostJson($"{address}/adopt", new { document = "QĐ 1" }, draft.ETag), 200, "the head adopts");
        Nothing.In(_wrong);
        Assert.Equal(s_actors.Length, asked);
    }

    [Theory] // the draft of each drafter, redrafted by everybody: only by whoever drafted it
    [InlineData("A", "RED-A")]
    [InlineData("B", "RED-B")]
    [InlineData(null, "RED-0")]
    public async Task A_draft_is_changed_by_whoever_drafted_it(string? drafter, string code)
    {
        var season = await BeginAsync(code);
        using var own = drafter is null ? service.As(Roles.Appraiser) : service.As(Roles.UnitHead, drafter);
        var draft = (await DraftAsync(own, season.Code, "C1")).Expect(201);
        Assert.Equal(drafter, (string?)draft.Json!["proposed_by"]);
        foreach (var (role, unit) in s_actors)
        {
            using var client = service.As(role, unit);
            var seen = (await season.Head.GetJson($"criteria-tables/{draft["id"]}")).Expect(200);
            var granted = drafter is null ? role is Roles.Appraiser or Roles.AppraisalHead : role == Roles.UnitHead && unit == drafter;
            Expect(granted, await RedraftAsync(client, draft, seen.ETag, "C1"), 200, $"{role} of {unit} redrafts what {drafter ?? "the agency"} drafted");
            if (drafter is not null)
            {
                Expect(false, await RedraftAsync(client, draft, (await season.Head.GetJson($"criteria-tables/{draft["id"]}")).ETag, "C1", "C2"), 200, $"{role} of {unit} redrafts it for another's cluster too");
            }
        }

        Nothing.In(_wrong);
    }

    [Fact]
    public async Task Leader_proposes_members_comment_and_vote_and_the_head_adopts()
    {
        var season = await BeginAsync("PRO");
        await service.PublishAsync(new CovenantInForce
        {
            ClusterId = season.Cluster, Season = season.Code, Cluster = "C1", AgreementBy = "MAJORITY_OF_MEMBERS", Version = 1, At = DateTimeOffset.UnixEpoch, Clauses = [new CovenantClauseInForce { Number = "2", Text = "Điều 2" }],
        });
        await service.EventuallyAsync(() => service.WithDatabaseAsync(db => db.Covenants.AnyAsync(covenant => covenant.ClusterId == season.Cluster)), "the covenant has arrived");
        using var leader = service.As(Roles.UnitHead, "A");
        using var member = service.As(Roles.UnitHead, "C");
        (await DraftAsync(leader, season.Code, "C2")).Expect(403, "not-leader");
        (await DraftAsync(leader, season.Code)).Expect(403, "not-leader"); // for no cluster at all
        (await DraftAsync(member, season.Code, "C1")).Expect(403, "not-leader");

        var draft = (await DraftAsync(leader, season.Code, "C1")).Expect(201);
        var address = $"criteria-tables/{draft["id"]}";
        (await RedraftAsync(season.Appraiser, draft, draft.ETag, "C1")).Expect(403, "not-drafter");
        (await RedraftAsync(service.As(Roles.UnitHead, "B"), draft, draft.ETag, "C1")).Expect(403, "not-drafter");
        (await member.PostJson($"{address}/comments", new { text = "Giảm điểm I.2" })).Expect(201);
        (await season.Appraiser.PostJson($"{address}/comments", new { text = "II.1 cần minh chứng" })).Expect(201);
        Assert.Equal([("MISSING_PROPERTY", "/text")], (await member.PostJson($"{address}/comments", new { text = " " })).Expect(422).Errors);
        Assert.Equal([("TOO_LONG", "/text")], (await member.PostJson($"{address}/comments", new { text = new string('a', 4001) })).Expect(422).Errors);
        (await service.As(Roles.UnitHead, "D").PostJson($"{address}/comments", new { text = "Của cụm khác" })).Expect(403, "not-member");
        (await service.As(Roles.UnitHead, "D").GetJson($"{address}/comments")).Expect(404);

        var comments = (await leader.GetJson($"{address}/comments?limit=1")).Expect(200);
        Assert.Equal(["C"], comments["items"].AsArray().Select(comment => (string?)comment!["unit"]));
        var rest = (await leader.GetJson($"{address}/comments?limit=1&cursor={Uri.EscapeDataString((string)comments["next"]!)}")).Expect(200)["items"].AsArray();
        Assert.Equal([null], rest.Select(comment => (string?)comment!["unit"]));
        var changed = (await RedraftAsync(leader, draft, draft.ETag, "C1")).Expect(200);
        Assert.Equal(2, (await member.GetJson($"{address}/comments")).Expect(200)["items"].AsArray().Count); // what was said stays said

        foreach (var unit in new[] { "A", "B", "C" })
        {
            (await service.As(Roles.UnitHead, unit).PostJson($"{address}/votes", new { cluster = "C1", agree = true }, changed.ETag)).Expect(200);
        }

        (await leader.PostJson($"{address}/adopt", new { document = "QĐ" }, changed.ETag)).Expect(403);
        (await season.Head.PostJson($"{address}/adopt", new { document = "QĐ" }, changed.ETag)).Expect(200);
        (await member.PostJson($"{address}/comments", new { text = "Muộn" })).Expect(409, "table-adopted");

        // The unit finds in the journal what was done to its proposal; the member's comment is the member's.
        Assert.NotEmpty((await leader.GetJson($"journal/scoring?subject=CriteriaTableVersion/{draft["id"]}")).Expect(200)["items"].AsArray());
        Assert.Empty((await service.As(Roles.UnitHead, "D").GetJson($"journal/scoring?subject=CriteriaTableVersion/{draft["id"]}")).Expect(200)["items"].AsArray());
    }

    private async Task<ScoringSeason> BeginAsync(string code)
    {
        var season = new ScoringSeason(service, code);
        await season.PhaseAsync("CRITERIA");
        var second = await season.ClusterAsync("C2", "D", "E", s_second);
        var first = await season.ClusterAsync("C1", "A", "B", s_first);
        await service.EventuallyAsync(
            () => service.WithDatabaseAsync(async db => await db.Seasons.AnyAsync(row => row.Code == code) && await db.Clusters.CountAsync(row => row.Id == first || row.Id == second) == 2), "the clusters have arrived");
        return season;
    }

    private static Task<ApiAnswer> DraftAsync(HttpClient client, string season, params string[] clusters) => client.PostJson("criteria-tables", Body(clusters, season));

    private static Task<ApiAnswer> RedraftAsync(HttpClient client, ApiAnswer draft, string? etag, params string[] clusters) => client.PutJson($"criteria-tables/{draft["id"]}", Body(clusters), etag);

    private static JsonObject Body(string[] clusters, string? season = null)
    {
        var body = new JsonObject
        {
            ["table"] = JsonNode.Parse(ScoringSeason.Table.Replace("\"kind\": \"MANUAL\"", "\"kind\": \"MANUAL\", \"covenant_clause\": \"2\"", StringComparison.Ordinal)),
            ["clusters"] = new JsonArray([.. clusters.Select(cluster => JsonValue.Create(cluster))]),
        };
        if (season is not null)
        {
            body["season"] = season;
        }

        return body;
    }

    private void Expect(bool granted, ApiAnswer answer, int status, string what)
    {
        if (granted ? answer.Status != status : answer.Status is not (403 or 404))
        {
            _wrong.Add($"{(granted ? "should, and cannot" : "should not, and is not told so")}: {what}: {answer}");
        }
    }

    private static string ColumnOf(string role, string? unit) => role switch
    {
        Roles.UnitHead when unit is "A" or "B" or "D" or "E" => "leader_deputy",
        Roles.UnitClerk or Roles.UnitHead => "member",
        Roles.CouncilSecretary or Roles.CouncilMember or Roles.CouncilChair => "council",
        _ => role,
    };
}
