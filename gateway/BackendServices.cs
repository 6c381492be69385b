using Microsoft.Extensions.Options;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace ThiDua.Gateway;

/// <summary>One service behind the gateway.</summary>
/// <param name="Name">As in the settings: clusters, scoring, awards, documents, identity.</param>
/// <param name="Addresses">Where its copies answer; none when the settings name no destination.</param>
public sealed record Backend(string Name, IReadOnlyList<Uri> Addresses);

/// <summary>The services behind the gateway, as YARP knows them at this moment.</summary>
public sealed class BackendServices(IProxyStateLookup proxy, IOptions<GatewaySettings> settings)
{
    private const string Identity = "identity";

    public IEnumerable<Backend> All() =>
        from cluster in proxy.GetClusters()
        where !(settings.Value.ExternalIdentity && cluster.ClusterId == Identity)
        orderby cluster.ClusterId
        select new Backend(cluster.ClusterId, [.. cluster.DestinationsState.AllDestinations.OrderBy(copy => copy.DestinationId, StringComparer.Ordinal).Select(AddressOf)]);

    private static Uri AddressOf(DestinationState copy)
    {
        var address = copy.Model.Config.Address;
        return new Uri(address.EndsWith('/') ? address : address + "/");
    }
}
