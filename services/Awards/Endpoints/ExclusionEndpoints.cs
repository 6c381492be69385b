using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Trường hợp chưa hoặc không đề nghị khen thưởng (R-30…R-32).</summary>
public static class ExclusionEndpoints
{
    private const int MostAtOnce = 5000;
    private const int LongestCode = 60;

    public static void MapExclusions(this RouteGroupBuilder api)
    {
        var exclusions = api.MapGroup("/exclusions").WithTags("Exclusions");
        exclusions.MapPost("/", Register)
            .AllowRoles(Roles.Appraiser, Roles.AppraisalHead)
            .WithSummary("Ghi nhận đơn vị chưa hoặc không được đề nghị khen thưởng")
            .WithDescription("""
                Tất cả hoặc không mục nào. Mục giống hệt mục đã có thì giữ nguyên. Ghi nhận không làm thay đổi điểm hay thứ hạng (R-30).
                Ví dụ: {"exclusions":[{"season":"2024","unit":"A","type":"SUSPECTED_PENDING","status":"PENDING","document":"Công văn số …"}]}.
                Không ai ghi nhận về đơn vị mình (403 own-unit). Lỗi: 422 errors[] MISSING_PROPERTY, WRONG_TYPE; 409 not-known-yet, season-closed.
                """);
        exclusions.MapGet("/", List)
            .AllowRoles(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor, Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair, Roles.UnitClerk, Roles.UnitHead)
            .WithSummary("Các trường hợp chưa hoặc không đề nghị khen thưởng của một mùa thi đua")
            .WithDescription("Tài khoản của đơn vị chỉ thấy tình trạng của chính đơn vị mình, không thấy nguồn.");
    }

    private static async Task<Ok<RegisteredExclusions>> Register(ExclusionsRequest request, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var items = Check(request);
        if (items.Any(item => caller.BelongsTo(item.Unit!)))
        {
            throw new AccessDeniedException("own-unit", "Không ai được ghi nhận trường hợp loại trừ của chính đơn vị mình.");
        }

        foreach (var code in items.Select(exclusion => exclusion.Season).Distinct())
        {
            await db.OpenSeasonAsync(code!, ct);
        }

        var units = items.Select(exclusion => exclusion.Unit!).Distinct().ToList();
        var known = await db.Units.AsNoTracking().Where(unit => units.Contains(unit.Code)).Select(unit => unit.Code).ToListAsync(ct);
        if (units.Except(known).ToList() is { Count: > 0 } unknown)
        {
            throw new NotKnownYetException($"Dịch vụ khen thưởng chưa nhận được thông tin về đơn vị {string.Join(", ", unknown.Take(20))}.");
        }

        var existing = (await db.Exclusions.AsNoTracking().Where(exclusion => units.Contains(exclusion.Unit)).ToListAsync(ct))
            .ToDictionary(exclusion => ExclusionRequest.Of(exclusion), exclusion => exclusion);
        List<RegisteredExclusion> all = [];
        var registered = 0;
        foreach (var item in items)
        {
            if (!existing.TryGetValue(item, out var exclusion))
            {
                exclusion = item.Place(caller, clock.GetUtcNow());
                existing.Add(item, exclusion);
                db.Add(exclusion);
                registered++;
            }

            all.Add(exclusion);
        }

        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new RegisteredExclusions(registered, all.Count - registered, all.ConvertAll(exclusion => ExclusionView.Of(exclusion, withSource: true))));
    }

    private static async Task<Page<ExclusionView>> List(string season, string? unit, [AsParameters] PageQuery page, Caller caller, AwardsDbContext db, CancellationToken ct)
    {
        var withSource = caller.Is(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor, Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair);
        var exclusions = db.Exclusions.AsNoTracking().Where(exclusion => exclusion.Season == season);
        if (!withSource)
        {
            exclusions = exclusions.Where(exclusion => exclusion.Unit == caller.Unit); // an account without a unit sees nothing
        }

        if (unit is not null)
        {
            exclusions = exclusions.Where(exclusion => exclusion.Unit == unit);
        }

        if (page.AfterAs<Guid>() is { } id)
        {
            exclusions = exclusions.Where(exclusion => exclusion.Id.CompareTo(id) > 0);
        }

        var found = await exclusions.OrderBy(exclusion => exclusion.Id).Take(page.Size + 1).ToListAsync(ct);
        return Page.Of(found.ConvertAll(exclusion => ExclusionView.Of(exclusion, withSource)), page.Size, view => view.Id.ToString());
    }

    private static IReadOnlyList<ExclusionRequest> Check(ExclusionsRequest request)
    {
        List<Violation> errors = [];
        Given.Require(errors, ("/exclusions", request.Exclusions));
        var exclusions = request.Exclusions ?? [];
        if (exclusions.Count > MostAtOnce)
        {
            errors.Add(new Violation("OUT_OF_RANGE", "/exclusions", $"Tối đa {MostAtOnce} mục một lần."));
        }

        for (var index = 0; index < exclusions.Count; index++)
        {
            var (item, path) = (exclusions[index], $"/exclusions/{index}");
            Given.Require(errors, ($"{path}/season", item?.Season), ($"{path}/unit", item?.Unit), ($"{path}/type", item?.Type), ($"{path}/status", item?.Status), ($"{path}/document", item?.Document));
            if (item?.Type?.Length > LongestCode)
            {
                errors.Add(new Violation("WRONG_TYPE", $"{path}/type", $"Tối đa {LongestCode} ký tự."));
            }

            if (item?.To < item?.From)
            {
                errors.Add(new Violation("WRONG_TYPE", $"{path}/to", "Ngày kết thúc trước ngày bắt đầu."));
            }
        }

        RuleViolationException.ThrowIfAny(errors);
        return exclusions;
    }
}

public sealed record ExclusionsRequest(IReadOnlyList<ExclusionRequest>? Exclusions);

/// <param name="Season">Code of the season whose awards it concerns.</param>
/// <param name="Unit">Code.</param>
/// <param name="Type">SUSPECTED_PENDING, SERIOUS_VIOLATION, CORRUPTION_NEGATIVITY or another: the regulation's list is open.</param>
/// <param name="Status">PENDING or DEFINITIVE.</param>
/// <param name="Ground">The matter, in words.</param>
/// <param name="Document">The document it rests on.</param>
/// <param name="From">First day; left out is from the start.</param>
/// <param name="To">Last day; left out is until ended.</param>
public sealed record ExclusionRequest(string? Season, string? Unit, string? Type, ExclusionStatus? Status, string? Ground, string? Document, DateOnly? From, DateOnly? To)
{
    internal static ExclusionRequest Of(RegisteredExclusion exclusion) => new(
        exclusion.Season, exclusion.Unit, exclusion.Type, exclusion.Status, exclusion.Ground, exclusion.Document, exclusion.From, exclusion.To);

    internal RegisteredExclusion Place(Caller caller, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        Season = Season!,
        Unit = Unit!,
        Type = Type!,
        Status = Status!.Value,
        Ground = Ground,
        Document = Document!,
        From = From,
        To = To,
        PlacedBy = caller.Subject,
        PlacedByName = caller.Name,
        PlacedAt = at,
    };
}

/// <param name="Registered">New ones.</param>
/// <param name="Unchanged">Those that were there already.</param>
/// <param name="Exclusions">All of the request, in its order.</param>
public sealed record RegisteredExclusions(int Registered, int Unchanged, IReadOnlyList<ExclusionView> Exclusions);

public sealed record ExclusionView(
    Guid Id, string Season, string Unit, string Type, ExclusionState Status, string? Ground, string? Document, DateOnly? From, DateOnly? To,
    string? PlacedBy, string? PlacedByName, DateTimeOffset PlacedAt)
{
    internal static ExclusionView Of(RegisteredExclusion exclusion, bool withSource) => new(
        exclusion.Id, exclusion.Season, exclusion.Unit, exclusion.Type, exclusion.State,
        withSource ? exclusion.Ground : null, withSource ? exclusion.Document : null, exclusion.From, exclusion.To,
        withSource ? exclusion.PlacedBy : null, withSource ? exclusion.PlacedByName : null, exclusion.PlacedAt);
}
