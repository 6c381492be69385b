using System.Globalization;
using ThiDua.Recovery;

namespace ThiDua.Tests.Recovery;

/// <summary>Which backups a restore chooses, and how far it goes.</summary>
public sealed class CatalogueTests
{
    private static readonly IReadOnlyList<CatalogueEntry> s_entries =
    [
        Entry("20261101T020000Z", BackupKind.Full, "20261101T020000Z"),
        Entry("20261101T021000Z", BackupKind.Contents, "20261101T020000Z"),
        Entry("20261102T020000Z", BackupKind.Incremental, "20261102T020000Z"),
        Entry("20261102T021000Z", BackupKind.Contents, "20261102T020000Z"),
    ];

    [Theory]
    [InlineData(null, null, "20261102T020000Z", "20261102T021000Z", "--type=name --target=thidua-20261102T021000Z")]
    [InlineData("20261101T021000Z", null, "20261101T020000Z", "20261101T021000Z", "--type=name --target=thidua-20261101T021000Z")]
    [InlineData(null, "latest", "20261102T020000Z", "20261102T021000Z", "--type=default")]
    [InlineData(null, "2026-11-01T15:00:00+07:00", "20261101T020000Z", "20261102T020000Z", "--type=time --target=2026-11-01 08:00:00.000000+00")]
    [InlineData(null, "2026-11-02T02:05:00Z", "20261102T020000Z", "20261102T021000Z", "--type=time --target=2026-11-02 02:05:00.000000+00")]
    [InlineData(null, "2026-11-02T02:30:00Z", "20261102T020000Z", "20261102T021000Z", "--type=time --target=2026-11-02 02:30:00.000000+00")]
    [InlineData("20261101T020000Z", "2026-11-02T02:30:00Z", "20261101T020000Z", "20261102T021000Z", "--type=time --target=2026-11-02 02:30:00.000000+00")]
    public void A_target_begins_with_the_last_database_before_it_and_takes_the_first_contents_after_it(string? id, string? at, string start, string contents, string arguments)
    {
        var target = RestoreTarget.Choose(s_entries, id, at);

        Assert.Equal((start, contents), (target.Start.Id, target.Contents.Id));
        Assert.Equal(arguments, string.Join(' ', target.Arguments));
    }

    [Theory]
    [InlineData(null, "2026-10-31T00:00:00Z", "No backup is as old as")]
    [InlineData("20261102T020000Z", "2026-11-01T12:00:00Z", "No backup is as old as")]
    [InlineData(null, "2026-11-02T02:30:00", "is no time with its offset")]
    [InlineData(null, "yesterday", "is no time with its offset")]
    [InlineData("20261103T020000Z", null, "The catalogue has no backup 20261103T020000Z")]
    public void A_target_that_no_backup_reaches_is_refused(string? id, string? at, string reason) =>
        Assert.Contains(reason, Assert.Throws<RecoveryException>(() => RestoreTarget.Choose(s_entries, id, at)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_entry_whose_base_is_gone_is_refused() =>
        Assert.Contains("The catalogue does not fit", Assert.Throws<RecoveryException>(() => RestoreTarget.Choose([s_entries[3]], null, null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("000000010000000000000001", "000000010000000000000002")]
    [InlineData("0000000100000000000000FF", "000000010000000100000000")]
    [InlineData("0000000A000000FF000000FF", "0000000A0000010000000000")]
    public void Segments_of_the_log_are_counted_as_PostgreSQL_counts_them(string one, string next) =>
        Assert.Equal(next, $"{LogSegment.Parse(one).Next}");

    [Theory]
    [InlineData("restore --data d", "restore needs --from.")]
    [InlineData("list", "list needs --data or --from.")]
    [InlineData("backup --data", "--data needs one value.")]
    [InlineData("backup --data d --password x", "Unknown option --password.")]
    [InlineData("save", "Name a command.")]
    public void A_command_that_cannot_be_meant_is_refused(string line, string mistake) =>
        Assert.Equal(mistake, CommandLine.Parse(line.Split(' ')).Mistake);

    private static CatalogueEntry Entry(string id, BackupKind kind, string start)
    {
        var time = DateTimeOffset.ParseExact(id, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return new CatalogueEntry(
            id, kind, time, time, start, new RestorePoint($"thidua-{id}", "0/0", time, "000000010000000000000001"),
            kind == BackupKind.Contents ? null : new SavedDatabase(id, [], "000000010000000000000001", 1, 1, new Dictionary<string, string>()),
            new SavedContents("s", "disk", 0, 0, 0, []), new Dictionary<string, string>(), [], "1", new Dictionary<string, string>());
    }
}
