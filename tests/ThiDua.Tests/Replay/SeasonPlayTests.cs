using System.Net;
using System.Text.Json.Nodes;
using ThiDua.Replay;
using ThiDua.Replay.Gateway;
using ThiDua.Replay.Play;
using ThiDua.Replay.SeasonFiles;

namespace ThiDua.Tests.Replay;

/// <summary>Who does what, and in which order, told by the requests that reach a gateway which grants everything.</summary>
public sealed class SeasonPlayTests
{
    private readonly SeasonFile _file = SeasonFileCheck.Check(PlantedSeason.Plant(PlantedSeason.Mixed, _ => { })).File!;
    private readonly JsonNode _expected = JsonNode.Parse(File.ReadAllText(PlantedSeason.PathOf("05-mixed-province.expected.json")))!;
    private string _phase = "SETUP";
    private string? _heldCluster;

    [Fact]
    public async Task A_season_is_played_in_the_order_of_its_year_and_read_back()
    {
        using var gateway = new FakeGateway(Grant);

        var (result, refused) = await PlayAsync(gateway);

        Assert.Empty(refused);
        Assert.Null(SeasonResult.FirstDifference(_expected, result));
        Assert.Equal(["CRITERIA", "SELF_SCORING", "CLUSTER_REVIEW", "APPRAISAL", "PROPOSAL", "COUNCIL"], Bodies(gateway, "/advance").Select(body => (string)body["to"]!));
        Assert.All(gateway.Requests.Where(asked => asked.IfMatch is null && asked.Request.StartsWith("PUT", StringComparison.Ordinal)), asked => Assert.Fail(asked.Request));
    }

    [Fact]
    public async Task Leader_and_deputy_review_every_sheet_but_their_own()
    {
        using var gateway = new FakeGateway(Grant);

        await PlayAsync(gateway);

        var reviewers = gateway.Requests.Where(asked => asked.Request.EndsWith("/review", StringComparison.Ordinal)).ToLookup(asked => asked.Request.Split('/')[^2], StringComparer.Ordinal);
        Assert.All(_file.Clusters, cluster => Assert.All(cluster.Members, member =>
        {
            string[] expected = member.Unit == cluster.Leader ? [cluster.Deputy] : member.Unit == cluster.Deputy ? [cluster.Leader] : [cluster.Leader, cluster.Deputy];
            Assert.Equal(expected.Select(unit => $"unit-{unit}"), reviewers[$"sheet-{member.Unit}"].Select(asked => asked.Actor));
        }));
    }

    [Fact]
    public async Task Changes_are_named_by_the_first_reviewer_and_confirmed_by_the_second()
    {
        using var gateway = new FakeGateway(Grant);

        await PlayAsync(gateway);

        var review = _file.Reviews.First(line => _file.Clusters.All(cluster => cluster.Leader != line.Unit && cluster.Deputy != line.Unit));
        var bodies = Bodies(gateway, $"/score-sheets/sheet-{review.Unit}/review").ToList();
        Assert.Contains(bodies[0]["lines"]!.AsArray(), line => (string)line!["criterion"]! == review.Criterion && (string)line["reason"]! == review.Reason);
        Assert.Empty(bodies[1]["lines"]!.AsArray());
    }

    [Fact]
    public async Task A_line_without_a_note_refers_to_the_file()
    {
        using var gateway = new FakeGateway(Grant);

        await PlayAsync(gateway);

        var notes = Bodies(gateway, $"/score-sheets/sheet-{_file.Cards[0].Unit}/lines").Single()["notes"]!.AsObject();
        Assert.NotEmpty(notes);
        Assert.All(notes, note => Assert.Equal("Theo hồ sơ", (string)note.Value!));
    }

    [Fact]
    public async Task Provincial_flags_are_voted_on_first()
    {
        using var gateway = new FakeGateway(Grant);

        await PlayAsync(gateway);

        var awards = Bodies(gateway, "/ballots").Select(ballot => (string)ballot["award"]!).ToList();
        Assert.Equal(_file.Votes.Count, awards.Count);
        Assert.Equal(awards.OrderByDescending(award => award, StringComparer.Ordinal), awards);
    }

    [Fact]
    public async Task A_vote_on_a_held_slot_stops_the_replay_there()
    {
        _heldCluster = _file.Votes[0].Cluster;
        using var gateway = new FakeGateway(Grant);

        var (result, refused) = await PlayAsync(gateway);

        Assert.Null(result);
        var error = Assert.Single(refused);
        Assert.Equal(("BALLOT_NOT_CANDIDATE", "/ballots/votes/0"), (error.Code, error.Path));
        Assert.DoesNotContain(gateway.Requests, asked => asked.Request.Contains("government-flag", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_code_that_is_taken_is_counted_on()
    {
        using var gateway = new FakeGateway(asked => asked.Request == "POST /api/v1/seasons" && JsonNode.Parse(asked.Body)!["code"]!.GetValue<string>() != "2024-3"
            ? FakeGateway.Problem(HttpStatusCode.Conflict, "season-exists")
            : Grant(asked));

        var (result, _) = await PlayAsync(gateway);

        Assert.Equal(["2024", "2024-2", "2024-3"], Bodies(gateway, "/seasons").Select(season => (string)season["code"]!));
        Assert.Equal("2024", (string)result!["season"]!);
        Assert.All(Bodies(gateway, "/score-sheets"), sheet => Assert.Equal("2024-3", (string)sheet["season"]!));
    }

    [Fact]
    public async Task A_code_that_was_asked_for_is_not_replaced()
    {
        using var gateway = new FakeGateway(asked => asked.Request == "POST /api/v1/seasons" ? FakeGateway.Problem(HttpStatusCode.Conflict, "season-exists") : Grant(asked));

        var refused = await Assert.ThrowsAsync<RefusedException>(() => PlayAsync(gateway, "2030"));

        Assert.Equal("season-exists", refused.Code);
    }

    private async Task<(JsonObject? Result, IReadOnlyList<ThiDua.ServiceDefaults.Violation> Refused)> PlayAsync(FakeGateway gateway, string? seasonCode = null)
    {
        using var cast = new Cast(new SampleAccounts("secret"));
        return await SeasonPlay.PlayAsync(_file, cast, gateway.Client(), new Progress(TextWriter.Null, TimeProvider.System), TimeProvider.System, seasonCode, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<JsonNode> Bodies(FakeGateway gateway, string ending) =>
        gateway.Requests.Where(asked => !asked.Request.StartsWith("GET", StringComparison.Ordinal) && asked.Request.EndsWith(ending, StringComparison.Ordinal)).Select(asked => JsonNode.Parse(asked.Body)!);

    private HttpResponseMessage Grant(FakeGateway.Asked asked)
    {
        var body = asked.Body.Length == 0 ? null : JsonNode.Parse(asked.Body);
        var path = asked.Request.Split(' ')[1].Split('?')[0]["/api/v1/".Length..].Split('/');
        if (path[^1] == "advance")
        {
            _phase = (string)body!["to"]!;
        }

        JsonNode answer = (path, body) switch
        {
            (["seasons"], _) => Season((string)body!["code"]!),
            (["seasons", var code, ..], _) => Season(code),
            (["unit-categories" or "levels"], null) => Items(["HC", "TINH", "XA"], code => new JsonObject { ["code"] = code, ["valid_from"] = "2000-01-01", ["valid_to"] = null }),
            (["clusters"], _) => new JsonObject { ["clusters"] = new JsonArray([.. body!["clusters"]!.AsArray().Select(cluster => new JsonObject { ["id"] = $"id-{cluster!["code"]}", ["code"] = (string)cluster["code"]! })]) },
            (["criteria-tables"], _) => new JsonObject { ["id"] = "draft" },
            (["score-sheets"], _) => new JsonObject { ["id"] = $"sheet-{body!["unit"]}" },
            (["rankings", var id], null) => _expected["clusters"]!.AsArray().Single(cluster => $"id-{cluster!["code"]}" == id)!.DeepClone(),
            (["nominations"], null) => new JsonObject { ["items"] = _expected["nominations"]!.DeepClone(), ["next"] = null },
            (["government-flag-proposals", _], null) => _expected["government_flag"]!.DeepClone(),
            (["rotation-signals"], null) => new JsonObject { ["rotation"] = _expected["rotation"]!.DeepClone() },
            _ => new JsonObject(),
        };
        return path is ["ballots"] && (string)body!["cluster"]! == _heldCluster && (string)body["award"]! == "PROVINCIAL_FLAG"
            ? FakeGateway.Json("""{"code": "validation-failed", "errors": [{"code": "BALLOT_NOT_CANDIDATE", "path": "/cluster", "message": "Chưa xét."}]}""", HttpStatusCode.UnprocessableEntity)
            : FakeGateway.Json(answer.ToJsonString(), etag: $"\"{asked.IfMatch?.Length}\"");
    }

    private JsonObject Season(string code) => new() { ["code"] = code, ["phase"] = _phase, ["first_day"] = "2024-01-01", ["last_day"] = "2024-12-31" };

    private static JsonObject Items(string[] codes, Func<string, JsonObject> make) => new() { ["items"] = new JsonArray([.. codes.Select(make)]), ["next"] = null };
}
