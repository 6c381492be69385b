using System.Diagnostics;
using System.Text.Json.Nodes;
using ThiDua.Admin;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Administration;

/// <summary>The running system, administered by its command and without SQL.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class RunningAdministrationTests(SharedSystem shared)
{
    private const string Reason = "Thử quản trị";

    [Fact]
    public async Task The_whole_system_is_frozen_and_thawed_by_one_command_that_says_what_it_did_not_reach()
    {
        var system = await shared.Running;
        using var season = await SmallSeason.CreateAsync(system);
        var unit = new { units = new[] { new { code = $"{season.Code}-Z", name = "Đơn vị", category = "HC", level = "TINH", valid_from = "2024-01-01" } } };
        try
        {
            Assert.True((bool)(await RunAsync(system, 0, "freeze", "on", Reason))!["read_only"]!);
            (await season.Admin.PostJson("units", unit)).Expect(409, "read-only");
            (await season.Appraiser.PostJson("published-results", "{}")).Expect(409, "read-only");
            (await season.Head.PostJson("exclusions", "{}")).Expect(409, "read-only");
            using var file = new StringContent("%PDF-1.4 minh chứng\n%%EOF", System.Text.Encoding.UTF8, "application/pdf");
            (await season.Unit[season.Member].CallAsync(HttpMethod.Post, $"documents?season={season.Code}&unit={season.Member}&criterion=I.1&filename=a.pdf", file)).Expect(409, "read-only");
            (await season.Auditor.GetJson($"seasons/{season.Code}")).Expect(200);
            await Eventually.AnswerAsync(() => system.MetricAsync("scoring", "thidua_frozen"), replicas => replicas == 2, "each replica's metric says so");
            using var again = await system.AsAsync("admin"); // signing in goes on
            (await again.PostJson("accounts", new { accounts = new[] { system.AccountBody("frozen-new", [Roles.Auditor]) } })).Expect(200); // and so does administration

            // Which service was not reached is said, and that it is not frozen for sure.
            await system.KillAsync("awards");
            var partly = (await season.Admin.PostJson("read-only", new { read_only = true, reason = Reason })).Expect(503, "read-only-incomplete");
            Assert.Equal([("NOT_SWITCHED", "/services/awards")], partly.Errors);
            await system.RestartAsync("awards");
            await system.UntilReadyAsync();
            (await season.Head.PostJson("exclusions", "{}")).Expect(409, "read-only"); // it outlives the process
        }
        finally
        {
            await RunAsync(system, 0, "freeze", "off", "--reason", Reason);
        }

        (await season.Admin.PostJson("units", unit)).Expect(200);
        await Eventually.AnswerAsync(() => system.MetricAsync("scoring", "thidua_frozen"), replicas => replicas == 0, "the metric says so again");
        Assert.False((bool)(await RunAsync(system, 0, "freeze"))!["read_only"]!);
        foreach (var service in new[] { "clusters", "scoring", "awards", "documents" })
        {
            var rows = (await season.Auditor.GetJson($"journal/{service}?subject=ReadOnlyState/1")).Expect(200)["items"].AsArray();
            Assert.All(rows, row => Assert.Equal(Reason, (string?)row!["reason"]));
            Assert.True(rows.Count >= 2);
        }
    }

    [Fact]
    public async Task Signing_keys_change_hands_under_traffic_and_no_request_is_refused()
    {
        var system = await shared.Running;
        using var season = await SmallSeason.CreateAsync(system);
        var before = (await RunAsync(system, 0, "keys"))!["keys"]!.AsArray();
        var rotated = (await RunAsync(system, 0, "rotate-keys", Reason))!["keys"]!.AsArray();
        Assert.Equal("WAITING", (string?)rotated[0]!["state"]);
        Assert.Equal(before.Count + 1, rotated.Count);

        var (asked, refused, clock) = (0, new List<string>(), Stopwatch.StartNew());
        string? state = null;
        var signing = clock.Elapsed;
        while (state != "SIGNING" || clock.Elapsed < signing + TimeSpan.FromSeconds(4))
        {
            using var fresh = await system.AsAsync("admin");
            foreach (var path in new[] { "units?limit=1", "criteria-tables?season=x", "councils", "retention-periods", "accounts?limit=1" })
            {
                asked++;
                foreach (var answer in new[] { await fresh.GetJson(path), await season.Admin.GetJson(path) }.Where(answer => answer.Status == 401))
                {
                    refused.Add(answer.ToString());
                }
            }

            state = (string?)(await fresh.GetJson("signing-keys")).Expect(200)["keys"][0]!["state"];
            signing = state == "SIGNING" ? signing : clock.Elapsed;
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "the new key does not take over");
        }

        Assert.Empty(refused);
        Assert.True(asked > 20);
    }

    [Fact]
    public async Task A_client_gets_a_new_secret_and_a_lock_ends()
    {
        var system = await shared.Running;
        using var client = await system.WithAccountAsync("rotated-client", [Roles.Auditor]);
        var answer = await RunAsync(system, 0, "rotate-client", "rotated-client", "--overlap", "1", Reason);
        Assert.True(((string)answer!["secret"]!).Length >= 43);
        using var still = await system.AsAsync("rotated-client");
        Assert.Null(await RunAsync(system, 0, "unlock", "rotated-client", Reason));
        await RunAsync(system, 1, "unlock", "nobody-of-this-name", Reason);
    }

    [Fact]
    public async Task A_deadline_is_moved_by_who_may_and_an_error_queue_is_looked_into()
    {
        var system = await shared.Running;
        using var season = await SmallSeason.CreateAsync(system);
        var owed = (await season.Appraiser.GetJson($"obligations?season={season.Code}")).Expect(200)["items"][0]!;
        var later = DateOnly.Parse((string)owed["due_on"]!, System.Globalization.CultureInfo.InvariantCulture).AddDays(30).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await RunAsync(system, 1, "extend", (string)owed["id"]!, later, Reason); // the administrator does not decide it
        using var head = await system.WithAccountAsync("extending-head", [Roles.AppraisalHead]);
        var moved = await RunAsync(system, 0, system.SecretOf("extending-head"), ["extend", (string)owed["id"]!, later, "Bão", "số", "3", "--as", "extending-head"]);
        Assert.Equal((later, "Bão số 3"), ((string?)moved!["due_on"], (string?)moved["extensions"]!.AsArray()[^1]!["reason"]));

        Assert.Equal(0, (int)(await RunAsync(system, 0, "errors", "awards"))!["count"]!);
        Assert.Empty((await RunAsync(system, 0, "retry-errors", "awards", "--reason", Reason))!["messages"]!.AsArray());
        await RunAsync(system, 1, "retry-errors", "awards", Guid.CreateVersion7().ToString(), Reason);
        await RunAsync(system, 1, "errors", "nowhere");
        await RunAsync(system, 2, "retry-errors", "awards");
        await RunAsync(system, 2, "dance");
        await RunAsync(system, 2, "unlock", "a", "--nonsense");
    }

    private static Task<JsonNode?> RunAsync(RunningSystem system, int code, params string[] arguments) => RunAsync(system, code, "", arguments);

    private static async Task<JsonNode?> RunAsync(RunningSystem system, int code, string input, string[] arguments)
    {
        Environment.SetEnvironmentVariable("THIDUA_ADMIN_SECRET", system.AdminSecret);
        using var reader = new StringReader(input);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var ended = await Commands.RunAsync([.. arguments, "--gateway", system.Gateway.AbsoluteUri], reader, output, error, TestContext.Current.CancellationToken);
        Assert.True(ended == code, $"{string.Join(' ', arguments)} ended with {ended}: {output} {error}");
        return code == 0 && output.ToString().StartsWith('{') ? JsonNode.Parse(output.ToString()) : null;
    }
}
