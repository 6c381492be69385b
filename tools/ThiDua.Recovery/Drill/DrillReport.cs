using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ThiDua.Recovery.Drill;

/// <summary>Contents that rows name.</summary>
internal sealed class ContentCount
{
    public int Right { get; set; }
    public int Wrong { get; set; }
    public int Missing { get; set; }
    public long Bytes { get; set; }
}

/// <summary>What the drill measured, and what did not hold.</summary>
internal sealed class DrillReport
{
    private readonly List<string> _held = [];
    private readonly List<string> _findings = [];
    private readonly List<(string Season, string Was, string Is)> _hashes = [];

    public IReadOnlyList<string> Findings => _findings;

    public TimeSpan FullBackup { get; set; }
    public TimeSpan Incremental { get; set; }
    public TimeSpan Restore { get; set; }
    public TimeSpan RecoveryTime { get; set; }
    public TimeSpan DataLoss { get; set; }
    public TimeSpan BackInTime { get; set; }
    public DateTimeOffset BackTo { get; set; }
    public DateTimeOffset MistakeAt { get; set; }
    public DateTimeOffset LastRow { get; set; }
    public int Spoilt { get; set; }
    public int Evidence { get; set; }
    public int EvidenceLost { get; set; }
    public int SheetChanges { get; set; }
    public int Seasons { get; set; }
    public int JournalRows { get; set; }
    public int JournalLost { get; set; }
    public int Tables { get; set; }
    public long Rows { get; set; }
    public long SentAgain { get; set; }
    public ContentCount AtEnd { get; } = new();
    public ContentCount Before { get; } = new();
    public IReadOnlyList<Refusal> Refusals { get; set; } = [];

    /// <param name="holds">Whether it does.</param>
    /// <param name="what">What should hold.</param>
    /// <param name="details">Said only when it does not.</param>
    public void Expect(bool holds, string what, string details = "") => (holds ? _held : _findings).Add(holds ? what : $"not: {what} {details}".TrimEnd());

    public void Hash(string season, string was, string @is) => _hashes.Add((season, was, @is));

    public string Write(DateTimeOffset started, DateTimeOffset finished)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"# Restore drill of {started:d MMMM yyyy}");
        Line($"");
        Line($"`./thidua drill`, {started:HH:mm:ss}Z to {finished:HH:mm:ss}Z, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, run as {(Tools.IsRoot ? "root" : "an ordinary user")}. **{(_findings.Count == 0 ? "Everything held." : $"{_findings.Count} findings.")}**");
        Line($"");
        Line($"| figure | measured | wanted |");
        Line($"|---|---|---|");
        Line($"| RPO: from the oldest lost change to the catastrophe | {DataLoss.TotalSeconds:0.0} s | ≤ 5 min |");
        Line($"| RTO: from `restore` to a system that answers with the season's result | {RecoveryTime.TotalSeconds:0.0} s, of which {Restore.TotalSeconds:0.0} s restore | ≤ 15 min |");
        Line($"| full backup under load; the next, of what changed | {FullBackup.TotalSeconds:0.0} s; {Incremental.TotalSeconds:0.0} s | |");
        Line($"| restore to {BackTo:HH:mm:ss}Z, {(MistakeAt - BackTo).TotalSeconds:0} s before the mistake | {BackInTime.TotalSeconds:0.0} s | exact |");
        Line($"");
        Line($"**Load.** Sample season 04 played before; meanwhile {Seasons} small seasons played to their end, {Evidence} files of evidence and {SheetChanges} changes of sheets confirmed, through the gateway. The backups were taken during it.");
        Line($"");
        Line($"**Catastrophe.** Every process killed at once (SIGKILL) while all of this went on. Restored to the end of the archived log: {JournalRows} journal rows, {JournalLost} lost; {EvidenceLost} of the {Evidence} confirmed files lost with their rows; contents named by rows: {AtEnd.Right} right ({AtEnd.Bytes / 1048576.0:0.0} MB), {AtEnd.Wrong} wrong, {AtEnd.Missing} missing. {SentAgain} messages sent again.");
        Line($"");
        Line($"**Mistake.** An update without its condition, {Spoilt} rankings wrong. Restored to before it: {Tables} tables with {Rows} rows compared row by row; contents: {Before.Right} right, {Before.Wrong} wrong, {Before.Missing} missing.");
        Line($"");
        Line($"| season | SHA-256 of its result in the original | in the restored system |");
        Line($"|---|---|---|");
        foreach (var (season, was, isNow) in _hashes)
        {
            Line($"| {season} | `{was[..16]}…` | {(was == isNow ? "the same" : $"`{isNow[..16]}…`")} |");
        }

        Line($"");
        Line($"| damage | restore | reason given | s |");
        Line($"|---|---|---|---|");
        foreach (var refusal in Refusals)
        {
            Line($"| {refusal.Damage} | {(refusal.Refused ? "refused" : "NOT REFUSED")} | {refusal.Reason.Replace('|', '/').ReplaceLineEndings(" ")} | {refusal.Seconds:0.0} |");
        }

        Line($"");
        foreach (var (title, lines) in new[] { ("Held", _held), ("Findings", _findings) }.Where(section => section.Item2.Count > 0))
        {
            Line($"**{title}.** {string.Join("; ", lines.Distinct(StringComparer.Ordinal))}.");
            Line($"");
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }
}
