using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Phiếu chấm điểm qua bảng tính: a unit's sheet goes out as a workbook and comes back.</summary>
public static class SheetWorkbookEndpoints
{
    public static void MapSheetWorkbooks(this IEndpointRouteBuilder api)
    {
        var workbooks = api.MapGroup("/score-sheets/{id:guid}/workbook").WithTags("Score sheets");

        workbooks.MapGet("/", Download).WithETag().AllowRoles(SheetSight.Readers).WithWorkbookAnswer("Trạng thái của phiếu khi tải.")
            .WithSummary("Tải phiếu chấm điểm dạng bảng tính .xlsx")
            .WithDescription("Mẫu của hướng dẫn với các ô nhập theo từng loại tiêu chí; phần ẩn có niêm phong ghi lại phiếu đã được tải ở trạng thái nào. ETag là trạng thái của phiếu.");
        workbooks.MapPost("/check", Check).WithETag().AllowRoles(Roles.UnitClerk, Roles.UnitHead).WithWorkbookBody(SheetWorkbookReading.Limits)
            .WithSummary("Kiểm tra bảng tính đã nhập, chưa ghi gì")
            .WithDescription("Nêu từng thay đổi, từng chỗ sai theo ô và từng xung đột với số liệu đã đổi trong hệ thống từ khi tải tệp. Tệp không đọc được, bị sửa phần ẩn, hoặc của phiếu khác: 422 workbook-refused, workbook-not-of-this-sheet.");
        workbooks.MapPost("/", Apply).WithIfMatch(optional: true).WithETag().AllowRoles(Roles.UnitClerk, Roles.UnitHead).WithWorkbookBody(SheetWorkbookReading.Limits)
            .WithSummary("Nhập bảng tính vào phiếu")
            .WithDescription("Tất cả hoặc không gì cả: còn chỗ sai hoặc xung đột thì 422 workbook-has-problems và chưa ghi gì. Ô không đổi trong tệp không ghi đè số liệu mới hơn; nhập lại cùng tệp không thay đổi gì. If-Match (không bắt buộc) là ETag của lần kiểm tra.");
    }

    /// <summary>Tải mẫu: whoever may see the sheet.</summary>
    private static async Task<Results<FileContentHttpResult, NotFound>> Download(
        Guid id, Caller caller, ScoringDbContext db, AdoptedTables tables, WorkbookSeal seal, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (await LoadedSheet.FindAsync(db, tables, id, caller, ct) is not { } loaded)
        {
            return TypedResults.NotFound();
        }

        await loaded.SetETagAsync(db, http, ct);
        return TypedResults.File(SheetWorkbook.Write(loaded, seal, clock.GetUtcNow()), WorkbookBuilder.ContentType, SheetWorkbook.FileName(loaded.Sheet));
    }

    /// <summary>Kiểm tra: everything that the import would do, without doing it.</summary>
    private static async Task<Results<Ok<WorkbookReport>, NotFound>> Check(
        Guid id, WorkbookBody body, Caller caller, ScoringDbContext db, AdoptedTables tables, WorkbookSeal seal, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (await LoadedSheet.FindAsync(db, tables, id, caller, ct) is not { } loaded)
        {
            return TypedResults.NotFound();
        }

        await loaded.SetETagAsync(db, http, ct);
        var report = await ImportAsync(loaded, body.Workbook, db, seal, clock, ct);
        db.ChangeTracker.Clear(); // whatever else this request saves, such as its answer, saves nothing of this
        return TypedResults.Ok(report);
    }

    /// <summary>Nhập: all or nothing, in one transaction.</summary>
    private static async Task<Results<Ok<WorkbookReport>, NotFound>> Apply(
        Guid id, WorkbookBody body, Caller caller, ScoringDbContext db, AdoptedTables tables, WorkbookSeal seal, SheetCounts counts, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (await LoadedSheet.FindToChangeAsync(db, tables, id, caller, ct) is not { } loaded)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(http.Request, loaded.Sheet.RowVersion);
        var report = await ImportAsync(loaded, body.Workbook, db, seal, clock, ct);
        report.RequireClean();
        if (report.Changes.Count > 0)
        {
            await db.SaveChangesAsync(ct);
            counts.Saved.Add();
        }

        await loaded.SetETagAsync(db, http, ct);
        return TypedResults.Ok(report with { Applied = true });
    }

    private static async Task<WorkbookReport> ImportAsync(LoadedSheet loaded, Workbook workbook, ScoringDbContext db, WorkbookSeal seal, TimeProvider clock, CancellationToken ct)
    {
        loaded.RequireOwn();
        var reading = SheetWorkbookReading.Read(workbook, seal, loaded.Sheet, loaded.Table);
        if (reading.Lines.Any(line => line.Outcome == MergeOutcome.Changed))
        {
            await ScoreSheetEndpoints.RequireOpenAsync(db, loaded.Sheet, ct);
        }

        return Enter(loaded.Sheet, loaded.Table, reading, clock.GetUtcNow());
    }

    /// <summary>Enters what the file changes as the JSON endpoint does; what that refuses is named by its cell.</summary>
    internal static WorkbookReport Enter(ScoreSheet sheet, CriteriaTable table, SheetWorkbookReading reading, DateTimeOffset now)
    {
        var changed = reading.Lines.Where(line => line.Outcome == MergeOutcome.Changed).ToList();
        var request = SheetFormValues.Request(changed.Select(line => line.Fields.Select(cell => (cell.Field, cell.Given)).ToList()));
        using (var body = JsonDocument.Parse(request.ToJsonString()))
        {
            var errors = new List<Violation>();
            var card = ScoreCardReader.Read(new StrictJson(body.RootElement, string.Empty, errors), table);
            errors.ForEach(reading.Refuse);
            var conflicts = reading.Lines.Any(line => line.Outcome == MergeOutcome.Conflict);
            if (errors.Count == 0 && reading.Problems.Count == 0 && !conflicts)
            {
                ScoreSheetEndpoints.Enter(sheet, table, card, body.RootElement, now);
            }
        }

        return new WorkbookReport(
            false,
            [.. changed.Select(line => new WorkbookChange(CellOf(reading, line), What(line), Display(line, cell => cell.Stored), Display(line, cell => cell.Given)))],
            [.. reading.Lines.Where(line => line.Outcome == MergeOutcome.Conflict).Select(line => new WorkbookConflict(
                CellOf(reading, line), What(line), Display(line, cell => cell.Exported), Display(line, cell => cell.Given), Display(line, cell => cell.Stored)))],
            reading.Problems, reading.Notices);
    }

    private static string CellOf(SheetWorkbookReading reading, MergedLine line) => reading.CellOf((line.Fields.FirstOrDefault(cell => cell.IsEdited) ?? line.Fields[0]).Field.Key);

    private static string What(MergedLine line)
    {
        var steps = line.Line.Split('/');
        var code = steps[2].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        return steps[1] switch { "inputs" => $"Tiêu chí {code}", "notes" => $"Ghi chú của tiêu chí {code}", "bonus" => $"Điểm thưởng {code}", _ => $"Điểm trừ {code}" };
    }

    private static string Display(MergedLine line, Func<MergedField, string?> value) => line.Fields.Count == 1
        ? SheetWorkbook.Display(line.Fields[0].Field, value(line.Fields[0]))
        : string.Join("; ", line.Fields.Select(cell => $"{cell.Field.Label}: {SheetWorkbook.Display(cell.Field, value(cell))}"));
}
