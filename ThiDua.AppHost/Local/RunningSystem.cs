using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace ThiDua.AppHost.Local;

/// <summary>The resources' processes.</summary>
internal sealed class RunningSystem(ApplicationBuilder builder, Journal journal, CancellationToken stopping) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_notice = TimeSpan.FromSeconds(4); // twice what the gateway needs to see that a copy is back

    // Small heaps for many small processes on one machine; whoever sets a variable for the AppHost decides instead.
    private static readonly Dictionary<string, string> s_runtime = new() { ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "1", ["DOTNET_GCConserveMemory"] = "3", ["Logging__Console__FormatterName"] = "json" };

    private readonly Programs _programs = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Lock _lock = new();
    private readonly Dictionary<Resource, RunningProgram> _running = [];
    private readonly Dictionary<RabbitMQServerResource, RabbitMQServer> _brokers = [];
    private readonly Dictionary<RabbitMQServerResource, RunningProgram> _nameDaemons = [];
    private readonly HashSet<Resource> _restarting = [];

    public async Task StartAsync()
    {
        await builder.AllocatePortsAsync(stopping);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var starts = builder.Resources.Where(IsRun).Select(resource => Task.Run(() => StartFirstAsync(resource, failed.Token), failed.Token)).ToList();
        StartException? reason = null;
        await foreach (var start in Task.WhenEach(starts))
        {
            try { await start; }
            catch (OperationCanceledException) when (failed.IsCancellationRequested) { } // asked to end, or another failed
            catch (StartException first) when (reason is not null) { journal.Say("apphost", first.Message); }
            catch (StartException first)
            {
                reason = first;
                await failed.CancelAsync();
            }
        }

        stopping.ThrowIfCancellationRequested();
        if (reason is not null) throw reason;
    }

    /// <summary>One after the other, each when the one before it is healthy again and who sends it requests has noticed.</summary>
    /// <param name="name">A project with all its replicas; or "all": of a system with replicas, those that have some.</param>
    /// <param name="onRestarted">Told of each.</param>
    public async Task RollAsync(string name, Action<string> onRestarted)
    {
        var replicated = builder.Resources.OfType<ProjectResource>().Any(project => project.WantedReplicas > 1);
        var replicas = builder.Resources.OfType<ProjectResource>().Where(project => project.HealthPath is not null && project == project.Replicas[0])
            .Where(project => project.Name == name || (name == "all" && project.Replicas.Count > 1 == replicated)).SelectMany(project => project.Replicas).ToList();
        if (replicas.Count == 0) // a server, or a watcher
        {
            onRestarted($"{name} in {await RestartAsync(name):0.0} s");
            return;
        }

        foreach (var replica in replicas)
        {
            onRestarted($"{replica.Name} in {await RestartAsync(replica.Name):0.0} s");
            if (replica.Replicas.Count > 1) await Task.Delay(s_notice, stopping);
        }
    }

    /// <returns>How many seconds it took.</returns>
    public async Task<double> RestartAsync(string name)
    {
        var resource = builder.Resources.FirstOrDefault(resource => resource.Name == name && _running.ContainsKey(resource)) ?? throw NoSuch();
        var clock = Stopwatch.StartNew();
        _restarting.Add(resource);
        try
        {
            await EndAsync([(resource.Name, _running[resource])]);
            await LaunchAsync(resource, stopping);
        }
        finally { _restarting.Remove(resource); }
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>Services first, so that they can finish their work; then their servers; then what the servers need.</summary>
    public async Task StopAsync()
    {
        var clock = Stopwatch.StartNew();
        await EndAsync(_running.Where(pair => pair.Key is ProjectResource or ExecutableResource).Select(pair => (pair.Key.Name, pair.Value)));
        await EndAsync(_running.Where(pair => pair.Key is ServerResource).Select(pair => (pair.Key.Name, pair.Value)));
        await EndAsync(_nameDaemons.Select(pair => ($"{pair.Key.Name}-names", pair.Value)));
        journal.Say("apphost", $"stopped in {clock.Elapsed.TotalSeconds:0.0} s");
    }

    public void KillAll()
    {
        lock (_lock) foreach (var program in _running.Values.Concat(_nameDaemons.Values)) program.Kill();
    }

    public JsonObject Describe()
    {
        var all = new JsonObject { ["apphost"] = new JsonObject { ["pid"] = Environment.ProcessId } };
        lock (_lock)
        {
            foreach (var (resource, program) in _running.Where(pair => pair.Key.State != "finished"))
            {
                var one = new JsonObject { ["state"] = resource.State, ["pid"] = program.Id };
                if (resource.Endpoints.Count > 0) one["port"] = resource.Endpoints[0].AllocatedPort;
                foreach (var endpoint in resource.Endpoints.Where(endpoint => endpoint.Name != "tcp")) one[endpoint.Name == "http" ? "url" : endpoint.Name] = resource.Url(endpoint.Name);
                all[resource.Name] = one;
            }
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        KillAll(); // nothing is left to kill after an orderly stop
        await Task.WhenAll(_running.Values.Concat(_nameDaemons.Values).Select(program => program.Exited));
        _programs.Dispose();
        _http.Dispose();
    }

    private StartException NoSuch() => new($"there is none of this name; there are {string.Join(", ", _running.Keys.Select(resource => resource.Name))}");

    private static bool IsRun(Resource resource) => resource is ServerResource or ProjectResource or ExecutableResource;

    private async Task StartFirstAsync(Resource resource, CancellationToken ct)
    {
        try
        {
            foreach (var (_, happens) in resource.Waits) await happens().WaitAsync(ct);
            await LaunchAsync(resource, ct);
            if (resource.State is not "finished") journal.Say("apphost", $"{resource.Name} is {resource.State}");
            resource.Ready.TrySetResult();
        }
        catch (Exception reason) when (reason is not OperationCanceledException)
        {
            resource.State = "failed";
            // What a program said last tells most; when one that it waited for failed, that one's words.
            var source = resource.Waits.Select(wait => wait.On).FirstOrDefault(on => on.State == "failed") ?? resource;
            await Task.WhenAny(_running.TryGetValue(source, out var program) ? program.Silent : Task.CompletedTask, Task.Delay(500, CancellationToken.None));
            var said = journal.Latest(source.Name);
            var failure = $"{resource.Name} failed to start: {reason.Message}{(said.Length == 0 ? "" : $"{Environment.NewLine}Its last lines ({Path.Combine(builder.Data.Log, $"{source.Name}.log")}):{Environment.NewLine}{said}")}";
            if (resource is not ExecutableResource) throw new StartException(failure, reason);
            journal.Say("apphost", failure);
        }
    }

    private async Task LaunchAsync(Resource resource, CancellationToken ct)
    {
        resource.State = "starting";
        await (resource switch
        {
            PostgresServerResource server => LaunchAsync(server, ct),
            RabbitMQServerResource server => LaunchAsync(server, ct),
            ProjectResource project => LaunchAsync(project, ct),
            ExecutableResource executable => LaunchAsync(executable, ct),
            _ => throw new NotSupportedException(resource.GetType().Name),
        });
    }

    private async Task LaunchAsync(PostgresServerResource resource, CancellationToken ct)
    {
        var server = new PostgresServer(resource, _programs, builder);
        var program = await LaunchAsync(resource, await server.PrepareAsync(ct));
        await UntilAsync(resource, program, server.IsReadyAsync, ct);
        await server.CreateDatabasesAsync();
        foreach (var database in resource.Databases)
        {
            database.State = "healthy";
            database.Ready.TrySetResult();
        }
    }

    private async Task LaunchAsync(RabbitMQServerResource resource, CancellationToken ct)
    {
        if (!_brokers.TryGetValue(resource, out var server))
            lock (_lock) _brokers[resource] = server = new RabbitMQServer(resource, builder);
        var launch = await server.PrepareAsync(_programs, ct);
        await server.UntilGoneAsync(ct);
        if (!_nameDaemons.TryGetValue(resource, out var daemon) || daemon.Exited.IsCompleted)
        {
            daemon = await _programs.StartAsync(server.NameDaemon, line => journal.Say($"{resource.Name}-names", line));
            lock (_lock) _nameDaemons[resource] = daemon;
        }

        await UntilAsync(resource, await LaunchAsync(resource, launch), server.IsReadyAsync, ct);
    }

    private async Task LaunchAsync(ProjectResource resource, CancellationToken ct)
    {
        var environment = s_runtime.Where(pair => Environment.GetEnvironmentVariable(pair.Key) is null).ToDictionary();
        foreach (var (name, value) in resource.Environment.SelectMany(pairs => pairs())) environment[name] = value;
        foreach (var endpoint in resource.Endpoints) environment["ASPNETCORE_URLS"] = resource.Url(endpoint.Name);
        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={resource.Name}";
        var path = ((IBuiltProject)resource.Project).ProgramPath;
        if (!File.Exists(path)) throw new StartException($"{path} does not exist; build the solution first (dotnet build ThiDua.sln)");
        var program = await LaunchAsync(resource, new Launch(
            [.. path.EndsWith(".dll", StringComparison.Ordinal) ? [Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet", path] : new[] { path }, .. resource.Arguments],
            Path.GetDirectoryName(resource.Project.ProjectPath)!, environment, Inherits: true,
            WhenOrphaned: Signal.Kill)); // its servers go too, and a service that wants to tidy up in its database would wait for it for ever
        await UntilItAnswersAsync(resource, program, ct);
    }

    private async Task LaunchAsync(ExecutableResource resource, CancellationToken ct)
    {
        var environment = resource.Environment.SelectMany(pairs => pairs()).ToDictionary();
        var program = await LaunchAsync(resource, new Launch([resource.Command, .. resource.Arguments], resource.WorkingDirectory, environment, Inherits: true, WhenOrphaned: Signal.Kill));
        await UntilItAnswersAsync(resource, program, ct);
    }

    private async Task UntilItAnswersAsync(Resource resource, RunningProgram program, CancellationToken ct)
    {
        if (resource.HealthPath is not { } health) return;
        var url = new Uri(resource.Url("http") + health);
        await UntilAsync(resource, program, async ct =>
        {
            using var answer = await _http.GetAsync(url, ct);
            return answer.IsSuccessStatusCode;
        }, ct);
    }

    private async Task<RunningProgram> LaunchAsync(Resource resource, Launch launch)
    {
        var program = await _programs.StartAsync(launch, line => journal.Say(resource.Name, line));
        lock (_lock) _running[resource] = program;
        resource.State = "running";
        _ = WatchAsync();
        return program;

        async Task WatchAsync()
        {
            var code = await program.Exited;
            if (!stopping.IsCancellationRequested && !_restarting.Contains(resource))
            {
                resource.State = code == 0 ? "finished" : "failed";
                if (code == 0 && resource.HealthPath is null) journal.Say("apphost", $"{resource.Name} is finished");
                else if (resource.Ready.Task.IsCompleted) journal.Say("apphost", $"{resource.Name} ended with code {code}; 'restart {resource.Name}' starts it again");
            }

            resource.Exit.TrySetResult(code);
        }
    }

    private async Task UntilAsync(Resource resource, RunningProgram program, Func<CancellationToken, Task<bool>> isReady, CancellationToken ct)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < builder.StartTimeout; await Task.Delay(resource is ServerResource ? 100 : 250, ct))
        {
            if (program.Exited.IsCompleted) throw new StartException($"it ended with code {await program.Exited}");
            try
            {
                if (!await isReady(ct)) continue;
                resource.State = "healthy";
                return;
            }
            catch (Exception reason) when (reason is HttpRequestException or SocketException or IOException || (reason is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // not listening yet, or too slow to answer: asked again
            }
        }

        throw new StartException($"it was not healthy within {builder.StartTimeout.TotalSeconds:0} s");
    }

    private async Task EndAsync(IEnumerable<(string Name, RunningProgram Program)> programs)
    {
        var ending = programs.ToList();
        foreach (var (_, program) in ending) program.AskToEnd();
        var all = Task.WhenAll(ending.Select(pair => pair.Program.Exited));
        if (await Task.WhenAny(all, Task.Delay(s_patience, CancellationToken.None)) == all) return;
        foreach (var (name, program) in ending.Where(pair => !pair.Program.Exited.IsCompleted))
        {
            journal.Say("apphost", $"{name} did not end within {s_patience.TotalSeconds:0} s and is killed");
            program.Kill();
        }

        await all;
    }
}
