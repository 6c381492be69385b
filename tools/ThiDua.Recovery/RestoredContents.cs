namespace ThiDua.Recovery;

/// <summary>Makes the contents on disk those that the restored rows name: no fewer, no more, each what its name says.</summary>
internal sealed class RestoredContents(string work, Restic restic, IReadOnlyList<CatalogueEntry> entries)
{
    private const int PathsAtOnce = 200;
    private static readonly string[] s_areas = ["contents", "papers"];

    public long Count { get; private set; }
    public long Bytes { get; private set; }

    /// <returns>Contents that were missing when they were saved already, or that no backup has.</returns>
    public async Task<IReadOnlyList<string>> CompleteAsync(IReadOnlyList<ContentReference> named, CatalogueEntry taken, string? contentsFrom, Action<string> say, CancellationToken ct)
    {
        if (taken.Contents.Store != Backups.OnDisk)
        {
            say($"contents lie in {taken.Contents.Store} and are not part of this repository; {named.Count(content => content.Required)} are named");
            return [];
        }

        var absent = named.Where(content => content.Required && !File.Exists(PathOf(content))).ToList();
        await FetchAsync(absent, taken, contentsFrom, ct);
        RemoveUnnamed(named);

        List<string> missing = [];
        List<string> wrong = [];
        foreach (var content in named.Where(content => content.Required))
        {
            var path = PathOf(content);
            if (!File.Exists(path))
            {
                missing.Add(content.Path);
            }
            else if (await FileHash.OfAsync(path, ct) != content.Sha256)
            {
                wrong.Add(content.Path);
            }
            else
            {
                Count++;
                Bytes += new FileInfo(path).Length;
            }
        }

        if (wrong.Count > 0)
        {
            throw new RecoveryException($"{wrong.Count} restored contents do not have the hash that rows name, the first {wrong[0]}: the backup is damaged.");
        }

        return missing;
    }

    /// <summary>What a retention run removed after the target's time lies in earlier snapshots; what came after the last snapshot, in the old directory at best.</summary>
    private async Task FetchAsync(List<ContentReference> absent, CatalogueEntry taken, string? contentsFrom, CancellationToken ct)
    {
        foreach (var entry in entries.Reverse().Where(entry => entry.Id != taken.Id && entry.Contents.Store == Backups.OnDisk))
        {
            if (absent.Count == 0)
            {
                return;
            }

            var files = await restic.FilesAsync(entry.Contents.Snapshot, ct);
            foreach (var some in absent.Select(content => $"/{content.Path}").Where(files.Contains).Chunk(PathsAtOnce))
            {
                await restic.RestoreAsync(entry.Contents.Snapshot, work, some, ct);
            }

            absent.RemoveAll(content => File.Exists(PathOf(content)));
        }

        foreach (var content in contentsFrom is null ? [] : absent.Where(content => File.Exists(Path.Combine(contentsFrom, content.Path))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(content))!);
            File.Copy(Path.Combine(contentsFrom!, content.Path), PathOf(content));
        }
    }

    /// <summary>Contents of rows that came after the target.</summary>
    private void RemoveUnnamed(IReadOnlyList<ContentReference> named)
    {
        var kept = named.Select(PathOf).ToHashSet(StringComparer.Ordinal);
        foreach (var area in s_areas.Select(area => Path.Combine(work, "documents", area)).Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(area, "*", SearchOption.AllDirectories).Where(file => !kept.Contains(file)))
            {
                File.Delete(file);
            }
        }
    }

    private string PathOf(ContentReference content) => Path.Combine(work, content.Path);
}
