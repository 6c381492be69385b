using System.Security.Cryptography;

namespace ThiDua.Recovery;

/// <summary>Whether what the catalogue lists lies in the repository as it was written.</summary>
internal sealed class IntegrityCheck(BackupRepository repository, IReadOnlyList<CatalogueEntry> entries)
{
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal); // each file is read once

    /// <summary>Everything of the database's part that a restore reads: its backup with those that it builds upon, and the log from there without a gap.</summary>
    /// <param name="start">The entry it begins with.</param>
    /// <param name="end">The entry whose point it reaches at least.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>What is wrong.</returns>
    public async Task<IReadOnlyList<string>> OfDatabaseAsync(CatalogueEntry start, CatalogueEntry end, CancellationToken ct)
    {
        List<string> wrong = [];
        foreach (var label in start.Database!.References.Append(start.Database.Label).Distinct(StringComparer.Ordinal))
        {
            if (entries.FirstOrDefault(one => one.Database?.Label == label)?.Database is { } saved)
            {
                wrong.AddRange(await OfFilesAsync(saved.Files, ct));
            }
            else
            {
                wrong.Add($"the catalogue does not fit: {start.Id} needs the backup {label}, of which there is no entry");
            }
        }

        var listed = entries.SelectMany(entry => entry.Log).DistinctBy(file => file.Key).ToDictionary(file => Path.GetFileName(file.Key)[..24], StringComparer.Ordinal);
        Dictionary<string, string> needed = [];
        for (var segment = LogSegment.Parse(start.Database.FirstSegment); segment.Number <= LogSegment.Parse(end.Point.Segment).Number; segment = segment.Next)
        {
            if (listed.TryGetValue($"{segment}", out var file))
            {
                needed.Add(file.Key, file.Value);
            }
            else
            {
                wrong.Add($"the catalogue does not fit: it lacks the segment {segment} of the log");
            }
        }

        wrong.AddRange(await OfFilesAsync(needed, ct));
        return wrong;
    }

    /// <summary>The log past the last entry, of which the catalogue knows nothing yet: without a gap, each segment as its name says.</summary>
    /// <param name="database">What fetches it.</param>
    /// <param name="postgres">Restored files; pgBackRest asks them whether the log is theirs.</param>
    /// <param name="work">Where a segment may lie for a moment.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>What is wrong; null: nothing.</returns>
    public async Task<string?> OfTailAsync(PgBackRest database, string postgres, string work, CancellationToken ct)
    {
        var archived = LogSegment.InArchive(repository.Database);
        foreach (var segment in Tail(archived))
        {
            var file = archived[$"{segment}"];
            var fetched = Path.Combine(work, $"{segment}");
            try
            {
                await database.FetchAsync(segment, fetched, postgres, ct);
            }
            catch (RecoveryException damage)
            {
                return $"{file} is damaged: {damage.Message}";
            }

            await using (var content = File.OpenRead(fetched))
            {
                // Not against an attacker, whom the encryption keeps out: it is what pgBackRest names segments by.
#pragma warning disable CA5350
                if (Convert.ToHexStringLower(await SHA1.HashDataAsync(content, ct)) != LogSegment.Sha1Of(file))
#pragma warning restore CA5350
                {
                    return $"{file} is damaged: it does not hold what its name says";
                }
            }

            File.Delete(fetched);
        }

        return GapInTail();
    }

    /// <summary>A segment that comes later without those between: a gap, not an end.</summary>
    public string? GapInTail()
    {
        var archived = LogSegment.InArchive(repository.Database);
        var last = LogSegment.Parse(entries[^1].Point.Segment);
        var next = Tail(archived).Append(last).MaxBy(segment => segment.Number).Next;
        return archived.Keys.FirstOrDefault(name => name.StartsWith(next.Timeline, StringComparison.Ordinal) && LogSegment.Parse(name).Number > next.Number) is { } later
            ? $"the segment {next} of the log is missing, and {later} is there"
            : null;
    }

    private IEnumerable<LogSegment> Tail(SortedDictionary<string, string> archived)
    {
        for (var segment = LogSegment.Parse(entries[^1].Point.Segment).Next; archived.ContainsKey($"{segment}"); segment = segment.Next)
        {
            yield return segment;
        }
    }

    private async Task<IReadOnlyList<string>> OfFilesAsync(IReadOnlyDictionary<string, string> files, CancellationToken ct)
    {
        List<string> wrong = [];
        foreach (var (name, expected) in files)
        {
            var path = Path.GetFullPath(Path.Combine(repository.Database, name));
            if (!File.Exists(path))
            {
                wrong.Add($"{path} is missing");
            }
            else if ((_hashes.TryGetValue(path, out var hash) ? hash : _hashes[path] = await FileHash.OfAsync(path, ct)) != expected)
            {
                wrong.Add($"{path} is damaged: it is not what was written");
            }
        }

        return wrong;
    }
}
