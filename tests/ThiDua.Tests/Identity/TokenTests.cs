using Microsoft.EntityFrameworkCore;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Identity;

/// <summary>Tokens for systems: client credentials, and what a wrong secret leads to.</summary>
public sealed class TokenTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private const int Failures = 5;

    [Fact]
    public async Task A_systems_token_says_who_it_is_and_what_it_may()
    {
        (await host.RegisterUnitAsync("01")).Expect(200);

        var answer = (await host.AskTokenAsync("unit-01", IdentityHost.Secret)).Expect(200);

        Assert.InRange((int)answer["expires_in"]!, 1740, 1800); // the seconds that are left, on a busy machine
        Assert.Equal("at+jwt", (string?)IdentityHost.Header((string)answer["access_token"]!)["typ"]);
        var claims = IdentityHost.Claims((string)answer["access_token"]!);
        Assert.Equal(IdentityHost.Issuer, (string?)claims["iss"]);
        Assert.Equal("thidua", (string?)claims["aud"]);
        Assert.Equal("thidua", (string?)claims["scope"]);
        Assert.Equal("unit-01", (string?)claims["sub"]);
        Assert.Equal("Đơn vị 01", (string?)claims["name"]);
        Assert.Equal(["unit_clerk", "unit_head"], claims["role"]!.AsArray().Select(role => (string)role!));
        Assert.Equal("01", (string?)claims["unit"]);
    }

    [Fact]
    public async Task A_service_finds_the_keys_at_the_address_it_knows_and_the_issuer_that_tokens_name()
    {
        using var service = host.Anonymous();
        var document = (await service.GetJson("/.well-known/openid-configuration")).Expect(200);

        Assert.Equal(IdentityHost.Issuer, (string?)document["issuer"]);
        Assert.Equal(new Uri(host.Address, "/.well-known/jwks").AbsoluteUri, (string?)document["jwks_uri"]);
        Assert.Equal(["S256"], document["code_challenge_methods_supported"].AsArray().Select(method => (string)method!));
        Assert.DoesNotContain("password", document["grant_types_supported"].AsArray().Select(grant => (string)grant!));

        var key = Assert.Single((await service.GetJson("/.well-known/jwks")).Expect(200)["keys"].AsArray())!.AsObject();
        Assert.Equal(["alg", "e", "kid", "kty", "n", "use"], key.Select(member => member.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("admin", "not the secret of the administrator", 401, "invalid_client")]
    [InlineData("admin", "", 400, "invalid_request")]
    [InlineData("nobody", IdentityHost.Secret, 401, "invalid_client")]
    [InlineData("../đ", IdentityHost.Secret, 401, "invalid_client")]
    public async Task A_wrong_secret_gets_no_token(string id, string secret, int status, string error)
    {
        var answer = await host.AskTokenAsync(id, secret, from: "192.0.2.200");

        Assert.Equal($"{status} {error}", $"{answer.Status} {(string?)answer["error"]}");
        Assert.Null(answer.Json!["access_token"]);
    }

    [Fact]
    public async Task Five_wrong_secrets_in_a_row_lock_the_client_for_the_address_they_came_from()
    {
        (await host.RegisterUnitAsync("02")).Expect(200);
        for (var attempt = 0; attempt < Failures; attempt++)
        {
            (await host.AskTokenAsync("unit-02", "wrong", from: "192.0.2.1")).Expect(401);
        }

        (await host.AskTokenAsync("unit-02", IdentityHost.Secret, from: "192.0.2.1")).Expect(401);
        (await host.AskTokenAsync("unit-02", IdentityHost.Secret, from: "192.0.2.2")).Expect(200);

        using var admin = await host.AdminAsync();
        Assert.NotNull((await admin.GetJson("accounts/unit-02")).Expect(200)["locked_until"]);
        (await admin.PostJson("accounts/unit-02/unlock")).Expect(204);
        (await host.AskTokenAsync("unit-02", IdentityHost.Secret, from: "192.0.2.1")).Expect(200);
        Assert.Null((await admin.GetJson("accounts/unit-02")).Json!["locked_until"]);
    }

    [Fact]
    public async Task A_right_secret_in_between_begins_the_count_anew()
    {
        (await host.RegisterUnitAsync("03")).Expect(200);
        for (var attempt = 0; attempt < 2 * Failures; attempt++)
        {
            var wrong = attempt % (Failures - 1) != Failures - 2;
            (await host.AskTokenAsync("unit-03", wrong ? "wrong" : IdentityHost.Secret, from: "192.0.2.3")).Expect(wrong ? 401 : 200);
        }
    }

    [Fact]
    public async Task A_lock_ends_by_itself()
    {
        (await host.RegisterUnitAsync("04")).Expect(200);
        for (var attempt = 0; attempt < Failures; attempt++)
        {
            await host.AskTokenAsync("unit-04", "wrong", from: "192.0.2.4");
        }

        host.Clock.Ahead = TimeSpan.FromMinutes(14);
        (await host.AskTokenAsync("unit-04", IdentityHost.Secret, from: "192.0.2.4")).Expect(401);
        host.Clock.Ahead = TimeSpan.FromMinutes(16);
        (await host.AskTokenAsync("unit-04", IdentityHost.Secret, from: "192.0.2.4")).Expect(200);
        host.Clock.Ahead = TimeSpan.Zero;
    }

    [Fact]
    public async Task A_disabled_account_gets_no_token()
    {
        (await host.RegisterUnitAsync("05")).Expect(200);
        using var admin = await host.AdminAsync();

        (await admin.DeleteJson("accounts/unit-05")).Expect(204);

        (await host.AskTokenAsync("unit-05", IdentityHost.Secret)).Expect(401);
        Assert.True((bool)(await admin.GetJson("accounts/unit-05")).Expect(200)["disabled"]!);
        (await admin.DeleteJson("accounts/admin")).Expect(409, "own-account");
    }

    [Fact]
    public async Task Client_tokens_leave_no_rows_and_many_at_once_are_served()
    {
        (await host.RegisterUnitAsync("06")).Expect(200);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => host.AskTokenAsync("unit-06", IdentityHost.Secret)));

        Assert.All(answers, answer => answer.Expect(200));
        Assert.Equal(0, await host.WithDatabaseAsync(db => db.Set<OpenIddict.EntityFrameworkCore.Models.OpenIddictEntityFrameworkCoreToken>().CountAsync(token => token.Subject == "unit-06")));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("implicit")]
    public async Task There_is_no_other_grant(string grant)
    {
        using var client = host.Anonymous();
        var answer = await client.CallAsync(HttpMethod.Post, "/connect/token", IdentityHost.Form(
            ("grant_type", grant), ("client_id", "admin"), ("client_secret", IdentityHost.AdminSecret), ("username", "admin"), ("password", "x")));

        answer.Expect(400);
        Assert.Equal("unsupported_grant_type", (string?)answer["error"]);
    }

    [Fact]
    public async Task A_token_that_was_tampered_with_or_comes_from_elsewhere_is_refused()
    {
        var token = await host.TokenAsync("admin", IdentityHost.AdminSecret);
        var parts = token.Split('.');
        var unsigned = $"{Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.";
        string[] forged = [unsigned, $"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}", host.Tokens.Token(["admin"])];

        foreach (var attempt in forged)
        {
            using var client = host.WithToken(attempt);
            (await client.GetJson("accounts")).Expect(401, "unauthenticated");
        }
    }
}
