using System.Collections.Concurrent;
using System.Diagnostics;

namespace ThiDua.Tests.Support;

/// <summary>A program that runs beside the tests and never outlives them, not even when they are killed.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int LinesKept = 2000;
    private const int LinesShown = 40;

    // The death signal follows the thread that started the program, not the process: a thread of the pool would take
    // the program with it when it retires. This one stays until the end.
    private static readonly BlockingCollection<Action> Starts = [];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly string _name;
    private readonly bool _logs;
    private event Action<string>? LineWritten;

    static ChildProcess() => new Thread(() =>
    {
        foreach (var start in Starts.GetConsumingEnumerable())
        {
            start();
        }
    })
    { IsBackground = true, Name = "starts programs" }.Start();

    private ChildProcess(string name, bool logs, ProcessStartInfo start)
    {
        _name = name;
        _logs = logs;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    /// <summary>Gets what programs log, with their names; the suite looks through it at its end.</summary>
    public static Action<string, string>? Logged { get; set; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public IReadOnlyCollection<string> Lines => _lines;

    public string Output => string.Join('\n', _lines);

    /// <summary>Only when the tests run as root is there another user to be; otherwise the program runs as ourselves.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="user">User to become when we are root: servers refuse to run as root.</param>
    /// <param name="environment">Added to our own environment, or all of it with <paramref name="onlyThisEnvironment"/>.</param>
    /// <param name="onlyThisEnvironment">Nothing of our own environment is passed on.</param>
    /// <param name="directory">Working directory.</param>
    /// <param name="deathSignal">What it gets when we are gone.</param>
    /// <param name="logs">Whether what it says is a log, which must name nobody, rather than what a person asked it for.</param>
    public static async Task<ChildProcess> StartAsync(
        IReadOnlyList<string> command,
        string? user = null,
        IEnumerable<KeyValuePair<string, string>>? environment = null,
        bool onlyThisEnvironment = false,
        string? directory = null,
        string deathSignal = "KILL",
        bool logs = true)
    {
        // One setpriv does both: a change of user in a second one would clear the death signal again.
        string[] identity = user is not null && Environment.UserName == "root" ? [$"--reuid={user}", $"--regid={user}", "--init-groups"] : [];
        var start = new ProcessStartInfo("setpriv", [$"--pdeathsig={deathSignal}", .. identity, .. command])
        {
            WorkingDirectory = directory ?? "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (onlyThisEnvironment)
        {
            start.Environment.Clear();
        }

        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(Path.GetFileName(command[0]), logs, start);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                child._process.Start();
                started.SetResult();
            }
#pragma warning disable CA1031 // whatever went wrong is thrown to whoever awaits the start
            catch (Exception reason)
#pragma warning restore CA1031
            {
                started.SetException(reason);
            }
        });
        await started.Task;
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end and fails with its output unless it ends with 0.</summary>
    public static async Task<string> RunAsync(
        IReadOnlyList<string> command, string? user = null, IEnumerable<KeyValuePair<string, string>>? environment = null, string? directory = null, CancellationToken ct = default)
    {
        await using var child = await StartAsync(command, user, environment, directory: directory, logs: false);
        child.CloseInput();
        var code = await child.WaitForExitAsync(ct);
        return code == 0 ? child.Output : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {code}:\n{child.Output}");
    }

    public void CloseInput() => _process.StandardInput.Close();

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until the program has written a line with this text; listens from the moment it is called.</summary>
    /// <param name="text">Part of the line.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="alsoEarlier">Whether a line that was written before counts.</param>
    /// <returns>The line.</returns>
    public async Task<string> WaitForLineAsync(string text, TimeSpan limit, bool alsoEarlier = true)
    {
        var written = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        void See(string line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                written.TrySetResult(line);
            }
        }

        LineWritten += See;
        foreach (var line in alsoEarlier ? _lines : [])
        {
            See(line);
        }

        var exited = _process.WaitForExitAsync();
        var first = await Task.WhenAny(written.Task, exited, Task.Delay(limit));
        LineWritten -= See;
        if (first != written.Task && !written.Task.IsCompleted)
        {
            throw new InvalidOperationException($"{_name} {(HasExited ? $"ended with {ExitCode}" : $"took longer than {limit.TotalSeconds:0} s")} without saying “{text}”; its last lines:\n{string.Join('\n', _lines.TakeLast(LinesShown))}");
        }

        return await written.Task;
    }

    public async Task<int> WaitForExitAsync(CancellationToken ct = default)
    {
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL, to this program alone.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (_logs)
        {
            Logged?.Invoke(_name, line);
        }

        _lines.Enqueue(line);
        while (_lines.Count > LinesKept && _lines.TryDequeue(out _))
        {
        }

        LineWritten?.Invoke(line);
    }
}
