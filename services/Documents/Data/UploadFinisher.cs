using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Data;

/// <summary>
/// Makes a whole resumable upload into evidence. Each step can be taken again after a kill: the hash is written down before the file is moved
/// under it, and evidence, journal, message and the upload's end are one transaction.
/// </summary>
public sealed class UploadFinisher(DocumentsDbContext db, Staging staging, ContentStore store, EvidenceIntake intake)
{
    private const int HashBuffer = 128 * 1024;

    /// <param name="id">An upload.</param>
    /// <param name="locked">Its file, held by this request; null: it is opened here. It is closed in either case.</param>
    /// <param name="ct">Ends the work, which then waits for the next time.</param>
    /// <returns>The upload as it stands afterwards.</returns>
    /// <exception cref="RuleViolationException">It was refused, and is over.</exception>
    /// <exception cref="UploadLockedException">Another request works on it.</exception>
    public async Task<EvidenceUpload> FinishAsync(Guid id, FileStream? locked, CancellationToken ct)
    {
        try
        {
            var upload = await db.Uploads.AsNoTracking().SingleAsync(u => u.Id == id, ct);
            if (upload.State == UploadState.Receiving && upload.Sha256 is null)
            {
                locked ??= OpenLocked(staging.PathOfUpload(id));
                upload = await CheckAsync(upload, locked, ct);
            }

            if (locked is not null)
            {
                await locked.DisposeAsync(); // it must not be locked where it will be read
                locked = null;
            }

            return upload.State == UploadState.Receiving ? await StoreAsync(upload, ct) : upload;
        }
        catch (FileNotFoundException)
        {
            var lost = new RuleViolationException("upload-lost", "Phần đã gửi không còn trên máy chủ; hãy gửi lại từ đầu.");
            await RefuseAsync(id, lost);
            throw lost;
        }
        catch (RuleViolationException refusal) when (refusal.Code != "changed-meanwhile")
        {
            await RefuseAsync(id, refusal);
            throw;
        }
        finally
        {
            if (locked is not null)
            {
                await locked.DisposeAsync();
            }
        }
    }

    /// <summary>Opens an upload's file for this request alone.</summary>
    internal static FileStream OpenLocked(string path, bool create = false)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = create ? FileMode.OpenOrCreate : FileMode.Open,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            });
        }
        catch (IOException held) when (held is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new UploadLockedException(held);
        }
    }

    /// <summary>Ends an upload that its content, or the state of things, does not let become evidence.</summary>
    internal async Task RefuseAsync(Guid id, RuleViolationException refusal)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        if (await db.Uploads.SingleOrDefaultAsync(u => u.Id == id && u.State == UploadState.Receiving) is { } upload)
        {
            upload.Refuse(refusal.Code, new JsonObject
            {
                ["detail"] = refusal.Message,
                ["errors"] = JsonSerializer.SerializeToNode(refusal.Errors.Select(error => new { code = error.Code, path = error.Path, message = error.Message })),
            }.ToJsonString());
            await db.SaveChangesAsync(CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
        }

        File.Delete(staging.PathOfUpload(id));
    }

    private async Task<EvidenceUpload> CheckAsync(EvidenceUpload upload, FileStream file, CancellationToken ct)
    {
        var kind = FileKind.Named([upload.Kind])[0];
        file.Position = 0;
        var beginning = new byte[FileKind.FirstBlock];
        var read = await file.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, ct);
        kind.RequireBeginning(beginning.AsSpan(0, read));

        var sha256 = await HashAsync(file, ct);
        if (upload.Announced is { } announced && announced != sha256)
        {
            throw new RuleViolationException("file-refused", "Không nhận tệp này.", [new Violation("HASH_MISMATCH", "/sha256", "Tệp nhận được không đúng mã băm SHA-256 đã báo trước.")]);
        }

        var text = ReceivedContent.Check(file, kind);
        await db.Database.ExecuteSqlAsync(
            $"""
            update evidence_uploads set sha256 = {sha256}, text_number = {text.Number}, text_date = {text.Date}, text_issuer = {text.Issuer}
            where id = {upload.Id} and state = 'Receiving'
            """,
            ct);
        return await db.Uploads.AsNoTracking().SingleAsync(u => u.Id == upload.Id, ct);
    }

    private static async Task<string> HashAsync(FileStream file, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[HashBuffer];
        file.Position = 0;
        for (var read = await file.ReadAsync(buffer, ct); read > 0; read = await file.ReadAsync(buffer, ct))
        {
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task<EvidenceUpload> StoreAsync(EvidenceUpload checkedUpload, CancellationToken ct)
    {
        var path = staging.PathOfUpload(checkedUpload.Id);
        var sha256 = checkedUpload.Sha256!;
        if (new FileInfo(path) is { Exists: true } file && file.Length == checkedUpload.Length)
        {
            await store.KeepAsync(ContentArea.Evidence, new StagedFile(path, sha256, checkedUpload.Length), ct);
        }

        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select 1 from evidence_uploads where id = {checkedUpload.Id} for update", ct); // of two that finish it, the second finds it finished
        var upload = await db.Uploads.SingleAsync(u => u.Id == checkedUpload.Id, ct);
        if (upload.State == UploadState.Receiving)
        {
            var received = new EvidenceFile(upload.FileName, FileKind.Named([upload.Kind])[0].MediaType, upload.Length, sha256, upload.InText);
            var (evidence, _) = await intake.StoreAsync(upload.Place, received, upload.Paper, upload.CreatedBy, upload.Id, ct);
            upload.Finish(evidence.Id);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(CancellationToken.None);
        }

        File.Delete(path); // a bucket has its own copy, an equal content was there before
        return upload;
    }
}

/// <summary>Another request works on the upload just now.</summary>
public sealed class UploadLockedException(Exception held) : Exception("The upload's file is locked.", held);
