using System.Security.Cryptography;

namespace ThiDua.Recovery;

internal static class AtomicFile
{
    /// <summary>Whole or not at all, durable.</summary>
    public static void Write(string path, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        File.Delete($"{path}.new");
        using (var stream = new FileStream($"{path}.new", new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move($"{path}.new", path, overwrite: true);
    }
}

internal static class Ownership
{
    public static async Task<string> OfAsync(string path, CancellationToken ct) => (await Tools.RunAsync(new Tool(["stat", "-c", "%U", path]), ct)).Trim();

    /// <summary>Nothing when it is ours to keep.</summary>
    public static Task GiveAsync(string path, string user, CancellationToken ct) =>
        Tools.IsRoot && user != Tools.Me ? Tools.RunAsync(new Tool(["chown", "-R", $"{user}:", path]), ct) : Task.CompletedTask;
}

internal static class Reachable
{
    /// <exception cref="RecoveryException">As root the database's user works there, too, and may not pass through a folder above.</exception>
    public static void Require(string path, string user)
    {
        for (var parent = Tools.IsRoot && user != Tools.Me ? new DirectoryInfo(path) : null; parent is not null; parent = parent.Parent)
        {
            if (parent.Exists && (File.GetUnixFileMode(parent.FullName) & UnixFileMode.OtherExecute) == 0)
            {
                throw new RecoveryException($"As root, the database's programs run as {user}, who may not pass through {parent.FullName} to {path}. Name a directory that {user} can reach.");
            }
        }
    }
}

internal static class FileHash
{
    public static async Task<string> OfAsync(string path, CancellationToken ct)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 1 << 20 });
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
    }

    /// <summary>SHA-256 of every file below a directory, by its path from <paramref name="root"/>.</summary>
    public static async Task<SortedDictionary<string, string>> OfAllAsync(string root, string directory, CancellationToken ct)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            hashes[Path.GetRelativePath(root, file)] = await OfAsync(file, ct);
        }

        return hashes;
    }
}
