using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ThiDua.Tests.Logs;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>The whole system as AppHost runs it: servers, services and gateway as processes of their own, over ports and data of their own.</summary>
public sealed class RunningSystem : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(4);

    private readonly TemporaryDirectory _directory;
    private readonly ChildProcess _host;
    private readonly SocketsHttpHandler _connections = new() { MaxConnectionsPerServer = 64 };

    private RunningSystem(TemporaryDirectory directory, string data, ChildProcess host, TraceReceiver traces)
    {
        _directory = directory;
        DataDirectory = data;
        _host = host;
        Traces = traces;
        AdminSecret = (string)ReadJson("secrets.json")["admin-secret"]!;
        foreach (var (_, secret) in ReadJson("secrets.json"))
        {
            SuiteLog.Canaries.Plant((string?)secret);
        }

        Gateway = new Uri((string)Describe("gateway")["url"]!);
    }

    public Uri Gateway { get; }

    /// <summary>Where all processes send their spans.</summary>
    public TraceReceiver Traces { get; }

    public string AdminSecret { get; }

    /// <summary>Where the system keeps its data, its secrets and its logs.</summary>
    public string DataDirectory { get; }

    /// <summary>Address of the broker, for tests that deliver messages themselves.</summary>
    public string BrokerAddress
    {
        get
        {
            var password = (string)ReadJson("secrets.json")["rabbitmq-password"]!;
            return $"amqp://guest:{Uri.EscapeDataString(password)}@127.0.0.1:{(int)Describe("rabbitmq")["port"]!}";
        }
    }

    /// <summary>Where Prometheus answers.</summary>
    public Uri Prometheus => new((string)Describe("prometheus")["url"]!);

    /// <summary>Where RabbitMQ is managed.</summary>
    public Uri Management => new((string)Describe("rabbitmq")["management"]!);

    /// <summary>Address of a process of the system.</summary>
    public Uri AddressOf(string name) => new((string)Describe(name)["url"]!);

    /// <summary>Process id of a process of the system.</summary>
    public int ProcessOf(string name) => (int)Describe(name)["pid"]!;

    /// <summary>Where a server of the system listens.</summary>
    public int PortOf(string name) => (int)Describe(name)["port"]!;

    /// <summary>The copies of a service that run behind the gateway, or the one process of this name.</summary>
    public IReadOnlyList<string> ReplicasOf(string name) =>
        [.. ReadJson("endpoints.json").Select(one => one.Key).Where(key => key == name || (key.StartsWith(name + '-', StringComparison.Ordinal) && int.TryParse(key[(name.Length + 1)..], CultureInfo.InvariantCulture, out _)))];

    /// <summary>The processes that have ended and were not started again.</summary>
    public IReadOnlyList<string> Ended() => [.. ReadJson("endpoints.json").Where(one => !IsAlive($"{one.Key} {(int)one.Value!["pid"]!}")).Select(one => one.Key)];

    /// <summary>How PostgreSQL's own administrator reaches a service's database.</summary>
    public string DatabaseOf(string service) =>
        $"Host=127.0.0.1;Port={(int)Describe("postgres")["port"]!};Username=postgres;Password={(string)ReadJson("secrets.json")["postgres-password"]!};Database={service}db;Pooling=false";

    /// <param name="replicas">Processes of each service behind the gateway.</param>
    /// <param name="settings">Variables that all its processes see, beside those of every test.</param>
    /// <param name="data">An empty directory for its data that somebody else removes, such as a small disk of its own.</param>
    public static async Task<RunningSystem> StartAsync(int replicas, IReadOnlyDictionary<string, string>? settings = null, string? data = null)
    {
        var directory = TemporaryDirectory.Create("thidua-system-");
        data ??= Path.Combine(directory.Path, "data");
        var traces = await TraceReceiver.StartAsync();
        var host = await ChildProcess.StartAsync(
            ["dotnet", Repository.Program("ThiDua.AppHost")],
            environment: new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
            {
                ["Local__RandomizePorts"] = "true",
                ["Replicas"] = replicas.ToString(CultureInfo.InvariantCulture),
                ["Local__DataDirectory"] = data,
                ["Logging__Console__FormatterName"] = "json",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = traces.Address.AbsoluteUri,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "500",

                // Keys that change hands in seconds, so that a test sees it.
                ["Identity__KeyPublishedAhead"] = "00:00:08",
                ["Identity__KeyRefresh"] = "00:00:01",
                ["Authentication__KeyRefresh"] = "00:00:02",
            },
            directory: Repository.Root);
        try
        {
            await host.WaitForLineAsync("all is healthy after", s_startLimit);
            return new RunningSystem(directory, data, host, traces);
        }
        catch
        {
            await host.DisposeAsync();
            await traces.DisposeAsync();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>SIGKILL, as when the machine's memory runs out.</summary>
    public async Task KillAsync(string name)
    {
        foreach (var replica in ReplicasOf(name))
        {
            var ended = _host.WaitForLineAsync($"{replica} ended with code", TimeSpan.FromSeconds(30), alsoEarlier: false);
            using var process = Process.GetProcessById((int)Describe(replica)["pid"]!);
            process.Kill();
            await ended;
        }
    }

    /// <summary>Starts what has ended, or ends and starts what runs.</summary>
    public async Task RestartAsync(string name)
    {
        foreach (var replica in ReplicasOf(name))
        {
            await CommandAsync($"restart {replica}", $"restarted {replica}", TimeSpan.FromMinutes(3));
        }
    }

    /// <summary>Restarts the replicas of a service, or of all, one after the other, as an operator does.</summary>
    public Task RollAsync(string name) => ChildProcess.RunAsync([Repository.PathOf("thidua"), "restart", name, "--data", DataDirectory], ct: TestContext.Current.CancellationToken);

    /// <summary>Waits until every service says that it is ready.</summary>
    public Task UntilReadyAsync() => UntilReadyAsync(answer => answer is { Status: 200 }, "everything is ready");

    /// <summary>Waits until every copy of every service says that it is ready.</summary>
    public Task UntilWholeAsync() => UntilReadyAsync(
        answer => answer is { Status: 200 } && answer["checks"].AsObject().All(check => (int)check.Value!["data"]!["ready"]! == (int)check.Value["data"]!["replicas"]!), "every copy is ready");

    /// <summary>A client without a token.</summary>
    public HttpClient Anonymous() => new(_connections, disposeHandler: false) { BaseAddress = new Uri(Gateway, "/api/v1/"), Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>A client that sends this very token.</summary>
    public HttpClient WithToken(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client with a fresh token of this account, got as any system gets one.</summary>
    public async Task<HttpClient> AsAsync(string account)
    {
        var client = Anonymous();
        using var grant = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = account, ["client_secret"] = SecretOf(account), ["scope"] = "thidua",
        });
        using var response = await client.PostAsync(new Uri("/connect/token", UriKind.Relative), grant, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"No token for {account}: {(int)response.StatusCode} {text}");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)JsonNode.Parse(text)!["access_token"]!);
        return client;
    }

    /// <summary>Registers an account for a system with these roles, and signs it in.</summary>
    public async Task<HttpClient> WithAccountAsync(string account, IReadOnlyCollection<string> roles, string? unit = null)
    {
        using var admin = await AsAsync("admin");
        (await admin.PostJson("accounts", new { accounts = new[] { AccountBody(account, roles, unit) } })).Expect(200);
        return await AsAsync(account);
    }

    public JsonObject AccountBody(string account, IReadOnlyCollection<string> roles, string? unit = null)
    {
        var body = new JsonObject { ["id"] = account, ["kind"] = "CLIENT", ["name"] = account, ["secret"] = SecretOf(account), ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]) };
        if (unit is not null)
        {
            body["unit"] = unit;
        }

        return body;
    }

    /// <summary>All lines of all logs, with the name of their file.</summary>
    public IEnumerable<(string File, string Line)> LogLines() =>
        from file in Directory.EnumerateFiles(Path.Combine(DataDirectory, "log"), "*.log")
        from line in Lines(file)
        select (Path.GetFileName(file), line);

    /// <summary>The secret that an account of a sample has: it follows from the administrator's, so that nobody has to keep it.</summary>
    public string SecretOf(string account) => account == "admin"
        ? AdminSecret
        : Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(AdminSecret), Encoding.UTF8.GetBytes($"thidua-account:{account}"))).Replace('+', '-').Replace('/', '_')[..32];

    /// <summary>The sum of a service's counter or gauge over its replicas, as Prometheus reads it; 0 when it never counted.</summary>
    public async Task<decimal> MetricAsync(string service, string name)
    {
        using var client = new HttpClient(_connections, disposeHandler: false);
        var texts = await Task.WhenAll(ReplicasOf(service).Select(replica =>
            client.GetStringAsync(new Uri(new Uri((string)Describe(replica)["url"]!), "/metrics"), TestContext.Current.CancellationToken)));
        return texts.SelectMany(text => text.Split('\n'))
            .Where(line => line.Split('{', ' ')[0] is var metric && (metric == name || metric == $"{name}_total"))
            .Sum(line => decimal.Parse(line[(line.LastIndexOf('}') is var end and >= 0 ? end + 1 : line.IndexOf(' ', StringComparison.Ordinal))..].Trim().Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        var processes = ReadJson("endpoints.json").Select(one => $"{one.Key} {(int)one.Value!["pid"]!}").ToList();
        await _host.DisposeAsync(); // killed: what it started must not outlive it
        await Eventually.AnswerAsync(() => Task.FromResult(string.Join(", ", processes.Where(IsAlive))), left => left.Length == 0, "the processes of the system have ended");
        await Traces.DisposeAsync();
        var lines = LogLines().ToList();

        _connections.Dispose();
        _directory.Dispose();
        var found = SuiteLog.Canaries.FoundIn(lines.Select(line => line.Line));
        Assert.True(found.Count == 0, $"Logs of the running system hold what they must not:\n{string.Join('\n', found.Take(20))}");
    }

    // A process that has ended and was not yet waited for has no command line any more.
    private static bool IsAlive(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process[(process.IndexOf(' ', StringComparison.Ordinal) + 1)..]}/cmdline").Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task UntilReadyAsync(Func<ApiAnswer?, bool> isReady, string what)
    {
        using var anybody = Anonymous();
        await Eventually.AnswerAsync(() => AnswerOrNoneAsync(anybody), isReady, what, TimeSpan.FromSeconds(90));
    }

    private static async Task<ApiAnswer?> AnswerOrNoneAsync(HttpClient client)
    {
        try
        {
            return await client.GetJson("/health/ready");
        }
        catch (HttpRequestException)
        {
            return null; // the gateway itself is down
        }
    }

    private async Task CommandAsync(string command, string answer, TimeSpan limit)
    {
        var done = _host.WaitForLineAsync(answer, limit, alsoEarlier: false);
        await _host.WriteLineAsync(command);
        Assert.DoesNotContain("not restarted", await done, StringComparison.Ordinal);
    }

    // Its writer has it open.
    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private JsonObject Describe(string name) => ReadJson("endpoints.json")[name]?.AsObject() ?? throw new KeyNotFoundException($"The system has no {name}.");

    private JsonObject ReadJson(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(DataDirectory, file)))!.AsObject();
}
