using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore.Models;
using OpenIddict.Server;
using ThiDua.Identity.Data;
using ThiDua.Identity.Domain;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace ThiDua.Identity;

/// <summary>The OpenID provider: OpenIddict over this service's database, and the session of a person signing in.</summary>
public static class TokenServer
{
    /// <summary>The one scope, and the audience of the tokens that carry it.</summary>
    public const string Scope = "thidua";

    private const int PasswordHashIterations = 210_000;

    public static void AddTokenServer(this WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning); // it tells every step of every request
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error); // StoredKeys encrypts, which it cannot see
        var services = builder.Services;
        services.AddOptions<IdentitySettings>()
            .BindConfiguration("Identity")
            .Validate(settings => settings.Issuer is { IsAbsoluteUri: true }, "Identity:Issuer is missing: the address of the gateway.")
            .ValidateOnStart();

        services.AddSingleton<KeyEncryption>();
        services.AddSingleton<StoredKeys>();
        services.AddSingleton<KeyRing>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(provider => provider.GetRequiredService<KeyRing>());
        services.AddScoped<LockOut>();
        services.AddSingleton(new SignInCounts());
        services.AddScoped<SeedData>();
        services.AddScoped<Endpoints.AccountRegistration>();
        services.AddHostedService<ExpiredEntries>();
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = PasswordHashIterations);

        services.AddDataProtection().SetApplicationName("thidua-identity");
        services.AddOptions<KeyManagementOptions>().Configure<StoredKeys>((protection, keys) => protection.XmlRepository = keys);

        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "thidua-form";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddAuthentication().AddCookie();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<IOptions<IdentitySettings>>((cookie, settings) =>
            {
                cookie.Cookie.Name = "thidua-session";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookie.ExpireTimeSpan = settings.Value.SessionIdleTime;
                cookie.SlidingExpiration = true;
            });

        // The gateway tells who called it. On loopback it is trusted; elsewhere ForwardedHeaders:KnownProxies names its address or network.
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            foreach (var proxy in builder.Configuration.GetSection("ForwardedHeaders:KnownProxies").Get<string[]>() ?? [])
            {
                if (System.Net.IPNetwork.TryParse(proxy, out var network))
                {
                    forwarded.KnownIPNetworks.Add(network);
                }
                else
                {
                    forwarded.KnownProxies.Add(System.Net.IPAddress.Parse(proxy));
                }
            }
        });

        AddOpenIddict(services);
        AddOwnTokens(services);
    }

    /// <summary><c>identity rotate-keys</c>: what <c>POST /signing-keys/rotate</c> does, for who has the database and no token.</summary>
    public static async Task<bool> RotateKeysIfAskedAsync(this WebApplication app, string[] args)
    {
        if (!args.Contains("rotate-keys"))
        {
            return false;
        }

        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ServiceDefaults.JournalContext>().Act("rotate-keys");
        var db = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await app.Services.GetRequiredService<StoredKeys>().RotateAsync(db, atOnce: false, CancellationToken.None);
        await transaction.CommitAsync();
        app.Logger.LogInformation("There is a new signing key; it is published now and signs when services have fetched it");
        return true;
    }

    private static void AddOpenIddict(IServiceCollection services)
    {
        services.AddScoped(provider => (ClientManager)provider.GetRequiredService<OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication>>());
        services.AddOpenIddict()
            .AddCore(core =>
            {
                core.UseEntityFrameworkCore().UseDbContext<IdentityDbContext>();
                core.ReplaceApplicationManager<OpenIddictEntityFrameworkCoreApplication, ClientManager>();
            })
            .AddServer(server =>
            {
                server.SetTokenEndpointUris("connect/token")
                    .SetAuthorizationEndpointUris("connect/authorize")
                    .SetEndSessionEndpointUris("connect/logout");
                server.AllowClientCredentialsFlow().AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().RequireProofKeyForCodeExchange();
                server.DisableAccessTokenEncryption(); // services read the token with plain JwtBearer
                server.RegisterScopes(Scope, OpenIddictConstants.Scopes.Profile, OpenIddictConstants.Scopes.OfflineAccess);
                server.RegisterClaims(OpenIddictConstants.Claims.Name, OpenIddictConstants.Claims.Role, ServiceDefaults.ClaimNames.Unit);

                // TLS ends at the gateway or before it; addresses behind it are plain.
                server.UseAspNetCore()
                    .EnableTokenEndpointPassthrough()
                    .EnableAuthorizationEndpointPassthrough()
                    .EnableEndSessionEndpointPassthrough()
                    .DisableTransportSecurityRequirement();

                // Codes and refresh tokens have rows, so that a second use is noticed. An access token is valid by its
                // signature alone: a row for each would be written and never read.
                server.AddEventHandler<GenerateTokenContext>(handler => handler
                    .UseInlineHandler(context =>
                    {
                        if (context.TokenType is OpenIddictConstants.TokenTypeIdentifiers.AccessToken or OpenIddictConstants.TokenTypeIdentifiers.IdentityToken)
                        {
                            context.CreateTokenEntry = false;
                            context.PersistTokenPayload = false;
                        }

                        return ValueTask.CompletedTask;
                    })
                    .SetOrder(OpenIddictServerHandlers.Protection.CreateTokenEntry.Descriptor.Order - 1));
            });

        services.AddOptions<OpenIddictServerOptions>().Configure<IOptions<IdentitySettings>, KeyRing, StoredKeys>((server, settings, ring, keys) =>
        {
            server.Issuer = settings.Value.Issuer;
            server.CodeChallengeMethods.Remove(OpenIddictConstants.CodeChallengeMethods.Plain); // proves nothing to whoever reads the address
            server.AccessTokenLifetime = settings.Value.AccessTokenLifetime;
            server.RefreshTokenLifetime = settings.Value.RefreshTokenLifetime;
            server.DisableSlidingRefreshTokenExpiration = true;

            foreach (var key in ring.SigningKeys)
            {
                server.SigningCredentials.Add(new SigningCredentials(key, SecurityAlgorithms.RsaSha256));
            }

            foreach (var key in keys.EncryptionKeys())
            {
                server.EncryptionCredentials.Add(new EncryptingCredentials(key, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
            }

            if (server.SigningCredentials.Count == 0)
            {
                throw new InvalidOperationException("There are no keys yet: run this service with the argument `migrate` first.");
            }
        });
    }

    // Its own API takes its own tokens, checked with its own keys: no call to itself for a discovery document.
    private static void AddOwnTokens(IServiceCollection services) =>
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<IdentitySettings>, KeyRing>((bearer, settings, ring) =>
            {
                bearer.Authority = null;
                bearer.Configuration = new OpenIdConnectConfiguration { Issuer = settings.Value.Issuer!.AbsoluteUri };
                bearer.TokenValidationParameters.IssuerSigningKeyResolver = (_, _, kid, _) => ring.SigningKeys.Where(key => key.KeyId == kid);
            });
}
