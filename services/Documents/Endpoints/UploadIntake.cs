using Microsoft.Extensions.Options;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>An upload whose content lies in its place; what is left is its row.</summary>
internal sealed record ReceivedUpload(Announced Announced, long Size, string Sha256);

/// <summary>What a caller says of the content that is about to come.</summary>
internal sealed record Announced(EvidencePlace Place, string FileName, FileKind Kind, PaperReference Paper);

/// <summary>
/// Receives the content of an upload before its transaction begins: a slow line must not hold one of the few connections
/// to the database. Everything that can be refused is refused before the first byte is read; the endpoint asks again.
/// </summary>
internal sealed class UploadIntake(RequestDelegate next, IOptions<DocumentsSettings> settings)
{
    private readonly IReadOnlyList<FileKind> _allowed = FileKind.Named(settings.Value.AllowedTypes);

    public async Task InvokeAsync(HttpContext context, DocumentsDbContext db, Staging staging, ContentStore store)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<StreamedBody>() is null)
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
        var upload = DocumentEndpoints.UploadQuery.Read(context.Request.Query);
        var place = upload.Place();
        if (!Caller.Of(context.User).BelongsTo(place.Unit))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        (await db.AccessToAsync(place.Season, place.Unit, ct)).RequireChangeable();
        var name = FileName.Clean(upload.Filename);
        var kind = FileKind.Of(name, context.Request.ContentType, _allowed);
        if (context.Request.ContentLength > settings.Value.UploadLimit)
        {
            await Problems.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, detail: $"Tệp vượt quá giới hạn {settings.Value.UploadLimit} byte.");
            return;
        }

        context.Features.Set(await ReceiveAsync(context.Request.Body, new Announced(place, name, kind, upload.Paper()), staging, store, ct));
        await next(context);
    }

    // Ends before the endpoint begins: while the received file is open it is locked against readers.
    private static async Task<ReceivedUpload> ReceiveAsync(Stream body, Announced upload, Staging staging, ContentStore store, CancellationToken ct)
    {
        using var incoming = await staging.ReceiveAsync(body, upload.Kind.RequireBeginning, long.MaxValue, ct);
        upload.Kind.RequireContent(incoming.Stream);
        await store.KeepAsync(ContentArea.Evidence, incoming.Staged, ct);
        return new ReceivedUpload(upload, incoming.Staged.Size, incoming.Staged.Sha256);
    }
}
