using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Clusters.Endpoints;

/// <summary>What was read out of a form: a body as the JSON endpoint takes it, and from which row and cell each part of it came.</summary>
internal sealed class ReadRows(Sheet sheet)
{
    private readonly Dictionary<string, TouchedRow> _rows = new(StringComparer.Ordinal);

    public Sheet Sheet => sheet;

    public StrictBody Body { get; set; } = null!;

    /// <summary>Codes of all rows, touched or not.</summary>
    public HashSet<string> Present { get; } = new(StringComparer.Ordinal);

    /// <summary>Rows that are as they were when the workbook was taken.</summary>
    public int Untouched { get; set; }

    /// <summary>Sheet and address by JSON pointer.</summary>
    public Dictionary<string, (Sheet Sheet, CellAddress Address)> Cells { get; } = new(StringComparer.Ordinal);

    public string Add(string path, TouchedRow row)
    {
        _rows.Add(path, row);
        return path;
    }

    /// <param name="path">JSON pointer to the item.</param>
    public TouchedRow Row(string path) => _rows[path];

    public string NameOf(string path) => FormattableString.Invariant($"{sheet.Name}!{_rows[path].Row}");

    /// <summary>What is wrong with the body, at the cells that it came from.</summary>
    /// <param name="errors">With JSON pointers.</param>
    /// <param name="told">What was found when the cells were read: one cell is refused once.</param>
    public IReadOnlyList<Violation> AtCells(IEnumerable<Violation> errors, IEnumerable<Violation> told)
    {
        var refused = told.Select(violation => violation.Path).ToHashSet(StringComparer.Ordinal);
        var found = new List<Violation>();
        foreach (var error in errors)
        {
            if (!Cells.TryGetValue(error.Path, out var cell))
            {
                var item = _rows.Keys.FirstOrDefault(path => error.Path == path || error.Path.StartsWith(path + "/", StringComparison.Ordinal));
                found.Add(error with { Path = item is null ? sheet.Name : NameOf(item) });
            }
            else if (refused.Add(cell.Sheet.NameOf(cell.Address)))
            {
                // A blank cell is what a missing member was in the workbook.
                found.Add(new Violation(error.Code, cell.Sheet.NameOf(cell.Address), $"Ô {cell.Address}: {(error.Code == "MISSING_PROPERTY" ? "không được để trống." : error.Message)}"));
            }
        }

        return found;
    }
}
