using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Fuzzing;

/// <summary>
/// The Authorization header, read as every service sets it up. A token that was taken must be one of those that were signed, to the letter
/// of its claims: whatever else is taken was forged.
/// </summary>
internal static class TokenTarget
{
    private const string Issuer = "https://identity.example";

    public static FuzzTarget Make()
    {
        var key = new RsaSecurityKey(RSA.Create(2048)) { KeyId = "tests" };
        var services = Services(key);
        var (good, bad) = Tokens(key);
        var signed = good.Select(Content).ToHashSet(StringComparer.Ordinal);
        return new FuzzTarget(
            "tokens", InputShape.Token, [.. good.Concat(bad).Select(token => Encoding.UTF8.GetBytes($"Bearer {token}"))],
            ["admin", "auditor", "role", "aud", "exp", "nbf", "iss", "crit", "jku", "x5u", "x5c", "jwk", "zip", "DEF", "enc", "A256GCM", "b64", "at+jwt", "JWT", "Bearer ", "eyJ"],
            input => ReadAsync(input, services, signed));
    }

    private static async ValueTask<bool> ReadAsync(byte[] input, IServiceProvider services, HashSet<string> signed)
    {
        using var scope = services.CreateScope();
        var header = Encoding.Latin1.GetString(input);
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Authorization = header;
        var read = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!read.Succeeded)
        {
            return false;
        }

        var caller = Caller.Of(read.Principal);
        return signed.Contains(Content(header["Bearer ".Length..].Trim())) && caller.Roles.SetEquals([Roles.UnitClerk]) && caller.BelongsTo("U1")
            ? true
            : throw new FuzzFindingException("a token that nobody signed was taken");
    }

    /// <summary>What a signature covers.</summary>
    private static string Content(string token) => token[..Math.Max(0, token.LastIndexOf('.'))];

    private static ServiceProvider Services(RsaSecurityKey key)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.AddTokenAuthentication();
        builder.Services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, bearer =>
        {
            var provider = new OpenIdConnectConfiguration { Issuer = Issuer };
            provider.SigningKeys.Add(new RsaSecurityKey(key.Rsa.ExportParameters(includePrivateParameters: false)) { KeyId = key.KeyId });
            bearer.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(provider);
        });
        return builder.Services.BuildServiceProvider();
    }

    private static (List<string> Good, List<string> Bad) Tokens(RsaSecurityKey key)
    {
        var rsa = new SigningCredentials(key, SecurityAlgorithms.RsaSha256);
        var published = new SymmetricSecurityKey(key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = key.KeyId };
        var expires = TimeProvider.System.GetUtcNow().AddDays(2);
        return (
            [Token(rsa, expires)],
            [
                Token(rsa, expires, audience: "another"), Token(rsa, expires, type: "JWT"), Token(rsa, expires, issuer: "https://stranger.example"), Token(rsa, expires.AddDays(-3)),
                Token(new SigningCredentials(published, SecurityAlgorithms.HmacSha256), expires), Token(null, expires),
                Token(new SigningCredentials(new RsaSecurityKey(RSA.Create(2048)) { KeyId = key.KeyId }, SecurityAlgorithms.RsaSha256), expires),
            ]);
    }

    private static string Token(SigningCredentials? by, DateTimeOffset expires, string audience = "thidua", string type = "at+jwt", string issuer = Issuer) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            TokenType = type,
            Claims = new Dictionary<string, object> { ["sub"] = "fuzz", ["name"] = "Đơn vị 1", ["role"] = new[] { Roles.UnitClerk }, ["unit"] = "U1" },
            IssuedAt = expires.AddDays(-2).UtcDateTime,
            NotBefore = expires.AddDays(-2).UtcDateTime,
            Expires = expires.UtcDateTime,
            SigningCredentials = by,
        });
}
