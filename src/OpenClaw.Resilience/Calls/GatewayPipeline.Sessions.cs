using System.Net.Http.Headers;

namespace OpenClaw.Resilience;

/// <content>Sessions of the gateway.</content>
public sealed partial class GatewayPipeline
{
    private const string SessionHeader = "x-openclaw-session-key";

    private readonly GatewayPipeline? _gateway;
    private readonly string? _session;

    private GatewayPipeline(GatewayPipeline gateway, string session)
    {
        _gateway = gateway;
        _session = session;
    }

    /// <summary>
    /// This pipeline for the turns of one session of the gateway: they wait for each other, in order of arrival. Two turns of one session
    /// at the same time write into one transcript, and a session that does not exist yet fails some of them.
    /// </summary>
    /// <remarks>
    /// <para>Who waits holds no permit; the wait counts for <see cref="GatewayOptions.CallTimeout"/>, and beyond
    /// <see cref="GatewayOptions.MaxQueuedCalls"/> it is refused with <see cref="RejectionReason.SessionQueueFull"/>. A stream has the session
    /// until it ends or is disposed: a turn of the same session from the body of its loop waits until its own limit. A call inside of a
    /// call is part of it and waits for nobody, so name the session at the outermost one. Other processes are not seen.</para>
    /// <para>A POST with the header <c>x-openclaw-session-key</c> in <c>SendAsync</c> or a protected client, and an <c>agent</c> request of a
    /// <see cref="GatewaySocket"/> with a <c>sessionKey</c>, need this not: they name their session themselves.</para>
    /// </remarks>
    /// <param name="session">What tells the session from others: its key, or what it is derived from, such as the request's <c>user</c>.
    /// Case matters. It is not sent.</param>
    /// <returns>A light object that shares everything with this pipeline; it may be kept or not.</returns>
    public GatewayPipeline ForSession(string session)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(session);
        return new GatewayPipeline(_gateway ?? this, session);
    }

    /// <summary>Where turns are: reads need not wait for one.</summary>
    private string? SessionOf(HttpRequestMessage request, HttpRequestHeaders? defaults)
        => _session ?? (request.Method == HttpMethod.Post ? SessionIn(request.Headers) ?? SessionIn(defaults) : null);

    // As text: what is no valid header is for the gateway to refuse.
    private static string? SessionIn(HttpRequestHeaders? headers)
        => headers is not null && headers.NonValidated.TryGetValues(SessionHeader, out HeaderStringValues values) && values.ToString() is { Length: > 0 } session
            ? session
            : null;
}
