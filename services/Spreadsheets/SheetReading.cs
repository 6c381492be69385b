using System.Globalization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Spreadsheets;

/// <summary>
/// Reads the input cells of one sheet as what they must be and collects everything that is wrong, each by its cell: the path of a violation
/// is <c>Bảng chấm!D12</c>. Codes are listed in docs/spreadsheets.md.
/// </summary>
public sealed class SheetReading(Sheet sheet, ICollection<Violation> problems)
{
    private static readonly string[] s_days = ["d/M/yyyy", "d-M-yyyy", "d.M.yyyy", "yyyy-M-d"];

    public Sheet Sheet => sheet;

    public void Refuse(CellAddress cell, string code, string message) =>
        problems.Add(new Violation(code, sheet.NameOf(cell), $"Ô {cell}: {message}"));

    /// <summary>The exact number of the cell; null: blank, or refused.</summary>
    public decimal? Number(CellAddress address, NumberRule rule)
    {
        var cell = sheet.At(address);
        if (!IsInput(cell))
        {
            return null;
        }

        switch (cell.Kind)
        {
            case CellKind.Number when cell.IsPercent:
                Refuse(address, "PERCENT_FORMAT", $"ô định dạng phần trăm, đang hiện {NumberText.Vietnamese(cell.Number * 100)}% và lưu {NumberText.Vietnamese(cell.Number)}; hãy đổi định dạng ô sang số rồi ghi lại.");
                return null;
            case CellKind.Number when !rule.Admits(cell.Number):
                Refuse(address, "TOO_MANY_DECIMALS", $"{NumberText.Vietnamese(cell.Number)} có phần thập phân dài hơn {rule.Decimals} chữ số.");
                return null;
            case CellKind.Number:
                return cell.Number;
            case CellKind.Text:
                var reading = NumberText.Read(cell.Text, rule);
                if (reading is { Code: { } code, Message: { } message })
                {
                    Refuse(address, code, message);
                }

                return reading?.Number;
            case CellKind.Date:
                Refuse(address, "DATE_AS_NUMBER", $"ô đang là ngày {Day(cell.Date)}, không phải số (phần mềm có thể đã tự đổi); hãy đổi định dạng ô sang số rồi ghi lại.");
                return null;
            case CellKind.Boolean:
                Refuse(address, "NOT_A_NUMBER", "ô đang là đúng/sai, không phải số.");
                return null;
            default:
                return null;
        }
    }

    /// <summary>The text of the cell, normalised; a number or a day as it is written; null: blank, or refused.</summary>
    public string? Text(CellAddress address)
    {
        var cell = sheet.At(address);
        if (!IsInput(cell))
        {
            return null;
        }

        if (cell is { Kind: CellKind.Number, IsPercent: true })
        {
            return $"{NumberText.Vietnamese(cell.Number * 100)}%";
        }

        return cell.Kind switch
        {
            CellKind.Text => VietnameseText.Normalize(cell.Text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n')) is { Length: > 0 } text ? text : null,
            CellKind.Number => cell.Number.ToString(CultureInfo.InvariantCulture).Replace('.', ','),
            CellKind.Date => Day(cell.Date),
            CellKind.Boolean => cell.Boolean ? "Có" : "Không",
            _ => null,
        };
    }

    /// <summary>The day of the cell: a date of the program, or a text such as 20/06/2026, day first; null: blank, or refused.</summary>
    public DateOnly? Day(CellAddress address)
    {
        var cell = sheet.At(address);
        if (!IsInput(cell))
        {
            return null;
        }

        switch (cell.Kind)
        {
            case CellKind.Date when cell.Date.TimeOfDay == TimeSpan.Zero:
                return DateOnly.FromDateTime(cell.Date);
            case CellKind.Text when DateOnly.TryParseExact(VietnameseText.Normalize(cell.Text).TrimStart('\''), s_days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day):
                return day;
            case CellKind.Blank:
                return null;
            default:
                Refuse(address, "NOT_A_DATE", "phải là ngày, ghi dạng ngày/tháng/năm, ví dụ 20/06/2026.");
                return null;
        }
    }

    /// <summary>One of a few texts, however their letters are cased; null: blank, or refused.</summary>
    /// <param name="address">The cell.</param>
    /// <param name="options">What each text means; several texts may mean the same.</param>
    public T? Choice<T>(CellAddress address, IReadOnlyList<KeyValuePair<string, T>> options)
        where T : class
    {
        if (Text(address) is not { } text)
        {
            return null;
        }

        var exact = options.Where(option => VietnameseText.Normalize(option.Key) == text).Select(option => option.Value).Distinct().ToList();
        var found = exact.Count > 0 ? exact : [.. options.Where(option => string.Equals(VietnameseText.Normalize(option.Key), text, StringComparison.OrdinalIgnoreCase)).Select(option => option.Value).Distinct()];
        if (found.Count == 1)
        {
            return found[0];
        }

        Refuse(address, "UNKNOWN_CHOICE", $"“{(text.Length > 60 ? text[..60] + "…" : text)}” không có trong danh sách: {string.Join("; ", options.Select(option => option.Key).Take(8))}.");
        return null;
    }

    /// <summary>Whether there is a value of the person's own in the cell: no error, no formula, no part of a merged range.</summary>
    private bool IsInput(Cell cell)
    {
        if (sheet.MergedAt(cell.Address) is { IsOneCell: false } merged)
        {
            if (!sheet.At(merged.First).IsBlank || !cell.IsBlank)
            {
                Refuse(cell.Address, "MERGED_CELL", $"ô nằm trong vùng gộp {merged}, không rõ giá trị thuộc dòng nào; hãy bỏ gộp ô.");
            }

            return false;
        }

        if (cell.IsFormula)
        {
            Refuse(cell.Address, "FORMULA_IN_INPUT", "ô nhập liệu chứa công thức; hãy ghi giá trị (dán giá trị, không dán công thức).");
            return false;
        }

        if (cell.Kind == CellKind.Error)
        {
            Refuse(cell.Address, "ERROR_VALUE", $"không đọc được: {cell.Text}.");
            return false;
        }

        return true;
    }

    private static string Day(DateTime date) => date.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}
