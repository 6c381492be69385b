using System.Globalization;
using System.Text.Json;

namespace ThiDua.Recovery;

/// <summary>
/// pgBackRest on the part <c>database</c> of a repository. Its settings, with the key, are a file of the database's user alone: the server
/// itself runs it for each segment of its log.
/// </summary>
/// <param name="settings">That file.</param>
/// <param name="user">The database's user.</param>
internal sealed class PgBackRest(string settings, string user)
{
    public const string Stanza = "thidua";

    /// <summary>Writes the settings; nothing but a whole file of the right owner ever has their name.</summary>
    public static async Task<PgBackRest> ConfigureAsync(string settings, BackupRepository repository, BackupKey key, string postgres, string user, int keepFull, CancellationToken ct)
    {
        AtomicFile.Write($"{settings}.making", $"""
            [global]
            repo1-path={repository.Database}
            repo1-cipher-type=aes-256-cbc
            repo1-cipher-pass={key.Text}
            repo1-bundle=y
            repo1-retention-full={keepFull}
            compress-type=zst
            process-max=2
            start-fast=y
            archive-timeout=120
            log-level-file=off
            log-level-stderr=off
            lock-path={repository.Database}/lock

            [{Stanza}]
            pg1-path={postgres}
            pg1-user=postgres

            """);
        await Ownership.GiveAsync($"{settings}.making", user, ct);
        return new PgBackRest($"{settings}.making", user);
    }

    /// <summary>From now on the server sends its log.</summary>
    public PgBackRest Begin()
    {
        var final = settings[..^".making".Length];
        File.Move(settings, final, overwrite: true);
        return new PgBackRest(final, user);
    }

    public Task CreateStanzaAsync(SystemData system, CancellationToken ct) => RunAsync(["stanza-create", .. Server(system)], system, ct);

    /// <returns>What was saved, without the hashes of its files.</returns>
    public async Task<SavedDatabase> BackUpAsync(SystemData system, bool full, CancellationToken ct)
    {
        await RunAsync(["backup", $"--type={(full ? "full" : "incr")}", .. Server(system)], system, ct);
        return (await BackupsAsync(ct))[^1];
    }

    /// <summary>Those that pgBackRest has, oldest first.</summary>
    public async Task<IReadOnlyList<SavedDatabase>> BackupsAsync(CancellationToken ct)
    {
        var text = await RunAsync(["info", "--output=json"], null, ct);
        using var document = JsonDocument.Parse(text);
        return [.. document.RootElement.EnumerateArray().SelectMany(stanza => stanza.GetProperty("backup").EnumerateArray()).Select(backup => new SavedDatabase(
            backup.GetProperty("label").GetString()!,
            backup.GetProperty("reference") is { ValueKind: JsonValueKind.Array } references ? [.. references.EnumerateArray().Select(label => label.GetString()!)] : [],
            backup.GetProperty("archive").GetProperty("start").GetString()!,
            backup.GetProperty("info").GetProperty("size").GetInt64(),
            backup.GetProperty("info").GetProperty("repository").GetProperty("delta").GetInt64(),
            new Dictionary<string, string>()))];
    }

    /// <summary>Puts the files of a backup into an empty directory, with what the server then needs to read the log up to the target.</summary>
    public Task RestoreAsync(string label, string postgres, IReadOnlyList<string> target, CancellationToken ct) => RunAsync(
        ["restore", $"--set={label}", $"--pg1-path={postgres}", .. target, "--target-timeline=current", .. target.Skip(1).Take(1).Select(_ => "--target-action=promote")], null, ct);

    /// <summary>A segment of the log as the server wrote it.</summary>
    public Task FetchAsync(LogSegment segment, string into, string postgres, CancellationToken ct) => RunAsync(["archive-get", $"{segment}", into, $"--pg1-path={postgres}"], null, ct);

    /// <summary>Reads every backup and all of the log.</summary>
    /// <returns>What is wrong: its exit code tells nothing.</returns>
    public async Task<IReadOnlyList<string>> VerifyAsync(CancellationToken ct)
    {
        var lines = (await RunAsync(["verify", "--output=text", "--log-level-console=info"], null, ct)).Split('\n', StringSplitOptions.TrimEntries);
        return lines.Contains("status: ok") ? [] : [.. lines.Where(line => line.Contains("invalid", StringComparison.Ordinal) || line.Contains("ERROR", StringComparison.Ordinal) || line.Contains("other", StringComparison.Ordinal)).Take(8)];
    }

    private static string[] Server(SystemData system) => [$"--pg1-port={system.Port.ToString(CultureInfo.InvariantCulture)}"];

    // The server listens on loopback only, for which pgBackRest has no setting; its client library has.
    private Task<string> RunAsync(IReadOnlyList<string> arguments, SystemData? system, CancellationToken ct) => Tools.RunAsync(
        new Tool(
            ["pgbackrest", $"--config={settings}", $"--stanza={Stanza}", .. arguments],
            user,
            Environment: system is null ? null : new Dictionary<string, string> { ["PGHOST"] = "127.0.0.1", ["PGPASSWORD"] = system.Secret("postgres-password") }),
        ct);
}
