using System.Net;
using Microsoft.AspNetCore.Http;

namespace ThiDua.Tests.Gateway;

public sealed class GatewayHeaderTests
{
    private const string Units = "/api/v1/units";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_caller_claims_about_himself_by_header_does_not_reach_a_service()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var seen = Record(gateway.Services["clusters"]);
        using var caller = gateway.Caller("unit-A");
        foreach (var name in new[] { "X-Forwarded-User", "X-Forwarded-Prefix", "X-Original-URL", "X-Rewrite-URL", "X-Real-IP", "X-Remote-User", "X-HTTP-Method-Override", "X-User-Id", "Forwarded", "Cookie", "Proxy" })
        {
            caller.DefaultRequestHeaders.TryAddWithoutValidation(name, "spoofed=1");
        }

        caller.DefaultRequestHeaders.Add("X-Forwarded-For", "10.9.8.7");
        caller.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        caller.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        using var answer = await caller.GetAsync(Units, Cancel);

        var headers = await seen;
        Assert.DoesNotContain(headers, header => header.Value.Contains("spoofed", StringComparison.Ordinal));
        Assert.Equal("127.0.0.1", headers["X-Forwarded-For"]);
        Assert.Equal(gateway.Address.Authority, headers["X-Forwarded-Host"]);
        Assert.Equal("http", headers["X-Forwarded-Proto"]);
        Assert.StartsWith("Bearer ", headers["Authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hop_by_hop_headers_end_at_the_gateway()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var seen = Record(gateway.Services["clusters"]);
        using var caller = gateway.Caller("unit-A");
        using var request = new HttpRequestMessage(HttpMethod.Get, Units);
        request.Headers.Connection.Add("keep-alive");
        request.Headers.TryAddWithoutValidation("Keep-Alive", "timeout=5");
        request.Headers.TryAddWithoutValidation("Proxy-Authorization", "Basic x");
        request.Headers.TE.ParseAdd("trailers");

        using var answer = await caller.SendAsync(request, Cancel);

        var headers = await seen;
        Assert.False(headers.ContainsKey("Connection"));
        Assert.False(headers.ContainsKey("Keep-Alive"));
        Assert.False(headers.ContainsKey("Proxy-Authorization"));
    }

    [Fact]
    public async Task The_callers_trace_goes_on_in_the_service_and_comes_back()
    {
        const string TraceId = "0af7651916cd43dd8448eb211c80319c";
        await using var gateway = await GatewayUnderTest.StartAsync();
        var seen = Record(gateway.Services["clusters"]);
        using var caller = gateway.Caller("unit-A");
        caller.DefaultRequestHeaders.Add("traceparent", $"00-{TraceId}-b7ad6b7169203331-01");

        using var answer = await caller.GetAsync(Units, Cancel);
        using var failed = await caller.GetAsync("/api/v1/nothing", Cancel);

        Assert.StartsWith($"00-{TraceId}-", (await seen)["traceparent"], StringComparison.Ordinal);
        Assert.StartsWith($"00-{TraceId}-", answer.Headers.GetValues("traceparent").Single(), StringComparison.Ordinal);
        var problem = await GatewayUnderTest.AssertProblemAsync(failed, HttpStatusCode.NotFound, "not-found");
        Assert.Equal(TraceId, problem.GetProperty("traceId").GetString());
    }

    [Theory]
    [InlineData(Units, "default-src 'none'")]
    [InlineData("/docs/", "script-src 'self'")]
    public async Task Every_answer_tells_a_browser_to_trust_nothing_more_than_it_needs(string path, string policy)
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        using var caller = gateway.Caller("unit-A");

        using var answer = await caller.GetAsync(path, Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(policy, answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task An_answer_without_a_cache_rule_of_its_service_is_not_kept()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        using var caller = gateway.Caller("unit-A");
        using var silent = await caller.GetAsync(Units, Cancel);
        gateway.Services["clusters"].Answer = context =>
        {
            context.Response.Headers.CacheControl = "private, max-age=60";
            return Task.CompletedTask;
        };
        using var told = await caller.GetAsync(Units, Cancel);

        Assert.True(silent.Headers.CacheControl?.NoStore);
        Assert.Equal(TimeSpan.FromSeconds(60), told.Headers.CacheControl?.MaxAge);
    }

    [Fact]
    public async Task Cookies_pass_to_the_sign_in_pages_only()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var seen = Record(gateway.Services["identity"]);
        using var caller = gateway.Caller();
        caller.DefaultRequestHeaders.Add("Cookie", "session=1");

        using var answer = await caller.GetAsync("/account/login", Cancel);

        Assert.Equal("session=1", (await seen)["Cookie"]);
    }

    private static Task<Dictionary<string, string>> Record(StubService service)
    {
        var seen = new TaskCompletionSource<Dictionary<string, string>>();
        service.Answer = context =>
        {
            seen.TrySetResult(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            return context.Response.WriteAsync("{}");
        };
        return seen.Task;
    }
}
