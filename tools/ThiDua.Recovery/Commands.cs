using System.Globalization;
using System.Text.Json;
using ThiDua.Recovery.Drill;

namespace ThiDua.Recovery;

/// <summary>The commands, from their arguments to their exit status.</summary>
internal sealed class Commands(TextWriter output, TextWriter error, TimeProvider clock)
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misused = 2;
    public const int ContentsMissing = 3;

    private const int KeepFull = 4;
    private const int FullEveryDays = 7;

    private readonly long _started = clock.GetTimestamp();

    public async Task<int> RunAsync(CommandLine command, CancellationToken ct)
    {
        try
        {
            return command.Kind switch
            {
                CommandKind.BackUp => await BackUpAsync(command, ct),
                CommandKind.SaveContents => await SaveContentsAsync(command, ct),
                CommandKind.List => await ListAsync(command),
                CommandKind.Check => await CheckAsync(command, ct),
                CommandKind.Restore => await RestoreAsync(command, ct),
                _ => await new DrillCommand(clock, Say).RunAsync(command["--data"]!, command["--report"], command["--keep"], ct),
            };
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped; nothing of it counts.");
            return Failed;
        }
        // The edge of the program: what cannot be done is said in one line.
        catch (Exception reason)
        {
            await error.WriteLineAsync(reason is RecoveryException or IOException or UnauthorizedAccessException or Npgsql.NpgsqlException ? $"thidua: {reason.Message}" : reason.ToString());
            return Failed;
        }
    }

    private async Task<int> BackUpAsync(CommandLine command, CancellationToken ct)
    {
        var system = await SystemData.RunningAsync(command["--data"]!, ct);
        var key = BackupKey.Read(command["--key-file"], system.Secrets);
        var known = system.Settings;
        var settings = new BackupSettings(
            command["--to"] is { } to ? Path.GetFullPath(to) : known?.Repository ?? throw new RecoveryException("The first backup needs a repository: --to DIRECTORY, better on another disk than the data."),
            command.Number("--keep-full", known?.KeepFull ?? KeepFull),
            command.Number("--full-every", known?.FullEveryDays ?? FullEveryDays));
        if (settings.Repository.StartsWith(system.Path + "/", StringComparison.Ordinal))
        {
            throw new RecoveryException($"{settings.Repository} lies in the data directory that it is to replace.");
        }

        var repository = await BackupRepository.CreateAsync(settings.Repository, key, system.DatabaseUser, ct);
        var entry = await new Backups(system, repository, key, clock, Say).BackUpAsync(settings, command.Flags.Contains("--full"), ct);
        await DescribeAsync(entry);
        return Done;
    }

    private async Task<int> SaveContentsAsync(CommandLine command, CancellationToken ct)
    {
        var every = command["--every"] is null ? (TimeSpan?)null : TimeSpan.FromSeconds(command.Number("--every", 0));
        while (true)
        {
            var started = clock.GetTimestamp();
            var system = await SystemData.RunningAsync(command["--data"]!, ct);
            var key = BackupKey.Read(command["--key-file"], system.Secrets);
            var repository = BackupRepository.Open((system.Settings ?? throw new RecoveryException("There is no backup yet that contents could be added to: ./thidua backup")).Repository, key);
            await DescribeAsync(await new Backups(system, repository, key, clock, Say).SaveContentsAsync(ct));
            if (every is null)
            {
                return Done;
            }

            var left = every.Value - clock.GetElapsedTime(started);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, ct);
        }
    }

    private async Task<int> ListAsync(CommandLine command)
    {
        var (repository, _) = Open(command);
        var entries = repository.Entries();
        if (command.Flags.Contains("--json"))
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(entries, CatalogueJson.Options));
            return Done;
        }

        await output.WriteLineAsync($"{"id",-18} {"kind",-12} {"complete up to (UTC)",-21} {"databases",11} {"files",8} {"bytes",11} {"stored",10}  version");
        foreach (var entry in entries)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{entry.Id,-18} {entry.Kind.ToString().ToUpperInvariant(),-12} {entry.Point.Time:yyyy-MM-dd HH:mm:ss}   {Size(entry.Database?.Bytes),11} {entry.Contents.Files,8} {Size(entry.Contents.Bytes),11} {Size((entry.Database?.StoredBytes ?? 0) + entry.Contents.StoredBytes),10}  {entry.Version}"));
        }

        return Done;
    }

    private async Task<int> CheckAsync(CommandLine command, CancellationToken ct)
    {
        var (repository, key) = Open(command);
        using var claim = repository.Claim();
        var restic = new Restic(repository.Contents, key);
        await restic.UnlockAsync(ct);
        var wrong = await RepositoryCheck.AllAsync(repository, key, restic, Say, ct);
        foreach (var line in wrong)
        {
            await output.WriteLineAsync(line);
        }

        await output.WriteLineAsync(wrong.Count == 0 ? $"{repository.Path} is whole: {repository.Entries().Count} entries." : $"{repository.Path} is damaged: {wrong.Count} findings.");
        return wrong.Count == 0 ? Done : Failed;
    }

    private async Task<int> RestoreAsync(CommandLine command, CancellationToken ct)
    {
        var key = BackupKey.Read(command["--key-file"], null);
        var report = await new Restore(BackupRepository.Open(command["--from"]!, key), key, clock, Say)
            .RunAsync(command["--data"]!, command["--backup"], command["--at"], command["--contents-from"], ct);
        await output.WriteLineAsync($"Restored {report.Target} to {Path.GetFullPath(command["--data"]!)}: last change {report.LastCommit:yyyy-MM-dd HH:mm:ss}Z, {report.Contents} contents, {report.SentAgain} messages to send again.");
        await output.WriteLineAsync($"Start it: ./thidua run --no-sample --data {Path.GetFullPath(command["--data"]!)}. It makes no backups until it is told where to.");
        foreach (var missing in report.Missing)
        {
            await error.WriteLineAsync($"missing: {missing}");
        }

        return report.Missing.Count == 0 ? Done : ContentsMissing;
    }

    private static (BackupRepository Repository, BackupKey Key) Open(CommandLine command)
    {
        var data = command["--data"] is { } directory ? Path.GetFullPath(directory) : null;
        var key = BackupKey.Read(command["--key-file"], data is null ? null : Path.Combine(data, "secrets.json"));
        var path = command["--from"];
        if (path is null)
        {
            var settings = Path.Combine(data!, "backup", "settings.json");
            path = File.Exists(settings)
                ? JsonSerializer.Deserialize<BackupSettings>(File.ReadAllText(settings), CatalogueJson.Options)!.Repository
                : throw new RecoveryException($"No backup of {data} has been made; name a repository with --from.");
        }

        return (BackupRepository.Open(path, key), key);
    }

    private Task DescribeAsync(CatalogueEntry entry) => output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
        $"{entry.Id} {entry.Kind.ToString().ToUpperInvariant()}: databases {Size(entry.Database?.Bytes)}, {entry.Contents.Files} files of {Size(entry.Contents.Bytes)}, {Size((entry.Database?.StoredBytes ?? 0) + entry.Contents.StoredBytes)} stored, complete up to {entry.Point.Time:yyyy-MM-dd HH:mm:ss}Z, in {(entry.FinishedAt - entry.StartedAt).TotalSeconds:0.0} s"));

    private static string Size(long? bytes) => bytes is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known / 1048576.0:0.0} MB") : "-";

    private void Say(string line) => error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{clock.GetElapsedTime(_started).TotalSeconds,6:F1}s] {line}"));
}
