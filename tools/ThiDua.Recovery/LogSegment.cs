using System.Globalization;
using System.Text.RegularExpressions;

namespace ThiDua.Recovery;

/// <summary>A segment of PostgreSQL's log (WAL), 16 MB of it, by its name.</summary>
internal readonly partial record struct LogSegment(string Timeline, ulong Number)
{
    private const int PerFile = 256; // of 16 MB in 4 GB

    public static LogSegment Parse(string name) => Name().IsMatch(name)
        ? new LogSegment(name[..8], (ulong.Parse(name.AsSpan(8, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture) * PerFile) + ulong.Parse(name.AsSpan(16, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture))
        : throw new RecoveryException($"“{name}” is no segment of the log.");

    public LogSegment Next => this with { Number = Number + 1 };

    /// <summary>The segments that lie in pgBackRest's archive, with their files; the name of each carries the SHA-1 of what it holds.</summary>
    public static SortedDictionary<string, string> InArchive(string database)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var archive = Path.Combine(database, "archive", PgBackRest.Stanza);
        foreach (var file in Directory.Exists(archive) ? Directory.EnumerateFiles(archive, "*", SearchOption.AllDirectories) : [])
        {
            if (Archived().Match(Path.GetFileName(file)) is { Success: true } match)
            {
                found[match.Groups[1].Value] = file;
            }
        }

        return found;
    }

    public static string Sha1Of(string archivedFile) => Archived().Match(Path.GetFileName(archivedFile)).Groups[2].Value;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Timeline}{Number / PerFile:X8}{Number % PerFile:X8}");

    [GeneratedRegex("^[0-9A-F]{24}$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^([0-9A-F]{24})-([0-9a-f]{40})(?:\.\w+)?$")]
    private static partial Regex Archived();
}
