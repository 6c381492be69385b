using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ThiDua.Gateway.Operations;

/// <summary>What this gateway knows by itself: it asks every replica behind it whether it is ready, Prometheus or not.</summary>
public sealed class ReplicaReadiness(BackendServices backends, IHttpClientFactory clients, IOptions<GatewaySettings> settings, TimeProvider clock)
{
    private const int LongestAnswer = 256 * 1024;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _notReadySince = [];

    public async Task<ILookup<string, ReplicaView>> AskAllAsync(CancellationToken ct)
    {
        var replicas =
            from service in backends.All()
            from address in service.Addresses.DefaultIfEmpty(null)
            select AskAsync(service.Name, address, ct);
        return (await Task.WhenAll(replicas)).ToLookup(answer => answer.Service, answer => answer.Replica);
    }

    private async Task<(string Service, ReplicaView Replica)> AskAsync(string service, Uri? address, CancellationToken ct)
    {
        var replica = address is null
            ? new ReplicaView("", false, "chưa có địa chỉ", [], null)
            : await AskAsync(address, ct);
        var key = $"{service} {replica.Address}";
        if (replica.Ready)
        {
            _notReadySince.TryRemove(key, out _);
            return (service, replica);
        }

        return (service, replica with { Since = _notReadySince.GetOrAdd(key, clock.GetUtcNow()) });
    }

    private async Task<ReplicaView> AskAsync(Uri address, CancellationToken ct)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(ct);
        inTime.CancelAfter(settings.Value.ReadinessTimeoutMilliseconds);
        using var client = clients.CreateClient(Readiness.HttpClientName);
        client.MaxResponseContentBufferSize = LongestAnswer;
        try
        {
            using var answer = await client.GetAsync(new Uri(address, "health/ready"), inTime.Token);
            var failing = Failing(await answer.Content.ReadAsStringAsync(inTime.Token));
            return answer.IsSuccessStatusCode
                ? new ReplicaView(address.Authority, true, failing.Count > 0 ? "sẵn sàng, có kiểm tra chưa đạt" : "sẵn sàng", failing, null) { HasAnswered = true }
                : new ReplicaView(address.Authority, false, $"chưa sẵn sàng (HTTP {(int)answer.StatusCode})", failing, null) { HasAnswered = true };
        }
        catch (HttpRequestException)
        {
            return new ReplicaView(address.Authority, false, "không kết nối được", [], null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ReplicaView(address.Authority, false, $"không trả lời trong {settings.Value.ReadinessTimeoutMilliseconds} ms", [], null);
        }
    }

    // Names of checks that are not healthy; an answer in another form names none, and its status has said what counts.
    private static List<string> Failing(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("checks", out var checks) && checks.ValueKind == JsonValueKind.Object
                ? [.. checks.EnumerateObject().Where(check => IsFailing(check.Value)).Select(check => check.Name)]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static bool IsFailing(JsonElement check) =>
        check.ValueKind == JsonValueKind.Object && check.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String && status.GetString() is not "Healthy";
}
