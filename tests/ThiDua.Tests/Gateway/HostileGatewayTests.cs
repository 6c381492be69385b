using System.Text;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Gateway;

/// <summary>What no proper client sends: refused as a problem, or by the server before it is a request; never an error of ours.</summary>
public sealed class HostileGatewayTests
{
    private const string Units = "/api/v1/units";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Nothing_a_caller_can_write_on_the_wire_is_answered_as_our_mistake()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var wrong = new List<string>();
        foreach (var (name, request) in Requests($"Host: {gateway.Address.Authority}\r\nConnection: close\r\nAuthorization: Bearer {gateway.Tokens.Token([Roles.Auditor])}\r\n"))
        {
            var answer = await RawHttp.SendAsync(gateway.Address, Encoding.Latin1.GetBytes(request), s_limit);
            var flaw = answer.Status switch
            {
                0 => answer.Text,
                >= 500 and not 501 and not 505 => "an error of ours",
                >= 400 when !answer.IsProtocolError => answer.Flaw(),
                _ => null,
            };
            if (flaw is not null)
            {
                wrong.Add($"{name}: {flaw}: {answer.Status} {answer.Text}");
            }
        }

        Nothing.In(wrong);
        using var caller = gateway.Caller("unit-A");
        Assert.True((await caller.GetAsync(Units, TestContext.Current.CancellationToken)).IsSuccessStatusCode);
    }

    /// <summary>The one body that the gateway reads itself.</summary>
    [Theory]
    [InlineData("application/json; charset=nonsense", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("application/json", 422)]
    public async Task A_body_in_an_encoding_that_nobody_knows_is_refused_by_the_gateway_too(string contentType, int status)
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        List<(string, string)> headers = [("Authorization", $"Bearer {gateway.Tokens.Token([Roles.Admin])}"), ("Content-Type", contentType)];
        var answer = await RawHttp.SendAsync(gateway.Address, "POST", "/api/v1/read-only", headers, """{"read_only":true,"reason":" "}"""u8.ToArray(), s_limit);

        Assert.Equal((status, (string?)null), (answer.Status, answer.Flaw()));
    }

    private static IEnumerable<(string Name, string Request)> Requests(string headers)
    {
        string[] targets =
        [
            "%FF%FE", "%ED%A0%80", "%C0%AF", "%00", "a%00b", "%", "%zz", "%2F..%2F..%2Fetc", "..%2f", "%2e%2e/%2e%2e", "\xff\xfe", "a\tb", "%0d%0aX-Injected:%201", ";a=b", "%25%30%30", "?%FF=%00", "?a=%zz&&&=", "#fragment", "\\..\\", "%F0%9F%98%80",
            new('a', 5000), new('a', 20_000), "?" + new string('q', 7000), "?" + new string('q', 50_000), string.Concat(Enumerable.Repeat("a/", 3000)), string.Concat(Enumerable.Repeat("%25", 2000)),
        ];
        foreach (var target in targets)
        {
            yield return ($"path {target[..Math.Min(30, target.Length)]} ({target.Length})", $"GET {Units}/{target} HTTP/1.1\r\n{headers}\r\n");
        }

        foreach (var target in new[] { "//api/v1/units", "/api//v1/units", "/api/v1//units", "/api/v1/units//", "/./api/v1/units", "/api/v1/../../units", "*", "", "units", "http://elsewhere.invalid/api/v1/units", "https://[::1", "/%61pi/v1/units", "/API/V1/UNITS", "/%00", "/\xff", "/openapi/..%2f", "/connect/%00", "/account/%FF" })
        {
            yield return ($"target {target}", $"GET {target} HTTP/1.1\r\n{headers}\r\n");
        }

        foreach (var method in new[] { "TRACE", "CONNECT", "OPTIONS", "PATCH", "HEAD", "PROPFIND", "FOO", "get", "G\0T", "", new string('M', 5000) })
        {
            yield return ($"method {method[..Math.Min(10, method.Length)]}", $"{method} {Units} HTTP/1.1\r\n{headers}\r\n");
        }

        yield return ("CONNECT host", $"CONNECT elsewhere.invalid:443 HTTP/1.1\r\n{headers}\r\n");
        yield return ("OPTIONS *", $"OPTIONS * HTTP/1.1\r\n{headers}\r\n");
        foreach (var version in new[] { "HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "http/1.1", "" })
        {
            yield return ($"version {version}", $"GET {Units} {version}\r\n{headers}\r\n");
        }

        string[] framings =
        [
            "Content-Length: 5\r\nContent-Length: 7", "Content-Length: 5, 5", "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: \x0bchunked", "Content-Length: -1", "Content-Length: 99999999999999999999", "Content-Length: 0x5", "Content-Length: +5", "Content-Length:", "Content-Length : 5",
        ];
        foreach (var framing in framings)
        {
            yield return (framing.Replace("\r\n", ", ", StringComparison.Ordinal), $"POST {Units} HTTP/1.1\r\n{headers}Content-Type: application/json\r\n{framing}\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        }

        foreach (var chunks in new[] { "zz\r\nhello\r\n0\r\n\r\n", "-1\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\n", "5\r\nhelloooo\r\n0\r\n\r\n", "5;" + new string('e', 50_000) + "\r\nhello\r\n0\r\n\r\n" })
        {
            yield return ($"chunk {chunks[..2]}", $"POST {Units} HTTP/1.1\r\n{headers}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        }

        string[] more =
        [
            "Host: elsewhere.invalid", "X: a\0b", "X\0: a", "X: a\rb", "X: a\n Y", ": empty", "no colon", "X(y): z", "X: \xff\xfe", "Cookie: " + new string('c', 20_000), "X: " + new string('x', 40_000), string.Join("\r\n", Enumerable.Range(0, 150).Select(n => $"X-{n}: a")), new string('N', 10_000) + ": a",
            "Expect: nonsense", "Upgrade: nonsense\r\nConnection: Upgrade", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x", "TE: trailers, nonsense;q=x", "Range: bytes=0-0,1-1,2-2", "Accept-Encoding: ,,,", "Forwarded: for=\"", "X-Forwarded-For: \xff", "X-Forwarded-Host: <>", "traceparent: nonsense", "Authorization: Bearer \xff", "Origin: null", "Accept: \xff/\xff",
        ];
        foreach (var header in more)
        {
            yield return ($"header {header[..Math.Min(30, header.Length)]} ({header.Length})", $"GET {Units} HTTP/1.1\r\n{headers}{header}\r\n\r\n");
        }

        yield return ("no host", $"GET {Units} HTTP/1.1\r\nConnection: close\r\n\r\n");
        yield return ("bad host", $"GET {Units} HTTP/1.1\r\nHost: a b/c\r\nConnection: close\r\n\r\n");
        yield return ("bare line feeds", $"GET {Units} HTTP/1.1\n{headers.Replace("\r\n", "\n", StringComparison.Ordinal)}\n");
        yield return ("no request", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n");
    }
}
