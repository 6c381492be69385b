using System.Globalization;
using System.Text.Json.Nodes;

namespace ThiDua.Tests.Operations;

/// <summary>Prometheus as Grafana asks it.</summary>
public sealed class Prometheus(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address };

    /// <summary>The series that an expression gives now; refused when the expression is wrong.</summary>
    public async Task<JsonArray> QueryAsync(string expression)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["query"] = expression });
        using var response = await _http.PostAsync(new Uri("/api/v1/query", UriKind.Relative), form, TestContext.Current.CancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.True((string?)answer["status"] == "success", $"{expression}: {answer["error"]}");
        return answer["data"]!["result"]!.AsArray();
    }

    /// <summary>The one number of an expression; null when it gives none.</summary>
    public async Task<double?> NumberAsync(string expression) => (await QueryAsync(expression)).FirstOrDefault() is { } first ? NumberOf(first) : null;

    public static double NumberOf(JsonNode series) => double.Parse((string)series["value"]![1]!, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>What a template variable <c>label_values(selector, label)</c> offers.</summary>
    public async Task<IReadOnlyList<string>> LabelValuesAsync(string selector, string label) =>
        [.. (await GetAsync($"/api/v1/label/{label}/values?match[]={Uri.EscapeDataString(selector)}")).AsArray().Select(value => (string)value!)];

    public async Task<IReadOnlySet<string>> MetricNamesAsync() => (await GetAsync("/api/v1/label/__name__/values")).AsArray().Select(name => (string)name!).ToHashSet(StringComparer.Ordinal);

    /// <summary>Every rule that Prometheus has loaded.</summary>
    public async Task<IReadOnlyList<JsonNode>> RulesAsync() => [.. (await GetAsync("/api/v1/rules"))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!)];

    /// <summary>Whether an alert fires, with these labels among others.</summary>
    public async Task<bool> FiresAsync(string alert, string labels = "") =>
        (await QueryAsync($"ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"{(labels.Length == 0 ? "" : $",{labels}")}}}")).Count > 0;

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> GetAsync(string path)
    {
        var answer = JsonNode.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken))!;
        Assert.Equal("success", (string?)answer["status"]);
        return answer["data"]!;
    }
}
