using Npgsql;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Operations;

/// <summary>PostgreSQL on two machines, as deploy/systemd/postgresql sets it: what was acknowledged outlives the primary.</summary>
public sealed class StreamingReplicaTests
{
    private const string Programs = "/usr/lib/postgresql/15/bin";
    private const string User = "postgres";
    private const int Writers = 4;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Of the long measurements: <c>./thidua measure scale-out</c>.</summary>
    [Fact, Trait("run", "long")]
    public async Task What_was_acknowledged_is_on_the_replica_when_the_primary_is_killed()
    {
        using var directory = TemporaryDirectory.Create("thidua-replica-");
        var home = await directory.AddAsync("postgres", User);
        var (first, second) = (FreePort.Next(), FreePort.Next());
        var primaryData = Path.Combine(home, "primary");
        var replicaData = Path.Combine(home, "replica");

        await ChildProcess.RunAsync([$"{Programs}/initdb", "-D", primaryData, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], User, ct: Cancel);
        await using var primary = await StartAsync(primaryData, home, first, "primary.conf", "ssl=off");
        await ExecuteAsync(first, "create table written (writer int, number int, primary key (writer, number))", synchronous: false); // nobody follows yet
        await ChildProcess.RunAsync([$"{Programs}/pg_basebackup", "-h", "127.0.0.1", "-p", $"{first}", "-U", User, "-D", replicaData, "-R", "-X", "stream", "-C", "-S", "replica"], User, ct: Cancel);
        await using var replica = await StartAsync(replicaData, home, second, "replica.conf", $"primary_conninfo=host=127.0.0.1 port={first} user={User} application_name=replica");
        await Eventually.AnswerAsync(() => ScalarAsync(first, "select count(*) from pg_stat_replication where application_name = 'replica' and sync_state in ('sync', 'quorum')"), following => following == 1, "the replica follows");

        var acknowledged = new int[Writers];
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteUntilItFailsAsync(first, writer, acknowledged)));
        await Eventually.TrueAsync(() => Task.FromResult(acknowledged.Sum() > 2_000), "much was written", TimeSpan.FromSeconds(60));
        primary.Kill();
        await writing;
        await ChildProcess.RunAsync([$"{Programs}/pg_ctl", "promote", "-D", replicaData], User, ct: Cancel);

        for (var writer = 0; writer < Writers; writer++)
        {
            // Numbers ascend without gaps, so the count tells; the one in flight when the primary died may be there as well.
            Assert.InRange(await ScalarAsync(second, $"select count(*) from written where writer = {writer}"), acknowledged[writer], acknowledged[writer] + 1);
        }

        await ExecuteAsync(second, "insert into written values (-1, 1)", synchronous: false);
        TestContext.Current.TestOutputHelper!.WriteLine($"{acknowledged.Sum()} commits acknowledged by two servers, the primary killed, the replica promoted: 0 lost.");
    }

    private static async Task<ChildProcess> StartAsync(string data, string home, int port, string settings, string also)
    {
        // The deployed settings, but for what needs a whole machine or another address.
        var deployed = File.ReadLines(Path.Combine(Repository.Root, "deploy", "systemd", "postgresql", settings))
            .Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair[0] is not ("listen_addresses" or "primary_conninfo") && !pair[0].EndsWith("_buffers", StringComparison.Ordinal) && !pair[0].EndsWith("_cache_size", StringComparison.Ordinal) && !pair[0].StartsWith("archive_", StringComparison.Ordinal))
            .Select(pair => $"{pair[0]}={pair[1].Trim('\'')}");
        var server = await ChildProcess.StartAsync(
            [$"{Programs}/postgres", "-D", data, "-p", $"{port}", "-k", home, "-h", "127.0.0.1", .. deployed.Append("shared_buffers=64MB").Append(also).SelectMany(setting => new[] { "-c", setting })], User);
        server.CloseInput();
        await server.WaitForLineAsync("ready to accept", TimeSpan.FromSeconds(60));
        return server;
    }

    private static async Task WriteUntilItFailsAsync(int port, int writer, int[] acknowledged)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Connection(port));
            await connection.OpenAsync(Cancel);
            await using var insert = new NpgsqlCommand("insert into written values ($1, $2)", connection) { Parameters = { new() { Value = writer }, new() { Value = 0 } } };
            while (true)
            {
                insert.Parameters[1].Value = acknowledged[writer];
                await insert.ExecuteNonQueryAsync(Cancel);
                acknowledged[writer]++;
            }
        }
        catch (NpgsqlException)
        {
            // The primary is gone: what was acknowledged until now is counted.
        }
    }

    private static async Task ExecuteAsync(int port, string statement, bool synchronous = true)
    {
        await using var connection = new NpgsqlConnection(Connection(port));
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(synchronous ? statement : $"set synchronous_commit = local; {statement}", connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<long> ScalarAsync(int port, string query)
    {
        await using var connection = new NpgsqlConnection(Connection(port));
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(query, connection);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static string Connection(int port) => $"Host=127.0.0.1;Port={port};Username={User};Database=postgres;Pooling=false";
}
