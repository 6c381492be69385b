using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ThiDua.Contracts.Documents;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>Minh chứng: the files behind the lines of a unit's sheet.</summary>
public static class DocumentEndpoints
{
    private static readonly string[] s_unit = [Roles.UnitClerk, Roles.UnitHead];
    private static readonly string[] s_council = [Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair];
    private static readonly string[] s_readers = [.. s_unit, .. s_council, Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor];

    public static void MapDocuments(this RouteGroupBuilder api)
    {
        var settings = ((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<IOptions<DocumentsSettings>>().Value;
        var documents = api.MapGroup("/documents").WithTags("Documents");

        documents.MapPost("/", Upload).WithETag().AllowRoles(s_unit)
            .WithMetadata(new StreamedBody(), new RequestSizeLimitAttribute(settings.UploadLimit))
            .WithSummary("Gửi tệp minh chứng cho một tiêu chí của bảng chấm điểm")
            .WithFileBody(settings.AllowedTypes)
            .WithDescription("Nội dung tệp là toàn bộ thân của yêu cầu, Content-Type là loại tệp. Chỉ đơn vị của mình, khi bảng chưa gửi hoặc đã được trả lại. Gửi lại đúng tệp đó cho cùng tiêu chí thì nhận lại minh chứng đã có (200).");
        documents.MapGet("/", List).AllowRoles(s_readers).WithSummary("Danh sách minh chứng của một đơn vị trong năm thi đua");
        documents.MapGet("/{id:guid}", Get).WithETag().AllowRoles(s_readers).WithSummary("Thông tin một minh chứng");
        documents.MapGet("/{id:guid}/content", Download).WithFileAnswer().AllowRoles(s_readers)
            .WithSummary("Tải tệp minh chứng")
            .WithDescription("Hỗ trợ Range và If-None-Match. Mỗi lần tải được ghi nhật ký.");
        documents.MapDelete("/{id:guid}", Withdraw).WithIfMatch().AllowRoles(s_unit)
            .WithSummary("Rút minh chứng trước khi gửi bảng chấm điểm")
            .WithDescription("Cần If-Match. Tệp và dòng nhật ký vẫn được giữ.");
    }

    /// <summary>What an upload is for, beside its content.</summary>
    /// <param name="Season">Code of the season.</param>
    /// <param name="Unit">Code of the caller's own unit.</param>
    /// <param name="Criterion">Code of the line, such as <c>I.1</c>.</param>
    /// <param name="Filename">Name for people, with its extension.</param>
    /// <param name="Number">Số, ký hiệu of the paper.</param>
    /// <param name="Date">Ngày ban hành, yyyy-MM-dd.</param>
    /// <param name="Issuer">Cơ quan ban hành.</param>
    public sealed record UploadQuery(
        [property: FromQuery(Name = "season")] string Season,
        [property: FromQuery(Name = "unit")] string Unit,
        [property: FromQuery(Name = "criterion")] string Criterion,
        [property: FromQuery(Name = "filename")] string Filename,
        [property: FromQuery(Name = "number")] string? Number,
        [property: FromQuery(Name = "date")] DateOnly? Date,
        [property: FromQuery(Name = "issuer")] string? Issuer)
    {
        private const int LongestCode = 60;

        /// <summary>Reads and checks everything at once.</summary>
        /// <exception cref="RuleViolationException">422 with each parameter that is missing or wrong.</exception>
        internal static UploadQuery Read(IQueryCollection query)
        {
            var errors = new List<Violation>();
            string Text(string name, int longest, bool required)
            {
                var text = VietnameseText.Normalize(query[name].ToString());
                if (text.Length == 0 && required)
                {
                    errors.Add(new Violation("MISSING_PROPERTY", "/" + name, "Thiếu tham số bắt buộc."));
                }
                else if (text.Length > longest)
                {
                    errors.Add(new Violation("TOO_LONG", "/" + name, $"Tối đa {longest} ký tự."));
                }

                return text;
            }

            var read = new UploadQuery(
                Text("season", LongestCode, required: true),
                Text("unit", LongestCode, required: true),
                Text("criterion", LongestCode, required: true),
                Text("filename", 1000, required: true),
                Text("number", 100, required: false) is { Length: > 0 } number ? number : null,
                null,
                Text("issuer", 300, required: false) is { Length: > 0 } issuer ? issuer : null);
            if (query["date"].ToString() is { Length: > 0 } given)
            {
                if (DateOnly.TryParseExact(given, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                {
                    read = read with { Date = date };
                }
                else
                {
                    errors.Add(new Violation("WRONG_TYPE", "/date", "Phải là ngày dạng yyyy-MM-dd."));
                }
            }

            RuleViolationException.ThrowIfAny(errors);
            return read;
        }

        internal EvidencePlace Place() => new(Season, Unit, Criterion);

        internal PaperReference Paper() => new(Number, Date, Issuer);
    }

    /// <summary>A piece of evidence without its content, which lies at the address <c>content</c>.</summary>
    public sealed record DocumentView(
        Guid Id,
        string Season,
        string Unit,
        string Criterion,
        string FileName,
        string ContentType,
        long Size,
        string Sha256,
        string? Number,
        DateOnly? Date,
        string? Issuer,
        EvidenceState State,
        string StoredBy,
        DateTimeOffset StoredAt,
        DateTimeOffset? WithdrawnAt,
        string? WithdrawnBecause,
        string Content);

    // The intake has read the query and the content; the parameter describes the former.
    private static async Task<Results<Created<DocumentView>, Ok<DocumentView>>> Upload([AsParameters] UploadQuery query, HttpContext http, Caller caller, DocumentsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var upload = http.Features.GetRequiredFeature<ReceivedUpload>();
        var announced = upload.Announced;
        var place = announced.Place;
        (await db.AccessToAsync(place.Season, place.Unit, ct)).RequireChangeable(); // it may have been submitted while the content came in

        // Two uploads of one content at one moment: the second waits here and then finds the first.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({$"{place.Season}\n{place.Unit}\n{place.Criterion}\n{upload.Sha256}"}, 1))", ct);
        var existing = await db.Evidence.SingleOrDefaultAsync(
            e => e.Season == place.Season && e.Unit == place.Unit && e.Criterion == place.Criterion && e.Sha256 == upload.Sha256 && e.State == EvidenceState.Stored, ct);
        if (existing is not null)
        {
            Preconditions.Set(http.Response, existing.RowVersion);
            return TypedResults.Ok(View(existing));
        }

        var evidence = Evidence.Store(place, announced.FileName, announced.Kind.MediaType, upload.Size, upload.Sha256, announced.Paper, caller.Subject, clock.GetUtcNow());
        db.Add(evidence);
        db.Publish(new EvidenceStored
        {
            EvidenceId = evidence.Id,
            Season = evidence.Season,
            Unit = evidence.Unit,
            Criterion = evidence.Criterion,
            FileName = evidence.FileName,
            ContentType = evidence.ContentType,
            Size = evidence.Size,
            Sha256 = evidence.Sha256,
            At = evidence.StoredAt,
        });
        await db.SaveChangesAsync(ct);
        Preconditions.Set(http.Response, evidence.RowVersion);
        return TypedResults.Created($"/api/v1/documents/{evidence.Id}", View(evidence));
    }

    private static async Task<Results<Ok<Page<DocumentView>>, NotFound>> List(
        string season, string unit, string? criterion, [AsParameters] PageQuery page, Caller caller, DocumentsDbContext db, CancellationToken ct)
    {
        var access = await db.AccessToAsync(season, unit, ct);
        if (!access.MayBeSeenBy(Reader(caller)))
        {
            return TypedResults.NotFound();
        }

        var found = db.Evidence.AsNoTracking().Where(e => e.Season == season && e.Unit == unit && e.State == EvidenceState.Stored);
        if (criterion is not null)
        {
            found = found.Where(e => e.Criterion == criterion);
        }

        if (Guid.TryParse(page.After, out var after))
        {
            found = found.Where(e => e.Id > after);
        }

        var views = await found.OrderBy(e => e.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(views.ConvertAll(View), page.Size, view => view.Id.ToString()));
    }

    private static async Task<Results<Ok<DocumentView>, NotFound>> Get(Guid id, Caller caller, HttpResponse response, DocumentsDbContext db, CancellationToken ct)
    {
        if (await VisibleAsync(id, caller, db, ct) is not { } evidence)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, evidence.RowVersion);
        return TypedResults.Ok(View(evidence));
    }

    private static async Task<Results<FileStreamHttpResult, NotFound>> Download(
        Guid id, Caller caller, HttpResponse response, DocumentsDbContext db, ContentStore store, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await VisibleAsync(id, caller, db, ct) is not { } evidence)
        {
            return TypedResults.NotFound();
        }

        if (await store.OpenAsync(ContentArea.Evidence, evidence.Sha256, ct) is not { } content)
        {
            throw new InvalidOperationException($"The content of evidence {id} is not in the store.");
        }

        db.RecordAbout(journal, clock, "GET /api/v1/documents/{id}/content", evidence.Unit, $"{nameof(Evidence)}/{id}");
        await db.SaveChangesAsync(ct); // who read it is known before a byte leaves

        // What a unit handed in is never shown as a page of ours, whatever is in it.
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Stream(
            content,
            evidence.ContentType,
            evidence.FileName,
            evidence.StoredAt,
            new EntityTagHeaderValue($"\"{evidence.Sha256}\""),
            enableRangeProcessing: true);
    }

    private static async Task<Results<NoContent, NotFound>> Withdraw(
        Guid id, string? reason, Caller caller, HttpRequest request, DocumentsDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Evidence.FindAsync([id], ct) is not { } evidence || !caller.BelongsTo(evidence.Unit))
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(request, evidence.RowVersion);
        (await db.AccessToAsync(evidence.Season, evidence.Unit, ct)).RequireChangeable();
        var because = VietnameseText.Normalize(reason ?? "") is { Length: > 0 } given ? given : "Đơn vị rút lại.";
        if (because.Length > Evidence.LongestReason)
        {
            throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("TOO_LONG", "/reason", $"Tối đa {Evidence.LongestReason} ký tự.")]);
        }

        evidence.Withdraw(because, clock.GetUtcNow());
        journal.Because(because);
        db.Publish(new EvidenceRejected
        {
            EvidenceId = evidence.Id,
            Season = evidence.Season,
            Unit = evidence.Unit,
            Criterion = evidence.Criterion,
            Reason = because,
            At = evidence.WithdrawnAt!.Value,
        });
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<Evidence?> VisibleAsync(Guid id, Caller caller, DocumentsDbContext db, CancellationToken ct)
    {
        if (await db.Evidence.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, ct) is not { } evidence)
        {
            return null;
        }

        var access = await db.AccessToAsync(evidence.Season, evidence.Unit, ct);
        var visible = evidence.State == EvidenceState.Withdrawn ? access.WithdrawnMayBeSeenBy(Reader(caller)) : access.MayBeSeenBy(Reader(caller));
        return visible ? evidence : null;
    }

    private static EvidenceReader Reader(Caller caller) => new(
        caller.Is(s_unit) ? caller.Unit : null, caller.Is(Roles.Appraiser, Roles.AppraisalHead), caller.Is(Roles.Auditor), caller.Is(Roles.UnitHead), caller.Is(s_council));

    private static DocumentView View(Evidence evidence) => new(
        evidence.Id,
        evidence.Season,
        evidence.Unit,
        evidence.Criterion,
        evidence.FileName,
        evidence.ContentType,
        evidence.Size,
        evidence.Sha256,
        evidence.PaperNumber,
        evidence.PaperDate,
        evidence.PaperIssuer,
        evidence.State,
        evidence.StoredBy,
        evidence.StoredAt,
        evidence.WithdrawnAt,
        evidence.WithdrawnBecause,
        $"/api/v1/documents/{evidence.Id}/content");
}
