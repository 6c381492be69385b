using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>Văn bản của mùa thi đua: drafting and reading them.</summary>
public static class PaperEndpoints
{
    public static void MapPapers(this RouteGroupBuilder api)
    {
        var papers = api.MapGroup("/papers").WithTags("Papers");

        papers.MapPost("/", Draft).WithETag().AllowRoles(PaperSight.Drafters)
            .WithSummary("Lập dự thảo một văn bản")
            .WithDescription("""
                Từ số liệu hiện có của hệ thống. Nêu cluster cho văn bản của cụm, khối; unit cho thông báo; award cho văn bản của một hình thức khen thưởng.
                Số liệu, mẫu và thể thức không đổi thì nhận lại văn bản đã có (200). Lỗi: not-known-yet, facts-missing (errors nêu từng số liệu còn thiếu), no-letterhead, wrong-letterhead, UNKNOWN_SIGNER.
                """);
        papers.MapGet("/", List).AllowRoles(PaperSight.Readers).WithNames<PaperKind>("kind").WithNames<PaperState>("state")
            .WithSummary("Danh sách văn bản được xem")
            .WithDescription("Mới nhất trước. Đơn vị thấy thông báo của mình và văn bản của cụm, khối mình sau khi ban hành; cụm trưởng, khối trưởng thấy cả dự thảo của cụm, khối.");
        papers.MapGet("/{id:guid}", Get).WithETag().AllowRoles(PaperSight.Readers)
            .WithSummary("Thông tin một văn bản, kèm ETag")
            .WithDescription("stale cho biết số liệu đã thay đổi sau khi lập dự thảo; dự thảo như vậy không ban hành được.");
        papers.MapGet("/{id:guid}/docx", Docx).WithFileAnswer(PaperFiles.Word).AllowRoles(PaperSight.Readers)
            .WithSummary("Tải tệp Word").WithDescription("Mỗi lần tải được ghi nhật ký.");
        papers.MapGet("/{id:guid}/pdf", Pdf).WithFileAnswer(PaperFiles.Pdf).ProducesProblem(StatusCodes.Status409Conflict).AllowRoles(PaperSight.Readers)
            .WithSummary("Tải tệp PDF").WithDescription("Tệp PDF lập từ tệp Word ở lần tải đầu tiên rồi giữ nguyên. Mỗi lần tải được ghi nhật ký. Lỗi: converter-missing, conversion-failed, conversion-timeout.");
        papers.MapGet("/{id:guid}/signed-pdf", SignedPdf).WithFileAnswer(PaperFiles.Pdf).AllowRoles(PaperSight.Readers)
            .WithSummary("Tải tệp PDF đã ký số").WithDescription("Chưa ký thì 404. Mỗi lần tải được ghi nhật ký.");
        papers.MapGet("/{id:guid}/signature", Signature).WithFileAnswer(PaperFiles.Signature).AllowRoles(PaperSight.Readers)
            .WithSummary("Tải chữ ký số tách rời (PKCS #7)").WithDescription("Của tệp PDF chưa ký. Chưa ký thì 404. Mỗi lần tải được ghi nhật ký.");
        papers.MapPaperSteps();
    }

    /// <param name="Kind">Loại văn bản.</param>
    /// <param name="Season">Mã kỳ thi đua.</param>
    /// <param name="Cluster">Mã cụm, khối.</param>
    /// <param name="Unit">Mã đơn vị.</param>
    /// <param name="Award">PROVINCIAL_FLAG, GOVERNMENT_FLAG hoặc CHAIRMAN_MERIT.</param>
    /// <param name="Letterhead">Mã thể thức.</param>
    /// <param name="Signer">Mã người ký trong thể thức của cơ quan.</param>
    /// <param name="SignerName">Họ tên người ký cho cụm, khối; không nêu thì để trống.</param>
    /// <param name="SecretaryName">Họ tên thư ký ghi biên bản; không nêu thì để trống.</param>
    public sealed record PaperRequest(
        PaperKind Kind, string Season, string? Cluster, string? Unit, string? Award, string Letterhead, string? Signer, string? SignerName, string? SecretaryName);

    private static async Task<Results<Created<PaperView>, Ok<PaperView>, NotFound>> Draft(
        PaperRequest request, Caller caller, HttpResponse response, DocumentsDbContext db, PaperPress press, CancellationToken ct)
    {
        RuleViolationException.ThrowIfAny([.. PaperSubject.Problems(request.Kind, request.Cluster, request.Unit, request.Award), .. TooLong(request)]);
        var actor = PaperSight.Actor(caller);
        var about = await AboutAsync(request, db, ct);
        if (!(await db.AccessToAsync(about, wasIssued: false, ct)).MayBeDraftedBy(actor))
        {
            return TypedResults.NotFound();
        }

        var (paper, isNew) = await press.DraftAsync(new PaperOrder(about, request.Letterhead, request.Signer, request.SignerName, request.SecretaryName, caller.Subject), ct);
        Preconditions.Set(response, paper.RowVersion);
        return isNew ? TypedResults.Created($"/api/v1/papers/{paper.Id}", PaperView.Of(paper, stale: false)) : TypedResults.Ok(PaperView.Of(paper, paper.State == PaperState.Draft ? false : null));
    }

    private static IEnumerable<Violation> TooLong(PaperRequest request) =>
        from name in new[] { (Path: "/signer_name", Value: request.SignerName), (Path: "/secretary_name", Value: request.SecretaryName) }
        where name.Value?.Length > Paper.LongestName || name.Value?.Contains('\n', StringComparison.Ordinal) == true
        select new Violation("TOO_LONG", name.Path, $"Một dòng, tối đa {Paper.LongestName} ký tự.");

    private static async Task<PaperSubject> AboutAsync(PaperRequest request, DocumentsDbContext db, CancellationToken ct)
    {
        if (request.Cluster is { } code)
        {
            var cluster = await db.ClusterAsync(request.Season, code, ct) ?? throw new NotKnownYetException($"Chưa biết cụm, khối {code} trong mùa thi đua này.");
            return new PaperSubject(request.Kind, request.Season, cluster.ClusterId);
        }

        if (request.Unit is { } unit)
        {
            var cluster = await db.Clusters.AsNoTracking().Where(known => known.Season == request.Season && known.Members.Contains(unit)).OrderBy(known => known.Id).FirstOrDefaultAsync(ct)
                ?? throw new NotKnownYetException($"Chưa biết cụm, khối của đơn vị {unit} trong mùa thi đua này.");
            return new PaperSubject(request.Kind, request.Season, cluster.Id, unit);
        }

        return new PaperSubject(request.Kind, request.Season, Award: request.Award);
    }

    private static async Task<Ok<Page<PaperView>>> List(
        string? season, Named<PaperKind>? kind, Named<PaperState>? state, string? cluster, string? unit, [AsParameters] PageQuery page, Caller caller, DocumentsDbContext db, CancellationToken ct)
    {
        var (ofKind, inState) = (kind?.Value, state?.Value);
        var found = db.VisibleTo(PaperSight.Actor(caller)).Where(paper =>
            (season == null || paper.Season == season) && (ofKind == null || paper.Kind == ofKind) && (inState == null || paper.State == inState)
            && (cluster == null || paper.Cluster == cluster) && (unit == null || paper.Unit == unit));
        if (page.After is { } cursor)
        {
            var after = Guid.TryParse(cursor, out var id) ? id : throw Cursor.Bad();
            found = found.Where(paper => paper.Id < after);
        }

        var papers = await found.OrderByDescending(paper => paper.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(papers.ConvertAll(paper => PaperView.Of(paper)), page.Size, view => $"{view.Id}"));
    }

    private static async Task<Results<Ok<PaperView>, NotFound>> Get(Guid id, Caller caller, HttpResponse response, DocumentsDbContext db, PaperPress press, CancellationToken ct)
    {
        if (await db.PaperAsync(id, caller, ct) is not { Paper: var paper })
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, paper.RowVersion);
        return TypedResults.Ok(PaperView.Of(paper, paper.State == PaperState.Draft ? await press.IsStaleAsync(paper, ct) : null));
    }

    private static async Task<Results<FileStreamHttpResult, NotFound>> Docx(
        Guid id, Caller caller, HttpContext http, DocumentsDbContext db, ContentStore store, JournalContext journal, TimeProvider clock, CancellationToken ct) =>
        await ReadableAsync(id, "docx", caller, db, journal, clock, ct) is { } paper
            ? await PaperFiles.AnswerAsync(http.Response, store, paper.Docx, PaperFiles.Word, NameOf(paper, "docx"), ct)
            : TypedResults.NotFound();

    private static async Task<Results<FileStreamHttpResult, NotFound>> Pdf(
        Guid id, Caller caller, HttpContext http, DocumentsDbContext db, ContentStore store, PaperPress press, JournalContext journal, TimeProvider clock, CancellationToken ct) =>
        await ReadableAsync(id, "pdf", caller, db, journal, clock, ct) is { } paper
            ? await PaperFiles.AnswerAsync(http.Response, store, await press.PdfOfAsync(paper.Docx, ct), PaperFiles.Pdf, NameOf(paper, "pdf"), ct)
            : TypedResults.NotFound();

    private static async Task<Results<FileStreamHttpResult, NotFound>> SignedPdf(
        Guid id, Caller caller, HttpContext http, DocumentsDbContext db, ContentStore store, JournalContext journal, TimeProvider clock, CancellationToken ct) =>
        await ReadableAsync(id, "signed-pdf", caller, db, journal, clock, ct) is { Signature: { } signature } paper
            ? await PaperFiles.AnswerAsync(http.Response, store, signature.SignedPdf, PaperFiles.Pdf, NameOf(paper, "signed.pdf"), ct)
            : TypedResults.NotFound();

    private static async Task<Results<FileStreamHttpResult, NotFound>> Signature(
        Guid id, Caller caller, HttpContext http, DocumentsDbContext db, ContentStore store, JournalContext journal, TimeProvider clock, CancellationToken ct) =>
        await ReadableAsync(id, "signature", caller, db, journal, clock, ct) is { Signature: { } signature } paper
            ? await PaperFiles.AnswerAsync(http.Response, store, signature.Detached, PaperFiles.Signature, NameOf(paper, "p7s"), ct)
            : TypedResults.NotFound();

    // Who read it is known before a byte leaves.
    private static async Task<Paper?> ReadableAsync(Guid id, string file, Caller caller, DocumentsDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await db.PaperAsync(id, caller, ct) is not { Paper: var paper } || (file is "signed-pdf" or "signature" && paper.Signature is null))
        {
            return null;
        }

        var (action, subject) = ($"GET /api/v1/papers/{{id}}/{file}", $"{nameof(Paper)}/{id}");
        if (paper.Unit is { } unit)
        {
            db.RecordAbout(journal, clock, action, unit, subject);
        }
        else
        {
            db.Record(journal, clock, action, subject);
        }

        await db.SaveChangesAsync(ct);
        return paper;
    }

    private static string NameOf(Paper paper, string extension) => string.Concat(
        PaperNames.Of(paper.Kind),
        paper.Symbol is { } symbol ? $" {symbol.Replace('/', '-')}" : "",
        paper.Cluster is { } cluster && paper.Unit is null ? $" {cluster}" : "",
        paper.Unit is { } unit ? $" {unit}" : "",
        paper.State == PaperState.Draft ? " (dự thảo)" : "",
        ".", extension);
}
