using System.Collections.Concurrent;
using Npgsql;

namespace ThiDua.Tests.Support;

/// <summary>
/// A PostgreSQL of our own: Debian's programs over a private data directory. With <c>THIDUA_POOLER=session</c> (or <c>transaction</c>)
/// services reach it through PgBouncer in that mode.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Programs = "/usr/lib/postgresql/15/bin";
    private const string User = "postgres";

    private readonly ChildProcess _server;
    private readonly int _port;
    private readonly ChildProcess? _pooler;
    private readonly int _servicePort;
    private readonly ConcurrentDictionary<string, Lazy<Task>> _templates = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _copying = new(1);
    private int _created;

    private PostgresServer(ChildProcess server, int port, ChildProcess? pooler, int servicePort)
    {
        _server = server;
        _port = port;
        _pooler = pooler;
        _servicePort = servicePort;
    }

    public static async Task<PostgresServer> StartAsync(TemporaryDirectory directory)
    {
        var home = await directory.AddAsync("postgres", User);
        var data = Path.Combine(home, "data");
        var port = FreePort.Next();
        await ChildProcess.RunAsync(
            [$"{Programs}/initdb", "-D", data, "-U", User, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale-provider=libc", "--locale=C.UTF-8"], User);

        // Nothing here is to survive the tests, so nothing waits for the disk.
        var server = await ChildProcess.StartAsync(
            [
                $"{Programs}/postgres", "-D", data, "-p", $"{port}", "-k", home, "-h", "127.0.0.1",
                "-c", "log_error_verbosity=terse", "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
            ],
            User);
        server.CloseInput();
        await server.WaitForLineAsync("database system is ready to accept connections", TimeSpan.FromSeconds(60));
        if (Environment.GetEnvironmentVariable("THIDUA_POOLER") is not { Length: > 0 } mode)
        {
            return new PostgresServer(server, port, null, port);
        }

        var servicePort = FreePort.Next();
        return new PostgresServer(server, port, await StartPoolerAsync(home, mode, port, servicePort), servicePort);
    }

    private static async Task<ChildProcess> StartPoolerAsync(string home, string mode, int port, int servicePort)
    {
        var settings = Path.Combine(home, "pgbouncer.ini");
        var deployed = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "deploy", "systemd", "pgbouncer.ini"));
        var ours = new Dictionary<string, string>
        {
            ["listen_port"] = $"{servicePort}", ["auth_type"] = "trust", ["auth_file"] = Path.Combine(home, "users.txt"), ["pool_mode"] = mode,
            ["max_client_conn"] = "1000", ["max_db_connections"] = "15", ["logfile"] = "", ["log_connections"] = "0", ["log_disconnections"] = "0",
        };
        await File.WriteAllTextAsync(Path.Combine(home, "users.txt"), $"\"{User}\" \"\"\n");
        await File.WriteAllLinesAsync(settings,
        [
            "[databases]", $"* = host=127.0.0.1 port={port}", "[pgbouncer]",
            .. deployed.SkipWhile(line => line != "[pgbouncer]").Skip(1).Where(line => !ours.ContainsKey(line.Split('=')[0].Trim())),
            .. ours.Select(pair => $"{pair.Key} = {pair.Value}"),
        ]);
        var pooler = await ChildProcess.StartAsync(["/usr/sbin/pgbouncer", settings], User);
        pooler.CloseInput();
        await pooler.WaitForLineAsync("process up", TimeSpan.FromSeconds(20));
        return pooler;
    }

    public string ConnectionString(string database) => ConnectionString(database, _servicePort);

    private static string ConnectionString(string database, int port) =>
        $"Host=127.0.0.1;Port={port};Username={User};Database={database};Maximum Pool Size=10";

    /// <summary>A fresh database; with a template, one that already holds what <paramref name="prepareTemplate"/> put there once.</summary>
    public async Task<string> CreateDatabaseAsync(string prefix, Func<string, Task>? prepareTemplate = null)
    {
        var template = "template0";
        if (prepareTemplate is not null)
        {
            template = $"{prefix}_template";
            await _templates.GetOrAdd(template, name => new Lazy<Task>(() => PrepareAsync(name, prepareTemplate))).Value;
        }

        var database = $"{prefix}_{Interlocked.Increment(ref _created)}";
        await CopyAsync(database, template);
        return database;
    }

    public Task DropDatabaseAsync(string database) => ExecuteAsync($"""DROP DATABASE IF EXISTS "{database}" WITH (FORCE)""");

    public async ValueTask DisposeAsync()
    {
        if (_pooler is not null)
        {
            await _pooler.DisposeAsync();
        }

        await _server.DisposeAsync();
        _copying.Dispose();
    }

    private async Task PrepareAsync(string template, Func<string, Task> prepare)
    {
        await CopyAsync(template, "template0");
        await prepare(ConnectionString(template, _port) + ";Pooling=false");
    }

    private async Task CopyAsync(string database, string template)
    {
        await _copying.WaitAsync(); // PostgreSQL refuses to copy a database that is just being copied
        try
        {
            await ExecuteAsync($"""CREATE DATABASE "{database}" TEMPLATE "{template}" """);
        }
        finally
        {
            _copying.Release();
        }
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres", _port));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
