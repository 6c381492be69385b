using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ThiDua.Gateway;

/// <summary>How long a caller may take, and how many connections he may keep; set under <c>Gateway:Connections</c>.</summary>
public sealed class ConnectionSettings
{
    /// <summary>Seconds for the head of a request, from its first byte to its last.</summary>
    [Range(1, 600)]
    public int HeadSeconds { get; init; } = 15;

    /// <summary>Seconds that a connection may wait for its next request.</summary>
    [Range(1, 3_600)]
    public int IdleSeconds { get; init; } = 130;

    /// <summary>Bytes a second that a body has to arrive with, and an answer to be read with.</summary>
    [Range(1, 1_000_000)]
    public int BytesPerSecond { get; init; } = 240;

    /// <summary>Seconds after which a slower one is ended.</summary>
    [Range(2, 600)]
    public int GraceSeconds { get; init; } = 5;

    /// <summary>Connections of one address at a time; those of known proxies are not counted, since many callers stand behind each.</summary>
    [Range(1, 1_000_000)]
    public int PerAddress { get; init; } = 2_000;
}

/// <summary>
/// Ends connections that are held without being used: heads, bodies and readers that are too slow, and more connections of one address
/// than anybody needs.
/// </summary>
internal sealed class Connections
{
    private readonly ConnectionSettings _settings;
    private readonly HashSet<IPAddress> _proxies;
    private readonly ConcurrentDictionary<IPAddress, int> _open = new();

    private Connections(GatewaySettings settings)
    {
        _settings = settings.Connections;
        _proxies = [.. settings.KnownProxies.Select(IPAddress.Parse)];
    }

    public static void AddTo(IServiceCollection services) =>
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<GatewaySettings>>((kestrel, gateway) => new Connections(gateway.Value).Limit(kestrel));

    private void Limit(KestrelServerOptions kestrel)
    {
        var rate = new MinDataRate(_settings.BytesPerSecond, TimeSpan.FromSeconds(_settings.GraceSeconds));
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(_settings.HeadSeconds);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(_settings.IdleSeconds);
        kestrel.Limits.MinRequestBodyDataRate = rate;
        kestrel.Limits.MinResponseDataRate = rate;
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(Count));
    }

    private ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        if ((connection.RemoteEndPoint as IPEndPoint)?.Address is not { } address || _proxies.Contains(address))
        {
            await next(connection);
            return;
        }

        try
        {
            if (_open.AddOrUpdate(address, 1, static (_, open) => open + 1) <= _settings.PerAddress)
            {
                await next(connection);
            }
        }
        finally
        {
            if (_open.AddOrUpdate(address, 0, static (_, open) => open - 1) == 0)
            {
                _open.TryRemove(KeyValuePair.Create(address, 0));
            }
        }
    };
}
