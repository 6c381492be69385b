using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>Gửi tệp nhiều lần: evidence that arrives over several requests, by the tus protocol 1.0.0 (creation, checksum, termination, expiration).</summary>
public static class UploadEndpoints
{
    private static readonly string[] s_unit = [Roles.UnitClerk, Roles.UnitHead];
    private static readonly string[] s_metadata = ["season", "unit", "criterion", "filename", "filetype", "number", "date", "issuer", "sha256"];

    public static void MapUploads(this RouteGroupBuilder api)
    {
        var settings = ((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<IOptions<DocumentsSettings>>().Value;
        var uploads = api.MapGroup("/documents/uploads").WithTags("Documents");

        uploads.MapMethods("/", [HttpMethods.Options], Capabilities).AllowRoles(s_unit).WithMetadata(new SpeaksTus(false), new KeepsNoAnswer()).ExcludeFromDescription()
            .WithSummary("Khả năng của việc gửi tệp nhiều lần (tus)")
            .WithDescription("Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm.");
        uploads.MapPost("/", Begin).AllowRoles(s_unit).WithMetadata(new SpeaksTus(true), new KeepsNoAnswer())
            .WithTusHeaders(creates: true)
            .WithSummary("Bắt đầu gửi một tệp minh chứng qua nhiều lần (tus)")
            .WithDescription("Không có thân. Upload-Metadata có season, unit, criterion, filename, filetype và tùy chọn number, date, issuer, sha256 (mã băm của cả tệp); giá trị là base64. Location là địa chỉ để gửi tiếp.");
        uploads.MapGet("/{id:guid}", Get).AllowRoles(s_unit).WithMetadata(new SpeaksTus(false)).WithUploadId()
            .WithSummary("Tình trạng của một lần gửi tệp")
            .WithDescription("RECEIVING, FINISHED (kèm minh chứng), REFUSED (kèm lý do), TERMINATED hoặc EXPIRED.");
        uploads.MapMethods("/{id:guid}", [HttpMethods.Head], Head).AllowRoles(s_unit).WithMetadata(new SpeaksTus(true))
            .ExcludeFromDescription() // an answer without a body, which an API document cannot show as others
            .WithSummary("Đã nhận được bao nhiêu byte (tus)")
            .WithDescription("Upload-Offset là nơi gửi tiếp; số byte này không mất khi dịch vụ bị ngắt.");
        uploads.MapMethods("/{id:guid}", [HttpMethods.Patch], Continue).AllowRoles(s_unit)
            .WithMetadata(new SpeaksTus(true), new ReceivesPart(), new StreamedBody(), new KeepsNoAnswer(), new RequestSizeLimitAttribute(settings.UploadLimit))
            .WithTusHeaders(creates: false)
            .WithPartBody()
            .WithSummary("Gửi tiếp một phần của tệp (tus)")
            .WithDescription("Thân là các byte từ Upload-Offset; HEAD cùng địa chỉ cho biết đã nhận bao nhiêu. Upload-Checksum tùy chọn. Khi đủ, tệp được kiểm tra và thành minh chứng (Content-Location), hoặc bị từ chối (422).");
        uploads.MapDelete("/{id:guid}", Terminate).AllowRoles(s_unit).WithMetadata(new SpeaksTus(true), new KeepsNoAnswer())
            .WithTusHeaders(creates: false)
            .WithSummary("Bỏ một lần gửi tệp còn dở (tus)")
            .WithDescription("Phần đã gửi được xóa.");
    }

    /// <summary>An upload as it stands.</summary>
    /// <param name="Offset">Bytes received.</param>
    /// <param name="Document">Address of the evidence that it has become.</param>
    /// <param name="Refusal">Why it was refused.</param>
    public sealed record UploadView(
        Guid Id, string Season, string Unit, string Criterion, string FileName, long Offset, long Length, UploadState State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string? Document, UploadRefusal? Refusal);

    /// <summary>Why an upload was refused: as the request that ended it was told.</summary>
    public sealed record UploadRefusal(string Code, string Detail, IReadOnlyList<Violation> Errors);

    /// <summary>Answers for an upload that is over, and says that it did.</summary>
    internal static async Task<bool> RefuseOverAsync(HttpContext context, EvidenceUpload upload)
    {
        (int Status, string Code, string Detail)? over = upload.State switch
        {
            UploadState.Finished => (StatusCodes.Status409Conflict, "upload-finished", "Tệp này đã gửi xong."),
            UploadState.Refused => (StatusCodes.Status410Gone, "upload-refused", "Tệp này đã bị từ chối."),
            UploadState.Terminated => (StatusCodes.Status410Gone, "upload-terminated", "Lần gửi này đã bị bỏ."),
            UploadState.Expired => (StatusCodes.Status410Gone, "upload-expired", "Lần gửi này đã quá hạn."),
            _ => null,
        };
        if (over is { } refusal)
        {
            await Problems.WriteAsync(context, refusal.Status, refusal.Code, refusal.Detail);
        }

        return over is not null;
    }

    private static NoContent Capabilities(HttpResponse response, IOptions<DocumentsSettings> settings)
    {
        response.Headers["Tus-Version"] = Tus.Version;
        response.Headers["Tus-Extension"] = Tus.Extensions;
        response.Headers["Tus-Checksum-Algorithm"] = Tus.Algorithms;
        Tus.Set(response, "Tus-Max-Size", settings.Value.UploadLimit);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Created, NotFound, StatusProblem>> Begin(
        HttpContext http, Caller caller, DocumentsDbContext db, EvidenceIntake intake, IOptions<DocumentsSettings> settings, TimeProvider clock, CancellationToken ct)
    {
        if (Tus.Number(http.Request, Tus.LengthHeader) is not { } length)
        {
            return new StatusProblem(StatusCodes.Status400BadRequest, "bad-request", $"Thiếu {Tus.LengthHeader}, hoặc không phải số nguyên.");
        }

        var header = http.Request.Headers[Tus.MetadataHeader].ToString();
        var metadata = Tus.ReadMetadata(header);
        RuleViolationException.ThrowIfAny([.. metadata.Keys.Except(s_metadata).Select(key => new Violation("UNKNOWN_PROPERTY", "/" + key, $"Không có thuộc tính “{key}”."))]);
        var query = DocumentEndpoints.UploadQuery.Read(name => metadata.GetValueOrDefault(name) ?? "");
        var place = query.Place();
        if (!caller.BelongsTo(place.Unit))
        {
            return TypedResults.NotFound();
        }

        var name = FileName.Clean(query.Filename);
        var kind = FileKind.Of(name, metadata.GetValueOrDefault("filetype"), FileKind.Named(settings.Value.AllowedTypes));
        if (length == 0)
        {
            kind.RequireBeginning([]);
        }

        if (length > settings.Value.Limits.Of(kind))
        {
            return new StatusProblem(StatusCodes.Status413PayloadTooLarge, "content-too-large", $"Tệp {kind.Name} tối đa {settings.Value.Limits.Of(kind)} byte.");
        }

        await intake.CountAloneAsync(place, ct);
        await intake.RequireWelcomeAsync(place, length, self: null, ct);
        var upload = EvidenceUpload.Begin(place, name, kind, query.Paper(), length, query.Sha256, header, caller.Subject, clock.GetUtcNow(), TimeSpan.FromHours(settings.Value.UploadHours));
        db.Add(upload);
        await db.SaveChangesAsync(ct);
        Tus.SetExpires(http.Response, upload.ExpiresAt);
        return TypedResults.Created($"/api/v1/documents/uploads/{upload.Id}");
    }

    private static async Task<Results<Ok<UploadView>, NotFound>> Get(Guid id, Caller caller, HttpResponse response, DocumentsDbContext db, CancellationToken ct)
    {
        if (await OwnAsync(id, caller, db, ct) is not { } upload)
        {
            return TypedResults.NotFound();
        }

        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(View(upload));
    }

    private static async Task<IResult> Head(Guid id, Caller caller, HttpContext http, DocumentsDbContext db, CancellationToken ct)
    {
        if (await OwnAsync(id, caller, db, ct) is not { } upload)
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.CacheControl = "no-store";
        if (upload.State is UploadState.Refused or UploadState.Terminated or UploadState.Expired)
        {
            return TypedResults.StatusCode(StatusCodes.Status410Gone);
        }

        Tus.Set(http.Response, Tus.OffsetHeader, upload.Received);
        Tus.Set(http.Response, Tus.LengthHeader, upload.Length);
        Tus.SetExpires(http.Response, upload.ExpiresAt);
        http.Response.Headers[Tus.MetadataHeader] = upload.Metadata;
        return TypedResults.Ok();
    }

    // The intake has received the part and, when it was the last, made evidence of the whole.
    private static NoContent Continue(Guid id, HttpContext http)
    {
        var upload = http.Features.GetRequiredFeature<ReceivedPart>().Upload;
        Tus.Set(http.Response, Tus.OffsetHeader, upload.Received);
        Tus.SetExpires(http.Response, upload.ExpiresAt);
        if (upload.EvidenceId is { } evidence)
        {
            http.Response.Headers.ContentLocation = $"/api/v1/documents/{evidence}";
        }

        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, NotFound, StatusProblem>> Terminate(Guid id, Caller caller, DocumentsDbContext db, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from evidence_uploads where id = {id} for update", ct); // it may be finishing
        if (await db.Uploads.SingleOrDefaultAsync(u => u.Id == id, ct) is not { } upload || !caller.BelongsTo(upload.Unit))
        {
            return TypedResults.NotFound();
        }

        if (upload.State == UploadState.Finished)
        {
            return new StatusProblem(StatusCodes.Status409Conflict, "upload-finished", "Tệp này đã gửi xong; hãy rút minh chứng.");
        }

        if (upload.State != UploadState.Receiving)
        {
            return new StatusProblem(StatusCodes.Status410Gone, "upload-terminated", "Lần gửi này đã kết thúc.");
        }

        upload.Terminate();
        await db.SaveChangesAsync(ct); // the file goes with the next housekeeping, after this is committed
        return TypedResults.NoContent();
    }

    private static async Task<EvidenceUpload?> OwnAsync(Guid id, Caller caller, DocumentsDbContext db, CancellationToken ct) =>
        await db.Uploads.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, ct) is { } upload && caller.BelongsTo(upload.Unit) ? upload : null;

    private static UploadView View(EvidenceUpload upload)
    {
        JsonElement? refusal = upload.Refusal is null ? null : JsonElement.Parse(upload.Refusal);
        return new UploadView(
            upload.Id, upload.Season, upload.Unit, upload.Criterion, upload.FileName, upload.Received, upload.Length, upload.State, upload.CreatedAt, upload.ExpiresAt,
            upload.EvidenceId is { } evidence ? $"/api/v1/documents/{evidence}" : null,
            refusal is { ValueKind: JsonValueKind.Object } why
                ? new UploadRefusal(
                    upload.RefusedWith!, why.GetProperty("detail").GetString()!,
                    [.. why.GetProperty("errors").EnumerateArray().Select(error => new Violation(error.GetProperty("code").GetString()!, error.GetProperty("path").GetString()!, error.GetProperty("message").GetString()!))])
                : null);
    }
}
