using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Kỳ (năm) thi đua: its phases and its calendar.</summary>
public static class SeasonEndpoints
{
    public static void MapSeasons(this IEndpointRouteBuilder app)
    {
        var seasons = app.MapGroup("/seasons").WithTags("Seasons");

        seasons.MapPost("/", Open).WithETag().Accepts<OpenSeasonRequest>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Mở một kỳ thi đua")
            .WithDescription("Bắt đầu ở giai đoạn SETUP. first_day, last_day: khi kỳ chỉ là một phần của năm; continues: mã kỳ trước mà kỳ này tiếp tục, kết thúc trước ngày đầu của kỳ này. 409 season-exists: đã có kỳ mang mã này. Lỗi: BAD_CODE, UNKNOWN_SEASON_TYPE, UNKNOWN_SEASON, SEASONS_OVERLAP, OUT_OF_RANGE, CLOSES_BEFORE_OPENS, PHASES_OUT_OF_ORDER.");
        seasons.MapGet("/", List).AllowAnyRole()
            .WithSummary("Danh sách kỳ thi đua, mới nhất trước");
        seasons.MapGet("/{code}", Get).WithETag(notModified: true).AllowAnyRole()
            .WithSummary("Một kỳ thi đua, kèm ETag");
        seasons.MapPut("/{code}/calendar", Plan).WithIfMatch().WithETag().Accepts<SeasonCalendarRequest>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Thay lịch của kỳ thi đua")
            .WithDescription("Cần If-Match. 409 season-closed: kỳ thi đua đã kết thúc.");
        seasons.MapPost("/{code}/advance", Advance).WithIfMatch().WithETag().Accepts<AdvanceSeasonRequest>("application/json").AllowRoles(Roles.AppraisalHead)
            .WithSummary("Chuyển kỳ thi đua sang giai đoạn tiếp theo, hoặc quay lại giai đoạn trước")
            .WithDescription("Cần If-Match. Quay lại, hoặc mở sớm hơn lịch, phải nêu reason (422 MISSING_REASON, 409 not-open-yet). 409 covenant-unsigned: giao ước đã dự thảo nhưng chưa có hiệu lực. 409 wrong-phase, no-clusters, season-closed.");
    }

    public sealed record OpenSeasonRequest(string Code, string Type, int Year, IReadOnlyDictionary<SeasonPhase, PhaseWindow>? Calendar = null, DateOnly? FirstDay = null, DateOnly? LastDay = null, string? Continues = null);

    public sealed record SeasonCalendarRequest(IReadOnlyDictionary<SeasonPhase, PhaseWindow> Calendar, string? Reason = null);

    public sealed record AdvanceSeasonRequest(SeasonPhase To, string? Reason = null);

    /// <param name="Code">Mã.</param>
    /// <param name="Type">CALENDAR_YEAR or SCHOOL_YEAR.</param>
    /// <param name="Year">The year in which it begins.</param>
    /// <param name="FirstDay">Its first day.</param>
    /// <param name="LastDay">Its last day.</param>
    /// <param name="Phase">Giai đoạn.</param>
    /// <param name="PhaseLabel">Vietnamese name of the phase.</param>
    /// <param name="PhaseSince">When it came to this phase.</param>
    /// <param name="Calendar">Days planned for the phases.</param>
    /// <param name="Version">Grows with every change of phase.</param>
    /// <param name="Continues">Kỳ trước: code of the season whose results it goes on from.</param>
    public sealed record SeasonView(string Code, string Type, int Year, DateOnly FirstDay, DateOnly LastDay, SeasonPhase Phase, string PhaseLabel, DateTimeOffset PhaseSince, IReadOnlyDictionary<SeasonPhase, PhaseWindow> Calendar, int Version, string? Continues)
    {
        public static SeasonView Of(Season season) =>
            new(season.Code, season.Type, season.Year, season.FirstDay, season.LastDay, season.Phase, season.Phase.Label(), season.PhaseSince, season.Calendar, season.Version, season.Continues);
    }

    private static async Task<Created<SeasonView>> Open(StrictBody body, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var (code, typeCode, year) = (body.Root.Code("code"), body.Root.Text("type"), body.Root.WholeNumber("year"));
        var calendar = CalendarOf(body.Root, required: false);
        var (first, last, continues) = (body.Root.Date("first_day", required: false), body.Root.Date("last_day", required: false), body.Root.Text("continues", required: false));
        body.Root.RefuseUnknown();
        var type = await TypeOf(typeCode, year, body.Root, db, ct);
        var days = DaysOf(type, year, first, last, body);
        await CheckContinuedAsync(continues, days?.First, body.Root, db, ct);
        body.RefuseIfWrong();

        if (await db.Seasons.AnyAsync(season => season.Code == code, ct))
        {
            throw new RuleViolationException("season-exists", $"Đã có kỳ thi đua {code}.");
        }

        var season = Season.Open(code!, type!, year!.Value, calendar, clock.GetUtcNow(), days, continues);
        db.Add(season);
        Publish(db, season);
        await db.TellHolidaysAsync(ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, season.RowVersion);
        return TypedResults.Created($"/api/v1/seasons/{Uri.EscapeDataString(season.Code)}", SeasonView.Of(season));
    }

    private static async Task<Ok<Page<SeasonView>>> List([AsParameters] PageQuery page, ClustersDbContext db, CancellationToken ct)
    {
        var seasons = db.Seasons.AsNoTracking();
        if (page.AfterPair() is var (yearText, code))
        {
            _ = int.TryParse(yearText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var year);
            seasons = seasons.Where(season => EF.Functions.LessThan(ValueTuple.Create(season.Year, season.Code), ValueTuple.Create(year, code)));
        }

        var found = await seasons.OrderByDescending(season => season.Year).ThenByDescending(season => season.Code).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found.ConvertAll(SeasonView.Of), page.Size, season => PairCursor.Of(season.Year.ToString(CultureInfo.InvariantCulture), season.Code)));
    }

    private static async Task<Results<Ok<SeasonView>, StatusCodeHttpResult, NotFound>> Get(string code, HttpRequest request, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.Seasons.AsNoTracking().SingleOrDefaultAsync(season => season.Code == code, ct) is not { } season)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, season.RowVersion);
        return Preconditions.IsCurrent(request, season.RowVersion) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(SeasonView.Of(season));
    }

    private static async Task<Results<Ok<SeasonView>, NotFound>> Plan(string code, StrictBody body, HttpRequest request, HttpResponse response, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await db.LockSeasonAsync(code, ct) is not { } season)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, season.RowVersion);
        var calendar = CalendarOf(body.Root, required: true);
        journal.Because(body.Root.Text("reason", required: false));
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        season.Plan(calendar);
        await db.KeepObligationsAsync(season, await db.Clusters.Where(cluster => cluster.Season == code).ToListAsync(ct), clock.GetUtcNow(), ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, season.RowVersion);
        return TypedResults.Ok(SeasonView.Of(season));
    }

    private static async Task<Results<Ok<SeasonView>, NotFound>> Advance(string code, StrictBody body, HttpRequest request, HttpResponse response, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await db.LockSeasonAsync(code, ct) is not { } season)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, season.RowVersion);
        var (to, reason) = (body.Root.Choice<SeasonPhase>("to"), body.Root.Text("reason", required: false));
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        journal.Because(reason);
        season.RequireCovenants(to!.Value, reason, await CovenantFacts.PendingAsync(db, code, ct));
        var clusters = await db.Clusters.Where(cluster => cluster.Season == code).ToListAsync(ct);
        season.Advance(to.Value, reason, clusters.Count, clock.GetUtcNow());
        Publish(db, season);
        await db.TellHolidaysAsync(ct);
        await db.KeepObligationsAsync(season, clusters, clock.GetUtcNow(), ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, season.RowVersion);
        return TypedResults.Ok(SeasonView.Of(season));
    }

    private static async Task<SeasonType?> TypeOf(string? code, int? year, StrictJson root, ClustersDbContext db, CancellationToken ct)
    {
        if (code is null || year is null)
        {
            return null;
        }

        if (year < DateOnly.MinValue.Year || year >= DateOnly.MaxValue.Year)
        {
            root.Refuse("OUT_OF_RANGE", "Năm không hợp lệ.", "year");
            return null;
        }

        var types = await db.SeasonTypes.AsNoTracking().Where(type => type.Code == code).ToListAsync(ct);
        var found = types.Within(code, new DateOnly(year.Value, 1, 1), new DateOnly(year.Value, 12, 31));
        if (found is null)
        {
            root.Refuse("UNKNOWN_SEASON_TYPE", types.Count == 0 ? $"Không có loại kỳ thi đua {code}." : $"Loại kỳ thi đua {code} không áp dụng cho năm {year}.", types.Count == 0 ? "type" : "year");
        }

        return found;
    }

    private static (DateOnly First, DateOnly Last)? DaysOf(SeasonType? type, int? year, DateOnly? first, DateOnly? last, StrictBody body)
    {
        if (type is null)
        {
            return null;
        }

        var whole = type.Period(year!.Value);
        var days = (First: first ?? whole.First, Last: last ?? whole.Last);
        body.Errors.AddRange(Season.CheckDays(days.First, days.Last, type, year.Value));
        return days;
    }

    private static async Task CheckContinuedAsync(string? continues, DateOnly? first, StrictJson root, ClustersDbContext db, CancellationToken ct)
    {
        if (continues is null)
        {
            return;
        }

        if (await db.Seasons.AsNoTracking().SingleOrDefaultAsync(season => season.Code == continues, ct) is not { } previous)
        {
            root.Refuse("UNKNOWN_SEASON", $"Không có kỳ thi đua {continues}.", "continues");
        }
        else if (previous.LastDay >= first)
        {
            root.Refuse("SEASONS_OVERLAP", $"Kỳ thi đua {continues} kết thúc ngày {previous.LastDay:dd/MM/yyyy}, không trước ngày đầu {first:dd/MM/yyyy} của kỳ này.", "continues");
        }
    }

    private static Dictionary<SeasonPhase, PhaseWindow> CalendarOf(StrictJson root, bool required)
    {
        var calendar = new Dictionary<SeasonPhase, PhaseWindow>();
        var windows = new Dictionary<SeasonPhase, StrictJson>();
        foreach (var (name, window) in root.Entries("calendar", required).Where(entry => entry.Value.ExpectObject()))
        {
            var phases = Enum.GetValues<SeasonPhase>().Where(phase => UpperSnake.Of(phase) == name).ToList();
            if (phases.Count == 0)
            {
                window.Refuse("UNKNOWN_PROPERTY", $"Không có giai đoạn “{name}”.");
                continue;
            }

            var (opens, closes) = (window.Date("opens"), window.Date("closes"));
            window.RefuseUnknown();
            if (opens is not null && closes is not null)
            {
                calendar[phases[0]] = new PhaseWindow(opens.Value, closes.Value);
                windows[phases[0]] = window;
            }
        }

        foreach (var (phase, code, message) in Season.CheckCalendar(calendar))
        {
            windows[phase].Refuse(code, message);
        }

        return calendar;
    }


    private static void Publish(ClustersDbContext db, Season season) => db.Publish(new SeasonPhaseChanged
    {
        Season = season.Code,
        Type = season.Type,
        Year = season.Year,
        Phase = UpperSnake.Of(season.Phase),
        Version = season.Version,
        At = season.PhaseSince,
    });
}
