using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Resilience.GatewayTests.Gateway;

/// <summary>An address on which nobody listens, and which nobody else can take: its port is bound.</summary>
internal static class ClosedPort
{
    private static readonly Socket Bound = Bind();

    public static Uri Address => new($"http://127.0.0.1:{((IPEndPoint)Bound.LocalEndPoint!).Port}/");

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
