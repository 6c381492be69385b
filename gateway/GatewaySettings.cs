using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ThiDua.Gateway.Operations;

namespace ThiDua.Gateway;

/// <summary>What an operator may set under <c>Gateway</c>; checked at start, so that a wrong value never reaches a caller.</summary>
public sealed class GatewaySettings
{
    /// <summary>Seconds from request to answer on a route that sets no timeout of its own.</summary>
    [Range(1, 3600)]
    public int RequestTimeoutSeconds { get; init; } = 60;

    /// <summary>Milliseconds a service has to say that it is ready.</summary>
    [Range(1, 60_000)]
    public int ReadinessTimeoutMilliseconds { get; init; } = 2_000;

    /// <summary>Seconds the merged OpenAPI document is served before the services are asked again.</summary>
    [Range(0, 86_400)]
    public int OpenApiRefreshSeconds { get; init; } = 60;

    /// <summary>
    /// Seconds after which a service's host name is looked up again, each address that it then has being a replica; 0: a name is one replica.
    /// For orchestrators that give replicas one name, such as a headless service of Kubernetes.
    /// </summary>
    [Range(0, 3_600)]
    public int DnsRefreshSeconds { get; init; }

    /// <summary>The province's own provider gives the tokens: the identity service is neither asked for readiness nor described.</summary>
    public bool ExternalIdentity { get; init; }

    /// <summary>Addresses of load balancers whose X-Forwarded-For is believed; nobody else's is.</summary>
    public IReadOnlyList<string> KnownProxies { get; init; } = [];

    /// <summary>Addresses that may read /metrics, beside this machine's own.</summary>
    public IReadOnlyList<string> MetricsReaders { get; init; } = [];

    /// <summary>Where people reach this gateway, as their browsers write it; when not set, the address that each request names.</summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>Directory of the keys that browser sessions at /ops are encrypted with; replicas share it. When not set: ASP.NET Core's place for this user.</summary>
    public string? KeyDirectory { get; init; }

    /// <summary>Prometheus, from which /ops has its figures and alerts; without it the page shows what the gateway itself knows.</summary>
    public Uri? Prometheus { get; init; }

    /// <summary>The operations page at /ops.</summary>
    [Required, ValidateObjectMembers]
    public OperationsSettings Operations { get; init; } = new();

    /// <summary>How long callers may take, and how many connections they may keep.</summary>
    [Required, ValidateObjectMembers]
    public ConnectionSettings Connections { get; init; } = new();

    /// <summary>Per signed-in client or person.</summary>
    [Required, ValidateObjectMembers]
    public RateLimit ClientRateLimit { get; init; } = new() { Requests = 1_200, WindowSeconds = 2 };

    /// <summary>Per address of callers who are not signed in.</summary>
    [Required, ValidateObjectMembers]
    public RateLimit AnonymousRateLimit { get; init; } = new() { Requests = 600, WindowSeconds = 6 };

    /// <summary>Per address, on /connect and /account: all of a province's systems fetch their tokens from few addresses.</summary>
    [Required, ValidateObjectMembers]
    public RateLimit SignInRateLimit { get; init; } = new() { Requests = 1_200, WindowSeconds = 24 };
}

/// <summary>A bucket of <see cref="Requests"/> that fills evenly from empty to full in <see cref="WindowSeconds"/>.</summary>
public sealed class RateLimit
{
    [Range(1, 1_000_000)]
    public int Requests { get; init; } = 1;

    [Range(1, 86_400)]
    public int WindowSeconds { get; init; } = 1;
}

/// <summary>Generated: it looks into the limits too, which the validation by reflection does not.</summary>
[OptionsValidator]
public sealed partial class GatewaySettingsValidator : IValidateOptions<GatewaySettings>;
