using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using ThiDua.Identity.Data;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Identity;

/// <summary>The provider as it runs, with a clock that a test can put forward.</summary>
public sealed class IdentityHost(Servers servers) : ServiceHost<IdentityDbContext>(servers)
{
    /// <summary>An address nobody answers at: nothing here may call the gateway.</summary>
    public const string Issuer = "http://gateway.invalid:8080/";

    public const string Secret = "a-random-secret-of-a-unit-0123456789";

    public ShiftedClock Clock { get; } = new();

    /// <summary>Asks for a token as a system does.</summary>
    public async Task<ApiAnswer> AskTokenAsync(string id, string secret, string? from = null)
    {
        using var client = Anonymous();
        return await client.CallAsync(
            HttpMethod.Post,
            "/connect/token",
            Form(("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret), ("scope", "thidua")),
            headers: from is null ? null : new() { ["X-Forwarded-For"] = from });
    }

    public async Task<string> TokenAsync(string id, string secret) => (string)(await AskTokenAsync(id, secret)).Expect(200)["access_token"]!;

    public async Task<HttpClient> AdminAsync() => WithToken(await TokenAsync("admin", AdminSecret));

    /// <summary>A token of one who reads everything.</summary>
    public async Task<string> AuditorAsync()
    {
        (await RegisterAsync(new { id = "auditor", kind = "CLIENT", name = "Kiểm tra", secret = Secret, roles = new[] { "auditor" } })).Expect(200);
        return await TokenAsync("auditor", Secret);
    }

    public async Task<ApiAnswer> RegisterAsync(params object[] accounts)
    {
        using var admin = await AdminAsync();
        return await admin.PostJson("accounts", new { accounts });
    }

    public Task<ApiAnswer> RegisterUnitAsync(string unit) =>
        RegisterAsync(new { id = $"unit-{unit}", kind = "CLIENT", name = $"Đơn vị {unit}", secret = Secret, roles = new[] { "unit_clerk", "unit_head" }, unit });

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    /// <summary>The claims of a token, unchecked.</summary>
    public static JsonNode Claims(string token) => Part(token, 1);

    public static JsonNode Header(string token) => Part(token, 0);

    protected override void Configure(IDictionary<string, string> settings)
    {
        settings["Identity:Issuer"] = Issuer;
        settings["Identity:KeyRefresh"] = "00:00:00.2";
        settings["Identity:RedirectUris"] = "http://localhost:8080/account/callback http://127.0.0.1/callback";
    }

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);

    private static JsonNode Part(string token, int index) => JsonNode.Parse(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(token.Split('.')[index])))!;
}

/// <summary>The real time, put forward.</summary>
public sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
