using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Clusters.Endpoints;

/// <summary>One column of a form: found again by its key, wherever it was moved to.</summary>
/// <param name="Key">Stands, small, above the heading.</param>
/// <param name="Heading">Vietnamese.</param>
/// <param name="Width">In characters.</param>
/// <param name="IsRead">False: for the reader only, such as the name of a unit beside its code.</param>
internal sealed record WorkbookColumn(string Key, string Heading, int Width, bool IsRead = true);

/// <summary>One row of a form that somebody filled in.</summary>
/// <param name="Row">Number of the row.</param>
/// <param name="Cells">Addresses by key of the column.</param>
internal sealed record WorkbookRow(int Row, IReadOnlyDictionary<string, CellAddress> Cells);

/// <summary>A form of one table: a title, a hint, keys, headings, and rows of which anybody may add more.</summary>
internal static class WorkbookTable
{
    /// <summary>First row of data in a form as it is written.</summary>
    public const int FirstRow = 5;

    /// <summary>Empty rows below the data that look like it.</summary>
    public const int SpareRows = 200;

    private const int KeyRow = 3;
    private const int HeadingRow = 4;
    private const int LastKeyRow = 30;

    /// <summary>Text, whatever is typed: 0123 stays 0123.</summary>
    public static readonly CellStyle Input = new() { Border = true, Shape = NumberShape.Text };

    public static readonly CellStyle Number = new() { Border = true, Place = HorizontalPlace.Right };

    public static readonly CellStyle Shown = new() { Border = true, Shape = NumberShape.Text, Color = "7F7F7F", Fill = "F2F2F2" };

    private static readonly CellStyle s_title = new() { Bold = true, Size = 14 };
    private static readonly CellStyle s_hint = new() { Italic = true };
    private static readonly CellStyle s_key = new() { Size = 8, Color = "A6A6A6" };
    private static readonly CellStyle s_heading = new() { Bold = true, Wrap = true, Border = true, Place = HorizontalPlace.Center, Fill = "E7EEF7" };

    public static void WriteHead(SheetBuilder sheet, string title, string hint, IReadOnlyList<WorkbookColumn> columns)
    {
        sheet.Text(1, 1, title, s_title).Text(2, 1, hint, s_hint);
        for (var index = 0; index < columns.Count; index++)
        {
            sheet.Width(index + 1, columns[index].Width).Text(KeyRow, index + 1, columns[index].Key, s_key).Text(HeadingRow, index + 1, columns[index].Heading, s_heading);
        }

        sheet.Comment(KeyRow, 1, "Dòng mã cột: không sửa, không xóa. Có thể đổi chỗ cột và thêm dòng.").Freeze(HeadingRow, 1).Print(landscape: true, HeadingRow, HeadingRow);
    }

    /// <summary>Rows with something in a column that is read. Refused: a column that is missing, twice there, or not known.</summary>
    public static IReadOnlyList<WorkbookRow> Read(Sheet sheet, IReadOnlyList<WorkbookColumn> columns)
    {
        var known = columns.Select(column => column.Key).ToHashSet(StringComparer.Ordinal);
        var keyRow = Enumerable.Range(1, Math.Min(LastKeyRow, sheet.LastRow)).FirstOrDefault(row => sheet.Row(row).Any(cell => cell.Text.Trim() == columns[0].Key));
        var problems = new List<Violation>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var cell in keyRow == 0 ? [] : sheet.Row(keyRow).Where(cell => !cell.IsBlank))
        {
            var key = cell.Text.Trim();
            if (!known.Contains(key))
            {
                problems.Add(new Violation("UNKNOWN_COLUMN", sheet.NameOf(cell.Address), $"Ô {cell.Address}: không có cột mã “{key}”."));
            }
            else if (!places.TryAdd(key, cell.Address.Column))
            {
                problems.Add(new Violation("DUPLICATE_COLUMN", sheet.NameOf(cell.Address), $"Ô {cell.Address}: cột mã “{key}” có hai lần."));
            }
        }

        problems.AddRange(columns.Where(column => column.IsRead && !places.ContainsKey(column.Key))
            .Select(column => new Violation("MISSING_COLUMN", sheet.Name, $"Trang “{sheet.Name}” thiếu cột “{column.Heading}” (mã “{column.Key}”)."))); // nothing is read by position
        RuleViolationException.ThrowIfAny(problems, WorkbookRefusal.Code, "Bảng tính không đúng mẫu.");

        var read = columns.Where(column => column.IsRead).ToList();
        return
        [
            .. sheet.Cells.Keys.Select(cell => cell.Row).Where(row => row >= keyRow + 2).Distinct().Order() // the last row may be the millionth
                .Select(row => new WorkbookRow(row, read.ToDictionary(column => column.Key, column => new CellAddress(row, places[column.Key]), StringComparer.Ordinal)))
                .Where(row => row.Cells.Values.Any(cell => !sheet.At(cell).IsBlank)),
        ];
    }

    /// <summary>The sheet of that name; refused when it is not there.</summary>
    public static Sheet SheetOf(WorkbookBody body, string name) => body.Workbook.Find(name) ?? throw WorkbookRefusal.NoSheet($"trang tính “{name}”");

    /// <summary>A code; null: blank, or refused. A number is a code only where that code is known: another may have lost its leading zeros.</summary>
    public static string? CodeAt(SheetReading reading, CellAddress address, Func<string, bool> isKnown)
    {
        var code = reading.Text(address);
        if (code is not null && reading.Sheet.At(address).Kind is not CellKind.Text && !isKnown(code))
        {
            reading.Refuse(address, "NUMBER_AS_CODE", $"mã đang là số ({code}) và có thể đã mất chữ số 0 ở đầu; hãy định dạng ô là Văn bản rồi ghi lại mã.");
            return null;
        }

        return code;
    }
}
