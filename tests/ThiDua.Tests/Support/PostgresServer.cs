using System.Collections.Concurrent;
using Npgsql;

namespace ThiDua.Tests.Support;

/// <summary>A PostgreSQL of our own: Debian's programs over a private data directory.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Programs = "/usr/lib/postgresql/15/bin";
    private const string User = "postgres";

    private readonly ChildProcess _server;
    private readonly int _port;
    private readonly ConcurrentDictionary<string, Lazy<Task>> _templates = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _copying = new(1);
    private int _created;

    private PostgresServer(ChildProcess server, int port)
    {
        _server = server;
        _port = port;
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
        return new PostgresServer(server, port);
    }

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username={User};Database={database};Maximum Pool Size=10;Include Error Detail=true";

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
        await _server.DisposeAsync();
        _copying.Dispose();
    }

    private async Task PrepareAsync(string template, Func<string, Task> prepare)
    {
        await CopyAsync(template, "template0");
        await prepare(ConnectionString(template) + ";Pooling=false");
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
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
