using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Phiên họp của Hội đồng: agenda, attendance and quorum (F-19).</summary>
public static class CouncilSessionEndpoints
{
    private const int MostItems = 500;

    public static void MapCouncilSessions(this RouteGroupBuilder api)
    {
        var sessions = api.MapGroup("/council-sessions").WithTags("Council sessions");
        sessions.MapPost("/", Open)
            .AllowRoles(Roles.CouncilSecretary)
            .WithETag()
            .WithSummary("Triệu tập một phiên họp của Hội đồng")
            .WithDescription("""
                Mỗi nội dung là một đề nghị cần bỏ phiếu (award và nomination_id) hoặc một vấn đề thảo luận (topic). Đề nghị khen thưởng chỉ bỏ phiếu ở phiên họp xét khen thưởng (AWARDS).
                Lỗi: 422 errors[] MISSING_PROPERTY, UNKNOWN_COUNCIL, UNKNOWN_NOMINATION, AWARD_IN_ORDINARY_SESSION, DUPLICATE_CODE, NO_MEMBERS, TOO_MANY; 409 not-known-yet, season-closed.
                """);
        sessions.MapGet("/", List)
            .AllowRoles(CouncilEndpoints.Readers)
            .WithSummary("Các phiên họp của một mùa thi đua");
        sessions.MapGet("/{id:guid}", Get)
            .AllowRoles(CouncilEndpoints.Readers)
            .WithETag()
            .WithSummary("Một phiên họp: chương trình, thành phần dự họp, điều kiện họp hợp lệ")
            .WithDescription("Số phiếu phát ra, trong hòm và kết quả kiểm phiếu chỉ Hội đồng và kiểm tra, giám sát thấy.");
        sessions.MapPut("/{id:guid}/attendance", Attend)
            .AllowRoles(Roles.CouncilSecretary)
            .WithIfMatch().WithETag()
            .WithSummary("Ghi thành phần dự họp")
            .WithDescription("PRESENT, ABSENT hoặc WRITTEN_OPINION (vắng mặt, gửi ý kiến bằng văn bản). Thành viên không nêu là vắng mặt. Lỗi: 422 errors[] UNKNOWN_MEMBER, DUPLICATE_CODE; 409 vote-open.");
    }

    private static async Task<Created<SessionView>> Open(SessionRequest request, HttpResponse response, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        List<Violation> errors = [];
        Given.Require(
            errors, ("/council", request.Council), ("/season", request.Season), ("/date", request.Date), ("/kind", request.Kind), ("/document", request.Document), ("/agenda", request.Agenda is { Count: > 0 } ? request.Agenda : null));
        RuleViolationException.ThrowIfAny(errors);
        var season = await db.OpenSeasonAsync(request.Season!, ct);
        var council = await db.Councils.AsNoTracking().Include(known => known.Memberships).SingleOrDefaultAsync(known => known.Code == request.Council, ct);
        if (council is null)
        {
            errors.Add(new Violation("UNKNOWN_COUNCIL", "/council", $"Không có Hội đồng {request.Council}."));
        }
        else if (council.On(request.Date!.Value).Count == 0)
        {
            errors.Add(new Violation("NO_MEMBERS", "/date", "Ngày này Hội đồng không có thành viên nào."));
        }

        var agenda = await AgendaOf(request, db, errors, ct);
        RuleViolationException.ThrowIfAny(errors);
        var session = CouncilSession.Open(council!, season.Code, request.Date!.Value, request.Kind!.Value, request.Document!, agenda, caller.Subject, clock.GetUtcNow());
        db.Add(session);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, session.RowVersion);
        return TypedResults.Created($"/api/v1/council-sessions/{session.Id}", await ViewAsync(db, session, ct));
    }

    private static async Task<IReadOnlyList<AgendaItem>> AgendaOf(SessionRequest request, AwardsDbContext db, List<Violation> errors, CancellationToken ct)
    {
        var given = request.Agenda!;
        if (given.Count > MostItems)
        {
            errors.Add(new Violation("TOO_MANY", "/agenda", $"Tối đa {MostItems} nội dung."));
            return [];
        }

        var ids = given.Select(item => item?.NominationId).OfType<Guid>().Distinct().ToList();
        var nominations = await (
            from nomination in db.Nominations.AsNoTracking()
            join list in db.NominationLists on nomination.ListId equals list.Id
            where ids.Contains(nomination.Id) && nomination.Season == request.Season && nomination.Award == AwardKind.ProvincialFlag && list.State != NominationListState.Superseded
            select new { nomination, list.ClusterId }).ToDictionaryAsync(row => row.nomination.Id, ct);
        List<AgendaItem> agenda = [];
        HashSet<(Guid, AwardKind)> seen = [];
        for (var index = 0; index < given.Count; index++)
        {
            var (item, path) = (given[index], $"/agenda/{index}");
            if (item is { NominationId: null, Award: null, Topic.Length: > 0 })
            {
                agenda.Add(AgendaItem.Discuss(index + 1, item.Topic));
            }
            else if (Given.Require(errors, ($"{path}/nomination_id", item?.NominationId), ($"{path}/award", item?.Award)))
            {
                var (id, award) = (item!.NominationId!.Value, item.Award!.Value);
                if (request.Kind is SessionKind.Ordinary)
                {
                    errors.Add(new Violation("AWARD_IN_ORDINARY_SESSION", path, "Đề nghị khen thưởng chỉ bỏ phiếu ở phiên họp xét khen thưởng."));
                }

                if (award is AwardKind.ChairmanMerit)
                {
                    errors.Add(new Violation("BALLOT_NOT_CANDIDATE", $"{path}/award", "Bằng khen của Chủ tịch UBND tỉnh không qua bỏ phiếu."));
                }
                else if (!nominations.TryGetValue(id, out var row) || row.nomination.Unit is null)
                {
                    errors.Add(new Violation("UNKNOWN_NOMINATION", $"{path}/nomination_id", "Không có đề nghị tặng Cờ thi đua của UBND tỉnh nào như vậy trong mùa thi đua này cho một đơn vị đã xác định."));
                }
                else if (!seen.Add((id, award)))
                {
                    errors.Add(new Violation("DUPLICATE_CODE", path, "Nội dung này có hai lần trong chương trình."));
                }
                else
                {
                    var title = award is AwardKind.GovernmentFlag ? "Cờ thi đua của Chính phủ" : "Cờ thi đua của UBND tỉnh";
                    agenda.Add(AgendaItem.Vote(index + 1, item.Topic ?? $"{title}: {row.nomination.Unit}", award, row.nomination, row.ClusterId));
                }
            }
        }

        return agenda;
    }

    private static async Task<Page<SessionSummary>> List(string season, [AsParameters] PageQuery page, AwardsDbContext db, CancellationToken ct)
    {
        var sessions = db.Sessions.AsNoTracking().Where(session => session.Season == season);
        if (page.AfterAs<Guid>() is { } id)
        {
            sessions = sessions.Where(session => session.Id.CompareTo(id) > 0);
        }

        var found = await sessions.OrderBy(session => session.Id).Take(page.Size + 1)
            .Select(session => new SessionSummary(session.Id, session.Council, session.Season, session.Date, session.Kind, session.Items.Count)).ToListAsync(ct);
        return Page.Of(found, page.Size, view => view.Id.ToString());
    }

    private static async Task<Results<Ok<SessionView>, NotFound>> Get(Guid id, HttpResponse response, Caller caller, AwardsDbContext db, CancellationToken ct)
    {
        if (await db.Sessions.AsNoTracking().Include(known => known.Items).SingleOrDefaultAsync(known => known.Id == id, ct) is not { } session)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, session.RowVersion);
        var view = await ViewAsync(db, session, ct);
        return TypedResults.Ok(caller.Is(CouncilEndpoints.Counting) ? view : view.WithoutBallots());
    }

    private static async Task<Results<Ok<SessionView>, NotFound>> Attend(Guid id, AttendanceRequest request, HttpRequest http, HttpResponse response, AwardsDbContext db, CancellationToken ct)
    {
        if (await db.Sessions.Include(known => known.Items).SingleOrDefaultAsync(known => known.Id == id, ct) is not { } session)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(http, session.RowVersion);
        List<Violation> errors = [];
        Given.Require(errors, ("/entries", request.Entries));
        var members = (await db.MembersOfAsync(session, ct)).Select(member => member.Subject).ToHashSet(StringComparer.Ordinal);
        Dictionary<string, (AttendanceKind, string?)> attendances = [];
        for (var index = 0; index < (request.Entries?.Count ?? 0); index++)
        {
            var (entry, path) = (request.Entries![index], $"/entries/{index}");
            if (!Given.Require(errors, ($"{path}/subject", entry?.Subject), ($"{path}/kind", entry?.Kind)))
            {
                continue;
            }

            if (!members.Contains(entry!.Subject!))
            {
                errors.Add(new Violation("UNKNOWN_MEMBER", $"{path}/subject", $"{entry.Subject} không phải thành viên Hội đồng trong ngày họp."));
            }
            else if (!attendances.TryAdd(entry.Subject!, (entry.Kind!.Value, entry.Document)))
            {
                errors.Add(new Violation("DUPLICATE_CODE", $"{path}/subject", $"{entry.Subject} có hai lần trong danh sách."));
            }
        }

        RuleViolationException.ThrowIfAny(errors);
        session.Attend(attendances);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, session.RowVersion);
        return TypedResults.Ok(await ViewAsync(db, session, ct));
    }

    /// <summary>Members of the session's council in force on its day.</summary>
    internal static async Task<IReadOnlyList<CouncilMembership>> MembersOfAsync(this AwardsDbContext db, CouncilSession session, CancellationToken ct) =>
        (await db.Councils.AsNoTracking().Include(council => council.Memberships).SingleAsync(council => council.Id == session.CouncilId, ct)).On(session.Date);

    internal static async Task<SessionView> ViewAsync(AwardsDbContext db, CouncilSession session, CancellationToken ct)
    {
        var season = await db.SeasonAsync(session.Season, ct);
        var switches = (await db.PolicyAsync(season.Code, season.Year, ct)).Switches.OfCouncil();
        var members = await db.MembersOfAsync(session, ct);
        var voting = session.Items.Where(item => item.State is AgendaItemState.Voting).Select(item => item.Id).ToList();
        var given = await db.PapersGiven.AsNoTracking().Where(paper => voting.Contains(paper.ItemId)).Select(paper => new { paper.ItemId, paper.Round }).ToListAsync(ct);
        var boxed = await db.BallotBox.AsNoTracking().Where(paper => voting.Contains(paper.ItemId)).Select(paper => paper.ItemId).ToListAsync(ct);
        return new SessionView(
            session.Id, session.Council, session.Season, session.Date, session.Kind, session.Document, session.Version,
            session.QuorumOf(members.Count, switches),
            [.. members.Select(member => new AttendanceView(member.Subject, member.Terms.Name, member.Terms.Role, session.AttendanceOf(member.Subject)))],
            [.. session.Items.OrderBy(item => item.Position).Select(item => AgendaItemView.Of(item, given.Count(paper => paper.ItemId == item.Id && paper.Round == item.Round), boxed.Count(id => id == item.Id)))]);
    }
}

/// <param name="Council">Code.</param>
/// <param name="Season">Code.</param>
/// <param name="Date">Day of the session: its members are those in force then.</param>
/// <param name="Kind">AWARDS or ORDINARY.</param>
/// <param name="Document">The invitation.</param>
/// <param name="Agenda">In order.</param>
public sealed record SessionRequest(string? Council, string? Season, DateOnly? Date, SessionKind? Kind, string? Document, IReadOnlyList<AgendaRequest>? Agenda);

/// <param name="NominationId">Of the provincial flag, also for the vote on the Government flag; left out: a topic without a vote.</param>
/// <param name="Award">PROVINCIAL_FLAG or GOVERNMENT_FLAG.</param>
/// <param name="Topic">In words; needed where there is no nomination.</param>
public sealed record AgendaRequest(Guid? NominationId, AwardKind? Award, string? Topic);

public sealed record AttendanceRequest(IReadOnlyList<AttendanceEntry>? Entries);

/// <param name="Subject">Account of the member.</param>
/// <param name="Kind">PRESENT, ABSENT or WRITTEN_OPINION.</param>
/// <param name="Document">Of a written opinion: its covering letter. The opinion itself is secret and goes into the ballot box.</param>
public sealed record AttendanceEntry(string? Subject, AttendanceKind? Kind, string? Document);

public sealed record SessionSummary(Guid Id, string Council, string Season, DateOnly Date, SessionKind Kind, int Items);

/// <param name="Id">Id.</param>
/// <param name="Council">Code.</param>
/// <param name="Season">Code.</param>
/// <param name="Date">Day.</param>
/// <param name="Kind">AWARDS or ORDINARY.</param>
/// <param name="Document">The invitation.</param>
/// <param name="Version">Grows with each change.</param>
/// <param name="Quorum">F-19, by the policy of the season.</param>
/// <param name="Members">All members in force on the day, with how they attend.</param>
/// <param name="Agenda">In order.</param>
public sealed record SessionView(
    Guid Id, string Council, string Season, DateOnly Date, SessionKind Kind, string Document, int Version, Quorum Quorum, IReadOnlyList<AttendanceView> Members, IReadOnlyList<AgendaItemView> Agenda)
{
    /// <summary>For whom ballots are nothing: what is on the agenda and who attends, not how it was voted.</summary>
    internal SessionView WithoutBallots() => this with { Agenda = [.. Agenda.Select(item => item with { Tally = null, HandedOut = null, InBox = null, BallotId = null })] };
}

public sealed record AttendanceView(string Subject, string Name, CouncilRole Role, AttendanceKind Attendance);

/// <param name="Id">Id.</param>
/// <param name="Position">On the agenda.</param>
/// <param name="Topic">In words.</param>
/// <param name="Award">Null: a topic without a vote.</param>
/// <param name="NominationId">What is voted on.</param>
/// <param name="Unit">The unit voted on.</param>
/// <param name="State">LISTED, VOTING, COUNTED or CONFIRMED.</param>
/// <param name="Round">How often a vote on it was opened.</param>
/// <param name="Papers">Papers made: one for each who may vote.</param>
/// <param name="Recused">Members who may not vote because it is about their own unit.</param>
/// <param name="Tally">Once counted.</param>
/// <param name="HandedOut">Papers that were handed out, from the opening of the vote on.</param>
/// <param name="InBox">While the vote is on: how many papers have been cast. What they say nobody learns before the count.</param>
/// <param name="Minutes">Once confirmed.</param>
/// <param name="BallotId">The recorded vote, once confirmed.</param>
public sealed record AgendaItemView(
    Guid Id, int Position, string Topic, AwardKind? Award, Guid? NominationId, string? Unit, AgendaItemState State, int Round, int Papers, int Recused, PaperCount? Tally, int? HandedOut, int? InBox, string? Minutes, Guid? BallotId)
{
    internal static AgendaItemView Of(AgendaItem item, int givenNow, int boxedNow) => new(
        item.Id, item.Position, item.Topic, item.Award, item.NominationId, item.Unit, item.State, item.Round, item.Papers, item.Recused, item.Tally,
        item.State is AgendaItemState.Voting ? givenNow : item.HandedOut, item.State is AgendaItemState.Voting ? boxedNow : null, item.Minutes, item.BallotId);
}
