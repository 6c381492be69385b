using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>Thể thức của cơ quan ban hành: the heads, signers and recipients of papers, as dated data.</summary>
public static class PaperLetterheadEndpoints
{
    public static void MapPaperLetterheads(this RouteGroupBuilder api)
    {
        var letterheads = api.MapGroup("/paper-letterheads").WithTags("Papers");
        string[] readers = [Roles.Admin, Roles.Appraiser, Roles.AppraisalHead, Roles.CouncilSecretary, Roles.UnitClerk, Roles.UnitHead, Roles.Auditor];

        letterheads.MapGet("/", List).AllowRoles(readers)
            .WithSummary("Thể thức của các cơ quan ban hành")
            .WithDescription("Mọi phiên bản, theo thứ tự đăng ký. Văn bản dùng phiên bản mới nhất có hiệu lực vào ngày của nó.");
        letterheads.MapGet("/{code}", Get).WithETag().AllowRoles(readers)
            .WithSummary("Phiên bản mới nhất của một thể thức, kèm ETag");
        letterheads.MapPut("/{code}", Register).WithIfMatch(optional: true).WithETag().AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Đăng ký một phiên bản của thể thức")
            .WithDescription("""
                Phiên bản cũ được giữ nguyên. Khi mã đã có thì cần If-Match với ETag của phiên bản mới nhất, thiếu hoặc cũ thì 412. scope AGENCY: một cơ quan, có tên, chữ viết tắt và người ký.
                scope CLUSTERS: văn bản của cụm, khối, ban hành dưới tên và mã của cụm, khối. Thẩm quyền ký theo Điều 13 Nghị định 30/2020/NĐ-CP; ký thừa lệnh và thừa ủy quyền cần văn bản giao quyền.
                """);
    }

    /// <param name="ValidFrom">Ngày đầu.</param>
    /// <param name="ValidTo">Ngày cuối; null: không giới hạn.</param>
    /// <param name="Scope">AGENCY or CLUSTERS.</param>
    /// <param name="SuperiorAgency">Cơ quan chủ quản trực tiếp.</param>
    /// <param name="Agency">Tên cơ quan.</param>
    /// <param name="Abbreviation">Chữ viết tắt.</param>
    /// <param name="Place">Địa danh.</param>
    /// <param name="Signers">Người ký.</param>
    /// <param name="Recipients">Nơi nhận của từng loại văn bản.</param>
    public sealed record LetterheadRequest(
        DateOnly ValidFrom, DateOnly? ValidTo, LetterheadScope Scope, string? SuperiorAgency, string? Agency, string? Abbreviation, string Place,
        IReadOnlyList<LetterheadSignerView>? Signers, IReadOnlyList<LetterheadRecipients>? Recipients);

    /// <param name="Code">Mã người ký trong thể thức.</param>
    /// <param name="Name">Họ và tên.</param>
    /// <param name="Capacity">HEAD, ACTING_HEAD (Q.), DEPUTY (KT.), BY_ORDER (TL.) or BY_AUTHORISATION (TUQ.).</param>
    /// <param name="HeadTitle">Chức vụ của người đứng đầu.</param>
    /// <param name="OwnTitle">Chức vụ của người ký; null khi người đứng đầu ký.</param>
    /// <param name="Collective">Tập thể được thay mặt (TM.).</param>
    /// <param name="Delegation">Văn bản giao quyền; cần cho TL. và TUQ.</param>
    public sealed record LetterheadSignerView(string Code, string Name, SigningCapacity Capacity, string HeadTitle, string? OwnTitle, string? Collective, string? Delegation);

    /// <param name="Kind">Loại văn bản.</param>
    /// <param name="Lines">Mỗi nơi nhận một dòng.</param>
    public sealed record LetterheadRecipients(PaperKind Kind, IReadOnlyList<string> Lines);

    /// <param name="Code">Mã.</param>
    /// <param name="Version">Phiên bản, từ 1.</param>
    public sealed record LetterheadView(
        string Code, int Version, DateOnly ValidFrom, DateOnly? ValidTo, LetterheadScope Scope, string? SuperiorAgency, string? Agency, string? Abbreviation, string Place,
        IReadOnlyList<LetterheadSignerView> Signers, IReadOnlyList<LetterheadRecipients> Recipients, string RegisteredBy, DateTimeOffset RegisteredAt)
    {
        internal static LetterheadView Of(Letterhead letterhead) => new(
            letterhead.Code, letterhead.Version, letterhead.ValidFrom, letterhead.ValidTo, letterhead.Profile.Scope, letterhead.Profile.SuperiorAgency, letterhead.Profile.Agency,
            letterhead.Profile.Abbreviation, letterhead.Profile.Place,
            [.. letterhead.Profile.Signers.Select(signer => new LetterheadSignerView(
                signer.Code, signer.Name, signer.Authority.Capacity, signer.Authority.HeadTitle, signer.Authority.OwnTitle, signer.Authority.Collective, signer.Delegation))],
            [.. letterhead.Profile.Recipients.OrderBy(recipients => recipients.Key).Select(recipients => new LetterheadRecipients(recipients.Key, recipients.Value))],
            letterhead.RegisteredBy, letterhead.RegisteredAt);
    }

    private static async Task<Ok<Page<LetterheadView>>> List([AsParameters] PageQuery page, DocumentsDbContext db, CancellationToken ct)
    {
        var found = db.Letterheads.AsNoTracking();
        if (page.After is { } cursor)
        {
            var after = Guid.TryParse(cursor, out var id) ? id : throw Cursor.Bad();
            found = found.Where(letterhead => letterhead.Id > after);
        }

        var letterheads = await found.OrderBy(letterhead => letterhead.Id).Take(page.Size + 1).ToListAsync(ct);
        var shown = Page.Of(letterheads, page.Size, letterhead => $"{letterhead.Id}");
        return TypedResults.Ok(new Page<LetterheadView>([.. shown.Items.Select(LetterheadView.Of)], shown.Next));
    }

    private static async Task<Results<Ok<LetterheadView>, NotFound>> Get(string code, HttpResponse response, DocumentsDbContext db, CancellationToken ct)
    {
        if (await LatestAsync(db, code, ct) is not { } letterhead)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, letterhead.RowVersion);
        return TypedResults.Ok(LetterheadView.Of(letterhead));
    }

    private static async Task<Results<Ok<LetterheadView>, Created<LetterheadView>>> Register(
        string code, LetterheadRequest request, Caller caller, HttpContext http, DocumentsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var profile = Read(code, request);
        await db.InTurnAsync($"letterhead/{code}", ct);
        var latest = await LatestAsync(db, code, ct);
        if (latest is not null)
        {
            if (http.Request.Headers.IfMatch.Count == 0)
            {
                throw new PreconditionException(missing: false); // who does not know that there is one did not see it
            }

            Preconditions.Require(http.Request, latest.RowVersion);
        }

        var letterhead = new Letterhead
        {
            Id = Guid.CreateVersion7(),
            Code = code,
            Version = 1 + (latest?.Version ?? 0),
            ValidFrom = request.ValidFrom,
            ValidTo = request.ValidTo,
            Profile = profile,
            RegisteredBy = caller.Subject,
            RegisteredAt = clock.GetUtcNow(),
        };
        db.Add(letterhead);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(http.Response, letterhead.RowVersion);
        var view = LetterheadView.Of(letterhead);
        return latest is null ? TypedResults.Created($"/api/v1/paper-letterheads/{Uri.EscapeDataString(code)}", view) : TypedResults.Ok(view);
    }

    private static LetterheadProfile Read(string code, LetterheadRequest request)
    {
        var errors = new List<Violation>();
        if (code.Length > Letterhead.LongestCode || code != VietnameseText.Normalize(code) || code.Contains('/', StringComparison.Ordinal))
        {
            errors.Add(new Violation("TOO_LONG", "/code", $"Mã có tối đa {Letterhead.LongestCode} ký tự, không có dấu gạch chéo."));
        }

        if (request.ValidTo < request.ValidFrom)
        {
            errors.Add(new Violation("OUT_OF_RANGE", "/valid_to", "Ngày cuối trước ngày đầu."));
        }

        foreach (var (list, path) in new (IEnumerable<object?>? List, string Path)[] { (request.Signers, "/signers"), (request.Recipients, "/recipients") })
        {
            if (list?.Any(item => item is null) == true)
            {
                errors.Add(new Violation("WRONG_TYPE", path, "Danh sách có mục trống."));
            }
        }

        RuleViolationException.ThrowIfAny(errors);
        if (request.Recipients?.Select(recipients => recipients.Kind).Distinct().Count() < request.Recipients?.Count)
        {
            errors.Add(new Violation("DUPLICATE", "/recipients", "Một loại văn bản nêu hai lần."));
            RuleViolationException.ThrowIfAny(errors);
        }

        var profile = new LetterheadProfile(
            request.Scope, request.SuperiorAgency, request.Agency, request.Abbreviation, request.Place,
            [.. (request.Signers ?? []).Select(signer => new LetterheadSigner(
                signer.Code, signer.Name, new SigningAuthority(signer.Capacity, signer.HeadTitle, signer.OwnTitle, signer.Collective), signer.Delegation))],
            (request.Recipients ?? []).ToDictionary(recipients => recipients.Kind, recipients => recipients.Lines));
        RuleViolationException.ThrowIfAny(profile.Problems());
        return profile;
    }

    private static Task<Letterhead?> LatestAsync(DocumentsDbContext db, string code, CancellationToken ct) =>
        db.Letterheads.AsNoTracking().Where(letterhead => letterhead.Code == code).OrderByDescending(letterhead => letterhead.Version).FirstOrDefaultAsync(ct);
}
