using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Đơn vị của cả tỉnh bằng bảng tính: taken, checked, taken over whole or not at all.</summary>
public static class UnitWorkbookEndpoints
{
    private const string Refusals = "Lỗi theo từng ô: NUMBER_AS_CODE, MERGED_CELL, FORMULA_IN_INPUT, NOT_A_DATE và các lỗi của POST /units; cả tệp: workbook-refused (NO_SEAL, BROKEN_SEAL, MISSING_COLUMN, UNKNOWN_COLUMN, DUPLICATE_COLUMN …).";

    public static void MapUnitWorkbooks(this IEndpointRouteBuilder app)
    {
        var workbook = app.MapGroup("/units/workbook").WithTags("Units");
        workbook.MapGet("/", Take).AllowRoles(Roles.Admin, Roles.Appraiser).WithWorkbookAnswer()
            .WithSummary("Tải bảng tính các đơn vị để sửa và thêm")
            .WithDescription("Các đơn vị đang hoạt động hôm nay, lọc theo category, level. Tệp mang theo, có niêm, nội dung của từng dòng lúc tải.");
        workbook.MapPost("/check", Check).AllowRoles(Roles.Admin, Roles.Appraiser).WithWorkbookBody()
            .WithSummary("Kiểm tra bảng tính đơn vị, không ghi gì")
            .WithDescription($"Thân của yêu cầu là tệp. Nêu mọi lỗi theo ô, mọi thay đổi và mọi dòng đã cũ. {Refusals}");
        workbook.MapPost("/", Apply).AllowRoles(Roles.Admin, Roles.Appraiser).WithWorkbookBody()
            .WithSummary("Ghi bảng tính đơn vị")
            .WithDescription($"Tất cả hoặc không gì cả; gửi lại cùng tệp thì không đổi gì thêm. 422 workbook-has-problems: mọi lỗi, dòng đã cũ là STALE_ROW. {Refusals}");
    }

    private static async Task<FileContentHttpResult> Take(string? category, string? level, WorkbookSeal seal, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var today = clock.Today();
        var units = await db.Units.AsNoTracking().Where(unit => unit.ClosesOn == null || unit.ClosesOn >= today).ToListAsync(ct);
        List<(UnitVersion Version, int Number)> rows =
        [
            .. units.Select(unit => (Version: unit.On(today)!, unit.Version))
                .Where(unit => unit.Version is not null && (category is null || unit.Version.Category == category) && (level is null || unit.Version.Level == level))
                .OrderBy(unit => unit.Version.UnitCode, StringComparer.Ordinal),
        ];
        return TypedResults.File((await FormAsync(db, today, ct)).Write(rows, seal, clock.GetUtcNow()), WorkbookBuilder.ContentType, $"don-vi-{today:yyyy-MM-dd}.xlsx");
    }

    private static async Task<Ok<ProvinceWorkbookReport>> Check(WorkbookBody body, WorkbookSeal seal, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var (answer, _, _) = await ReadAsync(body, seal, db, clock, ct);
        db.ChangeTracker.Clear();
        return TypedResults.Ok(answer);
    }

    private static async Task<Ok<ProvinceWorkbookReport>> Apply(WorkbookBody body, WorkbookSeal seal, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var (answer, requests, known) = await ReadAsync(body, seal, db, clock, ct);
        answer.RequireApplicable();
        UnitEndpoints.Apply(requests, known, db, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(answer);
    }

    /// <summary>What the workbook does, and the requests that do it.</summary>
    private static async Task<(ProvinceWorkbookReport Answer, List<UnitBodies.UnitBody> Requests, Dictionary<string, Unit> Known)> ReadAsync(
        WorkbookBody body, WorkbookSeal seal, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var taken = seal.Get<List<SealedRow>>(body.Workbook, UnitWorkbook.Kind).ToDictionary(row => row.Code, StringComparer.Ordinal);
        var form = await FormAsync(db, clock.Today(), ct);
        var codes = (await db.Units.AsNoTracking().Select(unit => unit.Code).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var problems = new List<Violation>();
        var read = form.Read(body, taken, problems, codes.Contains);
        var touched = (await UnitBodies.LoadAsync(db, clock.Today(), ct)).ReadAll(read.Body, UnitEndpoints.MaximumUnits);
        var known = await UnitEndpoints.KnownAsync(touched, read.Body.Errors, db, ct);
        var plan = new WorkbookPlan(read, taken);
        var requests = touched.FindAll(request =>
        {
            var unit = known.GetValueOrDefault(request.Code);
            return plan.Asks(request.Path, request.Code, unit?.On(request.ValidFrom) is { } version ? UnitWorkbook.ValuesOf(version.Details) : null, unit?.Version);
        });
        return (plan.Answer(problems), requests, known);
    }

    private static async Task<UnitWorkbook> FormAsync(ClustersDbContext db, DateOnly today, CancellationToken ct) =>
        new(await db.Levels.AsNoTracking().ToListAsync(ct), await db.Categories.AsNoTracking().ToListAsync(ct), today);
}
