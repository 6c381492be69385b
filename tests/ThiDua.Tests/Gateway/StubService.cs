using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ThiDua.Tests.Gateway;

/// <summary>A service behind the gateway that does what the test says, on a port of its own.</summary>
public sealed class StubService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubService(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>What it answers; by default 200 with an empty object.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => context.Response.WriteAsJsonAsync(new { });

    public static async Task<StubService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var stub = new StubService(app);
        app.Run(context => stub.Answer(context));
        await app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>The identity service as the gateway sees it: its discovery document, its keys, and tokens signed by them.</summary>
public sealed class StubIdentity : IAsyncDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly StubService _service;
    private readonly RsaSecurityKey _key;

    private StubIdentity(StubService service)
    {
        _service = service;
        _key = new RsaSecurityKey(_rsa) { KeyId = "test" };
        service.Answer = AnswerAsync;
    }

    public string Address => _service.Address;

    /// <summary>What it answers outside its discovery document and keys.</summary>
    public Func<HttpContext, Task> Other { get; set; } = context => context.Response.WriteAsJsonAsync(new { });

    public static async Task<StubIdentity> StartAsync() => new(await StubService.StartAsync());

    public string Token(string subject, TimeSpan? lifetime = null, string audience = "thidua", string? role = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var expires = now + (lifetime ?? TimeSpan.FromHours(1));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Address,
            Audience = audience,
            TokenType = "at+jwt",
            NotBefore = (now < expires ? now : expires) - TimeSpan.FromHours(1),
            Expires = expires,
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.RsaSha256),
            Claims = new Dictionary<string, object> { ["sub"] = subject, ["role"] = role ?? "auditor" },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _rsa.Dispose();
    }

    private Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/.well-known/openid-configuration" => context.Response.WriteAsJsonAsync(new { issuer = Address, jwks_uri = Address + "/.well-known/jwks" }),
        "/.well-known/jwks" => context.Response.WriteAsJsonAsync(new { keys = new[] { PublicKey() } }),
        _ => Other(context),
    };

    private object PublicKey()
    {
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        return new { kty = "RSA", use = "sig", alg = "RS256", kid = "test", n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) };
    }
}
