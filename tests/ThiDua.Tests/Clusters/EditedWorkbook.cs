using System.Net.Http.Headers;
using ThiDua.Spreadsheets;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>A workbook of the service as somebody edits it: cells are set, rows added, sheets kept as they are, hidden ones too.</summary>
internal sealed class EditedWorkbook
{
    private readonly List<(string Name, SheetVisibility Visibility, Dictionary<CellAddress, object> Cells)> _sheets;

    private EditedWorkbook(List<(string Name, SheetVisibility Visibility, Dictionary<CellAddress, object> Cells)> sheets) => _sheets = sheets;

    public static async Task<EditedWorkbook> TakeAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((200, WorkbookBuilder.ContentType), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        using var file = new MemoryStream(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        return new EditedWorkbook(
        [
            .. WorkbookReader.Read(file).Sheets.Select(sheet => (sheet.Name, sheet.Visibility, sheet.Cells.Values.Where(cell => !cell.IsBlank).ToDictionary(cell => cell.Address, object (cell) => cell.Kind switch
            {
                CellKind.Number => cell.Number,
                CellKind.Date => DateOnly.FromDateTime(cell.Date),
                _ => cell.Text,
            }))),
        ]);
    }

    /// <summary>Sets a cell; null empties it.</summary>
    public EditedWorkbook Set(string sheet, int row, int column, object? value)
    {
        var cells = _sheets.Single(known => known.Name == sheet).Cells;
        if (value is null)
        {
            cells.Remove(new CellAddress(row, column));
        }
        else
        {
            cells[new CellAddress(row, column)] = value;
        }

        return this;
    }

    public EditedWorkbook SetRow(string sheet, int row, params object?[] values)
    {
        for (var column = 0; column < values.Length; column++)
        {
            Set(sheet, row, column + 1, values[column]);
        }

        return this;
    }

    /// <summary>The row in which the cell of a column holds this text.</summary>
    public int RowOf(string sheet, int column, string text) =>
        _sheets.Single(known => known.Name == sheet).Cells.Single(cell => cell.Key.Column == column && (cell.Value as string) == text && cell.Key.Row >= 5).Key.Row;

    /// <summary>Puts every cell elsewhere: an inserted row, columns in another order.</summary>
    public EditedWorkbook Move(string sheet, Func<CellAddress, CellAddress> to)
    {
        var cells = _sheets.Single(known => known.Name == sheet).Cells;
        var moved = cells.ToDictionary(cell => to(cell.Key), cell => cell.Value);
        cells.Clear();
        foreach (var (address, value) in moved)
        {
            cells[address] = value;
        }

        return this;
    }

    public byte[] ToBytes()
    {
        var workbook = new WorkbookBuilder { Title = "Đã sửa", Creator = "Người dùng", CreatedAt = DateTimeOffset.UnixEpoch };
        foreach (var (name, visibility, cells) in _sheets)
        {
            var sheet = workbook.AddSheet(name, visibility);
            foreach (var (address, value) in cells)
            {
                _ = value switch
                {
                    decimal number => sheet.Number(address.Row, address.Column, number),
                    DateOnly day => sheet.Day(address.Row, address.Column, day),
                    _ => sheet.Text(address.Row, address.Column, (string)value),
                };
            }
        }

        return workbook.ToBytes();
    }

    public Task<ApiAnswer> SendAsync(HttpClient client, string path) => SendAsync(client, path, ToBytes());

    public static Task<ApiAnswer> SendAsync(HttpClient client, string path, byte[] file)
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(WorkbookBuilder.ContentType);
        return client.CallAsync(HttpMethod.Post, path, content);
    }
}
