using System.Collections.Concurrent;
using System.Net;
using System.Text;
using ThiDua.Replay.Gateway;

namespace ThiDua.Tests.Replay;

/// <summary>A gateway that gives prepared answers and remembers what it was asked.</summary>
internal sealed class FakeGateway(Func<FakeGateway.Asked, HttpResponseMessage> answer) : HttpMessageHandler
{
    private int _tokens;

    public sealed record Asked(string Request, string Body, string? Token, string? IdempotencyKey, string? IfMatch)
    {
        public string Actor => Token!.Split('#')[0];
    }

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public GatewayClient Client(TimeProvider? clock = null) =>
        new(new HttpClient(this) { BaseAddress = new Uri("http://gateway.test/") }, "run-1", clock ?? new HurriedClock());

    public static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK, string? etag = null)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (etag is not null)
        {
            response.Headers.TryAddWithoutValidation("ETag", etag);
        }

        return response;
    }

    public static HttpResponseMessage Problem(HttpStatusCode status, string code) => Json($$"""{"code": "{{code}}", "detail": "Không được."}""", status);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        if (request.RequestUri!.AbsolutePath == "/connect/token")
        {
            var client = body.Split('&').Single(field => field.StartsWith("client_id=", StringComparison.Ordinal))["client_id=".Length..];
            return Json($$"""{"access_token": "{{client}}#{{Interlocked.Increment(ref _tokens)}}", "expires_in": 3600}""");
        }

        var asked = new Asked($"{request.Method} {request.RequestUri.PathAndQuery}", body, request.Headers.Authorization?.Parameter, Header(request, "Idempotency-Key"), Header(request, "If-Match"));
        Requests.Enqueue(asked);
        return answer(asked);
    }

    private static string? Header(HttpRequestMessage request, string name) => request.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    /// <summary>A clock on which every pause is over at once, as if its time had passed.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private long _passed;

        public override long GetTimestamp() => Interlocked.Read(ref _passed);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref _passed, dueTime.Ticks);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
