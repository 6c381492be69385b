using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Loại hoạt động: what the members of a cluster do together, in dated periods.</summary>
public static class ActivityTypeEndpoints
{
    public static void MapActivityTypes(this IEndpointRouteBuilder app)
    {
        var types = app.MapGroup("/activity-types").WithTags("Activity types");

        types.MapGet("/", List).WithDates("as_of").AllowAnyRole()
            .WithSummary("Danh mục loại hoạt động, theo từng thời kỳ")
            .WithDescription("Không có as_of: mọi thời kỳ. Có as_of: các loại áp dụng vào ngày đó.");
        types.MapGet("/{code}/{from}", Get).WithETag().WithDates("from").AllowAnyRole()
            .WithSummary("Một thời kỳ của một loại hoạt động, kèm ETag");
        types.MapPost("/", Add).WithETag().Accepts<ActivityTypeRequest>("application/json").AllowRoles(Roles.Admin)
            .WithSummary("Thêm một thời kỳ của một loại hoạt động")
            .WithDescription("Các thời kỳ của cùng một loại hoạt động không được chồng lên nhau (PERIODS_OVERLAP).");
        types.MapPut("/{code}/{from}", Correct).WithIfMatch().WithETag().WithDates("from").Accepts<ActivityTypeCorrection>("application/json").AllowRoles(Roles.Admin)
            .WithSummary("Sửa hoặc kết thúc một thời kỳ của một loại hoạt động")
            .WithDescription("Cần If-Match. Không có valid_to: chưa biết ngày kết thúc.");
    }

    public sealed record ActivityTypeRequest(string Code, string Label, DateOnly ValidFrom, string Basis, DateOnly? ValidTo = null);

    public sealed record ActivityTypeCorrection(string Label, string Basis, DateOnly? ValidTo = null);

    /// <param name="Code">CHUYEN_MON, TOA_DAM_GIAO_LUU …</param>
    /// <param name="Label">Vietnamese, for people.</param>
    /// <param name="ValidFrom">First day.</param>
    /// <param name="ValidTo">Last day; absent as long as no end is known.</param>
    /// <param name="Basis">Căn cứ.</param>
    public sealed record ActivityTypeView(string Code, string Label, DateOnly ValidFrom, DateOnly? ValidTo, string Basis)
    {
        public static ActivityTypeView Of(ActivityType type) => new(type.Code, type.Label, type.ValidFrom, type.ValidTo, type.Basis);
    }

    private static async Task<Ok<Page<ActivityTypeView>>> List([FromQuery(Name = "as_of")] IsoDate? asOf, ClustersDbContext db, CancellationToken ct)
    {
        var types = await db.ActivityTypes.AsNoTracking().OrderBy(type => type.Code).ThenBy(type => type.ValidFrom).ToListAsync(ct);
        return TypedResults.Ok(new Page<ActivityTypeView>([.. types.Where(type => asOf is null || type.HoldsOn(asOf.Value.Day)).Select(ActivityTypeView.Of)], null));
    }

    private static async Task<Results<Ok<ActivityTypeView>, NotFound>> Get(string code, IsoDate from, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.ActivityTypes.FindAsync([code, from.Day], ct) is not { } type)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, db.RowVersionOf(type));
        return TypedResults.Ok(ActivityTypeView.Of(type));
    }

    private static async Task<Created<ActivityTypeView>> Add(StrictBody body, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        var (code, label, from, to, basis) = (body.Root.Code("code"), body.Root.Name("label"), body.Root.Date("valid_from"), body.Root.Date("valid_to", required: false), body.Root.Name("basis"));
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        var type = new ActivityType { Code = code!, Label = label!, ValidFrom = from!.Value, ValidTo = to, Basis = basis! };
        await RequireOwnPeriodAsync(type, isNew: true, db, ct);
        db.Add(type);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, db.RowVersionOf(type));
        return TypedResults.Created($"/api/v1/activity-types/{Uri.EscapeDataString(type.Code)}/{from:yyyy-MM-dd}", ActivityTypeView.Of(type));
    }

    private static async Task<Results<Ok<ActivityTypeView>, NotFound>> Correct(string code, IsoDate from, StrictBody body, HttpRequest request, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.ActivityTypes.FindAsync([code, from.Day], ct) is not { } type)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, db.RowVersionOf(type));
        var (label, to, basis) = (body.Root.Name("label"), body.Root.Date("valid_to", required: false), body.Root.Name("basis"));
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        (type.Label, type.ValidTo, type.Basis) = (label!, to, basis!);
        await RequireOwnPeriodAsync(type, isNew: false, db, ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, db.RowVersionOf(type));
        return TypedResults.Ok(ActivityTypeView.Of(type));
    }

    private static async Task RequireOwnPeriodAsync(ActivityType type, bool isNew, ClustersDbContext db, CancellationToken ct) =>
        DatedTerms.RequireOwnPeriod(type, isNew, await db.ActivityTypes.AsNoTracking().Where(other => other.Code == type.Code).ToListAsync(ct));
}
