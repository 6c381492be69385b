using Microsoft.Extensions.Options;
using Yarp.ReverseProxy;

namespace ThiDua.Gateway;

/// <summary>One service behind the gateway.</summary>
/// <param name="Name">As in the settings: clusters, scoring, awards, documents, identity.</param>
/// <param name="Address">Where it answers; null when the settings name no destination.</param>
public sealed record Backend(string Name, Uri? Address);

/// <summary>The services behind the gateway, as YARP knows them at this moment.</summary>
public sealed class BackendServices(IProxyStateLookup proxy, IOptions<GatewaySettings> settings)
{
    private const string Identity = "identity";

    public IEnumerable<Backend> All() =>
        from cluster in proxy.GetClusters()
        where !(settings.Value.ExternalIdentity && cluster.ClusterId == Identity)
        orderby cluster.ClusterId
        let address = cluster.DestinationsState.AllDestinations.Count > 0 ? cluster.DestinationsState.AllDestinations[0].Model.Config.Address : null
        select new Backend(cluster.ClusterId, address is null ? null : new Uri(address.EndsWith('/') ? address : address + "/"));
}
