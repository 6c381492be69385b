using Microsoft.AspNetCore.Http.HttpResults;
using ThiDua.Contracts.Scoring;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Rà soát, thẩm định, trả lại: what others do with a unit's sheet.</summary>
public static class SheetReviewEndpoints
{
    public static void MapSheetReview(this IEndpointRouteBuilder api)
    {
        var sheets = api.MapGroup("/score-sheets/{id:guid}").WithTags("Score sheets");

        sheets.MapPost("/review", Review).WithIfMatch().WithETag().AllowRoles(Roles.UnitHead)
            .WithSummary("Cụm trưởng, cụm phó rà soát phiếu")
            .WithDescription("Rà soát cả điểm thưởng, điểm trừ (số lần được tính của từng mục); dòng và mục không nêu là giữ nguyên. Phiếu của cụm trưởng do cụm phó rà soát và ngược lại; không ai rà soát phiếu của đơn vị mình. Hai người chấm khác nhau thì cả hai giá trị được giữ và cơ quan thường trực quyết định. 422: POINTS_OUT_OF_RANGE, MISSING_REASON, UNKNOWN_CRITERION, UNKNOWN_KEY, NEGATIVE, WRONG_TYPE, PUBLISHED_VALUE_TYPED.");
        sheets.MapPost("/appraise", Appraise).WithIfMatch().WithETag().AllowRoles(Roles.Appraiser)
            .WithSummary("Chuyên viên cơ quan thường trực thẩm định phiếu")
            .WithDescription("Thẩm định cả điểm thưởng, điểm trừ; dòng và mục không nêu là giữ nguyên điểm đã rà soát; làm lại được nhiều lần trước khi quyết định. Dòng hoặc mục mà cụm trưởng và cụm phó chấm khác nhau phải được quyết định (422 DISPUTED_LINE).");
        sheets.MapPost("/return", Return).WithIfMatch().WithETag().AllowRoles(Roles.UnitHead, Roles.Appraiser)
            .WithSummary("Trả lại phiếu cho đơn vị")
            .WithDescription("Cụm trưởng, cụm phó yêu cầu giải trình; chuyên viên thẩm định yêu cầu bổ sung minh chứng. Đơn vị chỉ sửa được các tiêu chí nêu trong criteria.");
    }

    /// <summary>Lines whose points, and items of bonus and deductions whose count, are not confirmed; what is not named is.</summary>
    public sealed record ReviewRequest(IReadOnlyList<PointChange> Lines, IReadOnlyList<CountChange>? Bonus, IReadOnlyList<CountChange>? Deductions)
    {
        internal SheetChanges Changes => SheetChanges.Of(Lines, Bonus, Deductions);
    }

    public sealed record ReturnRequest(string? Reason, IReadOnlyList<string>? Criteria);

    /// <summary>Rà soát (R-24, SoD-1, SoD-2).</summary>
    private static async Task<Results<Ok<SheetView>, NotFound>> Review(
        Guid id, ReviewRequest request, Caller caller, ScoringDbContext db, AdoptedTables tables, TimeProvider clock, JournalContext journal, HttpContext http, CancellationToken ct)
    {
        if (await LoadedSheet.FindToChangeAsync(db, tables, id, caller, ct) is not { } loaded)
        {
            return TypedResults.NotFound();
        }

        var reviewer = loaded.RequireReviewer();
        Preconditions.Require(http.Request, loaded.Sheet.RowVersion);
        (await ScoreSheetEndpoints.Season(db, loaded.Sheet.Season, ct)).Phase.Require(SeasonPhase.ClusterReview);
        await ScoreWaitingLinesAsync(loaded, db, tables, clock.GetUtcNow(), ct);
        var changes = request.Changes;
        loaded.Sheet.Review(reviewer, loaded.IsReviewedByOneAlone, loaded.Table, changes, loaded.Actor, clock.GetUtcNow());
        journal.Because(changes.Reasons());
        if (loaded.Sheet.State == SheetState.Reviewed)
        {
            db.Publish(new SheetReviewed
            {
                SheetId = loaded.Sheet.Id,
                Season = loaded.Sheet.Season,
                ClusterId = loaded.Sheet.ClusterId,
                Unit = loaded.Sheet.Unit,
                Version = loaded.Sheet.Version,
                At = loaded.Sheet.ChangedAt,
            });
        }

        return TypedResults.Ok(await loaded.SaveAsync(db, http, ct));
    }

    /// <summary>Thẩm định: draft final points.</summary>
    private static async Task<Results<Ok<SheetView>, NotFound>> Appraise(
        Guid id, ReviewRequest request, Caller caller, ScoringDbContext db, AdoptedTables tables, TimeProvider clock, JournalContext journal, HttpContext http, CancellationToken ct)
    {
        if (await LoadedSheet.FindToChangeAsync(db, tables, id, caller, ct) is not { } loaded)
        {
            return TypedResults.NotFound();
        }

        loaded.RequireOther();
        Preconditions.Require(http.Request, loaded.Sheet.RowVersion);
        (await ScoreSheetEndpoints.Season(db, loaded.Sheet.Season, ct)).Phase.Require(SeasonPhase.Appraisal);
        var changes = request.Changes;
        loaded.Sheet.Appraise(loaded.Table, changes, loaded.Actor, clock.GetUtcNow());
        journal.Because(changes.Reasons());
        return TypedResults.Ok(await loaded.SaveAsync(db, http, ct));
    }

    /// <summary>Trả lại (F-09), with a reason that the unit reads.</summary>
    private static async Task<Results<Ok<SheetView>, NotFound>> Return(
        Guid id, ReturnRequest request, Caller caller, ScoringDbContext db, AdoptedTables tables, SheetCounts counts, TimeProvider clock, JournalContext journal, HttpContext http, CancellationToken ct)
    {
        if (await LoadedSheet.FindToChangeAsync(db, tables, id, caller, ct) is not { } loaded)
        {
            return TypedResults.NotFound();
        }

        var sheet = loaded.Sheet;
        var byStandingAgency = caller.Is(Roles.Appraiser);
        if (byStandingAgency)
        {
            loaded.RequireOther();
        }
        else
        {
            loaded.RequireReviewer();
        }

        Preconditions.Require(http.Request, sheet.RowVersion);
        (await ScoreSheetEndpoints.Season(db, sheet.Season, ct)).Phase.Require(byStandingAgency ? SeasonPhase.Appraisal : SeasonPhase.ClusterReview);
        var criteria = request.Criteria ?? [];
        List<Violation> errors =
        [
            .. criteria.Select((code, n) => (code, n)).Where(named => loaded.Table.Find(named.code) is null)
                .Select(named => new Violation("UNKNOWN_CRITERION", $"/criteria/{named.n}", $"Bảng {loaded.Table.Id} không có tiêu chí “{named.code}”.")),
            .. string.IsNullOrWhiteSpace(request.Reason) ? [new Violation("MISSING_REASON", "/reason", "Trả lại phiếu phải nêu lý do.")] : Array.Empty<Violation>(),
        ];
        RuleViolationException.ThrowIfAny(errors);

        sheet.Return(byStandingAgency, request.Reason!, criteria, loaded.Actor, clock.GetUtcNow());
        journal.Because(request.Reason);
        db.Publish(new SheetReturned
        {
            SheetId = sheet.Id,
            Season = sheet.Season,
            ClusterId = sheet.ClusterId,
            Unit = sheet.Unit,
            Reason = request.Reason!,
            ByStandingAgency = byStandingAgency,
            Version = sheet.Version,
            At = sheet.ChangedAt,
        });
        return TypedResults.Ok(await loaded.SaveAsync(db, counts.Returned, http, ct));
    }

    /// <summary>Points that depend on the other members' inputs are worked out once those are frozen (F-03).</summary>
    private static async Task ScoreWaitingLinesAsync(LoadedSheet loaded, ScoringDbContext db, AdoptedTables tables, DateTimeOffset now, CancellationToken ct)
    {
        if (loaded.Table.Criteria.Any(criterion => criterion is RelativeCriterion && loaded.Sheet.Line(criterion.Code)?.Self is null))
        {
            var scope = await ClusterScope.LoadAsync(db, tables, loaded.Sheet.ClusterId, loaded.Sheet.TableId, withSheets: true, ct);
            scope.Rescore(now);
        }
    }
}
