using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.Awards.Messaging;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Mở bỏ phiếu, kiểm phiếu, xác nhận: the secretary prepares and counts, the chair confirms (F-19, F-20).</summary>
public static class CouncilCountEndpoints
{
    private const string Votable = "not-known-yet, season-closed, nominations-waiting, facts-changed, unit-excluded, consultation-open, consultation-missing; 422 errors[] BALLOT_NOT_CANDIDATE";

    public static void MapCouncilCounts(this RouteGroupBuilder api)
    {
        var items = api.MapGroup("/council-sessions/{id:guid}/items/{item:guid}").WithTags("Council sessions");
        items.MapPost("/open", Open)
            .AllowRoles(Roles.CouncilSecretary)
            .WithIfMatch().WithETag()
            .WithSummary("Mở bỏ phiếu kín về một nội dung")
            .WithDescription($"Từ ngày họp, khi đủ điều kiện họp hợp lệ. Lập đúng số phiếu của những người được biểu quyết. Lỗi 409: not-open-yet, no-quorum, no-vote-on-topic, no-voters, wrong-state, {Votable}.");
        items.MapPost("/close", Close)
            .AllowRoles(Roles.CouncilSecretary)
            .WithIfMatch().WithETag()
            .WithSummary("Kết thúc bỏ phiếu và kiểm phiếu")
            .WithDescription("Phiếu chưa bỏ vào hòm không còn giá trị. Lỗi 409: wrong-state.");
        items.MapPost("/confirm", Confirm)
            .AllowRoles(Roles.CouncilChair)
            .WithIfMatch().WithETag()
            .WithSummary("Chủ tọa xác nhận kết quả kiểm phiếu")
            .WithDescription($"Kiểm lại phiếu, rồi ghi kết quả biểu quyết như POST /ballots. Lỗi: 403 not-the-chair, counter-confirms; 409 wrong-state, count-differs, already-exists, {Votable}.");
        items.MapPost("/void", Void)
            .AllowRoles(Roles.CouncilChair)
            .WithIfMatch().WithETag()
            .WithSummary("Chủ tọa tuyên bố lần bỏ phiếu không có giá trị")
            .WithDescription("Khi có người mất phiếu hoặc dữ kiện đã thay đổi; nêu lý do, rồi mở bỏ phiếu lại. Lỗi: 403 not-the-chair; 409 wrong-state.");
        items.MapGet("/count", Count)
            .AllowRoles(CouncilEndpoints.Counting)
            .WithSummary("Kiểm lại phiếu đã lưu")
            .WithDescription("Mỗi lần gọi là một lần đếm lại các phiếu và so với kết quả đã kiểm (matches). Lỗi 409: not-counted.")
            .Produces(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<SessionView>, NotFound>> Open(Guid id, Guid item, HttpContext http, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await FindAsync(db, id, item, http, ct) is not var (session, voted))
        {
            return TypedResults.NotFound();
        }

        if (voted.Award is not { } award)
        {
            throw new RuleViolationException("no-vote-on-topic", "Nội dung này không có đề nghị để bỏ phiếu.");
        }

        if (clock.Today() < session.Date)
        {
            throw new RuleViolationException("not-open-yet", $"Phiên họp vào ngày {session.Date:dd/MM/yyyy}.");
        }

        var season = await db.OpenSeasonAsync(session.Season, ct);
        await db.InTurnAsync($"composition of {session.CouncilId}", ct);
        var members = await db.MembersOfAsync(session, ct);
        var policy = await db.PolicyAsync(season.Code, season.Year, ct);
        var quorum = session.QuorumOf(members.Count, policy.Switches.OfCouncil());
        if (!quorum.IsReached)
        {
            throw new RuleViolationException("no-quorum", $"Chưa đủ điều kiện họp: {quorum.Counted}/{quorum.Members} thành viên, cần {quorum.Needed}.");
        }

        await RequireSameNomination(db, season, voted, award, members.Count, yes: 0, clock, ct);
        var voters = session.VotersOn(voted, members);
        if (voters.Count == 0)
        {
            throw new RuleViolationException("no-voters", "Không thành viên dự họp nào được biểu quyết về nội dung này.");
        }

        session.Step(() => voted.OpenVote(members.Count, members.Count(voted.Concerns), voters.Count, policy.Version, caller.Subject));
        var (toHandOut, papers) = BallotPaper.Make(voted.Id, voters.Count);
        db.AddRange(toHandOut);
        db.AddRange(papers);
        return await SavedAsync(db, session, http, ct);
    }

    private static async Task<Results<Ok<SessionView>, NotFound>> Close(Guid id, Guid item, HttpContext http, Caller caller, AwardsDbContext db, CancellationToken ct)
    {
        await LockPapersAsync(db, item, ct);
        if (await FindAsync(db, id, item, http, ct) is not var (session, voted))
        {
            return TypedResults.NotFound();
        }

        var choices = await db.BallotBox.AsNoTracking().Where(paper => paper.ItemId == item).Select(paper => paper.Choice).ToListAsync(ct);
        var handedOut = await db.PapersGiven.CountAsync(given => given.ItemId == item && given.Round == voted.Round, ct);
        session.Step(() => voted.Close(PaperCount.Of(choices), handedOut, caller.Subject));
        db.AddRange(CountedPaper.Empty(item, voted.Round, choices));
        await SweepAsync(db, item, ct);
        return await SavedAsync(db, session, http, ct);
    }

    private static async Task<Results<Ok<SessionView>, NotFound>> Confirm(Guid id, Guid item, ConfirmRequest request, HttpContext http, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await FindAsync(db, id, item, http, ct) is not var (session, voted))
        {
            return TypedResults.NotFound();
        }

        Given.Require(("/minutes", request.Minutes));
        await RequireChairAsync(db, session, caller, ct);
        var count = await RecountAsync(db, voted, ct);
        session.Step(() => voted.Confirm(count, request.Minutes!, caller.Subject));
        var season = await db.OpenSeasonAsync(session.Season, ct);
        var award = voted.Award!.Value;
        var votable = await RequireSameNomination(db, season, voted, award, voted.Members, count.Yes, clock, ct);
        var vote = CouncilVote.Count(voted.Denominator(votable.Policy.Switches.OfCouncil()), count.Yes, votable.Policy.Switches);
        var ballot = db.RecordBallot(votable, award, vote, caller.Subject, clock.GetUtcNow());
        voted.Recorded(ballot.Id);
        var council = await db.Councils.AsNoTracking().Include(known => known.Memberships).SingleAsync(known => known.Id == session.CouncilId, ct);
        db.Publish(session.ToCountFact(council, voted, ballot, votable.List.Version));
        return await SavedAsync(db, session, http, ct);
    }

    private static async Task<Results<Ok<SessionView>, NotFound>> Void(Guid id, Guid item, VoidRequest request, HttpContext http, Caller caller, JournalContext journal, AwardsDbContext db, CancellationToken ct)
    {
        await LockPapersAsync(db, item, ct);
        if (await FindAsync(db, id, item, http, ct) is not var (session, voted))
        {
            return TypedResults.NotFound();
        }

        Given.Require(("/reason", request.Reason));
        journal.Because(request.Reason);
        await RequireChairAsync(db, session, caller, ct);
        session.Step(voted.Void);
        await SweepAsync(db, item, ct);
        return await SavedAsync(db, session, http, ct);
    }

    private static async Task<Results<Ok<CountView>, NotFound>> Count(Guid id, Guid item, AwardsDbContext db, CancellationToken ct)
    {
        if (await db.AgendaItems.AsNoTracking().SingleOrDefaultAsync(known => known.Id == item && known.SessionId == id && known.Award != null, ct) is not { } voted)
        {
            return TypedResults.NotFound();
        }

        if (voted.Tally is not { } tally)
        {
            throw new RuleViolationException("not-counted", "Chưa kiểm phiếu về nội dung này; trong lúc bỏ phiếu không ai biết kết quả.");
        }

        var count = await RecountAsync(db, voted, ct);
        var switches = (await (
            from nomination in db.Nominations
            join list in db.NominationLists on nomination.ListId equals list.Id
            join policy in db.Policies on list.PolicyId equals policy.Id
            where nomination.Id == voted.NominationId
            select policy).AsNoTracking().SingleAsync(ct)).Switches;
        var vote = CouncilVote.Count(voted.Denominator(switches.OfCouncil()), count.Yes, switches);
        return TypedResults.Ok(new CountView(
            voted.Id, voted.Round, voted.Members, voted.Recused, voted.Papers, voted.HandedOut!.Value, count.Papers, count.Yes, count.No, count.Blank, vote.Members, vote.Needed, vote.Passed, count == tally));
    }

    private static async Task<(CouncilSession Session, AgendaItem Item)?> FindAsync(AwardsDbContext db, Guid id, Guid item, HttpContext http, CancellationToken ct)
    {
        if (await db.Sessions.Include(known => known.Items).SingleOrDefaultAsync(known => known.Id == id, ct) is not { } session
            || session.Items.FirstOrDefault(known => known.Id == item) is not { } found)
        {
            return null;
        }

        Preconditions.Require(http.Request, session.RowVersion);
        return (session, found);
    }

    private static async Task<Results<Ok<SessionView>, NotFound>> SavedAsync(AwardsDbContext db, CouncilSession session, HttpContext http, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        Preconditions.Set(http.Response, session.RowVersion);
        return TypedResults.Ok(await CouncilSessionEndpoints.ViewAsync(db, session, ct));
    }

    // The list may have been drawn up again since the agenda was made: then the papers would be about another nomination.
    private static async Task<VotedNomination> RequireSameNomination(
        AwardsDbContext db, KnownSeason season, AgendaItem item, AwardKind award, int members, int yes, TimeProvider clock, CancellationToken ct)
    {
        var votable = await db.RequireVotableAsync(season, item.ClusterId!.Value, award, members, yes, clock, ct);
        return votable.Flag.Id == item.NominationId
            ? votable
            : throw new RuleViolationException("facts-changed", "Danh sách đề nghị đã được lập lại kể từ khi lập chương trình họp; hãy đưa đề nghị mới vào một phiên họp.");
    }

    private static async Task RequireChairAsync(AwardsDbContext db, CouncilSession session, Caller caller, CancellationToken ct)
    {
        if (!(await db.MembersOfAsync(session, ct)).Any(member => member.Subject == caller.Subject && member.Role is CouncilRole.Chair or CouncilRole.Vice))
        {
            throw new AccessDeniedException("not-the-chair", "Chỉ Chủ tịch hoặc Phó Chủ tịch Hội đồng trong ngày họp được chủ tọa.");
        }
    }

    private static async Task<PaperCount> RecountAsync(AwardsDbContext db, AgendaItem item, CancellationToken ct) =>
        PaperCount.Of(await db.CountedPapers.AsNoTracking().Where(paper => paper.ItemId == item.Id && paper.Round == item.Round).Select(paper => paper.Choice).ToListAsync(ct));

    private static async Task LockPapersAsync(AwardsDbContext db, Guid item, CancellationToken ct)
    {
        await db.InTurnAsync(SecretBallotEndpoints.TurnOf(item), ct);
        await db.Database.ExecuteSqlRawAsync(CouncilTables.LockPapersSql, ct);
    }

    private static async Task SweepAsync(AwardsDbContext db, Guid item, CancellationToken ct)
    {
        await db.PapersToHandOut.Where(paper => paper.ItemId == item).ExecuteDeleteAsync(ct);
        await db.BallotPapers.Where(paper => paper.ItemId == item).ExecuteDeleteAsync(ct);
        await db.BallotBox.Where(paper => paper.ItemId == item).ExecuteDeleteAsync(ct);
        await db.Database.ExecuteSqlRawAsync(CouncilTables.SweepPapersSql, ct);
    }
}

/// <param name="Minutes">Number and date of the minutes of the count.</param>
public sealed record ConfirmRequest(string? Minutes);

/// <param name="Reason">Why the vote is void.</param>
public sealed record VoidRequest(string? Reason);

/// <param name="Item">Id of the agenda item.</param>
/// <param name="Round">Which vote on it.</param>
/// <param name="Members">Members in force on the day.</param>
/// <param name="Recused">Of them those who may not vote.</param>
/// <param name="PapersMade">One for each who may vote.</param>
/// <param name="HandedOut">How many were drawn.</param>
/// <param name="Cast">How many lay in the box.</param>
/// <param name="Yes">In favour.</param>
/// <param name="No">Against.</param>
/// <param name="Blank">Neither.</param>
/// <param name="CountedAgainst">The number of members of which the share is taken.</param>
/// <param name="Needed">Votes in favour that it takes (F-20).</param>
/// <param name="Passed">Whether it has them.</param>
/// <param name="Matches">Whether this recount and the first count agree.</param>
public sealed record CountView(
    Guid Item, int Round, int Members, int Recused, int PapersMade, int HandedOut, int Cast, int Yes, int No, int Blank, int CountedAgainst, int Needed, bool Passed, bool Matches);
