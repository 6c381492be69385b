using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ThiDua.Tests.Support;

/// <summary>Stands where the province's own provider of tokens would: publishes its key, and signs any token a test asks for.</summary>
public sealed class TokenIssuer : IAsyncDisposable
{
    public const string Audience = "thidua";

    private readonly WebApplication _app;
    private readonly RSA _rsa;
    private readonly SigningCredentials _credentials;

    private TokenIssuer(WebApplication app, RSA rsa, SigningCredentials credentials)
    {
        _app = app;
        _rsa = rsa;
        _credentials = credentials;
    }

    /// <summary>The setting <c>Authentication:Authority</c> of a service under test; without a slash at its end.</summary>
    public string Authority => _app.Urls.Single();

    public static async Task<TokenIssuer> StartAsync()
    {
        var rsa = RSA.Create(2048);
        var key = new RsaSecurityKey(rsa) { KeyId = "tests" };
        var published = rsa.ExportParameters(includePrivateParameters: false);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", (HttpRequest request) => Results.Json(new Dictionary<string, object>
        {
            ["issuer"] = $"{request.Scheme}://{request.Host}",
            ["jwks_uri"] = $"{request.Scheme}://{request.Host}/.well-known/jwks",
            ["authorization_endpoint"] = $"{request.Scheme}://{request.Host}/connect/authorize",
            ["token_endpoint"] = $"{request.Scheme}://{request.Host}/connect/token",
            ["id_token_signing_alg_values_supported"] = new[] { SecurityAlgorithms.RsaSha256 },
        }));
        app.MapGet("/.well-known/jwks", () => Results.Json(new Dictionary<string, object>
        {
            ["keys"] = new[]
            {
                new Dictionary<string, string>
                {
                    ["kty"] = "RSA", ["use"] = "sig", ["alg"] = SecurityAlgorithms.RsaSha256, ["kid"] = key.KeyId,
                    ["n"] = Base64UrlEncoder.Encode(published.Modulus), ["e"] = Base64UrlEncoder.Encode(published.Exponent),
                },
            },
        }));
        await app.StartAsync();
        return new TokenIssuer(app, rsa, new SigningCredentials(key, SecurityAlgorithms.RsaSha256));
    }

    /// <summary>An access token as RFC 9068 has it.</summary>
    public string Token(IEnumerable<string> roles, string? unit = null, string? subject = null, string? name = null, string audience = Audience, TimeSpan? expiresIn = null)
    {
        string[] held = [.. roles];
        var who = subject ?? (unit is null ? $"test-{string.Join('-', held)}" : $"unit-{unit}");
        var claims = new Dictionary<string, object> { ["sub"] = who, ["name"] = name ?? who, ["role"] = held, ["jti"] = Guid.CreateVersion7().ToString(), ["client_id"] = who };
        if (unit is not null)
        {
            claims["unit"] = unit;
        }

        var expires = TimeProvider.System.GetUtcNow() + (expiresIn ?? TimeSpan.FromHours(1));
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Authority,
            Audience = audience,
            TokenType = "at+jwt",
            Claims = claims,
            IssuedAt = (expires - TimeSpan.FromHours(1)).UtcDateTime,
            NotBefore = (expires - TimeSpan.FromHours(1)).UtcDateTime,
            Expires = expires.UtcDateTime,
            SigningCredentials = _credentials,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
    }
}
