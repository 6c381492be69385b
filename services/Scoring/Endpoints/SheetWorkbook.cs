using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Scoring.Endpoints;

/// <summary>What a downloaded score sheet carries, sealed, of what it was made from.</summary>
/// <param name="Form">Version of the form.</param>
/// <param name="Values">Every input cell as it was written, by key of the field.</param>
/// <param name="Shown">Điểm tự chấm as it was shown, by key of the row.</param>
internal sealed record SheetOrigin(
    int Form, string Season, string Unit, Guid Sheet, Guid Table, int TableVersion, int Version, Dictionary<string, string?> Values, Dictionary<string, string?> Shown)
{
    public const int PresentForm = 1;
    public const string Kind = "score-sheet";
}

/// <summary>Phiếu chấm điểm as a workbook: the guidance's form, with the input cells of each criterion's kind.</summary>
internal static class SheetWorkbook
{
    public const string SheetName = "Bảng chấm";
    public const int HeaderRow = 6;
    public const string TitleHeader = "Nội dung";
    public const string MaxHeader = "Điểm chuẩn";
    public const string SelfHeader = "Điểm tự chấm";
    public const string LabelHeader = "Số liệu cần nhập";
    public const string ValueHeader = "Giá trị";
    public const string NoteHeader = "Ghi chú, minh chứng";
    public const string KeyHeader = "Mã dòng";

    private const int LongestNote = 32_000; // a cell holds little more
    private const int NumberColumn = 1;
    private const int TitleColumn = 2;
    private const int MaxColumn = 3;
    private const int SelfColumn = 4;
    private const int LabelColumn = 5;
    private const int ValueColumn = 6;
    private const int NoteColumn = 7;
    private const int KeyColumn = 8;
    private const string InputGround = "FFF9E5";

    private static readonly CellStyle s_text = new() { Wrap = true, Border = true };
    private static readonly CellStyle s_middle = new() { Wrap = true, Border = true, Place = HorizontalPlace.Center };
    private static readonly CellStyle s_number = new() { Border = true, Place = HorizontalPlace.Right };
    private static readonly CellStyle s_head = new() { Bold = true, Wrap = true, Border = true, Place = HorizontalPlace.Center, Fill = "DDEBF7" };
    private static readonly CellStyle s_group = new() { Bold = true, Wrap = true, Border = true, Fill = "F2F2F2" };
    private static readonly CellStyle s_key = new() { Size = 8, Color = "808080", Border = true, Shape = NumberShape.Text };
    private static readonly CellStyle s_source = new() { Italic = true, Wrap = true, Border = true, Color = "808080" };
    private static readonly CellStyle s_input = new() { Border = true, Unlocked = true, Fill = InputGround, Place = HorizontalPlace.Right };
    private static readonly CellStyle s_choice = new() { Border = true, Unlocked = true, Fill = InputGround, Wrap = true };
    private static readonly CellStyle s_note = new() { Border = true, Unlocked = true, Fill = InputGround, Wrap = true, Shape = NumberShape.Text };

    public static string FileName(ScoreSheet sheet) => $"phieu-cham-diem-{sheet.Season}-{sheet.Unit}.xlsx";

    public static byte[] Write(LoadedSheet loaded, WorkbookSeal seal, DateTimeOffset now) =>
        Write(loaded.Sheet, loaded.Table, loaded.TableVersion, loaded.Cluster.Members.Find(member => member.Unit == loaded.Sheet.Unit)?.Name ?? loaded.Sheet.Unit, seal, now);

    public static byte[] Write(ScoreSheet sheet, CriteriaTable table, int tableVersion, string unitName, WorkbookSeal seal, DateTimeOffset now)
    {
        var form = SheetForm.Of(table);
        var values = SheetFormValues.Of(form, sheet, table);
        foreach (var note in form.Fields.Where(field => values[field.Key] is { Length: > LongestNote }))
        {
            values.Remove(note.Key);
        }

        var origin = new SheetOrigin(
            SheetOrigin.PresentForm, sheet.Season, sheet.Unit, sheet.Id, sheet.TableId, tableVersion, sheet.Version, values,
            form.Rows.Where(row => row.Criterion is not null).ToDictionary(row => row.Key, row => sheet.Line(row.Criterion!.Code)?.Self is { } self ? SheetFormValues.Of(self) : null, StringComparer.Ordinal));
        var builder = new WorkbookBuilder { Title = $"Phiếu chấm điểm thi đua {sheet.Season} – {unitName}", Creator = "Thi đua", CreatedAt = now };
        var page = builder.AddSheet(SheetName);
        Head(page, sheet, table, unitName, now);
        var at = HeaderRow + 1;
        foreach (var row in form.Rows)
        {
            Put(page, at++, row, values, origin, IsOpen(sheet, row));
        }

        seal.Put(builder, SheetOrigin.Kind, origin);
        return builder.ToBytes();
    }

    /// <summary>What the row's first two texts are, by which a row is known to be whole.</summary>
    public static (string Title, string Label) TextsOf(FormRow row) => (row.Title, row.Value?.Label ?? row.Source ?? string.Empty);

    private static void Head(SheetBuilder page, ScoreSheet sheet, CriteriaTable table, string unitName, DateTimeOffset now)
    {
        var title = new CellStyle { Bold = true, Size = 14, Place = HorizontalPlace.Center, Wrap = true };
        var line = new CellStyle { Wrap = true };
        page.Text(1, 1, "PHIẾU CHẤM ĐIỂM THI ĐUA", title).Merge(1, 1, 1, NoteColumn);
        page.Text(2, 1, $"Năm thi đua {sheet.Season} – {unitName} ({sheet.Unit})", title with { Size = 12 }).Merge(2, 1, 2, NoteColumn);
        page.Text(3, 1, $"{table.Title}. Tải xuống ngày {VietnamDate.Of(now):dd/MM/yyyy}, phiên bản {sheet.Version} của phiếu.", line).Merge(3, 1, 3, NoteColumn);
        page.Text(4, 1, "Chỉ nhập vào các ô nền vàng. Không xóa, không sắp xếp lại một phần các cột. Số thập phân ghi 43,5 hoặc 43.5; không dùng dấu phân cách hàng nghìn.", line with { Italic = true }).Merge(4, 1, 4, NoteColumn).Height(4, 32);
        string[] headers = ["STT", TitleHeader, MaxHeader, SelfHeader, LabelHeader, ValueHeader, NoteHeader, KeyHeader];
        for (var column = 1; column <= headers.Length; column++)
        {
            page.Text(HeaderRow, column, headers[column - 1], s_head);
        }

        page.Comment(HeaderRow, SelfColumn, "Do hệ thống tính từ số liệu đã nhập; không nhập ở đây.");
        page.Comment(HeaderRow, KeyColumn, "Hệ thống nhận ra dòng theo mã này; không sửa.");
        page.Width(NumberColumn, 7).Width(TitleColumn, 44).Width(MaxColumn, 9).Width(SelfColumn, 9).Width(LabelColumn, 30).Width(ValueColumn, 18).Width(NoteColumn, 46).Width(KeyColumn, 14);
        page.Freeze(HeaderRow, TitleColumn).Print(landscape: true, HeaderRow, HeaderRow, $"{sheet.Season} – {unitName}").Protect();
    }

    private static void Put(SheetBuilder page, int at, FormRow row, Dictionary<string, string?> values, SheetOrigin origin, bool isOpen)
    {
        var (text, middle, number) = row.IsHeading ? (s_group, s_group with { Place = HorizontalPlace.Center }, s_group with { Place = HorizontalPlace.Right }) : (s_text, s_middle, s_number);
        var (title, label) = TextsOf(row);
        page.Text(at, NumberColumn, row.Number, middle).Text(at, TitleColumn, title, text).Number(at, MaxColumn, row.Max, number);
        page.Number(at, SelfColumn, row.Criterion is not null && origin.Shown[row.Key] is { } self ? Number(self) : null, number);
        page.Text(at, LabelColumn, label, row.Source is null ? text : s_source).Text(at, KeyColumn, row.IsHeading ? null : row.Key, row.IsHeading ? s_group : s_key);
        if (row.Hint is { } hint)
        {
            page.Comment(at, TitleColumn, hint);
        }

        if (row.Value is { } field)
        {
            PutValue(page, at, field, values[field.Key], isOpen);
        }
        else
        {
            page.Blank(at, ValueColumn, text);
        }

        if (row.Note is { } note && values.TryGetValue(note.Key, out var written))
        {
            page.Text(at, NoteColumn, written, s_note with { Unlocked = isOpen, Fill = isOpen ? InputGround : null });
            page.Prompt(CellRange.Of(at, NoteColumn, at, NoteColumn), new InputHint("Ghi chú, minh chứng", "Nêu số liệu, tỷ lệ, số và ngày văn bản làm căn cứ."));
        }
        else
        {
            page.Text(at, NoteColumn, row.Note is null ? null : "(ghi chú quá dài để sửa ở đây)", row.Note is null ? text : s_source);
        }
    }

    private static void PutValue(SheetBuilder page, int at, FormField field, string? value, bool isOpen)
    {
        var range = CellRange.Of(at, ValueColumn, at, ValueColumn);
        var style = (field.Kind is FieldKind.Number or FieldKind.Count ? s_input : s_choice) with { Unlocked = isOpen, Fill = isOpen ? InputGround : null };
        var what = field.Unit is { } unit ? $"{field.Label} ({unit})" : field.Label;
        switch (field.Kind)
        {
            case FieldKind.Choice or FieldKind.Done:
                var shown = field.Choices!.Select(choice => choice.Key).Take(field.Choices!.Select(choice => choice.Value).Distinct().Count()).ToList();
                page.Text(at, ValueColumn, value is null ? null : Display(field, value), style);
                page.DropDown(range, shown, new InputHint("Chọn trong danh sách", what, "Hãy chọn một mục trong danh sách."));
                break;
            case FieldKind.Late when value == SheetForm.Never:
                page.Text(at, ValueColumn, SheetForm.NeverText, style);
                page.Prompt(range, LateHint(what));
                break;
            case FieldKind.Late:
                page.Number(at, ValueColumn, value is null ? null : Number(value), style);
                page.Prompt(range, LateHint(what));
                break;
            default:
                page.Number(at, ValueColumn, value is null ? null : Number(value), style);
                page.NumberBetween(range, 0, field.Most, new InputHint("Nhập số", what, field.Most is { } most ? $"Phải là số từ 0 đến {NumberText.Vietnamese(most)}." : "Phải là số không âm."));
                break;
        }
    }

    private static InputHint LateHint(string what) => new("Nhập số ngày", $"{what}. 0 là đúng hạn; ghi “{SheetForm.NeverText}” nếu không nộp.");

    /// <summary>A value as people read it.</summary>
    public static string Display(FormField field, string? value) => (field.Kind, value) switch
    {
        (_, null) => "(trống)",
        (FieldKind.Note, _) => value.Length > 200 ? value[..200] + "…" : value,
        (FieldKind.Choice or FieldKind.Done, _) => field.Choices!.FirstOrDefault(choice => choice.Value == value) is { Key: { } text } ? text : value,
        (FieldKind.Late, SheetForm.Never) => SheetForm.NeverText,
        _ => NumberText.Vietnamese(Number(value)),
    };

    private static decimal Number(string value) => decimal.Parse(value, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Cells that the sheet's state lets the unit change.</summary>
    private static bool IsOpen(ScoreSheet sheet, FormRow row) => sheet.State switch
    {
        SheetState.Draft => true,
        SheetState.ExplanationRequested or SheetState.ReturnedForEvidence => (row.Value ?? row.Note)?.Line is { } line
            && Array.Exists(sheet.OpenCriteria, code => line == $"/inputs/{SheetForm.Escape(code)}" || line == $"/notes/{SheetForm.Escape(code)}"),
        _ => false,
    };
}
