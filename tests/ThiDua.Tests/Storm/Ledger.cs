using System.Text.Json.Nodes;
using Npgsql;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Storm;

/// <summary>What the databases say happened, read past the services.</summary>
public sealed class Ledger(RunningSystem system)
{
    public static IReadOnlyList<string> Services { get; } = ["identity", "clusters", "scoring", "awards", "documents"];

    private const string SheetSubmitted = "ThiDua.Contracts.Scoring.SheetSubmitted";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Every value that a sheet ever had, in order, by its journal.</summary>
    public async Task<IReadOnlyList<SheetValue>> ValuesOfAsync(string sheet)
    {
        var values = new List<SheetValue>();
        var last = new SheetValue("");
        await foreach (var changes in RowsAsync("scoring", "select changes::text from journal where @it = any(subjects) order by id", $"ScoreSheet/{sheet}"))
        {
            var after = JsonNode.Parse(changes)!.AsArray().Select(change => (Key: (string)change!["key"]!, After: change["after"])).Where(change => change.After is not null).ToList();
            var now = last;
            foreach (var (key, values_) in after)
            {
                now = key.EndsWith("I.1", StringComparison.Ordinal) && (string?)values_!["note"] is { } note ? now with { Text = note } : now;
                now = (string?)values_!["state"] == "SUBMITTED" ? now with { IsSubmitted = true } : now;
            }

            if (now != last)
            {
                values.Add(last = now);
            }
        }

        return values;
    }

    /// <summary>For each time the sheet's hand-in was told of: how often each of its receivers took it up.</summary>
    public async Task<IReadOnlyList<(string Message, long Clusters, long Documents)>> HandInsOfAsync(string sheet)
    {
        var found = new List<(string, long, long)>();
        await foreach (var message in RowsAsync("scoring", $"select id::text from (select id, type, body from sent_messages union all select id, type, body from outbox_messages) m where type = '{SheetSubmitted}' and body->>'SheetId' = @it", sheet))
        {
            found.Add((message, await TakenAsync("clusters", message), await TakenAsync("documents", message)));
        }

        return found;
    }

    /// <summary>What still waits in an outbox, or has failed for good; empty when all has arrived.</summary>
    public async Task<string> WaitingAsync()
    {
        var waiting = new List<string>();
        foreach (var service in Services)
        {
            await foreach (var count in RowsAsync(service, "select count(*)::text from outbox_messages where @it = ''", ""))
            {
                if (count != "0")
                {
                    waiting.Add($"{count} in the outbox of {service}");
                }
            }
        }

        return string.Join(", ", waiting);
    }

    /// <summary>Sessions that hold locks or wait for them, for a report on what hangs.</summary>
    public async Task<string> SessionsAsync()
    {
        var sessions = new List<string>();
        await foreach (var session in RowsAsync("scoring", "select concat_ws(' ', pid, datname, state, wait_event, now() - xact_start, left(query, 80)) from pg_stat_activity where datname like '%db' and state <> 'idle' and @it = ''", ""))
        {
            sessions.Add(session);
        }

        return string.Join("; ", sessions);
    }

    private async Task<long> TakenAsync(string service, string message)
    {
        var rows = 0L;
        await foreach (var _ in RowsAsync(service, "select id::text from journal where @it = any(subjects) and action = 'message SheetSubmitted'", $"Message/{message}"))
        {
            rows++;
        }

        return rows;
    }

    private async IAsyncEnumerable<string> RowsAsync(string service, string sql, string it)
    {
        await using var connection = new NpgsqlConnection(system.DatabaseOf(service));
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // nothing in it comes from outside
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("it", it);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
        {
            yield return reader.GetString(0);
        }
    }
}
