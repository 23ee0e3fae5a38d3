namespace OpenClaw.Resilience;

/// <summary>What a call may have done when its failure leaves that open: decides whether it may be sent again.</summary>
public enum CallEffect
{
    /// <summary>
    /// The call may have had effects (an agent turn runs tools). It is sent again only when nothing can have run: the name was not
    /// resolved, the connection was refused, the handshake failed, or the gateway refused admission while it drains. The default.
    /// </summary>
    /// <remarks>
    /// An exception that says "refused" says it of one request. A call that makes several (an agent with tools) is therefore repeated
    /// only when none of them got through, other than GET, HEAD and OPTIONS. They are seen in the runtime's HTTP metrics, whatever library
    /// sends them. Where those are switched off, or the library has a transport of its own, the exception alone decides.
    /// </remarks>
    Unknown,

    /// <summary>
    /// The call reads only (a model list, an embedding, a health probe): it may also be sent again after an ambiguous failure, such as
    /// a reset connection, a time-out, a cut stream, or a 500, 502 or 504.
    /// </summary>
    None,

    /// <summary>
    /// The call carries an idempotency key that the gateway honours (WebSocket <c>agent</c> and <c>chat.send</c>). After an ambiguous
    /// failure it is sent again only to the same gateway life and within 4 minutes, because the gateway keeps its keys in memory for 5.
    /// Plain HTTP gives no proof that the gateway is still the same process, so there it is treated as <see cref="Unknown"/>.
    /// </summary>
    Keyed,
}
