using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using ThiDua.ServiceDefaults;
using TokenValidatedContext = Microsoft.AspNetCore.Authentication.OpenIdConnect.TokenValidatedContext;

namespace ThiDua.Gateway.Operations;

/// <summary>
/// Who a session is, by the provider's access token, checked like the token of any call. When the token has run out, the
/// provider is asked again: an account that was disabled, or lost its role, is out after one token lifetime here as everywhere.
/// </summary>
public sealed class SessionTokens(IOptionsMonitor<JwtBearerOptions> bearer, IOptionsMonitor<OpenIdConnectOptions> provider, IOptions<GatewaySettings> settings, TimeProvider clock, ILogger<SessionTokens> logger)
{
    private const string AccessToken = "access_token";
    private const string RefreshToken = "refresh_token";
    private const string IdToken = "id_token";
    private const string ExpiresAt = "expires_at";
    private const string Begun = "thidua.begun";

    private readonly JsonWebTokenHandler _tokens = new() { MapInboundClaims = false };

    /// <summary>The provider has sent somebody back with good tokens: what of them the cookie keeps.</summary>
    public async Task OpenAsync(TokenValidatedContext context)
    {
        if (context.TokenEndpointResponse is not { AccessToken: { Length: > 0 } token } answer || await PrincipalAsync(token, context.HttpContext.RequestAborted) is not var (principal, expires))
        {
            context.Fail("The provider's access token is not one for this system.");
            return;
        }

        context.Principal = principal;
        context.Properties!.SetString(Begun, clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        Keep(context.Properties, answer.RefreshToken, answer.IdToken, expires);
        logger.LogInformation("{Account} signed in at /ops", principal.FindFirstValue("sub"));
    }

    /// <summary>Ends a session that is too old, and asks the provider anew when the token has run out.</summary>
    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var now = clock.GetUtcNow();
        if (Moment(context.Properties.GetString(Begun)) is not { } begun || now - begun > TimeSpan.FromHours(settings.Value.Operations.SessionHours))
        {
            await EndAsync(context);
            return;
        }

        if (Moment(context.Properties.GetTokenValue(ExpiresAt)) is { } expires && expires > now)
        {
            return;
        }

        if (context.Properties.GetTokenValue(RefreshToken) is not { Length: > 0 } refresh)
        {
            await EndAsync(context);
            return;
        }

        var (reachable, renewed) = await RenewAsync(context.HttpContext, refresh);
        if (!reachable)
        {
            return; // an incident of the provider must not blind those who look into it; the session's own limits hold
        }

        if (renewed is not { } tokens || await PrincipalAsync(tokens.Access, context.HttpContext.RequestAborted) is not var (principal, until))
        {
            await EndAsync(context);
            return;
        }

        Keep(context.Properties, tokens.Refresh ?? refresh, context.Properties.GetTokenValue(IdToken), until);
        context.ReplacePrincipal(principal);
        context.ShouldRenew = true;
    }

    private static async Task EndAsync(CookieValidatePrincipalContext context)
    {
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(OperationsSession.CookieScheme);
    }

    private static void Keep(AuthenticationProperties properties, string? refresh, string? id, DateTimeOffset expires) => properties.StoreTokens(
        new[] { (Name: RefreshToken, Value: refresh), (Name: IdToken, Value: id), (Name: ExpiresAt, Value: expires.ToString("O", CultureInfo.InvariantCulture)) }
            .Where(token => token.Value is not null)
            .Select(token => new AuthenticationToken { Name = token.Name, Value = token.Value! }));

    private static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment) ? moment : null;

    private async Task<(ClaimsPrincipal Principal, DateTimeOffset Expires)?> PrincipalAsync(string accessToken, CancellationToken ct)
    {
        var options = bearer.Get(JwtBearerDefaults.AuthenticationScheme);
        var parameters = options.TokenValidationParameters.Clone();
        var known = await options.ConfigurationManager!.GetConfigurationAsync(ct);
        parameters.ValidIssuers = [known.Issuer];
        parameters.IssuerSigningKeys = known.SigningKeys;
        var result = await _tokens.ValidateTokenAsync(accessToken, parameters);
        if (!result.IsValid)
        {
            logger.LogWarning("An access token for /ops is refused: {Reason}", result.Exception?.Message);
            return null;
        }

        var identity = new ClaimsIdentity(OperationsSession.CookieScheme, "name", ClaimNames.Role);
        identity.AddClaims(result.ClaimsIdentity.Claims.Where(claim => claim.Type is "sub" or "name" or ClaimNames.Role).Select(claim => new Claim(claim.Type, claim.Value)));
        return (new ClaimsPrincipal(identity), new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero));
    }

    private async Task<(bool Reachable, (string Access, string? Refresh)? Tokens)> RenewAsync(HttpContext context, string refresh)
    {
        if (await OperationsSession.ProviderAsync(context) is not { } known)
        {
            return (false, null);
        }

        var options = provider.Get(OperationsSession.ProviderScheme);
        var form = new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["client_id"] = options.ClientId!, ["refresh_token"] = refresh };
        if (options.ClientSecret is { Length: > 0 } secret)
        {
            form["client_secret"] = secret;
        }

        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var answer = await options.Backchannel.PostAsync(new Uri(known.TokenEndpoint), content, context.RequestAborted);
            if ((int)answer.StatusCode >= 500)
            {
                return (false, null);
            }

            using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(context.RequestAborted), cancellationToken: context.RequestAborted);
            return (true, answer.IsSuccessStatusCode && body.RootElement.TryGetProperty(AccessToken, out var access) && access.GetString() is { } token
                ? (token, body.RootElement.TryGetProperty(RefreshToken, out var next) ? next.GetString() : null)
                : null);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is OperationCanceledException && !context.RequestAborted.IsCancellationRequested))
        {
            logger.LogWarning("The OpenID provider did not renew a session at /ops: {Reason}", failure.Message);
            return (false, null);
        }
    }
}
