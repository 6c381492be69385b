using System.Globalization;
using Npgsql;
using ThiDua.Tests.Operations;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Storm;

/// <summary>Something that breaks under load, and its mending. Whoever recovers without hands is not helped; a process that ended is started again, as a supervisor does.</summary>
/// <param name="Name">What is done.</param>
/// <param name="DoAsync">Does it and gives the way back.</param>
/// <param name="HitsGateway">The gateway itself is hit, so that it cannot say that it cannot.</param>
/// <param name="Excuses">A refusal that is right as long as the fault lasts, although the caller did nothing wrong.</param>
public sealed record StormFault(string Name, Func<RunningSystem, Task<Func<Task>>> DoAsync, bool HitsGateway = false, Func<ApiAnswer, bool>? Excuses = null)
{
    /// <summary>What neither answers nor ends: it may last longer than the gateway waits for an answer.</summary>
    public bool MayOutlastGateway { get; private init; }

    /// <summary>What shows only after requests have come there again.</summary>
    public bool MustLast { get; private init; }

    /// <summary>RabbitMQ's log of quorum queues does not come back from a disk that was full: it runs on, and confirms nothing until it is started again.</summary>
    public bool MayStopBroker { get; private init; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Those that need nothing but the system: for every run of the suite.</summary>
    public static IReadOnlyList<StormFault> Few { get; } =
    [
        Kill("scoring"), Kill("postgres"), Kill("rabbitmq"), Kill("gateway"), Stop("scoring"), Lose("connections of scoring ended by PostgreSQL", EndSessionsAsync),
    ];

    /// <summary>All of them, for a system with two copies of each service on a disk of its own.</summary>
    public static IReadOnlyList<StormFault> All(SmallDisk disk) =>
    [
        .. Ledger.Services.Select(service => Kill(service)),
        .. Ledger.Services.Select(service => Kill($"{service}-2")),
        Kill("gateway"), Kill("postgres"), Kill("rabbitmq"),
        .. Ledger.Services.Select(service => Stop($"{service}-2")),
        Stop("scoring"), Stop("gateway"), Stop("rabbitmq"), Stop("postgres"),
        .. Ledger.Services.Select(service => Restart($"{service}-2")),
        Restart("gateway"), Restart("postgres"), Restart("rabbitmq"),
        Lose("a backend of PostgreSQL killed", KillBackendAsync),
        Lose("connections of scoring ended by PostgreSQL", EndSessionsAsync),
        new("disk full", _ => disk.FillAsync()) { MayStopBroker = true },
        Cut("postgres", "DROP"), Cut("postgres", "REJECT"), Cut("rabbitmq", "DROP"), Cut("rabbitmq", "REJECT"),
        Cut("scoring-2", "DROP"), Cut("scoring-2", "REJECT"), Cut("identity", "DROP"),
        Clock("scoring-2", 20), Clock("scoring-2", -20), Clock("scoring-2", 3 * 3600), Clock("scoring-2", -3 * 3600),
        Clock("clusters-2", 3 * 3600), Clock("documents-2", 24 * 3600),
        Clock("identity-2", 3 * 3600), // not behind: libfaketime then lets reads that are not asynchronous time out at once, and Identity reads its keys so
    ];

    private static StormFault Kill(string name) => new($"kill {name}", system => Fault.KilledAsync(system, name), name == "gateway");

    private static StormFault Restart(string name) => new(
        $"restart {name}",
        async system =>
        {
            await system.RestartAsync(name);
            return () => Task.CompletedTask;
        },
        name == "gateway");

    private static StormFault Stop(string name) => new(
        $"stop {name}",
        async system =>
        {
            // PostgreSQL's sessions are processes of their own, and each copy of a service is.
            var processes = system.ReplicasOf(name).Select(system.ProcessOf).SelectMany(process => name == "postgres" ? ChildrenOf(process).Prepend(process) : [process])
                .Select(process => process.ToString(CultureInfo.InvariantCulture)).ToList();
            await SignalAsync("STOP", processes);
            return () => SignalAsync("CONT", processes);
        },
        name == "gateway") { MayOutlastGateway = true };

    private static StormFault Lose(string name, Func<RunningSystem, Task> doAsync) => new(
        name,
        async system =>
        {
            await doAsync(system);
            return () => Task.CompletedTask;
        });

    /// <summary>Every connection to it, open or new: packets vanish (DROP) or are answered by a reset (REJECT).</summary>
    private static StormFault Cut(string name, string how) => new(
        $"cut {name}, {(how == "DROP" ? "packets vanish" : "connections reset")}",
        async system =>
        {
            var port = system.ReplicasOf(name).Select(system.PortOf).First().ToString(CultureInfo.InvariantCulture);
            string[][] rules = [.. new[] { "--dport", "--sport" }.Select(end => new[] { "INPUT", "-i", "lo", "-p", "tcp", end, port, "-m", "comment", "--comment", "thidua-storm", "-j", how }.Concat(how == "REJECT" ? ["--reject-with", "tcp-reset"] : []).ToArray())];
            foreach (var rule in rules)
            {
                await ChildProcess.RunAsync(["iptables", "-w", "-I", .. rule], ct: Cancel);
            }

            return async () =>
            {
                foreach (var rule in rules)
                {
                    await ChildProcess.RunAsync(["iptables", "-w", "-D", .. rule], ct: Cancel);
                }
            };
        }) { MayOutlastGateway = how == "DROP" };

    /// <summary>One copy goes on as a process whose clock is wrong (libfaketime); only its timers run on.</summary>
    private static StormFault Clock(string name, int seconds) => new(
        string.Create(CultureInfo.InvariantCulture, $"clock of {name} {seconds:+0;-0} s"),
        async system =>
        {
            var process = $"/proc/{system.ProcessOf(name)}";
            var command = Words($"{process}/cmdline");
            var variables = Words($"{process}/environ").Select(pair => pair.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));
            var directory = File.ResolveLinkTarget($"{process}/cwd", returnFinalTarget: false)!.FullName;
            await system.KillAsync(name);
            var skewed = await ChildProcess.StartAsync(
                command,
                environment: variables.Concat(new Dictionary<string, string>
                {
                    ["LD_PRELOAD"] = Directory.GetDirectories("/usr/lib", "*-linux-gnu").Select(library => Path.Combine(library, "faketime", "libfaketime.so.1")).Single(File.Exists),
                    ["FAKETIME"] = seconds.ToString("+0;-0", CultureInfo.InvariantCulture),
                    ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
                    ["NO_FAKE_STAT"] = "1",
                }),
                onlyThisEnvironment: true,
                directory: directory);
            using var asked = new HttpClient { BaseAddress = system.AddressOf(name), Timeout = TimeSpan.FromSeconds(5) };
            try
            {
                await Eventually.TrueAsync(() => IsReadyAsync(asked, skewed), $"{name} is ready with a wrong clock", TimeSpan.FromSeconds(90));
                await system.UntilWholeAsync(); // the gateway sends requests to it again
            }
            catch
            {
                await skewed.DisposeAsync(); // it holds the port
                throw;
            }

            return async () =>
            {
                await skewed.DisposeAsync();
                await system.RestartAsync(name);
            };
        },

        // A token that is not valid yet, or not any more, is not: the service is wrong about the time, but not about what follows.
        Excuses: answer => Math.Abs(seconds) > 30 && answer.Status == 401) { MustLast = true };

    private static async Task<bool> IsReadyAsync(HttpClient asked, ChildProcess process)
    {
        Assert.False(process.HasExited, process.Output);
        try
        {
            using var answer = await asked.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception early) when (early is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private static Task<string> SignalAsync(string signal, IReadOnlyCollection<string> processes) =>
        // One that ended meanwhile needs no signal.
        ChildProcess.RunAsync(["sh", "-c", $"for p in \"$@\"; do kill -{signal} $p 2>/dev/null; done; true", "signal", .. processes], ct: Cancel);

    private static async Task KillBackendAsync(RunningSystem system)
    {
        var process = await SessionsAsync(system, "select pid from pg_stat_activity where datname = 'scoringdb' and pid <> pg_backend_pid() order by backend_start desc limit 1");
        await SignalAsync("KILL", [process.ToString(CultureInfo.InvariantCulture)]);
    }

    private static Task EndSessionsAsync(RunningSystem system) =>
        SessionsAsync(system, "select count(pg_terminate_backend(pid))::int from pg_stat_activity where datname = 'scoringdb' and pid <> pg_backend_pid()");

    private static async Task<int> SessionsAsync(RunningSystem system, string sql)
    {
        await using var connection = new NpgsqlConnection(system.DatabaseOf("scoring"));
        await connection.OpenAsync(Cancel);
#pragma warning disable CA2100 // nothing in it comes from outside
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (int)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static string[] Words(string file) => File.ReadAllText(file).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    // "pid (name) state parent …", where the name may hold anything.
    private static IEnumerable<int> ChildrenOf(int parent) =>
        from directory in Directory.EnumerateDirectories("/proc")
        where char.IsAsciiDigit(Path.GetFileName(directory)[0])
        let about = TextOf($"{directory}/stat")
        where about[(about.LastIndexOf(')') + 1)..].Split(' ') is [_, _, var itsParent, ..] && itsParent == parent.ToString(CultureInfo.InvariantCulture)
        select int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture);

    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // ended just now
        }
    }
}
