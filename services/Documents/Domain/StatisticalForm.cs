using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThiDua.Documents.Domain;

/// <summary>Biểu mẫu báo cáo thống kê of the years from one to another: the forms, the text that they rest on, and the day on which they are due.</summary>
/// <param name="FirstYear">First year of report.</param>
/// <param name="LastYear">Last year of report; null as long as no end is known.</param>
/// <param name="Basis">Căn cứ.</param>
/// <param name="DueMonth">Of the year of report.</param>
/// <param name="DueDay">Of that month.</param>
/// <param name="Scope">Vietnamese: what the season's counts are a part of.</param>
/// <param name="Reading">Vietnamese: how much of the forms was read.</param>
public sealed record StatisticalForms(int FirstYear, int? LastYear, string Basis, int DueMonth, int DueDay, string Scope, string Reading, IReadOnlyList<StatisticalForm> Forms)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    private static readonly IReadOnlyList<StatisticalForms> s_all = Read();

    /// <summary>The forms of a year of report; null: none are known.</summary>
    public static StatisticalForms? Of(int year) => s_all.SingleOrDefault(forms => forms.FirstYear <= year && year <= (forms.LastYear ?? year));

    /// <summary>Hạn gửi.</summary>
    public DateOnly DueOn(int year) => new(year, DueMonth, DueDay);

    private static IReadOnlyList<StatisticalForms> Read()
    {
        using var file = typeof(StatisticalForms).Assembly.GetManifestResourceStream("statistical-forms.json")
            ?? throw new InvalidOperationException("statistical-forms.json is not in the assembly.");
        return JsonSerializer.Deserialize<IReadOnlyList<StatisticalForms>>(file, s_json)!;
    }
}

/// <summary>Biểu: one form with its rows and columns, which of its cells the system can count, and why it cannot count the others.</summary>
/// <param name="Number">Số, ký hiệu biểu.</param>
/// <param name="Title">Tên biểu.</param>
/// <param name="Columns">Of numbers, from left to right.</param>
/// <param name="Rows">From top to bottom.</param>
/// <param name="Cells">What is counted.</param>
/// <param name="Gaps">What is not; the first that meets a cell holds for it.</param>
/// <param name="Unit">Đơn vị tính of the whole form; null where each row has its own.</param>
public sealed record StatisticalForm(
    string Number, string Title, IReadOnlyList<FormColumn> Columns, IReadOnlyList<FormRow> Rows, IReadOnlyList<FormCell> Cells, IReadOnlyList<FormGap> Gaps, string? Unit = null)
{
    /// <summary>Số liệu of a cell; null: not known, which is not zero.</summary>
    public int? Value(FormRow row, FormColumn column, SeasonCounts counts) =>
        CellAt(row, column) is { } cell ? counts.Find(cell.Count, cell.Categories) : null;

    /// <summary>How a cell is counted; null: it is not.</summary>
    public FormCell? CellAt(FormRow row, FormColumn column) => Cells.SingleOrDefault(cell => cell.Row == row.Code && cell.Column == column.Number);

    /// <summary>Why a cell stays empty; null for a heading.</summary>
    public FormGap? GapAt(FormRow row, FormColumn column) => row.Code is null ? null : Gaps.FirstOrDefault(gap => gap.Meets(row.Code, column.Number));
}

/// <summary>Cột.</summary>
/// <param name="Number">Number that the form gives it.</param>
/// <param name="Headings">From the one that spans most to its own.</param>
public sealed record FormColumn(string Number, IReadOnlyList<string> Headings);

/// <summary>Dòng.</summary>
/// <param name="Heading">Chỉ tiêu.</param>
/// <param name="Code">Mã số; null for a heading without numbers.</param>
/// <param name="Unit">Đơn vị tính.</param>
public sealed record FormRow(string Heading, string? Code = null, string? Unit = null);

/// <summary>Ô có số liệu.</summary>
/// <param name="Row">Code.</param>
/// <param name="Column">Number.</param>
/// <param name="Count">Key of the count.</param>
/// <param name="Meaning">Vietnamese: what is counted.</param>
/// <param name="Categories">Only these categories of units; null: all.</param>
public sealed record FormCell(string Row, string Column, string Count, string Meaning, IReadOnlyList<string>? Categories = null);

/// <summary>Phần biểu hỏi mà hệ thống không có.</summary>
/// <param name="What">Vietnamese: its name.</param>
/// <param name="Reason">Vietnamese.</param>
/// <param name="Rows">Codes; null: all.</param>
/// <param name="Columns">Numbers; null: all.</param>
public sealed record FormGap(string What, string Reason, IReadOnlyList<string>? Rows = null, IReadOnlyList<string>? Columns = null)
{
    public bool Meets(string row, string column) => (Rows is null || Rows.Contains(row)) && (Columns is null || Columns.Contains(column));
}
