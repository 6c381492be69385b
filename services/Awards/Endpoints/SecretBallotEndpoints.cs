using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>
/// Bỏ phiếu kín (F-20): a member draws a paper under the own name, and whoever holds a paper casts it under none. Nothing that is
/// stored leads from the one to the other (docs/decisions/0056-secret-ballot.md).
/// </summary>
public static class SecretBallotEndpoints
{
    private const int LongestToken = 200;

    public static void MapSecretBallots(this RouteGroupBuilder api)
    {
        string[] voters = [Roles.CouncilMember, Roles.CouncilChair, Roles.CouncilSecretary];
        var items = api.MapGroup("/council-sessions/{id:guid}/items/{item:guid}").WithTags("Council sessions");
        items.MapPost("/ballot-papers", Draw)
            .AllowRoles(voters)
            .WithMetadata(new KeepsNoAnswer())
            .WithSummary("Nhận phiếu bầu của mình")
            .WithDescription("""
                Thành viên có mặt, hoặc vắng mặt có ý kiến bằng văn bản, nhận một phiếu, một lần. Mã phiếu (token) chỉ trả về lần này và không lưu ở đâu cùng với tên người nhận; mất phiếu thì chủ tọa tuyên bố lần bỏ phiếu không có giá trị.
                Lỗi: 403 not-a-member, not-attending, recused (đề nghị về đơn vị của mình); 409 not-voting, paper-given; 422 no-idempotency-key.
                """);
        items.MapPost("/ballot-box", Cast)
            .AllowRoles(voters)
            .WithMetadata(new KeepsNoAnswer())
            .WithSummary("Bỏ phiếu vào hòm")
            .WithDescription("""
                Phiếu là của ai cầm mã phiếu: không ghi người bỏ, không ghi giờ, không ghi mã vết. Mỗi phiếu bỏ một lần.
                Lỗi: 422 errors[] UNKNOWN_PAPER, MISSING_PROPERTY, TOO_LONG, no-idempotency-key; 409 paper-cast, not-voting.
                """);
    }

    private static async Task<Results<Ok<PaperView>, NotFound>> Draw(Guid id, Guid item, Caller caller, AwardsDbContext db, CancellationToken ct)
    {
        await db.InTurnAsync(TurnOf(item), ct);
        if (await db.Sessions.AsNoTracking().Include(known => known.Items).SingleOrDefaultAsync(known => known.Id == id, ct) is not { } session
            || session.Items.FirstOrDefault(known => known.Id == item) is not { Award: not null } voted)
        {
            return TypedResults.NotFound();
        }

        var member = (await db.MembersOfAsync(session, ct)).FirstOrDefault(known => known.Subject == caller.Subject)
            ?? throw new AccessDeniedException("not-a-member", "Chỉ thành viên Hội đồng trong ngày họp được nhận phiếu.");
        if (voted.Concerns(member))
        {
            throw new AccessDeniedException("recused", $"Thành viên thuộc đơn vị {voted.Unit} không biểu quyết về đơn vị mình.");
        }

        if (session.AttendanceOf(member.Subject) is AttendanceKind.Absent)
        {
            throw new AccessDeniedException("not-attending", "Thành viên vắng mặt và không gửi ý kiến bằng văn bản không được nhận phiếu.");
        }

        voted.RequireVoting();
        if (await db.PapersGiven.AnyAsync(given => given.ItemId == item && given.Round == voted.Round && given.Subject == member.Subject, ct))
        {
            throw new RuleViolationException("paper-given", "Thành viên đã nhận phiếu; mỗi người một phiếu, một lần.");
        }

        var waiting = await db.PapersToHandOut.AsNoTracking().Where(paper => paper.ItemId == item).Select(paper => paper.Token).ToListAsync(ct);
        var token = waiting[RandomNumberGenerator.GetInt32(waiting.Count)];
        await db.PapersToHandOut.Where(paper => paper.ItemId == item && paper.Token == token).ExecuteDeleteAsync(ct);
        db.Add(new PaperGiven { ItemId = item, Round = voted.Round, Subject = member.Subject });
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new PaperView(token));
    }

    private static async Task<Results<NoContent, NotFound>> Cast(Guid id, Guid item, CastRequest request, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        List<Violation> errors = [];
        Given.Require(errors, ("/token", request.Token), ("/choice", request.Choice));
        if (request.Token?.Length > LongestToken)
        {
            errors.Add(new Violation("TOO_LONG", "/token", $"Tối đa {LongestToken} ký tự."));
        }

        RuleViolationException.ThrowIfAny(errors);
        await db.InTurnAsync(TurnOf(item), ct);
        if (await db.AgendaItems.AsNoTracking().SingleOrDefaultAsync(known => known.Id == item && known.SessionId == id && known.Award != null, ct) is not { } voted)
        {
            return TypedResults.NotFound();
        }

        voted.RequireVoting();
        var hash = BallotPaper.HashOf(request.Token!);
        var paper = await db.BallotPapers.SingleOrDefaultAsync(known => known.ItemId == item && known.Hash == hash, ct)
            ?? throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("UNKNOWN_PAPER", "/token", "Không có phiếu nào với mã này trong lần bỏ phiếu này.")]);
        if (!paper.Cast())
        {
            throw new RuleViolationException("paper-cast", "Phiếu này đã bỏ vào hòm.");
        }

        // Of all papers in the box the last transaction that wrote them is the same, so its number tells nothing about one of them.
        var choices = await db.BallotBox.AsNoTracking().Where(known => known.ItemId == item).Select(known => known.Choice).ToListAsync(ct);
        await db.BallotBox.Where(known => known.ItemId == item).ExecuteDeleteAsync(ct);
        db.AddRange(BoxedPaper.Box(item, choices.Append(request.Choice!.Value)));
        db.RecordAnonymously(clock, "a paper was cast", $"{nameof(AgendaItem)}/{item}");
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>Papers of one vote are drawn, cast and counted one after another.</summary>
    internal static string TurnOf(Guid item) => $"ballot of {item}";
}

/// <param name="Token">The paper: whoever has it may cast it, once.</param>
public sealed record PaperView(string Token);

/// <param name="Token">The paper.</param>
/// <param name="Choice">YES, NO or BLANK.</param>
public sealed record CastRequest(string? Token, PaperChoice? Choice);
