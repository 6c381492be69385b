using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.Gateway;

/// <summary>
/// Every request of a replay. Each is repeated until the system answers it: services, broker or database may be killed and
/// come back while a season is played. A repeated step carries the same idempotency key, so it counts once.
/// </summary>
/// <param name="runId">Part of every idempotency key, so that a later replay of the same file is not served this one's answers.</param>
public sealed class GatewayClient(HttpClient http, string runId, TimeProvider clock)
{
    /// <summary>How long a step waits for a system that does not answer at all.</summary>
    private static readonly TimeSpan _outageLimit = TimeSpan.FromSeconds(150);

    /// <summary>How long it waits for facts that are on their way between services, and for a server that answers with its own fault.</summary>
    private static readonly TimeSpan _settlingLimit = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(3);

    private static readonly JsonSerializerOptions _wire = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task<Answer> GetAsync(Actor actor, string path, CancellationToken ct) => SendAsync(actor, HttpMethod.Get, path, null, null, ct);

    public Task<Answer> PostAsync(Actor actor, string path, JsonNode body, CancellationToken ct, string? ifMatch = null) =>
        SendAsync(actor, HttpMethod.Post, path, body, ifMatch, ct);

    public Task<Answer> PutAsync(Actor actor, string path, JsonNode body, CancellationToken ct, string? ifMatch = null) =>
        SendAsync(actor, HttpMethod.Put, path, body, ifMatch, ct);

    /// <summary>All items of a list that is handed out in pages.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(Actor actor, string path, CancellationToken ct)
    {
        List<JsonElement> items = [];
        for (string? cursor = null; ;)
        {
            var page = (await GetAsync(actor, cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}", ct)).Body;
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
            if (cursor is null)
            {
                return items;
            }
        }
    }

    private async Task<Answer> SendAsync(Actor actor, HttpMethod method, string path, JsonNode? body, string? ifMatch, CancellationToken ct)
    {
        var content = body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString(_wire));
        var key = content is null ? null : IdempotencyKey(actor, method, path, content);
        var name = $"{method} {path} ({actor.Id})";
        var patience = new Patience(clock, name);
        while (true)
        {
            var token = await TokenAsync(actor, ct);
            var attempt = await AttemptAsync(() =>
            {
                var request = new HttpRequestMessage(method, $"api/v1{path}") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
                if (content is not null)
                {
                    request.Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" } } };
                    request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
                }

                if (ifMatch is not null)
                {
                    request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
                }

                return request;
            }, ct);

            if (attempt.Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices)
            {
                return new Answer(attempt.Status!.Value, attempt.ETag, attempt.Body());
            }

            if (attempt.Status == HttpStatusCode.Unauthorized)
            {
                actor.Forget(token);
            }

            if (LimitFor(attempt) is not { } limit)
            {
                throw Refusal(name, attempt);
            }

            await patience.WaitAsync(limit, attempt, ct);
        }
    }

    /// <summary>The account's token, for requests that somebody else makes.</summary>
    public Task<string> TokenAsync(Actor actor, CancellationToken ct) => actor.TokenAsync(
        async cancel =>
        {
            var name = $"POST /connect/token ({actor.Id})";
            var patience = new Patience(clock, name);
            while (true)
            {
                var attempt = await AttemptAsync(() => new HttpRequestMessage(HttpMethod.Post, "connect/token")
                {
                    Content = new FormUrlEncodedContent(new Dictionary<string, string>
                    {
                        ["grant_type"] = "client_credentials",
                        ["client_id"] = actor.Id,
                        ["client_secret"] = actor.Secret,
                        ["scope"] = "thidua",
                    }),
                }, cancel);
                if (attempt.Status == HttpStatusCode.OK)
                {
                    var granted = attempt.Body();
                    return (granted.GetProperty("access_token").GetString()!, TimeSpan.FromSeconds(granted.GetProperty("expires_in").GetInt32()));
                }

                // Wrong credentials do not become right by asking again; only an API's 401 may be a key not yet fetched.
                if (attempt.Status == HttpStatusCode.Unauthorized || LimitFor(attempt) is not { } limit)
                {
                    throw Refusal(name, attempt);
                }

                await patience.WaitAsync(limit, attempt, cancel);
            }
        },
        clock,
        ct);

    private async Task<Attempt> AttemptAsync(Func<HttpRequestMessage> make, CancellationToken ct)
    {
        try
        {
            using var request = make();
            using var response = await http.SendAsync(request, ct);
            var text = await response.Content.ReadAsStringAsync(ct);
            return new Attempt(response.StatusCode, response.Headers.ETag?.ToString(), response.Headers.RetryAfter?.Delta, text);
        }
        catch (HttpRequestException lost)
        {
            return new Attempt(null, null, null, lost.Message);
        }
        catch (OperationCanceledException slow) when (!ct.IsCancellationRequested)
        {
            return new Attempt(null, null, null, slow.Message);
        }
    }

    /// <summary>How long to go on asking after this answer; null when it is final.</summary>
    private static TimeSpan? LimitFor(Attempt attempt) => attempt.Status switch
    {
        null => _outageLimit,
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => _outageLimit,
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => _outageLimit,
        HttpStatusCode.InternalServerError or HttpStatusCode.Unauthorized => _settlingLimit,
        HttpStatusCode.Conflict when attempt.Code is "not-known-yet" or "wrong-phase" or "idempotency-in-progress" => _settlingLimit,
        _ => null,
    };

    private string IdempotencyKey(Actor actor, HttpMethod method, string path, byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{runId}\n{actor.Id}\n{method} {path}\n"));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..40];
    }

    private static RefusedException Refusal(string name, Attempt attempt)
    {
        var body = attempt.Body();
        if (body.ValueKind != JsonValueKind.Object)
        {
            return new RefusedException(name, attempt.Status!.Value, "", attempt.Text, []);
        }

        IReadOnlyList<Violation> errors = body.TryGetProperty("errors", out var listed) && listed.ValueKind == JsonValueKind.Array
            ? [.. listed.EnumerateArray().Select(error => new Violation(Member(error, "code"), Member(error, "path"), Member(error, "message")))]
            : [];
        var detail = Member(body, "detail") is { Length: > 0 } given ? given : Member(body, "error_description");
        return new RefusedException(name, attempt.Status!.Value, attempt.Code, detail, errors);
    }

    private static string Member(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString()! : "";

    private sealed record Attempt(HttpStatusCode? Status, string? ETag, TimeSpan? RetryAfter, string Text)
    {
        public string Code => Body() is var body && Member(body, "code") is { Length: > 0 } code ? code : Member(body, "error");

        public JsonElement Body()
        {
            try
            {
                return Text.Length == 0 ? default : JsonElement.Parse(Text);
            }
            catch (JsonException)
            {
                return default; // an error page of a proxy: its text is shown as it is
            }
        }
    }

    /// <summary>The pauses of one step: growing, no longer than the server asks for, and bounded in all.</summary>
    private sealed class Patience(TimeProvider clock, string name)
    {
        private readonly long _started = clock.GetTimestamp();
        private TimeSpan _pause = TimeSpan.FromMilliseconds(100);

        public async Task WaitAsync(TimeSpan limit, Attempt attempt, CancellationToken ct)
        {
            if (clock.GetElapsedTime(_started) > limit)
            {
                throw new UnreachableException(name, $"{(attempt.Status is { } status ? (int)status : "no connection")} {attempt.Text}");
            }

            await Task.Delay(attempt.RetryAfter is { } asked && asked < _longestPause ? asked : _pause, clock, ct);
            _pause = _pause * 1.7 < _longestPause ? _pause * 1.7 : _longestPause;
        }
    }
}
