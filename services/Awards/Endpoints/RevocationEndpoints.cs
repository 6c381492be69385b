using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.Contracts.Awards;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Hủy bỏ quyết định khen thưởng (F-29): proposed and decided by two persons.</summary>
public static class RevocationEndpoints
{
    public static void MapRevocations(this RouteGroupBuilder api)
    {
        var revocations = api.MapGroup("/revocations").WithTags("Revocations");
        string[] readers = [Roles.Appraiser, Roles.AppraisalHead, Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair, Roles.Auditor];
        revocations.MapPost("/", Propose)
            .AllowRoles(Roles.AppraisalHead)
            .WithETag()
            .WithSummary("Đề nghị hủy bỏ một quyết định khen thưởng")
            .WithDescription("""
                Chỉ đối với danh hiệu đã được thông qua. Căn cứ (ground) lấy trong quy định xét khen thưởng của mùa thi đua. Được cả khi mùa thi đua đã kết thúc.
                Lỗi: 422 errors[] UNKNOWN_NOMINATION, UNKNOWN_GROUND, MISSING_PROPERTY; 409 not-awarded, already-exists (đã đề nghị hoặc đã hủy bỏ).
                """);
        revocations.MapGet("/", List)
            .AllowRoles(readers)
            .WithSummary("Các đề nghị và quyết định hủy bỏ của một mùa thi đua");
        revocations.MapGet("/{id:guid}", Get)
            .AllowRoles(readers)
            .WithETag()
            .WithSummary("Một đề nghị hủy bỏ");
        revocations.MapPost("/{id:guid}/decide", Decide)
            .AllowRoles(Roles.CouncilChair)
            .WithIfMatch().WithETag()
            .WithSummary("Quyết định hủy bỏ hoặc không hủy bỏ")
            .WithDescription("Chủ tịch Hội đồng quyết định, không phải người đã đề nghị. Lỗi: 403 proposer-decides; 409 wrong-state.");
    }

    private static async Task<Created<RevocationView>> Propose(RevocationRequest request, HttpResponse response, Caller caller, JournalContext journal, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        Given.Require(("/nomination_id", request.NominationId), ("/award", request.Award), ("/ground", request.Ground), ("/document", request.Document), ("/reason", request.Reason));
        journal.Because(request.Reason);
        if (!await db.Nominations.AnyAsync(nomination => nomination.Id == request.NominationId, ct))
        {
            throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("UNKNOWN_NOMINATION", "/nomination_id", "Không có đề nghị khen thưởng này.")]);
        }

        var ballot = await db.Ballots.AsNoTracking().SingleOrDefaultAsync(known => known.NominationId == request.NominationId && known.Award == request.Award && known.Passed, ct)
            ?? throw new RuleViolationException("not-awarded", "Danh hiệu này chưa được Hội đồng thông qua nên không có gì để hủy bỏ.");
        var season = await db.SeasonAsync(ballot.Season, ct);
        var rules = (await db.PolicyAsync(season.Code, season.Year, ct)).Switches.OfRevocation();
        if (rules.Grounds.FirstOrDefault(known => known.Code == request.Ground) is not { } ground)
        {
            throw new RuleViolationException(
                "validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("UNKNOWN_GROUND", "/ground", $"Căn cứ phải là một trong: {string.Join(", ", rules.Grounds.Select(known => known.Code))}.")]);
        }

        var revocation = Revocation.Propose(ballot, ground, rules.Basis, request.Document!, request.Reason!, caller.Subject, clock.GetUtcNow());
        db.Add(revocation);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, revocation.RowVersion);
        return TypedResults.Created($"/api/v1/revocations/{revocation.Id}", RevocationView.Of(revocation));
    }

    private static async Task<Page<RevocationView>> List(string season, [AsParameters] PageQuery page, AwardsDbContext db, CancellationToken ct)
    {
        var revocations = db.Revocations.AsNoTracking().Where(revocation => revocation.Season == season);
        if (page.AfterAs<Guid>() is { } id)
        {
            revocations = revocations.Where(revocation => revocation.Id.CompareTo(id) > 0);
        }

        var found = await revocations.OrderBy(revocation => revocation.Id).Take(page.Size + 1).ToListAsync(ct);
        return Page.Of(found.ConvertAll(RevocationView.Of), page.Size, view => view.Id.ToString());
    }

    private static async Task<Results<Ok<RevocationView>, NotFound>> Get(Guid id, HttpResponse response, AwardsDbContext db, CancellationToken ct)
    {
        if (await db.Revocations.AsNoTracking().SingleOrDefaultAsync(known => known.Id == id, ct) is not { } revocation)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, revocation.RowVersion);
        return TypedResults.Ok(RevocationView.Of(revocation));
    }

    private static async Task<Results<Ok<RevocationView>, NotFound>> Decide(
        Guid id, RevocationDecisionRequest request, HttpRequest http, HttpResponse response, Caller caller, JournalContext journal, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Revocations.SingleOrDefaultAsync(known => known.Id == id, ct) is not { } revocation)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(http, revocation.RowVersion);
        Given.Require(("/revoke", request.Revoke), ("/document", request.Document), ("/reason", request.Reason));
        journal.Because(request.Reason);
        revocation.Decide(request.Revoke!.Value, request.Document!, request.Reason!, caller.Subject, clock.GetUtcNow());
        if (revocation.State is RevocationState.Revoked)
        {
            var version = await db.Ballots.Where(ballot => ballot.Id == revocation.BallotId).Join(db.NominationLists, ballot => ballot.ListId, list => list.Id, (_, list) => list.Version).SingleAsync(ct);
            db.Publish(new AwardRevoked
            {
                NominationId = revocation.NominationId,
                Season = revocation.Season,
                ClusterId = revocation.ClusterId,
                Award = UpperSnake.Of(revocation.Award),
                Unit = revocation.Unit,
                Ground = revocation.Ground,
                Document = request.Document!,
                Version = version + 1,
                At = revocation.DecidedAt!.Value,
            });
        }

        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, revocation.RowVersion);
        return TypedResults.Ok(RevocationView.Of(revocation));
    }
}

/// <param name="NominationId">The nomination whose award is to be revoked.</param>
/// <param name="Award">PROVINCIAL_FLAG or GOVERNMENT_FLAG; the nomination is that of the provincial flag for both.</param>
/// <param name="Ground">Code of one of the policy's grounds.</param>
/// <param name="Document">The document that established it.</param>
/// <param name="Reason">In words.</param>
public sealed record RevocationRequest(Guid? NominationId, AwardKind? Award, string? Ground, string? Document, string? Reason);

/// <param name="Revoke">True: the award is revoked; false: the proposal is not accepted.</param>
/// <param name="Document">Number and date of the decision.</param>
/// <param name="Reason">In words.</param>
public sealed record RevocationDecisionRequest(bool? Revoke, string? Document, string? Reason);

public sealed record RevocationView(
    Guid Id, Guid NominationId, string Season, string Cluster, string Unit, AwardKind Award, RevocationState State, string Ground, string GroundLabel, string Basis, string Document, string Reason,
    string ProposedBy, DateTimeOffset ProposedAt, string? DecisionDocument, string? DecisionReason, string? DecidedBy, DateTimeOffset? DecidedAt)
{
    internal static RevocationView Of(Revocation revocation) => new(
        revocation.Id, revocation.NominationId, revocation.Season, revocation.Cluster, revocation.Unit, revocation.Award, revocation.State, revocation.Ground, revocation.GroundLabel, revocation.Basis,
        revocation.Document, revocation.Reason, revocation.ProposedBy, revocation.ProposedAt, revocation.DecisionDocument, revocation.DecisionReason, revocation.DecidedBy, revocation.DecidedAt);

    internal static Derivation Derive(Revocation revocation) => new(
        "F-29",
        revocation.State switch
        {
            RevocationState.Revoked => $"Quyết định tặng {(revocation.Award is AwardKind.GovernmentFlag ? "Cờ thi đua của Chính phủ" : "Cờ thi đua của UBND tỉnh")} đã bị hủy bỏ theo {revocation.DecisionDocument}; thu hồi hiện vật và tiền thưởng.",
            RevocationState.Rejected => $"Đề nghị hủy bỏ không được chấp nhận theo {revocation.DecisionDocument}.",
            _ => "Đang có đề nghị hủy bỏ quyết định khen thưởng.",
        })
    {
        Facts = [new Fact("Căn cứ", revocation.GroundLabel, revocation.Basis), new Fact("Văn bản", revocation.Document)],
    };
}
