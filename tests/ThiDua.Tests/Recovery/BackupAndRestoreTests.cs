using ThiDua.Recovery;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Recovery;

/// <summary>The short form of the drill: what is saved comes back as it was, and what is damaged does not come back at all.</summary>
public sealed class BackupAndRestoreTests(SavedSystem saved) : IClassFixture<SavedSystem>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restore_has_all_rows_up_to_the_last_backup_and_their_contents_and_sends_messages_again()
    {
        await saved.RestoreAsync("newest");

        var evidence = await saved.EvidenceInAsync("newest");
        Assert.Equal(5, evidence.Count);
        Assert.All(evidence.SkipLast(1), one => Assert.Equal("NHẦM", one.Unit));
        Assert.All(evidence, one => Assert.Equal(one.Sha256 != saved.Removed, one.HasContent)); // what a retention run ended stays ended
        Assert.Equal(SystemData.ReadSecrets(Path.Combine(saved.Data, "secrets.json")), SystemData.ReadSecrets(saved.In("newest/secrets.json")));
        await using var server = await RecoveringServer.StartAsync(saved.In("newest"), TimeProvider.System, Ct);
        await using var source = server.System.Open("documentsdb");
        await using var waiting = source.CreateCommand("select id from outbox_messages");
        Assert.Equal([saved.SentMessage], await waiting.ReadAsync(row => row.GetGuid(0), Ct));
        Assert.False(Directory.Exists(saved.In("newest/backup"))); // it sends its log nowhere
    }

    [Fact]
    public async Task A_restore_to_a_time_is_the_state_of_that_time_with_contents_that_were_removed_since()
    {
        await saved.RestoreAsync("calm", "--at", $"{saved.Calm.ToOffset(TimeSpan.FromHours(7)):yyyy-MM-dd'T'HH:mm:ss.ffffffzzz}");

        var evidence = await saved.EvidenceInAsync("calm");
        Assert.Equal(4, evidence.Count);
        Assert.All(evidence, one => Assert.True(one is { Unit: "SNV", HasContent: true }, $"{one}"));
        Assert.Equal(4, Directory.EnumerateFiles(saved.In("calm/documents/contents"), "*", SearchOption.AllDirectories).Count()); // no more than rows name
    }

    [Theory]
    [InlineData("database/backup", "flip", "is not what was written")]
    [InlineData("database/backup", "cut", "is not what was written", Traits = ["run", "long"])]
    [InlineData("database/archive", "flip", "is not what was written", Traits = ["run", "long"])]
    [InlineData("database/archive", "delete", "is missing")]
    [InlineData("contents/data", "flip", "restic")]
    [InlineData("contents/data", "delete", "restic", Traits = ["run", "long"])]
    [InlineData("catalogue", "change", "seal")]
    [InlineData("catalogue", "cut", "is damaged", Traits = ["run", "long"])]
    [InlineData("catalogue", "delete", "catalogue does not fit")]
    public async Task A_damaged_backup_is_refused_with_its_reason(string part, string damage, string reason)
    {
        var name = $"{part.Replace('/', '-')}-{damage}";
        var copy = saved.In($"copy-{name}");
        await ChildProcess.RunAsync(["cp", "-a", saved.Repository, copy], ct: Ct);
        var first = BackupRepository.Open(copy, BackupKey.Read(saved.KeyFile, null)).Entries()[0];
        string[] files = part switch
        {
            "catalogue" => [Path.Combine(copy, "catalogue", $"{first.Id}.json")],
            "database/archive" => [Path.Combine(copy, "database", first.Log.Keys.First())],
            "database/backup" => [Path.Combine(copy, "database", first.Database!.Files.Keys.First(one => one.Contains("/bundle/", StringComparison.Ordinal)))],
            _ => Directory.GetFiles(Path.Combine(copy, part), "*", SearchOption.AllDirectories), // each holds little, and a restore reads only what it needs
        };
        Array.ForEach(files, file => Damage(file, damage));

        var (code, said) = await SavedSystem.RunAsync("restore", "--from", copy, "--data", saved.In(name), "--key-file", saved.KeyFile);
        Assert.Equal(Commands.Failed, code);
        Assert.Contains(reason, said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(saved.In(name)) || Directory.Exists(saved.In($"{name}.restoring")), "nothing is left of a restore that is refused");
    }

    [Fact]
    public async Task Another_key_opens_nothing_and_the_right_one_stands_in_no_log_and_no_file_of_the_repository()
    {
        var other = saved.In("other.key");
        await File.WriteAllTextAsync(other, new string('x', 40), Ct);
        var (code, said) = await SavedSystem.RunAsync("restore", "--from", saved.Repository, "--data", saved.In("other"), "--key-file", other);
        Assert.Equal(Commands.Failed, code);
        Assert.Contains("The key is not that of the repository", said, StringComparison.Ordinal);

        var key = (await File.ReadAllTextAsync(saved.KeyFile, Ct)).Trim();
        var secret = SystemData.ReadSecrets(Path.Combine(saved.Data, "secrets.json"))["postgres-password"];
        Nothing.In(Directory.EnumerateFiles(saved.Repository, "*", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(Path.Combine(saved.Data, "log")))
            .Where(file => File.ReadAllText(file) is var text && (text.Contains(key, StringComparison.Ordinal) || text.Contains(secret, StringComparison.Ordinal) || text.Contains("%PDF-1.7", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_check_finds_the_repository_whole_and_the_catalogue_tells_what_is_in_it()
    {
        Assert.Contains("is whole: 3 entries", await SavedSystem.SucceedAsync("check", "--data", saved.Data), StringComparison.Ordinal);

        var entries = BackupRepository.Open(saved.Repository, BackupKey.Read(saved.KeyFile, null)).Entries();
        Assert.Equal([BackupKind.Full, BackupKind.Contents, BackupKind.Contents], entries.Select(entry => entry.Kind));
        Assert.All(entries, entry => Assert.NotEmpty(entry.Log));
        Assert.EndsWith("_Operations", entries[0].Migrations["documentsdb"], StringComparison.Ordinal);
        Assert.DoesNotContain(BackupKey.Parameter, entries[0].Secrets);
        Assert.Contains("thidua_backup_last_success_timestamp_seconds", await File.ReadAllTextAsync(Path.Combine(saved.Data, "metrics", "backup.prom"), Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_contents_are_copied_none_is_removed()
    {
        var system = await saved.RunningAsync();
        await using var source = system.Open("documentsdb");
        const string MayRemove = "select pg_try_advisory_xact_lock_shared(hashtextextended('contents are being saved', 0))";
        await using (var held = await ContentReference.HoldAsync(system, Ct))
        {
            await using var during = source.CreateCommand(MayRemove);
            Assert.False((bool)(await during.ExecuteScalarAsync(Ct))!);
        }

        await Eventually.TrueAsync(
            async () =>
            {
                await using var after = source.CreateCommand(MayRemove);
                return (bool)(await after.ExecuteScalarAsync(Ct))!;
            },
            "the lock ended with its connection");
    }

    private static void Damage(string file, string damage)
    {
        switch (damage)
        {
            case "delete":
                File.Delete(file);
                return;
            case "change":
                File.WriteAllText(file, File.ReadAllText(file).Replace("\"FULL\"", "\"CONTENTS\"", StringComparison.Ordinal));
                return;
        }

        using var stream = File.Open(file, FileMode.Open);
        if (damage == "cut")
        {
            stream.SetLength(stream.Length / 2);
            return;
        }

        stream.Position = stream.Length / 2;
        var value = stream.ReadByte();
        stream.Position = stream.Length / 2;
        stream.WriteByte((byte)(value ^ 0x10));
    }
}
