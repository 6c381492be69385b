using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.SeasonFiles;

/// <summary>A criteria table as it was read and linted, and which faults elsewhere follow from its own.</summary>
internal sealed class JudgedTable
{
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    private JudgedTable(CriteriaTable? table) => Table = table;

    /// <summary>Null when it could not be read; then nothing that uses it is judged.</summary>
    public CriteriaTable? Table { get; }

    public static JudgedTable Judge(TableEntry entry, IReadOnlyCollection<ClusterSize> users, List<Violation> errors)
    {
        var before = errors.Count;
        var judged = new JudgedTable(CriteriaTableReader.Read(entry.At));
        if (judged.Table is not { } table)
        {
            return judged;
        }

        var format = errors[before..].Where(error => error.Code is "MISSING_PROPERTY" or "WRONG_TYPE").ToList();
        var rules = CriteriaTableLinter.Violations(table, users, entry.At.Path);
        foreach (var (path, code) in Criteria(table, entry.At.Path))
        {
            if (format.Exists(error => IsWithin(error.Path, path)))
            {
                judged._unreadable.Add(code);
                rules = [.. rules.Where(error => !IsWithin(error.Path, path))];
            }
            else if (rules.Any(error => IsWithin(error.Path, path)))
            {
                judged._refused.Add(code);
            }
        }

        errors.AddRange(rules);
        return judged;
    }

    /// <summary>The criterion has a property that could not be read: values for it cannot be judged.</summary>
    public bool IsUnreadable(string criterion) => _unreadable.Contains(criterion);

    /// <summary>A fault of a card that only repeats a fault of the table: no band holds a value because a band is missing.</summary>
    public bool Explains(Violation error, StrictJson? inputs) =>
        inputs is not null
        && (_unreadable.Any(code => IsWithin(error.Path, inputs.PathOf(code)))
            || (error.Code is "NO_BAND" or "MISSING_PROPERTY" && _refused.Any(code => IsWithin(error.Path, inputs.PathOf(code)))));

    private static IEnumerable<(string Path, string Code)> Criteria(CriteriaTable table, string path) =>
        table.Groups.SelectMany((group, g) => group.Criteria.Select((criterion, c) => ($"{path}/groups/{g}/criteria/{c}", criterion.Code)));

    private static bool IsWithin(string path, string parent) =>
        path.StartsWith(parent, StringComparison.Ordinal) && (path.Length == parent.Length || path[parent.Length] == '/');
}
