using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using ThiDua.Gateway.OpenApi;

namespace ThiDua.Gateway;

/// <summary>What the gateway is made of, and the order in which a request passes it.</summary>
public static class GatewayExtensions
{
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<GatewaySettings>().BindConfiguration("Gateway").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BackendServices>();
        services.AddSingleton<ServiceDocuments>();
        services.AddHttpClient(Readiness.HttpClientName);
        services.AddHttpClient(ServiceDocuments.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(20)); // a service's first document is generated when asked for
        services.AddRequestTimeouts();
        services.AddSingleton<ProxyRoutes>();
        services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddConfigFilter<ProxyRoutes>()
            .AddTransforms<ProxyRoutes>()
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = TimeSpan.FromSeconds(5));

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

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
    }

    public static void UseGateway(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<GatewaySettings>>().Value.KnownProxies.Count > 0)
        {
            app.UseForwardedHeaders(); // with nobody named, the middleware would believe everybody
        }

        app.UseAnswerHeaders();
        app.UseMiddleware<ProblemAnswers>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<RateLimits>();
        app.UseAuthorization();
        app.UseMiddleware<BodyLimits>();
        app.UseRequestTimeouts();

        app.MapOpenApiOfAllServices();
        app.MapReadiness();
        app.MapReverseProxy();
    }
}
