using System.Text.Json.Serialization;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Scoring.Endpoints;

/// <summary>What a downloaded workbook of published results carries, sealed.</summary>
/// <param name="Results">What was in force and written into it.</param>
internal sealed record ResultOrigin(int Form, string Season, IReadOnlyList<ResultValue> Results)
{
    public const int PresentForm = 1;
    public const string Kind = "published-results";
}

/// <summary>One published result, without whose and since when.</summary>
internal sealed record ResultValue(string Index, string Unit, string Value, string Document)
{
    [JsonIgnore]
    public (string Index, string Unit) Key => (Index, Unit);

    /// <summary>91.20 and 91.2 are one value; no other two texts are.</summary>
    public bool IsSame(ResultValue? other) => other is not null && Document == other.Document
        && (Value == other.Value || (ExactDecimal.TryParse(Value, out var number) && ExactDecimal.TryParse(other.Value, out var second) && number == second));

    [JsonIgnore]
    public string Display => $"{(ExactDecimal.TryParse(Value, out var number) ? NumberText.Vietnamese(number) : Value)} ({Document})";
}

/// <summary>Which units and indices a season's adopted tables ask for, and which keys an index may have.</summary>
/// <param name="Levels">Keys and labels of the levels, by index; an index that is a number is not here.</param>
/// <param name="Numbers">Indices that some table ranks by.</param>
/// <param name="Wanted">Index and unit of every result that some table waits for.</param>
/// <param name="Units">Names of all units known.</param>
internal sealed record WantedResults(
    IReadOnlyDictionary<string, IReadOnlyList<KeyValuePair<string, string>>> Levels, IReadOnlySet<string> Numbers, IReadOnlyList<(string Index, string Unit)> Wanted, IReadOnlyDictionary<string, string> Units);

/// <summary>Kết quả được công bố as a workbook: one row for each index and unit, and room for more.</summary>
internal static class ResultWorkbook
{
    public const string SheetName = "Kết quả công bố";
    public const string IndexHeader = "Chỉ số";
    public const string UnitHeader = "Mã đơn vị";
    public const string ValueHeader = "Giá trị";
    public const string DocumentHeader = "Văn bản công bố";

    private const int HeaderRow = 4;
    private const int SpareRows = 200;
    private const int SignificantDigits = 15;
    private static readonly CellStyle s_head = new() { Bold = true, Wrap = true, Border = true, Place = HorizontalPlace.Center, Fill = "DDEBF7" };
    private static readonly CellStyle s_text = new() { Wrap = true, Border = true };
    private static readonly CellStyle s_code = new() { Border = true, Shape = NumberShape.Text };
    private static readonly CellStyle s_input = new() { Border = true, Unlocked = true, Fill = "FFF9E5", Wrap = true };

    public static byte[] Write(string season, IReadOnlyList<ResultValue> current, WantedResults wanted, WorkbookSeal seal, DateTimeOffset now)
    {
        var builder = new WorkbookBuilder { Title = $"Kết quả được công bố {season}", Creator = "Thi đua", CreatedAt = now };
        var page = builder.AddSheet(SheetName);
        page.Text(1, 1, $"KẾT QUẢ ĐƯỢC CẤP CÓ THẨM QUYỀN CÔNG BỐ – NĂM THI ĐUA {season}", new CellStyle { Bold = true, Size = 14, Place = HorizontalPlace.Center }).Merge(1, 1, 1, 6);
        page.Text(2, 1, "Ghi giá trị (số hoặc mức) và văn bản công bố vào các ô nền vàng; dòng để trống giá trị thì không nạp. Số thập phân ghi 43,5 hoặc 43.5; không dùng dấu phân cách hàng nghìn.", new CellStyle { Italic = true, Wrap = true }).Merge(2, 1, 2, 6).Height(2, 32);
        string[] headers = ["STT", IndexHeader, UnitHeader, "Tên đơn vị", ValueHeader, DocumentHeader];
        for (var column = 1; column <= headers.Length; column++)
        {
            page.Text(HeaderRow, column, headers[column - 1], s_head);
        }

        page.Width(1, 7).Width(2, 22).Width(3, 16).Width(4, 44).Width(5, 18).Width(6, 44).Freeze(HeaderRow, 3).Print(landscape: false, HeaderRow, HeaderRow, $"Năm thi đua {season}").Protect();
        var at = HeaderRow;
        foreach (var result in current)
        {
            Put(page, ++at, result.Index, result.Unit, wanted, result);
        }

        foreach (var (index, unit) in wanted.Wanted.Except(current.Select(result => result.Key)))
        {
            Put(page, ++at, index, unit, wanted, null);
        }

        var first = at + 1;
        for (var spare = 0; spare < SpareRows; spare++)
        {
            at++;
            page.Number(at, 1, at - HeaderRow, s_text).Blank(at, 2, s_input with { Shape = NumberShape.Text }).Blank(at, 3, s_input with { Shape = NumberShape.Text }).Blank(at, 4, s_text).Blank(at, 5, s_input).Blank(at, 6, s_input with { Shape = NumberShape.Text });
        }

        page.Prompt(CellRange.Of(first, 3, at, 3), new InputHint("Mã đơn vị", "Mã của đơn vị trong hệ thống."));
        seal.Put(builder, ResultOrigin.Kind, new ResultOrigin(ResultOrigin.PresentForm, season, current));
        return builder.ToBytes();
    }

    private static void Put(SheetBuilder page, int at, string index, string unit, WantedResults wanted, ResultValue? result)
    {
        page.Number(at, 1, at - HeaderRow, s_text).Text(at, 2, index, s_code).Text(at, 3, unit, s_code).Text(at, 4, wanted.Units.GetValueOrDefault(unit), s_text);
        if (result is not null && !wanted.Levels.ContainsKey(index) && ExactDecimal.TryParse(result.Value, out var number) && result.Value.Count(char.IsAsciiDigit) <= SignificantDigits)
        {
            page.Number(at, 5, number, s_input);
        }
        else
        {
            page.Text(at, 5, result?.Value, s_input);
        }

        page.Text(at, 6, result?.Document, s_input with { Shape = NumberShape.Text });
        if (wanted.Levels.TryGetValue(index, out var levels))
        {
            page.DropDown(CellRange.Of(at, 5, at, 5), [.. levels.Select(level => level.Value).Distinct()], new InputHint("Chọn mức", $"Mức của {index} được công bố.", "Hãy chọn một mức trong danh sách."));
        }
    }
}

/// <summary>A workbook of published results as it came back.</summary>
internal sealed class ResultWorkbookReading
{
    private const int LastHeaderRow = 50;
    private readonly List<Violation> _problems = [];
    private readonly List<WorkbookChange> _changes = [];
    private readonly List<WorkbookConflict> _conflicts = [];
    private readonly List<ResultValue> _results = [];
    private readonly SheetReading _reading;
    private readonly WantedResults _wanted;

    private ResultWorkbookReading(Sheet sheet, WantedResults wanted) => (_reading, _wanted) = (new SheetReading(sheet, _problems), wanted);

    /// <summary>What is to be loaded.</summary>
    public IReadOnlyList<ResultValue> Results => _results;

    /// <summary>Whether something that is in force is corrected, which needs a reason.</summary>
    public bool Corrects { get; private set; }

    public WorkbookReport Report => new(false, _changes, _conflicts, _problems, []);

    public static ResultOrigin OriginOf(Workbook workbook, WorkbookSeal seal)
    {
        var origin = seal.Get<ResultOrigin>(workbook, ResultOrigin.Kind);
        return origin.Form == ResultOrigin.PresentForm ? origin : throw Refused("OTHER_FORM", "Tệp theo mẫu phiên bản khác; hãy tải mẫu mới.");
    }

    public static ResultWorkbookReading Read(Workbook workbook, ResultOrigin origin, IReadOnlyDictionary<(string Index, string Unit), ResultValue> stored, WantedResults wanted)
    {
        var pages = workbook.Sheets.Where(sheet => sheet.Visibility != SheetVisibility.VeryHidden && HeaderOf(sheet) is not null).ToList();
        if (pages.Count != 1)
        {
            throw WorkbookRefusal.NoSheet(pages.Count == 0 ? $"dòng tiêu đề có cột “{ResultWorkbook.UnitHeader}”" : $"một trang “{ResultWorkbook.SheetName}” duy nhất");
        }

        var reading = new ResultWorkbookReading(pages[0], wanted);
        reading.ReadRows(origin.Results.ToDictionary(result => result.Key), stored);
        return reading;
    }

    internal static RuleViolationException Refused(string code, string message) => new("workbook-not-of-this-season", message, [new Violation(code, string.Empty, message)]);

    private static int? HeaderOf(Sheet sheet) => sheet.Cells.Values
        .Where(cell => cell.Kind == CellKind.Text && cell.Address.Row <= LastHeaderRow && VietnameseText.Normalize(cell.Text) == ResultWorkbook.UnitHeader)
        .Select(cell => (int?)cell.Address.Row).Min();

    private void ReadRows(Dictionary<(string, string), ResultValue> exported, IReadOnlyDictionary<(string, string), ResultValue> stored)
    {
        var header = HeaderOf(_reading.Sheet)!.Value;
        var columns = new[] { ResultWorkbook.IndexHeader, ResultWorkbook.UnitHeader, ResultWorkbook.ValueHeader, ResultWorkbook.DocumentHeader }.Select(name => Column(header, name)).ToArray();
        if (_problems.Count > 0)
        {
            return;
        }

        var rows = new Dictionary<(string, string), int>();
        for (var row = header + 1; row <= _reading.Sheet.LastRow; row++)
        {
            Read(row, columns, rows, exported, stored);
        }

        if (_results.Count > PublishedResultEndpoints.MaximumResults)
        {
            _problems.Add(new Violation("TOO_MANY", _reading.Sheet.Name, $"Tối đa {PublishedResultEndpoints.MaximumResults} kết quả một lần."));
        }
    }

    private int Column(int header, string name)
    {
        var found = _reading.Sheet.Row(header).Where(cell => VietnameseText.Normalize(cell.Text) == name).Select(cell => cell.Address.Column).ToList();
        if (found.Count != 1)
        {
            _problems.Add(new Violation("HEADER_CHANGED", _reading.Sheet.NameOf(new CellAddress(header, 1)), $"Dòng tiêu đề {header} {(found.Count == 0 ? "thiếu" : "có hai")} cột “{name}”."));
        }

        return found.Count == 1 ? found[0] : 1;
    }

    private void Read(int row, int[] columns, Dictionary<(string, string), int> rows, Dictionary<(string, string), ResultValue> exported, IReadOnlyDictionary<(string, string), ResultValue> stored)
    {
        var cells = columns.Select(column => new CellAddress(row, column)).ToArray();
        var before = _problems.Count;
        var (index, unit, document) = (_reading.Text(cells[0]), _reading.Text(cells[1]), _reading.Text(cells[3]));
        var value = Value(index, cells[2]);
        if (_problems.Count > before || (index ?? unit ?? value) is null && document is null)
        {
            return;
        }

        if (index is null || unit is null)
        {
            _reading.Refuse(index is null ? cells[0] : cells[1], "MISSING_CELL", index is null ? "thiếu chỉ số." : "thiếu mã đơn vị.");
        }
        else if (!rows.TryAdd((index, unit), row))
        {
            _reading.Refuse(cells[1], "DUPLICATE_CODE", $"kết quả {index} của đơn vị {unit} đã có ở dòng {rows[(index, unit)]}.");
        }
        else if (!_wanted.Units.ContainsKey(unit))
        {
            _reading.Refuse(cells[1], "UNKNOWN_UNIT", $"không có đơn vị mã “{unit}”.");
        }
        else if (value is null && exported.ContainsKey((index, unit)))
        {
            _reading.Refuse(cells[2], "CLEARED_INPUT", $"đã bị xóa (khi tải xuống là {exported[(index, unit)].Display}); kết quả đã nạp không xóa được.");
        }
        else if (value is null ? document is not null : document is null)
        {
            _reading.Refuse(value is null ? cells[2] : cells[3], "MISSING_CELL", value is null ? "thiếu giá trị." : "thiếu văn bản công bố.");
        }
        else if (value is not null)
        {
            Merge(cells[2], new ResultValue(index, unit, value, document!), exported.GetValueOrDefault((index, unit)), stored.GetValueOrDefault((index, unit)));
        }
    }

    private void Merge(CellAddress cell, ResultValue given, ResultValue? exported, ResultValue? stored)
    {
        if (given.IsSame(exported) || given.IsSame(stored))
        {
            return;
        }

        var (name, what) = (_reading.Sheet.NameOf(cell), $"{given.Index} của đơn vị {given.Unit}");
        if (exported is null ? stored is null : exported.IsSame(stored))
        {
            _results.Add(given);
            _changes.Add(new WorkbookChange(name, what, stored?.Display ?? "(trống)", given.Display));
            Corrects |= stored is not null;
        }
        else
        {
            _conflicts.Add(new WorkbookConflict(name, what, exported?.Display ?? "(trống)", given.Display, stored?.Display ?? "(trống)"));
        }
    }

    /// <summary>A level by its key or label, where a table says that the index has levels; otherwise a number, or a text that is none.</summary>
    private string? Value(string? index, CellAddress cell)
    {
        if (index is not null && _wanted.Levels.TryGetValue(index, out var levels))
        {
            return _reading.Choice(cell, levels);
        }

        if (index is not null && !_wanted.Numbers.Contains(index) && _reading.Sheet.At(cell) is { Kind: CellKind.Text } text && VietnameseText.Normalize(text.Text) is [var first, ..] && char.IsLetter(first))
        {
            return _reading.Text(cell); // no adopted table says yet what it must be
        }

        return _reading.Number(cell, NumberRule.Any) is { } number ? SheetFormValues.Of(number) : null;
    }
}
