using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Đơn vị: registered in bulk, read as of any day.</summary>
public static class UnitEndpoints
{
    /// <summary>The attribute that every category has: share of women, in per cent.</summary>
    public const string FemaleShare = "female_share";

    internal const int MaximumUnits = 5000;

    public static void MapUnits(this IEndpointRouteBuilder app)
    {
        var units = app.MapGroup("/units").WithTags("Units");

        units.MapPost("/", Register).Accepts<RegisterUnitsRequest>("application/json").AllowRoles(Roles.Admin, Roles.Appraiser)
            .WithSummary("Đăng ký hoặc cập nhật nhiều đơn vị cùng lúc")
            .WithDescription($"Tất cả hoặc không gì cả, tối đa {MaximumUnits} đơn vị. Giống điều đã biết: không đổi; khác: thêm phiên bản có hiệu lực từ valid_from (mặc định hôm nay). Lỗi: DUPLICATE_CODE, BAD_CODE, UNKNOWN_CATEGORY, UNKNOWN_LEVEL, UNIT_CLOSED, OUT_OF_RANGE, CODE_REUSED, UNKNOWN_PROPERTY, MISSING_PROPERTY, WRONG_TYPE.");
        units.MapGet("/", List).WithDates("as_of").AllowAnyRole()
            .WithSummary("Tìm đơn vị")
            .WithDescription("search không phân biệt dấu và chữ hoa (đ như d); sắp xếp theo tên, thứ tự tiếng Việt; as_of là ngày tra cứu, mặc định hôm nay.");
        units.MapGet("/{code}", Get).WithETag().WithDates("as_of").AllowAnyRole()
            .WithSummary("Một đơn vị với mọi phiên bản, kèm ETag")
            .WithDescription("Nhận mã của đơn vị, mã định danh đang dùng hoặc đã hết hạn, và dạng cũ 000.00.15.H42; khi đó Content-Location cho địa chỉ theo mã của đơn vị. current_code là mã đang dùng: khác code khi đơn vị đã được tổ chức lại thành đúng một đơn vị kế thừa; successors là các đơn vị kế thừa trực tiếp.");
        units.MapPut("/{code}", Change).WithIfMatch().WithETag().Accepts<UnitChangeRequest>("application/json").AllowRoles(Roles.Admin, Roles.Appraiser)
            .WithSummary("Thay đổi thông tin của một đơn vị từ một ngày, hoặc kết thúc đơn vị")
            .WithDescription("Cần If-Match. Các phiên bản trước được giữ nguyên. closes_on là ngày hoạt động cuối cùng; không có nghĩa là còn hoạt động. 409 unit-closed, closes-before-it-begins; unit-reorganised: ngày kết thúc do việc tổ chức lại quyết định.");
    }

    public sealed record RegisterUnitsRequest(IReadOnlyList<UnitRequest> Units);

    public sealed record UnitRequest(string Code, string Name, string Category, string Level, DateOnly? ValidFrom = null, IReadOnlyDictionary<string, string>? Attributes = null);

    public sealed record UnitChangeRequest(string Name, string Category, string Level, DateOnly? ValidFrom = null, IReadOnlyDictionary<string, string>? Attributes = null, DateOnly? ClosesOn = null, string? Reason = null);

    /// <param name="Registered">Units that were not known.</param>
    /// <param name="Changed">Units that got a new version.</param>
    /// <param name="Unchanged">Units that were known just so.</param>
    public sealed record RegisterUnitsAnswer(int Registered, int Changed, int Unchanged);

    /// <param name="Code">Mã.</param>
    /// <param name="Name">Tên on that day.</param>
    /// <param name="Category">Loại on that day.</param>
    /// <param name="Level">Cấp on that day.</param>
    /// <param name="Attributes">female_share in per cent, and what the category is described by.</param>
    /// <param name="ValidFrom">First day of this version.</param>
    /// <param name="ValidTo">Last day of this version; absent for the latest.</param>
    /// <param name="Version">Number of this version.</param>
    /// <param name="ClosesOn">Last day of the unit, if it has one.</param>
    public sealed record UnitView(string Code, string Name, string Category, string Level, IReadOnlyDictionary<string, string> Attributes, DateOnly ValidFrom, DateOnly? ValidTo, int Version, DateOnly? ClosesOn)
    {
        public static UnitView Of(UnitVersion version, DateOnly? closesOn) =>
            new(version.UnitCode, version.Name, version.Category, version.Level, UnitBodies.Shown(version), version.ValidFrom, version.ValidTo, version.Number, closesOn);
    }

    /// <param name="Code">Mã.</param>
    /// <param name="Name">Tên on the day asked for.</param>
    /// <param name="Category">Loại on that day.</param>
    /// <param name="Level">Cấp on that day.</param>
    /// <param name="Attributes">As in the list.</param>
    /// <param name="ValidFrom">First day of the version shown.</param>
    /// <param name="ValidTo">Last day of the version shown.</param>
    /// <param name="Version">Number of the version shown.</param>
    /// <param name="ClosesOn">Last day of the unit, if it has one.</param>
    /// <param name="Versions">All versions in the order recorded.</param>
    /// <param name="CurrentCode">Mã đang dùng: of the unit itself, or of the one unit in which it goes on; absent where there are several or none.</param>
    /// <param name="Successors">Đơn vị kế thừa: units that came directly out of it.</param>
    public sealed record UnitHistoryView(string Code, string Name, string Category, string Level, IReadOnlyDictionary<string, string> Attributes, DateOnly ValidFrom, DateOnly? ValidTo, int Version, DateOnly? ClosesOn, IReadOnlyList<UnitVersionView> Versions, string? CurrentCode, IReadOnlyList<string> Successors)
    {
        public static UnitHistoryView Of(Unit unit, UnitVersion version, string? currentCode, IReadOnlyList<string> successors) =>
            new(unit.Code, version.Name, version.Category, version.Level, UnitBodies.Shown(version), version.ValidFrom, version.ValidTo, version.Number, unit.ClosesOn, [.. unit.Versions.OrderBy(v => v.Number).Select(UnitVersionView.Of)], currentCode, successors);
    }

    /// <param name="Version">Its number.</param>
    /// <param name="Name">Tên.</param>
    /// <param name="Category">Loại.</param>
    /// <param name="Level">Cấp.</param>
    /// <param name="Attributes">As in the unit.</param>
    /// <param name="ValidFrom">First day.</param>
    /// <param name="ValidTo">Last day.</param>
    /// <param name="Superseded">Corrected by a later version for the same days.</param>
    /// <param name="RecordedAt">When it was recorded.</param>
    public sealed record UnitVersionView(int Version, string Name, string Category, string Level, IReadOnlyDictionary<string, string> Attributes, DateOnly ValidFrom, DateOnly? ValidTo, bool Superseded, DateTimeOffset RecordedAt)
    {
        public static UnitVersionView Of(UnitVersion version) =>
            new(version.Number, version.Name, version.Category, version.Level, UnitBodies.Shown(version), version.ValidFrom, version.ValidTo, version.Superseded, version.RecordedAt);
    }

    private static async Task<Ok<RegisterUnitsAnswer>> Register(StrictBody body, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var bodies = await UnitBodies.LoadAsync(db, clock.Today(), ct);
        var requests = bodies.ReadAll(body, MaximumUnits);
        var known = await KnownAsync(requests, body.Errors, db, ct);
        body.RefuseIfWrong();

        var (registered, changed) = Apply(requests, known, db, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new RegisterUnitsAnswer(registered, changed, requests.Count - registered - changed));
    }

    /// <summary>The units among those asked for that are known, to be changed; what forbids registering or changing them is added to the errors.</summary>
    internal static async Task<Dictionary<string, Unit>> KnownAsync(IReadOnlyList<UnitBodies.UnitBody> requests, ICollection<Violation> errors, ClustersDbContext db, CancellationToken ct)
    {
        string[] codes = [.. requests.Select(request => request.Code)];
        var known = await db.Units.Where(unit => codes.Contains(unit.Code)).ToDictionaryAsync(unit => unit.Code, StringComparer.Ordinal, ct);
        var identifiers = await db.Identifiers.AsNoTracking().Where(identifier => codes.Contains(identifier.Value) && identifier.Unit != identifier.Value).ToDictionaryAsync(identifier => identifier.Value, StringComparer.Ordinal, ct);
        foreach (var request in requests)
        {
            if (!known.ContainsKey(request.Code) && identifiers.TryGetValue(request.Code, out var taken))
            {
                errors.Add(new Violation("CODE_REUSED", $"{request.Path}/code", $"{request.Code} là mã định danh của đơn vị {taken.Unit}; không được dùng lại."));
            }

            if (known.TryGetValue(request.Code, out var unit) && unit.ClosesOn < request.ValidFrom)
            {
                errors.Add(new Violation("UNIT_CLOSED", $"{request.Path}/code", $"Đơn vị {unit.Code} đã kết thúc hoạt động ngày {unit.ClosesOn:dd/MM/yyyy}; mã không được dùng lại."));
            }
        }

        return known;
    }

    /// <summary>The one way in which units are registered and changed in bulk; the caller saves.</summary>
    internal static (int Registered, int Changed) Apply(IReadOnlyList<UnitBodies.UnitBody> requests, Dictionary<string, Unit> known, ClustersDbContext db, DateTimeOffset now)
    {
        var (registered, changed) = (0, 0);
        foreach (var request in requests)
        {
            if (!known.TryGetValue(request.Code, out var unit))
            {
                unit = Unit.Register(request.Code, request.Details, request.ValidFrom, now);
                db.Add(unit);
                registered++;
            }
            else if (unit.Change(request.Details, request.ValidFrom, now))
            {
                changed++;
            }
            else
            {
                continue;
            }

            Publish(db, unit);
        }

        return (registered, changed);
    }

    private static async Task<Ok<Page<UnitView>>> List(
        string? search,
        string? category,
        string? level,
        [FromQuery(Name = "as_of")] IsoDate? asOf,
        [AsParameters] PageQuery page,
        ClustersDbContext db,
        TimeProvider clock,
        CancellationToken ct)
    {
        var day = asOf?.Day ?? clock.Today();
        var units = db.Units.AsNoTracking()
            .SelectMany(unit => unit.Versions, (unit, version) => new { Version = version, unit.ClosesOn })
            .Where(unit => !unit.Version.Superseded && unit.Version.ValidFrom <= day && (unit.Version.ValidTo == null || unit.Version.ValidTo >= day))
            .Where(unit => unit.ClosesOn == null || unit.ClosesOn >= day);
        if (category is not null)
        {
            units = units.Where(unit => unit.Version.Category == category);
        }

        if (level is not null)
        {
            units = units.Where(unit => unit.Version.Level == level);
        }

        foreach (var word in VietnameseText.Fold(VietnameseText.Normalize(search ?? "")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            units = units.Where(unit => unit.Version.SearchText.Contains(word));
        }

        if (page.AfterPair() is var (name, code))
        {
            units = units.Where(unit => EF.Functions.GreaterThan(ValueTuple.Create(unit.Version.Name, unit.Version.UnitCode), ValueTuple.Create(name, code)));
        }

        var found = await units.OrderBy(unit => unit.Version.Name).ThenBy(unit => unit.Version.UnitCode).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found.ConvertAll(unit => UnitView.Of(unit.Version, unit.ClosesOn)), page.Size, unit => PairCursor.Of(unit.Name, unit.Code)));
    }

    private static async Task<Results<Ok<UnitHistoryView>, NotFound>> Get(string code, [FromQuery(Name = "as_of")] IsoDate? asOf, HttpResponse response, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await UnitLookup.FindAsync(db, code, clock.Today(), ct) is not { } unit)
        {
            return TypedResults.NotFound();
        }

        // Without a date asked for, a unit that is not in being today is shown as it was or will be.
        var version = asOf is { } date ? unit.On(date.Day) : unit.On(clock.Today()) ?? unit.Versions[^1];
        if (version is null)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, unit.RowVersion);
        if (unit.Code != code)
        {
            response.Headers.ContentLocation = $"/api/v1/units/{unit.Code}";
        }

        return TypedResults.Ok(await ViewAsync(unit, version, db, clock, ct));
    }

    private static async Task<Results<Ok<UnitHistoryView>, NotFound>> Change(string code, StrictBody body, HttpRequest request, HttpResponse response, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Units.SingleOrDefaultAsync(unit => unit.Code == code, ct) is not { } unit)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, unit.RowVersion);
        var bodies = await UnitBodies.LoadAsync(db, clock.Today(), ct);
        var closesOn = body.Root.Date("closes_on", required: false);
        var (details, validFrom) = bodies.Details(body.Root, closesOn);
        journal.Because(body.Root.Text("reason", required: false));
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        if (closesOn != unit.ClosesOn)
        {
            Reorganisation.RequireEnd(code, closesOn, await db.Reorganisations.AsNoTracking().Where(reorganisation => reorganisation.Units.Any(part => part.Unit == code)).ToListAsync(ct));
        }

        unit.Close(closesOn);
        if (unit.Change(details!, validFrom, clock.GetUtcNow()))
        {
            Publish(db, unit);
        }

        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, unit.RowVersion);
        return TypedResults.Ok(await ViewAsync(unit, unit.On(validFrom)!, db, clock, ct));
    }

    private static async Task<UnitHistoryView> ViewAsync(Unit unit, UnitVersion version, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var (current, successors) = await UnitLookup.CurrentAsync(db, unit, clock.Today(), ct);
        return UnitHistoryView.Of(unit, version, current, successors);
    }

    internal static void Publish(ClustersDbContext db, Unit unit)
    {
        var latest = unit.Versions[^1];
        db.Publish(new UnitRegistered
        {
            Code = unit.Code,
            Name = latest.Name,
            Category = latest.Category,
            Level = latest.Level,
            FemaleShare = latest.FemaleShare,
            ValidFrom = latest.ValidFrom,
            Version = latest.Number,
        });
    }
}
