using System.ComponentModel.DataAnnotations;

namespace ThiDua.Gateway.Operations;

/// <summary>What an operator may set under <c>Gateway:Operations</c>: the page at <c>/ops</c> and the session of a browser there.</summary>
public sealed class OperationsSettings
{
    /// <summary>Seconds for which one reading serves everybody who asks; with 0, those who ask while it is being read.</summary>
    [Range(0, 300)]
    public int ReadingSeconds { get; init; } = 5;

    /// <summary>Milliseconds that Prometheus has for all queries of one reading together.</summary>
    [Range(100, 30_000)]
    public int PrometheusTimeoutMilliseconds { get; init; } = 3_000;

    /// <summary>Directory of the runbooks, one Markdown file for each alert; when not set, those that this build carries.</summary>
    public string? RunbookDirectory { get; init; }

    /// <summary>Minutes without a request after which a session is over.</summary>
    [Range(1, 1_440)]
    public int SessionIdleMinutes { get; init; } = 30;

    /// <summary>Hours after which a session is over in any case.</summary>
    [Range(1, 24)]
    public int SessionHours { get; init; } = 8;

    /// <summary>The name under which the provider knows this page.</summary>
    [Required]
    public string ClientId { get; init; } = "thidua-ops";

    /// <summary>For providers that want a secret besides PKCE; ours does not.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>What the provider is asked for, separated by spaces; its access token must carry the audience and the roles (ADR 32).</summary>
    [Required]
    public string Scope { get; init; } = "openid profile offline_access thidua";

    /// <summary>Per address, for the page and its sign-in.</summary>
    [Required, Microsoft.Extensions.Options.ValidateObjectMembers]
    public RateLimit RateLimit { get; init; } = new() { Requests = 120, WindowSeconds = 60 };
}
