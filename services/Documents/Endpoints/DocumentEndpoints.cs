using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
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
            .WithMetadata(new ReceivesFile(), new StreamedBody(), new RequestSizeLimitAttribute(settings.UploadLimit))
            .WithSummary("Gửi tệp minh chứng cho một tiêu chí của bảng chấm điểm")
            .WithFileBody(settings.AllowedTypes).ProducesProblem(StatusCodes.Status404NotFound)
            .WithDescription("Nội dung tệp là toàn bộ thân của yêu cầu, Content-Type là loại tệp. Chỉ đơn vị của mình, khi bảng chưa gửi hoặc đã được trả lại. Gửi lại đúng tệp đó cho cùng tiêu chí thì nhận lại minh chứng đã có (200).");
        documents.MapGet("/", List).AllowRoles(s_readers).WithSummary("Danh sách minh chứng của một đơn vị trong năm thi đua");
        documents.MapGet("/{id:guid}", Get).WithETag().AllowRoles(s_readers).WithSummary("Thông tin một minh chứng");
        documents.MapGet("/{id:guid}/content", Download).WithFileAnswer([.. FileKind.Known.Select(kind => kind.MediaType)]).AllowRoles(s_readers)
            .WithSummary("Tải tệp minh chứng")
            .WithDescription("Hỗ trợ Range và If-None-Match. Mỗi lần tải được ghi nhật ký. Đang cách ly: 409; có mã độc hoặc hết thời hạn bảo quản: 410.");
        documents.MapPut("/{id:guid}/paper", Correct).WithIfMatch().WithETag().AllowRoles(s_unit)
            .WithSummary("Sửa số, ngày, cơ quan ban hành của văn bản")
            .WithDescription("Cần If-Match. Chỉ đơn vị của mình, khi bảng chưa gửi hoặc đã được trả lại. Giá trị thiếu hoặc null là không khai; các đề xuất từ tên tệp và nội dung vẫn còn.");
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
    /// <param name="Sha256">The hash that the content shall have; checked before it is taken.</param>
    public sealed record UploadQuery(
        [property: FromQuery(Name = "season")] string Season,
        [property: FromQuery(Name = "unit")] string Unit,
        [property: FromQuery(Name = "criterion")] string Criterion,
        [property: FromQuery(Name = "filename")] string Filename,
        [property: FromQuery(Name = "number")] string? Number,
        [property: FromQuery(Name = "date")] DateOnly? Date,
        [property: FromQuery(Name = "issuer")] string? Issuer,
        [property: FromQuery(Name = "sha256")] string? Sha256)
    {
        private const int LongestCode = 60;

        /// <summary>Reads and checks everything at once; the file's name is checked as it came, by itself.</summary>
        /// <exception cref="RuleViolationException">422 with each parameter that is missing or wrong.</exception>
        internal static UploadQuery Read(Func<string, string> given)
        {
            var errors = new List<Violation>();
            string Text(string name, int longest, bool required)
            {
                var text = VietnameseText.Normalize(given(name));
                if (text.Length == 0 && required)
                {
                    errors.Add(new Violation("MISSING_PROPERTY", "/" + name, "Thiếu tham số bắt buộc."));
                }
                else if (text.Length > longest)
                {
                    errors.Add(new Violation("TOO_LONG", "/" + name, $"Tối đa {longest} ký tự."));
                }
                else if (text.Contains('\0', StringComparison.Ordinal))
                {
                    errors.Add(new Violation("WRONG_TYPE", "/" + name, "Có ký tự không hợp lệ."));
                }

                return text;
            }

            var read = new UploadQuery(
                Text("season", LongestCode, required: true),
                Text("unit", LongestCode, required: true),
                Text("criterion", LongestCode, required: true),
                Text("filename", 1000, required: true).Length > 0 ? given("filename") : "",
                Text("number", PaperReferenceBody.LongestNumber, required: false) is { Length: > 0 } number ? number : null,
                null,
                Text("issuer", PaperReferenceBody.LongestIssuer, required: false) is { Length: > 0 } issuer ? issuer : null,
                Text("sha256", 64, required: false) is { Length: > 0 } sha256 ? sha256.ToLowerInvariant() : null);
            if (read.Sha256 is { } hash && !(hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower)))
            {
                errors.Add(new Violation("WRONG_TYPE", "/sha256", "Phải là mã băm SHA-256: 64 chữ số hệ 16."));
            }

            if (given("date") is { Length: > 0 } day)
            {
                if (DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
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

    // The intake has read the query and the content; the parameter describes the former.
    private static async Task<Results<Created<DocumentView>, Ok<DocumentView>>> Upload(
        [AsParameters] UploadQuery query, HttpContext http, Caller caller, DocumentsDbContext db, EvidenceIntake intake, DocumentViews views, CancellationToken ct)
    {
        var upload = http.Features.GetRequiredFeature<ReceivedUpload>();
        var (evidence, isNew) = await intake.StoreAsync(upload.Announced.Place, upload.File, upload.Announced.Paper, caller.Subject, upload: null, ct);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(http.Response, evidence.RowVersion);
        var view = await views.OfAsync(evidence, Reader(caller), ct);
        return isNew ? TypedResults.Created($"/api/v1/documents/{evidence.Id}", view) : TypedResults.Ok(view);
    }

    private static async Task<Results<Ok<Page<DocumentView>>, NotFound>> List(
        string season, string unit, string? criterion, [AsParameters] PageQuery page, Caller caller, DocumentsDbContext db, DocumentViews views, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        var access = await db.AccessToAsync(season, unit, ct);
        var reader = Reader(caller);
        if (!access.MayBeSeenBy(reader))
        {
            return TypedResults.NotFound();
        }

        var found = db.Evidence.AsNoTracking().Where(e => e.Season == season && e.Unit == unit && e.State != EvidenceState.Withdrawn);
        if (criterion is not null)
        {
            found = found.Where(e => e.Criterion == criterion);
        }

        if (page.AfterAs<Guid>() is { } after)
        {
            found = found.Where(e => e.Id > after);
        }

        var evidence = await found.OrderBy(e => e.Id).Take(page.Size + 1).ToListAsync(ct);
        if (!reader.BelongsTo(unit))
        {
            db.RecordAbout(journal, clock, "GET /api/v1/documents", unit, $"Evidence/{season},{unit}");
            await db.SaveChangesAsync(ct);
        }

        return TypedResults.Ok(Page.Of(await views.OfAsync(evidence, reader, ct), page.Size, view => view.Id.ToString()));
    }

    private static async Task<Results<Ok<DocumentView>, NotFound>> Get(
        Guid id, Caller caller, HttpResponse response, DocumentsDbContext db, DocumentViews views, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await VisibleAsync(id, caller, db, ct) is not { } evidence)
        {
            return TypedResults.NotFound();
        }

        db.RecordAbout(journal, clock, "GET /api/v1/documents/{id}", evidence.Unit, $"{nameof(Evidence)}/{id}");
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, evidence.RowVersion);
        return TypedResults.Ok(await views.OfAsync(evidence, Reader(caller), ct));
    }

    private static async Task<Results<FileStreamHttpResult, NotFound, StatusProblem>> Download(
        Guid id, Caller caller, HttpResponse response, DocumentsDbContext db, ContentStore store, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await VisibleAsync(id, caller, db, ct) is not { } evidence)
        {
            return TypedResults.NotFound();
        }

        if (!evidence.HasContent)
        {
            return evidence switch
            {
                { State: EvidenceState.Quarantined } => new StatusProblem(StatusCodes.Status409Conflict, "evidence-quarantined", "Tệp đang chờ quét mã độc; chưa ai tải được."),
                { State: EvidenceState.Rejected } => new StatusProblem(StatusCodes.Status410Gone, "content-infected", "Tệp có mã độc và đã bị xóa."),
                _ => new StatusProblem(StatusCodes.Status410Gone, "content-deleted", "Tệp đã hết thời hạn bảo quản và đã bị xóa."),
            };
        }

        db.RecordAbout(journal, clock, "GET /api/v1/documents/{id}/content", evidence.Unit, $"{nameof(Evidence)}/{id}");
        await db.SaveChangesAsync(ct); // who read it is known before a byte leaves
        if (await store.OpenAsync(ContentArea.Evidence, evidence.Sha256, ct) is not { } content)
        {
            throw new InvalidOperationException($"The content of evidence {id} is not in the store.");
        }

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

    /// <summary>Says anew what the paper is: the unit's own word, beside which the proposals stay.</summary>
    private static async Task<Results<Ok<DocumentView>, NotFound>> Correct(
        Guid id, PaperReferenceBody body, Caller caller, HttpContext http, DocumentsDbContext db, DocumentViews views, CancellationToken ct)
    {
        if (await db.Evidence.FindAsync([id], ct) is not { } evidence || !caller.BelongsTo(evidence.Unit))
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(http.Request, evidence.RowVersion);
        (await db.AccessToAsync(evidence.Season, evidence.Unit, ct)).RequireChangeable();
        evidence.Correct(body.Read());
        await db.SaveChangesAsync(ct);
        Preconditions.Set(http.Response, evidence.RowVersion);
        return TypedResults.Ok(await views.OfAsync(evidence, Reader(caller), ct));
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
        db.Publish(EvidenceIntake.Rejected(evidence, because, evidence.WithdrawnAt!.Value));
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
}
