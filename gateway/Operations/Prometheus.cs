using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ThiDua.Gateway.Operations;

/// <summary>One value of one series.</summary>
public readonly record struct Sample(DateTimeOffset At, double Value);

/// <summary>A series as Prometheus answers it: its labels, and one sample or those of a span of time.</summary>
public sealed record Series(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<Sample> Samples)
{
    public double Last => Samples[^1].Value;

    public string this[string label] => Labels.GetValueOrDefault(label, "");
}

/// <summary>An alert that Prometheus knows to be pending or firing.</summary>
public sealed record RawAlert(IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, bool Firing, DateTimeOffset Since);

/// <summary>Prometheus' HTTP API, as far as the page needs it.</summary>
public sealed class Prometheus(IHttpClientFactory clients, IOptions<GatewaySettings> settings)
{
    public const string HttpClientName = "prometheus";

    // A hostile or mistaken label must not make the page endless.
    private const int MostSeries = 2_000;
    private const int LongestText = 500;
    private const int LongestAnswer = 16 * 1024 * 1024;

    public bool IsConfigured => settings.Value.Prometheus is not null;

    /// <summary>The value of each series at this moment; series without a number (0/0) are left out.</summary>
    public Task<IReadOnlyList<Series>> InstantAsync(string query, DateTimeOffset at, CancellationToken ct) =>
        SeriesAsync($"api/v1/query?query={Uri.EscapeDataString(query)}&time={Seconds(at)}", ct);

    public Task<IReadOnlyList<Series>> RangeAsync(string query, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken ct) =>
        SeriesAsync($"api/v1/query_range?query={Uri.EscapeDataString(query)}&start={Seconds(from)}&end={Seconds(to)}&step={step.TotalSeconds.ToString(CultureInfo.InvariantCulture)}", ct);

    public async Task<IReadOnlyList<RawAlert>> AlertsAsync(CancellationToken ct)
    {
        var data = await GetAsync("api/v1/alerts", ct);
        return [.. data.GetProperty("alerts").EnumerateArray().Take(MostSeries).Select(alert => new RawAlert(
            Texts(alert.GetProperty("labels")),
            Texts(alert.GetProperty("annotations")),
            alert.GetProperty("state").GetString() == "firing",
            alert.GetProperty("activeAt").GetDateTimeOffset()))];
    }

    private async Task<IReadOnlyList<Series>> SeriesAsync(string path, CancellationToken ct)
    {
        var data = await GetAsync(path, ct);
        return [.. data.GetProperty("result").EnumerateArray().Take(MostSeries)
            .Select(series => new Series(Texts(series.GetProperty("metric")), Samples(series)))
            .Where(series => series.Samples.Count > 0)];
    }

    private static List<Sample> Samples(JsonElement series) =>
        [.. (series.TryGetProperty("values", out var several) ? several.EnumerateArray() : Enumerable.Repeat(series.GetProperty("value"), 1)).Select(Read).Where(sample => double.IsFinite(sample.Value))];

    private static Sample Read(JsonElement pair) => new(
        DateTimeOffset.FromUnixTimeMilliseconds((long)(pair[0].GetDouble() * 1000)),
        double.TryParse(pair[1].GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN);

    private static Dictionary<string, string> Texts(JsonElement labels) =>
        labels.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString() is { } text ? text[..Math.Min(text.Length, LongestText)] : "", StringComparer.Ordinal);

    private static string Seconds(DateTimeOffset moment) => (moment.ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture);

    private async Task<JsonElement> GetAsync(string path, CancellationToken ct)
    {
        var address = settings.Value.Prometheus!;
        var root = address.OriginalString.EndsWith('/') ? address : new Uri(address.OriginalString + "/");
        using var client = clients.CreateClient(HttpClientName);
        client.MaxResponseContentBufferSize = LongestAnswer;
        using var answer = await client.GetAsync(new Uri(root, path), ct);
        using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
        if (!answer.IsSuccessStatusCode || body.RootElement.GetProperty("status").GetString() != "success")
        {
            throw new HttpRequestException($"Prometheus answered {(int)answer.StatusCode} to {path}");
        }

        return body.RootElement.GetProperty("data").Clone();
    }
}
