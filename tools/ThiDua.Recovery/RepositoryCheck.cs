namespace ThiDua.Recovery;

/// <summary>Looks at everything in a repository: each entry's files, the whole log, each snapshot, every byte of contents.</summary>
internal static class RepositoryCheck
{
    /// <returns>What is wrong.</returns>
    public static async Task<IReadOnlyList<string>> AllAsync(BackupRepository repository, BackupKey key, Restic restic, Action<string> say, CancellationToken ct)
    {
        var entries = repository.Entries();
        if (entries.Count == 0)
        {
            return ["the catalogue has no backup"];
        }

        List<string> wrong = [];
        var check = new IntegrityCheck(repository, entries);
        foreach (var entry in entries)
        {
            if (entries.FirstOrDefault(one => one.Id == entry.Base && one.Database is not null) is { } start)
            {
                wrong.AddRange(await check.OfDatabaseAsync(start, entry, ct));
            }
            else
            {
                wrong.Add($"the catalogue does not fit: {entry.Id} builds upon {entry.Base}, of which there is no entry");
            }
        }

        if (check.GapInTail() is { } gap)
        {
            wrong.Add(gap);
        }

        say("reading all backups and all of the log");
        var work = Directory.CreateTempSubdirectory("thidua-check-").FullName;
        try
        {
            var user = await Ownership.OfAsync(repository.Database, ct);
            var database = await PgBackRest.ConfigureAsync(Path.Combine(work, "pgbackrest.conf"), repository, key, work, user, 1, ct);
            await Ownership.GiveAsync(work, user, ct);
            var labels = (await database.BackupsAsync(ct)).Select(backup => backup.Label).ToHashSet(StringComparer.Ordinal);
            wrong.AddRange(entries.Where(entry => entry.Database is { } saved && !labels.Contains(saved.Label)).Select(entry => $"the catalogue does not fit: pgBackRest has no backup {entry.Database!.Label} of {entry.Id}"));
            wrong.AddRange(await database.VerifyAsync(ct));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        say("reading all contents");
        wrong.AddRange(await restic.CheckAsync(ct));
        var snapshots = (await restic.SnapshotsAsync(ct)).Select(snapshot => snapshot.Id).ToHashSet(StringComparer.Ordinal);
        wrong.AddRange(entries.Where(entry => !snapshots.Contains(entry.Contents.Snapshot)).Select(entry => $"the catalogue does not fit: the contents of {entry.Id} are not in the repository"));
        return [.. wrong.Distinct(StringComparer.Ordinal)];
    }
}
