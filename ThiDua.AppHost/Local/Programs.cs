using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text;

namespace ThiDua.AppHost.Local;

/// <summary>Signals of Linux that we send.</summary>
internal enum Signal { Interrupt = 2, Kill = 9, Terminate = 15 }

/// <param name="Command">The program and its arguments.</param>
/// <param name="Directory">Where it works.</param>
/// <param name="Environment">Its variables.</param>
/// <param name="User">The user it becomes when we are root; null stays as we are.</param>
/// <param name="Inherits">Whether it also sees the variables that we see.</param>
/// <param name="Stop">What asks it to end.</param>
/// <param name="WhenOrphaned">What the kernel sends it when we are gone.</param>
internal sealed record Launch(
    IReadOnlyList<string> Command, string Directory, IReadOnlyDictionary<string, string> Environment,
    string? User = null, bool Inherits = false, Signal Stop = Signal.Terminate, Signal WhenOrphaned = Signal.Terminate);

/// <summary>A started program.</summary>
internal sealed class RunningProgram(Process process, Signal stop)
{
    public int Id { get; } = process.Id;

    /// <summary>The exit code, as soon as the process has ended: its children may hold its output open for longer.</summary>
    public required Task<int> Exited { get; init; }

    /// <summary>Completes when all that it said has been read.</summary>
    public required Task Silent { get; init; }

    public void AskToEnd() => Send(stop);
    public void Kill() => Send(Signal.Kill);

    private void Send(Signal signal)
    {
        if (!Exited.IsCompleted) _ = Programs.Kill(Id, (int)signal);
    }
}

/// <summary>
/// Starts programs so that none outlives us. Each has its own session, so that Ctrl+C reaches only this process,
/// which then stops the others in order; and each is told to end when its parent dies. That last signal goes out when
/// the thread that started the program ends, so one thread that lives as long as we do starts them all.
/// </summary>
internal sealed partial class Programs : IDisposable
{
    private static readonly TimeSpan s_gathering = TimeSpan.FromMilliseconds(40);
    private readonly BlockingCollection<Action> _work = [];

    public Programs() => new Thread(() => { foreach (var work in _work.GetConsumingEnumerable()) work(); }) { IsBackground = true, Name = "starts programs" }.Start();

    public static bool IsRoot { get; } = Environment.IsPrivilegedProcess;

    public void Dispose() => _work.CompleteAdding();

    public Task<RunningProgram> StartAsync(Launch launch, Action<string> onLine)
    {
        var started = new TaskCompletionSource<RunningProgram>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try { started.SetResult(Start(launch, onLine)); }
            catch (Exception reason) { started.SetException(reason); }
        });
        return started.Task;
    }

    /// <summary>Runs a short program to its end; what it said is the message if it fails.</summary>
    public async Task RunAsync(Launch launch)
    {
        var said = new ConcurrentQueue<string>();
        var program = await StartAsync(launch, said.Enqueue);
        await program.Silent;
        if (await program.Exited is var code and not 0) throw new StartException($"{Path.GetFileName(launch.Command[0])} ended with code {code}. {string.Join(' ', said)}");
    }

    /// <summary>Waits until no process works in the directory any more: a killed server's helpers end a moment later,
    /// and until then the next server would find the data in use.</summary>
    public static async Task UntilNobodyWorksInAsync(string directory, CancellationToken ct)
    {
        for (var tries = 0; ; tries++, await Task.Delay(50, ct))
        {
            var process = Directory.EnumerateDirectories("/proc").FirstOrDefault(WorksThere);
            if (process is null) return;
            if (tries == 400) throw new StartException($"process {Path.GetFileName(process)} still works in {directory}; end it first.");
        }

        // A zombie has no working directory: it counts as gone, as it should.
        bool WorksThere(string process)
        {
            if (!char.IsAsciiDigit(Path.GetFileName(process)[0])) return false;
            try { return File.ResolveLinkTarget($"{process}/cwd", false)?.FullName is { } cwd && (cwd == directory || cwd.StartsWith($"{directory}/", StringComparison.Ordinal)); }
            catch (Exception reason) when (reason is IOException or UnauthorizedAccessException) { return false; } // ended just now, or another user's
        }
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MakePipe(string path, int mode);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);

    private static string NameOf(Signal signal) => signal switch { Signal.Interrupt => "INT", Signal.Kill => "KILL", _ => "TERM" };

    private static RunningProgram Start(Launch launch, Action<string> onLine)
    {
        // One setpriv for both: a change of user would clear the death signal set before it.
        string[] arguments = ["/usr/bin/setpriv", $"--pdeathsig={NameOf(launch.WhenOrphaned)}",
            .. IsRoot && launch.User is { } user ? new[] { $"--reuid={user}", $"--regid={user}", "--init-groups" } : [], "--", .. launch.Command];
        var start = new ProcessStartInfo("/usr/bin/setsid", arguments) { WorkingDirectory = launch.Directory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (!launch.Inherits) start.Environment.Clear();
        // Ours alone: settings of the runner, and secrets of other resources.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("Local__", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("Parameters__", StringComparison.OrdinalIgnoreCase) || name is "ASPNETCORE_URLS" or "DOTNET_LAUNCH_PROFILE" or "THIDUA_ADMIN_SECRET").ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in launch.Environment) start.Environment[name] = value;

        var exited = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.Exited += (_, _) => exited.TrySetResult(process.ExitCode);
        process.Start();
        process.StandardInput.Close();
        return new(process, launch.Stop)
        {
            Exited = exited.Task,
            Silent = Task.WhenAll(exited.Task, ReadAsync(process.StandardOutput.BaseStream, onLine), ReadAsync(process.StandardError.BaseStream, onLine)),
        };
    }

    /// <summary>
    /// Reads line by line what a program says. It says one for each request: whoever took up each at once would be woken as often as the
    /// program itself, so they are left to gather for a moment.
    /// </summary>
    private static async Task ReadAsync(Stream said, Action<string> onLine)
    {
        var lines = PipeReader.Create(said, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        for (var ended = false; !ended;)
        {
            var read = await lines.ReadAsync();
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                onLine(Encoding.UTF8.GetString(rest.Slice(0, end)).TrimEnd('\r'));
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            ended = read.IsCompleted;
            if (ended && !rest.IsEmpty) onLine(Encoding.UTF8.GetString(rest));
            lines.AdvanceTo(ended ? rest.End : rest.Start, rest.End);
            if (!ended) await Task.Delay(s_gathering);
        }

        await lines.CompleteAsync();
    }
}
