using ThiDua.Documents.Data;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Messaging;

internal static class Facts
{
    /// <summary>Lets an operator find by the trace of a request what it led to here. A fact that was older than the known one led to nothing.</summary>
    public static async Task RecordFactAsync(this DocumentsDbContext db, int changed, JournalContext journal, TimeProvider clock, string message, string subject, CancellationToken ct)
    {
        if (changed > 0)
        {
            db.Record(journal, clock, $"message {message}", subject);
            await db.SaveChangesAsync(ct);
        }
    }
}
