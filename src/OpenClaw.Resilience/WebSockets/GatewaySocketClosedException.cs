namespace OpenClaw.Resilience;

/// <summary>The connection to a gateway ended before the answer came.</summary>
public sealed class GatewaySocketClosedException : IOException
{
    internal GatewaySocketClosedException(int closeCode, string? closeReason, bool afterHello, Exception? innerException = null)
        : base(
            $"The gateway's connection ended with {closeCode}{(string.IsNullOrEmpty(closeReason) ? "" : $" ({closeReason})")}.",
            innerException)
    {
        CloseCode = closeCode;
        CloseReason = closeReason;
        AfterHello = afterHello;
    }

    /// <summary>The close code; 1006 when the connection was lost without one, 4000 when this side gave up a silent one.</summary>
    public int CloseCode { get; }

    /// <summary>What the gateway said of it, or null.</summary>
    public string? CloseReason { get; }

    /// <summary>Whether the sign-in had succeeded; before, nothing can have run.</summary>
    public bool AfterHello { get; }
}
