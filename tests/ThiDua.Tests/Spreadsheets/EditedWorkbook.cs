using System.Globalization;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using ThiDua.Spreadsheets;
using Workbook = DocumentFormat.OpenXml.Spreadsheet.Workbook;
using Cell = DocumentFormat.OpenXml.Spreadsheet.Cell;
using Sheet = DocumentFormat.OpenXml.Spreadsheet.Sheet;

namespace ThiDua.Tests.Spreadsheets;

/// <summary>A workbook changed as somebody with a spreadsheet program changes it: in the file itself, not through our writer.</summary>
internal sealed partial class EditedWorkbook : IDisposable
{
    private readonly MemoryStream _stream = new();
    private readonly SpreadsheetDocument _document;
    private readonly WorksheetPart _part;
    private readonly SheetData _data;

    public EditedWorkbook(byte[] file, string? sheetName = null)
    {
        _stream.Write(file);
        _document = SpreadsheetDocument.Open(_stream, isEditable: true);
        var book = _document.WorkbookPart!;
        var sheet = book.Workbook!.Descendants<Sheet>().First(sheet => sheetName is null || sheet.Name == sheetName);
        _part = (WorksheetPart)book.GetPartById(sheet.Id!.Value!);
        _data = _part.Worksheet!.GetFirstChild<SheetData>()!;
    }

    public Sheet SheetEntry => _document.WorkbookPart!.Workbook!.Descendants<Sheet>().First();

    public Workbook Book => _document.WorkbookPart!.Workbook!;

    /// <summary>Row of the form's row with this key.</summary>
    public int RowOf(string key, string column = "H") =>
        (int)_data.Elements<Row>().Single(row => row.Elements<Cell>().Any(cell => cell.CellReference == $"{column}{row.RowIndex!.Value}" && cell.InnerText == key)).RowIndex!.Value;

    public EditedWorkbook Text(string address, string text)
    {
        var cell = CellAt(address);
        Clear(cell);
        cell.DataType = CellValues.InlineString;
        cell.InlineString = new InlineString(new Text(LooksEscaped().Replace(text, "_x005F_")) { Space = DocumentFormat.OpenXml.SpaceProcessingModeValues.Preserve });
        return this;
    }

    /// <summary>A number as the program writes it, with its rounding errors.</summary>
    public EditedWorkbook Number(string address, string written, uint? style = null)
    {
        var cell = CellAt(address);
        Clear(cell);
        cell.CellValue = new CellValue(written);
        if (style is { } given)
        {
            cell.StyleIndex = given;
        }

        return this;
    }

    public EditedWorkbook Formula(string address, string formula, string value)
    {
        var cell = CellAt(address);
        Clear(cell);
        cell.CellFormula = new CellFormula(formula);
        cell.CellValue = new CellValue(value);
        return this;
    }

    public EditedWorkbook Blank(string address)
    {
        Clear(CellAt(address));
        return this;
    }

    public EditedWorkbook Merge(string range)
    {
        var merged = _part.Worksheet!.GetFirstChild<MergeCells>()!;
        merged.Append(new MergeCell { Reference = range });
        return this;
    }

    /// <summary>Adds a number format and answers with the style that has it.</summary>
    public uint StyleOf(string format)
    {
        var sheet = _document.WorkbookPart!.WorkbookStylesPart!.Stylesheet!;
        var id = (uint)(200 + sheet.NumberingFormats!.ChildElements.Count);
        sheet.NumberingFormats.Append(new NumberingFormat { NumberFormatId = id, FormatCode = format });
        sheet.CellFormats!.Append(new CellFormat { NumberFormatId = id, FontId = 0, FillId = 0, BorderId = 0, ApplyNumberFormat = true });
        return (uint)sheet.CellFormats.ChildElements.Count - 1;
    }

    public EditedWorkbook InsertRow(int before, params (string Column, string Text)[] cells)
    {
        foreach (var row in _data.Elements<Row>().Where(row => row.RowIndex!.Value >= before).Reverse().ToList())
        {
            Move(row, (int)row.RowIndex!.Value + 1);
        }

        foreach (var (column, text) in cells)
        {
            Text(column + before.ToString(CultureInfo.InvariantCulture), text);
        }

        return this;
    }

    public EditedWorkbook DeleteRow(int at)
    {
        _data.Elements<Row>().Single(row => row.RowIndex!.Value == at).Remove();
        foreach (var row in _data.Elements<Row>().Where(row => row.RowIndex!.Value > at).ToList())
        {
            Move(row, (int)row.RowIndex!.Value - 1);
        }

        return this;
    }

    /// <summary>Puts whole rows in another order, as sorting does.</summary>
    public EditedWorkbook Reorder(int first, int last, Random random)
    {
        var rows = _data.Elements<Row>().Where(row => row.RowIndex!.Value >= first && row.RowIndex.Value <= last).ToList();
        var places = rows.Select(row => (int)row.RowIndex!.Value).ToArray();
        random.Shuffle(places);
        rows.ForEach(row => row.Remove());
        for (var n = 0; n < rows.Count; n++)
        {
            Move(rows[n], places[n]);
        }

        var after = _data.Elements<Row>().LastOrDefault(row => row.RowIndex!.Value < first);
        foreach (var row in rows.OrderByDescending(row => row.RowIndex!.Value))
        {
            _data.InsertAfter(row, after);
        }

        return this;
    }

    public EditedWorkbook Hide(int row)
    {
        _data.Elements<Row>().Single(found => found.RowIndex!.Value == row).Hidden = true;
        return this;
    }

    public EditedWorkbook Use1904()
    {
        Book.WorkbookProperties!.Date1904 = true;
        return this;
    }

    public byte[] ToBytes()
    {
        _part.Worksheet!.Save();
        _document.WorkbookPart!.WorkbookStylesPart?.Stylesheet?.Save();
        Book.Save();
        _document.Save();
        _document.Dispose();
        return _stream.ToArray();
    }

    public void Dispose()
    {
        _document.Dispose();
        _stream.Dispose();
    }

    /// <summary>An underscore that only looks like the beginning of an escaped character is escaped itself.</summary>
    [GeneratedRegex("_(?=x[0-9A-Fa-f]{4}_)")]
    private static partial Regex LooksEscaped();

    private static void Clear(Cell cell)
    {
        cell.RemoveAllChildren();
        cell.DataType = null;
    }

    private static void Move(Row row, int to)
    {
        row.RowIndex = (uint)to;
        foreach (var cell in row.Elements<Cell>())
        {
            cell.CellReference = string.Concat(cell.CellReference!.Value!.TakeWhile(char.IsAsciiLetter)) + to.ToString(CultureInfo.InvariantCulture);
        }
    }

    private Cell CellAt(string address)
    {
        Assert.True(CellAddress.TryParse(address, out var place));
        var row = _data.Elements<Row>().FirstOrDefault(row => row.RowIndex!.Value == place.Row);
        if (row is null)
        {
            row = new Row { RowIndex = (uint)place.Row };
            _data.InsertAfter(row, _data.Elements<Row>().LastOrDefault(other => other.RowIndex!.Value < place.Row));
        }

        var cell = row.Elements<Cell>().FirstOrDefault(cell => cell.CellReference == address);
        if (cell is null)
        {
            cell = new Cell { CellReference = address };
            row.InsertAfter(cell, row.Elements<Cell>().LastOrDefault(other => CellAddress.TryParse(other.CellReference!.Value!, out var at) && at.Column < place.Column));
        }

        return cell;
    }
}
