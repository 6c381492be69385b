using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ThiDua.AppHost.Local;

/// <summary>Debian's PostgreSQL, started privately: own directory, loopback only, own password, no Unix socket.</summary>
internal sealed class PostgresServer(PostgresServerResource resource, Programs programs, ApplicationBuilder builder)
{
    private const string User = "postgres";

    // Durability as it comes (fsync, synchronous commit). The rest suits a machine that also runs all services: memory
    // below 2 GiB for the whole system, connections for five small pools, no compilation of queries that last a millisecond.
    private static readonly string[] s_settings =
    [
        "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100", "shared_buffers=256MB", "effective_cache_size=1GB",
        "work_mem=8MB", "maintenance_work_mem=64MB", "max_wal_size=2GB", "checkpoint_timeout=15min", "wal_compression=on", "huge_pages=try",
        "random_page_cost=1.1", "jit=off", "log_checkpoints=off", "timezone=UTC", "log_timezone=UTC",
        // A line says which service's request it is about (%a: its trace), and no values of the rows that it is about.
        "log_line_prefix=[%p] %a ", "log_error_verbosity=terse",
        "archive_mode=on", "archive_timeout=60", // what a backup begins with must not need a restart
    ];

    private readonly string _directory = Path.Combine(builder.Data.Path, resource.Volume);
    private readonly Dictionary<string, string> _environment = new() { ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin", ["LANG"] = "C.UTF-8", ["LC_ALL"] = "C.UTF-8" };

    public async Task<Launch> PrepareAsync(CancellationToken ct)
    {
        var tools = FindTools();
        if (!File.Exists($"{_directory}/PG_VERSION")) await InitializeAsync(tools);
        builder.Generated("backup-key", new GenerateParameterDefault { MinLength = 40, Special = false }); // of ./thidua backup
        await Programs.UntilNobodyWorksInAsync(_directory, ct);
        return new([$"{tools}/postgres", "-D", _directory, "-p", $"{resource.Port}", .. s_settings.Append($"archive_command={ArchiveCommand()}").SelectMany(setting => new[] { "-c", setting })],
            _directory, _environment, User, Stop: Signal.Interrupt, WhenOrphaned: Signal.Interrupt); // SIGINT: end at once, but cleanly; SIGTERM would wait for the clients
    }

    /// <summary>Ready is who answers a client's first message with the question for the password, not with a refusal.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, resource.Port, ct);
        var message = new byte[8].Concat(Encoding.ASCII.GetBytes("user\0postgres\0database\0postgres\0\0")).ToArray();
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), 3 << 16); // version 3.0 of the protocol
        await client.GetStream().WriteAsync(message, ct);
        var answer = new byte[1];
        return await client.GetStream().ReadAsync(answer, ct) == 1 && answer[0] == 'R';
    }

    public Task CreateDatabasesAsync()
    {
        var names = string.Join(", ", resource.Databases.Select(database => $"('{database.DatabaseName}')"));
        var sql = $"select format('create database %I', name) from (values {names}) wanted(name) where name not in (select datname from pg_database) \\gexec\n";
        return resource.Databases.Count == 0 ? Task.CompletedTask : programs.RunAsync(new(
            ["/bin/sh", "-c", "printf '%s' \"$0\" | \"$1\" -XAtqw -v ON_ERROR_STOP=1 -h 127.0.0.1 -p \"$2\" -U postgres -d postgres", sql, $"{FindTools()}/psql", $"{resource.Port}"],
            "/", new Dictionary<string, string>(_environment) { ["PGPASSWORD"] = resource.Password }, User));
    }

    /// <summary>
    /// Once a backup has been configured for this data directory, each finished segment of the log goes into its repository; until then
    /// it is let go, so that the disk of somebody who never makes one does not fill. A shell's "or", a few milliseconds a segment.
    /// </summary>
    private string ArchiveCommand()
    {
        var settings = $"'{Path.Combine(builder.Data.Path, "backup", "pgbackrest.conf").Replace("'", "'\\''", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal)}'";
        return $"test ! -f {settings} || exec pgbackrest --config={settings} --stanza=thidua archive-push %p";
    }

    /// <summary>Made under another name and renamed when whole: a start that is killed half-way leaves nothing that looks like data.</summary>
    private async Task InitializeAsync(string tools)
    {
        var (unfinished, password) = ($"{_directory}.new", $"{_directory}.password");
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Delete(password);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            await using (var writer = new StreamWriter(password, options)) await writer.WriteAsync(resource.Password);
            if (Programs.IsRoot) await programs.RunAsync(new(["/bin/chown", $"{User}:", unfinished, password], "/", _environment));
            await programs.RunAsync(new([$"{tools}/initdb", "-D", unfinished, "-U", "postgres", "--pwfile", password, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions"],
                "/", _environment, User, WhenOrphaned: Signal.Kill));
        }
        finally { File.Delete(password); }
        Directory.Move(unfinished, _directory);
    }

    private string FindTools()
    {
        var directory = builder.Setting("PostgresDirectory");
        var versions = Directory.Exists(directory) ? Directory.GetDirectories(directory).Where(version => File.Exists($"{version}/bin/initdb") && File.Exists($"{version}/bin/psql")) : [];
        return versions.MaxBy(version => int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0) is { } newest ? $"{newest}/bin"
            : throw new StartException($"PostgreSQL was not found in {directory}. Install Debian's packages: apt-get install postgresql postgresql-client");
    }
}
