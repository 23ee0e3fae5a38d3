using System.Net.WebSockets;

namespace OpenClaw.Resilience;

/// <summary>How a <see cref="GatewaySocket"/> signs in and how long it waits.</summary>
public sealed class GatewaySocketOptions
{
    /// <summary>The gateway's address, <c>ws</c> or <c>wss</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>The gateway's shared secret; null for a gateway without one.</summary>
    public string? Token { get; init; }

    /// <summary>What the connection may do. Default: read and write, which is enough for turns, sessions and health.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["operator.read", "operator.write"];

    /// <summary>
    /// The limit of a request that is no agent turn. More than 0. Default: 30 s, that of the gateway's own client. A turn has
    /// <see cref="GatewayOptions.AttemptTimeout"/>.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Sets headers, certificates or a proxy on each connection's socket. Default: nothing.</summary>
    public Action<ClientWebSocketOptions>? Configure { get; init; }

    /// <summary>Opens a socket in place of the network's; for simulations.</summary>
    internal Func<CancellationToken, Task<WebSocket>>? Open { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Address);
        if (!Address.IsAbsoluteUri || Address.Scheme is not ("ws" or "wss"))
        {
            throw new ArgumentException($"{nameof(GatewaySocketOptions)}.{nameof(Address)} is '{Address}'; accepted is an absolute ws or wss address.");
        }

        if (RequestTimeout <= TimeSpan.Zero)
        {
            throw new ArgumentException($"{nameof(GatewaySocketOptions)}.{nameof(RequestTimeout)} is '{RequestTimeout}'; accepted is more than 0.");
        }
    }
}
