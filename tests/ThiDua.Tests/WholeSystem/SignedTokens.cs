using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ThiDua.Tests.WholeSystem;

/// <summary>Tokens that are each wrong in one thing, all but the forged ones signed with the very key that the running system signs with.</summary>
internal sealed class SignedTokens : IDisposable
{
    private readonly RSA _own;
    private readonly RSA _other = RSA.Create(3072);
    private readonly string _key;
    private readonly Dictionary<string, object> _claims;

    private SignedTokens(RSA own, string key, Dictionary<string, object> claims) => (_own, _key, _claims) = (own, key, claims);

    public string Good => Token();

    /// <param name="system">Its key is taken out of its database.</param>
    /// <param name="client">Whose token is the pattern.</param>
    public static async Task<SignedTokens> OfAsync(RunningSystem system, HttpClient client)
    {
        var parts = client.DefaultRequestHeaders.Authorization!.Parameter!.Split('.');
        var key = (string)Read(parts[0])["kid"]!;
        await using var connection = new NpgsqlConnection(system.DatabaseOf("identity"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var find = new NpgsqlCommand("select material from keys where id = $1", connection) { Parameters = { new() { Value = Guid.ParseExact(key, "n") } } };
        var own = RSA.Create();
        own.ImportPkcs8PrivateKey(((byte[])(await find.ExecuteScalarAsync(TestContext.Current.CancellationToken))!).AsSpan(1), out _); // stored as it is where no key secret is set
        var claims = Read(parts[1]).Where(claim => claim.Key is not ("exp" or "iat" or "nbf" or "aud" or "iss")).ToDictionary(claim => claim.Key, claim => (object)claim.Value!.ToString());
        claims["iss"] = (string)Read(parts[1])["iss"]!;
        return new SignedTokens(own, key, claims);
    }

    public IEnumerable<(string Kind, string? Value)> Bad()
    {
        var good = Good.Split('.');
        yield return ("expired", Token(expires: TimeSpan.FromMinutes(-2)));
        yield return ("not valid yet", Token(begins: TimeSpan.FromMinutes(10), expires: TimeSpan.FromMinutes(20)));
        yield return ("for another system", Token(audience: "another"));
        yield return ("without a scope of ours", Token(audience: null));
        yield return ("of another issuer", Token(issuer: "https://elsewhere.invalid/"));
        yield return ("of another kind", Token(type: "JWT"));
        yield return ("signed by another", Token(signer: _other));
        yield return ("changed", $"{good[0]}.{Base64UrlEncoder.Encode(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(good[1])).Replace("auditor", "admin", StringComparison.Ordinal))}.{good[2]}");
        yield return ("unsigned", $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""")}.{good[1]}.");
        yield return ("no token", "abc.def.ghi");
    }

    public void Dispose()
    {
        _own.Dispose();
        _other.Dispose();
    }

    private static JsonObject Read(string part) => JsonNode.Parse(Base64UrlEncoder.DecodeBytes(part))!.AsObject();

    private string Token(TimeSpan? begins = null, TimeSpan? expires = null, string? audience = "thidua", string? issuer = null, string type = "at+jwt", RSA? signer = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? (string)_claims["iss"],
            Audience = audience,
            TokenType = type,
            Claims = _claims.Where(claim => claim.Key != "iss").ToDictionary(),
            IssuedAt = (now - TimeSpan.FromMinutes(30)).UtcDateTime,
            NotBefore = (now + (begins ?? TimeSpan.FromMinutes(-30))).UtcDateTime,
            Expires = (now + (expires ?? TimeSpan.FromMinutes(20))).UtcDateTime,
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(signer ?? _own) { KeyId = _key }, SecurityAlgorithms.RsaSha256),
        });
    }
}
