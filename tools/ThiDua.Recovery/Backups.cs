using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Npgsql;

namespace ThiDua.Recovery;

/// <summary>Makes backups of a system that runs.</summary>
/// <remarks>
/// The order is what makes one consistent: the database first, then a named point in its log, then the contents. A row is committed after its
/// content is durable, so whatever rows name at the point lies on disk when the contents are copied; and Documents removes nothing meanwhile.
/// </remarks>
internal sealed class Backups(SystemData system, BackupRepository repository, BackupKey key, TimeProvider clock, Action<string> say)
{
    public const string OnDisk = "disk";
    private static readonly TimeSpan s_archiving = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private const int MissingNamed = 1000;

    private readonly Restic _restic = new(repository.Contents, key);

    /// <summary>The database and the contents.</summary>
    /// <param name="settings">Retention, and when a full one is due.</param>
    /// <param name="full">A full one now.</param>
    /// <param name="ct">Ends it; nothing of it counts then.</param>
    public async Task<CatalogueEntry> BackUpAsync(BackupSettings settings, bool full, CancellationToken ct)
    {
        using var claim = repository.Claim();
        var started = clock.GetUtcNow();
        var watch = clock.GetTimestamp();
        var entries = repository.Entries();
        system.PrepareBackup();
        await _restic.PrepareAsync(entries.Count == 0, ct);
        var database = await PgBackRest.ConfigureAsync(system.PgBackRestSettings, repository, key, system.Postgres, system.DatabaseUser, settings.KeepFull, ct);
        await database.CreateStanzaAsync(system, ct);
        database = database.Begin();
        system.Settings = settings;

        var lastFull = entries.LastOrDefault(entry => entry.Kind == BackupKind.Full);
        full |= lastFull is null || started - lastFull.StartedAt >= TimeSpan.FromDays(settings.FullEveryDays);
        say($"backing up the databases ({(full ? "full" : "what changed")})");
        var saved = await database.BackUpAsync(system, full, ct);
        saved = saved with { Files = await FileHash.OfAllAsync(repository.Database, Path.Combine(repository.Database, "backup", PgBackRest.Stanza, saved.Label), ct) };
        var id = NewId(started);
        var entry = await CompleteAsync(id, full ? BackupKind.Full : BackupKind.Incremental, started, id, saved, FirstUnlisted(entries, LogSegment.Parse(saved.FirstSegment)), ct);
        repository.Add(entry);
        await RemoveExpiredAsync(database, ct);
        MetricsFile.Backup(system.Path, entry, clock.GetElapsedTime(watch));
        return entry;
    }

    /// <summary>The contents that came since, and a point of the log up to which they are complete. Quick: for every few minutes.</summary>
    public async Task<CatalogueEntry> SaveContentsAsync(CancellationToken ct)
    {
        using var claim = repository.Claim();
        var started = clock.GetUtcNow();
        var last = repository.Entries() is [.., var newest] ? newest : throw new RecoveryException("There is no backup yet that contents could be added to: ./thidua backup");
        await _restic.UnlockAsync(ct);
        var entry = await CompleteAsync(NewId(started), BackupKind.Contents, started, last.Base, null, LogSegment.Parse(last.Point.Segment).Next, ct);
        repository.Add(entry);
        return entry;
    }

    private async Task<CatalogueEntry> CompleteAsync(string id, BackupKind kind, DateTimeOffset started, string @base, SavedDatabase? database, LogSegment firstSegment, CancellationToken ct)
    {
        await using var held = await ContentReference.HoldAsync(system, ct);
        var point = await MarkAsync(id, ct);
        var named = await ContentReference.AllAsync(system, ct);
        var contents = await SaveFilesAsync(id, named, ct);
        var log = await UntilArchivedAsync(firstSegment, point.Segment, ct);
        return new CatalogueEntry(
            id, kind, started, clock.GetUtcNow(), @base, point, database, contents, log, [.. system.SavedSecrets().Keys.Order(StringComparer.Ordinal)],
            typeof(Backups).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown", await system.MigrationsAsync(ct));
    }

    /// <summary>A name in the log, after it a commit (a restore to a time ends at the first commit past it), and the segment's end, which sends it off.</summary>
    private async Task<RestorePoint> MarkAsync(string id, CancellationToken ct)
    {
        var name = $"thidua-{id}";
        await using var source = system.Open("postgres");
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var mark = new NpgsqlCommand("select pg_create_restore_point($1)::text", connection);
        mark.Parameters.AddWithValue(name);
        var lsn = (string)(await mark.ExecuteScalarAsync(ct))!;
        var time = await connection.ScalarAsync<DateTime>("select clock_timestamp()", ct);
        await connection.ScalarAsync<object>("select pg_logical_emit_message(true, 'thidua', 'backup')", ct);
        var segment = await connection.ScalarAsync<string>("select pg_walfile_name(pg_switch_wal())", ct);
        return new RestorePoint(name, lsn, new DateTimeOffset(time, TimeSpan.Zero), segment);
    }

    private async Task<SavedContents> SaveFilesAsync(string id, IReadOnlyList<ContentReference> named, CancellationToken ct)
    {
        var store = Environment.GetEnvironmentVariable("Documents__Store") is { Length: > 0 } set ? set.Split('?')[0] : OnDisk;
        List<string> missing = [];
        if (store == OnDisk)
        {
            missing = [.. named.Where(content => content.Required && !File.Exists(Path.Combine(system.Path, content.Path))).Select(content => content.Path)];
            if (missing.Count > 0)
            {
                say($"warning: {missing.Count} contents that rows name do not lie in {system.Path}/documents, the first {missing[0]}. Were they in a bucket, Documents__Store would have to be set for this command, too.");
            }
        }

        say($"copying contents ({named.Count} named)");
        var secrets = Path.Combine(system.Backup, "secrets.json");
        try
        {
            SystemData.WriteSecrets(secrets, system.SavedSecrets());
            string[] paths = [.. Directory.Exists(Path.Combine(system.Path, "documents")) ? new[] { "documents" } : [], "backup/secrets.json"];
            var saved = await _restic.SaveAsync(system.Path, paths, [Path.Combine(system.Path, "documents", "incoming")], "/documents/uploads/", id, ct);
            return saved with { Store = store, Missing = [.. missing.Take(MissingNamed)] };
        }
        finally
        {
            File.Delete(secrets);
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> UntilArchivedAsync(LogSegment first, string last, CancellationToken ct)
    {
        say("waiting for the log in the repository");
        var waited = Stopwatch.StartNew();
        while (!LogSegment.InArchive(repository.Database).ContainsKey(last))
        {
            if (waited.Elapsed > s_archiving)
            {
                await using var source = system.Open("postgres");
                await using var command = source.CreateCommand("select coalesce(last_failed_wal || ' at ' || last_failed_time, 'none') from pg_stat_archiver");
                throw new RecoveryException($"The segment {last} of the log did not reach the repository within {s_archiving.TotalSeconds} s; last that failed: {await command.ExecuteScalarAsync(ct)}. See {system.Path}/log/postgres.log.");
            }

            await Task.Delay(s_look, clock, ct);
        }

        if (first.Timeline != LogSegment.Parse(last).Timeline)
        {
            throw new RecoveryException("The last backup in the repository is of another history than this system's, which was restored since: ./thidua backup first.");
        }

        var archived = LogSegment.InArchive(repository.Database);
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var segment = first; segment.Number <= LogSegment.Parse(last).Number; segment = segment.Next)
        {
            var file = archived.TryGetValue($"{segment}", out var found) ? found : throw new RecoveryException($"The segment {segment} of the log is not in the repository.");
            hashes[Path.GetRelativePath(repository.Database, file)] = await FileHash.OfAsync(file, ct);
        }

        return hashes;
    }

    /// <summary>pgBackRest has dropped what is over its number; what built upon it follows, and then the contents that no entry holds.</summary>
    private async Task RemoveExpiredAsync(PgBackRest database, CancellationToken ct)
    {
        var labels = (await database.BackupsAsync(ct)).Select(backup => backup.Label).ToHashSet(StringComparer.Ordinal);
        var entries = repository.Entries();
        var bases = entries.Where(entry => entry.Database is { } saved && labels.Contains(saved.Label)).Select(entry => entry.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var expired in entries.Where(entry => !bases.Contains(entry.Base)))
        {
            say($"{expired.Id} is over its retention");
            repository.Remove(expired);
        }

        var kept = entries.Where(entry => bases.Contains(entry.Base)).Select(entry => entry.Contents.Snapshot).ToHashSet(StringComparer.Ordinal);
        await _restic.ForgetAsync([.. (await _restic.SnapshotsAsync(ct)).Select(snapshot => snapshot.Id).Where(snapshot => !kept.Contains(snapshot))], ct);
    }

    /// <summary>The catalogue lists the log without a gap from one backup to the next, so that an older one can be taken as far as a newer.</summary>
    private static LogSegment FirstUnlisted(IReadOnlyList<CatalogueEntry> entries, LogSegment needed) =>
        entries is [.., var last] && LogSegment.Parse(last.Point.Segment) is var listed && listed.Timeline == needed.Timeline && listed.Number < needed.Number ? listed.Next : needed;

    private static string NewId(DateTimeOffset now) => now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
