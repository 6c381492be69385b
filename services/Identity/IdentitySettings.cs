namespace ThiDua.Identity;

/// <summary>Settings of the section <c>Identity</c>.</summary>
public sealed class IdentitySettings
{
    private static readonly char[] s_separators = [' ', ';', ','];

    /// <summary>The address under which everybody knows the provider: the gateway's. Becomes <c>iss</c>.</summary>
    public Uri? Issuer { get; init; }

    /// <summary>Secret of the first account, <c>admin</c>; needed by <c>migrate</c> only.</summary>
    public string? AdminSecret { get; init; }

    /// <summary>When set, private keys are stored encrypted with it. Losing it loses the keys, and with them every open session.</summary>
    public string? KeySecret { get; init; }

    /// <summary>
    /// Where people may be sent back to after signing in, separated by spaces, commas or semicolons. On 127.0.0.1 any port will do.
    /// When not set: <c>account/callback</c> at the issuer, and <c>http://127.0.0.1/callback</c> for tools.
    /// </summary>
    public string? RedirectUris { get; init; }

    /// <summary>
    /// The gateway's addresses for the operations page, where people come back to after signing in and signing out, separated as above.
    /// When not set: <c>ops/signed-in</c> and <c>ops/leaving</c> at the issuer, which is the gateway.
    /// </summary>
    public string? OperationsRedirectUris { get; init; }

    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a person stays signed in to an application without typing the password again.</summary>
    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromHours(8);

    /// <summary>How long the provider's own session survives without use.</summary>
    public TimeSpan SessionIdleTime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a new signing key is published before it signs: longer than services take to ask for the keys again.</summary>
    public TimeSpan KeyPublishedAhead { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often each copy of the process looks for new keys.</summary>
    public TimeSpan KeyRefresh { get; init; } = TimeSpan.FromSeconds(15);

    public int LockOutAfterFailures { get; init; } = 5;

    public TimeSpan LockOutPeriod { get; init; } = TimeSpan.FromMinutes(15);

    public IReadOnlyList<Uri> RedirectAddresses => Addresses(RedirectUris) ?? [new Uri(Issuer!, "/account/callback"), new Uri("http://127.0.0.1/callback")];

    public IReadOnlyList<Uri> OperationsAddresses => Addresses(OperationsRedirectUris) ?? [new Uri(Issuer!, "/ops/signed-in"), new Uri(Issuer!, "/ops/leaving")];

    private static List<Uri>? Addresses(string? setting) => string.IsNullOrWhiteSpace(setting)
        ? null
        : [.. setting.Split(s_separators, StringSplitOptions.RemoveEmptyEntries).Select(uri => new Uri(uri, UriKind.Absolute))];
}
