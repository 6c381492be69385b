using Microsoft.Extensions.Options;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>An upload whose content lies in its place; what is left is its row.</summary>
internal sealed record ReceivedUpload(Announced Announced, EvidenceFile File);

/// <summary>Marks the endpoint whose whole body is a file.</summary>
internal sealed record ReceivesFile;

/// <summary>What a caller says of the content that is about to come.</summary>
internal sealed record Announced(EvidencePlace Place, string FileName, FileKind Kind, PaperReference Paper, string? Sha256);

/// <summary>
/// Receives the content of an upload before its transaction begins: a slow line must not hold one of the few connections
/// to the database. Everything that can be refused is refused before the first byte is read; the endpoint asks again.
/// </summary>
internal sealed class UploadIntake(RequestDelegate next, IOptions<DocumentsSettings> settings)
{
    private readonly IReadOnlyList<FileKind> _allowed = FileKind.Named(settings.Value.AllowedTypes);

    public async Task InvokeAsync(HttpContext context, EvidenceIntake intake, Staging staging, ContentStore store)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ReceivesFile>() is null)
        {
            await next(context);
            return;
        }

        if (context.Request.Headers.ContentEncoding.Count > 0)
        {
            await Problems.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, detail: "Tệp phải được gửi nguyên dạng, không kèm Content-Encoding.");
            return;
        }

        var ct = context.RequestAborted;
        var upload = DocumentEndpoints.UploadQuery.Read(name => context.Request.Query[name].ToString());
        var place = upload.Place();
        if (!Caller.Of(context.User).BelongsTo(place.Unit))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await intake.RequireWelcomeAsync(place, context.Request.ContentLength ?? 0, self: null, ct);
        var name = FileName.Clean(upload.Filename);
        var kind = FileKind.Of(name, context.Request.ContentType, _allowed);
        var limit = settings.Value.Limits.Of(kind);
        try
        {
            if (context.Request.ContentLength > limit)
            {
                throw new ContentTooLongException(limit);
            }

            context.Features.Set(await ReceiveAsync(context.Request.Body, new Announced(place, name, kind, upload.Paper(), upload.Sha256), limit, staging, store, ct));
        }
        catch (ContentTooLongException)
        {
            await Problems.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, detail: $"Tệp {kind.Name} tối đa {limit} byte.");
            return;
        }

        await next(context);
    }

    // Ends before the endpoint begins: while the received file is open it is locked against readers.
    private static async Task<ReceivedUpload> ReceiveAsync(Stream body, Announced upload, long limit, Staging staging, ContentStore store, CancellationToken ct)
    {
        using var incoming = await staging.ReceiveAsync(body, upload.Kind.RequireBeginning, limit, ct);
        var (_, sha256, size, _) = incoming.Staged;
        if (upload.Sha256 is { } announced && announced != sha256)
        {
            throw new RuleViolationException("file-refused", "Không nhận tệp này.", [new Violation("HASH_MISMATCH", "/sha256", "Tệp nhận được không đúng mã băm SHA-256 đã báo trước.")]);
        }

        var text = ReceivedContent.Check(incoming.Stream, upload.Kind);
        await store.KeepAsync(ContentArea.Evidence, incoming.Staged, ct);
        return new ReceivedUpload(upload, new EvidenceFile(upload.FileName, upload.Kind.MediaType, size, sha256, text));
    }
}
