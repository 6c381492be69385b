using System.Net;
using Microsoft.AspNetCore.Http;

namespace ThiDua.Tests.Gateway;

public sealed class RateLimitTests
{
    private const string Units = "/api/v1/units";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_used_up_its_requests_waits_and_no_other_client_does()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(Limit("Client", 3));
        using var greedy = gateway.Caller("unit-A");
        using var modest = gateway.Caller("unit-B");

        for (var left = 2; left >= 0; left--)
        {
            using var allowed = await greedy.GetAsync(Units, Cancel);
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
            Assert.Equal("\"client\";q=3;w=3600", allowed.Headers.GetValues("RateLimit-Policy").Single());
            Assert.StartsWith($"\"client\";r={left};t=", allowed.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);
        }

        using var refused = await greedy.GetAsync(Units, Cancel);
        await GatewayUnderTest.AssertProblemAsync(refused, HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.Equal("1200", refused.Headers.GetValues("Retry-After").Single()); // one request comes back every 3600/3 s
        using var unharmed = await modest.GetAsync(Units, Cancel);
        Assert.Equal(HttpStatusCode.OK, unharmed.StatusCode);
    }

    [Fact]
    public async Task Callers_at_one_moment_get_exactly_as_many_answers_as_the_limit()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(Limit("Client", 20));
        using var caller = gateway.Caller("unit-A");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => caller.GetAsync(Units, Cancel)));

        Assert.Equal(20, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(30, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Fetching_tokens_has_a_limit_of_its_own_by_address()
    {
        await using var gateway = await GatewayUnderTest.StartAsync([.. Limit("SignIn", 1), .. Limit("Anonymous", 1)]);
        using var caller = gateway.Caller();

        using var first = await caller.PostAsync("/connect/token", new FormUrlEncodedContent([]), Cancel);
        using var second = await caller.PostAsync("/connect/token", new FormUrlEncodedContent([]), Cancel);
        using var elsewhere = await caller.GetAsync("/.well-known/openid-configuration", Cancel);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await GatewayUnderTest.AssertProblemAsync(second, HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode);
    }

    [Fact]
    public async Task Health_is_asked_without_limit()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(Limit("Anonymous", 1));
        using var caller = gateway.Caller();

        for (var i = 0; i < 5; i++)
        {
            using var answer = await caller.GetAsync("/health/live", Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_province_that_fetches_its_tokens_at_once_is_not_refused_by_the_default()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        gateway.Services["identity"].Answer = context => context.Response.WriteAsync("{}");
        using var caller = gateway.Caller();

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => caller.PostAsync("/connect/token", new FormUrlEncodedContent([]), Cancel)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    private static (string, string)[] Limit(string name, int requests) =>
        [($"Gateway:{name}RateLimit:Requests", $"{requests}"), ($"Gateway:{name}RateLimit:WindowSeconds", "3600")];
}
