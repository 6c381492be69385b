using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using ThiDua.Identity.Data;
using ThiDua.Identity.Domain;
using ThiDua.ServiceDefaults;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ThiDua.Identity.Endpoints;

/// <summary>The OpenID Connect endpoints. OpenIddict has checked the client and the request before one of these runs.</summary>
public static class TokenEndpoints
{
    private const string StampClaim = "stamp";
    private const string ServerScheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static void MapTokens(this IEndpointRouteBuilder app)
    {
        var connect = app.MapGroup("/connect").AllowAnonymous().ExcludeFromDescription();

        connect.MapPost("/token", Exchange);
        connect.MapGet("/authorize", Authorize);
        connect.MapGet("/logout", AskToSignOut);
        connect.MapPost("/logout", SignOut);
    }

    /// <summary>The identity that the session cookie carries: who, and which state of the account.</summary>
    internal static ClaimsPrincipal SessionOf(Account account) => new(new ClaimsIdentity(
        [new Claim(Claims.Subject, account.Id), new Claim(StampClaim, account.Stamp.ToString())],
        CookieAuthenticationDefaults.AuthenticationScheme));

    private static async Task<IResult> Exchange(HttpContext http, IdentityDbContext db, ILogger<Account> logger, CancellationToken ct)
    {
        var request = http.GetOpenIddictServerRequest()!;
        if (request.IsClientCredentialsGrantType())
        {
            // The secret was right and the account in use: ClientManager has seen to both.
            var client = await db.Accounts.FindAsync([request.ClientId], ct);
            if (client is not { DisabledAt: null })
            {
                return Refuse(Errors.InvalidClient, "Tài khoản không dùng được.");
            }

            logger.LogInformation("{Account} got a token at {Source}", client.Id, http.Connection.RemoteIpAddress);
            return Issue(client, [TokenServer.Scope]);
        }

        var earlier = (await http.AuthenticateAsync(ServerScheme)).Principal;
        if (await OwnerAsync(earlier, db, ct) is not { } person)
        {
            return Refuse(Errors.InvalidGrant, "Phiên đăng nhập đã kết thúc; hãy đăng nhập lại.");
        }

        logger.LogInformation("{Account} got a token at {Source}", person.Id, http.Connection.RemoteIpAddress);
        return Issue(person, earlier!.GetScopes());
    }

    private static async Task<IResult> Authorize(HttpContext http, IdentityDbContext db, CancellationToken ct)
    {
        var request = http.GetOpenIddictServerRequest()!;
        var session = await http.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        var tooOld = request.MaxAge is { } seconds && session.Properties?.IssuedUtc is { } issued
            && http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() - issued > TimeSpan.FromSeconds(seconds);
        var account = tooOld || request.HasPromptValue(PromptValues.Login) ? null : await OwnerAsync(session.Principal, db, ct);
        if (account is not null)
        {
            return Issue(account, request.GetScopes());
        }

        if (request.HasPromptValue(PromptValues.None))
        {
            return Refuse(Errors.LoginRequired, "Chưa đăng nhập.");
        }

        // Back to here after signing in, without the prompt that has been answered by then.
        var query = http.Request.Query.Where(parameter => parameter.Key is not Parameters.Prompt and not Parameters.MaxAge);
        var returnUrl = http.Request.PathBase + http.Request.Path + QueryString.Create(query);
        return TypedResults.LocalRedirect($"/account/login{QueryString.Create("returnUrl", returnUrl)}");
    }

    private static async Task<IResult> AskToSignOut(HttpContext http, IAntiforgery antiforgery)
    {
        var request = http.GetOpenIddictServerRequest()!;
        if (request.IdTokenHint is not null)
        {
            return await LeaveAsync(http);
        }

        // Anybody can make a browser open this address; only the person may confirm it.
        return SignInPage.ForSigningOut(http, antiforgery.GetAndStoreTokens(http), request.GetParameters()
            .Where(parameter => parameter.Key is Parameters.ClientId or Parameters.PostLogoutRedirectUri or Parameters.State)
            .Select(parameter => KeyValuePair.Create(parameter.Key, (string?)parameter.Value ?? "")));
    }

    private static async Task<IResult> SignOut(HttpContext http, IAntiforgery antiforgery) =>
        await antiforgery.IsRequestValidAsync(http) ? await LeaveAsync(http) : TypedResults.LocalRedirect("/connect/logout");

    private static async Task<IResult> LeaveAsync(HttpContext http)
    {
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.SignOut(new AuthenticationProperties { RedirectUri = "/account/login" }, [ServerScheme]);
    }

    /// <summary>Whose session or token it is; null when the account has been disabled or has got another secret since.</summary>
    internal static async Task<Account?> OwnerAsync(ClaimsPrincipal? principal, IdentityDbContext db, CancellationToken ct) =>
        principal?.FindFirstValue(Claims.Subject) is { } id
        && await db.Accounts.FindAsync([id], ct) is { DisabledAt: null } account
        && principal.FindFirstValue(StampClaim) == account.Stamp.ToString()
            ? account
            : null;

    private static SignInHttpResult Issue(Account account, ImmutableArray<string> scopes)
    {
        var identity = new ClaimsIdentity(ServerScheme, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, account.Id)
            .SetClaim(Claims.Name, account.Name)
            .SetClaims(Claims.Role, [.. account.Roles])
            .SetClaim(ClaimNames.Unit, account.Unit)
            .SetClaim(StampClaim, account.Stamp.ToString())
            .SetScopes(scopes);
        if (scopes.Contains(TokenServer.Scope))
        {
            identity.SetResources(TokenServer.Scope);
        }

        // The stamp stays inside codes and refresh tokens, which only this service can read.
        identity.SetDestinations(claim => claim.Type switch
        {
            StampClaim => [],
            Claims.Name => [Destinations.AccessToken, Destinations.IdentityToken],
            _ => [Destinations.AccessToken],
        });
        return TypedResults.SignIn(new ClaimsPrincipal(identity), authenticationScheme: ServerScheme);
    }

    private static ForbidHttpResult Refuse(string error, string description) => TypedResults.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [ServerScheme]);
}
