using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ThiDua.Gateway.Operations;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Operations;

/// <summary>
/// Prometheus' HTTP API with the answers that a real one gave to the page's queries on a running system (recorded.json), moved to now.
/// A test changes them, adds alerts, or answers something else.
/// </summary>
public sealed class FakePrometheus : IAsyncDisposable
{
    private static readonly string[] s_moments = ["started", "backup", "drill"];
    private static readonly Dictionary<string, string> s_instant = OperationsQueries.Instant.ToDictionary(query => query.Value, query => query.Key, StringComparer.Ordinal);
    private static readonly Dictionary<string, string> s_range = OperationsQueries.Range.ToDictionary(query => query.Value, query => query.Key, StringComparer.Ordinal);

    private readonly WebApplication _app;
    private readonly JsonObject _recorded = JsonNode.Parse(File.ReadAllText(Repository.PathOf("tests", "ThiDua.Tests", "Operations", "recorded.json")))!.AsObject();
    private int _requests;

    private FakePrometheus(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public int Requests => _requests;

    /// <summary>Instances as this test's services have them, by job.</summary>
    public IReadOnlyDictionary<string, string> Instances { get; set; } = new Dictionary<string, string>();

    public JsonArray Alerts { get; set; } = [];

    /// <summary>Answers of single queries in place of the recorded ones, by the query's name.</summary>
    public Dictionary<string, JsonArray> Instead { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers everything by itself when set.</summary>
    public Func<HttpContext, Task>? Takeover { get; set; }

    public bool IsEmpty { get; set; }

    public static async Task<FakePrometheus> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new FakePrometheus(app);
        app.Run(fake.AnswerAsync);
        await app.StartAsync();
        return fake;
    }

    /// <summary>A series of one value, now.</summary>
    public static JsonObject One(double value, params (string Label, string Value)[] labels) => new()
    {
        ["metric"] = new JsonObject(labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Label, label.Value))),
        ["value"] = new JsonArray(0, value.ToString(CultureInfo.InvariantCulture)),
    };

    public static JsonObject Alert(string name, string severity, string summary, DateTimeOffset since, string state = "firing", string? runbook = null) => new()
    {
        ["labels"] = new JsonObject { ["alertname"] = name, ["severity"] = severity, ["job"] = "scoring" },
        ["annotations"] = new JsonObject { ["summary"] = summary, ["description"] = $"Chi tiết của {name}.", ["runbook_url"] = runbook ?? "" },
        ["state"] = state,
        ["activeAt"] = since.ToString("O", CultureInfo.InvariantCulture),
        ["value"] = "1e+00",
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (Takeover is not null)
        {
            return Takeover(context);
        }

        var query = context.Request.Query["query"].ToString();
        JsonNode data = context.Request.Path.Value switch
        {
            "/api/v1/alerts" => new JsonObject { ["alerts"] = Alerts.DeepClone() },
            "/api/v1/query" => Result("vector", "instant", s_instant[query]),
            "/api/v1/query_range" => Result("matrix", "range", s_range[query]),
            _ => throw new InvalidOperationException($"Nobody asks Prometheus for {context.Request.Path}."),
        };
        return context.Response.WriteAsJsonAsync<JsonNode>(new JsonObject { ["status"] = "success", ["data"] = data });
    }

    private JsonObject Result(string type, string part, string name)
    {
        var series = IsEmpty ? [] : part == "instant" && Instead.TryGetValue(name, out var instead) ? instead.DeepClone().AsArray() : Moved(_recorded[part]![name]!.DeepClone().AsArray(), s_moments.Contains(name));
        return new JsonObject { ["resultType"] = type, ["result"] = series };
    }

    private JsonArray Moved(JsonArray series, bool isMoment)
    {
        var later = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds - (double)_recorded["at"]!;
        foreach (var one in series)
        {
            var metric = one!["metric"]!.AsObject();
            if (Instances.TryGetValue((string?)metric["job"] ?? "", out var instance) && metric.ContainsKey("instance"))
            {
                metric["instance"] = instance;
            }

            foreach (var pair in one["values"]?.AsArray() ?? [one["value"]!.DeepClone()])
            {
                pair![0] = (double)pair[0]! + later;
            }

            if (one["value"] is JsonArray value && isMoment)
            {
                value[1] = (double.Parse((string)value[1]!, CultureInfo.InvariantCulture) + later).ToString(CultureInfo.InvariantCulture);
            }
        }

        return series;
    }
}
