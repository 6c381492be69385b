using Npgsql;

namespace ThiDua.Recovery;

/// <summary>What is done with, and asked of, a database that has been restored and that nobody uses yet.</summary>
internal sealed class RestoredDatabase(SystemData system)
{
    /// <summary>How much younger than the kept ids of handled messages a repetition may be: some days less than they are kept.</summary>
    private static readonly TimeSpan s_remembered = TimeSpan.FromDays(5);

    /// <summary>
    /// The broker begins empty. What it had confirmed, and a consumer may not have handled, goes out again; who has handled it knows its id
    /// and drops it. Of an old backup these ids would soon be cleared away: they count from today.
    /// </summary>
    /// <returns>How many messages.</returns>
    public async Task<long> SendAgainAsync(DateTimeOffset now, CancellationToken ct)
    {
        var isOld = await LastCommitAsync(ct) is not { } last || now - last > s_remembered;
        long again = 0;
        foreach (var database in await system.DatabasesAsync(ct))
        {
            await using var source = system.Open(database);
            await using var connection = await source.OpenConnectionAsync(ct);
            if (!await connection.ScalarAsync<bool>("select to_regclass('sent_messages') is not null", ct))
            {
                continue; // a database of an earlier version: it kept none
            }

            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var move = new NpgsqlCommand(
                """
                with kept as (delete from sent_messages returning id, type, body, trace_parent, created_at)
                insert into outbox_messages (id, type, body, trace_parent, created_at, attempts)
                select id, type, body, trace_parent, created_at, 0 from kept on conflict (id) do nothing
                """,
                connection);
            again += await move.ExecuteNonQueryAsync(ct);
            if (isOld)
            {
                await using var remember = new NpgsqlCommand("update inbox_messages set received_at = now()", connection);
                await remember.ExecuteNonQueryAsync(ct);
            }

            await transaction.CommitAsync(ct);
        }

        return again;
    }

    /// <summary>The newest row of any journal: how much of the work is there.</summary>
    public async Task<DateTimeOffset?> LastCommitAsync(CancellationToken ct)
    {
        DateTimeOffset? last = null;
        foreach (var database in await system.DatabasesAsync(ct))
        {
            await using var source = system.Open(database);
            await using var connection = await source.OpenConnectionAsync(ct);
            if (await connection.ScalarAsync<bool>("select to_regclass('journal') is not null", ct)
                && await connection.ScalarAsync<object>("select max(at) from journal", ct) is DateTime at && !(new DateTimeOffset(at, TimeSpan.Zero) <= last))
            {
                last = new DateTimeOffset(at, TimeSpan.Zero);
            }
        }

        return last;
    }

    public async Task<string> TimelineAsync(CancellationToken ct)
    {
        await using var source = system.Open("postgres");
        await using var command = source.CreateCommand("select timeline_id::text from pg_control_checkpoint()");
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task<IReadOnlyDictionary<string, long>> JournalRowsAsync(CancellationToken ct)
    {
        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var database in await system.DatabasesAsync(ct))
        {
            await using var source = system.Open(database);
            await using var connection = await source.OpenConnectionAsync(ct);
            if (await connection.ScalarAsync<bool>("select to_regclass('journal') is not null", ct))
            {
                rows[database] = await connection.ScalarAsync<long>("select count(*) from journal", ct);
            }
        }

        return rows;
    }
}
