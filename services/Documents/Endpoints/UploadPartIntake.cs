using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>What a PATCH left of its upload.</summary>
internal sealed record ReceivedPart(EvidenceUpload Upload);

/// <summary>
/// Receives a part of a resumable upload before any transaction begins. Bytes are acknowledged only when they are flushed and the row says so;
/// what lies in the file beyond that is cut off by the next request. The file itself is the lock: one request writes, on any instance.
/// </summary>
internal sealed class UploadPartIntake(RequestDelegate next, IOptions<DocumentsSettings> settings, Staging staging, TimeProvider clock)
{
    private const int Block = 128 * 1024;
    private const long AcknowledgeEvery = 4 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext context, DocumentsDbContext db, UploadFinisher finisher)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<SpeaksTus>() is { } tus)
        {
            context.Response.Headers[Tus.ResumableHeader] = Tus.Version;
            if (tus.AsksVersion && context.Request.Headers[Tus.ResumableHeader] != Tus.Version)
            {
                context.Response.Headers["Tus-Version"] = Tus.Version;
                await Problems.WriteAsync(context, StatusCodes.Status412PreconditionFailed, "tus-version", $"Cần {Tus.ResumableHeader}: {Tus.Version}.");
                return;
            }
        }

        if (metadata?.GetMetadata<ReceivesPart>() is null)
        {
            await next(context);
            return;
        }

        var request = context.Request;
        if (request.ContentType != Tus.PartType || request.Headers.ContentEncoding.Count > 0)
        {
            await Problems.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, detail: $"Content-Type phải là {Tus.PartType}, không kèm Content-Encoding.");
            return;
        }

        if (await FindAsync(context, db) is not { } found)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (Tus.Number(request, Tus.OffsetHeader) is not { } offset)
        {
            await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, detail: $"Thiếu {Tus.OffsetHeader}, hoặc không phải số nguyên.");
            return;
        }

        if (!Checksum.TryRead(request.Headers[Tus.ChecksumHeader].ToString(), out var checksum))
        {
            await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "checksum-unknown", $"{Tus.ChecksumHeader} phải có dạng “sha256 (base64)”; nhận {Tus.Algorithms}.");
            return;
        }

        using (checksum)
        {
            if (await TakeAsync(context, found, offset, checksum, db, finisher) is { } upload)
            {
                context.Features.Set(new ReceivedPart(upload));
                await next(context);
            }
        }
    }

    private static async Task<EvidenceUpload?> FindAsync(HttpContext context, DocumentsDbContext db)
    {
        var id = Guid.Parse(context.GetRouteValue("id")!.ToString()!, CultureInfo.InvariantCulture);
        var upload = await db.Uploads.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, context.RequestAborted);
        return upload is not null && Caller.Of(context.User).BelongsTo(upload.Unit) ? upload : null;
    }

    /// <returns>The upload with what came; null when the answer is a refusal, written already.</returns>
    private async Task<EvidenceUpload?> TakeAsync(HttpContext context, EvidenceUpload found, long offset, Checksum? checksum, DocumentsDbContext db, UploadFinisher finisher)
    {
        var ct = context.RequestAborted;
        if (await UploadEndpoints.RefuseOverAsync(context, found))
        {
            return null;
        }

        FileStream? file = null;
        try
        {
            var path = staging.PathOfUpload(found.Id);
            file = UploadFinisher.OpenLocked(path, create: true);

            // Only now does the row stand still: whoever wrote before has let go of the file.
            var upload = await db.Uploads.AsNoTracking().SingleAsync(u => u.Id == found.Id, ct);
            if (await UploadEndpoints.RefuseOverAsync(context, upload))
            {
                File.Delete(path);
                return null;
            }

            if (upload.Sha256 is not null)
            {
                if (file.Length == 0)
                {
                    File.Delete(path); // made by being opened: the content was moved to its place already
                }
            }
            else if (await RefusePartAsync(context, upload, file, offset))
            {
                return null;
            }
            else if (!await ReceiveAsync(context, upload, file, checksum, db))
            {
                return null;
            }

            upload = await db.Uploads.AsNoTracking().SingleAsync(u => u.Id == upload.Id, ct);
            if (upload.State == UploadState.Finished || (upload.State == UploadState.Receiving && !upload.IsWhole))
            {
                return upload;
            }

            if (await UploadEndpoints.RefuseOverAsync(context, upload))
            {
                return null; // it was given up while this part came
            }

            (var whole, file) = (file, null); // the finisher closes it
            return await finisher.FinishAsync(upload.Id, whole, ct);
        }
        catch (UploadLockedException)
        {
            context.Response.Headers.RetryAfter = "1";
            await Problems.WriteAsync(context, StatusCodes.Status423Locked, "upload-locked", "Một yêu cầu khác đang gửi tiếp tệp này.");
            return null;
        }
        finally
        {
            if (file is not null)
            {
                await file.DisposeAsync();
            }
        }
    }

    private static async Task<bool> RefusePartAsync(HttpContext context, EvidenceUpload upload, FileStream file, long offset)
    {
        if (file.Length < upload.Received)
        {
            await Problems.WriteAsync(context, StatusCodes.Status410Gone, "upload-lost", "Phần đã gửi không còn trên máy chủ; hãy gửi lại từ đầu.");
            return true;
        }

        if (offset != upload.Received)
        {
            Tus.Set(context.Response, Tus.OffsetHeader, upload.Received);
            await Problems.WriteAsync(context, StatusCodes.Status409Conflict, "offset-mismatch", $"Đã nhận {upload.Received} byte; hãy gửi tiếp từ đó.");
            return true;
        }

        if (context.Request.ContentLength > upload.Length - offset)
        {
            await Problems.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, detail: $"Tệp đã báo trước là {upload.Length} byte.");
            return true;
        }

        return false;
    }

    private async Task<bool> ReceiveAsync(HttpContext context, EvidenceUpload upload, FileStream file, Checksum? checksum, DocumentsDbContext db)
    {
        var body = context.Request.Body;
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        var (written, acknowledged) = (upload.Received, upload.Received);
        file.SetLength(written);
        file.Position = written;
        try
        {
            for (var read = await body.ReadAtLeastAsync(buffer, FileKind.FirstBlock, throwOnEndOfStream: false, context.RequestAborted); read > 0; read = await body.ReadAsync(buffer, context.RequestAborted))
            {
                if (written + read > upload.Length)
                {
                    file.SetLength(acknowledged);
                    await Problems.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, detail: $"Tệp đã báo trước là {upload.Length} byte.");
                    return false;
                }

                if (checksum is null)
                {
                    await RequireBeginningAsync(upload, buffer.AsMemory(0, read), written, context, file); // with a sum, what is wrong may be the line
                }

                checksum?.Append(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                written += read;
                if (checksum is null && written - acknowledged >= AcknowledgeEvery)
                {
                    acknowledged = await AcknowledgeAsync(upload, file, written, db);
                }
            }
        }
        catch (Exception broken) when (broken is OperationCanceledException or IOException && checksum is null && written > acknowledged)
        {
            await AcknowledgeAsync(upload, file, written, db); // what came before the line broke need not come again
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (checksum is not null && !checksum.Holds())
        {
            file.SetLength(acknowledged);
            await Problems.WriteAsync(context, 460, detail: "Phần vừa gửi không đúng mã kiểm tra; hãy gửi lại phần đó.");
            return false;
        }

        await AcknowledgeAsync(upload, file, written, db);
        return true;
    }

    // The beginning tells a wrong file before the rest of it is sent.
    private static async Task RequireBeginningAsync(EvidenceUpload upload, ReadOnlyMemory<byte> block, long at, HttpContext context, FileStream file)
    {
        var kind = FileKind.Named([upload.Kind])[0];
        if (at > 0 || block.Length < kind.Magic.Length)
        {
            return; // too little to tell: all is looked at in the end
        }

        try
        {
            kind.RequireBeginning(block.Span);
        }
        catch (RuleViolationException refusal)
        {
            await file.DisposeAsync();
            await context.RequestServices.GetRequiredService<UploadFinisher>().RefuseAsync(upload.Id, refusal);
            throw;
        }
    }

    /// <summary>Flushes first, and then says that so much is here.</summary>
    private async Task<long> AcknowledgeAsync(EvidenceUpload upload, FileStream file, long written, DocumentsDbContext db)
    {
        file.Flush(flushToDisk: true);
        if (upload.Received == 0)
        {
            DurableDirectory.Flush(Path.GetDirectoryName(file.Name)!);
        }

        var expires = clock.GetUtcNow().AddHours(settings.Value.UploadHours);
        await db.Database.ExecuteSqlAsync(
            $"update evidence_uploads set received = {written}, expires_at = {expires} where id = {upload.Id} and received <= {written} and state = 'Receiving'", CancellationToken.None);
        return written;
    }

    /// <summary>What a part shall add up to, by the caller's word.</summary>
    private sealed class Checksum(IncrementalHash hash, byte[] expected) : IDisposable
    {
        /// <returns>False: it is none that can be checked. True with null: none was sent.</returns>
        public static bool TryRead(string header, out Checksum? checksum)
        {
            checksum = null;
            if (header.Length == 0)
            {
                return true;
            }

            var parts = header.Split(' ');
            HashAlgorithmName? algorithm = parts[0] switch { "sha256" => HashAlgorithmName.SHA256, "sha1" => HashAlgorithmName.SHA1, _ => null };
            var expected = new byte[SHA256.HashSizeInBytes];
            if (algorithm is null || parts.Length != 2 || !Convert.TryFromBase64String(parts[1], expected, out var length))
            {
                return false;
            }

            checksum = new Checksum(IncrementalHash.CreateHash(algorithm.Value), expected[..length]);
            return true;
        }

        public void Append(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

        public bool Holds() => hash.GetHashAndReset().AsSpan().SequenceEqual(expected);

        public void Dispose() => hash.Dispose();
    }
}
