using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.Tokens;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Identity;

/// <summary>A person's browser at the provider: cookies, forms, and redirects one at a time.</summary>
internal sealed partial class Browser : IDisposable
{
    public const string Callback = "http://127.0.0.1:43210/callback";

    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
    private readonly HttpClient _client;

    public Browser(IdentityHost host) => _client = new HttpClient(_handler) { BaseAddress = host.Address };

    public string Verifier { get; } = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    public Task<ApiAnswer> GetAsync(string path) => _client.CallAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> PostAsync(string path, params (string Name, string Value)[] fields) => _client.CallAsync(HttpMethod.Post, path, IdentityHost.Form(fields));

    /// <summary>The address that an application sends a person to.</summary>
    public string AuthorizeAddress(string redirect = Callback, bool withChallenge = true, string? more = null)
    {
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));
        return $"/connect/authorize?client_id=thidua-portal&response_type=code&redirect_uri={Uri.EscapeDataString(redirect)}&scope=openid%20profile%20offline_access%20thidua&state=s-1"
            + (withChallenge ? $"&code_challenge={challenge}&code_challenge_method=S256" : "") + more;
    }

    public static (string Name, string Value)[] HiddenFields(ApiAnswer page) =>
        [.. HiddenField().Matches(page.Text).Select(match => (match.Groups[1].Value, WebUtility.HtmlDecode(match.Groups[2].Value)))];

    /// <summary>Fills in the sign-in page and sends it.</summary>
    public async Task<ApiAnswer> SignInAsync(string user, string password, string page = "/account/login")
    {
        var form = (await GetAsync(page)).Expect(200);
        return await PostAsync("/account/login", [.. HiddenFields(form), ("user", user), ("password", password)]);
    }

    /// <summary>The code that the application is sent back with.</summary>
    public async Task<string> CodeAsync(string user, string password)
    {
        var toSignIn = (await GetAsync(AuthorizeAddress())).Expect(302);
        var signedIn = (await SignInAsync(user, password, toSignIn.Location!)).Expect(302);
        var back = (await GetAsync(signedIn.Location!)).Expect(302);
        Assert.StartsWith($"{Callback}?code=", back.Location!, StringComparison.Ordinal);
        Assert.Contains("state=s-1", back.Location!, StringComparison.Ordinal);
        return Uri.UnescapeDataString(Code().Match(back.Location!).Groups[1].Value);
    }

    public Task<ApiAnswer> RedeemAsync(string code, string? verifier = null) => PostAsync(
        "/connect/token",
        ("grant_type", "authorization_code"), ("client_id", "thidua-portal"), ("code", code), ("redirect_uri", Callback), ("code_verifier", verifier ?? Verifier));

    public Task<ApiAnswer> RefreshAsync(string refreshToken) =>
        PostAsync("/connect/token", ("grant_type", "refresh_token"), ("client_id", "thidua-portal"), ("refresh_token", refreshToken));

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
    }

    [GeneratedRegex("type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();

    [GeneratedRegex("[?&]code=([^&]*)")]
    private static partial Regex Code();
}
