using System.Net;
using System.Text.Json.Nodes;
using ThiDua.Replay.Gateway;

namespace ThiDua.Tests.Replay;

/// <summary>A replay outlives its system's trouble, and does nothing twice because of it.</summary>
public sealed class GatewayClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_step_is_repeated_until_the_system_is_back_with_the_same_key()
    {
        Queue<Func<HttpResponseMessage>> answers = new(
        [
            () => throw new HttpRequestException("Connection refused"),
            () => FakeGateway.Problem(HttpStatusCode.BadGateway, "service-unavailable"),
            () => FakeGateway.Problem(HttpStatusCode.ServiceUnavailable, "service-unavailable"),
            () => FakeGateway.Problem(HttpStatusCode.InternalServerError, "unexpected"),
            () => FakeGateway.Problem(HttpStatusCode.Conflict, "not-known-yet"),
            () => FakeGateway.Problem(HttpStatusCode.Conflict, "wrong-phase"),
            () => FakeGateway.Json("""{"id": "7"}""", HttpStatusCode.Created, "\"3\""),
        ]);
        using var gateway = new FakeGateway(_ => answers.Dequeue()());
        using var actor = new Actor("admin", "secret");

        var answer = await gateway.Client().PostAsync(actor, "/units", new JsonObject { ["units"] = new JsonArray() }, Cancel, "\"2\"");

        Assert.Equal(("7", "\"3\""), (answer.Text("id"), answer.ETag));
        Assert.Equal(7, gateway.Requests.Count);
        Assert.Single(gateway.Requests.Distinct());
        Assert.All(gateway.Requests, asked => Assert.False(string.IsNullOrEmpty(asked.IdempotencyKey)));
        Assert.All(gateway.Requests, asked => Assert.Equal("\"2\"", asked.IfMatch));
    }

    [Fact]
    public async Task Another_step_has_another_key()
    {
        using var gateway = new FakeGateway(_ => FakeGateway.Json("{}"));
        using var leader = new Actor("unit-A", "secret");
        using var deputy = new Actor("unit-B", "secret");
        var client = gateway.Client();

        await client.PostAsync(leader, "/score-sheets/1/review", new JsonObject(), Cancel);
        await client.PostAsync(deputy, "/score-sheets/1/review", new JsonObject(), Cancel);
        await client.PostAsync(leader, "/score-sheets/2/review", new JsonObject(), Cancel);
        await client.PostAsync(leader, "/score-sheets/1/review", new JsonObject { ["lines"] = new JsonArray() }, Cancel);

        Assert.Equal(4, gateway.Requests.Select(asked => asked.IdempotencyKey).Distinct().Count());
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, "")]
    [InlineData(HttpStatusCode.Conflict, "not-known-yet")]
    [InlineData(HttpStatusCode.InternalServerError, "unexpected")]
    public async Task Waiting_has_an_end(HttpStatusCode status, string code)
    {
        using var gateway = new FakeGateway(_ => FakeGateway.Problem(status, code));
        using var actor = new Actor("admin", "secret");

        var lost = await Assert.ThrowsAsync<UnreachableException>(() => gateway.Client().GetAsync(actor, "/seasons", Cancel));

        Assert.Contains($"{(int)status}", lost.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict, "wrong-state")]
    [InlineData(HttpStatusCode.Forbidden, "forbidden")]
    [InlineData(HttpStatusCode.PreconditionFailed, "stale")]
    [InlineData(HttpStatusCode.NotFound, "not-found")]
    public async Task A_refusal_is_final(HttpStatusCode status, string code)
    {
        using var gateway = new FakeGateway(_ => FakeGateway.Problem(status, code));
        using var actor = new Actor("admin", "secret");

        var refused = await Assert.ThrowsAsync<RefusedException>(() => gateway.Client().GetAsync(actor, "/seasons", Cancel));

        Assert.Equal((status, code), (refused.Status, refused.Code));
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task Every_fault_of_a_refused_body_is_kept()
    {
        using var gateway = new FakeGateway(_ => FakeGateway.Json(
            """{"code": "validation-failed", "detail": "Sai.", "errors": [{"code": "NEGATIVE", "path": "/a", "message": "Âm."}, {"code": "MISSING_REASON", "path": "/b", "message": "Thiếu."}]}""",
            HttpStatusCode.UnprocessableEntity));
        using var actor = new Actor("admin", "secret");

        var refused = await Assert.ThrowsAsync<RefusedException>(() => gateway.Client().PostAsync(actor, "/units", new JsonObject(), Cancel));

        Assert.Equal([("NEGATIVE", "/a"), ("MISSING_REASON", "/b")], refused.Errors.Select(error => (error.Code, error.Path)));
    }

    [Fact]
    public async Task A_token_is_kept_until_it_is_refused()
    {
        var refuse = false;
        using var gateway = new FakeGateway(asked => refuse && asked.Token == "admin#1" ? new HttpResponseMessage(HttpStatusCode.Unauthorized) : FakeGateway.Json("{}"));
        using var actor = new Actor("admin", "secret");
        var client = gateway.Client();

        await client.GetAsync(actor, "/seasons", Cancel);
        await client.GetAsync(actor, "/seasons", Cancel);
        refuse = true;
        await client.GetAsync(actor, "/seasons", Cancel);

        Assert.Equal(["admin#1", "admin#1", "admin#1", "admin#2"], gateway.Requests.Select(asked => asked.Token));
    }

    [Fact]
    public async Task A_list_is_read_to_its_last_page()
    {
        using var gateway = new FakeGateway(asked => FakeGateway.Json(asked.Request.Contains("cursor=a%2Fb", StringComparison.Ordinal)
            ? """{"items": [{"code": "3"}], "next": null}"""
            : """{"items": [{"code": "1"}, {"code": "2"}], "next": "a/b"}"""));
        using var actor = new Actor("admin", "secret");

        var items = await gateway.Client().ListAsync(actor, "/seasons?limit=2", Cancel);

        Assert.Equal(["1", "2", "3"], items.Select(item => item.GetProperty("code").GetString()));
    }
}
