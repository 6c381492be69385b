using System.Text.Json;

namespace ThiDua.Recovery;

/// <summary>What a restore did, written as <c>restored.json</c> into the new data directory.</summary>
internal sealed record RestoreReport(
    string Repository, string Backup, string Target, DateTimeOffset? LastCommit, string Timeline, long Contents, long Bytes, IReadOnlyList<string> Missing, long SentAgain,
    IReadOnlyDictionary<string, long> JournalRows, IReadOnlyDictionary<string, double> Seconds);

/// <summary>Makes a new data directory of a backup. Until all of it is there and was looked at, it has another name.</summary>
internal sealed class Restore(BackupRepository repository, BackupKey key, TimeProvider clock, Action<string> say)
{
    private readonly Restic _restic = new(repository.Contents, key);
    private readonly SortedDictionary<string, double> _seconds = new(StringComparer.Ordinal);

    /// <param name="data">The new data directory; nothing may be there.</param>
    /// <param name="id">A certain entry of the catalogue, or null.</param>
    /// <param name="at">A time, <c>latest</c>, or null.</param>
    /// <param name="contentsFrom">A data directory that may still have contents which the repository lacks.</param>
    /// <param name="ct">Ends it; nothing is left then.</param>
    public async Task<RestoreReport> RunAsync(string data, string? id, string? at, string? contentsFrom, CancellationToken ct)
    {
        data = Path.GetFullPath(data);
        if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any())
        {
            throw new RecoveryException($"{data} is not empty: a restore makes a new data directory and changes none.");
        }

        using var claim = repository.Claim();
        var entries = repository.Entries();
        var target = RestoreTarget.Choose(entries, id, at);
        var work = $"{data}.restoring";
        if (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true); // of a restore that was killed
        }

        try
        {
            var report = await IntoAsync(work, entries, target, contentsFrom, ct);
            if (Directory.Exists(data))
            {
                Directory.Delete(data);
            }

            await Tools.RunAsync(new Tool(["sync", "-f", work]), ct);
            Directory.Move(work, data);
            return report;
        }
        catch when (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true);
            throw;
        }
    }

    private async Task<RestoreReport> IntoAsync(string work, IReadOnlyList<CatalogueEntry> entries, RestoreTarget target, string? contentsFrom, CancellationToken ct)
    {
        var user = await Ownership.OfAsync(repository.Database, ct);
        var postgres = SystemData.PostgresIn(work);
        Directory.CreateDirectory(work);
        File.SetUnixFileMode(work, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | (Tools.IsRoot ? UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : 0));
        Reachable.Require(work, user);
        Directory.CreateDirectory(postgres, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await Ownership.GiveAsync(postgres, user, ct);
        var scratch = Path.Combine(work, "recovery");
        Directory.CreateDirectory(scratch);
        await Ownership.GiveAsync(scratch, user, ct);
        var database = await PgBackRest.ConfigureAsync(Path.Combine(scratch, "pgbackrest.conf"), repository, key, postgres, user, 1, ct);

        say($"restoring {target.Start.Id} to {target}");
        var check = new IntegrityCheck(repository, entries);
        await TimedAsync("check", () => CheckAsync(check, target, ct));
        await TimedAsync("files", () => Task.WhenAll(
            database.RestoreAsync(target.Start.Database!.Label, postgres, target.Arguments, ct),
            RestoreFilesAsync(target.Contents, work, ct)));
        if (!target.IsWithinCatalogue && await check.OfTailAsync(database, postgres, scratch, ct) is { } gap)
        {
            throw new RecoveryException($"The log after the last backup is damaged and is not restored: {gap}. Restore up to that backup (without --at), or to a time before.");
        }

        say("reading the log");
        var recovering = clock.GetTimestamp();
        await using var server = await RecoveringServer.StartAsync(work, clock, ct);
        _seconds["log"] = clock.GetElapsedTime(recovering).TotalSeconds;
        var afterwards = new RestoredDatabase(server.System);
        var contents = new RestoredContents(work, _restic, repository.Entries());
        IReadOnlyList<string> missing = [];
        await TimedAsync("contents", async () => missing = await contents.CompleteAsync(await ContentReference.AllAsync(server.System, ct), target.Contents, contentsFrom, say, ct));
        var again = await afterwards.SendAgainAsync(clock.GetUtcNow(), ct);
        var report = new RestoreReport(
            repository.Path, target.Start.Id, $"{target}", await afterwards.LastCommitAsync(ct), await afterwards.TimelineAsync(ct), contents.Count, contents.Bytes, missing, again,
            await afterwards.JournalRowsAsync(ct), _seconds);
        await server.StopAsync(ct);
        await ForgetRecoveryAsync(postgres, ct);
        Directory.Delete(scratch, recursive: true); // with it the settings of the archive: a restored system sends its log nowhere until it is told to
        AtomicFile.Write(Path.Combine(work, "restored.json"), JsonSerializer.Serialize(report, CatalogueJson.Options));
        return report;
    }

    /// <summary>Before anything is restored: a log that is damaged would otherwise just end earlier.</summary>
    private static async Task CheckAsync(IntegrityCheck check, RestoreTarget target, CancellationToken ct)
    {
        var wrong = await check.OfDatabaseAsync(target.Start, target.Contents, ct);
        if (wrong.Count > 0)
        {
            throw new RecoveryException($"The backup is damaged and is not restored: {string.Join("; ", wrong.Take(5))}{(wrong.Count > 5 ? $"; and {wrong.Count - 5} more" : "")}.");
        }
    }

    private async Task RestoreFilesAsync(CatalogueEntry entry, string work, CancellationToken ct)
    {
        await _restic.UnlockAsync(ct);
        if ((await _restic.SnapshotsAsync(ct)).All(snapshot => snapshot.Id != entry.Contents.Snapshot))
        {
            throw new RecoveryException($"The catalogue does not fit: the contents of {entry.Id} (snapshot {entry.Contents.Snapshot}) are not in the repository.");
        }

        await _restic.RestoreAsync(entry.Contents.Snapshot, work, [], ct);
        var saved = Path.Combine(work, "backup", "secrets.json");
        SystemData.WriteSecrets(Path.Combine(work, "secrets.json"), new Dictionary<string, string>(SystemData.ReadSecrets(saved)) { [BackupKey.Parameter] = key.Text });
        Directory.Delete(Path.Combine(work, "backup"), recursive: true);
    }

    /// <summary>What pgBackRest told the server about the target holds for this once.</summary>
    private static async Task ForgetRecoveryAsync(string postgres, CancellationToken ct)
    {
        var file = Path.Combine(postgres, "postgresql.auto.conf");
        var lines = await File.ReadAllLinesAsync(file, ct);
        await File.WriteAllLinesAsync(file, lines.Where(line => !line.StartsWith("restore_command", StringComparison.Ordinal) && !line.StartsWith("recovery_target", StringComparison.Ordinal)), ct);
    }

    private async Task TimedAsync(string what, Func<Task> work)
    {
        var started = clock.GetTimestamp();
        await work();
        _seconds[what] = Math.Round(clock.GetElapsedTime(started).TotalSeconds, 2);
    }
}
