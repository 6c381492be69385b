using System.Text;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>Every operation of the API with every role, on things that exist: what is not opened to a role is closed to it.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class AuthorizationMatrixTests(SharedSystem shared)
{
    private static readonly string[] s_ofUnits = [Roles.UnitClerk, Roles.UnitHead];

    [Fact]
    public async Task Without_a_token_nothing_answers()
    {
        var system = await shared.Running;
        using var scene = await SceneAsync(system);
        using var anybody = system.Anonymous();
        var open = new List<string>();
        foreach (var operation in await Operation.AllAsync(system))
        {
            var answer = await CallAsync(anybody, operation, scene.Things);
            if (answer.Status != 401 || answer.Code != "unauthenticated")
            {
                open.Add(answer.ToString());
            }
        }

        Nothing.In(open);
    }

    [Fact]
    public async Task A_role_reaches_what_is_opened_to_it_and_nothing_else()
    {
        var system = await shared.Running;
        using var scene = await SceneAsync(system);
        var operations = await Operation.AllAsync(system);
        var wrong = new List<string>();
        foreach (var role in Roles.All)
        {
            using var client = await system.WithAccountAsync($"matrix-{role}", [role], s_ofUnits.Contains(role) ? scene.Season.Member : null);

            // What takes something away comes last: the others shall meet it alive.
            foreach (var operation in operations.OrderBy(operation => operation.Method is "DELETE"))
            {
                var answer = await CallAsync(client, operation, scene.Things);
                var isOpen = operation.Roles!.Contains(role);
                if (answer.Status is 401 or >= 500 || (!isOpen && answer.Status is not (403 or 404)) || (answer.Status >= 400 && !answer.IsProblem))
                {
                    wrong.Add($"{role} ({(isOpen ? "open" : "closed")}): {answer}");
                }
            }
        }

        Nothing.In(wrong);
    }

    [Fact]
    public async Task The_sheet_and_the_evidence_of_another_cluster_do_not_exist_for_a_unit()
    {
        var system = await shared.Running;
        using var scene = await SceneAsync(system);
        using var stranger = await SmallSeason.CreateAsync(system);
        var client = stranger.Unit[stranger.Leader];
        var nothing = scene.Things.ToDictionary(thing => thing.Key, thing => Guid.TryParse(thing.Value, out _) ? Guid.CreateVersion7().ToString() : thing.Value, StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var operation in (await Operation.AllAsync(system)).Where(operation => operation.Path.Contains("/score-sheets/{", StringComparison.Ordinal) || operation.Path.Contains("/documents/{", StringComparison.Ordinal)))
        {
            var answer = await CallAsync(client, operation, scene.Things, "\"1\"");
            var unknown = await CallAsync(client, operation, nothing, "\"1\"");
            if (answer.Status is not (403 or 404) || (answer.Status, answer.Code) != (unknown.Status, unknown.Code))
            {
                wrong.Add($"{answer}\nbut of what does not exist: {unknown}");
            }
        }

        Nothing.In(wrong);
    }

    // Bodies that can be read, where a body that cannot is refused before anything else is looked at.
    private static object? BodyOf(Operation operation) => operation switch
    {
        { Method: "GET" or "DELETE" } => null,
        { Path: var path } when path.EndsWith("/review", StringComparison.Ordinal) || path.EndsWith("/appraise", StringComparison.Ordinal) => new { lines = Array.Empty<object>() },
        _ => "{}",
    };

    private static Task<ApiAnswer> CallAsync(HttpClient client, Operation operation, IReadOnlyDictionary<string, string> things, string? etag = null) =>
        client.CallAsync(new HttpMethod(operation.Method), operation.With(things), BodyOf(operation), etag);

    private static async Task<Scene> SceneAsync(RunningSystem system)
    {
        var season = await SmallSeason.CreateAsync(system);
        await season.BeginSelfScoringAsync();
        var member = season.Unit[season.Member];
        var sheet = await season.OpenSheetAsync(season.Member);
        var document = await SmallSeason.Known(() => member.CallAsync(
            HttpMethod.Post, $"documents?season={season.Code}&unit={season.Member}&criterion=I.1&filename={Uri.EscapeDataString("Quyết định.pdf")}", new StringContent("%PDF-1.4 minh chứng", Encoding.UTF8, "application/pdf"))); // sent again, it must be whole again
        document.Expect(201);
        (await season.Admin.PostJson("accounts", new { accounts = new[] { system.AccountBody("matrix-bystander", [Roles.Auditor]) } })).Expect(200);

        // Nominations exist only of a decided result, so they come from a season that is further on.
        using var decided = await SmallSeason.CreateAsync(system);
        await decided.PlayUntilDecidedAsync();
        await decided.AdvanceAsync("PROPOSAL");
        var nominations = (await SmallSeason.Known(() => decided.Appraiser.PostJson("nominations", new { season = decided.Code, cluster = decided.ClusterCode }))).Expect(201);

        var renamed = $"RENAMED-{decided.Code}";
        (await season.Admin.PostJson("units", new { units = new[] { new { code = renamed, name = "Đơn vị", category = "HC", level = "TINH", valid_from = "2024-01-01" } } })).Expect(200);
        var reorganisation = (await season.Admin.PostJson("reorganisations", new { kind = "RENAME", effective_on = "2025-01-01", document = "QĐ 1", predecessors = new[] { renamed }, successors = new[] { new { name = "Đơn vị mới", category = "HC", level = "TINH" } } })).Expect(201);

        return new Scene(season, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["units"] = season.Member,
            ["seasons"] = season.Code,
            ["clusters"] = season.ClusterId,
            ["reorganisations"] = (string)reorganisation["reorganisation"]["id"]!,
            ["criteria-tables"] = season.TableId,
            ["score-sheets"] = (string)sheet["id"]!,
            ["documents"] = (string)document["id"]!,
            ["rankings"] = season.ClusterId,
            ["nominations"] = (string)nominations.Json!["nominations"]!.AsArray().First()!["id"]!,
            ["government-flag-proposals"] = decided.Code,
            ["confirmation-topics"] = "TAX",
            ["accounts"] = "matrix-bystander",
            ["levels"] = "TINH",
            ["levels/{from}"] = "2000-01-01",
            ["rules"] = "CLUSTER_SIZE",
            ["rules/{from}"] = "2000-01-01",
            ["legal-instruments"] = "ND-152-2025",
            ["dossiers"] = Guid.CreateVersion7().ToString(),
            ["unit-categories"] = "HC",
            ["unit-categories/{from}"] = "2000-01-01",
        });
    }

    private sealed record Scene(SmallSeason Season, IReadOnlyDictionary<string, string> Things) : IDisposable
    {
        public void Dispose() => Season.Dispose();
    }
}
