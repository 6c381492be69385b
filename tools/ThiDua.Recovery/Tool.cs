using System.Collections.Concurrent;
using System.Diagnostics;

namespace ThiDua.Recovery;

/// <summary>A program of the machine: PostgreSQL's, pgBackRest, restic.</summary>
/// <param name="Command">Program and arguments. Every user of the machine sees them: secrets go through the environment.</param>
/// <param name="User">Whom it becomes when we are root; null stays as we are.</param>
/// <param name="Directory">Where it works.</param>
/// <param name="Environment">Added to ours.</param>
internal sealed record Tool(IReadOnlyList<string> Command, string? User = null, string Directory = "/", IReadOnlyDictionary<string, string>? Environment = null);

/// <summary>What a program that has ended said.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors);

/// <summary>Starts programs so that none outlives us: a backup that is killed leaves nobody who goes on with half of it.</summary>
internal static class Tools
{
    // The kernel ends a program when the thread that started it ends: this one stays as long as we do.
    private static readonly BlockingCollection<Action> s_starts = [];

    static Tools() => new Thread(() =>
    {
        foreach (var start in s_starts.GetConsumingEnumerable())
        {
            start();
        }
    })
    { IsBackground = true, Name = "starts programs" }.Start();

    public static bool IsRoot { get; } = Environment.IsPrivilegedProcess;

    public static string Me => Environment.UserName;

    public static async Task<Process> StartAsync(Tool tool)
    {
        string[] identity = tool.User is { } user && IsRoot && user != Me ? [$"--reuid={user}", $"--regid={user}", "--init-groups"] : [];
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig=KILL", .. identity, "--", .. tool.Command])
        {
            WorkingDirectory = tool.Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in tool.Environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{tool.Command[0]} did not start."));
            }
            catch (Exception reason)
            {
                started.SetException(reason); // whoever awaits the start hears of it
            }
        });
        var process = await started.Task;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs it to its end, whatever its exit code.</summary>
    public static async Task<ToolResult> TryAsync(Tool tool, CancellationToken ct)
    {
        using var process = await StartAsync(tool);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ToolResult(process.ExitCode, await output, await errors);
    }

    /// <returns>What it wrote.</returns>
    /// <exception cref="RecoveryException">It failed, with what it said of it.</exception>
    public static async Task<string> RunAsync(Tool tool, CancellationToken ct)
    {
        var result = await TryAsync(tool, ct);
        return result.ExitCode == 0 ? result.Output : throw Failed(tool, result);
    }

    public static RecoveryException Failed(Tool tool, ToolResult result)
    {
        // pgBackRest writes a protocol; what went wrong stands in its lines ERROR and in those that go on with it.
        var lines = $"{result.Errors}\n{result.Output}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // restic names the files first that it could not write, which follows from the damage.
        var damage = lines.Where(line => line.Contains("verification failed", StringComparison.Ordinal) || line.Contains("Fatal", StringComparison.Ordinal) || line.Contains("does not exist", StringComparison.Ordinal)).Take(3).ToList();
        if (damage.Count > 0)
        {
            return new RecoveryException($"{Path.GetFileName(tool.Command[0])} ended with {result.ExitCode}: {string.Join("; ", damage)}");
        }

        var wrong = lines.SkipWhile(line => !line.Contains("ERROR", StringComparison.Ordinal)).Where(line => !line.Contains(" INFO:", StringComparison.Ordinal)).ToList();
        return new RecoveryException($"{Path.GetFileName(tool.Command[0])} ended with {result.ExitCode}: {string.Join(' ', (wrong.Count > 0 ? wrong : lines.TakeLast(8)).Take(12))}");
    }
}

/// <summary>It cannot be done, with the reason in words for an operator.</summary>
internal sealed class RecoveryException(string message, Exception? inner = null) : Exception(message, inner);
