using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ThiDua.Replay;

/// <summary>
/// A whole system of its own: the AppHost on random ports in a fresh directory. It is stopped and removed at the end, and it does
/// not outlive the process that started it however that ends.
/// </summary>
internal sealed class PrivateSystem : IAsyncDisposable
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan _stopLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);

    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const int KeptLines = 40;

    private readonly ManualResetEventSlim _ended = new();
    private readonly Queue<string> _lastLines = new();
    private readonly string _directory;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private Process? _process;

    private PrivateSystem(string directory, IReadOnlyDictionary<string, string> settings) => (_directory, _settings) = (directory, settings);

    public Uri Gateway { get; private set; } = null!;

    public string AdminSecret { get; private set; } = "";

    /// <summary>What the AppHost says of a process of the system: its address, its process id.</summary>
    public async Task<JsonObject> DescribeAsync(string name, CancellationToken ct) =>
        (await ReadAsync(Path.Combine(_directory, "endpoints.json"), ct))[name]?.AsObject() ?? throw new KeyNotFoundException($"The system has no {name}.");

    /// <param name="progress">Told of the start.</param>
    /// <param name="settings">The system's settings that are to differ from their defaults, as environment variables.</param>
    public static async Task<PrivateSystem> StartAsync(Progress progress, TimeProvider clock, CancellationToken ct, IReadOnlyDictionary<string, string>? settings = null)
    {
        var program = FindAppHost();
        var directory = Path.Combine(Path.GetTempPath(), $"thidua-{Guid.CreateVersion7():N}");
        Directory.CreateDirectory(directory);
        if (!OperatingSystem.IsWindows())
        {
            // The database server runs as a user of its own and must be able to pass through, whatever the umask says.
            File.SetUnixFileMode(directory, Passable);
        }

        var system = new PrivateSystem(directory, settings ?? new Dictionary<string, string>());
        progress.Phase("starting a private system");
        try
        {
            system._process = await system.LaunchAsync(program);
            await system.WaitUntilReadyAsync(clock, ct);
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }

        return system;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                Terminate(process.Id);
                using var limit = new CancellationTokenSource(_stopLimit);
                try
                {
                    await process.WaitForExitAsync(limit.Token);
                }
                catch (OperationCanceledException)
                {
                    process.Kill(entireProcessTree: true);
                }
            }

            process.Dispose();
        }

        _ended.Set();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>
    /// The kernel ends the AppHost when the thread that started it ends, not the process: so it is started by a thread that
    /// stays until the system is disposed of. Its own session keeps Ctrl+C from it, which is ours to answer in order.
    /// </summary>
    private async Task<Process> LaunchAsync(string program)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                started.SetResult(Start(program));
            }
            catch (Exception reason)
            {
                started.SetException(reason);
                return;
            }

            _ended.Wait();
        })
        { IsBackground = true, Name = "starts the private system" }.Start();
        return await started.Task;
    }

    private Process Start(string program)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig=TERM", "setsid", Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet", program])
        {
            WorkingDirectory = Path.GetDirectoryName(program)!,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Local__RandomizePorts"] = "true";
        start.Environment["Local__DataDirectory"] = _directory;
        start.Environment.Remove("THIDUA_PORT");
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The AppHost did not start.");
        process.StandardInput.Close();
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_lastLines)
        {
            if (line.Data is { } text)
            {
                _lastLines.Enqueue(text);
            }

            if (_lastLines.Count > KeptLines)
            {
                _lastLines.Dequeue();
            }
        }
    }

    private async Task WaitUntilReadyAsync(TimeProvider clock, CancellationToken ct)
    {
        var endpoints = Path.Combine(_directory, "endpoints.json");
        for (var started = clock.GetTimestamp(); !File.Exists(endpoints); await Task.Delay(_look, clock, ct))
        {
            if (_process!.HasExited || clock.GetElapsedTime(started) > _startLimit)
            {
                var what = _process.HasExited ? $"ended with code {_process.ExitCode}" : $"was not ready within {_startLimit.TotalSeconds} s";
                throw new InvalidOperationException($"The private system {what}. Its last lines:{Environment.NewLine}{LastLines()}");
            }
        }

        var gateway = (await ReadAsync(endpoints, ct))["gateway"]?["url"]?.GetValue<string>() ?? throw new InvalidDataException("endpoints.json does not say where the gateway is.");
        Gateway = new Uri(gateway);
        var secrets = await ReadAsync(Path.Combine(_directory, "secrets.json"), ct);
        AdminSecret = secrets["admin-secret"]?.GetValue<string>() ?? throw new InvalidDataException("secrets.json has no admin-secret.");
    }

    private static async Task<JsonObject> ReadAsync(string path, CancellationToken ct) =>
        JsonNode.Parse(await File.ReadAllTextAsync(path, ct)) as JsonObject ?? throw new JsonException($"{path} holds no JSON object.");

    private string LastLines()
    {
        lock (_lastLines)
        {
            return string.Join(Environment.NewLine, _lastLines);
        }
    }

    /// <summary>The AppHost's program, in the same build output as this one.</summary>
    private static string FindAppHost()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "artifacts", "bin");
            if (Directory.Exists(built))
            {
                var found = Directory.EnumerateDirectories(built, "ThiDua.AppHost*")
                    .Select(project => Path.Combine(project, "release", "ThiDua.AppHost.dll"))
                    .FirstOrDefault(File.Exists);
                if (found is not null)
                {
                    return found;
                }
            }
        }

        throw new FileNotFoundException("The AppHost is not built (artifacts/bin/ThiDua.AppHost/release): build the solution first, or name a running system with --gateway.");
    }

    private static void Terminate(int processId)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{processId}"]);
        kill.WaitForExit();
    }
}
