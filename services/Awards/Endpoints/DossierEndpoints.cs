using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Hồ sơ đề nghị khen thưởng, each under the law of the day on which it was received (I13).</summary>
public static class DossierEndpoints
{
    private const int LongestText = 1000;
    private const int LongestDocument = 300;
    private const int MostClusters = 300;

    private static readonly string[] s_readers = [Roles.Appraiser, Roles.AppraisalHead, Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair, Roles.Auditor];

    public static void MapDossiers(this RouteGroupBuilder api)
    {
        var dossiers = api.MapGroup("/dossiers").WithTags("Dossiers");
        dossiers.MapPost("/", Receive).WithETag()
            .AllowRoles(Roles.Appraiser, Roles.CouncilSecretary)
            .WithSummary("Tiếp nhận hồ sơ đề nghị khen thưởng")
            .WithDescription("""
                Ngày tiếp nhận là ngày của máy chủ; hồ sơ giấy thì nêu received_on cùng số văn bản đến (document). Văn bản áp dụng của mỗi dòng (luật, nghị định, thông tư) được chọn theo ngày tiếp nhận và ghi vào hồ sơ.
                Lỗi: 422 MISSING_PROPERTY, OUT_OF_RANGE, TOO_LONG, TOO_MANY, UNKNOWN_NOMINATION; 409 not-known-yet, season-closed.
                """);
        dossiers.MapGet("/", List)
            .AllowRoles(s_readers)
            .WithSummary("Hồ sơ đề nghị khen thưởng của một mùa thi đua, theo thứ tự tiếp nhận");
        dossiers.MapGet("/{id:guid}", Get).WithETag()
            .AllowRoles(s_readers)
            .WithSummary("Một hồ sơ, văn bản áp dụng và điều sổ văn bản hiện nay ghi")
            .WithDescription("register_now cho biết sổ văn bản hiện nay có cho kết quả khác không; văn bản đã ghi trên hồ sơ không tự thay đổi.");
        dossiers.MapPost("/{id:guid}/more-favourable", TakeMoreFavourable).WithIfMatch().WithETag()
            .AllowRoles(Roles.AppraisalHead)
            .WithSummary("Ghi nhận áp dụng quy định mới có lợi hơn cho hồ sơ")
            .WithDescription("""
                Chỉ khi văn bản mới có quy định chuyển tiếp cho phép. Người tiếp nhận hồ sơ không được ghi nhận (403 receiver-decides).
                Lỗi: 422 UNKNOWN_FAMILY, MISSING_PROPERTY, TOO_LONG; 409 exception-recorded, no-favourable-law.
                """);
    }

    /// <summary>Records the receipt and chooses the law of each line.</summary>
    private static async Task<Created<DossierView>> Receive(DossierRequest request, Caller caller, AwardsDbContext db, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        var today = clock.Today();
        Check(request, today);
        var season = await db.OpenSeasonAsync(request.Season!, ct);
        string[] clusters = [.. request.Clusters!.OfType<string>().Distinct(StringComparer.Ordinal)];
        foreach (var cluster in clusters)
        {
            await db.ClusterAsync(season.Code, cluster, ct);
        }

        if (request.NominationId is { } id && !await db.Nominations.AnyAsync(nomination => nomination.Id == id && nomination.Season == season.Code && clusters.Contains(nomination.Cluster), ct))
        {
            RuleViolationException.ThrowIfAny([new Violation("UNKNOWN_NOMINATION", "/nomination_id", "Các cụm, khối của hồ sơ không có đề nghị khen thưởng này.")]);
        }

        var register = await db.RegisterAsync(ct);
        var dossier = Dossier.Receive(season.Code, request.Award!.Value, clusters, request.NominationId, request.ReceivedOn ?? today, request.Document, register, caller.Subject, clock.GetUtcNow(), today);
        db.Add(dossier);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, dossier.RowVersion);
        return TypedResults.Created($"/api/v1/dossiers/{dossier.Id}", DossierView.Of(dossier));
    }

    private static async Task<Page<DossierView>> List(string season, [AsParameters] PageQuery page, AwardsDbContext db, CancellationToken ct)
    {
        var dossiers = db.Dossiers.AsNoTracking().Where(dossier => dossier.Season == season);
        if (page.AfterAs<Guid>() is { } last)
        {
            dossiers = dossiers.Where(dossier => dossier.Id > last);
        }

        var found = await dossiers.OrderBy(dossier => dossier.Id).Take(page.Size + 1).ToListAsync(ct);
        return Page.Of(found.ConvertAll(DossierView.Of), page.Size, view => view.Id.ToString());
    }

    private static async Task<Results<Ok<DossierView>, NotFound>> Get(Guid id, AwardsDbContext db, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        if (await db.Dossiers.AsNoTracking().SingleOrDefaultAsync(known => known.Id == id, ct) is not { } dossier)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, dossier.RowVersion);
        var (register, today) = (await db.RegisterAsync(ct), clock.Today());
        return TypedResults.Ok(DossierView.Of(dossier) with
        {
            Laws = [.. dossier.Laws.Select(law => DossierLawView.Of(law) with { RegisterNow = RegisterNowView.Of(law, dossier.AsRegisteredNow(law, register, today)) })],
        });
    }

    /// <summary>Takes the newer law for one line, for the reason given.</summary>
    private static async Task<Results<Ok<DossierView>, NotFound>> TakeMoreFavourable(
        Guid id, FavourableRequest request, Caller caller, AwardsDbContext db, TimeProvider clock, JournalContext journal, HttpContext http, CancellationToken ct)
    {
        if (await db.Dossiers.FindAsync([id], ct) is not { } dossier)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(http.Request, dossier.RowVersion);
        List<Violation> errors = [];
        Given.Require(errors, ("/family", request.Family), ("/reason", request.Reason), ("/document", request.Document), ("/provision", request.Provision));
        Limit(errors, ("/reason", request.Reason, LongestText), ("/document", request.Document, LongestDocument), ("/provision", request.Provision, LongestDocument));
        RuleViolationException.ThrowIfAny(errors);

        journal.Because(request.Reason);
        var today = clock.Today();
        var exception = new FavourableException(request.Reason!, request.Document!, request.Provision!, caller.Subject, today, clock.GetUtcNow());
        dossier.TakeMoreFavourable(request.Family!, exception, await db.RegisterAsync(ct), today);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(http.Response, dossier.RowVersion);
        return TypedResults.Ok(DossierView.Of(dossier));
    }

    private static void Check(DossierRequest request, DateOnly today)
    {
        List<Violation> errors = [];
        Given.Require(errors, ("/season", request.Season), ("/award", request.Award), ("/clusters", request.Clusters));
        if (request.Clusters is { Count: 0 } or { Count: > MostClusters })
        {
            errors.Add(new Violation("TOO_MANY", "/clusters", $"Hồ sơ phải nêu từ 1 đến {MostClusters} cụm, khối."));
        }

        if (request.Clusters?.Contains(null) == true)
        {
            errors.Add(new Violation("WRONG_TYPE", "/clusters", "Mỗi mục phải là mã cụm, khối."));
        }

        if (request.ReceivedOn is not null || request.Document is not null)
        {
            Given.Require(errors, ("/received_on", request.ReceivedOn), ("/document", request.Document));
        }

        if (request.ReceivedOn > today)
        {
            errors.Add(new Violation("OUT_OF_RANGE", "/received_on", $"Ngày tiếp nhận {request.ReceivedOn:dd/MM/yyyy} chưa đến."));
        }

        Limit(errors, ("/document", request.Document, LongestDocument));
        RuleViolationException.ThrowIfAny(errors);
    }

    private static void Limit(List<Violation> errors, params ReadOnlySpan<(string Path, string? Text, int Longest)> texts)
    {
        foreach (var (path, text, longest) in texts)
        {
            if (text?.Length > longest)
            {
                errors.Add(new Violation("TOO_LONG", path, $"Tối đa {longest} ký tự."));
            }
        }
    }
}

/// <param name="Season">Code.</param>
/// <param name="Award">PROVINCIAL_FLAG, CHAIRMAN_MERIT or GOVERNMENT_FLAG.</param>
/// <param name="Clusters">Codes of the clusters whose units it proposes.</param>
/// <param name="NominationId">The nomination that it carries.</param>
/// <param name="ReceivedOn">Day of the stamp on a dossier that came on paper; left out: today.</param>
/// <param name="Document">Number of the incoming document; together with the day.</param>
public sealed record DossierRequest(string? Season, AwardKind? Award, IReadOnlyList<string?>? Clusters, Guid? NominationId, DateOnly? ReceivedOn, string? Document);

/// <param name="Family">EMULATION_LAW, EMULATION_DECREE …: the line of instruments.</param>
/// <param name="Reason">In what the newer law is more favourable.</param>
/// <param name="Document">The document of the decision.</param>
/// <param name="Provision">Điều khoản of the newer law.</param>
public sealed record FavourableRequest(string? Family, string? Reason, string? Document, string? Provision);

/// <param name="ReceivedOn">Day in Việt Nam.</param>
/// <param name="Document">Of the paper; absent: it came through the system.</param>
/// <param name="Laws">One choice of each line of instruments.</param>
public sealed record DossierView(
    Guid Id, string Season, AwardKind Award, IReadOnlyList<string> Clusters, Guid? NominationId, DateOnly ReceivedOn, string? Document, string ReceivedBy, DateTimeOffset RecordedAt,
    IReadOnlyList<DossierLawView> Laws)
{
    internal static DossierView Of(Dossier dossier) => new(
        dossier.Id, dossier.Season, dossier.Award, dossier.Clusters, dossier.NominationId, dossier.ReceivedOn, dossier.Document, dossier.ReceivedBy, dossier.RecordedAt,
        [.. dossier.Laws.Select(DossierLawView.Of)]);
}

/// <param name="State">CHOSEN, GAP or OVERLAP.</param>
/// <param name="Instruments">The instrument, then what amends it, each with the version of the register.</param>
/// <param name="MoreFavourable">Whether the newer law was taken.</param>
/// <param name="Exception">Who decided that, and why.</param>
/// <param name="Derivation">Vietnamese: how it was chosen.</param>
/// <param name="RegisterNow">What the register says today; of a single dossier only.</param>
public sealed record DossierLawView(
    string Family, LawChoiceState State, IReadOnlyList<ChosenInstrument> Instruments, bool MoreFavourable, FavourableException? Exception, Derivation Derivation, RegisterNowView? RegisterNow = null)
{
    internal static DossierLawView Of(DossierLaw law) => new(
        law.Choice.Family, law.Choice.State, law.Choice.Instruments, law.Choice.IsMoreFavourable, law.Exception, law.Choice.Derivation);
}

/// <param name="Differs">Whether the register gives another answer today, or the same from a later version.</param>
/// <param name="MayBeMoreFavourable">Whether a newer law may be taken where it is more favourable.</param>
/// <param name="Statement">Vietnamese.</param>
public sealed record RegisterNowView(bool Differs, bool MayBeMoreFavourable, IReadOnlyList<ChosenInstrument> Instruments, string Statement)
{
    internal static RegisterNowView Of(DossierLaw law, LawChoice now)
    {
        var differs = !now.Instruments.SequenceEqual(law.Choice.Instruments) || now.State != law.Choice.State;
        return new RegisterNowView(differs, law.Exception is null && now.AllowsMoreFavourable, now.Instruments, differs
            ? $"Sổ văn bản hiện nay cho kết quả khác: {now.Derivation.Statement} Hồ sơ giữ văn bản và phiên bản đã ghi khi chọn."
            : "Sổ văn bản hiện nay cho cùng kết quả.");
    }
}
