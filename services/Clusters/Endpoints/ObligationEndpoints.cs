using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Nghĩa vụ có thời hạn: what units and the standing agency owe, by when, and how it stands.</summary>
public static class ObligationEndpoints
{
    private const int BatchSize = 500;

    public static void MapObligations(this IEndpointRouteBuilder app)
    {
        var obligations = app.MapGroup("/obligations").WithTags("Obligations");

        obligations.MapGet("/", List).Produces(StatusCodes.Status409Conflict).WithDates("as_of").WithNames<ObligationKind>("kind").WithNames<ObligationState>("state")
            .AllowRoles(Roles.UnitClerk, Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Danh sách nghĩa vụ có thời hạn, với tình trạng vào một ngày")
            .WithDescription("Đơn vị thấy nghĩa vụ của mình; cụm trưởng, cụm phó thấy của cả cụm; cơ quan thường trực và kiểm tra thấy tất cả. Không có as_of: hôm nay. Số ngày chậm là ngày làm việc. Sắp xếp theo thời hạn. 409 no-rule: không có quy tắc cho ngày đầu của kỳ.");
        obligations.MapGet("/{id:guid}", Get).Produces(StatusCodes.Status409Conflict).WithETag().AllowRoles(Roles.UnitClerk, Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Một nghĩa vụ có thời hạn, kèm ETag")
            .WithDescription("409 no-rule: không có quy tắc cho ngày đầu của kỳ.");
        obligations.MapPost("/{id:guid}/extend", Extend).WithIfMatch().WithETag().Accepts<ExtendRequest>("application/json").AllowRoles(Roles.AppraisalHead)
            .WithSummary("Gia hạn một nghĩa vụ")
            .WithDescription("Cần If-Match và lý do; chỉ gia hạn đến ngày sau thời hạn hiện hành, các lần gia hạn được giữ lại. 409 obligation-not-open; 403 own-obligation: không gia hạn cho đơn vị của mình. Lỗi: NOT_LATER, MISSING_REASON, TOO_LONG.");
    }

    public sealed record ExtendRequest(DateOnly DueOn, string Reason, string? Document = null);

    /// <param name="Id">Key.</param>
    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="ClusterId">Khóa của cụm, khối.</param>
    /// <param name="Unit">Who owes it; absent: the standing agency.</param>
    /// <param name="Kind">What is owed.</param>
    /// <param name="Recipient">To whom.</param>
    /// <param name="Occasion">Version of the sheet that was returned, for an explanation; otherwise 0.</param>
    /// <param name="State">Tình trạng on the day asked for.</param>
    /// <param name="LateWorkingDays">Working days late on receipt, or so far on the day asked for.</param>
    /// <param name="DueOn">Thời hạn hiện hành.</param>
    /// <param name="FirstDueOn">Thời hạn ban đầu.</param>
    /// <param name="LastDay">Last day in time: the due day, or the next working day when the rule moves it.</param>
    /// <param name="MetAt">When it was received; absent: not yet.</param>
    /// <param name="ReleasedReason">Why it is no longer owed.</param>
    /// <param name="Extensions">Gia hạn, in order.</param>
    public sealed record ObligationView(
        Guid Id, string Season, Guid ClusterId, string? Unit, ObligationKind Kind, ObligationRecipient Recipient, int Occasion, ObligationState State, int LateWorkingDays,
        DateOnly DueOn, DateOnly FirstDueOn, DateOnly LastDay, DateTimeOffset? MetAt, string? ReleasedReason, IReadOnlyList<Extension> Extensions)
    {
        public static ObligationView Of(Obligation obligation, ObligationStanding standing) => new(
            obligation.Id, obligation.Season, obligation.ClusterId, obligation.Unit, obligation.Kind, obligation.Recipient, obligation.Occasion, standing.State, standing.LateWorkingDays,
            obligation.DueOn, obligation.FirstDueOn, standing.LastDay, obligation.MetAt, obligation.ReleasedReason, obligation.Extensions);
    }

    private static async Task<Ok<Page<ObligationView>>> List(
        string? season, Guid? cluster, string? unit, Named<ObligationKind>? kind, Named<ObligationState>? state, [FromQuery(Name = "as_of")] IsoDate? asOf,
        [AsParameters] PageQuery page, Caller caller, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var rows = Seen(caller, db);
        rows = season is null ? rows : rows.Where(obligation => obligation.Season == season);
        rows = cluster is null ? rows : rows.Where(obligation => obligation.ClusterId == cluster);
        rows = unit is null ? rows : rows.Where(obligation => obligation.Unit == unit);
        rows = kind is null ? rows : rows.Where(obligation => obligation.Kind == kind.Value.Value);
        rows = asOf is null ? Likely(rows, state?.Value) : rows;

        // The state of a day is worked out, not stored: rows are looked through until the page is full.
        var standings = await Standings.LoadAsync(db, asOf?.Day ?? clock.Today(), ct);
        var (found, after) = (new List<ObligationView>(), AfterOf(page));
        List<Obligation> batch;
        do
        {
            var rest = after is var (day, id) ? rows.Where(obligation => EF.Functions.GreaterThan(ValueTuple.Create(obligation.DueOn, obligation.Id), ValueTuple.Create(day, id))) : rows;
            batch = await rest.OrderBy(obligation => obligation.DueOn).ThenBy(obligation => obligation.Id).Take(state is null ? page.Size + 1 : BatchSize).ToListAsync(ct);
            found.AddRange(batch.Select(standings.View).Where(view => state is null || view.State == state.Value.Value));
            after = batch.Count == 0 ? null : (batch[^1].DueOn, batch[^1].Id);
        }
        while (found.Count <= page.Size && batch.Count == BatchSize);

        return TypedResults.Ok(Page.Of(found.Take(page.Size + 1).ToList(), page.Size, view => PairCursor.Of(new IsoDate(view.DueOn).ToString(), view.Id.ToString())));
    }

    private static async Task<Results<Ok<ObligationView>, NotFound>> Get(Guid id, HttpResponse response, Caller caller, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await Seen(caller, db).SingleOrDefaultAsync(obligation => obligation.Id == id, ct) is not { } obligation)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, obligation.RowVersion);
        return TypedResults.Ok((await Standings.LoadAsync(db, clock.Today(), ct)).View(obligation));
    }

    private static async Task<Results<Ok<ObligationView>, NotFound>> Extend(
        Guid id, StrictBody body, HttpRequest request, HttpResponse response, Caller caller, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Obligations.AsNoTracking().SingleOrDefaultAsync(found => found.Id == id, ct) is not { } seen)
        {
            return TypedResults.NotFound();
        }

        // Under the season's lock nobody meets it at the same moment.
        await db.LockSeasonAsync(seen.Season, ct);
        var obligation = await db.Obligations.SingleAsync(found => found.Id == id, ct);
        Preconditions.Require(request, obligation.RowVersion);
        var (dueOn, reason, document) = (body.Root.Date("due_on"), body.Root.Reason(), body.Root.Text("document", ObligationTables.TextLength, required: false));
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();
        if (obligation.Unit is { } unit && caller.BelongsTo(unit))
        {
            throw new AccessDeniedException("own-obligation", "Không ai được gia hạn nghĩa vụ của đơn vị mình.");
        }

        obligation.Extend(dueOn!.Value, reason!, document, caller.Subject, clock.GetUtcNow());
        journal.Because(reason);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, obligation.RowVersion);
        return TypedResults.Ok((await Standings.LoadAsync(db, clock.Today(), ct)).View(obligation));
    }

    private static IQueryable<Obligation> Seen(Caller caller, ClustersDbContext db)
    {
        var own = caller.Unit;
        return caller.Is(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            ? db.Obligations.AsNoTracking()
            : db.Obligations.AsNoTracking().Where(obligation => own != null
                && (obligation.Unit == own || db.Clusters.Any(cluster => cluster.Id == obligation.ClusterId && (cluster.Leader == own || cluster.Deputy == own))));
    }

    /// <summary>Leaves out what cannot be in that state today, so that less is looked through.</summary>
    private static IQueryable<Obligation> Likely(IQueryable<Obligation> rows, ObligationState? state) => state switch
    {
        null => rows,
        ObligationState.Released => rows.Where(obligation => obligation.ReleasedAt != null),
        ObligationState.Open => rows.Where(obligation => obligation.ReleasedAt == null && obligation.MetAt == null && obligation.CutOffAt == null),
        ObligationState.Missing => rows.Where(obligation => obligation.ReleasedAt == null),
        _ => rows.Where(obligation => obligation.ReleasedAt == null && obligation.MetAt != null),
    };

    private static (DateOnly DueOn, Guid Id)? AfterOf(PageQuery page) =>
        page.AfterPair() is not var (day, id) ? null
        : IsoDate.TryParse(day, CultureInfo.InvariantCulture, out var dueOn) && Guid.TryParse(id, out var last) ? (dueOn.Day, last)
        : throw Cursor.Bad();

    /// <summary>How obligations stand on one day, each by the rules of its own season.</summary>
    private sealed class Standings(DateOnly day, IReadOnlyDictionary<string, ObligationRules> rules, WorkingDayCalendar calendar)
    {
        public static async Task<Standings> LoadAsync(ClustersDbContext db, DateOnly day, CancellationToken ct)
        {
            var periods = await db.ObligationRulesAsync(ct);
            var seasons = await db.Seasons.AsNoTracking().Where(season => db.Obligations.Any(obligation => obligation.Season == season.Code)).Select(season => new { season.Code, season.FirstDay }).ToListAsync(ct);
            return new Standings(day, seasons.ToDictionary(season => season.Code, season => ObligationRules.On(periods, season.FirstDay), StringComparer.Ordinal), await db.WorkingDaysAsync(ct));
        }

        public ObligationView View(Obligation obligation) => ObligationView.Of(obligation, obligation.On(day, rules[obligation.Season], calendar));
    }
}
