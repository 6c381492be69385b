using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Loại đơn vị: the categories of units, in dated periods.</summary>
public static class UnitCategoryEndpoints
{
    public static void MapUnitCategories(this IEndpointRouteBuilder app)
    {
        var categories = app.MapGroup("/unit-categories").WithTags("Unit categories");

        categories.MapGet("/", List).WithDates("as_of").AllowAnyRole()
            .WithSummary("Danh mục loại đơn vị, theo từng thời kỳ")
            .WithDescription("Không có as_of: mọi thời kỳ. Có as_of: các loại tồn tại vào ngày đó.");
        categories.MapGet("/{code}/{from}", Get).WithETag().WithDates("from").AllowAnyRole()
            .WithSummary("Một thời kỳ của một loại đơn vị, kèm ETag");
        categories.MapPost("/", Add).WithETag().Accepts<CategoryRequest>("application/json").AllowRoles(Roles.Admin)
            .WithSummary("Thêm một thời kỳ của một loại đơn vị")
            .WithDescription("Các thời kỳ của cùng một loại không được chồng lên nhau (PERIODS_OVERLAP).");
        categories.MapPut("/{code}/{from}", Correct).WithIfMatch().WithETag().WithDates("from").Accepts<CategoryCorrection>("application/json").AllowRoles(Roles.Admin)
            .WithSummary("Sửa hoặc kết thúc một thời kỳ của một loại đơn vị")
            .WithDescription("Cần If-Match. Không có valid_to: chưa biết ngày kết thúc.");
    }

    public sealed record CategoryRequest(string Code, string Label, string SeasonType, DateOnly ValidFrom, string Basis, IReadOnlyList<string>? Attributes = null, DateOnly? ValidTo = null);

    public sealed record CategoryCorrection(string Label, string SeasonType, string Basis, IReadOnlyList<string>? Attributes = null, DateOnly? ValidTo = null);

    /// <param name="Code">HC, DD, GD, DN, TW …</param>
    /// <param name="Label">Vietnamese, for people.</param>
    /// <param name="SeasonType">CALENDAR_YEAR or SCHOOL_YEAR.</param>
    /// <param name="Attributes">What units of the category are described by, besides female_share.</param>
    /// <param name="ValidFrom">First day.</param>
    /// <param name="ValidTo">Last day; absent as long as no end is known.</param>
    /// <param name="Basis">Căn cứ.</param>
    public sealed record CategoryView(string Code, string Label, string SeasonType, IReadOnlyList<string> Attributes, DateOnly ValidFrom, DateOnly? ValidTo, string Basis)
    {
        public static CategoryView Of(UnitCategory category) =>
            new(category.Code, category.Label, category.SeasonType, category.Attributes, category.ValidFrom, category.ValidTo, category.Basis);
    }

    private static async Task<Ok<Page<CategoryView>>> List([FromQuery(Name = "as_of")] IsoDate? asOf, ClustersDbContext db, CancellationToken ct)
    {
        var categories = await db.Categories.AsNoTracking().OrderBy(category => category.Label).ThenBy(category => category.ValidFrom).ToListAsync(ct);
        return TypedResults.Ok(new Page<CategoryView>([.. categories.Where(category => asOf is null || category.HoldsOn(asOf.Value.Day)).Select(CategoryView.Of)], null));
    }

    private static async Task<Results<Ok<CategoryView>, NotFound>> Get(string code, IsoDate from, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.Categories.FindAsync([code, from.Day], ct) is not { } category)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, db.RowVersionOf(category));
        return TypedResults.Ok(CategoryView.Of(category));
    }

    private static async Task<Created<CategoryView>> Add(StrictBody body, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        var (code, label, from, to, basis) = (body.Root.Code("code"), body.Root.Name("label"), body.Root.Date("valid_from"), body.Root.Date("valid_to", required: false), body.Root.Name("basis"));
        var seasonType = await SeasonTypeOf(body, db, ct);
        var attributes = AttributesOf(body);
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        var category = new UnitCategory { Code = code!, Label = label!, SeasonType = seasonType!, Attributes = attributes, ValidFrom = from!.Value, ValidTo = to, Basis = basis! };
        await RequireOwnPeriodAsync(category, isNew: true, db, ct);
        db.Add(category);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, db.RowVersionOf(category));
        return TypedResults.Created($"/api/v1/unit-categories/{Uri.EscapeDataString(category.Code)}/{from:yyyy-MM-dd}", CategoryView.Of(category));
    }

    private static async Task<Results<Ok<CategoryView>, NotFound>> Correct(string code, IsoDate from, StrictBody body, HttpRequest request, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.Categories.FindAsync([code, from.Day], ct) is not { } category)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, db.RowVersionOf(category));
        var (label, to, basis) = (body.Root.Name("label"), body.Root.Date("valid_to", required: false), body.Root.Name("basis"));
        var seasonType = await SeasonTypeOf(body, db, ct);
        var attributes = AttributesOf(body);
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        (category.Label, category.SeasonType, category.Attributes, category.ValidTo, category.Basis) = (label!, seasonType!, attributes, to, basis!);
        await RequireOwnPeriodAsync(category, isNew: false, db, ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, db.RowVersionOf(category));
        return TypedResults.Ok(CategoryView.Of(category));
    }

    private static async Task<string?> SeasonTypeOf(StrictBody body, ClustersDbContext db, CancellationToken ct)
    {
        var type = body.Root.Text("season_type");
        if (type is not null && !await db.SeasonTypes.AnyAsync(known => known.Code == type, ct))
        {
            body.Root.Refuse("UNKNOWN_SEASON_TYPE", $"Không có loại kỳ thi đua {type}.", "season_type");
        }

        return type;
    }

    private static List<string> AttributesOf(StrictBody body)
    {
        var attributes = new List<string>();
        foreach (var item in body.Root.List("attributes", required: false))
        {
            if (item.AsText() is not { } attribute)
            {
                continue;
            }

            if (!BusinessCode.IsValid(attribute) || attribute == UnitEndpoints.FemaleShare || attributes.Contains(attribute))
            {
                item.Refuse("BAD_CODE", $"Tên thuộc tính “{attribute}” không hợp lệ hoặc đã có.");
                continue;
            }

            attributes.Add(attribute);
        }

        return attributes;
    }

    private static async Task RequireOwnPeriodAsync(UnitCategory category, bool isNew, ClustersDbContext db, CancellationToken ct) =>
        DatedTerms.RequireOwnPeriod(category, isNew, await db.Categories.AsNoTracking().Where(other => other.Code == category.Code).ToListAsync(ct));
}
