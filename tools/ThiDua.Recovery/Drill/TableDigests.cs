using System.Globalization;
using Npgsql;

namespace ThiDua.Recovery.Drill;

/// <summary>Every row of every database, as a count and a sum of hashes per table: two states are the same when these are.</summary>
internal static class TableDigests
{
    /// <summary>Who is on duty and when the next round is: moves by itself, and is no state of the province's.</summary>
    private const string Scheduler = "qrtz_";

    public static async Task<SortedDictionary<string, string>> TakeAsync(SystemData system, CancellationToken ct)
    {
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var database in await system.DatabasesAsync(ct))
        {
            await using var source = system.Open(database);
            await using var list = source.CreateCommand("select tablename from pg_tables where schemaname = 'public' order by 1");
            foreach (var table in (await list.ReadAsync(row => row.GetString(0), ct)).Where(table => !table.StartsWith(Scheduler, StringComparison.Ordinal) && table is not ("outbox_messages" or "sent_messages")))
            {
                digests[$"{database}.{table}"] = await OfAsync(source, $"select t::text line from \"{table}\" t", ct);
            }

            // A restore puts sent messages among those to send: together they must be the same.
            digests[$"{database} messages"] = await OfAsync(source, "select concat(id, type, body) line from (select id, type, body from outbox_messages union all select id, type, body from sent_messages) messages", ct);
        }

        return digests;
    }

    /// <summary>How many messages wait to be sent.</summary>
    public static async Task<long> WaitingAsync(SystemData system, CancellationToken ct)
    {
        long waiting = 0;
        foreach (var database in await system.DatabasesAsync(ct))
        {
            await using var source = system.Open(database);
            await using var count = source.CreateCommand("select count(*) from outbox_messages");
            waiting += (long)(await count.ExecuteScalarAsync(ct))!;
        }

        return waiting;
    }

    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        [.. one.Keys.Union(other.Keys, StringComparer.Ordinal).Where(table => one.GetValueOrDefault(table) != other.GetValueOrDefault(table)).Select(table => $"{table}: {one.GetValueOrDefault(table)} / {other.GetValueOrDefault(table)}")];

    public static long Rows(IReadOnlyDictionary<string, string> digests) => digests.Values.Sum(digest => long.Parse(digest.Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>The journal's rows by database and id: what each says, as a hash, and when.</summary>
    public static async Task<Dictionary<(string Database, long Id), (DateTimeOffset At, string Hash)>> JournalAsync(SystemData system, CancellationToken ct)
    {
        Dictionary<(string, long), (DateTimeOffset, string)> rows = [];
        foreach (var database in await system.DatabasesAsync(ct))
        {
            await using var source = system.Open(database);
            await using var command = source.CreateCommand("select id, at, md5(j::text) from journal j");
            foreach (var (id, at, hash) in await command.ReadAsync(row => (row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2)), ct))
            {
                rows[(database, id)] = (at, hash);
            }
        }

        return rows;
    }

    public static async Task<HashSet<Guid>> EvidenceAsync(SystemData system, CancellationToken ct)
    {
        await using var source = system.Open(ContentReference.Database);
        await using var command = source.CreateCommand("select id from evidence");
        return [.. await command.ReadAsync(row => row.GetGuid(0), ct)];
    }

    private static async Task<string> OfAsync(NpgsqlDataSource source, string lines, CancellationToken ct)
    {
        await using var command = source.CreateCommand($"select count(*) || ' ' || coalesce(sum(hashtextextended(line, 0)::numeric), 0) from ({lines}) lines");
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }
}
