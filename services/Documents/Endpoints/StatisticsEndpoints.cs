using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Documents.Endpoints;

/// <summary>Thống kê: the counts of a season in the forms of the yearly statistical report (F-28).</summary>
public static class StatisticsEndpoints
{
    private const string CsvType = "text/csv; charset=utf-8";

    private static readonly string[] s_readers =
        [Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor, Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair];

    public static void MapStatistics(this RouteGroupBuilder api)
    {
        var statistics = api.MapGroup("/statistics").WithTags("Statistics");
        statistics.MapGet("/{season}", Get).AllowRoles(s_readers)
            .WithSummary("Số liệu của kỳ thi đua theo biểu mẫu báo cáo thống kê năm")
            .WithDescription("Biểu 0601 đến 0603.N/BNV-TĐKT và số liệu của kỳ. Ô không có số liệu là null, không phải 0; gaps nêu tên và lý do. citations cho biết căn cứ đã được kiểm chứng hay chưa.");
        statistics.MapGet("/{season}/csv", Csv).AllowRoles(s_readers).WithReportAnswer("text/csv")
            .WithSummary("Cũng số liệu đó, tệp CSV")
            .WithDescription("UTF-8 có BOM, RFC 4180, mỗi ô của biểu một dòng; ô văn bản bắt đầu bằng ký tự của công thức được thêm dấu nháy đơn.");
        statistics.MapGet("/{season}/xlsx", Xlsx).AllowRoles(s_readers).WithReportAnswer(WorkbookBuilder.ContentType)
            .WithSummary("Cũng số liệu đó, bảng tính xlsx theo mẫu của từng biểu")
            .WithDescription("Mỗi biểu một trang, thêm trang số liệu của kỳ và trang những phần hệ thống không có.");
    }

    private static async Task<Results<Ok<StatisticsView>, NotFound>> Get(string season, DocumentsDbContext db, CancellationToken ct) =>
        await SeasonFacts.LoadAsync(db, season, ct) is { } facts ? TypedResults.Ok(StatisticsView.Of(facts)) : TypedResults.NotFound();

    private static async Task<Results<FileContentHttpResult, NotFound>> Csv(string season, DocumentsDbContext db, CancellationToken ct) =>
        await SeasonFacts.LoadAsync(db, season, ct) is { } facts
            ? TypedResults.File(StatisticsCsv.Write(StatisticsView.Of(facts)), CsvType, NameOf(season, "csv"))
            : TypedResults.NotFound();

    private static async Task<Results<FileContentHttpResult, NotFound>> Xlsx(string season, DocumentsDbContext db, TimeProvider clock, CancellationToken ct) =>
        await SeasonFacts.LoadAsync(db, season, ct) is { } facts
            ? TypedResults.File(StatisticsWorkbook.Write(StatisticsView.Of(facts), clock.GetUtcNow()), WorkbookBuilder.ContentType, NameOf(season, "xlsx"))
            : TypedResults.NotFound();

    private static string NameOf(string season, string extension) => $"thong-ke-{season}.{extension}";
}

/// <param name="Season">Code.</param>
/// <param name="Year">Year of report.</param>
/// <param name="Phase">Where the season stands; before CLOSED the counts may still change.</param>
/// <param name="Basis">Null: no forms of that year are known.</param>
/// <param name="Forms">Empty: no forms of that year are known.</param>
/// <param name="Counts">Everything that the system counts in the season.</param>
public sealed record StatisticsView(string Season, int Year, string Phase, FormsBasis? Basis, IReadOnlyList<FormView> Forms, IReadOnlyList<CountSectionView> Counts)
{
    internal static StatisticsView Of(SeasonFacts facts)
    {
        var (season, counts) = (facts.Season, SeasonCounting.Of(facts));
        var forms = StatisticalForms.Of(season.Year);
        return new StatisticsView(
            season.Season, season.Year, season.Phase,
            forms is null ? null : new FormsBasis(forms.Basis, Citations.Check(forms.Basis, facts.Register, forms.DueOn(season.Year)), forms.DueOn(season.Year), forms.Scope, forms.Reading),
            [.. (forms?.Forms ?? []).Select(form => FormView.Of(form, counts))],
            [.. counts.Sections.Select(section => new CountSectionView(section.Title, [.. section.Counts.Select(count => new CountView(count.Key, count.Label, count.Value, count.Reason))]))]);
    }
}

/// <param name="Text">Căn cứ.</param>
/// <param name="Citations">What it cites, checked against the register of law on the due day.</param>
/// <param name="DueOn">Hạn gửi.</param>
/// <param name="Scope">Vietnamese: what the counts are a part of.</param>
/// <param name="Reading">Vietnamese: how much of the forms was read.</param>
public sealed record FormsBasis(string Text, IReadOnlyList<CheckedCitation> Citations, DateOnly DueOn, string Scope, string Reading);

/// <param name="Number">Số biểu.</param>
/// <param name="Title">Tên biểu.</param>
/// <param name="Unit">Đơn vị tính of the whole form.</param>
/// <param name="Columns">From left to right.</param>
/// <param name="Rows">From top to bottom.</param>
/// <param name="Meanings">What is counted, where there is a number.</param>
/// <param name="Gaps">What the form asks that the system does not hold.</param>
public sealed record FormView(
    string Number, string Title, string? Unit, IReadOnlyList<FormColumnView> Columns, IReadOnlyList<FormRowView> Rows, IReadOnlyList<string> Meanings, IReadOnlyList<FormGapView> Gaps)
{
    internal static FormView Of(StatisticalForm form, SeasonCounts counts) => new(
        form.Number, form.Title, form.Unit,
        [.. form.Columns.Select(column => new FormColumnView(column.Number, column.Headings))],
        [
            .. form.Rows.Select(row => new FormRowView(
                row.Code, row.Heading, row.Unit,
                row.Code is null ? [] : [.. form.Columns.Select(column => new FormCellView(column.Number, form.Value(row, column, counts), form.CellAt(row, column) is null ? form.GapAt(row, column)?.Reason : null))])),
        ],
        [.. form.Cells.Select(cell => cell.Meaning).Distinct()],
        [.. form.Gaps.Select(gap => new FormGapView(gap.What, gap.Reason, gap.Rows, gap.Columns))]);
}

/// <param name="Number">Number that the form gives it.</param>
/// <param name="Headings">From the one that spans most to its own.</param>
public sealed record FormColumnView(string Number, IReadOnlyList<string> Headings);

/// <param name="Code">Mã số; absent for a heading.</param>
/// <param name="Heading">Chỉ tiêu.</param>
/// <param name="Unit">Đơn vị tính.</param>
/// <param name="Cells">One for each column; none for a heading.</param>
public sealed record FormRowView(string? Code, string Heading, string? Unit, IReadOnlyList<FormCellView> Cells);

/// <param name="Column">Number.</param>
/// <param name="Value">Null: not known, which is not zero.</param>
/// <param name="Reason">Why the system does not hold it.</param>
public sealed record FormCellView(string Column, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Value, string? Reason);

/// <param name="What">Its name.</param>
/// <param name="Reason">Why.</param>
/// <param name="Rows">Codes; absent: all.</param>
/// <param name="Columns">Numbers; absent: all.</param>
public sealed record FormGapView(string What, string Reason, IReadOnlyList<string>? Rows, IReadOnlyList<string>? Columns);

public sealed record CountSectionView(string Title, IReadOnlyList<CountView> Counts);

/// <param name="Key">Name for programs.</param>
/// <param name="Label">Vietnamese.</param>
/// <param name="Value">Null: not known, which is not zero.</param>
/// <param name="Reason">Vietnamese: why it is not known.</param>
public sealed record CountView(string Key, string Label, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Value, string? Reason);
