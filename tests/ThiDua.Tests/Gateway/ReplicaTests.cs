using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Gateway;

/// <summary>Several processes of one service behind the gateway.</summary>
public sealed class ReplicaTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replica_that_is_not_ready_gets_no_requests_until_it_is_again()
    {
        await using var second = await StubService.StartAsync();
        await using var gateway = await GatewayUnderTest.StartAsync(("services:scoring:http:1", second.Address));
        var first = gateway.Services["scoring"];
        first.Answer = context => context.Response.WriteAsync("first");
        second.Answer = context => context.Response.WriteAsync("second");
        using var caller = gateway.Caller("auditor");

        await UntilServedByAsync(caller, ["first", "second"]);
        first.Answer = context => NotReadyAsync(context, "first");
        await UntilServedByAsync(caller, ["second"]);
        Assert.Equal((200, 2, 1), await ReadinessAsync(caller));
        first.Answer = context => context.Response.WriteAsync("first");
        await UntilServedByAsync(caller, ["first", "second"]);
        Assert.Equal((200, 2, 2), await ReadinessAsync(caller));
    }

    [Fact]
    public async Task When_no_replica_is_ready_a_caller_hears_the_reason_of_one()
    {
        await using var second = await StubService.StartAsync();
        await using var gateway = await GatewayUnderTest.StartAsync(("services:scoring:http:1", second.Address));
        gateway.Services["scoring"].Answer = second.Answer = context => NotReadyAsync(context, "not ready, and says why");
        using var caller = gateway.Caller("auditor");

        await Eventually.AnswerAsync(() => ReadinessAsync(caller), answer => answer == (503, 2, 0), "both are known not to be ready");
        Assert.Equal("not ready, and says why", await caller.GetStringAsync(new Uri("/api/v1/score-sheets", UriKind.Relative), Cancel));
    }

    [Fact]
    public async Task Replicas_with_one_name_are_found_by_its_addresses()
    {
        await using var stub = await StubService.StartAsync();
        var port = new Uri(stub.Address).Port;
        await using var gateway = await GatewayUnderTest.StartAsync(("Gateway:DnsRefreshSeconds", "1"), (GatewayUnderTest.Destination("scoring"), $"http://localhost:{port}"));
        stub.Answer = context => context.Response.WriteAsync(context.Request.Path.StartsWithSegments("/health") ? "ready" : "found");
        using var caller = gateway.Caller("auditor");

        // "localhost" may have an address of each family; the stub listens on one of them, and the other is soon left out.
        await UntilServedByAsync(caller, ["found"]);
    }

    private static Task NotReadyAsync(HttpContext context, string text)
    {
        context.Response.StatusCode = context.Request.Path.StartsWithSegments("/health") ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return context.Response.WriteAsync(text);
    }

    private static async Task UntilServedByAsync(HttpClient caller, string[] expected) => await Eventually.AnswerAsync(
        async () =>
        {
            var answers = new SortedSet<string>(StringComparer.Ordinal);
            for (var turn = 0; turn < 20; turn++)
            {
                using var answer = await caller.GetAsync(new Uri("/api/v1/score-sheets", UriKind.Relative), Cancel);
                answers.Add(answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(Cancel) : $"{(int)answer.StatusCode}");
            }

            return string.Join(", ", answers);
        },
        served => served == string.Join(", ", expected), $"requests are served by {string.Join(" and ", expected)}");

    private static async Task<(int Status, int Replicas, int Ready)> ReadinessAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancel);
        var data = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("checks").GetProperty("scoring").GetProperty("data");
        return (answer.StatusCode == HttpStatusCode.OK ? 200 : 503, data.GetProperty("replicas").GetInt32(), data.GetProperty("ready").GetInt32());
    }
}
