using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using ThiDua.AppHost.Local;

namespace ThiDua.Tests.AppHost;

/// <summary>A small system run by the runner inside this process: real servers if asked for, pretended services.</summary>
internal sealed class TrialSystem : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Pipe _commands = new();
    private readonly StringBuilder _said = new();
    private readonly DistributedApplication _application;
    private readonly Task _running;
    private readonly int _exitCode = Environment.ExitCode;

    public TrialSystem(Action<IDistributedApplicationBuilder> describe, string? directory = null, int port = 5999, params string[] settings)
    {
        Root = directory ?? Machine.NewDirectory();
        FakeService.Lay(Path.Combine(Root, "fake"), port);
        var builder = DistributedApplication.CreateBuilder([$"--Local:DataDirectory={Data}", "--Local:RandomizePorts=true", .. settings]);
        describe(builder);
        _application = builder.Build();
        _application.Console = TextWriter.Synchronized(new StringWriter(_said));
        _application.Commands = _commands.Reader.AsStream();
        _running = Task.Run(() => _application.RunAsync(_stop.Token));
    }

    public string Root { get; }
    public string Data => Path.Combine(Root, "data");
    public string Said { get { lock (_application.Console) return _said.ToString(); } } // what a synchronized writer locks
    public string? Failure => _application.Failure;
    public IReadOnlyList<string> Events => File.Exists(Path.Combine(Root, "fake", "events")) ? File.ReadAllLines(Path.Combine(Root, "fake", "events")) : [];
    public JsonNode Endpoints => JsonNode.Parse(File.ReadAllText(Path.Combine(Data, "endpoints.json")))!;

    public async Task UntilHealthyAsync(CancellationToken ct)
    {
        await Machine.UntilAsync(() => _running.IsCompleted || File.Exists(Path.Combine(Data, "endpoints.json")), "the system is healthy", ct);
        Assert.False(_running.IsCompleted, Said);
    }

    public async Task CommandAsync(string line, string answer, CancellationToken ct)
    {
        await _commands.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), ct);
        await Machine.UntilAsync(() => Said.Contains(answer, StringComparison.Ordinal), $"'{answer}' after '{line}'", ct);
    }

    /// <summary>Until it ends by itself.</summary>
    public Task EndedAsync(CancellationToken ct) => _running.WaitAsync(TimeSpan.FromSeconds(60), ct);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Environment.ExitCode = _exitCode; // a failed trial is a passed test
        _application.Dispose();
        _stop.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}
