using System.Globalization;
using System.Text;

namespace ThiDua.Documents.Endpoints;

/// <summary>The statistics as CSV: one line for each cell, so that a program need not know the form.</summary>
public static class StatisticsCsv
{
    private const string CountsName = "Số liệu của kỳ";

    public static byte[] Write(StatisticsView view)
    {
        var text = new StringBuilder();
        Line("Kỳ thi đua", "Năm", "Biểu", "Mã số", "Chỉ tiêu", "Đơn vị tính", "Cột", "Tên cột", "Số liệu", "Ghi chú");
        if (view.Basis is { } basis)
        {
            About("Căn cứ", basis.Text);
            foreach (var citation in basis.Citations)
            {
                About("Kiểm chứng căn cứ", $"{StatisticsTexts.Label(citation.Status)}: {citation.Reason}");
            }

            About("Hạn gửi", StatisticsTexts.Day(basis.DueOn));
            About("Phạm vi", basis.Scope);
            About("Nguồn biểu mẫu", basis.Reading);
        }

        foreach (var form in view.Forms)
        {
            foreach (var row in form.Rows)
            {
                foreach (var (cell, column) in row.Cells.Zip(form.Columns))
                {
                    Line(view.Season, Number(view.Year), form.Number, row.Code, row.Heading, row.Unit ?? form.Unit, column.Number, string.Join(" / ", column.Headings), Number(cell.Value), cell.Reason);
                }
            }
        }

        foreach (var section in view.Counts)
        {
            foreach (var count in section.Counts)
            {
                Line(view.Season, Number(view.Year), CountsName, count.Key, count.Label, null, null, section.Title, Number(count.Value), count.Reason);
            }
        }

        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];

        void About(string what, string said) => Line(view.Season, Number(view.Year), null, null, what, null, null, null, null, said);

        void Line(params ReadOnlySpan<string?> fields)
        {
            for (var index = 0; index < fields.Length; index++)
            {
                text.Append(index == 0 ? "" : ",").Append(Field(fields[index]));
            }

            text.Append("\r\n");
        }
    }

    /// <summary>RFC 4180, and nothing that a spreadsheet program would take for a formula.</summary>
    public static string Field(string? value)
    {
        var said = value ?? "";
        if (said.Length > 0 && said[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n')
        {
            said = "'" + said;
        }

        return said.AsSpan().ContainsAny(",\"\r\n") ? $"\"{said.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : said;
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
