using Microsoft.EntityFrameworkCore;

namespace ThiDua.Awards.Data;

internal static class Turns
{
    /// <summary>
    /// Until the transaction ends, nobody else handles a fact about the same thing: of two versions read at one moment, the older
    /// could otherwise be written last.
    /// </summary>
    public static Task InTurnAsync(this AwardsDbContext db, string thing, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({thing}, 0))", ct);
}
