using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ThiDua.Tests.Logs;

namespace ThiDua.Tests.Support;

/// <summary>
/// Calls of the API as its callers make them. A client's base address ends with <c>/api/v1/</c>, so a path without a slash at
/// its start is one of the API (<c>units?search=a</c>), and one with it is one of the host (<c>/health/ready</c>).
/// </summary>
public static class ApiCalls
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper) },
    };

    public static Task<ApiAnswer> GetJson(this HttpClient client, string path, string? ifNoneMatch = null) =>
        client.CallAsync(HttpMethod.Get, path, headers: ifNoneMatch is null ? null : new() { ["If-None-Match"] = ifNoneMatch });

    public static Task<ApiAnswer> PostJson(this HttpClient client, string path, object? body = null, string? etag = null, string? idempotencyKey = null) =>
        client.CallAsync(HttpMethod.Post, path, body, etag, idempotencyKey);

    public static Task<ApiAnswer> PutJson(this HttpClient client, string path, object? body = null, string? etag = null, string? idempotencyKey = null) =>
        client.CallAsync(HttpMethod.Put, path, body, etag, idempotencyKey);

    public static Task<ApiAnswer> DeleteJson(this HttpClient client, string path, string? etag = null) =>
        client.CallAsync(HttpMethod.Delete, path, etag: etag);

    /// <param name="client">A client of a host under test.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">Relative to the API, or from the host's root with a slash at its start.</param>
    /// <param name="body">HttpContent as it is; a string as JSON text; anything else serialised with the API's own names.</param>
    /// <param name="etag">Sent as If-Match.</param>
    /// <param name="idempotencyKey">Sent as Idempotency-Key.</param>
    /// <param name="headers">Further headers.</param>
    public static async Task<ApiAnswer> CallAsync(
        this HttpClient client, HttpMethod method, string path, object? body = null, string? etag = null, string? idempotencyKey = null, Dictionary<string, string>? headers = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.RelativeOrAbsolute));
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string text => new StringContent(text, System.Text.Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body, body.GetType(), options: Json),
        };
        await PlantAsync(path, request.Content);
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new ApiAnswer(
            $"{method} {path}",
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    // What is sent here must not come to light in a log.
    private static async Task PlantAsync(string path, HttpContent? content)
    {
        if (path.IndexOf('?', StringComparison.Ordinal) is var at and >= 0)
        {
            SuiteLog.Canaries.PlantFromQuery(path[(at + 1)..]);
        }

        if (content?.Headers.ContentType?.MediaType is "application/json" or "application/x-www-form-urlencoded")
        {
            await content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
            SuiteLog.Canaries.PlantFrom(await content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }
}

/// <summary>An answer, read to its end.</summary>
public sealed record ApiAnswer(string Call, int Status, string Text, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode? Json => Text.Length == 0 ? null : JsonNode.Parse(Text);

    public string? ETag => Headers.GetValueOrDefault("ETag");

    public string? Location => Headers.GetValueOrDefault("Location");

    public bool IsProblem => ContentType == "application/problem+json";

    /// <summary>The refusal's stable code.</summary>
    public string? Code => IsProblem ? (string?)Json?["code"] : null;

    /// <summary>What exactly was wrong: code and JSON pointer.</summary>
    public IReadOnlyList<(string Code, string Path)> Errors => IsProblem && Json?["errors"] is JsonArray errors
        ? [.. errors.Select(error => ((string)error!["code"]!, (string?)error["path"] ?? (string?)error["pointer"] ?? ""))]
        : [];

    public JsonNode this[string member] => Json?[member] ?? throw new KeyNotFoundException($"No “{member}” in {this}");

    /// <summary>Fails with the whole answer unless it has this status (and, for a refusal, this code).</summary>
    public ApiAnswer Expect(int status, string? code = null)
    {
        Assert.True(Status == status && (code is null || Code == code), $"Expected {status} {code}, got {this}");
        return this;
    }

    public override string ToString() => $"{Status} to {Call}: {Text}";
}
