using System.Net;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Gateway;

namespace ThiDua.Tests.Operations;

/// <summary>Who sees the page, what browsers are told about it, and that its cookie is good for nothing else.</summary>
public sealed class OperationsAccessTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly string[] s_paths = ["/ops", "/ops/runbooks", "/ops/runbooks/ServiceDown"];

    [Fact]
    public async Task Only_administrators_and_auditors_see_it()
    {
        await using var gateway = await OperatedGateway.StartAsync();
        foreach (var role in Roles.All)
        {
            using var client = gateway.As(role);
            foreach (var path in s_paths)
            {
                using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);

                Assert.Equal((role, path, role is Roles.Admin or Roles.Auditor ? HttpStatusCode.OK : HttpStatusCode.Forbidden), (role, path, answer.StatusCode));
            }
        }
    }

    [Fact]
    public async Task A_script_without_a_token_or_with_a_bad_one_gets_a_problem_and_no_sign_in_page()
    {
        await using var gateway = await OperatedGateway.StartAsync();
        using var nobody = gateway.As(null, "application/json");
        using var forged = gateway.As(null);
        forged.DefaultRequestHeaders.Authorization = new("Bearer", gateway.Gateway.Tokens.Token([Roles.Admin], expiresIn: TimeSpan.FromHours(-2)));

        using var first = await nobody.GetAsync("/ops", Cancel);
        using var second = await forged.GetAsync("/ops", Cancel);

        await GatewayUnderTest.AssertProblemAsync(first, HttpStatusCode.Unauthorized, "unauthenticated");
        await GatewayUnderTest.AssertProblemAsync(second, HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task While_the_provider_is_away_a_browser_is_told_so()
    {
        await using var gateway = await OperatedGateway.StartAsync();
        await gateway.Gateway.Tokens.DisposeAsync();
        using var browser = gateway.As(null);

        using var answer = await browser.GetAsync("/ops", Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("Dịch vụ đăng nhập chưa sẵn sàng", OperatedGateway.Words(await answer.Content.ReadAsStringAsync(Cancel)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state=x&code=y")]
    [InlineData("error=access_denied")]
    [InlineData("")]
    public async Task A_sign_in_that_nobody_began_here_opens_nothing(string query)
    {
        await using var gateway = await OperatedGateway.StartAsync();
        using var browser = gateway.As(null);

        using var answer = await browser.GetAsync($"/ops/signed-in?{query}", Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("thidua-ops=", StringComparison.Ordinal)));
        Assert.Contains("Chưa đăng nhập được", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_may_do_nothing_with_it_but_show_it_and_nobody_keeps_it()
    {
        await using var gateway = await OperatedGateway.StartAsync();
        using var client = gateway.As(Roles.Auditor);

        using var answer = await client.GetAsync("/ops", Cancel);

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Matches("^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$", policy);
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Contains("Cookie", answer.Headers.Vary);
    }

    [Fact]
    public async Task Requests_of_one_address_have_a_limit_of_their_own()
    {
        await using var gateway = await OperatedGateway.StartAsync(("Gateway:Operations:RateLimit:Requests", "3"), ("Gateway:Operations:RateLimit:WindowSeconds", "3600"));
        using var client = gateway.As(Roles.Auditor);
        for (var request = 0; request < 3; request++)
        {
            using var allowed = await client.GetAsync("/ops", Cancel);
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        }

        using var refused = await client.GetAsync("/ops", Cancel);
        using var api = await client.GetAsync("/api/v1/units", Cancel);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, api.StatusCode);
    }

    [Fact]
    public async Task Its_cookie_reaches_no_service_not_even_the_sign_in_pages()
    {
        await using var gateway = await OperatedGateway.StartAsync();
        var seen = "";
        gateway.Gateway.Services["identity"].Answer = context =>
        {
            seen = context.Request.Headers.Cookie.ToString();
            return Task.CompletedTask;
        };
        using var browser = gateway.As(null);
        browser.DefaultRequestHeaders.Add("Cookie", "thidua-ops=chunks-2; thidua-session=1; thidua-opsC1=x; __Host-thidua-ops=y; thidua-form=2");

        using var answer = await browser.GetAsync("/account/login", Cancel);
        using var only = gateway.As(null);
        only.DefaultRequestHeaders.Add("Cookie", "thidua-ops=x");
        var first = seen;
        using var again = await only.GetAsync("/account/login", Cancel);

        Assert.Equal("thidua-session=1; thidua-form=2", first);
        Assert.Equal("", seen);
    }

    [Fact]
    public async Task Behind_TLS_all_its_cookies_are_for_TLS_only()
    {
        await using var gateway = await OperatedGateway.StartAsync(("Gateway:PublicAddress", "https://thidua.example"));
        using var browser = gateway.As(null);

        using var answer = await browser.GetAsync("/ops?refresh=30", Cancel);

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.StartsWith("https://thidua.example/connect/authorize?client_id=thidua-ops&redirect_uri=https%3A%2F%2Fthidua.example%2Fops%2Fsigned-in&", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("code_challenge_method=S256", answer.Headers.Location.ToString(), StringComparison.Ordinal);
        Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie =>
        {
            Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }
}
