using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Thành phần Hội đồng Thi đua - Khen thưởng, theo ngày (F-19).</summary>
public static class CouncilEndpoints
{
    private const int MostMembers = 200;
    private const int LongestCode = 60;
    private const int LongestSubject = 200;

    internal static readonly string[] Readers =
        [Roles.Admin, Roles.Appraiser, Roles.AppraisalHead, Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair, Roles.Auditor];

    /// <summary>Who sees what was counted: the council itself, and whoever inspects it (section B: to all others ballots are nothing).</summary>
    internal static readonly string[] Counting = [Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair, Roles.Auditor];

    public static void MapCouncils(this RouteGroupBuilder api)
    {
        const string Errors = "Lỗi: 422 errors[] MISSING_PROPERTY, TOO_MANY, TOO_LONG, CLOSES_BEFORE_OPENS, PERIODS_OVERLAP, TWO_CHAIRS";
        var councils = api.MapGroup("/councils").WithTags("Councils");
        councils.MapPost("/", Form)
            .AllowRoles(Roles.Admin)
            .WithETag()
            .WithSummary("Lập Hội đồng với thành phần theo quyết định")
            .WithDescription($"Mỗi thành viên là một tài khoản, có chức vụ, đơn vị, vai trò, thời hạn và quyết định. {Errors}; 409 already-exists.");
        councils.MapGet("/", List)
            .AllowRoles(Readers)
            .WithSummary("Các Hội đồng");
        councils.MapGet("/{code}", Get)
            .AllowRoles(Readers)
            .WithETag()
            .WithSummary("Một Hội đồng: mọi thời hạn thành viên, và thành phần trong một ngày")
            .WithDescription("Thành phần và quy mô (size) là của ngày as_of; không có as_of là hôm nay theo giờ Việt Nam.");
        councils.MapPut("/{code}", Compose)
            .AllowRoles(Roles.Admin)
            .WithIfMatch().WithETag()
            .WithSummary("Thay đổi thành phần Hội đồng")
            .WithDescription($"Gửi toàn bộ danh sách: thành viên thôi giữ nhiệm vụ thì ghi ngày cuối (to), không bỏ khỏi danh sách. Thành phần của ngày đã có phiên họp thì không đổi được. {Errors}; 409 session-held.");
    }

    private static async Task<Created<CouncilView>> Form(CouncilRequest request, HttpResponse response, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var terms = Check(request, out var errors);
        if (Given.Require(errors, ("/code", request.Code)) && request.Code!.Length > LongestCode)
        {
            errors.Add(new Violation("TOO_LONG", "/code", $"Tối đa {LongestCode} ký tự."));
        }

        RuleViolationException.ThrowIfAny(errors);
        var council = Council.Form(request.Code!, request.Name!, terms);
        db.Add(council);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, council.RowVersion);
        return TypedResults.Created($"/api/v1/councils/{Uri.EscapeDataString(council.Code)}", CouncilView.Of(council, clock.Today()));
    }

    private static async Task<Page<CouncilSummary>> List([AsParameters] PageQuery page, AwardsDbContext db, CancellationToken ct)
    {
        var councils = db.Councils.AsNoTracking();
        if (page.After is { } after)
        {
            councils = councils.Where(council => council.Code.CompareTo(after) > 0);
        }

        var found = await councils.OrderBy(council => council.Code).Take(page.Size + 1).Select(council => new CouncilSummary(council.Code, council.Name, council.Version)).ToListAsync(ct);
        return Page.Of(found, page.Size, view => view.Code);
    }

    private static async Task<Results<Ok<CouncilView>, NotFound>> Get(string code, [FromQuery(Name = "as_of")] string? asOf, HttpResponse response, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Councils.AsNoTracking().Include(known => known.Memberships).SingleOrDefaultAsync(known => known.Code == code, ct) is not { } council)
        {
            return TypedResults.NotFound();
        }

        var day = clock.Today();
        if (asOf is not null && !DateOnly.TryParseExact(asOf, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)) // 07/01 is two different days
        {
            throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("WRONG_TYPE", "/as_of", "Ngày phải viết dạng 2025-07-01.")]);
        }

        Preconditions.Set(response, council.RowVersion);
        return TypedResults.Ok(CouncilView.Of(council, day));
    }

    private static async Task<Results<Ok<CouncilView>, NotFound>> Compose(
        string code, CouncilRequest request, HttpRequest http, HttpResponse response, JournalContext journal, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Councils.Include(known => known.Memberships).SingleOrDefaultAsync(known => known.Code == code, ct) is not { } council)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(http, council.RowVersion);
        var terms = Check(request, out var errors);
        RuleViolationException.ThrowIfAny(errors);
        journal.Because(request.Reason);
        await db.InTurnAsync($"composition of {council.Id}", ct); // no vote is opened while the composition changes
        List<MembershipTerms> before = [.. council.Memberships.Select(membership => membership.Terms)];
        var held = await db.Sessions.Where(session => session.CouncilId == council.Id && session.Items.Any(item => item.Round > 0)).Select(session => session.Date).Distinct().ToListAsync(ct);
        foreach (var day in held.Order())
        {
            if (!CouncilComposition.IsSameOn(day, before, terms))
            {
                throw new RuleViolationException("session-held", $"Ngày {day:dd/MM/yyyy} Hội đồng đã họp; thành phần của ngày đó không đổi được nữa.");
            }
        }

        council.Name = request.Name!;
        council.Compose(terms);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, council.RowVersion);
        return TypedResults.Ok(CouncilView.Of(council, clock.Today()));
    }

    private static List<MembershipTerms> Check(CouncilRequest request, out List<Violation> errors)
    {
        errors = [];
        Given.Require(errors, ("/name", request.Name), ("/members", request.Members is { Count: > 0 } ? request.Members : null));
        var members = request.Members ?? [];
        if (members.Count > MostMembers)
        {
            errors.Add(new Violation("TOO_MANY", "/members", $"Tối đa {MostMembers} thành viên."));
            members = [];
        }

        List<MembershipTerms> terms = [];
        for (var index = 0; index < members.Count; index++)
        {
            var (member, path) = (members[index], $"/members/{index}");
            if (!Given.Require(
                errors, ($"{path}/subject", member?.Subject), ($"{path}/name", member?.Name), ($"{path}/office", member?.Office), ($"{path}/role", member?.Role), ($"{path}/from", member?.From), ($"{path}/document", member?.Document)))
            {
                continue;
            }

            foreach (var (name, value, longest) in new[] { ("subject", member!.Subject, LongestSubject), ("unit", member.Unit, LongestCode) })
            {
                if (value?.Length > longest)
                {
                    errors.Add(new Violation("TOO_LONG", $"{path}/{name}", $"Tối đa {longest} ký tự."));
                }
            }

            terms.Add(new MembershipTerms(member.Subject!, member.Name!, member.Office!, string.IsNullOrEmpty(member.Unit) ? null : member.Unit, member.Role!.Value, member.From!.Value, member.To, member.Document!));
        }

        if (errors.Count == 0)
        {
            errors.AddRange(CouncilComposition.Check(terms));
        }

        return terms;
    }
}

/// <param name="Code">Of a new council; not read when its composition changes.</param>
/// <param name="Name">Name.</param>
/// <param name="Members">Every membership, past ones too.</param>
/// <param name="Reason">For the journal.</param>
public sealed record CouncilRequest(string? Code, string? Name, IReadOnlyList<CouncilMemberRequest>? Members, string? Reason);

/// <param name="Subject">Account of the person.</param>
/// <param name="Name">Name of the person.</param>
/// <param name="Office">Chức vụ.</param>
/// <param name="Unit">Code of the person's unit, on which he or she does not vote; left out for none.</param>
/// <param name="Role">CHAIR, VICE, SECRETARY or MEMBER.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day; left out is open.</param>
/// <param name="Document">The decision.</param>
public sealed record CouncilMemberRequest(string? Subject, string? Name, string? Office, string? Unit, CouncilRole? Role, DateOnly? From, DateOnly? To, string? Document);

public sealed record CouncilSummary(string Code, string Name, int Version);

/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Version">Grows with each change.</param>
/// <param name="AsOf">The day of <paramref name="Size"/> and <paramref name="Composition"/>.</param>
/// <param name="Size">Number of members in force on that day.</param>
/// <param name="Composition">Those members.</param>
/// <param name="Members">Every membership there ever was.</param>
public sealed record CouncilView(string Code, string Name, int Version, DateOnly AsOf, int Size, IReadOnlyList<MembershipTerms> Composition, IReadOnlyList<MembershipTerms> Members)
{
    internal static CouncilView Of(Council council, DateOnly day)
    {
        List<MembershipTerms> composition = [.. council.On(day).Select(membership => membership.Terms)];
        return new CouncilView(
            council.Code, council.Name, council.Version, day, composition.Count, composition,
            [.. council.Memberships.Select(membership => membership.Terms).OrderBy(terms => terms.From).ThenBy(terms => terms.Subject, StringComparer.Ordinal)]);
    }
}
