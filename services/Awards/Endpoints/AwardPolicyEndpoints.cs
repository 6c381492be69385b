using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.Awards.Messaging;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Quy định xét khen thưởng: the dated switches by which awards are proposed (R-26…R-32, F-12, F-20).</summary>
public static class AwardPolicyEndpoints
{
    public static void MapAwardPolicies(this RouteGroupBuilder api)
    {
        var policies = api.MapGroup("/award-policies").WithTags("Award policies");
        policies.MapPost("/", Register)
            .AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Ban hành quy định xét khen thưởng")
            .WithDescription("""
                Công tắc thiếu thì lấy giá trị mặc định. Quy định của một mùa thi đua (season) được ưu tiên hơn quy định chung theo thời gian hiệu lực.
                Ví dụ: {"season":"2024","valid_from":"2024-01-01","switches":{"definitive_policy":"LEAVE_VACANT"},"basis":"Quyết định số …"}.
                Lỗi: 422 errors[] UNKNOWN_PROPERTY, MISSING_PROPERTY, WRONG_TYPE với con trỏ /switches/…; 409 not-known-yet, season-closed.
                """);
        policies.MapGet("/", List)
            .AllowAnyRole()
            .WithSummary("Các quy định xét khen thưởng, mới nhất trước")
            .WithDescription("Có season: quy định riêng của mùa đó và các quy định chung; in_use là quy định đang áp dụng cho mùa đó.");
    }

    /// <summary>Registers a policy as the next version; earlier ones stay, and what was drawn up by them keeps naming them.</summary>
    private static async Task<Created<AwardPolicyView>> Register(AwardPolicyRequest request, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        List<Violation> errors = [];
        Given.Require(errors, ("/valid_from", request.ValidFrom), ("/switches", request.Switches), ("/basis", request.Basis));
        var switches = request.Switches is { } given ? AwardPolicyReader.Read(new StrictJson(given, "/switches", errors)) : null;
        if (request.ValidTo < request.ValidFrom)
        {
            errors.Add(new Violation("WRONG_TYPE", "/valid_to", "Ngày hết hiệu lực trước ngày có hiệu lực."));
        }

        RuleViolationException.ThrowIfAny(errors);
        if (request.Season is not null)
        {
            await db.OpenSeasonAsync(request.Season, ct);
        }

        var policy = new AwardPolicy
        {
            Id = Guid.CreateVersion7(),
            Season = request.Season,
            ValidFrom = request.ValidFrom!.Value,
            ValidTo = request.ValidTo,
            Version = 1 + (await db.Policies.MaxAsync(known => (int?)known.Version, ct) ?? 0),
            Basis = request.Basis!,
            Switches = switches!,
            Thresholds = AwardPolicy.Default.Thresholds,
            RegisteredAt = clock.GetUtcNow(),
            RegisteredBy = caller.Subject,
        };
        db.Add(policy);
        db.Publish(policy.ToFact());
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/v1/award-policies?season={Uri.EscapeDataString(request.Season ?? "")}", AwardPolicyView.Of(policy, inUse: null, await db.CitableRegisterAsync(ct), clock.Today()));
    }

    private static async Task<Page<AwardPolicyView>> List(string? season, [AsParameters] PageQuery page, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var policies = db.Policies.AsNoTracking();
        Guid? inUse = null;
        if (season is not null)
        {
            policies = policies.Where(policy => policy.Season == season || policy.Season == null);
            if (await db.Seasons.AsNoTracking().SingleOrDefaultAsync(known => known.Code == season, ct) is { } known)
            {
                inUse = AwardPolicy.For(season, known.Year, await policies.ToListAsync(ct))?.Id;
            }
        }

        if (page.AfterAs<int>() is { } version)
        {
            policies = policies.Where(policy => policy.Version < version);
        }

        var found = await policies.OrderByDescending(policy => policy.Version).Take(page.Size + 1).ToListAsync(ct);
        var register = await db.CitableRegisterAsync(ct);
        return Page.Of(
            found.ConvertAll(policy => AwardPolicyView.Of(policy, season is null ? null : policy.Id == inUse, register, clock.Today())),
            page.Size,
            view => view.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}

/// <param name="Season">Code of the one season that it is for; left out: a default by date.</param>
/// <param name="ValidFrom">First day on which the text it rests on is in force.</param>
/// <param name="ValidTo">Last day; left out is open.</param>
/// <param name="Switches">merit_ranks, gov_flag, definitive_policy, tie_chain, vote_threshold_percent, council, consultation, revocation; a missing one has its default.</param>
/// <param name="Basis">Căn cứ: the documents.</param>
public sealed record AwardPolicyRequest(string? Season, DateOnly? ValidFrom, DateOnly? ValidTo, JsonElement? Switches, string? Basis);

/// <param name="Id">Id.</param>
/// <param name="Version">Grows with each policy registered.</param>
/// <param name="Season">Null for a default by date.</param>
/// <param name="ValidFrom">First day.</param>
/// <param name="ValidTo">Last day; null is open.</param>
/// <param name="Switches">All of them, defaults filled in.</param>
/// <param name="Thresholds">The numbers beside the switches.</param>
/// <param name="Basis">Căn cứ.</param>
/// <param name="RegisteredAt">When.</param>
/// <param name="RegisteredBy">Account.</param>
/// <param name="InUse">Whether it is the one that applies to the season asked for; null when none was.</param>
/// <param name="Citations">What the basis cites, checked against the register of law.</param>
public sealed record AwardPolicyView(
    Guid Id, int Version, string? Season, DateOnly ValidFrom, DateOnly? ValidTo, AwardSwitches Switches, AwardThresholds Thresholds,
    string Basis, DateTimeOffset RegisteredAt, string RegisteredBy, bool? InUse, IReadOnlyList<CheckedCitation> Citations)
{
    internal static AwardPolicyView Of(AwardPolicy policy, bool? inUse, ILookup<string, CitableInstrument> register, DateOnly today) => new(
        policy.Id, policy.Version, policy.Season, policy.ValidFrom, policy.ValidTo, policy.Switches, policy.Thresholds,
        policy.Basis, policy.RegisteredAt, policy.RegisteredBy, inUse, ServiceDefaults.Citations.Check(policy.Basis, register, policy.JudgedOn(today)));
}
