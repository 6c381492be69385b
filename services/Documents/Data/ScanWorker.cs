using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Data;

/// <summary>
/// Brings what lies in quarantine to the scanner, oldest first, and writes the verdict down together with its journal row and its message. A
/// kill in between leaves it in quarantine; two instances never scan the same file at one time.
/// </summary>
internal sealed class ScanWorker(IServiceScopeFactory scopes, IOptions<DocumentsSettings> settings, QuarantineState quarantine, TimeProvider clock, ILogger<ScanWorker> logger) : BackgroundService
{
    private const int OneScan = 5; // kind of advisory lock, beside those of EvidenceIntake
    private const int Batch = 20;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = s_look;
            try
            {
                if (!await ScanWaitingAsync(stoppingToken))
                {
                    pause = TimeSpan.FromSeconds(settings.Value.Scanner.RetrySeconds);
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                logger.LogWarning(fault, "Scanning failed; the next round tries again");
                pause = TimeSpan.FromSeconds(settings.Value.Scanner.RetrySeconds);
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>False: the scanner gave no verdict, and is left alone for a while.</returns>
    private async Task<bool> ScanWaitingAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DocumentsDbContext>();
        var waiting = await db.Evidence.AsNoTracking().Where(e => e.State == EvidenceState.Quarantined)
            .OrderBy(e => e.ScanFault != null).ThenBy(e => e.StoredAt).Select(e => new { e.Id, e.StoredAt }).Take(Batch).ToListAsync(ct);
        quarantine.Set(
            waiting.Count < Batch ? waiting.Count : await db.Evidence.CountAsync(e => e.State == EvidenceState.Quarantined, ct),
            waiting.Count == 0 ? null : waiting.Min(one => one.StoredAt));
        if (!settings.Value.Scanner.IsSet)
        {
            return false; // what waits since there was one goes on waiting, and is counted
        }

        foreach (var one in waiting)
        {
            db.ChangeTracker.Clear();
            if (!await ScanAsync(one.Id, scope.ServiceProvider, db, ct))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> ScanAsync(Guid id, IServiceProvider services, DocumentsDbContext db, CancellationToken ct)
    {
        // The lock ends with this process: what it leaves unscanned another takes at once. No row is locked while the scanner works.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await db.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock(hashtextextended({id.ToString()}, {OneScan})) as \"Value\"").SingleAsync(ct)
            || await db.Evidence.SingleOrDefaultAsync(e => e.Id == id && e.State == EvidenceState.Quarantined, ct) is not { } evidence)
        {
            return true;
        }

        var journal = services.GetRequiredService<JournalContext>();
        var answered = true;
        try
        {
            await DecideAsync(evidence, await VerdictAsync(evidence, services, ct), journal, db, ct);
        }
        catch (ScannerFaultException fault)
        {
            answered = fault.Message == "SCANNER_SIZE_LIMIT"; // the next one may be smaller
            if (evidence.ScanFault == fault.Message)
            {
                return answered;
            }

            logger.LogWarning("The scanner gave no verdict on {Evidence}: {Fault}", id, fault.Message);
            journal.Act("scan evidence");
            evidence.StillWaits(fault.Message);
        }

        try
        {
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Withdrawn meanwhile, or corrected: the next round looks again.
        }

        return answered;
    }

    private static async Task<ScanVerdict> VerdictAsync(Evidence evidence, IServiceProvider services, CancellationToken ct)
    {
        await using var content = await services.GetRequiredService<ContentStore>().OpenAsync(ContentArea.Evidence, evidence.Sha256, ct)
            ?? throw new ScannerFaultException("CONTENT_MISSING");
        return await services.GetRequiredService<MalwareScanner>().ScanAsync(content, ct);
    }

    private async Task DecideAsync(Evidence evidence, ScanVerdict verdict, JournalContext journal, DocumentsDbContext db, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        journal.Act("scan evidence");
        if (verdict.Malware is not { } malware)
        {
            evidence.Release(now);
            db.Publish(EvidenceIntake.Stored(evidence));
            return;
        }

        // The content goes, so everything that names it goes with it: a file is infected wherever it is used.
        var reason = $"Tệp có mã độc ({malware}).";
        journal.Because(reason);
        var all = await db.Evidence.Where(e => e.Sha256 == evidence.Sha256 && (e.State == EvidenceState.Quarantined || e.State == EvidenceState.Stored)).ToListAsync(ct);
        foreach (var infected in all)
        {
            infected.Reject(malware, now);
            db.Publish(EvidenceIntake.Rejected(infected, reason, now));
        }

        if (!await db.Removals.AnyAsync(removal => removal.Sha256 == evidence.Sha256, ct))
        {
            db.Add(new ContentRemoval { Sha256 = evidence.Sha256, At = now });
        }

        logger.LogWarning("Malware {Malware} in evidence {Evidence} of unit {Unit}; {Count} rows refused", malware, evidence.Id, evidence.Unit, all.Count);
    }
}

/// <summary>How much waits for the scanner and since when: for whoever asks whether the service is ready.</summary>
public sealed class QuarantineState(TimeProvider clock)
{
    private (int Count, DateTimeOffset? Oldest) _waiting;

    public int Waiting => _waiting.Count;

    public long OldestSeconds => _waiting.Oldest is { } oldest ? (long)Math.Max(0, (clock.GetUtcNow() - oldest).TotalSeconds) : 0;

    internal void Set(int count, DateTimeOffset? oldest) => _waiting = (count, oldest);
}

/// <summary>A scanner that is away makes evidence wait, and the service no less ready: the check degrades and says how much waits.</summary>
internal sealed class ScannerCheck(QuarantineState quarantine, IOptions<DocumentsSettings> settings) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>
        {
            ["scanner"] = settings.Value.Scanner.IsSet ? "SET" : "NOT_SET",
            ["waiting"] = quarantine.Waiting,
            ["oldest_seconds"] = quarantine.OldestSeconds,
        };
        return Task.FromResult(quarantine.OldestSeconds > settings.Value.Scanner.TimeoutSeconds * 2L ? HealthCheckResult.Degraded(data: data) : HealthCheckResult.Healthy(data: data));
    }
}
