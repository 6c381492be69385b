using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ThiDua.Identity.Data;

/// <summary>Wrong passwords or secrets in a row, for one account from one source.</summary>
public sealed class FailedAttempts
{
    public required string AccountId { get; init; }

    /// <summary>The address that a client's failures came from; empty for a person, who is locked wherever the failures came from.</summary>
    public required string Source { get; init; }

    public int Failures { get; init; }
    public DateTimeOffset? LockedUntil { get; init; }
    public DateTimeOffset LastAt { get; init; }
}

/// <summary>
/// Tạm khoá after failures in a row. Counted by the database in one statement, so that guesses sent at the same moment
/// are all counted.
/// </summary>
public sealed class LockOut(IdentityDbContext db, IOptions<IdentitySettings> settings, TimeProvider clock)
{
    /// <summary>The source of a person's failures: the account is locked as a whole.</summary>
    public const string Anywhere = "";

    public Task<bool> IsLockedAsync(string accountId, string source, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.FailedAttempts.AnyAsync(failed => failed.AccountId == accountId && failed.Source == source && failed.LockedUntil > now, ct);
    }

    /// <summary>Counts a failure, unless the account is locked already (false). A password is counted before it is checked, and cleared when it was right.</summary>
    public async Task<bool> CountAsync(string accountId, string source, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var until = now + settings.Value.LockOutPeriod;
        var limit = settings.Value.LockOutAfterFailures;
        return await db.Database.ExecuteSqlAsync(
            $"""
            insert into failed_attempts as f (account_id, source, failures, locked_until, last_at)
            values ({accountId}, {source}, 1, case when {limit} <= 1 then {until} end, {now})
            on conflict (account_id, source) do update set
                failures = case when f.locked_until is null then f.failures + 1 else 1 end,
                locked_until = case when (case when f.locked_until is null then f.failures + 1 else 1 end) >= {limit} then {until} end,
                last_at = {now}
            where f.locked_until is null or f.locked_until <= {now}
            """,
            ct) == 1;
    }

    public Task ClearAsync(string accountId, string source, CancellationToken ct) =>
        db.FailedAttempts.Where(failed => failed.AccountId == accountId && failed.Source == source).ExecuteDeleteAsync(ct);

    /// <summary>An administrator's unlocking: every source at once.</summary>
    public Task<int> ClearAsync(string accountId, CancellationToken ct) =>
        db.FailedAttempts.Where(failed => failed.AccountId == accountId).ExecuteDeleteAsync(ct);

    /// <summary>Forgets locks that have run out.</summary>
    public Task<int> ForgetExpiredAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.FailedAttempts.Where(failed => failed.LockedUntil <= now).ExecuteDeleteAsync(ct);
    }
}
