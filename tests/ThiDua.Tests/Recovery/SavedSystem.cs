using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using ThiDua.Recovery;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Recovery;

/// <summary>
/// A PostgreSQL as the runner starts it, with the tables of Documents and some contents, saved in the middle of its life: a full backup, more
/// evidence, a moment of rest, a mistake, more contents.
/// </summary>
public sealed class SavedSystem : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create("thidua-recovery-");
    private ChildProcess? _host;

    public string Data => In("data");

    public string Repository => In("repository");

    public string KeyFile => In("backup.key");

    /// <summary>When four pieces of evidence were there, and nothing was spoilt.</summary>
    public DateTimeOffset Calm { get; private set; }

    /// <summary>Of evidence that a retention run ended after <see cref="Calm"/>, content and all.</summary>
    public string Removed { get; private set; } = "";

    public Guid SentMessage { get; } = Guid.CreateVersion7();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public string In(string name) => Path.Combine(_directory.Path, name);

    public async ValueTask InitializeAsync()
    {
        _host = await ChildProcess.StartAsync(
            ["dotnet", Support.Repository.Program("ThiDua.AppHost")],
            environment: new Dictionary<string, string> { ["Local__DataDirectory"] = Data, ["Local__RandomizePorts"] = "true", ["Local__Only"] = "postgres" },
            directory: Support.Repository.Root);
        await _host.WaitForLineAsync("all is healthy after", TimeSpan.FromSeconds(60));
        var system = await SystemData.RunningAsync(Data, Ct);
        await ChildProcess.RunAsync(["dotnet", Support.Repository.Program("ThiDua.Documents"), "migrate"], environment: new Dictionary<string, string>
        {
            ["ConnectionStrings__documentsdb"] = $"Host=127.0.0.1;Port={system.Port.ToString(CultureInfo.InvariantCulture)};Username=postgres;Password={system.Secret("postgres-password")};Database=documentsdb",
            ["ConnectionStrings__rabbitmq"] = "amqp://nobody@127.0.0.1:1",
            ["Authentication__Authority"] = "http://127.0.0.1:1",
            ["Documents__Directory"] = Path.Combine(Data, "documents"),
        }, ct: Ct);
        await File.WriteAllTextAsync(KeyFile, SystemData.ReadSecrets(Path.Combine(Data, "secrets.json"))[BackupKey.Parameter], Ct);
        await ExecuteAsync(system, "insert into sent_messages (id, type, body, created_at, sent_at) values ($1, 'ThiDua.Contracts.Documents.EvidenceStored', '{}', now(), now())", SentMessage);

        await StoreAsync(system, "một");
        Removed = await StoreAsync(system, "hai");
        await SucceedAsync("backup", "--data", Data, "--to", Repository);
        await StoreAsync(system, "ba");
        await StoreAsync(system, "bốn");
        await SucceedAsync("contents", "--data", Data);
        await using (var source = system.Open("postgres"))
        {
            await using var now = source.CreateCommand("select clock_timestamp()");
            Calm = new DateTimeOffset((DateTime)(await now.ExecuteScalarAsync(Ct))!, TimeSpan.Zero);
        }

        await ExecuteAsync(system, "update evidence set content_deleted_at = now() where sha256 = $1", Removed);
        File.Delete(PathOf(Data, Removed));
        await ExecuteAsync(system, "update evidence set unit = 'NHẦM'"); // the mistake
        await StoreAsync(system, "năm");
        await SucceedAsync("contents", "--data", Data);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _directory.Dispose();
    }

    internal Task<SystemData> RunningAsync() => SystemData.RunningAsync(Data, Ct);

    /// <summary>Runs a command of the program in this process.</summary>
    public static async Task<(int ExitCode, string Said)> RunAsync(params string[] arguments)
    {
        var (command, mistake) = CommandLine.Parse(arguments);
        Assert.True(command is not null, mistake);
        using var said = new StringWriter(CultureInfo.InvariantCulture);
        var code = await new Commands(said, TextWriter.Synchronized(said), TimeProvider.System).RunAsync(command, Ct);
        return (code, said.ToString());
    }

    public static async Task<string> SucceedAsync(params string[] arguments)
    {
        var (code, said) = await RunAsync(arguments);
        Assert.True(code == 0, said);
        return said;
    }

    public Task<string> RestoreAsync(string name, params string[] more) => SucceedAsync(["restore", "--from", Repository, "--data", In(name), "--key-file", KeyFile, .. more]);

    /// <summary>Unit and hash of every piece of evidence of a restored directory, whose contents are where the rows say.</summary>
    public async Task<IReadOnlyList<(string Unit, string Sha256, bool HasContent)>> EvidenceInAsync(string name)
    {
        await using var server = await RecoveringServer.StartAsync(In(name), TimeProvider.System, Ct);
        await using var source = server.System.Open("documentsdb");
        await using var command = source.CreateCommand("select unit, sha256::text from evidence order by stored_at");
        var rows = await command.ReadAsync(row => (row.GetString(0), row.GetString(1)), Ct);
        List<(string, string, bool)> evidence = [];
        foreach (var (unit, sha256) in rows)
        {
            evidence.Add((unit, sha256, File.Exists(PathOf(In(name), sha256)) && await FileHash.OfAsync(PathOf(In(name), sha256), Ct) == sha256));
        }

        return evidence;
    }

    public static string PathOf(string data, string sha256) => Path.Combine(data, new ContentReference("contents", sha256, true).Path);

    private static async Task<string> StoreAsync(SystemData system, string text)
    {
        var content = Encoding.UTF8.GetBytes($"%PDF-1.7\n{text}\n%%EOF\n");
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(system.Path, sha256))!);
        await File.WriteAllBytesAsync(PathOf(system.Path, sha256), content, Ct); // before its row, as the service does it
        await ExecuteAsync(
            system,
            """
            insert into evidence (id, season, unit, criterion, file_name, content_type, size, sha256, stored_by, stored_at, state)
            values ($1, '2026', 'SNV', 'I.1', 'f.pdf', 'application/pdf', $2, $3, 'test', clock_timestamp(), 'Stored')
            """,
            Guid.CreateVersion7(), (long)content.Length, sha256);
        return sha256;
    }

    private static async Task ExecuteAsync(SystemData system, string sql, params object[] values)
    {
        await using var source = system.Open("documentsdb");
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(Ct);
    }
}
