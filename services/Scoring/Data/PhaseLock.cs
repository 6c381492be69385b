using Microsoft.EntityFrameworkCore;

namespace ThiDua.Scoring.Data;

/// <summary>
/// A step of a phase and the next phase lock each other out. Whoever asks which phase it is holds a lock, shared with the others who ask,
/// to the commit; the next phase takes it alone. So once it holds, nothing of the phase before is committed any more.
/// </summary>
internal static class PhaseLock
{
    private const long Key = 0x7E31_0100;

    /// <summary>Before the phase is read, in a statement of its own: the next one then sees what was committed while this one waited.</summary>
    public static Task HoldAsync(ScoringDbContext db, CancellationToken ct) => db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock_shared({Key})", ct);

    /// <summary>
    /// Before the phase is changed. Everybody who comes after waits behind it, so it is not waited for long: a process that hangs with
    /// an open transaction would hold up the whole province. The message is then tried again.
    /// </summary>
    public static async Task TakeAsync(ScoringDbContext db, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"set local lock_timeout = '300ms'", ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Key})", ct);
    }
}
