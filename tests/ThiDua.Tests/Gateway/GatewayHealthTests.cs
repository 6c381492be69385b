using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ThiDua.Tests.Gateway;

public sealed class GatewayHealthTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_means_that_every_service_is_ready()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var asked = new List<string>();
        foreach (var (name, service) in gateway.Services)
        {
            service.Answer = context =>
            {
                lock (asked)
                {
                    asked.Add(name + context.Request.Path);
                }

                return context.Response.WriteAsync("{}");
            };
        }

        using var caller = gateway.Caller();
        using var answer = await caller.GetAsync("/health/ready", Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["awards/health/ready", "clusters/health/ready", "documents/health/ready", "identity/health/ready", "scoring/health/ready"], asked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_service_that_is_not_ready_down_or_silent_is_named()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(("Gateway:ReadinessTimeoutMilliseconds", "300"));
        var released = new TaskCompletionSource();
        gateway.Services["scoring"].Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        gateway.Services["awards"].Answer = _ => released.Task;
        await gateway.Services["documents"].DisposeAsync();
        using var caller = gateway.Caller();

        using var answer = await caller.GetAsync("/health/ready", Cancel);
        using var live = await caller.GetAsync("/health/live", Cancel);
        released.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        var states = body.GetProperty("checks").EnumerateObject().ToDictionary(check => check.Name, check => check.Value.GetProperty("status").GetString());
        Assert.Equal("Unhealthy", body.GetProperty("status").GetString());
        Assert.Equal(["awards", "documents", "scoring"], states.Where(state => state.Value == "Unhealthy").Select(state => state.Key).Order(StringComparer.Ordinal));
        Assert.Equal("Healthy", states["clusters"]);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task An_identity_provider_of_the_province_is_not_asked()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(("Gateway:ExternalIdentity", "true"));
        await gateway.Services["identity"].DisposeAsync();
        using var caller = gateway.Caller();

        using var answer = await caller.GetAsync("/health/ready", Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Metrics_are_for_this_machine()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        using var caller = gateway.Caller();

        using var answer = await caller.GetAsync("/metrics", Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_setting_out_of_its_range_stops_the_start_and_is_named()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => GatewayUnderTest.StartAsync(("Gateway:ClientRateLimit:Requests", "0")));

        Assert.Contains("Requests", failure.ToString(), StringComparison.Ordinal);
    }
}
