using System.Globalization;

namespace ThiDua.Recovery.Drill;

/// <summary>
/// A system of its own is played, saved under load, damaged by a mistake and destroyed; then it is restored twice, to the end of its log and to
/// a minute before the mistake, and everything is compared. What does not hold is a finding, and the drill has failed.
/// </summary>
internal sealed class DrillCommand(TimeProvider clock, Action<string> say)
{
    private static readonly TimeSpan s_beforeMistake = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_underLoad = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_uncertain = TimeSpan.FromSeconds(2); // between a row's time and its commit

    // An update that lacks its condition: every ranking of the province has a wrong first.
    private const string Mistake = """update cluster_decisions set ranking = replace(ranking::text, '"rank": 1,', '"rank": 2,')::jsonb""";

    private readonly DrillReport _report = new();

    public async Task<int> RunAsync(string data, string? report, string? keep, CancellationToken ct)
    {
        var work = keep is null ? Directory.CreateTempSubdirectory("thidua-drill-").FullName : Directory.CreateDirectory(Path.GetFullPath(keep)).FullName;
        File.SetUnixFileMode(work, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var started = clock.GetUtcNow();
        try
        {
            await RehearseAsync(work, ct);
        }
        finally
        {
            if (keep is null)
            {
                Directory.Delete(work, recursive: true);
            }
        }

        var finished = clock.GetUtcNow();
        Directory.CreateDirectory(data);
        var file = report ?? Path.Combine(Directory.CreateDirectory(Path.Combine(data, "drills")).FullName, $"{started:yyyy-MM-dd}.md");
        AtomicFile.Write(file, _report.Write(started, finished), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        foreach (var finding in _report.Findings)
        {
            say($"finding: {finding}");
        }

        say($"{(_report.Findings.Count == 0 ? "the drill succeeded" : $"the drill failed: {_report.Findings.Count} findings")}; see {file}");
        if (_report.Findings.Count > 0)
        {
            return Commands.Failed;
        }

        MetricsFile.Drill(Path.GetFullPath(data), finished, _report.RecoveryTime);
        return Commands.Done;
    }

    private async Task RehearseAsync(string work, CancellationToken ct)
    {
        var (original, repository, keyFile) = (Path.Combine(work, "original"), Path.Combine(work, "repository"), Path.Combine(work, "backup.key"));
        say("starting a system");
        Checkpoint calm;
        Catastrophe end;
        await using (var system = await TrialSystem.StartAsync(original, null, clock, ct))
        {
            await File.WriteAllTextAsync(keyFile, SystemData.ReadSecrets(Path.Combine(original, "secrets.json"))[BackupKey.Parameter], ct);
            File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            (calm, end) = await LiveAsync(system, repository, work, ct);
        }

        await AfterCatastropheAsync(work, repository, keyFile, original, end, ct);
        await BeforeMistakeAsync(work, repository, keyFile, calm, end, ct);
        say("damaging copies of the repository");
        _report.Refusals = await new DamageTrials(repository, work, keyFile, clock).RunAsync(ct);
        _report.Expect(_report.Refusals.All(refusal => refusal.Refused), "every damaged repository is refused");
    }

    /// <summary>The original's life: played, saved under load, at rest for a moment, spoilt by a mistake, destroyed.</summary>
    private async Task<(Checkpoint Calm, Catastrophe End)> LiveAsync(TrialSystem system, string repository, string work, CancellationToken ct)
    {
        var replays = new Replays(system, work);
        say("playing sample season 04");
        await replays.PlayLargeAsync(ct);
        await using var writers = await Writers.PrepareAsync(system, clock, ct);
        var playing = true;
        writers.Start(ct);
        var load = replays.PlayOnAsync(() => playing, clock, ct);

        say("backing up under load");
        var watch = clock.GetTimestamp();
        await Operator.RunAsync(["backup", "--data", system.Data, "--to", repository], ct);
        _report.FullBackup = clock.GetElapsedTime(watch);
        await Task.Delay(s_underLoad, clock, ct);
        watch = clock.GetTimestamp();
        await Operator.RunAsync(["backup", "--data", system.Data], ct);
        _report.Incremental = clock.GetElapsedTime(watch);
        using var following = await Tools.StartAsync(Operator.Of(["contents", "--data", system.Data, "--every", "15"]));
        _ = following.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = following.StandardError.ReadToEndAsync(CancellationToken.None);

        say("waiting for a moment of rest");
        playing = false;
        await load;
        await writers.PauseAsync();
        var calm = await RestAsync(system, replays, ct);
        say($"a minute of load from {calm.At:HH:mm:ss}Z on, then the mistake");
        playing = true;
        writers.Start(ct);
        using var destroyed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        load = replays.PlayOnAsync(() => playing, clock, destroyed.Token);
        await Task.Delay(s_beforeMistake, clock, ct);
        await using (var source = (await system.DataAsync(ct)).Open("scoringdb"))
        {
            await using var mistake = source.CreateCommand(Mistake);
            _report.Spoilt = await mistake.ExecuteNonQueryAsync(ct);
            _report.MistakeAt = clock.GetUtcNow();
        }

        var spoilt = await replays.ResultOfLargeAsync(system, ct);
        _report.Expect(spoilt != calm.Large, "the mistake changes the season's result");
        Dictionary<string, string> small = []; // it spoilt these, too
        foreach (var (code, _, _) in calm.Played)
        {
            small[code] = await replays.ResultOfSmallAsync(system, code, ct);
        }

        await Task.Delay(s_underLoad, clock, ct);
        say("destroying the system in the middle of its work");
        playing = false;
        var at = clock.GetUtcNow();
        await system.DestroyAsync(ct);
        await destroyed.CancelAsync();
        following.Kill(entireProcessTree: true);
        await following.WaitForExitAsync(ct);
        await writers.PauseAsync();
        await load;
        _report.Expect(writers.Faults.Count == 0, "no write was refused", string.Join("; ", writers.Faults.Take(3)));
        (_report.Evidence, _report.SheetChanges, _report.Seasons) = (writers.Acknowledged.Count, writers.SheetChanges, replays.Played.Count);
        foreach (var (code, _, hash) in replays.Played.Where(season => season.At > _report.MistakeAt + s_underLoad / 2))
        {
            small.TryAdd(code, hash); // decided after the mistake
        }

        return (calm, new Catastrophe(at, spoilt, small, [.. writers.Acknowledged], replays));
    }

    /// <summary>Nothing moves: the state is taken twice and is the same.</summary>
    private async Task<Checkpoint> RestAsync(TrialSystem system, Replays replays, CancellationToken ct)
    {
        var data = await system.DataAsync(ct);
        var large = await replays.ResultOfLargeAsync(system, ct);
        var before = await TableDigests.TakeAsync(data, ct);
        for (var tries = 0; ; tries++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), clock, ct);
            var now = await TableDigests.TakeAsync(data, ct);
            var differences = TableDigests.Differences(before, now);
            if (differences.Count == 0 && await TableDigests.WaitingAsync(data, ct) == 0)
            {
                await using var source = data.Open("postgres");
                await using var time = source.CreateCommand("select clock_timestamp()");
                return new Checkpoint(new DateTimeOffset((DateTime)(await time.ExecuteScalarAsync(ct))!, TimeSpan.Zero), large, now, [.. replays.Played]);
            }

            before = tries < 60 ? now : throw new RecoveryException($"The system does not come to rest: {string.Join("; ", differences.Take(3))}");
        }
    }

    private async Task AfterCatastropheAsync(string work, string repository, string keyFile, string original, Catastrophe end, CancellationToken ct)
    {
        say("restoring to the end of the log");
        var restored = Path.Combine(work, "restored");
        var watch = clock.GetTimestamp();
        var result = await Operator.TryAsync(["restore", "--from", repository, "--data", restored, "--key-file", keyFile, "--at", RestoreTarget.Latest], ct);
        _report.Expect(result.ExitCode is Commands.Done or Commands.ContentsMissing, "the restore succeeds", result.Errors);
        _report.Restore = clock.GetElapsedTime(watch);
        await using (var system = await TrialSystem.StartAsync(restored, null, clock, ct))
        {
            var large = await end.Replays.ResultOfLargeAsync(system, ct);
            _report.RecoveryTime = clock.GetElapsedTime(watch);
            say($"it answers after {_report.RecoveryTime.TotalSeconds:0} s");
            _report.Expect(large == end.Large, "season 04 has the result that the original had");
            _report.Hash(Replays.Large, end.Large, large);
            await CompareWithOriginalAsync(await system.DataAsync(ct), original, end, ct);
            foreach (var (code, _, _) in end.Replays.Played.Where(season => season.At < _report.LastRow - s_uncertain && end.Small.ContainsKey(season.Code)))
            {
                var hash = end.Small[code];
                var again = await end.Replays.ResultOfSmallAsync(system, code, ct);
                _report.Expect(again == hash, $"season {code} has the result that the original had");
                _report.Hash(code, hash, again);
            }

            await KilledBackupAsync(system, work, ct);
            await system.StopAsync(ct);
        }
    }

    /// <summary>The original's disk is still there, which after a real catastrophe it would not be: so what was lost can be told exactly.</summary>
    private async Task CompareWithOriginalAsync(SystemData restored, string original, Catastrophe end, CancellationToken ct)
    {
        File.Delete(Path.Combine(original, "backup", "pgbackrest.conf")); // what is on its disk alone must not reach the repository now
        await using var wreck = await TrialSystem.StartAsync(original, "postgres", clock, ct);
        var was = await TableDigests.JournalAsync(await wreck.DataAsync(ct), ct);
        var isNow = (await TableDigests.JournalAsync(restored, ct)).Where(row => row.Value.At <= end.At).ToDictionary();
        var lost = was.Where(row => !isNow.ContainsKey(row.Key)).Select(row => row.Value.At).ToList();
        _report.LastRow = isNow.Values.Max(row => row.At);
        (_report.JournalRows, _report.JournalLost) = (isNow.Count, lost.Count);
        _report.DataLoss = lost.Count == 0 ? TimeSpan.Zero : end.At - lost.Min();
        _report.Expect(isNow.All(row => was.TryGetValue(row.Key, out var same) && same.Hash == row.Value.Hash), "every journal row is one that the original had, unchanged");
        _report.Expect(lost.All(at => at > _report.LastRow - s_uncertain), "the journal has no hole: what is lost is its end");
        _report.Expect(_report.DataLoss <= TimeSpan.FromMinutes(5), "no more than five minutes are lost");

        var evidence = await TableDigests.EvidenceAsync(restored, ct);
        var unknown = end.Acknowledged.Where(one => !evidence.Contains(one.Evidence)).ToList();
        _report.EvidenceLost = unknown.Count;
        _report.Expect(unknown.All(one => one.At > _report.LastRow - s_uncertain), "every piece of evidence that was confirmed before the end of the log is there");
        await CountContentsAsync(restored, _report.AtEnd, ct);
        _report.SentAgain = await UntilSentAsync(restored, ct);
        await wreck.StopAsync(ct);
    }

    private async Task BeforeMistakeAsync(string work, string repository, string keyFile, Checkpoint calm, Catastrophe end, CancellationToken ct)
    {
        say("restoring to a minute before the mistake");
        var restored = Path.Combine(work, "before");
        var watch = clock.GetTimestamp();
        await Operator.RunAsync(["restore", "--from", repository, "--data", restored, "--key-file", keyFile, "--at", calm.At.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture)], ct);
        _report.BackInTime = clock.GetElapsedTime(watch);
        _report.BackTo = calm.At;
        await using (var server = await TrialSystem.StartAsync(restored, "postgres", clock, ct))
        {
            var digests = await TableDigests.TakeAsync(await server.DataAsync(ct), ct);
            var differences = TableDigests.Differences(calm.Digests, digests);
            (_report.Tables, _report.Rows) = (digests.Count, TableDigests.Rows(digests));
            _report.Expect(differences.Count == 0, "every row of every table is as it was", string.Join("; ", differences.Take(5)));
            await CountContentsAsync(await server.DataAsync(ct), _report.Before, ct);
            _report.Expect(_report.Before.Missing == 0, "no content is missing");
            await server.StopAsync(ct);
        }

        await using var system = await TrialSystem.StartAsync(restored, null, clock, ct);
        var large = await end.Replays.ResultOfLargeAsync(system, ct);
        _report.Expect(large == calm.Large, "season 04 has the result from before the mistake");
        _report.Hash($"{Replays.Large}, before the mistake", calm.Large, large);
        foreach (var (code, _, hash) in calm.Played)
        {
            var again = await end.Replays.ResultOfSmallAsync(system, code, ct);
            _report.Expect(again == hash, $"season {code} has its result from before the mistake");
            _report.Hash($"{code}, before the mistake", hash, again);
        }

        await system.StopAsync(ct);
    }

    /// <summary>A backup that is killed is none, and the next one works: on the restored system, which makes backups of its own like any other.</summary>
    private async Task KilledBackupAsync(TrialSystem system, string work, CancellationToken ct)
    {
        say("killing a backup of the restored system");
        var repository = Path.Combine(work, "second");
        var killed = true;
        foreach (var stage in new[] { Path.Combine("database", "backup"), Path.Combine("contents", "snapshots") })
        {
            using var backup = await Tools.StartAsync(Operator.Of(["backup", "--data", system.Data, "--to", repository]));
            while (!backup.HasExited && !(Directory.Exists(Path.Combine(repository, stage)) && Directory.EnumerateFiles(Path.Combine(repository, stage), "*", SearchOption.AllDirectories).Any()))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), clock, ct);
            }

            backup.Kill();
            await backup.WaitForExitAsync(ct);
            killed &= backup.ExitCode != 0;
        }

        var list = await Operator.TryAsync(["list", "--data", system.Data, "--from", repository, "--json"], ct);
        _report.Expect(killed && list.ExitCode == Commands.Done && list.Output.Trim() == "[]", "a killed backup is not in the catalogue");
        await Operator.RunAsync(["backup", "--data", system.Data, "--to", repository], ct);
        var check = await Operator.TryAsync(["check", "--data", system.Data], ct);
        _report.Expect(check.ExitCode == Commands.Done, "the backup after a killed one is whole", check.Output);
    }

    /// <summary>Each content that a row names against its own hash.</summary>
    private static async Task CountContentsAsync(SystemData system, ContentCount count, CancellationToken ct)
    {
        foreach (var content in (await ContentReference.AllAsync(system, ct)).Where(content => content.Required))
        {
            var path = Path.Combine(system.Path, content.Path);
            if (!File.Exists(path))
            {
                count.Missing++;
            }
            else if (await FileHash.OfAsync(path, ct) == content.Sha256)
            {
                count.Right++;
                count.Bytes += new FileInfo(path).Length;
            }
            else
            {
                count.Wrong++;
            }
        }
    }

    /// <summary>The messages that went out again.</summary>
    private async Task<long> UntilSentAsync(SystemData restored, CancellationToken ct)
    {
        for (var tries = 0; await TableDigests.WaitingAsync(restored, ct) > 0; tries++)
        {
            if (tries == 120)
            {
                _report.Expect(false, "the messages that wait are sent");
                break;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), clock, ct);
        }

        var report = System.Text.Json.JsonSerializer.Deserialize<RestoreReport>(await File.ReadAllTextAsync(Path.Combine(restored.Path, "restored.json"), ct), CatalogueJson.Options)!;
        return report.SentAgain;
    }

    /// <param name="At">By the database's clock.</param>
    /// <param name="Large">Hash of the result of season 04.</param>
    /// <param name="Digests">Of every table.</param>
    /// <param name="Played">Small seasons that are complete.</param>
    private sealed record Checkpoint(DateTimeOffset At, string Large, IReadOnlyDictionary<string, string> Digests, IReadOnlyList<(string Code, DateTimeOffset At, string Hash)> Played);

    /// <param name="At">When everything was killed.</param>
    /// <param name="Large">Hash of the result of season 04, after the mistake.</param>
    /// <param name="Small">Hashes of the small seasons' results, as the original had them then.</param>
    /// <param name="Acknowledged">What had been confirmed.</param>
    /// <param name="Replays">What had been played.</param>
    private sealed record Catastrophe(DateTimeOffset At, string Large, IReadOnlyDictionary<string, string> Small, IReadOnlyList<Acknowledged> Acknowledged, Replays Replays);
}
