using System.Text.Json;

namespace ThiDua.Gateway.Operations;

/// <summary>What Prometheus answered to the queries of one reading, by their names.</summary>
public sealed class Answers
{
    private readonly Dictionary<string, IReadOnlyList<Series>> _instant = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<Series>> _range = new(StringComparer.Ordinal);

    public IReadOnlyList<RawAlert> Alerts { get; private set; } = [];

    /// <summary>Queries without an answer.</summary>
    public IReadOnlyList<string> Refused { get; private set; } = [];

    /// <summary>Why there is no answer at all; null when there are some.</summary>
    public string? Reason { get; private set; }

    /// <summary>Queries whose answer is empty.</summary>
    public IReadOnlyList<string> Missing => [.. _instant.Where(answer => answer.Value.Count == 0 && answer.Key is not ("last-up" or "health")).Select(answer => answer.Key).Order(StringComparer.Ordinal)];

    public static Answers None(string reason) => new() { Reason = reason };

    /// <summary>Asks everything at once: a page takes as long as its slowest query, and never longer than the limit.</summary>
    public static async Task<Answers> AskAsync(Prometheus prometheus, DateTimeOffset now, TimeSpan hour, TimeSpan step, TimeSpan limit, ILogger logger, CancellationToken ct)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(ct);
        inTime.CancelAfter(limit);
        var answers = new Answers();
        var refused = new List<(string Query, string Reason)>();
        Exception? first = null;

        async Task TryAsync(string name, Func<Task> ask)
        {
            try
            {
                await ask();
            }
            catch (Exception failure) when (failure is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException || (failure is OperationCanceledException && !ct.IsCancellationRequested))
            {
                lock (refused)
                {
                    first ??= failure;
                    refused.Add((name, failure is OperationCanceledException ? $"không trả lời trong {Words.Number(limit.TotalSeconds)} giây" : failure is HttpRequestException { StatusCode: null, InnerException: not null } ? "không kết nối được" : "trả lời không đúng dạng hoặc báo lỗi"));
                }
            }
        }

        async Task KeepAsync(Dictionary<string, IReadOnlyList<Series>> into, string name, Task<IReadOnlyList<Series>> answer)
        {
            var series = await answer;
            lock (into)
            {
                into[name] = series;
            }
        }

        await Task.WhenAll(
        [
            TryAsync("alerts", async () => answers.Alerts = await prometheus.AlertsAsync(inTime.Token)),
            .. OperationsQueries.Instant.Select(query => TryAsync(query.Key, () => KeepAsync(answers._instant, query.Key, prometheus.InstantAsync(query.Value, now, inTime.Token)))),
            .. OperationsQueries.Range.Select(query => TryAsync($"chart-{query.Key}", () => KeepAsync(answers._range, query.Key, prometheus.RangeAsync(query.Value, now - hour, now, step, inTime.Token)))),
        ]);

        if (first is not null)
        {
            logger.LogWarning("Prometheus left {Count} queries without an answer; one failed with: {Reason}", refused.Count, first.Message);
        }

        answers.Refused = [.. refused.Select(one => one.Query).Order(StringComparer.Ordinal)];
        if (refused.Count > OperationsQueries.Instant.Count + OperationsQueries.Range.Count)
        {
            answers.Reason = refused[0].Reason;
        }

        return answers;
    }

    /// <summary>All series of an answer.</summary>
    public IReadOnlyList<Series> Of(string query) => _instant.GetValueOrDefault(query) ?? [];

    /// <summary>The answer of a query that gives one number.</summary>
    public double? Number(string query) => Of(query) is [var only, ..] ? only.Last : null;

    /// <summary>The number of the series with this label.</summary>
    public double? Number(string query, string label, string value) => Of(query).FirstOrDefault(series => series[label] == value)?.Last;

    public IReadOnlyList<Series> HourOf(string query) => _range.GetValueOrDefault(query) ?? [];
}
