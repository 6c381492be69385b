using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Mã định danh của đơn vị: with the days for which it holds, never given to another unit.</summary>
public static class UnitIdentifierEndpoints
{
    public static void MapUnitIdentifiers(this IEndpointRouteBuilder app)
    {
        var identifiers = app.MapGroup("/units/{code}/identifiers").WithTags("Units");

        identifiers.MapGet("/", List).AllowAnyRole()
            .WithSummary("Các mã định danh của một đơn vị, theo thời gian");
        identifiers.MapPost("/", Give).Accepts<IdentifierRequest>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Cấp mã định danh cho một đơn vị từ một ngày")
            .WithDescription("Mã có dạng H42.15, hoặc dạng cũ 000.00.15.H42 và được lưu theo dạng hiện hành. Mã đang dùng kết thúc vào ngày trước valid_from. Mã đã cấp không bao giờ được cấp cho đơn vị khác. Lỗi: BAD_IDENTIFIER, IDENTIFIER_TAKEN, PERIODS_OVERLAP, CLOSES_BEFORE_OPENS. 409 no-rule: không có quy tắc AGENCY_CODE_FORMAT cho ngày đó.");
    }

    public sealed record IdentifierRequest(string Identifier, DateOnly ValidFrom, DateOnly? ValidTo = null, string? Reason = null);

    /// <param name="Identifier">In the present form.</param>
    /// <param name="Legacy">In the old form, where it has room for it.</param>
    /// <param name="ValidFrom">First day.</param>
    /// <param name="ValidTo">Last day; absent as long as no end is known.</param>
    public sealed record IdentifierView(string Identifier, string? Legacy, DateOnly ValidFrom, DateOnly? ValidTo)
    {
        public static IdentifierView Of(UnitIdentifier identifier, AgencyCodeFormat? format) => new(identifier.Value, format?.Legacy(identifier.Value), identifier.ValidFrom, identifier.ValidTo);
    }

    private static async Task<Results<Ok<Page<IdentifierView>>, NotFound>> List(string code, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (!await db.Units.AnyAsync(unit => unit.Code == code, ct))
        {
            return TypedResults.NotFound();
        }

        var format = await UnitLookup.FormatAsync(db, clock.Today(), ct);
        var identifiers = await db.Identifiers.AsNoTracking().Where(identifier => identifier.Unit == code).OrderBy(identifier => identifier.ValidFrom).ToListAsync(ct);
        return TypedResults.Ok(new Page<IdentifierView>(identifiers.ConvertAll(identifier => IdentifierView.Of(identifier, format)), null));
    }

    private static async Task<Results<Created<IdentifierView>, NotFound>> Give(string code, StrictBody body, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (!await db.Units.AnyAsync(unit => unit.Code == code, ct))
        {
            return TypedResults.NotFound();
        }

        var (text, from, to) = (body.Root.Text("identifier"), body.Root.Date("valid_from"), body.Root.Date("valid_to", required: false));
        journal.Because(body.Root.Text("reason", required: false));
        body.Root.RefuseUnknown();
        var format = await db.RuleAsync<AgencyCodeFormat>(from ?? clock.Today(), ct);
        var value = text is null ? null : format.Normalize(text);
        if (text is not null && value is null)
        {
            body.Root.Refuse("BAD_IDENTIFIER", $"Mã định danh gồm các nhóm A–Z, 0–9 cách nhau bằng dấu chấm, tối đa {format.MaxLength} ký tự, nhóm đầu có dạng mã cấp 1 (H42); hoặc dạng cũ 000.00.00.H42.", "identifier");
        }
        else if (value is not null && await TakenByAsync(value, code, db, ct) is { } taken)
        {
            body.Root.Refuse("IDENTIFIER_TAKEN", $"{value} là mã của đơn vị {taken}; mã không được dùng lại.", "identifier");
        }

        body.RefuseIfWrong();

        // The unit's identifiers change one request at a time; a race with another unit is lost at the primary key.
        await db.Database.ExecuteSqlAsync($"select 1 from units where code = {code} for update", ct);
        var known = await db.Identifiers.Where(identifier => identifier.Unit == code).ToListAsync(ct);
        var given = UnitIdentifier.Give(code, value!, from!.Value, to, known, clock.GetUtcNow());
        db.Add(given);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/v1/units/{Uri.EscapeDataString(code)}/identifiers", IdentifierView.Of(given, format));
    }

    private static async Task<string?> TakenByAsync(string value, string code, ClustersDbContext db, CancellationToken ct) =>
        await db.Identifiers.AsNoTracking().Where(identifier => identifier.Value == value).Select(identifier => identifier.Unit).SingleOrDefaultAsync(ct)
        ?? await db.Units.AsNoTracking().Where(unit => unit.Code == value && unit.Code != code).Select(unit => unit.Code).SingleOrDefaultAsync(ct);
}
