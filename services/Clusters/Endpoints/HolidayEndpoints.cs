using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Lịch nghỉ lễ, tết và ngày làm bù, from which working days are counted.</summary>
public static class HolidayEndpoints
{
    private const int MaximumDays = 366;

    public static void MapHolidays(this IEndpointRouteBuilder app)
    {
        var holidays = app.MapGroup("/holidays").WithTags("Holidays");

        holidays.MapGet("/", List).WithDates("from", "to").AllowAnyRole()
            .WithSummary("Ngày nghỉ lễ, tết và ngày làm bù")
            .WithDescription("Từ ngày from đến ngày to, kể cả hai ngày; không có thì không giới hạn. Ngày làm việc là thứ Hai đến thứ Sáu, trừ ngày HOLIDAY, cộng ngày MAKE_UP_DAY. Ngày trong danh mục là ngày của Việt Nam.");
        holidays.MapGet("/{date}", Get).WithETag().WithDates("date").AllowAnyRole()
            .WithSummary("Một ngày nghỉ hoặc ngày làm bù, kèm ETag");
        holidays.MapPost("/", Add).Accepts<HolidaysRequest>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Thêm ngày nghỉ, ngày làm bù")
            .WithDescription("Tất cả hoặc không gì cả. Số ngày chậm của báo cáo trong các kỳ chưa qua thẩm định được tính lại. Lỗi: DUPLICATE_DAY, TOO_MANY, TOO_LONG.");
        holidays.MapPut("/{date}", Correct).WithIfMatch().WithETag().WithDates("date").Accepts<HolidayCorrection>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Sửa một ngày nghỉ hoặc ngày làm bù")
            .WithDescription("Cần If-Match và lý do. Ngày nhập nhầm, hoặc không còn nghỉ, sửa thành ORDINARY. Lỗi: MISSING_REASON, TOO_LONG.");
    }

    public sealed record HolidaysRequest(IReadOnlyList<HolidayRequest> Holidays);

    public sealed record HolidayRequest(DateOnly Date, HolidayKind Kind, string Label, string Basis);

    public sealed record HolidayCorrection(HolidayKind Kind, string Label, string Basis, string Reason);

    public sealed record HolidaysAnswer(int Added);

    /// <param name="Date">Ngày.</param>
    /// <param name="Kind">HOLIDAY, MAKE_UP_DAY, or ORDINARY when the entry was taken back.</param>
    /// <param name="Label">Tên ngày.</param>
    /// <param name="Basis">Căn cứ; “chưa kiểm chứng” as long as nobody has checked it.</param>
    public sealed record HolidayView(DateOnly Date, HolidayKind Kind, string Label, string Basis)
    {
        public static HolidayView Of(Holiday holiday) => new(holiday.Date, holiday.Kind, holiday.Label, holiday.Basis);
    }

    private static async Task<Ok<Page<HolidayView>>> List([FromQuery] IsoDate? from, [FromQuery] IsoDate? to, [AsParameters] PageQuery page, ClustersDbContext db, CancellationToken ct)
    {
        var (first, last) = (from?.Day ?? DateOnly.MinValue, to?.Day ?? DateOnly.MaxValue);
        var holidays = db.Holidays.AsNoTracking().Where(holiday => first <= holiday.Date && holiday.Date <= last);
        if (page.After is { } cursor)
        {
            var after = IsoDate.TryParse(cursor, CultureInfo.InvariantCulture, out var day) ? day.Day : throw Cursor.Bad();
            holidays = holidays.Where(holiday => holiday.Date > after);
        }

        var found = await holidays.OrderBy(holiday => holiday.Date).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found.ConvertAll(HolidayView.Of), page.Size, view => new IsoDate(view.Date).ToString()));
    }

    private static async Task<Results<Ok<HolidayView>, NotFound>> Get(IsoDate date, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.Holidays.FindAsync([date.Day], ct) is not { } holiday)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, holiday.RowVersion);
        return TypedResults.Ok(HolidayView.Of(holiday));
    }

    private static async Task<Created<HolidaysAnswer>> Add(StrictBody body, ClustersDbContext db, CancellationToken ct)
    {
        var rows = body.Root.List("holidays");
        body.Root.RefuseUnknown();
        if (rows.Count > MaximumDays)
        {
            body.Root.Refuse("TOO_MANY", $"Tối đa {MaximumDays} ngày mỗi lần.", "holidays");
        }

        body.RefuseIfWrong();
        var known = await db.Holidays.AsNoTracking().Select(holiday => holiday.Date).ToHashSetAsync(ct);
        foreach (var row in rows.Where(row => row.ExpectObject()))
        {
            var (date, kind, label, basis) = (row.Date("date"), row.Choice<HolidayKind>("kind"), row.Name("label"), row.Text("basis", ObligationTables.TextLength));
            row.RefuseUnknown();
            if (date is { } day && !known.Add(day))
            {
                row.Refuse("DUPLICATE_DAY", $"Ngày {day:dd/MM/yyyy} đã có trong lịch.", "date");
            }
            else if (date is not null && kind is not null && label is not null && basis is not null)
            {
                db.Add(new Holiday { Date = date.Value, Kind = kind.Value, Label = label, Basis = basis });
            }
        }

        body.RefuseIfWrong();
        await db.SaveChangesAsync(ct);
        await db.TellHolidaysAsync(ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created("/api/v1/holidays", new HolidaysAnswer(rows.Count));
    }

    private static async Task<Results<Ok<HolidayView>, NotFound>> Correct(
        IsoDate date, StrictBody body, HttpRequest request, HttpResponse response, ClustersDbContext db, JournalContext journal, CancellationToken ct)
    {
        if (await db.Holidays.FindAsync([date.Day], ct) is not { } holiday)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, holiday.RowVersion);
        var (kind, label, basis, reason) = (body.Root.Choice<HolidayKind>("kind"), body.Root.Name("label"), body.Root.Text("basis", ObligationTables.TextLength), body.Root.Reason());
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        journal.Because(reason);
        (holiday.Kind, holiday.Label, holiday.Basis, holiday.Version) = (kind!.Value, label!, basis!, holiday.Version + 1);
        await db.SaveChangesAsync(ct);
        await db.TellHolidaysAsync(ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, holiday.RowVersion);
        return TypedResults.Ok(HolidayView.Of(holiday));
    }
}
