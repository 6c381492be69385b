using ThiDua.Tests.Logs;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Identity;

/// <summary>How a person signs in: the page, the code, the tokens, and the end of it.</summary>
public sealed class SignInTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private const string Password = "Mật khẩu của tôi 1!";

    [Fact]
    public async Task A_person_signs_in_and_the_application_gets_tokens()
    {
        await PersonAsync("lan");
        using var browser = new Browser(host);

        var code = await browser.CodeAsync("Lan ", Password);
        (await browser.RedeemAsync(code, verifier: new string('x', 43))).Expect(400);
        var tokens = (await browser.RedeemAsync(code)).Expect(200);

        var claims = IdentityHost.Claims((string)tokens["access_token"]!);
        Assert.Equal(("lan", "Người tên lan", "appraiser", "thidua", IdentityHost.Issuer), ((string?)claims["sub"], (string?)claims["name"], (string?)claims["role"], (string?)claims["aud"], (string?)claims["iss"]));
        Assert.Null(claims["stamp"]);
        Assert.Equal("thidua-portal", (string?)IdentityHost.Claims((string)tokens["id_token"]!)["aud"]);

        var refreshed = (await browser.RefreshAsync((string)tokens["refresh_token"]!)).Expect(200);
        Assert.Equal("lan", (string?)IdentityHost.Claims((string)refreshed["access_token"]!)["sub"]);
    }

    [Fact]
    public async Task A_code_used_twice_takes_back_what_came_from_it()
    {
        await PersonAsync("twice");
        using var browser = new Browser(host);
        var code = await browser.CodeAsync("twice", Password);
        var tokens = (await browser.RedeemAsync(code)).Expect(200);

        (await browser.RedeemAsync(code)).Expect(400);

        (await browser.RefreshAsync((string)tokens["refresh_token"]!)).Expect(400);
    }

    [Fact]
    public async Task Without_proof_of_possession_there_is_no_code()
    {
        using var browser = new Browser(host);

        Assert.Contains("code_challenge", (await browser.GetAsync(browser.AuthorizeAddress(withChallenge: false))).Expect(400).Text, StringComparison.Ordinal);
        (await browser.GetAsync(browser.AuthorizeAddress(withChallenge: false, more: $"&code_challenge={browser.Verifier}&code_challenge_method=plain"))).Expect(400);
    }

    [Theory]
    [InlineData("http://evil.example/callback")]
    [InlineData("http://localhost:8080/account/callback/../evil")]
    [InlineData("http://127.0.0.1:1/other")]
    public async Task A_code_goes_nowhere_but_to_registered_addresses(string redirect)
    {
        using var browser = new Browser(host);

        var answer = (await browser.GetAsync(browser.AuthorizeAddress(redirect))).Expect(400);

        Assert.Null(answer.Location);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/a\\..\\evil")]
    [InlineData("/\t/evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task Signing_in_leads_to_no_other_host(string returnUrl)
    {
        await PersonAsync("redirected");
        using var browser = new Browser(host);

        var form = await browser.GetAsync($"/account/login?returnUrl={Uri.EscapeDataString(returnUrl)}");
        var fields = Browser.HiddenFields(form.Expect(200)).Where(field => field.Name != "returnUrl").Append(("returnUrl", returnUrl));
        var signedIn = await browser.PostAsync("/account/login", [.. fields, ("user", "redirected"), ("password", Password)]);

        Assert.DoesNotContain("evil", form.Text, StringComparison.Ordinal);
        Assert.Equal("/account/login", signedIn.Expect(302).Location);
    }

    [Fact]
    public async Task The_page_guards_itself_and_encodes_what_was_typed()
    {
        using var browser = new Browser(host);

        var page = (await browser.GetAsync("/account/login")).Expect(200);
        var again = await browser.SignInAsync("<script>alert('1')</script>\"", "wrong");

        Assert.Equal("text/html", page.ContentType);
        Assert.StartsWith("default-src 'none';", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal(("DENY", "nosniff", "no-referrer", "no-store"), (page.Headers["X-Frame-Options"], page.Headers["X-Content-Type-Options"], page.Headers["Referrer-Policy"], page.Headers["Cache-Control"]));
        Assert.Contains("httponly", page.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", again.Expect(401).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_did_not_come_from_the_page_is_refused()
    {
        await PersonAsync("forged");
        using var browser = new Browser(host);

        var answer = (await browser.PostAsync("/account/login", ("user", "forged"), ("password", Password))).Expect(400);

        Assert.DoesNotContain("thidua-session", answer.Headers.GetValueOrDefault("Set-Cookie") ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_wrong_passwords_in_a_row_lock_the_person_and_nobody_learns_why()
    {
        await PersonAsync("locked");
        using var browser = new Browser(host);
        var wrong = new List<string>();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            wrong.Add(Message((await browser.SignInAsync("locked", "wrong")).Expect(401)));
        }

        wrong.Add(Message((await browser.SignInAsync("locked", Password)).Expect(401)));
        wrong.Add(Message((await browser.SignInAsync("nobody", Password)).Expect(401)));
        Assert.Single(wrong.Distinct());

        using var admin = await host.AdminAsync();
        Assert.NotNull((await admin.GetJson("accounts/locked")).Expect(200)["locked_until"]);
        (await admin.PostJson("accounts/locked/unlock")).Expect(204);
        (await browser.SignInAsync("locked", Password)).Expect(302);
    }

    [Fact]
    public async Task Guesses_sent_at_once_are_all_counted()
    {
        await PersonAsync("guessed");
        using var browser = new Browser(host);
        var form = Browser.HiddenFields((await browser.GetAsync("/account/login")).Expect(200));

        await Task.WhenAll(Enumerable.Range(0, 12).Select(number => browser.PostAsync("/account/login", [.. form, ("user", "guessed"), ("password", $"guess {number}")])));

        (await browser.SignInAsync("guessed", Password)).Expect(401);
    }

    [Fact]
    public async Task A_disabled_person_has_no_session_left()
    {
        await PersonAsync("leaving");
        using var browser = new Browser(host);
        var tokens = (await browser.RedeemAsync(await browser.CodeAsync("leaving", Password))).Expect(200);
        using var admin = await host.AdminAsync();

        (await admin.DeleteJson("accounts/leaving")).Expect(204);

        (await browser.RefreshAsync((string)tokens["refresh_token"]!)).Expect(400);
        Assert.StartsWith("/account/login", (await browser.GetAsync(browser.AuthorizeAddress())).Expect(302).Location!, StringComparison.Ordinal);
        (await browser.SignInAsync("leaving", Password)).Expect(401);
    }

    [Fact]
    public async Task A_new_password_ends_sessions_that_the_old_one_opened()
    {
        await PersonAsync("changing");
        using var browser = new Browser(host);
        var tokens = (await browser.RedeemAsync(await browser.CodeAsync("changing", Password))).Expect(200);

        await PersonAsync("changing", "Một mật khẩu khác 2?");

        (await browser.RefreshAsync((string)tokens["refresh_token"]!)).Expect(400);
        Assert.StartsWith("/account/login", (await browser.GetAsync(browser.AuthorizeAddress())).Expect(302).Location!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_is_the_persons_own_doing()
    {
        await PersonAsync("leaver");
        using var browser = new Browser(host);
        var tokens = (await browser.RedeemAsync(await browser.CodeAsync("leaver", Password))).Expect(200);

        var asked = (await browser.GetAsync("/connect/logout")).Expect(200);
        (await browser.GetAsync(browser.AuthorizeAddress(more: "&prompt=none"))).Expect(302);
        (await browser.PostAsync("/connect/logout", Browser.HiddenFields(asked))).Expect(302);
        var after = (await browser.GetAsync(browser.AuthorizeAddress(more: "&prompt=none"))).Expect(302);
        Assert.Contains("error=login_required", after.Location!, StringComparison.Ordinal);

        var byApplication = await browser.GetAsync($"/connect/logout?id_token_hint={(string)tokens["id_token"]!}&post_logout_redirect_uri={Uri.EscapeDataString(Browser.Callback)}");
        Assert.StartsWith(Browser.Callback, byApplication.Expect(302).Location!, StringComparison.Ordinal);
    }

    private static string Message(ApiAnswer page) => page.Text.Split("role=\"alert\">")[1].Split('<')[0];

    [Fact]
    public async Task Signing_in_is_logged_whether_it_succeeds_or_not()
    {
        await PersonAsync("logged");
        (await host.RegisterUnitAsync("logged")).Expect(200);
        var lines = new System.Collections.Concurrent.ConcurrentQueue<string>();
        SuiteLog.Written += lines.Enqueue;
        try
        {
            using var browser = new Browser(host);
            (await browser.SignInAsync("logged", "no password of anybody")).Expect(401);
            (await browser.SignInAsync("logged", Password)).Expect(302);
            (await host.AskTokenAsync("unit-logged", "no secret of anybody at all", from: "192.0.2.77")).Expect(401);
            (await host.AskTokenAsync("unit-logged", IdentityHost.Secret, from: "192.0.2.77")).Expect(200);
        }
        finally
        {
            SuiteLog.Written -= lines.Enqueue;
        }

        Assert.Contains(lines, line => line.Contains("A sign-in from 127.0.0.1 failed", StringComparison.Ordinal) || line.Contains("A sign-in from ::ffff:127.0.0.1 failed", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("logged signed in from", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("A wrong secret for unit-logged came from 192.0.2.77", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("unit-logged got a token at 192.0.2.77", StringComparison.Ordinal));
    }

    private async Task PersonAsync(string id, string password = Password) =>
        (await host.RegisterAsync(new { id, kind = "PERSON", name = $"Người tên {id}", secret = password, roles = new[] { "appraiser" } })).Expect(200);
}
