using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Scoring.Endpoints;

/// <summary>
/// A score sheet's workbook as it came back: rows found by their keys, every cell read or refused by name, every line held against what
/// was downloaded and what is stored.
/// </summary>
internal sealed class SheetWorkbookReading
{
    private const int LastHeaderRow = 50;
    private readonly List<Violation> _problems = [];
    private readonly List<Violation> _notices = [];
    private readonly Dictionary<string, CellAddress> _cells = new(StringComparer.Ordinal);
    private readonly SheetReading _reading;
    private readonly SheetOrigin _origin;

    private SheetWorkbookReading(Sheet sheet, SheetOrigin origin) => (_reading, _origin) = (new SheetReading(sheet, _problems), origin);

    public IReadOnlyList<MergedLine> Lines { get; private set; } = [];

    public List<Violation> Problems => _problems;

    public IReadOnlyList<Violation> Notices => _notices;

    /// <summary>Refused at once: a file that is not this very sheet's. Everything else is collected.</summary>
    public static SheetWorkbookReading Read(Workbook workbook, WorkbookSeal seal, ScoreSheet sheet, CriteriaTable table)
    {
        var origin = seal.Get<SheetOrigin>(workbook, SheetOrigin.Kind);
        RequireSame(origin, sheet);
        var reading = new SheetWorkbookReading(PageOf(workbook), origin);
        reading.ReadRows(SheetForm.Of(table), sheet, table);
        return reading;
    }

    public static WorkbookLimits Limits { get; } = new() { FileBytes = 4 << 20, UncompressedBytes = 64 << 20, Cells = 100_000 };

    /// <summary>The cell of a field, or of the first field below a pointer, as messages name it.</summary>
    public string CellOf(string key) => _cells.TryGetValue(key, out var cell) ? _reading.Sheet.NameOf(cell) : SheetWorkbook.SheetName;

    /// <summary>Takes a refusal of the domain, which names a pointer of the request, to the cell that the value came from.</summary>
    public void Refuse(Violation violation)
    {
        var at = _cells.Keys.Where(key => violation.Path == key || violation.Path.StartsWith(key + "/", StringComparison.Ordinal)).MaxBy(key => key.Length)
            ?? _cells.Keys.FirstOrDefault(key => key.StartsWith(violation.Path + "/", StringComparison.Ordinal));
        if (at is null)
        {
            _problems.Add(violation with { Path = SheetWorkbook.SheetName });
        }
        else
        {
            _reading.Refuse(_cells[at], violation.Code, violation.Code == "MISSING_PROPERTY" ? "còn trống, trong khi các ô khác của tiêu chí đã nhập." : violation.Message);
        }
    }

    private static void RequireSame(SheetOrigin origin, ScoreSheet sheet)
    {
        var (code, message) =
            origin.Form != SheetOrigin.PresentForm ? ("OTHER_FORM", "Tệp theo mẫu phiên bản khác; hãy tải mẫu mới.")
            : origin.Unit != sheet.Unit ? ("OTHER_UNIT", $"Tệp là phiếu của đơn vị {origin.Unit}, không phải của {sheet.Unit}.")
            : origin.Season != sheet.Season ? ("OTHER_SEASON", $"Tệp là phiếu của năm thi đua {origin.Season}, không phải {sheet.Season}.")
            : origin.Sheet != sheet.Id ? ("OTHER_SHEET", "Tệp là của một phiếu khác.")
            : origin.Table != sheet.TableId ? ("OTHER_TABLE_VERSION", "Bảng tiêu chí đã có phiên bản khác từ khi tải tệp; hãy tải tệp mới.")
            : (string.Empty, string.Empty);
        if (code.Length > 0)
        {
            throw new RuleViolationException("workbook-not-of-this-sheet", message, [new Violation(code, string.Empty, message)]);
        }
    }

    /// <summary>The one sheet with the header of the form, whatever it is called by now.</summary>
    private static Sheet PageOf(Workbook workbook)
    {
        var pages = workbook.Sheets.Where(sheet => sheet.Visibility != SheetVisibility.VeryHidden && HeaderOf(sheet) is not null).ToList();
        return pages.Count == 1 ? pages[0] : throw WorkbookRefusal.NoSheet(pages.Count == 0 ? $"dòng tiêu đề có cột “{SheetWorkbook.KeyHeader}”" : $"một trang “{SheetWorkbook.SheetName}” duy nhất");
    }

    private static Cell? HeaderOf(Sheet sheet) => sheet.Cells.Values
        .Where(cell => cell.Kind == CellKind.Text && cell.Address.Row <= LastHeaderRow && Plain(cell.Text) == SheetWorkbook.KeyHeader)
        .OrderBy(cell => cell.Address.Row).FirstOrDefault();

    private void ReadRows(SheetForm form, ScoreSheet sheet, CriteriaTable table)
    {
        var header = HeaderOf(_reading.Sheet)!.Address.Row;
        if (Columns(header) is not { } columns)
        {
            return;
        }

        var rows = RowsByKey(form, header, columns);
        var given = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var row in form.Rows.Where(row => !row.IsHeading))
        {
            if (!rows.TryGetValue(row.Key, out var at))
            {
                _problems.Add(new Violation("MISSING_ROW", _reading.Sheet.Name, $"Thiếu dòng có mã “{row.Key}” ({Short(row.Title.Length > 0 ? row.Title : row.Value?.Label ?? string.Empty)}); hãy tải tệp mới."));
                continue;
            }

            if (IsWhole(row, at, columns))
            {
                Read(row.Value, new CellAddress(at, columns.Value), given);
                Read(row.Note, new CellAddress(at, columns.Note), given);
            }
        }

        Merge(form, SheetFormValues.Of(form, sheet, table), given);
    }

    private sealed record FormColumns(int Title, int Max, int Self, int Label, int Value, int Note, int Key);

    private FormColumns? Columns(int header)
    {
        int Column(string name)
        {
            var found = _reading.Sheet.Row(header).Where(cell => Plain(cell.Text) == name).Select(cell => cell.Address.Column).ToList();
            if (found.Count == 1)
            {
                return found[0];
            }

            _problems.Add(new Violation("HEADER_CHANGED", _reading.Sheet.NameOf(new CellAddress(header, 1)), $"Dòng tiêu đề {header} {(found.Count == 0 ? "thiếu" : "có hai")} cột “{name}”."));
            return 0;
        }

        var columns = new FormColumns(
            Column(SheetWorkbook.TitleHeader), Column(SheetWorkbook.MaxHeader), Column(SheetWorkbook.SelfHeader), Column(SheetWorkbook.LabelHeader),
            Column(SheetWorkbook.ValueHeader), Column(SheetWorkbook.NoteHeader), Column(SheetWorkbook.KeyHeader));
        return _problems.Count == 0 ? columns : null;
    }

    private Dictionary<string, int> RowsByKey(SheetForm form, int header, FormColumns columns)
    {
        var known = form.Rows.Where(row => !row.IsHeading).Select(row => row.Key).ToHashSet(StringComparer.Ordinal);
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = header + 1; row <= _reading.Sheet.LastRow; row++)
        {
            var key = _reading.Sheet.At(row, columns.Key);
            var text = key.Kind == CellKind.Text ? key.Text.Trim() : key.IsBlank ? string.Empty : _reading.Text(key.Address) ?? "?";
            if (text.Length == 0)
            {
                foreach (var cell in new[] { columns.Value, columns.Note }.Select(column => _reading.Sheet.At(row, column)).Where(cell => !cell.IsBlank))
                {
                    _reading.Refuse(cell.Address, "ROW_WITHOUT_KEY", "có nội dung ở dòng không có mã dòng, không biết thuộc tiêu chí nào; hãy nhập vào đúng dòng của mẫu.");
                }
            }
            else if (!known.Contains(text))
            {
                _reading.Refuse(key.Address, "UNKNOWN_ROW", $"mã dòng “{Short(text)}” không có trong mẫu của phiếu này.");
            }
            else if (!rows.TryAdd(text, row))
            {
                _reading.Refuse(key.Address, "DUPLICATE_ROW", $"mã dòng “{Short(text)}” có hai lần (dòng {rows[text]} và {row}).");
            }

            if (_reading.Sheet.HiddenRows.Contains(row) && known.Contains(text))
            {
                _notices.Add(new Violation("HIDDEN_ROW", _reading.Sheet.NameOf(key.Address), $"Dòng {row} đang ẩn; giá trị của dòng vẫn được đọc."));
            }
        }

        return rows;
    }

    /// <summary>Whether the row's own texts still stand beside its key: who sorted only some columns mixed the rows.</summary>
    private bool IsWhole(FormRow row, int at, FormColumns columns)
    {
        var before = _problems.Count;
        var (title, label) = SheetWorkbook.TextsOf(row);
        foreach (var (column, expected) in new[] { (columns.Title, title), (columns.Label, label) })
        {
            if (Plain(_reading.Sheet.At(at, column).Text) != Plain(expected))
            {
                _reading.Refuse(new CellAddress(at, column), "ROW_MIXED", $"nội dung không còn khớp với mã dòng “{row.Key}”; các dòng đã bị xáo trộn, hãy tải tệp mới.");
            }
        }

        var expectedSelf = row.Criterion is null ? null : _origin.Shown.GetValueOrDefault(row.Key);
        foreach (var (column, expected) in new[] { (columns.Self, expectedSelf), (columns.Max, row.Max is { } max ? SheetFormValues.Of(max) : null) })
        {
            var cell = _reading.Sheet.At(at, column);
            if ((cell.Kind == CellKind.Number ? SheetFormValues.Of(cell.Number) : cell.IsBlank && !cell.IsFormula ? null : "?") != expected)
            {
                _reading.Refuse(cell.Address, "LOCKED_CELL", "ô này do hệ thống ghi, không nhập ở đây; hãy trả lại giá trị cũ hoặc tải tệp mới.");
            }
        }

        if (row.Value is null && !_reading.Sheet.At(at, columns.Value).IsBlank)
        {
            _reading.Refuse(new CellAddress(at, columns.Value), "LOCKED_CELL", row.Source is null ? "ô này không nhập; hãy nhập ở các dòng dưới của tiêu chí." : $"tiêu chí {row.Key} lấy {row.Source}, đơn vị không tự nhập.");
        }

        return _problems.Count == before;
    }

    /// <summary>Into <paramref name="given"/>, unless something is wrong with the cell.</summary>
    private void Read(FormField? field, CellAddress cell, Dictionary<string, string?> given)
    {
        if (field is null || !_origin.Values.TryGetValue(field.Key, out var exported))
        {
            return; // a note too long for a cell, for one
        }

        _cells[field.Key] = cell;
        var before = _problems.Count;
        var value = field.Kind switch
        {
            FieldKind.Note => _reading.Text(cell),
            FieldKind.Choice or FieldKind.Done => _reading.Choice(cell, field.Choices!),
            FieldKind.Late when IsNever(cell) => SheetForm.Never,
            _ => _reading.Number(cell, RuleOf(field)) is { } number ? SheetFormValues.Of(number) : null,
        };
        if (_problems.Count == before && value is null && exported is not null && !field.IsOptional)
        {
            _reading.Refuse(cell, "CLEARED_INPUT", $"đã bị xóa (khi tải xuống là {SheetWorkbook.Display(field, exported)}); số liệu đã nhập không xóa được, hãy ghi giá trị mới hoặc 0.");
        }

        if (_problems.Count == before)
        {
            given[field.Key] = value;
        }
    }

    private bool IsNever(CellAddress cell) => _reading.Sheet.At(cell) is { Kind: CellKind.Text, IsFormula: false } text && string.Equals(Plain(text.Text), SheetForm.NeverText, StringComparison.OrdinalIgnoreCase);

    private static NumberRule RuleOf(FormField field) => new(IsPercentage: field.Unit?.Contains('%', StringComparison.Ordinal) == true)
    {
        Units = [.. new[] { field.Unit, field.Kind == FieldKind.Late ? "ngày" : null, field.Kind == FieldKind.Count ? "lần" : null, field.Most is null ? null : "điểm" }.OfType<string>()],
    };

    private void Merge(SheetForm form, Dictionary<string, string?> stored, Dictionary<string, string?> given) =>
        Lines = [.. form.Fields.GroupBy(field => field.Line, StringComparer.Ordinal)
            .Where(line => line.All(field => given.ContainsKey(field.Key)))
            .Select(line => MergedLine.Of([.. line.Select(field => new MergedField(field, _origin.Values[field.Key], given[field.Key], stored[field.Key]))]))];

    private static string Plain(string text) => string.Join(' ', VietnameseText.Normalize(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Short(string text) => text.Length > 80 ? text[..80] + "…" : text;
}
