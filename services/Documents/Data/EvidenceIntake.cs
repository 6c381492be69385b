using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ThiDua.Contracts.Documents;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Data;

/// <summary>Makes a received content into evidence, whichever way it came: in the caller's transaction, together with its journal row and its message.</summary>
public sealed class EvidenceIntake(DocumentsDbContext db, ContentStore store, IOptions<DocumentsSettings> settings, TimeProvider clock)
{
    // Kinds of advisory locks of this service; 0 is taken by repeated requests.
    private const int OneLine = 1;
    internal const int OneContent = 3;
    private const int OneUnit = 4;

    /// <summary>Refuses evidence that may not come now, before much was done for it.</summary>
    /// <param name="place">The line.</param>
    /// <param name="more">Bytes that are to come.</param>
    /// <param name="self">The upload that they are part of already, if any.</param>
    /// <param name="ct">Ends the questions.</param>
    public async Task RequireWelcomeAsync(EvidencePlace place, long more, Guid? self, CancellationToken ct)
    {
        (await db.AccessToAsync(place.Season, place.Unit, ct)).RequireChangeable();
        settings.Value.Limits.RequireRoom(await TakenAsync(place, self, ct), more);
    }

    /// <summary>Waits until no other request of the unit counts what it has; holds until the end of the transaction.</summary>
    public Task CountAloneAsync(EvidencePlace place, CancellationToken ct) => LockAsync($"{place.Season}\n{place.Unit}", OneUnit, shared: false, ct);

    /// <summary>The evidence, and whether it is new: the same content counts once for a line.</summary>
    public async Task<(Evidence Evidence, bool IsNew)> StoreAsync(EvidencePlace place, EvidenceFile file, PaperReference paper, string by, Guid? upload, CancellationToken ct)
    {
        await CountAloneAsync(place, ct);
        await LockAsync($"{place.Season}\n{place.Unit}\n{place.Criterion}\n{file.Sha256}", OneLine, shared: false, ct);
        var existing = await db.Evidence.SingleOrDefaultAsync(
            e => e.Season == place.Season && e.Unit == place.Unit && e.Criterion == place.Criterion && e.Sha256 == file.Sha256
                && (e.State == EvidenceState.Stored || e.State == EvidenceState.Quarantined),
            ct);
        await RequireWelcomeAsync(place, existing is null ? file.Size : 0, upload, ct); // it may have been submitted while the content came in
        if (existing is not null)
        {
            return (existing, false);
        }

        await LockAsync(file.Sha256, OneContent, shared: true, ct);
        if (!await store.ExistsAsync(ContentArea.Evidence, file.Sha256, ct))
        {
            throw new RuleViolationException("changed-meanwhile", "Tệp vừa được dọn đi; hãy gửi lại.");
        }

        var evidence = Evidence.Store(place, file, paper, settings.Value.Scanner.IsSet, by, clock.GetUtcNow());
        db.Add(evidence);
        if (evidence.State == EvidenceState.Stored)
        {
            db.Publish(Stored(evidence));
        }

        return (evidence, true);
    }

    /// <summary>The news that evidence counts from now on.</summary>
    internal static EvidenceStored Stored(Evidence evidence) => new()
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
    };

    /// <summary>The news that it does not count, or no longer.</summary>
    internal static EvidenceRejected Rejected(Evidence evidence, string reason, DateTimeOffset at) => new()
    {
        EvidenceId = evidence.Id,
        Season = evidence.Season,
        Unit = evidence.Unit,
        Criterion = evidence.Criterion,
        Reason = reason,
        At = at,
    };

    private async Task<long> TakenAsync(EvidencePlace place, Guid? self, CancellationToken ct) =>
        await db.Evidence.Where(e => e.Season == place.Season && e.Unit == place.Unit && (e.State == EvidenceState.Stored || e.State == EvidenceState.Quarantined)).SumAsync(e => e.Size, ct)
        + await db.Uploads.Where(u => u.Season == place.Season && u.Unit == place.Unit && u.State == UploadState.Receiving && u.Id != self).SumAsync(u => u.Length, ct);

    private async Task LockAsync(string what, int kind, bool shared, CancellationToken ct)
    {
        if (shared)
        {
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock_shared(hashtextextended({what}, {kind}))", ct);
        }
        else
        {
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({what}, {kind}))", ct);
        }
    }
}
