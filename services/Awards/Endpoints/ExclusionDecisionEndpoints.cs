using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Bỏ hoặc kết luận một trường hợp loại trừ (SoD-4, C.3, F-31).</summary>
public static class ExclusionDecisionEndpoints
{
    private const string Errors = "Không phải người đã ghi nhận, cũng không phải người xử lý lần trước. Điểm và thứ hạng không thay đổi; danh sách đề nghị phải lập lại. Lỗi: 403 placer-decides, own-unit; 409 wrong-state, season-closed.";

    public static void MapExclusionDecisions(this RouteGroupBuilder api)
    {
        var exclusions = api.MapGroup("/exclusions").WithTags("Exclusions");
        exclusions.MapGet("/{id:guid}", Get)
            .AllowRoles(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor, Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair)
            .WithETag()
            .WithSummary("Một trường hợp loại trừ, với mọi lần xử lý");
        exclusions.MapPost("/{id:guid}/release", Release)
            .AllowRoles(Roles.AppraisalHead)
            .WithIfMatch().WithETag()
            .WithSummary("Bỏ một trường hợp chưa hoặc không đề nghị khen thưởng")
            .WithDescription($"Không có vi phạm, hoặc quyết định làm căn cứ đã bị hủy: trường hợp không còn được tính. {Errors}");
        exclusions.MapPost("/{id:guid}/confirm", Confirm)
            .AllowRoles(Roles.AppraisalHead)
            .WithIfMatch().WithETag()
            .WithSummary("Kết luận một trường hợp đang chờ là không khen thưởng")
            .WithDescription($"Chỉ đối với trường hợp đang chờ (PENDING). {Errors}");
    }

    private static async Task<Results<Ok<DecidedExclusionView>, NotFound>> Get(Guid id, HttpResponse response, AwardsDbContext db, CancellationToken ct)
    {
        if (await db.Exclusions.AsNoTracking().SingleOrDefaultAsync(known => known.Id == id, ct) is not { } exclusion)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, exclusion.RowVersion);
        return TypedResults.Ok(DecidedExclusionView.Of(exclusion));
    }

    private static Task<Results<Ok<DecidedExclusionView>, NotFound>> Release(
        Guid id, ExclusionDecisionRequest request, HttpContext http, Caller caller, JournalContext journal, AwardsDbContext db, TimeProvider clock, CancellationToken ct) =>
        Decide(id, ExclusionOutcome.Released, request, http, caller, journal, db, clock, ct);

    private static Task<Results<Ok<DecidedExclusionView>, NotFound>> Confirm(
        Guid id, ExclusionDecisionRequest request, HttpContext http, Caller caller, JournalContext journal, AwardsDbContext db, TimeProvider clock, CancellationToken ct) =>
        Decide(id, ExclusionOutcome.Confirmed, request, http, caller, journal, db, clock, ct);

    private static async Task<Results<Ok<DecidedExclusionView>, NotFound>> Decide(
        Guid id, ExclusionOutcome outcome, ExclusionDecisionRequest request, HttpContext http, Caller caller, JournalContext journal, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Exclusions.SingleOrDefaultAsync(known => known.Id == id, ct) is not { } exclusion)
        {
            return TypedResults.NotFound();
        }

        if (caller.BelongsTo(exclusion.Unit))
        {
            throw new AccessDeniedException("own-unit", "Không ai được quyết định trường hợp loại trừ của chính đơn vị mình.");
        }

        Preconditions.Require(http.Request, exclusion.RowVersion);
        Given.Require(("/document", request.Document), ("/reason", request.Reason));
        journal.Because(request.Reason);
        await db.OpenSeasonAsync(exclusion.Season, ct);
        exclusion.Decide(outcome, request.Document!, request.Reason!, caller.Subject, caller.Name, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        Preconditions.Set(http.Response, exclusion.RowVersion);
        return TypedResults.Ok(DecidedExclusionView.Of(exclusion));
    }
}

/// <param name="Document">The conclusion or decision that it rests on.</param>
/// <param name="Reason">In words; kept in the journal too.</param>
public sealed record ExclusionDecisionRequest(string? Document, string? Reason);

/// <param name="Exclusion">As it stands now.</param>
/// <param name="PlacedAs">PENDING or DEFINITIVE, as it was placed.</param>
/// <param name="Decisions">What was decided about it since, in order.</param>
public sealed record DecidedExclusionView(ExclusionView Exclusion, ExclusionStatus PlacedAs, IReadOnlyList<ExclusionDecision> Decisions)
{
    internal static DecidedExclusionView Of(RegisteredExclusion exclusion) =>
        new(ExclusionView.Of(exclusion, withSource: true), exclusion.Status, [.. exclusion.Decisions.OrderBy(decision => decision.Position)]);
}
