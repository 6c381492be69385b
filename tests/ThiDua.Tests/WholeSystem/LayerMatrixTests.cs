using System.Text.Json.Nodes;
using CsCheck;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>P-8: no way through the API lets a role write a layer that the layer matrix does not give to it.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class LayerMatrixTests(SharedSystem shared)
{
    private const int Sequences = 6;
    private const int StepsInAPhase = 12;

    private static readonly string[] s_phases = ["SELF_SCORING", "CLUSTER_REVIEW", "APPRAISAL"];
    private static readonly string[] s_steps = ["lines", "submit", "review", "return", "explain", "appraise", "decide", "reopen"];

    // Who may act on the sheet of unit C, which neither leads its cluster (A) nor is its deputy (B). D is a member, X no member at all.
    private static readonly Dictionary<string, (string Role, char? Unit)> s_actors = new(StringComparer.Ordinal)
    {
        ["own clerk"] = (Roles.UnitClerk, 'C'),
        ["own head"] = (Roles.UnitHead, 'C'),
        ["leader's clerk"] = (Roles.UnitClerk, 'A'),
        ["leader's head"] = (Roles.UnitHead, 'A'),
        ["deputy's clerk"] = (Roles.UnitClerk, 'B'),
        ["deputy's head"] = (Roles.UnitHead, 'B'),
        ["another member's head"] = (Roles.UnitHead, 'D'),
        ["appraiser"] = (Roles.Appraiser, null),
        ["appraisal head"] = (Roles.AppraisalHead, null),
        ["data provider"] = (Roles.DataProvider, null),
        ["council secretary"] = (Roles.CouncilSecretary, null),
        ["council member"] = (Roles.CouncilMember, null),
        ["council chair"] = (Roles.CouncilChair, null),
        ["administrator"] = (Roles.Admin, null),
        ["auditor"] = (Roles.Auditor, null),
    };

    private static readonly Dictionary<string, string[]> s_mayWrite = new(StringComparer.Ordinal)
    {
        ["input"] = ["own clerk", "own head"],
        ["self"] = ["own clerk", "own head"],
        ["leader"] = ["leader's head"],
        ["deputy"] = ["deputy's head"],
        ["review"] = ["leader's head", "deputy's head"],
        ["appraisal"] = ["appraiser"],
        ["final"] = ["appraiser"],
    };

    private static readonly Dictionary<string, string[]> s_mayTake = new(StringComparer.Ordinal)
    {
        ["lines"] = ["own clerk", "own head"],
        ["submit"] = ["own head"],
        ["review"] = ["leader's head", "deputy's head"],
        ["return"] = ["leader's head", "deputy's head", "appraiser"],
        ["explain"] = ["own clerk", "own head"],
        ["appraise"] = ["appraiser"],
        ["decide"] = ["appraisal head"],
        ["reopen"] = ["appraisal head"],
    };

    [Theory]
    [InlineData("PUT /api/v1/score-sheets/{id}/lines", Roles.UnitClerk, Roles.UnitHead)]
    [InlineData("POST /api/v1/score-sheets/{id}/submit", Roles.UnitHead)]
    [InlineData("POST /api/v1/score-sheets/{id}/review", Roles.UnitHead)]
    [InlineData("POST /api/v1/score-sheets/{id}/appraise", Roles.Appraiser)]
    [InlineData("POST /api/v1/rankings/{clusterId}/decide", Roles.AppraisalHead)]
    [InlineData("POST /api/v1/rankings/{clusterId}/reopen", Roles.AppraisalHead)]
    [InlineData("POST /api/v1/published-results", Roles.Appraiser)]
    [InlineData("POST /api/v1/criteria-tables", Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead)]
    [InlineData("PUT /api/v1/criteria-tables/{id}", Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead)]
    [InlineData("POST /api/v1/criteria-tables/{id}/adopt", Roles.AppraisalHead)]
    [InlineData("POST /api/v1/exclusions", Roles.Appraiser, Roles.AppraisalHead)]
    [InlineData("POST /api/v1/ballots", Roles.CouncilSecretary)]
    public async Task The_roles_of_a_writing_operation_are_those_of_the_matrix(string operation, params string[] roles)
    {
        var described = Assert.Single(await Operation.AllAsync(await shared.Running), candidate => candidate.ToString() == operation);

        Assert.Equal(roles.Order(StringComparer.Ordinal), described.Roles?.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Whatever_is_tried_in_whatever_order_each_layer_is_written_by_its_own_roles_only()
    {
        var system = await shared.Running;
        var attempt = Gen.Select(Gen.OneOf<string>([.. s_actors.Keys]), Gen.OneOf(s_steps), Gen.Int[0, 10]);

        await Gen.Select(attempt.Array[StepsInAPhase], attempt.Array[StepsInAPhase], attempt.Array[StepsInAPhase])
            .SampleAsync(attempts => PlayAsync(system, [attempts.Item1, attempts.Item2, attempts.Item3]), iter: Sequences, threads: 1);
    }

    private static async Task PlayAsync(RunningSystem system, IReadOnlyList<(string Actor, string Step, int Points)[]> attempts)
    {
        using var season = await SmallSeason.CreateAsync(system, units: 4, criteria: 2);
        await season.BeginSelfScoringAsync();
        var unit = season.Member;
        var sheet = Guid.Parse((string)(await season.OpenSheetAsync(unit))["id"]!);
        var clients = new Dictionary<string, HttpClient>(StringComparer.Ordinal);
        foreach (var (name, (role, of)) in s_actors)
        {
            var account = of is null ? $"p8-{role}" : $"p8-{season.Code}-{role}-{of}";
            clients[name] = await system.WithAccountAsync(account, [role], of is null ? null : $"{season.Code}{of}");
        }

        try
        {
            for (var phase = 0; phase < s_phases.Length; phase++)
            {
                await season.AdvanceAsync(s_phases[phase]);
                foreach (var (actor, step, points) in attempts[phase])
                {
                    await TryAsync(season, clients, sheet, actor, step, points);
                }

                await TakeTheProperStepAsync(season, clients, sheet, s_phases[phase]);
            }
        }
        finally
        {
            foreach (var client in clients.Values)
            {
                client.Dispose();
            }
        }
    }

    /// <summary>So that the next phase has something to act on, whatever was tried in this one.</summary>
    private static async Task TakeTheProperStepAsync(SmallSeason season, Dictionary<string, HttpClient> clients, Guid sheet, string phase)
    {
        string[][] proper = phase switch
        {
            "SELF_SCORING" => [["own clerk", "lines"], ["own head", "submit"]],
            "CLUSTER_REVIEW" => [["own head", "explain"], ["leader's head", "review"], ["deputy's head", "review"]],
            _ => [["own head", "explain"], ["appraiser", "appraise"], ["appraisal head", "decide"]],
        };
        foreach (var step in proper)
        {
            await TryAsync(season, clients, sheet, step[0], step[1], 7);
        }
    }

    private static async Task TryAsync(SmallSeason season, Dictionary<string, HttpClient> clients, Guid sheet, string actor, string step, int points)
    {
        var before = (await season.Auditor.GetJson($"score-sheets/{sheet}")).Expect(200);
        var client = clients[actor];
        var said = $"{actor} tried {step} with {points} on a sheet in state {(string?)before["state"]}";

        var answer = await (step switch
        {
            "lines" => client.PutJson($"score-sheets/{sheet}/lines", season.Lines(points), before.ETag),
            "review" or "appraise" => client.PostJson($"score-sheets/{sheet}/{step}", new { lines = new[] { new { criterion = "I.1", points, reason = "Để thử" } } }, before.ETag),
            "return" => client.PostJson($"score-sheets/{sheet}/return", new { reason = "Đề nghị giải trình", criteria = new[] { "I.1" } }, before.ETag),
            "explain" => client.PostJson($"score-sheets/{sheet}/explain", new { text = "Giải trình của đơn vị" }, before.ETag),
            "submit" => client.PostJson($"score-sheets/{sheet}/submit", new { }, before.ETag),
            "decide" => client.PostJson($"rankings/{season.ClusterId}/decide", new { document = "Thông báo để thử" }),
            _ => client.PostJson($"rankings/{season.ClusterId}/reopen", new { reason = "Để thử" }),
        });

        var after = (await season.Auditor.GetJson($"score-sheets/{sheet}")).Expect(200);
        Assert.True(answer.Status < 500, $"{said}: {answer}");
        Assert.True(answer.Status >= 400 || s_mayTake[step].Contains(actor), $"{said}, which was granted: {answer}");
        Assert.True(answer.Status < 400 || before.Text == after.Text, $"{said}, which was refused and changed the sheet all the same: {after}");
        foreach (var (layer, writers) in s_mayWrite)
        {
            Assert.True(Layer(before.Json!, layer) == Layer(after.Json!, layer) || writers.Contains(actor), $"{said}, and the layer {layer} changed:\n{before}\n{after}");
        }
    }

    /// <summary>Every value of one layer with its place in the sheet.</summary>
    private static string Layer(JsonNode sheet, string layer)
    {
        var values = new List<string>();
        Collect(sheet["lines"], "", isWithin: false);
        return string.Join('\n', values.Order(StringComparer.Ordinal));

        void Collect(JsonNode? node, string path, bool isWithin)
        {
            switch (node)
            {
                case JsonObject members:
                    foreach (var (name, member) in members)
                    {
                        Collect(member, $"{path}/{name}", isWithin || name == layer);
                    }

                    break;
                case JsonArray items:
                    for (var index = 0; index < items.Count; index++)
                    {
                        Collect(items[index], $"{path}/{index}", isWithin);
                    }

                    break;
                default:
                    if (isWithin)
                    {
                        values.Add($"{path} = {node?.ToJsonString()}");
                    }

                    break;
            }
        }
    }
}
