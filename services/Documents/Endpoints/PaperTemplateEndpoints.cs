using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>Mẫu văn bản: templates as data, which a department edits in Word.</summary>
public static class PaperTemplateEndpoints
{
    private const int UploadLimit = 4 * 1024 * 1024;

    public static void MapPaperTemplates(this RouteGroupBuilder api)
    {
        var templates = api.MapGroup("/paper-templates").WithTags("Papers");
        string[] readers = [Roles.Admin, Roles.Appraiser, Roles.AppraisalHead, Roles.CouncilSecretary, Roles.UnitClerk, Roles.UnitHead, Roles.Auditor];
        string[] writers = [Roles.Admin, Roles.AppraisalHead];

        templates.MapGet("/", List).AllowRoles(readers)
            .WithSummary("Các mẫu văn bản và trường dữ liệu của từng mẫu")
            .WithDescription("Trong mẫu, {{tên}} là một trường; đoạn hoặc dòng bảng có {{danh_sách.tên}} lặp lại theo danh sách; đoạn {{matrix}} được thay bằng bảng.");
        templates.MapGet("/{kind}", Get).WithETag().AllowRoles(readers)
            .WithSummary("Một mẫu văn bản, kèm ETag");
        templates.MapGet("/{kind}/docx", Docx).WithFileAnswer(PaperFiles.Word).AllowRoles(readers)
            .WithSummary("Tải tệp mẫu").WithDescription("Không nêu version thì là phiên bản mới nhất; 0 là mẫu đi kèm sản phẩm.");
        templates.MapPut("/{kind}", Upload).WithIfMatch().WithETag().AllowRoles(writers)
            .WithMetadata(new RequestSizeLimitAttribute(UploadLimit)).WithFileBody(["docx"])
            .WithSummary("Thay mẫu văn bản")
            .WithDescription("Cần If-Match. Thân của yêu cầu là tệp docx. Tệp được kiểm tra trường dữ liệu và thể thức trước khi lưu; sai thì không lưu gì (template-refused, layout-refused). Mọi phiên bản được giữ.");
        templates.MapPost("/{kind}/check", Check).AllowRoles(writers)
            .WithMetadata(new RequestSizeLimitAttribute(UploadLimit)).WithFileBody(["docx"])
            .WithSummary("Kiểm tra thử một tệp mẫu, không lưu")
            .WithDescription("Trả lời mọi điều tìm thấy về trường dữ liệu và thể thức theo Nghị định 30/2020/NĐ-CP.");
    }

    /// <param name="Kind">Loại văn bản.</param>
    /// <param name="Name">Tên loại.</param>
    /// <param name="Version">0 là mẫu đi kèm sản phẩm.</param>
    /// <param name="Sha256">Của tệp.</param>
    /// <param name="Fields">Trường bắt buộc.</param>
    /// <param name="OptionalFields">Trường tùy chọn.</param>
    /// <param name="Lists">Danh sách.</param>
    /// <param name="HasMatrix">Có bảng {{matrix}}.</param>
    /// <param name="Docx">Địa chỉ tệp.</param>
    public sealed record PaperTemplateView(
        PaperKind Kind, string Name, int Version, string Sha256, string? UploadedBy, DateTimeOffset? UploadedAt,
        IReadOnlyList<TemplateField> Fields, IReadOnlyList<TemplateField> OptionalFields, IReadOnlyList<TemplateList> Lists, bool HasMatrix, string Docx);

    /// <param name="Name">Tên trường.</param>
    /// <param name="Description">Ý nghĩa.</param>
    public sealed record TemplateField(string Name, string Description);

    /// <param name="Name">Tên danh sách.</param>
    /// <param name="Fields">Trường của một mục.</param>
    public sealed record TemplateList(string Name, IReadOnlyList<TemplateField> Fields);

    /// <param name="Accepted">Có thể thay mẫu bằng tệp này.</param>
    /// <param name="Findings">Điều tìm thấy.</param>
    public sealed record TemplateCheck(bool Accepted, IReadOnlyList<Violation> Findings);

    private static async Task<Ok<Page<PaperTemplateView>>> List(DocumentsDbContext db, PaperTemplates templates, CancellationToken ct)
    {
        var stored = await db.Templates.AsNoTracking().GroupBy(template => template.Kind).Select(versions => versions.OrderByDescending(template => template.Version).First()).ToListAsync(ct);
        return TypedResults.Ok(new Page<PaperTemplateView>(
            [.. Enum.GetValues<PaperKind>().Select(kind => View(kind, stored.Find(template => template.Kind == kind), templates))], null));
    }

    private static async Task<Results<Ok<PaperTemplateView>, NotFound>> Get(string kind, HttpResponse response, DocumentsDbContext db, PaperTemplates templates, CancellationToken ct)
    {
        if (!UpperSnake.TryParse<PaperKind>(kind, out var known))
        {
            return TypedResults.NotFound();
        }

        var stored = await LatestAsync(db, known, ct);
        Preconditions.Set(response, stored?.RowVersion ?? 0);
        return TypedResults.Ok(View(known, stored, templates));
    }

    private static async Task<Results<FileStreamHttpResult, NotFound>> Docx(
        string kind, int? version, HttpResponse response, DocumentsDbContext db, PaperTemplates templates, ContentStore store, CancellationToken ct)
    {
        if (!UpperSnake.TryParse<PaperKind>(kind, out var known))
        {
            return TypedResults.NotFound();
        }

        var sha256 = version == 0 ? null
            : (version is null ? await LatestAsync(db, known, ct) : await db.Templates.AsNoTracking().SingleOrDefaultAsync(template => template.Kind == known && template.Version == version, ct))?.Sha256;
        if (sha256 is null && version is not (null or 0))
        {
            return TypedResults.NotFound();
        }

        return await PaperFiles.AnswerAsync(response, store, sha256 ?? await templates.KeepOwnAsync(known, ct), PaperFiles.Word, $"Mẫu {PaperNames.Of(known)}.docx", ct);
    }

    private static async Task<Results<Ok<PaperTemplateView>, NotFound>> Upload(
        string kind, UploadedTemplate file, Caller caller, HttpContext http, DocumentsDbContext db, PaperTemplates templates, ContentStore store, TimeProvider clock, CancellationToken ct)
    {
        if (!UpperSnake.TryParse<PaperKind>(kind, out var known))
        {
            return TypedResults.NotFound();
        }

        await db.InTurnAsync($"template/{kind}", ct);
        var latest = await LatestAsync(db, known, ct);
        Preconditions.Require(http.Request, latest?.RowVersion ?? 0);
        RuleViolationException.ThrowIfAny(TemplateTrial.Of(file.Content, known), "layout-refused", "Mẫu chưa đúng thể thức.");
        var sha256 = await store.KeepPaperAsync(file.Content, ct);
        var stored = new StoredTemplate { Kind = known, Version = 1 + (latest?.Version ?? 0), Sha256 = sha256, UploadedBy = caller.Subject, UploadedAt = clock.GetUtcNow() };
        db.Add(stored);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(http.Response, stored.RowVersion);
        return TypedResults.Ok(View(known, stored, templates));
    }

    private static Results<Ok<TemplateCheck>, NotFound> Check(string kind, UploadedTemplate file)
    {
        if (!UpperSnake.TryParse<PaperKind>(kind, out var known))
        {
            return TypedResults.NotFound();
        }

        IReadOnlyList<Violation> findings;
        try
        {
            findings = TemplateTrial.Of(file.Content, known);
        }
        catch (RuleViolationException refused) when (refused.Errors.Count > 0)
        {
            findings = refused.Errors;
        }

        return TypedResults.Ok(new TemplateCheck(findings.Count == 0, findings));
    }

    private static Task<StoredTemplate?> LatestAsync(DocumentsDbContext db, PaperKind kind, CancellationToken ct) =>
        db.Templates.AsNoTracking().Where(template => template.Kind == kind).OrderByDescending(template => template.Version).FirstOrDefaultAsync(ct);

    private static PaperTemplateView View(PaperKind kind, StoredTemplate? stored, PaperTemplates templates)
    {
        var form = PaperForms.Of(kind);
        return new PaperTemplateView(
            kind, PaperNames.Of(kind), stored?.Version ?? 0, stored?.Sha256 ?? templates.Own(kind).Sha256, stored?.UploadedBy, stored?.UploadedAt,
            Fields(form.Fields), Fields(form.OptionalFields), [.. form.Lists.OrderBy(list => list.Key, StringComparer.Ordinal).Select(list => new TemplateList(list.Key, Fields(list.Value)))],
            form.HasMatrix, $"/api/v1/paper-templates/{UpperSnake.Of(kind)}/docx");
    }

    private static IReadOnlyList<TemplateField> Fields(IReadOnlyDictionary<string, string> fields) =>
        [.. fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => new TemplateField(field.Key, field.Value))];

    /// <summary>A template as it came: read before the transaction begins, since a slow line must not hold a connection to the database.</summary>
    internal sealed record UploadedTemplate(byte[] Content)
    {
        public static async ValueTask<UploadedTemplate> BindAsync(HttpContext context)
        {
            if (context.Request.ContentType?.Split(';')[0].Trim() != PaperFiles.Word)
            {
                throw new BadHttpRequestException("A template is a docx.", StatusCodes.Status415UnsupportedMediaType);
            }

            using var content = new MemoryStream();
            await context.Request.Body.CopyToAsync(content, context.RequestAborted);
            return new UploadedTemplate(content.ToArray());
        }
    }
}
