using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace ThiDua.Recovery;

/// <summary>How backups of a data directory are made from now on.</summary>
/// <param name="Repository">Where they go.</param>
/// <param name="KeepFull">How many full ones are kept, with all that build upon them; older ones go.</param>
/// <param name="FullEveryDays">After how many days the next is a full one.</param>
internal sealed record BackupSettings(string Repository, int KeepFull, int FullEveryDays);

/// <summary>The data directory of a system (see docs/backup.md for what is in it).</summary>
internal sealed class SystemData
{
    public static readonly string[] Databases = ["identitydb", "clustersdb", "scoringdb", "awardsdb", "documentsdb"];

    private readonly Dictionary<string, string> _secrets;

    private SystemData(string path, int port, string databaseUser)
    {
        Path = path;
        Port = port;
        DatabaseUser = databaseUser;
        _secrets = ReadSecrets(Secrets);
    }

    public string Path { get; }
    public int Port { get; }

    /// <summary>Whom the database's files belong to.</summary>
    public string DatabaseUser { get; }

    public string Postgres => PostgresIn(Path);
    public string Secrets => System.IO.Path.Combine(Path, "secrets.json");
    public string Backup => System.IO.Path.Combine(Path, "backup");
    public string PgBackRestSettings => System.IO.Path.Combine(Backup, "pgbackrest.conf");

    public IReadOnlyCollection<string> SecretNames => _secrets.Keys;

    public BackupSettings? Settings
    {
        get => File.Exists(SettingsFile) ? JsonSerializer.Deserialize<BackupSettings>(File.ReadAllText(SettingsFile), CatalogueJson.Options) : null;
        set
        {
            PrepareBackup();
            AtomicFile.Write(SettingsFile, JsonSerializer.Serialize(value, CatalogueJson.Options));
        }
    }

    private string SettingsFile => System.IO.Path.Combine(Backup, "settings.json");

    public static string PostgresIn(string data) => System.IO.Path.Combine(data, "thidua-postgres");

    /// <summary>A system that runs: a backup is taken from its server, not from files that change.</summary>
    public static async Task<SystemData> RunningAsync(string path, CancellationToken ct)
    {
        path = System.IO.Path.GetFullPath(path);
        var endpoints = System.IO.Path.Combine(path, "endpoints.json");
        var port = File.Exists(endpoints) ? JsonNode.Parse(await File.ReadAllTextAsync(endpoints, ct))?["postgres"]?["port"]?.GetValue<int>() : null;
        return port is { } running
            ? new SystemData(path, running, await Ownership.OfAsync(PostgresIn(path), ct))
            : throw new RecoveryException($"No system runs on {path}: start it (./thidua run --data {path}); a backup is taken while it runs.");
    }

    /// <summary>A server of ours over restored files.</summary>
    public static async Task<SystemData> RestoredAsync(string path, int port, CancellationToken ct) => new(path, port, await Ownership.OfAsync(PostgresIn(path), ct));

    public static Dictionary<string, string> ReadSecrets(string file) => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!;

    public static void WriteSecrets(string file, IReadOnlyDictionary<string, string> secrets) =>
        AtomicFile.Write(file, JsonSerializer.Serialize(new SortedDictionary<string, string>(secrets.ToDictionary(), StringComparer.Ordinal), CatalogueJson.Options) + "\n");

    /// <summary>All but the backup's own key, which would lie under itself.</summary>
    public IReadOnlyDictionary<string, string> SavedSecrets() => _secrets.Where(secret => secret.Key != BackupKey.Parameter).ToDictionary();

    public string Secret(string name) => _secrets.TryGetValue(name, out var value) ? value : throw new RecoveryException($"{Secrets} has no {name}.");

    /// <summary>As root, the database's user passes through to its settings.</summary>
    public void PrepareBackup()
    {
        Directory.CreateDirectory(Backup);
        File.SetUnixFileMode(Backup, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | (Tools.IsRoot ? UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : 0));
    }

    public NpgsqlDataSource Open(string database) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Password = Secret("postgres-password"),
        Database = database,
        MaxPoolSize = 2,
        Timeout = 15,
        CommandTimeout = 0,
        ApplicationName = "thidua-recovery",
    }.ConnectionString);

    /// <summary>Those that a system has; one for development may lack some.</summary>
    public async Task<IReadOnlyList<string>> DatabasesAsync(CancellationToken ct)
    {
        await using var source = Open("postgres");
        await using var command = source.CreateCommand("select datname from pg_database where datname = any($1) order by datname");
        command.Parameters.AddWithValue(Databases);
        return await command.ReadAsync(row => row.GetString(0), ct);
    }

    public async Task<IReadOnlyDictionary<string, string>> MigrationsAsync(CancellationToken ct)
    {
        var last = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var database in await DatabasesAsync(ct))
        {
            await using var source = Open(database);
            await using var exists = source.CreateCommand("""select to_regclass('public."__EFMigrationsHistory"') is not null""");
            if ((bool)(await exists.ExecuteScalarAsync(ct))!)
            {
                await using var command = source.CreateCommand("""select max(migration_id) from "__EFMigrationsHistory" """);
                last[database] = Convert.ToString(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture) ?? "";
            }
        }

        return last;
    }
}

internal static class Reading
{
    public static async Task<List<T>> ReadAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static async Task<T> ScalarAsync<T>(this NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }
}
