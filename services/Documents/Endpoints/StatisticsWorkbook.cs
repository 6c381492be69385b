using System.Globalization;
using ThiDua.Spreadsheets;

namespace ThiDua.Documents.Endpoints;

/// <summary>The statistics as a workbook: each form on a sheet in its own layout, then the counts of the season and what the system does not hold.</summary>
internal static class StatisticsWorkbook
{
    private const int LineHeight = 15;
    private const int LabelWidth = 52;
    private const int ReasonWidth = 70;
    private const int NumberWidth = 20;
    private const int NarrowWidth = 14;
    private const int ColumnsOfFullWidth = 5;

    // Chỉ tiêu, mã số, đơn vị tính stand left of the numbers.
    private const int FirstNumber = 4;

    private static readonly CellStyle s_title = new() { Bold = true, Size = 14, Place = HorizontalPlace.Center, Wrap = true };
    private static readonly CellStyle s_subtitle = new() { Italic = true, Place = HorizontalPlace.Center, Wrap = true };
    private static readonly CellStyle s_note = new() { Italic = true, Wrap = true };
    private static readonly CellStyle s_bold = new() { Bold = true };
    private static readonly CellStyle s_heading = new() { Bold = true, Place = HorizontalPlace.Center, Wrap = true, Border = true, Fill = "E7EEF7" };
    private static readonly CellStyle s_text = new() { Wrap = true, Border = true };
    private static readonly CellStyle s_group = s_text with { Bold = true };
    private static readonly CellStyle s_code = new() { Place = HorizontalPlace.Center, Border = true, Shape = NumberShape.Text };
    private static readonly CellStyle s_number = new() { Place = HorizontalPlace.Right, Border = true, Shape = NumberShape.Whole };

    public static byte[] Write(StatisticsView view, DateTimeOffset now)
    {
        var workbook = new WorkbookBuilder { Title = $"Số liệu thống kê kỳ thi đua {view.Season}", Creator = "Thi đua", CreatedAt = now };
        foreach (var form in view.Forms)
        {
            AddForm(workbook.AddSheet(form.Number[..form.Number.IndexOf('.', StringComparison.Ordinal)]), form, view);
        }

        AddCounts(workbook.AddSheet("Số liệu của kỳ"), view);
        if (view.Forms.Count > 0)
        {
            AddGaps(workbook.AddSheet("Hệ thống không có"), view);
        }

        return workbook.ToBytes();
    }

    private static void AddForm(SheetBuilder sheet, FormView form, StatisticsView view)
    {
        var last = FirstNumber + form.Columns.Count - 1;
        var basis = view.Basis!;
        sheet.Width(1, LabelWidth).Width(2, 8).Width(3, 13);
        for (var column = FirstNumber; column <= last; column++)
        {
            sheet.Width(column, WidthOf(form));
        }

        sheet.Text(1, 1, $"Biểu số: {form.Number}", s_bold).Text(1, FirstNumber, "Đơn vị báo cáo:");
        sheet.Text(2, 1, $"Ban hành theo {basis.Text}").Text(2, FirstNumber, "Đơn vị nhận báo cáo:");
        sheet.Text(3, 1, $"Ngày nhận báo cáo: {StatisticsTexts.Day(basis.DueOn)}");
        sheet.Text(4, 1, form.Title.ToUpper(CultureInfo.GetCultureInfo("vi-VN")), s_title).Merge(4, 1, 4, last).Height(4, 2 * LineHeight);
        sheet.Text(5, 1, string.Create(CultureInfo.InvariantCulture, $"Năm {view.Year}"), s_subtitle).Merge(5, 1, 5, last);
        sheet.Text(6, 1, form.Unit is null ? null : $"Đơn vị tính: {form.Unit}", s_subtitle).Merge(6, 1, 6, last);

        var row = AddHeadings(sheet, form, 7);
        sheet.Freeze(row).Print(landscape: true, firstRepeated: 7, lastRepeated: row, footer: form.Number);
        foreach (var line in form.Rows)
        {
            row++;
            sheet.Height(row, HeightOf(line.Heading, LabelWidth)).Text(row, 1, line.Heading, line.Code is null ? s_group : s_text).Text(row, 2, line.Code, s_code).Text(row, 3, line.Unit, s_code);
            for (var index = 0; index < form.Columns.Count; index++)
            {
                sheet.Number(row, FirstNumber + index, line.Cells.ElementAtOrDefault(index)?.Value, s_number);
            }
        }

        List<string> notes = [$"Phạm vi: {basis.Scope}", .. form.Meanings, "Ô trống: hệ thống không có số liệu, không phải là 0; lý do ghi ở trang “Hệ thống không có”."];
        row++;
        foreach (var note in notes)
        {
            row++;
            sheet.Text(row, 1, note, s_note).Merge(row, 1, row, last).Height(row, HeightOf(note, LabelWidth + (form.Columns.Count * WidthOf(form))));
        }
    }

    private static int WidthOf(FormView form) => form.Columns.Count > ColumnsOfFullWidth ? NarrowWidth : NumberWidth;

    /// <summary>Height of a text that is wrapped, reckoned with room to spare: programs do not agree on how high a row must be.</summary>
    private static decimal HeightOf(string text, int width) => LineHeight * (1 + (text.Length * 9 / 8 / width));

    /// <summary>Headings that span several columns above those of each, then the letters and numbers that the form gives its columns.</summary>
    /// <returns>The last row of the headings.</returns>
    private static int AddHeadings(SheetBuilder sheet, FormView form, int first)
    {
        var depth = form.Columns.Max(column => column.Headings.Count);
        var lastHeading = first + depth - 1;
        foreach (var (heading, column) in new[] { ("Chỉ tiêu", 1), ("Mã số", 2), ("Đơn vị tính", 3) })
        {
            Span(heading, first, column, lastHeading, column);
        }

        for (var level = 0; level < depth; level++)
        {
            // What spans several columns is written across all of them; only a column's own heading must find room in its width.
            sheet.Height(first + level, form.Columns.Where(column => column.Headings.Count == level + 1).Max(column => (decimal?)HeightOf(column.Headings[level], WidthOf(form))) ?? (2 * LineHeight));
            for (var from = 0; from < form.Columns.Count; from++)
            {
                var headings = form.Columns[from].Headings;
                if (level >= headings.Count)
                {
                    continue;
                }

                var to = from;
                while (level < headings.Count - 1 && to + 1 < form.Columns.Count && form.Columns[to + 1].Headings.Take(level + 1).SequenceEqual(headings.Take(level + 1)))
                {
                    to++;
                }

                Span(headings[level], first + level, FirstNumber + from, level == headings.Count - 1 ? lastHeading : first + level, FirstNumber + to);
                from = to;
            }
        }

        var numbers = lastHeading + 1;
        sheet.Text(numbers, 1, "A", s_heading).Text(numbers, 2, "B", s_heading).Text(numbers, 3, "C", s_heading);
        for (var index = 0; index < form.Columns.Count; index++)
        {
            sheet.Text(numbers, FirstNumber + index, form.Columns[index].Number, s_heading);
        }

        return numbers;

        void Span(string text, int top, int left, int bottom, int right)
        {
            for (var row = top; row <= bottom; row++)
            {
                for (var column = left; column <= right; column++)
                {
                    sheet.Blank(row, column, s_heading);
                }
            }

            sheet.Text(top, left, text, s_heading);
            if (top < bottom || left < right)
            {
                sheet.Merge(top, left, bottom, right);
            }
        }
    }

    private static void AddCounts(SheetBuilder sheet, StatisticsView view)
    {
        sheet.Width(1, LabelWidth).Width(2, 14).Width(3, ReasonWidth);
        sheet.Text(1, 1, string.Create(CultureInfo.InvariantCulture, $"Số liệu của kỳ thi đua {view.Season}, năm {view.Year}"), s_title with { Place = HorizontalPlace.Left, Wrap = false });
        var row = 2;
        if (view.Basis is { } basis)
        {
            sheet.Text(row, 1, $"Căn cứ: {basis.Text}");
            foreach (var citation in basis.Citations)
            {
                sheet.Text(++row, 1, $"{StatisticsTexts.Label(citation.Status)}: {citation.Reason}", s_note).Merge(row, 1, row, 3);
            }

            sheet.Text(++row, 1, basis.Reading, s_note).Merge(row, 1, row, 3);
        }
        else
        {
            sheet.Text(row, 1, string.Create(CultureInfo.InvariantCulture, $"Hệ thống không có biểu mẫu báo cáo thống kê của năm {view.Year}."), s_note);
        }

        row += 2;
        sheet.Text(row, 1, "Số liệu", s_heading).Text(row, 2, "Số lượng", s_heading).Text(row, 3, "Ghi chú", s_heading).Print(landscape: false, row, row);
        foreach (var section in view.Counts)
        {
            sheet.Text(++row, 1, section.Title, s_group).Blank(row, 2, s_group).Blank(row, 3, s_group);
            foreach (var count in section.Counts)
            {
                sheet.Height(++row, HeightOf(count.Reason ?? "", ReasonWidth)).Text(row, 1, count.Label, s_text).Number(row, 2, count.Value, s_number).Text(row, 3, count.Reason, s_text);
            }
        }
    }

    private static void AddGaps(SheetBuilder sheet, StatisticsView view)
    {
        sheet.Width(1, 20).Width(2, LabelWidth).Width(3, 28).Width(4, 20).Width(5, ReasonWidth);
        sheet.Text(1, 1, "Phần biểu mẫu hỏi mà hệ thống không có", s_title with { Place = HorizontalPlace.Left, Wrap = false });
        string[] headings = ["Biểu số", "Nội dung", "Dòng (mã số)", "Cột", "Lý do"];
        for (var column = 0; column < headings.Length; column++)
        {
            sheet.Text(3, column + 1, headings[column], s_heading);
        }

        sheet.Freeze(3).Print(landscape: true, 3, 3);
        var row = 3;
        foreach (var (form, gap) in view.Forms.SelectMany(form => form.Gaps.Select(gap => (form, gap))))
        {
            sheet.Height(++row, decimal.Max(HeightOf(gap.What, LabelWidth), HeightOf(gap.Reason, ReasonWidth))).Text(row, 1, form.Number, s_text).Text(row, 2, gap.What, s_text)
                .Text(row, 3, gap.Rows is { } rows ? string.Join(", ", rows) : "tất cả", s_text)
                .Text(row, 4, gap.Columns is { } columns ? string.Join(", ", columns) : "tất cả", s_text)
                .Text(row, 5, gap.Reason, s_text);
        }
    }
}
