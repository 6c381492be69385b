using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Sổ văn bản (I13): the instruments that rules, criteria and policies rest on, with what is in force on a day.</summary>
public static class LegalInstrumentEndpoints
{
    public static void MapLegalInstruments(this IEndpointRouteBuilder app)
    {
        var instruments = app.MapGroup("/legal-instruments").WithTags("Legal instruments");

        instruments.MapGet("/", List).WithDates("as_of").AllowAnyRole()
            .WithSummary("Sổ văn bản quy phạm và văn bản hướng dẫn")
            .WithDescription("as_of: các văn bản có hiệu lực vào ngày đó. search: tìm trong số, ký hiệu, tên và nội dung đã lưu, không phân biệt dấu.");
        instruments.MapGet("/{code}", Get).WithETag().AllowAnyRole()
            .WithSummary("Một văn bản với quy định chuyển tiếp và nội dung đã lưu, kèm ETag");
        instruments.MapPost("/", Register).WithETag().Accepts<LegalInstrumentRequest>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Ghi một văn bản vào sổ")
            .WithDescription("Trong một dòng văn bản (family) mỗi ngày chỉ có một văn bản có hiệu lực, trừ văn bản sửa đổi (amends). Chỉ lời văn đã đọc toàn văn (FULL) mới được ghi verified. Lỗi: DUPLICATE_CODE, UNKNOWN_INSTRUMENT, PERIODS_OVERLAP, CLOSES_BEFORE_OPENS, UNREAD_TEXT, MISSING_REASON; 409 already-exists.");
        instruments.MapPut("/{code}", Correct).WithIfMatch().WithETag().Accepts<LegalInstrumentCorrection>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Sửa một văn bản trong sổ, ghi ngày hết hiệu lực, văn bản thay thế hoặc nội dung")
            .WithDescription("Cần If-Match. Hồ sơ đã tiếp nhận giữ văn bản và phiên bản đã ghi. Lỗi như khi ghi vào sổ.");
        instruments.MapGet("/{code}/citations", CitedBy).WithDates("as_of").AllowAnyRole()
            .WithSummary("Những gì trích dẫn văn bản này")
            .WithDescription("Quy tắc, danh mục, bảng tiêu chí đã thông qua và quy định xét khen thưởng có căn cứ nêu văn bản này, kèm kết quả kiểm chứng vào ngày as_of (mặc định hôm nay).");
    }

    /// <param name="Code">For example ND-152-2025.</param>
    /// <param name="Number">For example 152/2025/NĐ-CP.</param>
    /// <param name="Title">Tên văn bản.</param>
    /// <param name="Kind">LAW, DECREE, CIRCULAR, DECISION, GUIDANCE or LETTER.</param>
    /// <param name="DatesVerified">Whether the days were read in the instrument or in what replaced it.</param>
    /// <param name="Family">Dòng văn bản; absent belongs to none.</param>
    /// <param name="Fragments">How many fragments of its text are stored.</param>
    /// <param name="UnverifiedFragments">How many of them are not verified.</param>
    public sealed record LegalInstrumentSummary(
        string Code, string Number, string Title, InstrumentKind Kind, string Issuer, DateOnly? IssuedOn, DateOnly InForceFrom, DateOnly? InForceTo, bool DatesVerified,
        string? Family, IReadOnlyList<string> ReplacedBy, IReadOnlyList<string> Amends, int Fragments, int UnverifiedFragments, int Version);

    /// <param name="ClaimedInForceTo">A last day that nobody has verified; it ends nothing.</param>
    /// <param name="DatesNote">What is not certain about the days.</param>
    public sealed record LegalInstrumentView(
        string Code, string Number, string Title, InstrumentKind Kind, string Issuer, DateOnly? IssuedOn, DateOnly InForceFrom, DateOnly? InForceTo, DateOnly? ClaimedInForceTo,
        bool DatesVerified, string? DatesNote, string? Family, IReadOnlyList<string> ReplacedBy, IReadOnlyList<string> Amends,
        IReadOnlyList<TransitionRule> Transitions, IReadOnlyList<InstrumentFragment> Fragments, InstrumentSource Source, int Version)
    {
        public static LegalInstrumentView Of(LegalInstrument instrument) => new(
            instrument.Code, instrument.Number, instrument.Title, instrument.Kind, instrument.Issuer, instrument.IssuedOn, instrument.InForceFrom, instrument.InForceTo,
            instrument.ClaimedInForceTo, instrument.DatesVerified, instrument.DatesNote, instrument.Family, instrument.ReplacedBy, instrument.Amends,
            instrument.Transitions, instrument.Fragments, instrument.Source, instrument.Version);
    }

    private static async Task<Ok<Page<LegalInstrumentSummary>>> List(
        [FromQuery(Name = "as_of")] IsoDate? asOf, string? search, [AsParameters] PageQuery page, ClustersDbContext db, CancellationToken ct)
    {
        var (limit, after) = (page.Size, page.After);
        var words = VietnameseText.Fold(VietnameseText.Normalize(search ?? "")).Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // A register holds tens of instruments: its texts are searched here rather than kept a second time without their diacritics.
        var found = (await db.LegalInstruments.AsNoTracking().OrderBy(instrument => instrument.Code).ToListAsync(ct))
            .Where(instrument => after is null || string.CompareOrdinal(instrument.Code, after) > 0)
            .Where(instrument => asOf is null || instrument.IsInForceOn(asOf.Value.Day))
            .Where(instrument => words.Length == 0 || Holds(instrument, words))
            .Take(limit + 1).Select(Summary).ToList();
        return TypedResults.Ok(Page.Of(found, limit, instrument => instrument.Code));
    }

    private static async Task<Results<Ok<LegalInstrumentView>, NotFound>> Get(string code, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        if (await db.LegalInstruments.FindAsync([code], ct) is not { } instrument)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, instrument.RowVersion);
        return TypedResults.Ok(LegalInstrumentView.Of(instrument));
    }

    private static async Task<Created<LegalInstrumentView>> Register(StrictBody body, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        var code = body.Root.Code("code");
        var given = LegalInstrumentReader.Read(body.Root);
        body.RefuseIfWrong();

        var others = await LockRegisterAsync(db, ct);
        if (others.Exists(other => other.Code == code))
        {
            throw new RuleViolationException("already-exists", $"Sổ văn bản đã có {code}.");
        }

        var instrument = given.Register(code!);
        instrument.RequireFits(others);
        db.Add(instrument);
        db.Publish(instrument.ToFact());
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, instrument.RowVersion);
        return TypedResults.Created($"/api/v1/legal-instruments/{Uri.EscapeDataString(instrument.Code)}", LegalInstrumentView.Of(instrument));
    }

    private static async Task<Results<Ok<LegalInstrumentView>, NotFound>> Correct(string code, StrictBody body, HttpRequest request, HttpResponse response, ClustersDbContext db, CancellationToken ct)
    {
        var register = await LockRegisterAsync(db, ct);
        if (register.Find(known => known.Code == code) is not { } instrument)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, instrument.RowVersion);
        var given = LegalInstrumentReader.Read(body.Root);
        body.RefuseIfWrong();

        given.CopyTo(instrument);
        instrument.RequireFits([.. register.Where(other => other != instrument)]);
        instrument.Version++;
        db.Publish(instrument.ToFact());
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, instrument.RowVersion);
        return TypedResults.Ok(LegalInstrumentView.Of(instrument));
    }

    private static async Task<Results<Ok<Page<CitationEndpoints.CitationView>>, NotFound>> CitedBy(
        string code, [FromQuery(Name = "as_of")] IsoDate? asOf, [AsParameters] PageQuery page, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.LegalInstruments.AsNoTracking().SingleOrDefaultAsync(known => known.Code == code, ct) is not { } instrument)
        {
            return TypedResults.NotFound();
        }

        var number = Citations.Normalize(instrument.Number);
        var citations = db.Citations.AsNoTracking().Where(citation => citation.Number == number
            && (citation.IssuedOn == null || instrument.IssuedOn == null || citation.IssuedOn == instrument.IssuedOn));
        if (page.AfterAs<Guid>() is { } last)
        {
            citations = citations.Where(citation => citation.Id > last);
        }

        var (found, register, day) = (await citations.OrderBy(citation => citation.Id).Take(page.Size + 1).ToListAsync(ct), await db.CitableRegisterAsync(ct), asOf?.Day ?? clock.Today());
        return TypedResults.Ok(Page.Of(found.ConvertAll(citation => CitationEndpoints.CitationView.Of(citation, register, day)), page.Size, view => view.Id.ToString()));
    }

    /// <summary>The register, held until the transaction ends: two instruments that do not go together are not registered at once.</summary>
    private static async Task<List<LegalInstrument>> LockRegisterAsync(ClustersDbContext db, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('legal register', 0))", ct);
        return await db.LegalInstruments.ToListAsync(ct);
    }

    private static bool Holds(LegalInstrument instrument, string[] words)
    {
        var text = VietnameseText.Fold(string.Join('\n', [instrument.Code, instrument.Number, instrument.Title, .. instrument.Fragments.Select(fragment => fragment.Text)]));
        return words.All(word => text.Contains(word, StringComparison.Ordinal));
    }

    private static LegalInstrumentSummary Summary(LegalInstrument instrument) => new(
        instrument.Code, instrument.Number, instrument.Title, instrument.Kind, instrument.Issuer, instrument.IssuedOn, instrument.InForceFrom, instrument.InForceTo,
        instrument.DatesVerified, instrument.Family, instrument.ReplacedBy, instrument.Amends, instrument.Fragments.Count, instrument.Fragments.Count(fragment => !fragment.Verified), instrument.Version);
}
