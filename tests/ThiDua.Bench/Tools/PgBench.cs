using System.Globalization;
using ThiDua.Tests.Support;

namespace ThiDua.Bench.Tools;

/// <summary>PostgreSQL's own load generator over a script of ours. Its connections are fresh in each run, so each run begins with a warm-up that does not count.</summary>
internal sealed class PgBench(string programs, int port, string directory)
{
    /// <returns>Transactions a second, with the median of their times.</returns>
    public async Task<Sample> RunAsync(string script, int clients, TimeSpan warmUp, TimeSpan time, CancellationToken ct)
    {
        var log = Path.Combine(directory, "transactions");
        foreach (var old in Directory.EnumerateFiles(directory, "transactions*"))
        {
            File.Delete(old);
        }

        await ChildProcess.RunAsync(
            [
                Path.Combine(programs, "pgbench"), "--no-vacuum", "--protocol=prepared", $"--client={clients}", $"--jobs={Math.Min(clients, Environment.ProcessorCount)}",
                string.Create(CultureInfo.InvariantCulture, $"--time={(int)(warmUp + time).TotalSeconds}"), "--log", $"--log-prefix={log}",
                $"--file={Path.Combine(AppContext.BaseDirectory, "Sql", script)}.sql", "--host=127.0.0.1", $"--port={port}", "--username=postgres", "bench",
            ],
            ct: ct);
        return Read(Directory.EnumerateFiles(directory, "transactions*").SelectMany(File.ReadLines), time);
    }

    /// <summary>client, number, microseconds, script, seconds, microseconds: of each transaction, when it ended.</summary>
    private static Sample Read(IEnumerable<string> lines, TimeSpan time)
    {
        var transactions = lines.Select(line => line.Split(' ')).Select(fields => (
            Took: long.Parse(fields[2], CultureInfo.InvariantCulture) / 1000.0,
            Ended: long.Parse(fields[4], CultureInfo.InvariantCulture) + (long.Parse(fields[5], CultureInfo.InvariantCulture) / 1e6))).ToList();
        if (transactions.Count == 0)
        {
            throw new InvalidDataException("pgbench finished no transaction.");
        }

        var from = transactions.Max(transaction => transaction.Ended) - time.TotalSeconds;
        var counted = transactions.Where(transaction => transaction.Ended > from).Select(transaction => transaction.Took).Order().ToList();
        return new Sample(counted.Count / time.TotalSeconds, counted[counted.Count / 2], counted[Math.Min(counted.Count - 1, counted.Count * 99 / 100)]);
    }
}
