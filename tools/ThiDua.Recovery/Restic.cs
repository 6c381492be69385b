using System.Text.Json;

namespace ThiDua.Recovery;

/// <summary>restic on the part <c>contents</c> of a repository: files under their own hash, kept once however many backups hold them.</summary>
internal sealed class Restic(string path, BackupKey key)
{
    private const int SomeFilesNotRead = 3;
    private const string Host = "thidua"; // the same wherever it runs, so that a snapshot finds the one before it

    private readonly Dictionary<string, string> _environment = new() { ["RESTIC_REPOSITORY"] = path, ["RESTIC_PASSWORD"] = key.Text };

    /// <summary>Makes the repository where there is none yet.</summary>
    /// <param name="isNew">Whether nothing has been saved so far; otherwise one that is gone is a damage, and not begun anew.</param>
    /// <param name="ct">Ends it.</param>
    public async Task PrepareAsync(bool isNew, CancellationToken ct)
    {
        if (isNew && !File.Exists(Path.Combine(path, "config")))
        {
            await RunAsync(["init", "--repository-version=2"], "/", ct);
        }

        await UnlockAsync(ct);
    }

    /// <summary>Lets go of what a killed run holds: whoever calls this holds the lock of the whole.</summary>
    public Task UnlockAsync(CancellationToken ct) => RunAsync(["unlock"], "/", ct);

    /// <param name="directory">Where the paths begin, and will begin when they are restored.</param>
    /// <param name="paths">What to save.</param>
    /// <param name="leftOut">What not, below them.</param>
    /// <param name="mayVanish">A directory whose files may go while they are read.</param>
    /// <param name="tag">Name of the entry.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<SavedContents> SaveAsync(string directory, IReadOnlyList<string> paths, IReadOnlyList<string> leftOut, string mayVanish, string tag, CancellationToken ct)
    {
        var tool = Command(["backup", "--json", $"--host={Host}", $"--tag={tag}", .. leftOut.Select(one => $"--exclude={one}"), .. paths], directory);
        var result = await Tools.TryAsync(tool, ct);
        if (result.ExitCode != 0 && (result.ExitCode != SomeFilesNotRead || NotRead(result).Any(file => !file.Contains(mayVanish, StringComparison.Ordinal))))
        {
            throw Tools.Failed(tool, result);
        }

        var summary = Messages(result.Output).Last(message => message.GetProperty("message_type").GetString() == "summary");
        var snapshot = (await SnapshotsAsync(ct)).Single(one => one.Tag == tag).Id;
        return new SavedContents(
            snapshot, "disk", summary.GetProperty("total_files_processed").GetInt64(), summary.GetProperty("total_bytes_processed").GetInt64(), summary.GetProperty("data_added").GetInt64(), []);
    }

    public async Task<IReadOnlyList<(string Id, string Tag)>> SnapshotsAsync(CancellationToken ct)
    {
        using var document = JsonDocument.Parse(await RunAsync(["snapshots", "--json"], "/", ct));
        return [.. document.RootElement.EnumerateArray().Select(one => (
            one.GetProperty("id").GetString()!,
            one.TryGetProperty("tags", out var tags) && tags.GetArrayLength() > 0 ? tags[0].GetString()! : ""))];
    }

    public Task RestoreAsync(string snapshot, string into, IEnumerable<string> only, CancellationToken ct) =>
        RunAsync(["restore", snapshot, $"--target={into}", .. only.Select(one => $"--include={one}")], "/", ct);

    /// <summary>The paths that a snapshot has, of those asked for.</summary>
    public async Task<IReadOnlySet<string>> FilesAsync(string snapshot, CancellationToken ct)
    {
        var files = Messages(await RunAsync(["ls", "--json", snapshot], "/", ct)).Where(node => node.TryGetProperty("type", out var type) && type.GetString() == "file");
        return files.Select(node => node.GetProperty("path").GetString()!).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Reads every byte.</summary>
    /// <returns>What is wrong, in restic's words.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken ct)
    {
        var result = await Tools.TryAsync(Command(["check", "--read-data"], "/"), ct);
        return result.ExitCode == 0 ? [] : [.. $"{result.Output}\n{result.Errors}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase) || line.Contains("Fatal", StringComparison.Ordinal) || line.Contains("does not", StringComparison.Ordinal)).Take(8)];
    }

    public async Task ForgetAsync(IReadOnlyList<string> snapshots, CancellationToken ct)
    {
        if (snapshots.Count > 0)
        {
            await RunAsync(["forget", "--prune", .. snapshots], "/", ct);
        }
    }

    private Task<string> RunAsync(IReadOnlyList<string> arguments, string directory, CancellationToken ct) => Tools.RunAsync(Command(arguments, directory), ct);

    private Tool Command(IReadOnlyList<string> arguments, string directory) => new(["restic", "--no-cache", .. arguments], Directory: directory, Environment: _environment);

    private static IEnumerable<string> NotRead(ToolResult result) => Messages(result.Errors)
        .Where(message => message.TryGetProperty("message_type", out var type) && type.GetString() == "error")
        .Select(message => message.TryGetProperty("item", out var item) ? item.GetString()! : "");

    private static IEnumerable<JsonElement> Messages(string lines)
    {
        foreach (var line in lines.Split('\n').Where(line => line.StartsWith('{')))
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }
}
