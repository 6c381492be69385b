using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ThiDua.AppHost.Local;

/// <summary>Ports on loopback. A free one is taken below those that the kernel itself gives to outgoing connections,
/// so that no connection can sit on it between now and the moment its program listens.</summary>
internal sealed class Ports
{
    private readonly HashSet<int> _given = [];

    /// <returns>False when another program still listens there after a few seconds: one that is ending gets them.</returns>
    public async Task<bool> ClaimAsync(int port, CancellationToken ct)
    {
        if (!_given.Add(port)) return false;
        for (var tries = 0; tries < 12; tries++)
        {
            if (IsFree(port)) return true;
            await Task.Delay(250, ct);
        }

        return false;
    }

    public int Free()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(10_000, 32_000);
            if (!_given.Contains(port) && IsFree(port) && _given.Add(port)) return port;
        }
    }

    private static bool IsFree(int port) => CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    private static bool CanListen(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException reason)
        {
            return reason.SocketErrorCode is SocketError.AddressNotAvailable; // no IPv6 loopback: nobody else is there either
        }
    }
}
