using System.Globalization;

namespace ThiDua.Recovery;

/// <summary>What the node exporter's textfile collector reads: when the last backup and the last drill succeeded. Each writes its own lines and keeps the other's.</summary>
internal static class MetricsFile
{
    private const UnixFileMode ReadByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly (string Name, string Help)[] s_gauges =
    [
        ("thidua_backup_last_success_timestamp_seconds", "When the last backup that succeeded was finished"),
        ("thidua_backup_last_duration_seconds", "How long it took"),
        ("thidua_backup_last_bytes", "Size of what it saved: databases and files"),
        ("thidua_restore_drill_last_success_timestamp_seconds", "When the last restore drill that succeeded was finished"),
        ("thidua_restore_drill_rto_seconds", "From its catastrophe's restore to a system that answers"),
    ];

    public static void Backup(string data, CatalogueEntry entry, TimeSpan duration) => Write(data, new()
    {
        [s_gauges[0].Name] = Seconds(entry.FinishedAt),
        [s_gauges[1].Name] = Number(duration.TotalSeconds),
        [s_gauges[2].Name] = Number((entry.Database?.Bytes ?? 0) + entry.Contents.Bytes),
    });

    public static void Drill(string data, DateTimeOffset finished, TimeSpan recovery) => Write(data, new()
    {
        [s_gauges[3].Name] = Seconds(finished),
        [s_gauges[4].Name] = Number(recovery.TotalSeconds),
    });

    private static void Write(string data, Dictionary<string, string> values)
    {
        var directory = Path.Combine(data, "metrics");
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, "backup.prom");
        var earlier = (File.Exists(file) ? File.ReadAllLines(file) : []).Where(line => !line.StartsWith('#')).Select(line => line.Split(' ')).Where(words => words.Length == 2);
        foreach (var words in earlier)
        {
            values.TryAdd(words[0], words[1]);
        }

        AtomicFile.Write(file, string.Concat(s_gauges.Where(gauge => values.ContainsKey(gauge.Name))
            .Select(gauge => $"# HELP {gauge.Name} {gauge.Help}\n# TYPE {gauge.Name} gauge\n{gauge.Name} {values[gauge.Name]}\n")), ReadByAll);
    }

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
}
