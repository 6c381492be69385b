using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Quy tắc: numbers and switches of the regulations, in dated periods.</summary>
public static class RuleEndpoints
{
    public static void MapRules(this IEndpointRouteBuilder app)
    {
        var rules = app.MapGroup("/rules").WithTags("Rules");

        rules.MapGet("/", List).WithDates("as_of").AllowAnyRole()
            .WithSummary("Danh mục quy tắc, theo từng thời kỳ")
            .WithDescription("Các con số, danh sách và lựa chọn của quy định, kèm căn cứ. Không có as_of: mọi thời kỳ. Có as_of: các quy tắc có hiệu lực vào ngày đó.");
        rules.MapGet("/{code}/{from}", Get).WithETag().WithDates("from").AllowAnyRole()
            .WithSummary("Một thời kỳ của một quy tắc, kèm ETag");
        rules.MapPost("/", Add).WithETag().Accepts<RuleRequest>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Thêm một thời kỳ của một quy tắc")
            .WithDescription("Quyết định đã ra theo thời kỳ trước giữ nguyên. Các thời kỳ của cùng một quy tắc không được chồng lên nhau. Lỗi: UNKNOWN_RULE, BAD_VALUE, PERIODS_OVERLAP, CLOSES_BEFORE_OPENS.");
        rules.MapPut("/{code}/{from}", Correct).WithIfMatch().WithETag().WithDates("from").Accepts<RuleCorrection>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Sửa hoặc kết thúc một thời kỳ của một quy tắc")
            .WithDescription("Cần If-Match. Không có valid_to: chưa biết ngày kết thúc.");
    }

    public sealed record RuleRequest(string Code, string Label, JsonElement Value, DateOnly ValidFrom, string Basis, DateOnly? ValidTo = null);

    public sealed record RuleCorrection(string Label, JsonElement Value, string Basis, DateOnly? ValidTo = null);

    /// <param name="Code">CLUSTER_SIZE …</param>
    /// <param name="Label">Vietnamese, for people.</param>
    /// <param name="Value">What it says, in the shape of its code.</param>
    /// <param name="ValidFrom">First day.</param>
    /// <param name="ValidTo">Last day; absent as long as no end is known.</param>
    /// <param name="Basis">Căn cứ.</param>
    /// <param name="Citations">What the basis cites, checked against the register of law by the day on which the rule holds.</param>
    public sealed record RuleView(string Code, string Label, JsonElement Value, DateOnly ValidFrom, DateOnly? ValidTo, string Basis, IReadOnlyList<CheckedCitation>? Citations = null)
    {
        public static RuleView Of(Rule rule, ILookup<string, CitableInstrument> register, DateOnly today) =>
            Of(rule) with { Citations = ServiceDefaults.Citations.Check(rule.Basis, register, today < rule.ValidFrom ? rule.ValidFrom : today > rule.ValidTo ? rule.ValidTo.Value : today) };

        public static RuleView Of(Rule rule) => new(rule.Code, rule.Label, JsonElement.Parse(rule.Value), rule.ValidFrom, rule.ValidTo, rule.Basis);
    }

    private static async Task<Ok<Page<RuleView>>> List([FromQuery(Name = "as_of")] IsoDate? asOf, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var (register, today) = (await db.CitableRegisterAsync(ct), clock.Today());
        var rules = await db.Rules.AsNoTracking().OrderBy(rule => rule.Code).ThenBy(rule => rule.ValidFrom).ToListAsync(ct);
        return TypedResults.Ok(new Page<RuleView>([.. rules.Where(rule => asOf is null || rule.HoldsOn(asOf.Value.Day)).Select(rule => RuleView.Of(rule, register, today))], null));
    }

    private static async Task<Results<Ok<RuleView>, NotFound>> Get(string code, IsoDate from, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Rules.FindAsync([code, from.Day], ct) is not { } rule)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, db.RowVersionOf(rule));
        return TypedResults.Ok(RuleView.Of(rule, await db.CitableRegisterAsync(ct), clock.Today()));
    }

    private static async Task<Created<RuleView>> Add(StrictBody body, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        var (code, label, from, to, basis) = (body.Root.Code("code"), body.Root.Name("label"), body.Root.Date("valid_from"), body.Root.Date("valid_to", required: false), body.Root.Name("basis"));
        var value = ValueOf(body.Root, code);
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        var rule = new Rule { Code = code!, Label = label!, Value = value!, ValidFrom = from!.Value, ValidTo = to, Basis = basis! };
        await RequireOwnPeriodAsync(rule, isNew: true, db, ct);
        db.Add(rule);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, db.RowVersionOf(rule));
        return TypedResults.Created($"/api/v1/rules/{Uri.EscapeDataString(rule.Code)}/{from:yyyy-MM-dd}", RuleView.Of(rule));
    }

    private static async Task<Results<Ok<RuleView>, NotFound>> Correct(string code, IsoDate from, StrictBody body, HttpRequest request, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.Rules.FindAsync([code, from.Day], ct) is not { } rule)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, db.RowVersionOf(rule));
        var (label, to, basis) = (body.Root.Name("label"), body.Root.Date("valid_to", required: false), body.Root.Name("basis"));
        var value = ValueOf(body.Root, code);
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        (rule.Label, rule.Value, rule.ValidTo, rule.Basis) = (label!, value!, to, basis!);
        await RequireOwnPeriodAsync(rule, isNew: false, db, ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, db.RowVersionOf(rule));
        return TypedResults.Ok(RuleView.Of(rule));
    }

    private static string? ValueOf(StrictJson root, string? code)
    {
        if (root.Member("value") is not { } member || code is null)
        {
            return null;
        }

        if (!RuleValues.Codes.Contains(code))
        {
            root.Refuse("UNKNOWN_RULE", $"Không có quy tắc {code}; các quy tắc: {string.Join(", ", RuleValues.Codes.Order(StringComparer.Ordinal))}.", "code");
            return null;
        }

        var json = member.Element.GetRawText();
        foreach (var problem in RuleValues.Problems(code, json))
        {
            member.Refuse("BAD_VALUE", problem);
        }

        return json;
    }

    private static async Task RequireOwnPeriodAsync(Rule rule, bool isNew, ClustersDbContext db, CancellationToken ct) =>
        DatedTerms.RequireOwnPeriod(rule, isNew, await db.Rules.AsNoTracking().Where(other => other.Code == rule.Code).ToListAsync(ct));
}
