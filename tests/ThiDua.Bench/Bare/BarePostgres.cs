using Npgsql;
using ThiDua.Bench.Tools;
using ThiDua.Tests.Support;

namespace ThiDua.Bench.Bare;

/// <summary>A PostgreSQL of its own with durability as it comes and nothing in it but the rows: the limit that the product is held against.</summary>
internal sealed class BarePostgres : IAsyncDisposable
{
    private const string User = "postgres";

    private static readonly string[] s_settings =
    [
        "listen_addresses=127.0.0.1", "max_connections=100", "shared_buffers=2GB", "work_mem=32MB", "maintenance_work_mem=256MB", "max_wal_size=8GB",
        "checkpoint_timeout=30min", "wal_compression=lz4", "jit=off", "synchronous_commit=on", "fsync=on", "full_page_writes=on", "log_checkpoints=off",
    ];

    private readonly ChildProcess _server;

    private BarePostgres(ChildProcess server, string programs, int port, string directory)
    {
        _server = server;
        Bench = new PgBench(programs, port, directory);
        ConnectionString = $"Host=127.0.0.1;Port={port};Username={User};Database=bench;Minimum Pool Size=4;Maximum Pool Size=4;Max Auto Prepare=32";
    }

    public PgBench Bench { get; }

    public string ConnectionString { get; }

    public int Process => _server.Id;

    /// <param name="directory">Where it lives.</param>
    /// <param name="filled">Whether the sheets are to be in it.</param>
    public static async Task<BarePostgres> StartAsync(TemporaryDirectory directory, bool filled, CancellationToken ct)
    {
        var programs = Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(folder => File.Exists(Path.Combine(folder, "pgbench"))).Max()
            ?? throw new FileNotFoundException("pgbench was not found in /usr/lib/postgresql. Install Debian's package postgresql.");
        var home = await directory.AddAsync("postgres", User);
        var data = Path.Combine(home, "data");
        var port = FreePort.Next();
        await ChildProcess.RunAsync([$"{programs}/initdb", "-D", data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], User, ct: ct);
        var server = await ChildProcess.StartAsync(
            [$"{programs}/postgres", "-D", data, "-p", $"{port}", "-k", home, .. s_settings.SelectMany(setting => new[] { "-c", setting })], User);
        server.CloseInput();
        await server.WaitForLineAsync("database system is ready to accept connections", TimeSpan.FromSeconds(60));
        var bare = new BarePostgres(server, programs, port, directory.Path);
        try
        {
            if (filled)
            {
                await LoadAsync(port, ct);
            }

            return bare;
        }
        catch
        {
            await bare.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task LoadAsync(int port, CancellationToken ct)
    {
        await ExecuteAsync($"Host=127.0.0.1;Port={port};Username={User};Database=postgres;Pooling=false", ["CREATE DATABASE bench"], ct);
        var statements = (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Sql", "schema.sql"), ct)).Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        await ExecuteAsync($"Host=127.0.0.1;Port={port};Username={User};Database=bench;Pooling=false", statements, ct);
    }

    private static async Task ExecuteAsync(string connectionString, IEnumerable<string> statements, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 300 };
            await command.ExecuteNonQueryAsync(ct);
        }
    }
}
