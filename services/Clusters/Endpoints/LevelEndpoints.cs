using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Cấp (F-35): the levels of the state's organisation, in dated periods.</summary>
public static class LevelEndpoints
{
    public static void MapLevels(this IEndpointRouteBuilder app)
    {
        var levels = app.MapGroup("/levels").WithTags("Levels");

        levels.MapGet("/", List).WithDates("as_of").AllowAnyRole()
            .WithSummary("Danh mục cấp, theo từng thời kỳ")
            .WithDescription("Không có as_of: mọi thời kỳ. Có as_of: các cấp tồn tại vào ngày đó.");
        levels.MapGet("/{code}/{from}", Get).WithETag().WithDates("from").AllowAnyRole()
            .WithSummary("Một thời kỳ của một cấp, kèm ETag");
        levels.MapPost("/", Add).WithETag().Accepts<LevelRequest>("application/json").AllowRoles(Roles.Admin)
            .WithSummary("Thêm một thời kỳ của một cấp")
            .WithDescription("Các thời kỳ của cùng một cấp không được chồng lên nhau (PERIODS_OVERLAP).");
        levels.MapPut("/{code}/{from}", Correct).WithIfMatch().WithETag().WithDates("from").Accepts<LevelCorrection>("application/json").AllowRoles(Roles.Admin)
            .WithSummary("Sửa hoặc kết thúc một thời kỳ của một cấp")
            .WithDescription("Cần If-Match. Không có valid_to: chưa biết ngày kết thúc.");
    }

    public sealed record LevelRequest(string Code, string Label, int Order, DateOnly ValidFrom, string Basis, DateOnly? ValidTo = null);

    public sealed record LevelCorrection(string Label, int Order, string Basis, DateOnly? ValidTo = null);

    /// <param name="Code">TW, TINH, HUYEN, XA …</param>
    /// <param name="Label">Vietnamese, for people.</param>
    /// <param name="Order">1 is the highest.</param>
    /// <param name="ValidFrom">First day.</param>
    /// <param name="ValidTo">Last day; absent as long as no end is known.</param>
    /// <param name="Basis">Căn cứ.</param>
    public sealed record LevelView(string Code, string Label, int Order, DateOnly ValidFrom, DateOnly? ValidTo, string Basis)
    {
        public static LevelView Of(OrgLevel level) => new(level.Code, level.Label, level.Order, level.ValidFrom, level.ValidTo, level.Basis);
    }

    private static async Task<Ok<Page<LevelView>>> List([FromQuery(Name = "as_of")] IsoDate? asOf, ClustersDbContext db, CancellationToken ct)
    {
        var levels = await db.Levels.AsNoTracking().OrderBy(level => level.ValidFrom).ThenBy(level => level.Order).ToListAsync(ct);
        return TypedResults.Ok(new Page<LevelView>([.. levels.Where(level => asOf is null || level.HoldsOn(asOf.Value.Day)).Select(LevelView.Of)], null));
    }

    private static async Task<Results<Ok<LevelView>, NotFound>> Get(string code, IsoDate from, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.Levels.FindAsync([code, from.Day], ct) is not { } level)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, db.RowVersionOf(level));
        return TypedResults.Ok(LevelView.Of(level));
    }

    private static async Task<Created<LevelView>> Add(StrictBody body, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        var (code, label, order, from, to, basis) = (body.Root.Code("code"), body.Root.Name("label"), body.Root.WholeNumber("order"), body.Root.Date("valid_from"), body.Root.Date("valid_to", required: false), body.Root.Name("basis"));
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        var level = new OrgLevel { Code = code!, Label = label!, Order = order!.Value, ValidFrom = from!.Value, ValidTo = to, Basis = basis! };
        await RequireOwnPeriodAsync(level, isNew: true, db, ct);
        db.Add(level);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, db.RowVersionOf(level));
        return TypedResults.Created($"/api/v1/levels/{Uri.EscapeDataString(level.Code)}/{from:yyyy-MM-dd}", LevelView.Of(level));
    }

    private static async Task<Results<Ok<LevelView>, NotFound>> Correct(string code, IsoDate from, StrictBody body, HttpRequest request, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.Levels.FindAsync([code, from.Day], ct) is not { } level)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, db.RowVersionOf(level));
        var (label, order, to, basis) = (body.Root.Name("label"), body.Root.WholeNumber("order"), body.Root.Date("valid_to", required: false), body.Root.Name("basis"));
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        (level.Label, level.Order, level.ValidTo, level.Basis) = (label!, order!.Value, to, basis!);
        await RequireOwnPeriodAsync(level, isNew: false, db, ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, db.RowVersionOf(level));
        return TypedResults.Ok(LevelView.Of(level));
    }

    private static async Task RequireOwnPeriodAsync(OrgLevel level, bool isNew, ClustersDbContext db, CancellationToken ct) =>
        DatedTerms.RequireOwnPeriod(level, isNew, await db.Levels.AsNoTracking().Where(other => other.Code == level.Code).ToListAsync(ct));
}
