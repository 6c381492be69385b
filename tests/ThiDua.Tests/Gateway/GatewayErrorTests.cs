using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Gateway;

public sealed class GatewayErrorTests
{
    private const string Units = "/api/v1/units";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_of_a_service_passes_through_untouched()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        gateway.Services["clusters"].Answer = async context =>
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            context.Response.ContentType = "application/problem+json";
            context.Response.Headers.ETag = "\"7\"";
            context.Response.Headers.RetryAfter = "1";
            context.Response.Headers.Server = "Kestrel";
            await context.Response.WriteAsync("""{"code":"not-known-yet","title":"Chưa biết"}""");
        };
        using var caller = gateway.Caller("unit-A");

        using var answer = await caller.GetAsync(Units + "?search=phường", Cancel);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("""{"code":"not-known-yet","title":"Chưa biết"}""", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("\"7\"", answer.Headers.ETag?.Tag);
        Assert.Equal("1", answer.Headers.GetValues("Retry-After").Single());
        Assert.Empty(answer.Headers.Server);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task A_bare_status_of_a_service_gets_no_body_from_the_gateway()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        gateway.Services["clusters"].Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
        using var caller = gateway.Caller("unit-A");

        using var answer = await caller.GetAsync(Units + "/X", Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task Without_a_token_the_api_answers_401_and_the_service_is_not_asked()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var asked = false;
        gateway.Services["clusters"].Answer = _ =>
        {
            asked = true;
            return Task.CompletedTask;
        };
        using var caller = gateway.Caller();

        using var answer = await caller.GetAsync(Units, Cancel);

        await GatewayUnderTest.AssertProblemAsync(answer, HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Contains(answer.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Bearer");
        Assert.False(asked);
    }

    [Fact]
    public async Task An_expired_token_and_one_for_another_audience_are_401()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        foreach (var token in new[] { gateway.Tokens.Token([Roles.Auditor], expiresIn: TimeSpan.FromHours(-1)), gateway.Tokens.Token([Roles.Auditor], audience: "other"), "abc.def.ghi" })
        {
            using var caller = gateway.Caller();
            caller.DefaultRequestHeaders.Add("Authorization", "Bearer " + token);
            using var answer = await caller.GetAsync(Units, Cancel);
            await GatewayUnderTest.AssertProblemAsync(answer, HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Fact]
    public async Task While_the_provider_of_tokens_is_away_a_token_is_neither_good_nor_bad()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        using var caller = gateway.Caller("unit-A");
        await gateway.Tokens.DisposeAsync();

        using var answer = await caller.GetAsync(Units, Cancel);

        await GatewayUnderTest.AssertProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "identity-unavailable");
        Assert.Equal("2", answer.Headers.GetValues("Retry-After").Single());
    }

    [Theory]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v2/units")]
    public async Task An_address_that_no_route_has_is_404(string path)
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        using var caller = gateway.Caller("unit-A");

        using var answer = await caller.GetAsync(path, Cancel);

        await GatewayUnderTest.AssertProblemAsync(answer, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_method_that_no_route_takes_is_405_with_Allow()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        using var caller = gateway.Caller("unit-A");

        using var answer = await caller.PatchAsync(Units, JsonContent.Create(new { }), Cancel);

        await GatewayUnderTest.AssertProblemAsync(answer, HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Contains("PUT", answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_service_that_is_down_is_502()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        await gateway.Services["clusters"].DisposeAsync();
        using var caller = gateway.Caller("unit-A");

        using var answer = await caller.GetAsync(Units, Cancel);

        await GatewayUnderTest.AssertProblemAsync(answer, HttpStatusCode.BadGateway, "bad-gateway");
    }

    [Fact]
    public async Task A_service_that_breaks_off_before_its_answer_is_502()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        gateway.Services["clusters"].Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        using var caller = gateway.Caller("unit-A");

        using var answer = await caller.PostAsync(Units, JsonContent.Create(new { }), Cancel);

        await GatewayUnderTest.AssertProblemAsync(answer, HttpStatusCode.BadGateway, "bad-gateway");
    }

    [Fact]
    public async Task A_service_without_a_destination_is_503_with_RetryAfter()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(("ReverseProxy:Routes:units:ClusterId", "absent"), ("ReverseProxy:Clusters:absent:LoadBalancingPolicy", "FirstAlphabetical"));
        using var caller = gateway.Caller("unit-A");

        using var answer = await caller.GetAsync(Units, Cancel);

        await GatewayUnderTest.AssertProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Equal("1", answer.Headers.GetValues("Retry-After").Single());
    }

    [Theory]
    [InlineData("ReverseProxy:Clusters:clusters:HttpRequest:ActivityTimeout", "00:00:00.300")] // silence of the service
    [InlineData("ReverseProxy:Routes:units:Timeout", "00:00:00.300")] // the whole request; to YARP this looks like a caller who left
    public async Task A_service_that_does_not_answer_in_time_is_504(string setting, string value)
    {
        await using var gateway = await GatewayUnderTest.StartAsync((setting, value));
        var released = new TaskCompletionSource();
        gateway.Services["clusters"].Answer = _ => released.Task;
        using var caller = gateway.Caller("unit-A");

        using var read = await caller.GetAsync(Units, Cancel);
        await GatewayUnderTest.AssertProblemAsync(read, HttpStatusCode.GatewayTimeout, "gateway-timeout");
        using var written = await caller.PostAsync(Units, JsonContent.Create(new { units = new[] { "A" } }), Cancel);
        await GatewayUnderTest.AssertProblemAsync(written, HttpStatusCode.GatewayTimeout, "gateway-timeout");

        released.SetResult();
    }

    [Fact]
    public async Task A_caller_who_goes_away_frees_the_service_at_once()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var arrived = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        gateway.Services["clusters"].Answer = async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            arrived.SetResult();
            await aborted.Task;
        };
        using var caller = gateway.Caller("unit-A");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var request = caller.GetAsync(Units, leaving.Token);
        await arrived.Task.WaitAsync(Cancel);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413_before_it_is_read()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(("Limits:RequestBody", "1000"));
        var asked = false;
        gateway.Services["clusters"].Answer = _ =>
        {
            asked = true;
            return Task.CompletedTask;
        };

        // Only the head is sent: whoever wanted to read the body would wait for ever.
        var answer = await SendRawAsync(gateway, "POST", Units, "Content-Length: 1001\r\n", []);

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"content-too-large\"", answer, StringComparison.Ordinal);
        Assert.False(asked);
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(300_000)]
    public async Task A_body_in_chunks_is_413_when_it_passes_the_limit(int size)
    {
        await using var gateway = await GatewayUnderTest.StartAsync(("Limits:RequestBody", "1000"));
        gateway.Services["clusters"].Answer = async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status201Created;
        };
        var chunk = Encoding.ASCII.GetBytes($"{size:x}\r\n{new string('x', size)}\r\n0\r\n\r\n");

        var answer = await SendRawAsync(gateway, "POST", Units, "Transfer-Encoding: chunked\r\n", chunk);

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"content-too-large\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_may_be_larger_than_other_bodies()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(("Limits:RequestBody", "1000"), ("ReverseProxy:Routes:documents:MaxRequestBodySize", "3000"));
        var received = 0L;
        gateway.Services["documents"].Answer = async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            received = body.Length;
        };
        using var caller = gateway.Caller("unit-A");

        using var fits = await caller.PostAsync("/api/v1/documents", new ByteArrayContent(new byte[3000]), Cancel);
        var tooLarge = await SendRawAsync(gateway, "POST", "/api/v1/documents", "Content-Length: 3001\r\n", []);

        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        Assert.Equal(3000, received);
        Assert.StartsWith("HTTP/1.1 413", tooLarge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_that_comes_before_the_body_was_read_reaches_the_caller(bool chunked)
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        gateway.Services["documents"].Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            return context.Response.WriteAsJsonAsync(new { code = "sheet-submitted" });
        };
        using var caller = gateway.Caller("unit-A");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/documents") { Content = new ByteArrayContent(new byte[20 * 1024 * 1024]) };
        request.Headers.TransferEncodingChunked = chunked;

        using var answer = await caller.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("""{"code":"sheet-submitted"}""", await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<string> SendRawAsync(GatewayUnderTest gateway, string method, string path, string headers, byte[] body)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(gateway.Address.Host, gateway.Address.Port, Cancel);
        var stream = socket.GetStream();
        var head = $"{method} {path} HTTP/1.1\r\nHost: thidua\r\nAuthorization: Bearer {gateway.Tokens.Token([Roles.Auditor])}\r\nContent-Type: application/json\r\n{headers}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Cancel);
        await stream.WriteAsync(body, Cancel);

        var answer = new StringBuilder();
        var buffer = new byte[4096];
        int read;
        while (!answer.ToString().Contains("traceId", StringComparison.Ordinal) && (read = await stream.ReadAsync(buffer, Cancel)) > 0)
        {
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }
}
