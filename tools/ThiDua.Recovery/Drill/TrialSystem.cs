using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ThiDua.Recovery.Drill;

/// <summary>A whole system of the drill's own, over ports of its own: AppHost and all that it starts.</summary>
internal sealed class TrialSystem : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;

    private TrialSystem(string data, Process process)
    {
        Data = data;
        _process = process;
    }

    public string Data { get; }

    public Uri Gateway => new((string)Endpoints()["gateway"]!["url"]!);

    public string AdminSecret => SystemData.ReadSecrets(Path.Combine(Data, "secrets.json"))["admin-secret"];

    /// <param name="data">Its directory, made when it is not there.</param>
    /// <param name="only">These resources alone; null: everything.</param>
    /// <param name="clock">For waiting.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<TrialSystem> StartAsync(string data, string? only, TimeProvider clock, CancellationToken ct)
    {
        File.Delete(Path.Combine(Directory.CreateDirectory(data).FullName, "endpoints.json")); // of one that was destroyed
        var environment = new Dictionary<string, string> { ["Local__DataDirectory"] = data, ["Local__RandomizePorts"] = "true", ["Gateway__Port"] = "" };
        if (only is not null)
        {
            environment["Local__Only"] = only;
        }

        var process = await Tools.StartAsync(new Tool(["dotnet", Program("ThiDua.AppHost")], Directory: Path.GetDirectoryName(Program("ThiDua.AppHost"))!, Environment: environment));
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // it has log files of its own
        var said = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var system = new TrialSystem(data, process);
        for (var started = clock.GetTimestamp(); !File.Exists(Path.Combine(data, "endpoints.json")); await Task.Delay(s_look, clock, ct))
        {
            if (process.HasExited || clock.GetElapsedTime(started) > s_startLimit)
            {
                var log = Path.Combine(data, "log", "apphost.log");
                await system.DisposeAsync();
                throw new RecoveryException($"The drill's system did not start on {data}. {await said} {(File.Exists(log) ? string.Join(" | ", (await File.ReadAllLinesAsync(log, ct)).TakeLast(5)) : "")}");
            }
        }

        return system;
    }

    /// <summary>One of our programs, as the build of this one lies beside it.</summary>
    public static string Program(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "artifacts", "bin", name, "release", $"{name}.dll");
            if (File.Exists(built))
            {
                return built;
            }
        }

        throw new RecoveryException($"{name} is not built: build the solution in Release first.");
    }

    public Task<SystemData> DataAsync(CancellationToken ct) => SystemData.RunningAsync(Data, ct);

    public async Task StopAsync(CancellationToken ct)
    {
        await Tools.RunAsync(new Tool(["kill", "-TERM", $"{_process.Id}"]), ct);
        await _process.WaitForExitAsync(ct);
    }

    /// <summary>As when the power goes: AppHost by SIGKILL, and with it all that it started.</summary>
    public async Task DestroyAsync(CancellationToken ct)
    {
        int[] all = [.. Endpoints().Select(one => (int?)one.Value?["pid"] ?? 0).Where(id => id > 0)];
        await Tools.TryAsync(new Tool(["kill", "-KILL", .. all.Select(id => $"{id}")]), ct);
        await _process.WaitForExitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private JsonObject Endpoints() => JsonNode.Parse(File.ReadAllText(Path.Combine(Data, "endpoints.json")))!.AsObject();
}
