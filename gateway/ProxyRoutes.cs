using Microsoft.Extensions.Options;
using ThiDua.Gateway.Operations;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace ThiDua.Gateway;

/// <summary>
/// What is true of every route of the settings without being said there: only a signed-in caller passes unless the route
/// says otherwise, an answer has a time limit, and what a caller claims about himself by header goes no further.
/// </summary>
public sealed class ProxyRoutes(IOptions<GatewaySettings> settings, IConfiguration configuration) : IProxyConfigFilter, ITransformProvider
{
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(1);
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE"];

    // A service would believe these: they say who is calling, from where, or what was really asked for.
    private static readonly string[] SpoofablePrefixes = ["X-Forwarded-", "X-Original-", "X-Rewrite-", "X-Remote-", "X-Auth-", "X-User", "X-Client-Cert", "X-SSL-"];
    private static readonly string[] SpoofableNames = ["Forwarded", "X-Real-IP", "Remote-User", "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "Proxy"];

    /// <summary>
    /// Each copy of a service is a destination. Of several, those that say they are not ready get no requests; when none is, all are tried,
    /// so that a caller hears the service's own reason.
    /// </summary>
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
    {
        var destinations = new Dictionary<string, DestinationConfig>(cluster.Destinations ?? new Dictionary<string, DestinationConfig>(), StringComparer.OrdinalIgnoreCase);
        foreach (var copy in configuration.GetSection($"services:{cluster.ClusterId}:http").GetChildren().Where(copy => copy.Value is { Length: > 0 }))
        {
            destinations[copy.Key] = new DestinationConfig { Address = copy.Value! };
        }

        return new(cluster with
        {
            Destinations = destinations,
            LoadBalancingPolicy = cluster.LoadBalancingPolicy ?? LoadBalancingPolicies.PowerOfTwoChoices,
            HealthCheck = cluster.HealthCheck ?? new HealthCheckConfig
            {
                AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
                Active = new ActiveHealthCheckConfig
                {
                    Enabled = destinations.Count > 1 || settings.Value.DnsRefreshSeconds > 0,
                    Interval = s_probe,
                    Timeout = s_probe,
                    Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                    Path = "/health/ready",
                },
            },
            Metadata = new Dictionary<string, string>(cluster.Metadata ?? new Dictionary<string, string>(), StringComparer.Ordinal) { [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = "1" },
        });
    }

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => new(route with
    {
        AuthorizationPolicy = route.AuthorizationPolicy ?? "default",
        Timeout = route.Timeout ?? (route.TimeoutPolicy is null ? TimeSpan.FromSeconds(settings.Value.RequestTimeoutSeconds) : null),
        Match = route.Match with { Methods = route.Match.Methods ?? Methods },
    });

    public void ValidateRoute(TransformRouteValidationContext context)
    {
        if (context.Route.Match.Path is not { Length: > 0 })
        {
            context.Errors.Add(new InvalidOperationException($"ReverseProxy:Routes:{context.Route.RouteId} has no Match:Path; it would catch every request."));
        }
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
        // Nothing of a cluster is transformed.
    }

    public void Apply(TransformBuilderContext context)
    {
        // Tokens are the only way into the API: a browser's cookie must not be one by accident. The sign-in pages get theirs, never that of /ops.
        var cookiesPass = context.Route.AuthorizationPolicy == "anonymous";
        context.AddRequestTransform(transform =>
        {
            var headers = transform.ProxyRequest.Headers;
            foreach (var name in headers.Select(header => header.Key).Where(IsSpoofable).ToList())
            {
                headers.Remove(name);
            }

            var cookies = cookiesPass && headers.TryGetValues("Cookie", out var lines)
                ? lines.SelectMany(line => line.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Where(cookie => !OperationsSession.IsOwn(cookie)).ToList()
                : [];
            headers.Remove("Cookie");
            if (cookies.Count > 0)
            {
                headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies));
            }

            return ValueTask.CompletedTask;
        });
        context.AddXForwarded(ForwardedTransformActions.Set);
        context.AddResponseHeaderRemove("Server", ResponseCondition.Always);
        context.AddResponseHeaderRemove("X-Powered-By", ResponseCondition.Always);
    }

    private static bool IsSpoofable(string name) =>
        SpoofableNames.Contains(name, StringComparer.OrdinalIgnoreCase)
        || SpoofablePrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
