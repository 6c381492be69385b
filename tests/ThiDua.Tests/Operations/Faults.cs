using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Operations;

/// <summary>A fault that can be done to a running system and undone again.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Alert">Which alert must tell of it.</param>
/// <param name="Labels">With which labels, as in PromQL.</param>
/// <param name="DoAsync">Does it and gives the way back; what it keeps up runs on until then.</param>
public sealed record Fault(string Name, string Alert, string Labels, Func<RunningSystem, Task<Func<Task>>> DoAsync)
{
    private const int SignIns = 40;
    private const int Connections = 85;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("sign-ins: 40 wrong secrets", "SignInFailureBurst", "", WrongSecretsAsync),
        new("killed: awards by SIGKILL", "ServiceDown", "job=\"awards\"", system => KilledAsync(system, "awards")),
        new("hung: documents by SIGSTOP", "ServiceDown", "job=\"documents\"", system => StoppedAsync(system, "documents")),
        new("postgres: killed", "PostgresDown", "", system => KilledAsync(system, "postgres")),
        new("rabbitmq: killed", "RabbitDown", "", system => KilledAsync(system, "rabbitmq")),
        new("poison: a message that nobody can read, in the queue of scoring", "ErrorQueueNotEmpty", "queue=\"scoring_error\"", PoisonedAsync),
        new("outbox: a row of clusters held by a forgotten session", "OutboxOld", "job=\"clusters\"", OutboxHeldAsync),
        new("disk: a file system of 8 MiB, full", "DiskCritical", "mountpoint=~\".*thidua-fault.*\"", FullDiskAsync),
        new("connections: 85 of 100 taken", "PostgresConnectionsHigh", "", ConnectionsTakenAsync),
        new("lock: the sheets' table held again and again for 2.5 s", "RequestsSlow", "", LockedAsync),
        new("backup: the last one 27 hours old", "BackupOld", "", OldBackupAsync),
    ];

    internal static async Task<Func<Task>> KilledAsync(RunningSystem system, string name)
    {
        await system.KillAsync(name);
        return () => system.RestartAsync(name);
    }

    internal static async Task<Func<Task>> StoppedAsync(RunningSystem system, string name)
    {
        var process = $"{system.ProcessOf(name)}";
        await ChildProcess.RunAsync(["kill", "-STOP", process], ct: Cancel);
        return () => ChildProcess.RunAsync(["kill", "-CONT", process], ct: Cancel);
    }

    private static async Task<Func<Task>> WrongSecretsAsync(RunningSystem system)
    {
        using (await system.WithAccountAsync("fault-drill", [Roles.Auditor]))
        using (var anybody = system.Anonymous())
        {
            for (var time = 0; time < SignIns; time++)
            {
                using var grant = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "fault-drill", ["client_secret"] = "wrong", ["scope"] = "thidua" });
                using var refused = await anybody.PostAsync(new Uri("/connect/token", UriKind.Relative), grant, Cancel);
                Assert.False(refused.IsSuccessStatusCode);
            }
        }

        return () => Task.CompletedTask;
    }

    private static async Task<Func<Task>> PoisonedAsync(RunningSystem system)
    {
        using var broker = Broker(system);
        var poison = new JsonObject { ["properties"] = new JsonObject(), ["routing_key"] = "scoring", ["payload"] = "no message at all", ["payload_encoding"] = "string" };
        using var content = new StringContent(poison.ToJsonString(), Encoding.UTF8, "application/json");
        using var published = await broker.PostAsync(new Uri("api/exchanges/%2F/amq.default/publish", UriKind.Relative), content, Cancel);
        Assert.Contains("\"routed\":true", await published.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        return async () =>
        {
            using var again = Broker(system);
            (await again.DeleteAsync(new Uri("api/queues/%2F/scoring_error/contents", UriKind.Relative), Cancel)).EnsureSuccessStatusCode();
        };
    }

    private static async Task<Func<Task>> OutboxHeldAsync(RunningSystem system)
    {
        var id = Guid.CreateVersion7();
        var session = await OpenAsync(system, "clusters");
        await RunAsync(session, $"insert into outbox_messages (id, type, body, created_at, attempts, not_before) values ('{id}', 'ThiDua.Contracts.Clusters.UnitRegistered', '{{}}', now(), 0, now() + interval '1 minute')");
        await RunAsync(session, $"begin; select id from outbox_messages where id = '{id}' for update");
        return async () =>
        {
            await RunAsync(session, $"delete from outbox_messages where id = '{id}'; commit");
            await session.DisposeAsync();
        };
    }

    private static async Task<Func<Task>> FullDiskAsync(RunningSystem system)
    {
        var directory = Directory.CreateTempSubdirectory("thidua-fault-").FullName;
        await ChildProcess.RunAsync(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", directory], ct: Cancel);
        await File.WriteAllBytesAsync(Path.Combine(directory, "full"), new byte[8 * 1024 * 1024 - 200_000], Cancel);
        return async () =>
        {
            await ChildProcess.RunAsync(["umount", directory], ct: Cancel);
            Directory.Delete(directory);
        };
    }

    private static async Task<Func<Task>> ConnectionsTakenAsync(RunningSystem system)
    {
        var taken = new List<NpgsqlConnection>();
        try
        {
            while (taken.Count < Connections)
            {
                taken.Add(await OpenAsync(system, "scoring"));
            }
        }
        catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            Assert.True(taken.Count > Connections / 2, full.Message); // the services hold the rest
        }

        return async () =>
        {
            foreach (var connection in taken)
            {
                await connection.DisposeAsync();
            }
        };
    }

    private static async Task<Func<Task>> LockedAsync(RunningSystem system)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var reader = await system.WithAccountAsync("fault-reader", [Roles.Appraiser]);
        var locking = Task.Run(
            async () =>
            {
                await using var session = await OpenAsync(system, "scoring");
                while (!stop.IsCancellationRequested)
                {
                    await RunAsync(session, "begin; lock table score_sheets in access exclusive mode; select pg_sleep(2.5); commit");
                }
            },
            Cancel);
        var reading = Task.Run(
            async () =>
            {
                // People ask whether or not the one before was answered: who waits for the answer would ask only while nothing is held.
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
                var asked = new List<Task>();
                while (!stop.IsCancellationRequested)
                {
                    asked.Add(AskAsync());
                    await timer.WaitForNextTickAsync(Cancel);
                }

                await Task.WhenAll(asked);
            },
            Cancel);
        async Task AskAsync() => (await reader.GetJson("score-sheets?limit=1")).Expect(200);
        return async () =>
        {
            await stop.CancelAsync();
            await Task.WhenAll(locking, reading);
            stop.Dispose();
            reader.Dispose();
        };
    }

    private static async Task<Func<Task>> OldBackupAsync(RunningSystem system)
    {
        var file = Path.Combine(system.DataDirectory, "metrics", "backup.prom");
        var before = File.Exists(file) ? await File.ReadAllTextAsync(file, Cancel) : null;
        await MarkAsync(27);
        return () => before is null ? MarkAsync(0) : File.WriteAllTextAsync(file, before, Cancel);

        Task MarkAsync(int hours) =>
            File.WriteAllTextAsync(file, $"thidua_backup_last_success_timestamp_seconds {TimeProvider.System.GetUtcNow().AddHours(-hours).ToUnixTimeSeconds()}\n", Cancel);
    }

    internal static HttpClient Broker(RunningSystem system)
    {
        var (user, password) = (new Uri(system.BrokerAddress).UserInfo.Split(':')[0], Uri.UnescapeDataString(new Uri(system.BrokerAddress).UserInfo.Split(':')[1]));
        var client = new HttpClient { BaseAddress = system.Management };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        return client;
    }

    private static async Task<NpgsqlConnection> OpenAsync(RunningSystem system, string service)
    {
        var connection = new NpgsqlConnection(system.DatabaseOf(service));
        await connection.OpenAsync(Cancel);
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection session, string sql)
    {
        await using var command = session.CreateCommand();
#pragma warning disable CA2100 // nothing in it comes from outside
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
