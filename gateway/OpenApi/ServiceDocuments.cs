using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace ThiDua.Gateway.OpenApi;

/// <summary>
/// Keeps the merged document and asks the services again when it has grown old. A service that does not answer keeps the
/// part it gave before; a part that was never given is a refusal, never a document with a hole in it.
/// </summary>
public sealed class ServiceDocuments(
    BackendServices backends,
    IHttpClientFactory clients,
    [FromKeyedServices("v1")] IOpenApiDocumentProvider own,
    IOptions<GatewaySettings> settings,
    TimeProvider clock,
    ILogger<ServiceDocuments> logger) : IDisposable
{
    public const string HttpClientName = "openapi";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Dictionary<string, JsonObject> _parts = [];
    private Merged? _merged;

    /// <summary>The document as it is served, or null while a service has not given its part yet.</summary>
    public async Task<Merged?> GetAsync(CancellationToken ct)
    {
        if (IsFresh(_merged))
        {
            return _merged;
        }

        await _oneAtATime.WaitAsync(ct);
        try
        {
            if (!IsFresh(_merged))
            {
                _merged = await RefreshAsync(ct) ?? _merged;
            }

            return _merged;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private bool IsFresh(Merged? merged) =>
        merged is not null && clock.GetUtcNow() - merged.At < TimeSpan.FromSeconds(settings.Value.OpenApiRefreshSeconds);

    private async Task<Merged?> RefreshAsync(CancellationToken ct)
    {
        var services = backends.All().ToList();
        var fetched = await Task.WhenAll(services.Select(service => FetchAsync(service, ct)));
        foreach (var (service, document) in services.Zip(fetched))
        {
            if (document is not null)
            {
                _parts[service.Name] = document;
            }
        }

        if (!services.TrueForAll(service => _parts.ContainsKey(service.Name)))
        {
            return null;
        }

        var gateway = JsonNode.Parse(await (await own.GetOpenApiDocumentAsync(ct)).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, ct))!.AsObject();
        var body = JsonSerializer.SerializeToUtf8Bytes(MergedDocument.Of(services.Select(service => (service.Name, _parts[service.Name])).Append(("gateway", gateway))), Json);
        return new Merged(body, $"\"{Convert.ToHexStringLower(SHA256.HashData(body))[..32]}\"", clock.GetUtcNow());
    }

    private async Task<JsonObject?> FetchAsync(Backend service, CancellationToken ct)
    {
        foreach (var address in service.Addresses)
        {
            try
            {
                using var client = clients.CreateClient(HttpClientName);
                await using var document = await client.GetStreamAsync(new Uri(address, "openapi/v1.json"), ct);
                return await JsonNode.ParseAsync(document, cancellationToken: ct) as JsonObject; // names differ by case: a ratio's n and N
            }
            catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is OperationCanceledException && !ct.IsCancellationRequested))
            {
                logger.LogWarning("The OpenAPI document of {Service} could not be had: {Reason}", service.Name, failure.Message);
            }
        }

        return null;
    }

    /// <param name="Body">UTF-8 JSON.</param>
    /// <param name="ETag">Of the content.</param>
    /// <param name="At">When it was put together.</param>
    public sealed record Merged(byte[] Body, string ETag, DateTimeOffset At);
}
