namespace ThiDua.Recovery.Drill;

/// <summary>A damage and what a restore said of it.</summary>
internal sealed record Refusal(string Damage, bool Refused, string Reason, double Seconds);

/// <summary>Damages a copy of a repository in one way after the other, and tries to restore from it each time.</summary>
internal sealed class DamageTrials(string repository, string work, string keyFile, TimeProvider clock)
{
    private readonly string _damaged = Path.Combine(work, "damaged");

    public async Task<IReadOnlyList<Refusal>> RunAsync(CancellationToken ct)
    {
        await Tools.RunAsync(new Tool(["cp", "-a", repository, _damaged]), ct);
        var key = BackupKey.Read(keyFile, null);
        var entries = BackupRepository.Open(_damaged, key).Entries();
        var last = entries[^1];
        var start = entries.Single(entry => entry.Id == last.Base);
        var bundle = Path.Combine(_damaged, "database", start.Database!.Files.Keys.Where(file => file.Contains("/bundle/", StringComparison.Ordinal)).OrderByDescending(file => new FileInfo(Path.Combine(_damaged, "database", file)).Length).First());
        var segment = Path.Combine(_damaged, "database", last.Log.Keys.First());
        var catalogue = Path.Combine(_damaged, "catalogue", $"{last.Id}.json");
        var pack = new DirectoryInfo(Path.Combine(_damaged, "contents", "data")).EnumerateFiles("*", SearchOption.AllDirectories).MaxBy(file => file.Length)!.FullName;
        var otherKey = Path.Combine(work, "other.key");
        await File.WriteAllTextAsync(otherKey, "thisIsNotTheKeyOfThisRepositoryButAnother1", ct);

        return
        [
            await TryAsync("a flipped byte in the database's backup", bundle, Flip, [], ct),
            await TryAsync("the database's backup cut short", bundle, Cut, [], ct),
            await TryAsync("a file of the database's backup missing", bundle, File.Delete, [], ct),
            await TryAsync("a flipped byte in a segment of the log", segment, Flip, [], ct),
            await TryAsync("a segment of the log missing", segment, File.Delete, [], ct),
            await TryAsync("a flipped byte in a pack of contents", pack, Flip, [], ct),
            await TryAsync("a pack of contents cut short", pack, Cut, [], ct),
            await TryAsync("a pack of contents missing", pack, File.Delete, [], ct),
            await TryAsync("a catalogue entry changed by hand", catalogue, file => File.WriteAllText(file, File.ReadAllText(file).Replace("\"missing\": []", "\"missing\": [ ]", StringComparison.Ordinal)), [], ct),
            await TryAsync("a catalogue entry cut short", catalogue, Cut, [], ct),
            await TryAsync("the catalogue entry that it builds upon missing", Path.Combine(_damaged, "catalogue", $"{start.Id}.json"), File.Delete, [], ct),
            await TryAsync("another key", catalogue, _ => { }, ["--key-file", otherKey], ct),
            await TryAsync("a time before the first backup", catalogue, _ => { }, ["--at", $"{entries[0].StartedAt.AddDays(-1):yyyy-MM-dd'T'HH:mm:ss'Z'}"], ct),
            await TryAsync("a time after the log's end", catalogue, _ => { }, ["--at", $"{clock.GetUtcNow().AddDays(1):yyyy-MM-dd'T'HH:mm:ss'Z'}"], ct),
        ];
    }

    private async Task<Refusal> TryAsync(string damage, string file, Action<string> apply, string[] arguments, CancellationToken ct)
    {
        var kept = $"{work}/kept";
        File.Copy(file, kept, overwrite: true);
        var (mode, started) = (File.GetUnixFileMode(file), clock.GetTimestamp());
        var user = await Ownership.OfAsync(file, ct);
        var target = Path.Combine(work, "must-not-be");
        apply(file);
        var result = await Operator.TryAsync(["restore", "--from", _damaged, "--data", target, .. arguments.Contains("--key-file") ? [] : new[] { "--key-file", keyFile }, .. arguments], ct);
        var refused = result.ExitCode == Commands.Failed && !Directory.Exists(target) && !Directory.Exists($"{target}.restoring");
        File.Copy(kept, file, overwrite: true);
        File.SetUnixFileMode(file, mode);
        await Ownership.GiveAsync(file, user, ct);
        var reason = result.Errors.Split('\n').LastOrDefault(line => line.StartsWith("thidua: ", StringComparison.Ordinal)) ?? result.Errors;
        return new Refusal(damage, refused, reason.Replace("thidua: ", "", StringComparison.Ordinal).Replace($"{_damaged}/", "", StringComparison.Ordinal).Replace(_damaged, "REPOSITORY", StringComparison.Ordinal), clock.GetElapsedTime(started).TotalSeconds);
    }

    private static void Flip(string file)
    {
        using var stream = File.Open(file, FileMode.Open);
        stream.Position = stream.Length / 2;
        var value = stream.ReadByte();
        stream.Position = stream.Length / 2;
        stream.WriteByte((byte)(value ^ 1));
    }

    private static void Cut(string file)
    {
        using var stream = File.Open(file, FileMode.Open);
        stream.SetLength(stream.Length / 2);
    }
}

/// <summary>This program, run as an operator runs it.</summary>
internal static class Operator
{
    public static Task<ToolResult> TryAsync(IReadOnlyList<string> arguments, CancellationToken ct) => Tools.TryAsync(Of(arguments), ct);

    public static Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct) => Tools.RunAsync(Of(arguments), ct);

    public static Tool Of(IReadOnlyList<string> arguments) => new(["dotnet", TrialSystem.Program("ThiDua.Recovery"), .. arguments]);
}
