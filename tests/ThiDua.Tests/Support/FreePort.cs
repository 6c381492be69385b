using System.Net;
using System.Net.Sockets;

namespace ThiDua.Tests.Support;

internal static class FreePort
{
    /// <summary>
    /// A loopback port nobody listens on, below the range that the kernel takes for outgoing connections: one of those
    /// could otherwise take the port between this question and the server's start.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
            }
        }
    }
}
