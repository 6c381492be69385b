using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using ThiDua.ServiceDefaults;

namespace ThiDua.Gateway.Operations;

/// <summary>
/// A browser's session at <c>/ops</c>, and nowhere else: opened by the OpenID provider (code flow with PKCE), kept in a cookie that
/// no route of the API knows. A script brings its token instead.
/// </summary>
public static class OperationsSession
{
    /// <summary>The scheme that the page asks: a token where one came, else the cookie.</summary>
    public const string Scheme = "operations";

    public const string CookieScheme = "operations-cookie";
    public const string ProviderScheme = "operations-provider";
    public const string SignedInPath = "/ops/signed-in";
    public const string SignedOutPath = "/ops/signed-out";
    public const string LeavingPath = "/ops/leaving";

    private const string CookieName = "thidua-ops";
    private const string BearerPrefix = "Bearer ";

    public static void AddOperationsSession(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error); // that keys lie in a directory for this user only is meant
        var protection = services.AddDataProtection().SetApplicationName("thidua-gateway");
        if (builder.Configuration["Gateway:KeyDirectory"] is { Length: > 0 } directory)
        {
            protection.PersistKeysToFileSystem(OperatingSystem.IsWindows() ? Directory.CreateDirectory(directory) : Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        }

        services.AddSingleton<SessionTokens>();
        services.AddAuthentication()
            .AddPolicyScheme(Scheme, null, scheme => scheme.ForwardDefaultSelector = SchemeFor)
            .AddCookie(CookieScheme)
            .AddOpenIdConnect(ProviderScheme, _ => { });
        services.AddOptions<CookieAuthenticationOptions>(CookieScheme).Configure<IOptions<GatewaySettings>>(ConfigureCookie);
        services.AddOptions<OpenIdConnectOptions>(ProviderScheme).Configure<IOptions<GatewaySettings>, IConfiguration>(ConfigureProvider);
    }

    /// <summary>Opens an endpoint to whoever may see how the system does: administrators, who mend it, and auditors, who read everything.</summary>
    public static TBuilder AllowOperators<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        string[] roles = [Roles.Admin, Roles.Auditor];
        return endpoint.RequireAuthorization(policy => policy.AddAuthenticationSchemes(Scheme).RequireRole(roles)).WithMetadata(new AllowedRoles(roles));
    }

    /// <summary>Whether this cookie belongs to the session here; it is for no service behind the gateway.</summary>
    public static bool IsOwn(string cookie) => cookie.StartsWith(CookieName, StringComparison.Ordinal) || cookie.StartsWith("__Host-" + CookieName, StringComparison.Ordinal);

    /// <summary>An address of this gateway as the browser knows it.</summary>
    public static string AtGateway(HttpContext context, string path)
    {
        var known = context.RequestServices.GetRequiredService<IOptions<GatewaySettings>>().Value.PublicAddress;
        return (known is null ? $"{context.Request.Scheme}://{context.Request.Host}" : known.GetLeftPart(UriPartial.Authority)) + path;
    }

    private static string SchemeFor(HttpContext context) =>
        context.Request.Headers.Authorization.ToString().StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            || (OperationsEndpoints.WantsJson(context.Request) && !context.Request.Cookies.Keys.Any(IsOwn))
            ? JwtBearerDefaults.AuthenticationScheme
            : CookieScheme;

    private static void ConfigureCookie(CookieAuthenticationOptions cookie, IOptions<GatewaySettings> settings)
    {
        var isHttps = settings.Value.PublicAddress?.Scheme == Uri.UriSchemeHttps;
        cookie.Cookie.Name = isHttps ? "__Host-" + CookieName : CookieName;
        cookie.Cookie.Path = "/"; // what __Host- asks for
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax; // strict would lose it on the way back from a provider at another site
        cookie.Cookie.SecurePolicy = isHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = TimeSpan.FromMinutes(settings.Value.Operations.SessionIdleMinutes);
        cookie.SlidingExpiration = true;
        cookie.Events.OnRedirectToLogin = context => ChallengeAsync(context.HttpContext);
        cookie.Events.OnRedirectToAccessDenied = context => OperationsEndpoints.RefuseAsync(context.HttpContext);
        cookie.Events.OnValidatePrincipal = context => context.HttpContext.RequestServices.GetRequiredService<SessionTokens>().ValidateAsync(context);
    }

    private static void ConfigureProvider(OpenIdConnectOptions provider, IOptions<GatewaySettings> settings, IConfiguration configuration)
    {
        var authority = configuration["Authentication:Authority"];
        var operations = settings.Value.Operations;
        provider.SignInScheme = CookieScheme;
        provider.Authority = authority;
        provider.RequireHttpsMetadata = authority is not null && !new Uri(authority).IsLoopback && configuration.GetValue("Authentication:RequireHttps", true);
        provider.ClientId = operations.ClientId;
        provider.ClientSecret = operations.ClientSecret;
        provider.ResponseType = OpenIdConnectResponseType.Code;
        provider.ResponseMode = OpenIdConnectResponseMode.Query; // a form posted from another site would come without the Lax cookies below
        provider.UsePkce = true;
        provider.DisableTelemetry = true;
        provider.Scope.Clear();
        foreach (var scope in operations.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            provider.Scope.Add(scope);
        }

        provider.CallbackPath = SignedInPath;
        provider.SignedOutCallbackPath = LeavingPath;
        provider.RemoteSignOutPath = default;
        provider.MapInboundClaims = false;
        provider.TokenValidationParameters.NameClaimType = "name";
        provider.TokenValidationParameters.RoleClaimType = ClaimNames.Role;
        foreach (var cookie in new[] { provider.CorrelationCookie, provider.NonceCookie })
        {
            cookie.Name = $"{CookieName}-{(cookie == provider.NonceCookie ? "nonce" : "correlation")}.";
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = settings.Value.PublicAddress?.Scheme == Uri.UriSchemeHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        }

        // Our provider is asked behind the gateway and names itself there; the browser reaches it at this gateway's own address.
        var isOurs = !settings.Value.ExternalIdentity;
        provider.Events.OnRedirectToIdentityProvider = context =>
        {
            context.ProtocolMessage.RedirectUri = AtGateway(context.HttpContext, SignedInPath);
            context.ProtocolMessage.IssuerAddress = isOurs ? AtGateway(context.HttpContext, new Uri(context.ProtocolMessage.IssuerAddress).PathAndQuery) : context.ProtocolMessage.IssuerAddress;
            return Task.CompletedTask;
        };
        provider.Events.OnRedirectToIdentityProviderForSignOut = context =>
        {
            context.ProtocolMessage.PostLogoutRedirectUri = AtGateway(context.HttpContext, LeavingPath);
            context.ProtocolMessage.IssuerAddress = isOurs ? AtGateway(context.HttpContext, new Uri(context.ProtocolMessage.IssuerAddress).PathAndQuery) : context.ProtocolMessage.IssuerAddress;
            return Task.CompletedTask;
        };
        provider.Events.OnTokenValidated = context => context.HttpContext.RequestServices.GetRequiredService<SessionTokens>().OpenAsync(context);
        provider.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            context.HttpContext.RequestServices.GetRequiredService<ILogger<SessionTokens>>().LogInformation("Nobody was signed in at /ops: {Reason}", context.Failure?.Message);
            return OperationsEndpoints.WriteNoticeAsync(context.HttpContext, StatusCodes.Status400BadRequest, "Chưa đăng nhập được", "Lần đăng nhập này đã quá lâu, bị bỏ dở hoặc bắt đầu ở một địa chỉ khác. Hãy bắt đầu lại từ trang vận hành.", "Đăng nhập lại");
        };
    }

    // The provider's handler throws when its provider is away; a person gets a page that says so.
    private static async Task ChallengeAsync(HttpContext context)
    {
        var known = context.RequestServices.GetRequiredService<IOptions<GatewaySettings>>().Value.PublicAddress;
        if (known is { IsLoopback: true } && context.Request.Host.Value != known.Authority)
        {
            // 127.0.0.1 and localhost are one machine and two sets of cookies.
            context.Response.Redirect(known.GetLeftPart(UriPartial.Authority) + context.Request.Path + context.Request.QueryString);
            return;
        }

        if (await ProviderAsync(context) is null)
        {
            context.Response.Headers.RetryAfter = "5";
            await OperationsEndpoints.WriteNoticeAsync(context, StatusCodes.Status503ServiceUnavailable, "Chưa đăng nhập được", "Dịch vụ đăng nhập chưa sẵn sàng, nên chưa mở được trang vận hành. Độ sẵn sàng của từng dịch vụ ở /health/ready.", "Thử lại");
            return;
        }

        await context.ChallengeAsync(ProviderScheme, new AuthenticationProperties { RedirectUri = context.Request.Path + context.Request.QueryString });
    }

    /// <summary>The provider's own description; null while it cannot be had.</summary>
    public static async Task<OpenIdConnectConfiguration?> ProviderAsync(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get(ProviderScheme);
        try
        {
            return options.ConfigurationManager is { } provider ? await provider.GetConfigurationAsync(context.RequestAborted) : null;
        }
        catch (InvalidOperationException unreachable)
        {
            context.RequestServices.GetRequiredService<ILogger<SessionTokens>>().LogWarning("The OpenID provider cannot be reached: {Reason}", unreachable.Message);
            return null;
        }
    }
}
