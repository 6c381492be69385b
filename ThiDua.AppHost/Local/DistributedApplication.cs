using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ThiDua.AppHost.Local;

/// <summary>The system while it runs: starts everything, each when what it waits for has happened; then stops everything.</summary>
/// <remarks>A start that fails ends the run with exit code 1. A program that ends later is reported and stays down until
/// <c>restart NAME</c> is read from standard input.</remarks>
public sealed class DistributedApplication : IDisposable
{
    private readonly ApplicationBuilder _builder;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunningSystem? _system;

    internal DistributedApplication(ApplicationBuilder builder) => _builder = builder;

    /// <summary>Where lines go; a test reads them.</summary>
    internal TextWriter Console { get; set; } = System.Console.Out;

    /// <summary>Where commands come from.</summary>
    internal Stream Commands { get; set; } = System.Console.OpenStandardInput();

    /// <summary>Why the start failed; null when it did not.</summary>
    internal string? Failure { get; private set; }

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new ApplicationBuilder(args);

    public void Run() => RunAsync().GetAwaiter().GetResult();

    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Ask);
        using var cancelled = cancellationToken.Register(() => _asked.TrySetResult());
        try
        {
            _builder.KeepOnlyWanted();
            using var claim = _builder.Data.Claim();
            using var journal = new Journal(_builder.Data.Log, Console, TimeProvider.System);
            await using var system = _system = new RunningSystem(_builder, journal, _stopping.Token);
            journal.Say("apphost", $"starting without Aspire: no containers, no dashboard. Data in {_builder.Data.Path}");
            var starting = system.StartAsync();
            await Task.WhenAny(starting, _asked.Task);
            if (starting.IsCompletedSuccessfully)
            {
                Announce(system, journal);
                var reading = ObeyAsync(system, journal);
                await _asked.Task;
                await _stopping.CancelAsync();
                await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None)); // a read of standard input cannot be cancelled
            }

            if (starting.IsFaulted) journal.Say("apphost", Failure = starting.Exception.InnerException!.Message);
            await _stopping.CancelAsync();
            await starting.ContinueWith(_ => { }, TaskScheduler.Default); // reported above, or cancelled because we were asked to end
            _builder.Data.ForgetEndpoints();
            await system.StopAsync();
        }
        catch (StartException reason)
        {
            await Console.WriteLineAsync(Failure = reason.Message);
        }

        if (Failure is not null) Environment.ExitCode = 1;
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>The first asks for an orderly end; a second Ctrl+C kills what has not ended yet.</summary>
    private void Ask(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (!_asked.TrySetResult() && signal.Signal == PosixSignal.SIGINT && _clock.ElapsedMilliseconds - _askedAt > 1000) _system?.KillAll();
        if (_askedAt == 0) _askedAt = _clock.ElapsedMilliseconds;
    }

    private long _askedAt;

    private void Announce(RunningSystem system, Journal journal)
    {
        _builder.Data.WriteEndpoints(system.Describe());
        journal.Say("apphost", $"all is healthy after {_clock.Elapsed.TotalSeconds:0.0} s");
        journal.Print("");
        foreach (var resource in _builder.Resources.Where(resource => resource is ServerResource or ProjectResource or ExecutableResource && resource.State != "finished"))
            journal.Print($"  {resource.Name,-14} {resource.State,-9} {Where(resource)}");
        journal.Print($"{Environment.NewLine}  Logs in {_builder.Data.Log}. 'restart NAME' and Enter restarts one; Ctrl+C stops everything.{Environment.NewLine}");
    }

    private static string Where(Resource resource) => resource switch
    {
        ServerResource server => $"127.0.0.1:{server.Port}  {string.Join(' ', server.Endpoints.Skip(1).Select(endpoint => $"{endpoint.Name} {server.Url(endpoint.Name)}"))}",
        _ => string.Join("  ", resource.Endpoints.Select(endpoint =>
        {
            var url = new ResourceUrlAnnotation { Url = resource.Url(endpoint.Name) };
            resource.Urls.ForEach(change => change(url));
            return url.DisplayText is null ? url.Url : $"{url.Url}  {url.DisplayText}";
        })),
    };

    private async Task ObeyAsync(RunningSystem system, Journal journal)
    {
        using var reader = new StreamReader(Commands);
        while (await reader.ReadLineAsync(_stopping.Token) is { } line) // at its end nobody commands any more; we go on
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 0) continue;
            if (words is not ["restart", var name])
            {
                journal.Say("apphost", $"'{line}' is not understood; there is: restart NAME");
                continue;
            }

            try
            {
                var seconds = await system.RestartAsync(name);
                _builder.Data.WriteEndpoints(system.Describe());
                journal.Say("apphost", $"restarted {name} in {seconds:0.0} s");
            }
            catch (StartException reason)
            {
                _builder.Data.WriteEndpoints(system.Describe());
                journal.Say("apphost", $"not restarted {name}: {reason.Message}");
            }
        }
    }
}
