using Microsoft.EntityFrameworkCore;
using Npgsql;
using Quartz;

namespace ThiDua.Clusters.Data;

/// <summary>
/// The scheduler's own tables, <c>qrtz_…</c>, from the script that its package carries: the one that fits its version. It creates only
/// what is missing and is safe to run again.
/// </summary>
internal static class SchedulerTables
{
    public const string Prefix = "qrtz_";
    private const string Script = "Quartz.Impl.AdoJobStore.Schema.create_postgres.sql";
    private const string Separator = "\n--;;";

    public static async Task CreateAsync(ClustersDbContext db, CancellationToken ct)
    {
        await using var resource = typeof(IScheduler).Assembly.GetManifestResourceStream(Script)
            ?? throw new InvalidOperationException($"This version of Quartz carries no {Script}.");
        using var reader = new StreamReader(resource);
        var script = (await reader.ReadToEndAsync(ct)).ReplaceLineEndings("\n").Replace("{0}", Prefix, StringComparison.Ordinal).Replace("{1}", Prefix, StringComparison.Ordinal);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            foreach (var statement in script.Split(Separator))
            {
                await using var command = new NpgsqlCommand(statement, connection);
                await command.ExecuteNonQueryAsync(ct);
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
