namespace OpenClaw.Resilience.Tests.Clients;

/// <summary>The end of a client's handlers: takes each request to the server under test and counts those that ask for something.</summary>
internal sealed class Wire : DelegatingHandler
{
    private int _sent;

    public Wire()
        : base(new SocketsHttpHandler())
    {
    }

    /// <summary>Where the requests go, whatever address the client was given.</summary>
    public Uri? Target { get; set; }

    /// <summary>Whether requests are turns yet, or still belong to a handshake.</summary>
    public bool Counts { get; set; } = true;

    /// <summary>The turns that were sent, or were to be sent.</summary>
    public int Sent => Volatile.Read(ref _sent);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        // MCP tells the server of a cancellation by a message of its own.
        if (Counts && !body.Contains("notifications/", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _sent);
        }

        request.RequestUri = new Uri(Target!, request.RequestUri!.PathAndQuery);
        return await base.SendAsync(request, cancellationToken);
    }
}
