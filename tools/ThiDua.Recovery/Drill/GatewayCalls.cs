using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ThiDua.Recovery.Drill;

/// <summary>Requests through the gateway by one account.</summary>
internal sealed class GatewayCalls(Uri gateway, string id, string secret) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose() => _http.Dispose();

    public async Task SignInAsync(CancellationToken ct)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = id, ["client_secret"] = secret, ["scope"] = "thidua" });
        using var answer = await _http.PostAsync(new Uri("connect/token", UriKind.Relative), form, ct);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string?)body?["access_token"] ?? throw new RecoveryException($"{id} was given no token: {(int)answer.StatusCode}"));
    }

    public Task<(HttpStatusCode Status, JsonNode? Body, string? ETag)> PostAsync(string path, JsonNode body, CancellationToken ct, string? ifMatch = null) => SendAsync(HttpMethod.Post, path, body, ifMatch, ct);

    public Task<(HttpStatusCode Status, JsonNode? Body, string? ETag)> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, null, null, ct);

    /// <summary>Repeats it while facts that it needs are on their way between the services.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Body, string? ETag)> MustAsync(HttpMethod method, string path, JsonNode? body, CancellationToken ct, string? ifMatch = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(s_patience);
        while (true)
        {
            var answer = await SendAsync(method, path, body, ifMatch, limit.Token);
            if (answer.Status is HttpStatusCode.OK or HttpStatusCode.Created)
            {
                return answer;
            }

            if ((string?)answer.Body?["code"] is not ("not-known-yet" or "wrong-phase") && answer.Status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable))
            {
                throw new RecoveryException($"{method} {path} was answered with {(int)answer.Status}: {answer.Body?.ToJsonString()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300), limit.Token);
        }
    }

    /// <returns>The id of the evidence, once it is stored; null when it was not taken.</returns>
    public async Task<Guid?> UploadAsync(string path, byte[] content, CancellationToken ct)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        using var answer = await _http.PostAsync(new Uri($"api/v1/{path}", UriKind.Relative), body, ct);
        return answer.StatusCode == HttpStatusCode.Created ? Guid.Parse((string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct))!["id"]!) : null;
    }

    private async Task<(HttpStatusCode Status, JsonNode? Body, string? ETag)> SendAsync(HttpMethod method, string path, JsonNode? body, string? ifMatch, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri($"api/v1/{path}", UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var answer = await _http.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        return (answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null, answer.Headers.ETag?.ToString());
    }
}
