using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using ThiDua.Gateway.Administration;
using ThiDua.Gateway.OpenApi;
using ThiDua.Gateway.Operations;
using ThiDua.ServiceDefaults;

namespace ThiDua.Gateway;

/// <summary>What the gateway is made of, and the order in which a request passes it.</summary>
public static class GatewayExtensions
{
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<GatewaySettings>().BindConfiguration("Gateway").ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewaySettings>, GatewaySettingsValidator>();
        Connections.AddTo(services);
        services.AddSingleton<BackendServices>();
        services.AddSingleton<ServiceDocuments>();
        services.Configure<OpenApiOptions>("v1", document => document.ShouldInclude = operation => operation.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true); // pages and health are not part of the API
        services.AddHttpClient(Readiness.HttpClientName);
        services.AddHttpClient(SystemReadOnlyEndpoints.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(20)); // it waits for changes that are being committed
        services.AddHttpClient(ServiceDocuments.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(20)); // a service's first document is generated when asked for
        builder.AddOperations();
        services.AddRequestTimeouts();
        services.AddSingleton<ProxyRoutes>();
        var proxy = services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddConfigFilter<ProxyRoutes>()
            .AddTransforms<ProxyRoutes>()
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = TimeSpan.FromSeconds(5));
        if (builder.Configuration.GetValue<int>($"Gateway:{nameof(GatewaySettings.DnsRefreshSeconds)}") is > 0 and var seconds)
        {
            proxy.AddDnsDestinationResolver(dns => dns.RefreshPeriod = TimeSpan.FromSeconds(seconds));
        }

        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<GatewaySettings>>((forwarded, gateway) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in gateway.Value.KnownProxies)
            {
                forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
            }
        });

        // ProxyRoutes closes every route; what then has no policy is an address that does not exist, and that is a 404 to anybody.
        services.PostConfigure<AuthorizationOptions>(authorization => authorization.FallbackPolicy = null);
    }

    public static void UseGateway(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<GatewaySettings>>().Value.KnownProxies.Count > 0)
        {
            app.UseForwardedHeaders(); // with nobody named, the middleware would believe everybody
        }

        app.UseMiddleware<RequestLog>();
        app.UseAnswerHeaders();
        app.UseMiddleware<ProblemAnswers>();
        app.UseExceptionHandler();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<RateLimits>();
        app.UseAuthorization();
        app.UseMiddleware<BodyLimits>();
        app.UseRequestTimeouts();
        app.UseRequestText(); // services do it themselves, but the body of read-only is read here

        app.MapOpenApiOfAllServices();
        app.MapReadOnlyOfAllServices();
        app.MapHealthOfAllServices();
        app.MapOperations();
        app.MapMetrics();
        app.MapReverseProxy();
    }

    // The gateway's port is the one the outside reaches: how the system is doing is not for everybody.
    private static void MapMetrics(this WebApplication app)
    {
        var readers = app.Services.GetRequiredService<IOptions<GatewaySettings>>().Value.MetricsReaders.Select(IPAddress.Parse).ToHashSet();
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase) && !(context.Connection.RemoteIpAddress is { } address && (IPAddress.IsLoopback(address) || readers.Contains(address))),
            refused => refused.Run(context => GatewayProblem.WriteAsync(context, StatusCodes.Status404NotFound)));
        app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();
    }
}
