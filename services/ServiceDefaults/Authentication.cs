using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ThiDua.ServiceDefaults;

/// <summary>The roles of section B of the domain reference, as a token's <c>role</c> claims carry them.</summary>
public static class Roles
{
    /// <summary>Quản trị hệ thống: accounts, categories, levels; no score of a running season.</summary>
    public const string Admin = "admin";

    /// <summary>Cán bộ nhập liệu của đơn vị.</summary>
    public const string UnitClerk = "unit_clerk";

    /// <summary>Thủ trưởng đơn vị: submits; reviews when the unit leads its cluster or is its deputy.</summary>
    public const string UnitHead = "unit_head";

    /// <summary>Chuyên viên cơ quan thường trực: appraises, drafts final points.</summary>
    public const string Appraiser = "appraiser";

    /// <summary>Lãnh đạo cơ quan thường trực: decides the scoring result (R-25).</summary>
    public const string AppraisalHead = "appraisal_head";

    /// <summary>Cơ quan cung cấp xác nhận: confirms facts; sees no score and loads no result, which is the standing agency's to do (R-20).</summary>
    public const string DataProvider = "data_provider";

    /// <summary>Thư ký Hội đồng: records ballots.</summary>
    public const string CouncilSecretary = "council_secretary";

    /// <summary>Thành viên Hội đồng.</summary>
    public const string CouncilMember = "council_member";

    /// <summary>Chủ tịch Hội đồng.</summary>
    public const string CouncilChair = "council_chair";

    /// <summary>Kiểm tra, giám sát: reads everything, changes nothing.</summary>
    public const string Auditor = "auditor";

    public static IReadOnlyList<string> All { get; } =
        [Admin, UnitClerk, UnitHead, Appraiser, AppraisalHead, DataProvider, CouncilSecretary, CouncilMember, CouncilChair, Auditor];
}

/// <summary>Who is calling: taken from the token, never from the request.</summary>
/// <param name="Subject">Account id; the person or system that the journal names.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Roles">See <see cref="ServiceDefaults.Roles"/>; empty means no access to anything.</param>
/// <param name="Unit">Code of the unit that the account belongs to; null for agencies without one.</param>
public sealed record Caller(string Subject, string Name, IReadOnlySet<string> Roles, string? Unit)
{
    /// <summary>Bound by the framework into endpoints that take a caller.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context.User));

    public static Caller Of(ClaimsPrincipal user) => new(
        user.FindFirstValue("sub") ?? "anonymous",
        user.FindFirstValue("name") ?? user.FindFirstValue("sub") ?? "anonymous",
        user.FindAll(ClaimNames.Role).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal),
        user.FindFirstValue(ClaimNames.Unit));

    public bool Is(params ReadOnlySpan<string> roles)
    {
        foreach (var role in roles)
        {
            if (Roles.Contains(role))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the account belongs to this very unit. An account without a unit belongs to none.</summary>
    public bool BelongsTo(string unit) => Unit is not null && Unit == unit;
}

/// <summary>Names of the claims that the token's provider writes.</summary>
public static class ClaimNames
{
    public const string Role = "role";
    public const string Unit = "unit";
}

/// <summary>The roles that an endpoint admits; shown as <c>x-roles</c> in the API document.</summary>
public sealed record AllowedRoles(IReadOnlyList<string> Roles);

public static class Authentication
{
    internal static void AddTokenAuthentication(this WebApplicationBuilder builder)
    {
        var authority = builder.Configuration["Authentication:Authority"];
        builder.Services
            .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(bearer =>
            {
                bearer.Authority = authority;
                bearer.RequireHttpsMetadata = authority is not null && !new Uri(authority).IsLoopback && builder.Configuration.GetValue("Authentication:RequireHttps", true);
                bearer.RefreshInterval = TimeSpan.FromSeconds(Math.Clamp(ProviderKeys.Every(builder.Configuration).TotalSeconds, 1, 30)); // at most this often, whatever tokens come
                bearer.TokenHandlers.Clear();
                bearer.TokenHandlers.Add(new RememberedTokens());
                bearer.Events = new JwtBearerEvents { OnChallenge = ChallengeAsync, OnTokenValidated = NoteAccountAsync };
                bearer.TokenValidationParameters = new TokenValidationParameters
                {
                    ValidAudience = builder.Configuration["Authentication:Audience"] ?? "thidua",
                    ValidTypes = ["at+jwt"],
                    NameClaimType = "name",
                    RoleClaimType = ClaimNames.Role,
                    ClockSkew = TimeSpan.FromSeconds(30),
                };
            });

        builder.Services.AddHostedService<ProviderKeys>();

        // What is not opened to a role by name is closed.
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    // Spans and log lines of the request name the account from here on: its id, which says no name.
    private static Task NoteAccountAsync(TokenValidatedContext validated)
    {
        Activity.Current?.SetTag(JsonLines.AccountTag, validated.Principal?.FindFirstValue("sub"));
        return Task.CompletedTask;
    }

    // While the provider's keys cannot be had, no token can be told good from bad: that is no fault of the caller's, and he may ask again.
    private static async Task ChallengeAsync(JwtBearerChallengeContext challenge)
    {
        if (challenge.AuthenticateFailure is not null && challenge.Options.ConfigurationManager is { } provider)
        {
            try
            {
                await provider.GetConfigurationAsync(challenge.HttpContext.RequestAborted);
            }
            catch (InvalidOperationException)
            {
                challenge.HandleResponse();
                challenge.Response.Headers.RetryAfter = "2";
                await Problems.WriteAsync(challenge.HttpContext, StatusCodes.Status503ServiceUnavailable, "identity-unavailable", "Chưa kiểm tra được mã truy cập vì dịch vụ đăng nhập chưa sẵn sàng; hãy thử lại sau.");
            }
        }
    }

    /// <summary>Opens an endpoint to callers with at least one of the roles, and to nobody else.</summary>
    public static TBuilder AllowRoles<TBuilder>(this TBuilder endpoint, params string[] roles)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(policy => policy.RequireRole(roles)).WithMetadata(new AllowedRoles(roles));

    /// <summary>Opens an endpoint to every caller that has a role at all.</summary>
    public static TBuilder AllowAnyRole<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.AllowRoles([.. Roles.All]);

    /// <summary>An endpoint that nobody gave to a role or to the public is a mistake of ours: the process does not start with it.</summary>
    internal static void RequireDeclaredRoles(this IEndpointRouteBuilder app)
    {
        var undeclared = app.DataSources
            .SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<AllowedRoles>() is null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(endpoint => endpoint.DisplayName)
            .ToList();
        if (undeclared.Count > 0)
        {
            throw new InvalidOperationException($"These endpoints declare no roles: {string.Join(", ", undeclared)}.");
        }
    }
}

/// <summary>
/// Asks the provider for its keys again and again, so that a key published ahead of its turn is known here when it signs. When the
/// provider is away, what it said last stays in use.
/// </summary>
internal sealed class ProviderKeys(IOptionsMonitor<JwtBearerOptions> bearer, IConfiguration settings, ILogger<ProviderKeys> logger) : BackgroundService
{
    private static readonly TimeSpan s_usual = TimeSpan.FromMinutes(2);

    public static TimeSpan Every(IConfiguration settings) => settings.GetValue("Authentication:KeyRefresh", s_usual);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager is not { } provider)
        {
            return; // the provider itself
        }

        using var timer = new PeriodicTimer(Every(settings));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                provider.RequestRefresh();
                await provider.GetConfigurationAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                logger.LogWarning("The provider's keys could not be fetched; those that are known stay in use: {Reason}", fault.Message);
            }
        }
    }
}
