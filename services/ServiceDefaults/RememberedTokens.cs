using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// Checks tokens, and remembers the good ones for a short while: a client sends the same token with every request, and its signature is
/// the most expensive thing about many of them. What was refused is looked at again each time, and so is a token whose key is no longer
/// one of the provider's: a key that others may have is gone at once.
/// </summary>
internal sealed class RememberedTokens : JsonWebTokenHandler, IDisposable
{
    private const int Most = 20_000;
    private static readonly TimeSpan s_for = TimeSpan.FromSeconds(30);

    private readonly MemoryCache _good = new(new MemoryCacheOptions { SizeLimit = Most });

    public RememberedTokens() => MapInboundClaims = false;

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (_good.TryGetValue(token, out TokenValidationResult? known) && await IsKeyKnownAsync((JsonWebToken)known!.SecurityToken, validationParameters))
        {
            return known;
        }

        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            var left = result.SecurityToken.ValidTo - TimeProvider.System.GetUtcNow().UtcDateTime;
            if (left > TimeSpan.Zero)
            {
                _good.Set(token, result, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = left < s_for ? left : s_for });
            }
        }

        return result;
    }

    public void Dispose() => _good.Dispose();

    private static async ValueTask<bool> IsKeyKnownAsync(JsonWebToken token, TokenValidationParameters parameters)
    {
        if (parameters.IssuerSigningKeyResolver is { } ring)
        {
            return ring(token.EncodedToken, token, token.Kid, parameters).Any();
        }

        return parameters.ConfigurationManager is { } provider
            && (await provider.GetBaseConfigurationAsync(CancellationToken.None)).SigningKeys.Any(key => key.KeyId == token.Kid);
    }
}
