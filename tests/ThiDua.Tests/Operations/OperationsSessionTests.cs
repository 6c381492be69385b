using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Operations;

/// <summary>A browser's session at /ops, opened by the real provider.</summary>
[Collection(OperatedSystemTests.Name)]
public sealed class OperationsSessionTests(OperatedSystem system)
{
    [Fact]
    public async Task Signing_in_leads_back_to_the_page_that_was_asked_for_and_opens_nothing_else()
    {
        using var browser = new AddressBar(system.Address);

        var page = (await browser.SignInAsync(OperatedSystem.Auditor, "/ops?refresh=60")).Expect(200);
        var api = await browser.GetAsync("/api/v1/units");

        Assert.EndsWith("GET /ops?refresh=60", page.Call, StringComparison.Ordinal);
        Assert.Contains("Người tên truc-ban", OperatedGateway.Words(page.Text), StringComparison.Ordinal);
        Assert.Contains("Đăng xuất", page.Text, StringComparison.Ordinal);
        Assert.Equal("unauthenticated", api.Expect(401).Code);
        var cookie = browser.SetCookies["thidua-ops"];
        Assert.Contains("; path=/;", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Somebody_without_the_role_reads_why_and_can_sign_out()
    {
        using var browser = new AddressBar(system.Address);

        var page = (await browser.SignInAsync(OperatedSystem.Appraiser)).Expect(403);

        Assert.Equal("text/html", page.ContentType);
        Assert.Contains("Không có quyền xem trang vận hành", OperatedGateway.Words(page.Text), StringComparison.Ordinal);
        Assert.Contains("action=\"/ops/sign-out\"", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_here_and_at_the_provider()
    {
        using var browser = new AddressBar(system.Address);
        (await browser.SignInAsync(OperatedSystem.Auditor)).Expect(200);

        var foreign = await browser.SendAsync(HttpMethod.Post, "/ops/sign-out", headers: new() { ["Sec-Fetch-Site"] = "cross-site" });
        (await browser.GetAsync("/ops")).Expect(200);
        var left = await browser.FollowAsync((await browser.SendAsync(HttpMethod.Post, "/ops/sign-out", headers: new() { ["Sec-Fetch-Site"] = "same-origin" })).Expect(302));
        var again = await browser.FollowAsync((await browser.GetAsync("/ops")).Expect(302));

        foreign.Expect(403);
        Assert.Contains("Đã đăng xuất", left.Expect(200).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Cookies.Keys, name => name.StartsWith("thidua-ops", StringComparison.Ordinal) && !name.Contains('.', StringComparison.Ordinal));
        Assert.Contains("type=\"password\"", again.Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_replica_of_the_gateway_knows_the_session()
    {
        using var browser = new AddressBar(system.Address);
        (await browser.SignInAsync(OperatedSystem.Auditor)).Expect(200);
        await using var replica = await system.StartGatewayAsync();
        using var elsewhere = new AddressBar(replica.Address);
        foreach (var cookie in browser.Cookies)
        {
            elsewhere.Cookies.Add(cookie.Key, cookie.Value);
        }

        (await elsewhere.GetAsync("/ops")).Expect(200);
    }

    [Fact]
    public async Task An_account_that_was_disabled_is_out_when_its_token_has_run_out_and_others_stay()
    {
        await system.RegisterAsync("leaving", Roles.Auditor);
        using var leaving = new AddressBar(system.Address);
        using var staying = new AddressBar(system.Address);
        (await leaving.SignInAsync("leaving")).Expect(200);
        (await staying.SignInAsync(OperatedSystem.Auditor)).Expect(200);
        var first = staying.Cookies["thidua-ops"] + staying.Cookies.GetValueOrDefault("thidua-opsC1");
        using var admin = await system.AdminAsync();

        (await admin.DeleteJson("accounts/leaving")).Expect(204);

        await Eventually.AnswerAsync(() => leaving.GetAsync("/ops"), answer => answer.Status == 302, "the disabled account is sent to sign in", TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(
            async () => (await staying.GetAsync("/ops")).Expect(200) is not null && first != staying.Cookies["thidua-ops"] + staying.Cookies.GetValueOrDefault("thidua-opsC1"),
            "the session of the other is renewed",
            TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_page_lies_at_one_address_so_that_its_cookies_do()
    {
        using var browser = new AddressBar(new Uri($"http://localhost:{system.Address.Port}"));

        var answer = (await browser.GetAsync("/ops?refresh=15")).Expect(302);

        Assert.Equal($"{system.Address.GetLeftPart(UriPartial.Authority)}/ops?refresh=15", answer.Location);
    }

    [Fact]
    public async Task Behind_TLS_the_session_is_bound_to_its_host()
    {
        await using var gateway = await system.StartGatewayAsync(("Gateway:PublicAddress", OperatedSystem.PublicAddress));
        using var browser = new AddressBar(gateway.Address);

        (await browser.SignInAsync(OperatedSystem.Auditor)).Expect(200);

        var cookie = browser.SetCookies["__Host-thidua-ops"];
        Assert.Contains("; path=/;", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("; domain", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_provider_sends_nobody_to_an_address_that_it_does_not_know()
    {
        await using var gateway = await system.StartGatewayAsync(("Gateway:PublicAddress", "https://elsewhere.example"));
        using var browser = new AddressBar(gateway.Address);

        var refused = await browser.FollowAsync(await browser.GetAsync("/ops"));

        Assert.Contains("redirect_uri", refused.Expect(400).Text, StringComparison.Ordinal);
    }
}
