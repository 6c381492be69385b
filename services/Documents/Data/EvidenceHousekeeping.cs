using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Data;

/// <summary>
/// Finishes what a kill left whole but unfinished, ends what nobody goes on with, and removes contents that were given up. All of it follows
/// from rows, so it can be left at any point and taken up again by any instance.
/// </summary>
internal sealed class EvidenceHousekeeping(IServiceScopeFactory scopes, Staging staging, ContentStore store, IOptions<DocumentsSettings> settings, TimeProvider clock, ILogger<EvidenceHousekeeping> logger) : BackgroundService
{
    private const int Batch = 100;
    private static readonly TimeSpan s_leftAlone = TimeSpan.FromMinutes(10); // a file whose row another instance may be about to write

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var work in (Func<CancellationToken, Task>[])[FinishWholeAsync, ExpireAsync, RemoveFilesAsync, RemoveContentsAsync])
            {
                try
                {
                    await work(stoppingToken);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    logger.LogWarning(fault, "Housekeeping of evidence failed; the next round tries again");
                }
            }

            await Task.Delay(TimeSpan.FromSeconds(settings.Value.HousekeepingSeconds), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FinishWholeAsync(CancellationToken ct)
    {
        List<Guid> whole;
        await using (var scope = scopes.CreateAsyncScope())
        {
            whole = await scope.ServiceProvider.GetRequiredService<DocumentsDbContext>().Uploads
                .Where(u => u.State == UploadState.Receiving && u.Received == u.Length).OrderBy(u => u.Id).Select(u => u.Id).Take(Batch).ToListAsync(ct);
        }

        foreach (var id in whole)
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<JournalContext>().Act("finish upload");
            try
            {
                await scope.ServiceProvider.GetRequiredService<UploadFinisher>().FinishAsync(id, locked: null, ct);
            }
            catch (RuleViolationException refused)
            {
                logger.LogInformation("Upload {Upload} was refused: {Code}", id, refused.Code);
            }
            catch (Exception later) when (later is UploadLockedException or NotKnownYetException)
            {
                // Another request is at it, or its facts have not come.
            }
        }
    }

    private async Task ExpireAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DocumentsDbContext>();
        scope.ServiceProvider.GetRequiredService<JournalContext>().Act("expire upload");
        var now = clock.GetUtcNow();
        foreach (var upload in await db.Uploads.Where(u => u.State == UploadState.Receiving && u.ExpiresAt < now).OrderBy(u => u.Id).Take(Batch).ToListAsync(ct))
        {
            upload.Expire();
        }

        await db.SaveChangesAsync(ct);
    }

    /// <summary>Files of uploads that are over, whichever way: after the commit that ended them.</summary>
    private async Task RemoveFilesAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DocumentsDbContext>();
        var oldest = clock.GetUtcNow().UtcDateTime - s_leftAlone;
        foreach (var files in staging.UploadFiles().Chunk(Batch))
        {
            var ids = files.Select(file => file.Upload).ToList();
            var known = await db.Uploads.Where(u => ids.Contains(u.Id)).Select(u => new { u.Id, u.State }).ToDictionaryAsync(u => u.Id, u => u.State, ct);
            foreach (var (upload, lastWrite) in files)
            {
                if (known.TryGetValue(upload, out var state) ? state != UploadState.Receiving : lastWrite < oldest)
                {
                    File.Delete(staging.PathOfUpload(upload));
                }
            }
        }
    }

    private async Task RemoveContentsAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DocumentsDbContext>();
        foreach (var sha256 in await db.Removals.OrderBy(removal => removal.At).Select(removal => removal.Sha256).Take(Batch).ToListAsync(ct))
        {
            // Nobody can store an equal content while this one goes; whoever did before keeps it.
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (!await ContentReferences.MayRemoveAsync(db, ct))
            {
                return; // a backup is copying contents that rows named at its point in time; the next round takes it up
            }

            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({sha256}, {EvidenceIntake.OneContent}))", ct);
            if (!await db.Evidence.AnyAsync(e => e.Sha256 == sha256 && e.State != EvidenceState.Rejected && e.ContentDeletedAt == null, ct))
            {
                await store.DeleteAsync(ContentArea.Evidence, sha256, ct);
            }

            await db.Removals.Where(removal => removal.Sha256 == sha256).ExecuteDeleteAsync(ct);
            await transaction.CommitAsync(CancellationToken.None);
        }
    }
}
