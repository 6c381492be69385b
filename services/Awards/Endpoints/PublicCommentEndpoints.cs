using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Lấy ý kiến công khai về đơn vị được đề nghị (F-21).</summary>
public static class PublicCommentEndpoints
{
    private const int MostUnits = 500;
    private const int LongestText = 20000;

    public static void MapPublicComments(this RouteGroupBuilder api)
    {
        string[] staff = [Roles.Appraiser, Roles.AppraisalHead];
        string[] readers = [.. staff, Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair, Roles.Auditor];
        var comments = api.MapGroup("/public-comments").WithTags("Public comments");
        comments.MapPost("/", Open)
            .AllowRoles(staff)
            .WithETag()
            .WithSummary("Mở lấy ý kiến công khai về các đơn vị được đề nghị")
            .WithDescription("""
                Số ngày làm việc không ít hơn quy định; ngày mở không tính, ngày nghỉ và ngày làm bù theo lịch đã công bố. Chưa có lịch thì chưa tính được hạn (not-known-yet).
                Lỗi: 422 errors[] MISSING_PROPERTY, UNKNOWN_NOMINATION, DUPLICATE_CODE, TOO_MANY, OUT_OF_RANGE; 409 not-known-yet, season-closed.
                """);
        comments.MapGet("/", List)
            .AllowRoles(readers)
            .WithSummary("Các lần lấy ý kiến công khai của một mùa thi đua");
        comments.MapGet("/{id:guid}", Get)
            .AllowRoles(readers)
            .WithETag()
            .WithSummary("Một lần lấy ý kiến, với ý kiến và trả lời")
            .WithDescription("Người góp ý chỉ hiện với cơ quan thường trực và kiểm tra.");
        comments.MapPost("/{id:guid}/comments", Receive)
            .AllowRoles(staff)
            .WithIfMatch().WithETag()
            .WithSummary("Ghi một ý kiến nhận được")
            .WithDescription("Lỗi: 422 errors[] UNKNOWN_UNIT, OUT_OF_RANGE (ngày nhận), TOO_LONG, MISSING_PROPERTY; 409 wrong-state.");
        comments.MapPost("/{id:guid}/comments/{comment:guid}/answer", Answer)
            .AllowRoles(staff)
            .WithIfMatch().WithETag()
            .WithSummary("Trả lời một ý kiến")
            .WithDescription("Lỗi: 422 errors[] MISSING_PROPERTY, TOO_LONG; 409 wrong-state.");
        comments.MapPost("/{id:guid}/conclude", Conclude)
            .AllowRoles(Roles.AppraisalHead)
            .WithIfMatch().WithETag()
            .WithSummary("Kết thúc lấy ý kiến và ghi kết luận")
            .WithDescription("Sau ngày cuối của thời hạn, khi mọi ý kiến đã được trả lời. Lỗi 409: consultation-running, comments-unanswered, wrong-state.");
    }

    private static async Task<Created<ConsultationView>> Open(ConsultationRequest request, HttpResponse response, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        List<Violation> errors = [];
        Given.Require(
            errors, ("/season", request.Season), ("/award", request.Award), ("/nominations", request.Nominations is { Count: > 0 } ? request.Nominations : null), ("/document", request.Document), ("/contact", request.Contact));
        if (request.Award is AwardKind.ChairmanMerit)
        {
            errors.Add(new Violation("BALLOT_NOT_CANDIDATE", "/award", "Bằng khen của Chủ tịch UBND tỉnh không lấy ý kiến công khai."));
        }

        if (request.Nominations is { Count: > MostUnits })
        {
            errors.Add(new Violation("TOO_MANY", "/nominations", $"Tối đa {MostUnits} đề nghị."));
        }

        RuleViolationException.ThrowIfAny(errors);
        var season = await db.OpenSeasonAsync(request.Season!, ct);
        var policy = await db.PolicyAsync(season.Code, season.Year, ct);
        var least = policy.Switches.OfConsultation().WorkingDays;
        var days = request.WorkingDays ?? least;
        if (days < least || days > Consultation.MostWorkingDays)
        {
            errors.Add(new Violation("OUT_OF_RANGE", "/working_days", $"Thời hạn phải từ {least} đến {Consultation.MostWorkingDays} ngày làm việc."));
        }

        var nominations = await NominationsOf(request, db, errors, ct);
        RuleViolationException.ThrowIfAny(errors);
        await db.InTurnAsync(nameof(KnownHolidays), ct); // new days off come before this or find it
        var holidays = await db.Holidays.AsNoTracking().SingleOrDefaultAsync(ct)
            ?? throw new NotKnownYetException("Dịch vụ khen thưởng chưa nhận được lịch ngày nghỉ, ngày làm bù nên chưa tính được thời hạn.");
        var consultation = Consultation.Open(season.Code, request.Award!.Value, nominations, clock.Today(), days, holidays, request.Document!, request.Contact!, policy.Version, caller.Subject);
        db.Add(consultation);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, consultation.RowVersion);
        return TypedResults.Created($"/api/v1/public-comments/{consultation.Id}", ConsultationView.Of(consultation, caller));
    }

    private static async Task<IReadOnlyList<Nomination>> NominationsOf(ConsultationRequest request, AwardsDbContext db, List<Violation> errors, CancellationToken ct)
    {
        var ids = request.Nominations!;
        var known = await (
            from nomination in db.Nominations.AsNoTracking()
            join list in db.NominationLists on nomination.ListId equals list.Id
            where ids.Contains(nomination.Id) && nomination.Season == request.Season && nomination.Award == AwardKind.ProvincialFlag && nomination.Unit != null && list.State != NominationListState.Superseded
            select nomination).ToDictionaryAsync(nomination => nomination.Id, ct);
        for (var index = 0; index < ids.Count; index++)
        {
            if (!known.ContainsKey(ids[index]))
            {
                errors.Add(new Violation("UNKNOWN_NOMINATION", $"/nominations/{index}", "Không có đề nghị tặng Cờ thi đua của UBND tỉnh nào như vậy trong mùa thi đua này cho một đơn vị đã xác định."));
            }
            else if (ids.Take(index).Contains(ids[index]))
            {
                errors.Add(new Violation("DUPLICATE_CODE", $"/nominations/{index}", "Đề nghị này có hai lần trong danh sách."));
            }
        }

        return [.. known.Values.OrderBy(nomination => nomination.SortKey, StringComparer.Ordinal)];
    }

    private static async Task<Page<ConsultationSummary>> List(string season, [AsParameters] PageQuery page, AwardsDbContext db, CancellationToken ct)
    {
        var consultations = db.Consultations.AsNoTracking().Where(consultation => consultation.Season == season);
        if (page.AfterAs<Guid>() is { } id)
        {
            consultations = consultations.Where(consultation => consultation.Id.CompareTo(id) > 0);
        }

        var found = await consultations.OrderBy(consultation => consultation.Id).Take(page.Size + 1)
            .Select(known => new ConsultationSummary(known.Id, known.Season, known.Award, known.OpenedOn, known.WorkingDays, known.ClosesOn, known.State, known.Units.Count, known.Comments.Count)).ToListAsync(ct);
        return Page.Of(found, page.Size, view => view.Id.ToString());
    }

    private static async Task<Results<Ok<ConsultationView>, NotFound>> Get(Guid id, HttpResponse response, Caller caller, AwardsDbContext db, CancellationToken ct)
    {
        if (await db.Consultations.AsNoTracking().SingleOrDefaultAsync(known => known.Id == id, ct) is not { } consultation)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, consultation.RowVersion);
        return TypedResults.Ok(ConsultationView.Of(consultation, caller));
    }

    private static Task<Results<Ok<ConsultationView>, NotFound>> Receive(Guid id, CommentRequest request, HttpContext http, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct) =>
        ChangeAsync(id, http, caller, db, consultation =>
        {
            List<Violation> errors = [];
            Given.Require(errors, ("/unit", request.Unit), ("/text", request.Text), ("/received_on", request.ReceivedOn));
            RequireShort(errors, "/text", request.Text);
            if (request.Unit is not null && !consultation.Units.Any(unit => unit.Unit == request.Unit))
            {
                errors.Add(new Violation("UNKNOWN_UNIT", "/unit", $"Không lấy ý kiến về đơn vị {request.Unit} trong lần này."));
            }

            if (request.ReceivedOn < consultation.OpenedOn || request.ReceivedOn > clock.Today())
            {
                errors.Add(new Violation("OUT_OF_RANGE", "/received_on", "Ngày nhận phải từ ngày mở lấy ý kiến đến hôm nay."));
            }

            RuleViolationException.ThrowIfAny(errors);
            consultation.Receive(new PublicComment
            {
                Id = Guid.CreateVersion7(), Unit = request.Unit!, Text = request.Text!, ReceivedOn = request.ReceivedOn!.Value, From = request.From, RecordedBy = caller.Subject,
            });
            return true;
        }, ct);

    private static Task<Results<Ok<ConsultationView>, NotFound>> Answer(Guid id, Guid comment, AnswerRequest request, HttpContext http, Caller caller, AwardsDbContext db, CancellationToken ct) =>
        ChangeAsync(id, http, caller, db, consultation =>
        {
            if (consultation.Comments.FirstOrDefault(known => known.Id == comment) is not { } found)
            {
                return false;
            }

            List<Violation> errors = [];
            Given.Require(errors, ("/answer", request.Answer));
            RequireShort(errors, "/answer", request.Answer);
            RuleViolationException.ThrowIfAny(errors);
            consultation.Answer(found, request.Answer!, caller.Subject);
            return true;
        }, ct);

    private static Task<Results<Ok<ConsultationView>, NotFound>> Conclude(Guid id, ConclusionRequest request, HttpContext http, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct) =>
        ChangeAsync(id, http, caller, db, consultation =>
        {
            Given.Require(("/conclusion", request.Conclusion), ("/document", request.Document));
            consultation.Conclude(clock.Today(), request.Conclusion!, request.Document!, caller.Subject);
            return true;
        }, ct);

    private static async Task<Results<Ok<ConsultationView>, NotFound>> ChangeAsync(Guid id, HttpContext http, Caller caller, AwardsDbContext db, Func<Consultation, bool> change, CancellationToken ct)
    {
        if (await db.Consultations.SingleOrDefaultAsync(known => known.Id == id, ct) is not { } consultation)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(http.Request, consultation.RowVersion);
        if (!change(consultation))
        {
            return TypedResults.NotFound();
        }

        await db.SaveChangesAsync(ct);
        Preconditions.Set(http.Response, consultation.RowVersion);
        return TypedResults.Ok(ConsultationView.Of(consultation, caller));
    }

    private static void RequireShort(List<Violation> errors, string path, string? text)
    {
        if (text?.Length > LongestText)
        {
            errors.Add(new Violation("TOO_LONG", path, $"Tối đa {LongestText} ký tự."));
        }
    }
}

/// <param name="Season">Code.</param>
/// <param name="Award">What the units are proposed for: GOVERNMENT_FLAG or PROVINCIAL_FLAG.</param>
/// <param name="Nominations">Ids of their nominations for the provincial flag.</param>
/// <param name="WorkingDays">Left out: as the policy says; never fewer.</param>
/// <param name="Document">The notice that is made public.</param>
/// <param name="Contact">Where comments are received.</param>
public sealed record ConsultationRequest(string? Season, AwardKind? Award, IReadOnlyList<Guid>? Nominations, int? WorkingDays, string? Document, string? Contact);

/// <param name="Unit">Code of the unit that it is about.</param>
/// <param name="Text">As received.</param>
/// <param name="ReceivedOn">Day of receipt.</param>
/// <param name="From">Who wrote it; left out when not told.</param>
public sealed record CommentRequest(string? Unit, string? Text, DateOnly? ReceivedOn, string? From);

public sealed record AnswerRequest(string? Answer);

/// <param name="Conclusion">In words.</param>
/// <param name="Document">The report on the comments.</param>
public sealed record ConclusionRequest(string? Conclusion, string? Document);

public sealed record ConsultationSummary(Guid Id, string Season, AwardKind Award, DateOnly OpenedOn, int WorkingDays, DateOnly ClosesOn, ConsultationState State, int Units, int Comments);

public sealed record ConsultationView(
    Guid Id, string Season, AwardKind Award, DateOnly OpenedOn, int WorkingDays, DateOnly ClosesOn, int CalendarVersion, string Document, string Contact, int PolicyVersion, ConsultationState State,
    string? Conclusion, string? ConclusionDocument, int Version, IReadOnlyList<ConsultedUnit> Units, IReadOnlyList<CommentView> Comments)
{
    internal static ConsultationView Of(Consultation known, Caller caller) => new(
        known.Id, known.Season, known.Award, known.OpenedOn, known.WorkingDays, known.ClosesOn, known.CalendarVersion, known.Document, known.Contact, known.PolicyVersion, known.State,
        known.Conclusion, known.ConclusionDocument, known.Version, known.Units,
        [.. known.Comments.OrderBy(comment => comment.Id).Select(comment => CommentView.Of(comment, known.ClosesOn, caller.Is(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)))]);
}

/// <param name="Id">Id.</param>
/// <param name="Unit">Code of the unit that it is about.</param>
/// <param name="Text">As received.</param>
/// <param name="ReceivedOn">Day of receipt.</param>
/// <param name="IsLate">Whether it came after the last day; it is answered all the same.</param>
/// <param name="From">Who wrote it, for the standing agency.</param>
/// <param name="Answer">Once answered.</param>
public sealed record CommentView(Guid Id, string Unit, string Text, DateOnly ReceivedOn, bool IsLate, string? From, string? Answer)
{
    internal static CommentView Of(PublicComment comment, DateOnly closesOn, bool withWriter) =>
        new(comment.Id, comment.Unit, comment.Text, comment.ReceivedOn, comment.ReceivedOn > closesOn, withWriter ? comment.From : null, comment.Answer);
}
