using System.Text.Json;
using System.Text.Json.Nodes;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>One run of the replay program against a running system.</summary>
public sealed class SeasonReplay : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);
    private static int s_runs;

    private readonly ChildProcess _program;
    private readonly string _result;

    private SeasonReplay(ChildProcess program, string result)
    {
        _program = program;
        _result = result;
    }

    public string Output => _program.Output;

    public static string Sample(string name) => Repository.PathOf("samples", "season", name);

    public static async Task<SeasonReplay> StartAsync(RunningSystem system, string file)
    {
        var run = Interlocked.Increment(ref s_runs);
        var result = Path.Combine(system.DataDirectory, $"replay-{run}.json");
        var program = await ChildProcess.StartAsync(
            ["dotnet", Repository.Program("ThiDua.Replay"), file, "--gateway", system.Gateway.ToString(), "--out", result, "--season-code", $"R{run:00}"],
            environment: new Dictionary<string, string> { ["THIDUA_ADMIN_SECRET"] = system.AdminSecret },
            directory: Repository.Root,
            logs: false);
        program.CloseInput();
        return new SeasonReplay(program, result);
    }

    /// <summary>Waits until the replay has come to this phase, or has ended.</summary>
    public Task UntilAsync(string phase) => _program.WaitForLineAsync($"] {phase}", s_limit);

    public async Task<int> ExitCodeAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        return await _program.WaitForExitAsync(limit.Token);
    }

    /// <summary>The result of a replay that must succeed.</summary>
    public async Task<JsonObject> ResultAsync()
    {
        var code = await ExitCodeAsync();
        Assert.True(code == 0, $"The replay ended with {code}:\n{Output}");
        return JsonNode.Parse(await File.ReadAllTextAsync(_result, TestContext.Current.CancellationToken))!.AsObject();
    }

    /// <summary>Fails at the first place where two results differ, and says where.</summary>
    public static void AssertSame(JsonNode? expected, JsonNode? actual, string path = "")
    {
        switch (expected, actual)
        {
            case (JsonObject was, JsonObject now):
                Assert.True(was.Select(member => member.Key).Order().SequenceEqual(now.Select(member => member.Key).Order()), $"{path}: expected members {string.Join(", ", was.Select(m => m.Key))}; got {string.Join(", ", now.Select(m => m.Key))}");
                foreach (var (name, value) in was)
                {
                    AssertSame(value, now[name], $"{path}/{name}");
                }

                break;
            case (JsonArray was, JsonArray now):
                for (var index = 0; index < Math.Min(was.Count, now.Count); index++)
                {
                    AssertSame(was[index], now[index], $"{path}/{index}");
                }

                Assert.True(was.Count == now.Count, $"{path}: expected {was.Count} elements, got {now.Count}");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{path}: expected {Text(expected)}, got {Text(actual)}");
                break;
        }
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private static string Text(JsonNode? node) => node?.ToJsonString(JsonSerializerOptions.Default) ?? "null";
}
