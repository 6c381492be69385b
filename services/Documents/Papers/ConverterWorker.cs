using System.Collections.Concurrent;
using System.Diagnostics;

namespace ThiDua.Documents.Papers;

/// <summary>
/// One LibreOffice with a profile of its own, kept running, and the small program that speaks with it. Neither outlives this service: LibreOffice
/// is killed by the kernel when the thread that started it ends, so one thread that lives as long as we do starts them all; the program beside
/// it sees its input end, and takes the worker's directory with it.
/// </summary>
internal sealed class ConverterWorker : IAsyncDisposable
{
    // LibreOffice ends with this when it has set up a new profile and wants to be started again.
    private const int StartAgain = 81;

    // Of the 107 characters that the path of a socket may have, LibreOffice's own name takes up to this much.
    private const int LongestSocketDirectory = 107 - 60;

    // A new profile on a busy machine takes many times what a conversion does.
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    private static readonly BlockingCollection<Action> s_starts = StartsOnOneThread();
    private static readonly string s_script = ReadScript();
    private static int s_count;

    private readonly ConverterSettings _settings;
    private readonly string _directory;
    private readonly string _pipe;
    private readonly TaskCompletionSource _officeEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _office;
    private Process? _speaker;
    private volatile bool _isEnding;

    private ConverterWorker(ConverterSettings settings)
    {
        _settings = settings;
        var parent = settings.Directory.Length > 0 ? settings.Directory : Path.GetTempPath();
        Directory.CreateDirectory(parent);
        _pipe = $"pdf-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}-{Path.GetRandomFileName()[..8]}";
        _directory = Path.Combine(parent, _pipe);
        Directory.CreateDirectory(_directory);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public int Conversions { get; private set; }

    /// <summary>The program itself: the script before it starts it as a child of a child, which would outlive its parent.</summary>
    public static string? OfficeProgram(ConverterSettings settings)
    {
        if (!File.Exists(settings.Office))
        {
            return null;
        }

        var script = File.ResolveLinkTarget(settings.Office, returnFinalTarget: true)?.FullName ?? settings.Office;
        var program = Path.Combine(Path.GetDirectoryName(script)!, "soffice.bin");
        return File.Exists(program) ? program : null;
    }

    /// <exception cref="IOException">It did not start.</exception>
    /// <exception cref="TimeoutException">It did not start in time.</exception>
    public static async Task<ConverterWorker> StartAsync(ConverterSettings settings, TimeProvider clock, CancellationToken ct)
    {
        var worker = new ConverterWorker(settings);
        try
        {
            await worker.StartAsync(clock, ct);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>The PDF of a docx, or null and why LibreOffice could not make one.</summary>
    /// <exception cref="IOException">The worker ended meanwhile.</exception>
    /// <exception cref="TimeoutException">It took too long. After any exception the worker is of no more use.</exception>
    public async Task<(byte[]? Pdf, string Answer)> ConvertAsync(byte[] docx, TimeProvider clock, CancellationToken ct)
    {
        Conversions++;
        var source = Path.Combine(_directory, $"{Conversions}.docx");
        var target = Path.Combine(_directory, $"{Conversions}.pdf");
        await File.WriteAllBytesAsync(source, docx, ct);
        await _speaker!.StandardInput.WriteLineAsync($"{source}\t{target}".AsMemory(), ct);
        await _speaker.StandardInput.FlushAsync(ct);
        var answer = await NextLineAsync(TimeSpan.FromSeconds(_settings.TimeLimit), clock, ct);
        var pdf = answer == "done" ? await File.ReadAllBytesAsync(target, ct) : null;
        File.Delete(source);
        File.Delete(target);
        return (pdf, answer);
    }

    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        foreach (var process in new[] { _office, _speaker })
        {
            if (process is null)
            {
                continue;
            }

            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // it has ended by itself
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        try
        {
            Directory.Delete(_directory, recursive: true);
        }
        catch (IOException)
        {
            // gone already, or a helper of LibreOffice still closes a file in it
        }
    }

    private async Task StartAsync(TimeProvider clock, CancellationToken ct)
    {
        await OnStarterAsync(StartOffice);
        await OnStarterAsync(() => _speaker = Start(_settings.Python, ["-I", "-c", s_script, _pipe, _directory], deathSignal: null));
        _speaker!.BeginErrorReadLine();
        if (await NextLineAsync(s_startLimit, clock, ct) is not "ready")
        {
            throw new IOException("LibreOffice did not answer.");
        }
    }

    private void StartOffice()
    {
        _office = Start(
            OfficeProgram(_settings) ?? throw new IOException("LibreOffice is gone."),
            [$"-env:UserInstallation=file://{_directory}/profile", "--headless", "--norestore", "--nologo", "--nodefault", $"--accept=pipe,name={_pipe};urp"],
            deathSignal: "KILL");
        _office.BeginErrorReadLine();
        _office.BeginOutputReadLine();
        var started = _office;
        started.EnableRaisingEvents = true;
        started.Exited += (_, _) =>
        {
            if (!_isEnding && started.ExitCode == StartAgain)
            {
                s_starts.Add(() =>
                {
                    if (!_isEnding)
                    {
                        StartOffice();
                    }
                });
            }
            else
            {
                _officeEnded.TrySetResult();
            }
        };
    }

    private async Task<string> NextLineAsync(TimeSpan limit, TimeProvider clock, CancellationToken ct)
    {
        var line = _speaker!.StandardOutput.ReadLineAsync(ct).AsTask();
        if (await Task.WhenAny(line, _officeEnded.Task).WaitAsync(limit, clock, ct) == _officeEnded.Task && !line.IsCompletedSuccessfully)
        {
            throw new IOException("LibreOffice has ended.");
        }

        return await line ?? throw new IOException("The worker has ended.");
    }

    private Process Start(string program, IReadOnlyList<string> arguments, string? deathSignal)
    {
        string[] command = deathSignal is null ? ["setsid", program, .. arguments] : ["setsid", "setpriv", $"--pdeathsig={deathSignal}", program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = _directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Nothing of ours: what LibreOffice reads is not ours either. Its locale decides nothing but messages.
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["HOME"] = _directory;
        start.Environment["TMPDIR"] = _directory;
        if (_directory.Length <= LongestSocketDirectory)
        {
            start.Environment["OSL_SOCKET_PATH"] = _directory; // or its sockets stay in /tmp when it is killed
        }

        start.Environment["LANG"] = "C.UTF-8";
        return Process.Start(start) ?? throw new IOException($"{program} did not start.");
    }

    private static Task OnStarterAsync(Action start)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        s_starts.Add(() =>
        {
            try
            {
                start();
                started.SetResult();
            }
#pragma warning disable CA1031 // whatever went wrong is thrown to whoever awaits the start
            catch (Exception reason)
#pragma warning restore CA1031
            {
                started.SetException(reason);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> StartsOnOneThread()
    {
        var starts = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "starts LibreOffice" }.Start();
        return starts;
    }

    private static string ReadScript()
    {
        using var file = typeof(ConverterWorker).Assembly.GetManifestResourceStream("converter.py") ?? throw new InvalidOperationException("converter.py is not in the assembly.");
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
