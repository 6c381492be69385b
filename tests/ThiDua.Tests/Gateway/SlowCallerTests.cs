using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Gateway;

/// <summary>Connections that are held without being used come to an end, and what one caller writes is never taken for another's request.</summary>
public sealed class SlowCallerTests
{
    private const string Units = "/api/v1/units";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_drip = TimeSpan.FromMilliseconds(50);
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_head_that_comes_byte_by_byte_is_cut_off()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(("Gateway:Connections:HeadSeconds", "1"));
        var head = Encoding.ASCII.GetBytes($"GET {Units} HTTP/1.1\r\nHost: thidua\r\nX-Long: {new string('x', 8_000)}\r\n\r\n");

        var (answer, sent) = await RawHttp.DripAsync(gateway.Address, [], head, s_drip, s_limit);

        Assert.Equal(408, answer.Status);
        Assert.True(sent < head.Length, "the whole head was taken");
    }

    [Fact]
    public async Task A_body_that_comes_byte_by_byte_is_a_problem_of_the_caller_and_frees_the_service()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(("Gateway:Connections:GraceSeconds", "2"));
        var freed = new TaskCompletionSource();
        gateway.Services["clusters"].Answer = async context =>
        {
            try
            {
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            }
            finally
            {
                freed.SetResult();
            }
        };

        var (answer, sent) = await RawHttp.DripAsync(gateway.Address, Head(gateway, "POST", Units, "Content-Length: 5000\r\nContent-Type: application/json\r\n"), new byte[5_000], s_drip, s_limit);

        Assert.Equal(408, answer.Status);
        Assert.Null(answer.Flaw());
        Assert.Contains("\"code\":\"request-timeout\"", answer.Text, StringComparison.Ordinal);
        Assert.True(sent < 5_000, "the whole body was taken");
        await freed.Task.WaitAsync(s_limit, Cancel);
    }

    [Fact]
    public async Task One_address_keeps_only_so_many_connections_and_gets_new_ones_for_those_it_gives_up()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(("Gateway:Connections:PerAddress", "3"));
        var held = new List<TcpClient>();
        for (var number = 0; number < 3; number++)
        {
            held.Add(new TcpClient());
            await held[^1].ConnectAsync(gateway.Address.Host, gateway.Address.Port, Cancel);
        }

        await Eventually.TrueAsync(async () => (await AskAsync(gateway)).Status == 0, "no more connection is taken");
        held.ForEach(connection => connection.Dispose());
        await Eventually.TrueAsync(async () => (await AskAsync(gateway)).Status == 200, "connections are taken again");
    }

    [Fact]
    public async Task Requests_sent_at_once_are_answered_in_order_each_to_its_own_caller()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        gateway.Services["clusters"].Answer = context => context.Response.WriteAsync($"[{context.Request.Path}]");
        var requests = string.Concat(Enumerable.Range(1, 20).Select(number => Text(gateway, "GET", $"{Units}/{number}", "", close: number == 20)));

        var all = await RawHttp.ReadAllAsync(gateway.Address, Encoding.ASCII.GetBytes(requests), s_limit);

        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"[{Units}/{number}]"), all.Split('[').Skip(1).Select(part => $"[{part[..(part.IndexOf(']', StringComparison.Ordinal) + 1)]}"));
    }

    [Fact]
    public async Task What_is_hidden_in_a_body_never_becomes_a_request_of_the_gateway()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        gateway.Services["clusters"].Answer = async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            await body.ReadToEndAsync(context.RequestAborted);
            seen.Add($"{context.Request.Method} {context.Request.Path} {context.Request.Headers.Authorization.Count}");
        };
        const string Hidden = "DELETE /api/v1/units/hidden HTTP/1.1\r\nHost: thidua\r\nContent-Length: 0\r\n\r\n";
        string[] framings =
        [
            $"Content-Length: {Hidden.Length + 5}\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 4", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked",
            "Transfer-Encoding: chunked, identity", "Transfer-Encoding:\tchunked", "X: a\r\n Transfer-Encoding: chunked", "Content-Length: 0\r\nContent-Length: 5", "Content-Length: 0, 5", "Content-Length: 0\rX: a", "Content-Length: 0\nTransfer-Encoding: chunked", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAAA",
        ];
        foreach (var framing in framings)
        {
            await RawHttp.ReadAllAsync(gateway.Address, [.. Head(gateway, "POST", Units, $"{framing}\r\n"), .. Encoding.ASCII.GetBytes($"0\r\n\r\n{Hidden}")], TimeSpan.FromSeconds(2));
        }

        // Without a token of its own, nothing that was hidden may have come through, not even as a request of the same caller.
        Nothing.In(seen.Where(request => request != $"POST {Units} 1"));
        Assert.Equal(200, (await AskAsync(gateway)).Status);
    }

    private static Task<RawAnswer> AskAsync(GatewayUnderTest gateway) =>
        RawHttp.SendAsync(gateway.Address, Encoding.ASCII.GetBytes(Text(gateway, "GET", Units, "", close: true)), s_limit);

    private static byte[] Head(GatewayUnderTest gateway, string method, string path, string headers) => Encoding.ASCII.GetBytes(Text(gateway, method, path, headers, close: false));

    private static string Text(GatewayUnderTest gateway, string method, string path, string headers, bool close) =>
        $"{method} {path} HTTP/1.1\r\nHost: thidua\r\nAuthorization: Bearer {gateway.Tokens.Token([Roles.Auditor])}\r\n{(close ? "Connection: close\r\n" : "")}{headers}\r\n";
}
