using System.Security.Cryptography;
using System.Text.Json;

namespace ThiDua.Recovery;

/// <summary>
/// A directory of backups: <c>database</c> is pgBackRest's, <c>contents</c> restic's, and the catalogue ties the two together. What has no
/// line in the catalogue, written last and whole, is no backup.
/// </summary>
internal sealed class BackupRepository
{
    private const int Format = 1;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly BackupKey _key;

    private BackupRepository(string path, BackupKey key)
    {
        Path = path;
        _key = key;
    }

    public string Path { get; }
    public string Database => System.IO.Path.Combine(Path, "database");
    public string Contents => System.IO.Path.Combine(Path, "contents");
    private string Catalogue => System.IO.Path.Combine(Path, "catalogue");

    /// <summary>Opens it, or makes it where nothing is.</summary>
    public static async Task<BackupRepository> CreateAsync(string path, BackupKey key, string databaseUser, CancellationToken ct)
    {
        var repository = new BackupRepository(path, key);
        if (!File.Exists(repository.Description))
        {
            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(entry => System.IO.Path.GetFileName(entry) is not ("lock" or "database" or "contents" or "catalogue")))
            {
                throw new RecoveryException($"{path} holds something else; name an empty directory as the repository.");
            }

            Directory.CreateDirectory(path);
            // As root, the database's part belongs to the database's user, who must pass through.
            File.SetUnixFileMode(path, Tools.IsRoot ? Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Owner);
            Reachable.Require(path, databaseUser);
            Directory.CreateDirectory(repository.Catalogue, Owner); // before what makes it a repository
            Directory.CreateDirectory(repository.Database, Owner);
            await Ownership.GiveAsync(repository.Database, databaseUser, ct);
            var id = $"{Guid.CreateVersion7()}";
            AtomicFile.Write(repository.Description, JsonSerializer.Serialize(new RepositoryDescription(Format, id, key.Seal(id)), CatalogueJson.Options));
        }

        return Open(path, key);
    }

    /// <exception cref="RecoveryException">It is none, or is not encrypted with this key.</exception>
    public static BackupRepository Open(string path, BackupKey key)
    {
        var repository = new BackupRepository(System.IO.Path.GetFullPath(path), key);
        if (!File.Exists(repository.Description))
        {
            throw new RecoveryException($"{path} is no backup repository: it has no repository.json.");
        }

        RepositoryDescription description;
        try
        {
            description = JsonSerializer.Deserialize<RepositoryDescription>(File.ReadAllText(repository.Description), CatalogueJson.Options)!;
        }
        catch (JsonException damage)
        {
            throw new RecoveryException($"{repository.Description} is damaged: {damage.Message}", damage);
        }

        if (description.Format != Format)
        {
            throw new RecoveryException($"The repository {path} has format {description.Format}; this version reads {Format}.");
        }

        return Same(key.Seal(description.Id), description.KeyCheck) ? repository : throw new RecoveryException($"The key is not that of the repository {path}.");
    }

    /// <summary>One at a time works on a repository. The claim ends with the process at the latest.</summary>
    public IDisposable Claim()
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held)
        {
            throw new RecoveryException($"Another backup or restore works on {Path} just now.", held);
        }
    }

    /// <summary>Oldest first.</summary>
    /// <exception cref="RecoveryException">An entry is damaged or was not written with this key.</exception>
    public IReadOnlyList<CatalogueEntry> Entries()
    {
        var entries = new List<CatalogueEntry>();
        foreach (var file in Directory.EnumerateFiles(Catalogue, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                using var document = JsonDocument.Parse(File.ReadAllBytes(file));
                var text = document.RootElement.GetProperty("entry").GetRawText();
                if (!Same(_key.Seal(text), document.RootElement.GetProperty("seal").GetString() ?? ""))
                {
                    throw new RecoveryException($"The catalogue entry {file} does not carry the seal of this repository's key: it was damaged or changed.");
                }

                var entry = JsonSerializer.Deserialize<CatalogueEntry>(text, CatalogueJson.Options)!;
                entries.Add(entry.Id == System.IO.Path.GetFileNameWithoutExtension(file) ? entry : throw new RecoveryException($"The catalogue entry {file} is that of {entry.Id}."));
            }
            catch (Exception damage) when (damage is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new RecoveryException($"The catalogue entry {file} is damaged: {damage.Message}", damage);
            }
        }

        return entries;
    }

    public void Add(CatalogueEntry entry)
    {
        var text = JsonSerializer.Serialize(entry, CatalogueJson.Options);
        AtomicFile.Write(FileOf(entry.Id), $"{{\n\"seal\": \"{_key.Seal(text)}\",\n\"entry\": {text}\n}}\n");
    }

    public void Remove(CatalogueEntry entry) => File.Delete(FileOf(entry.Id));

    private string Description => System.IO.Path.Combine(Path, "repository.json");

    private string FileOf(string id) => System.IO.Path.Combine(Catalogue, $"{id}.json");

    private static bool Same(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(one), System.Text.Encoding.UTF8.GetBytes(other));

    private sealed record RepositoryDescription(int Format, string Id, string KeyCheck);
}
