using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Clients;

/// <summary>A client library in front of a gateway, used as <c>docs/clients.md</c> says.</summary>
/// <param name="library">Its heading there.</param>
/// <param name="use">Its column in the table below the heading.</param>
/// <param name="isOverHandler">Whether the protection is below the client, in its <see cref="HttpClient"/>, and not around the call.</param>
internal abstract class ClientUnderTest(string library, string use, bool isOverHandler = false) : IDisposable
{
    protected const string ChatPath = "v1/chat/completions";

    private readonly Wire _wire = new();
    private int _received;

    public static IReadOnlyList<Func<ClientUnderTest>> All { get; } =
    [
        static () => new SentMessage(),
        static () => new StreamedMessage(),
        static () => new PostedMessage(),
        static () => new OpenAiChat(),
        static () => new OpenAiChatStream(),
        static () => new OpenAiChat(isOverHandler: true),
        static () => new AnthropicMessage(),
        static () => new AnthropicMessageStream(),
        static () => new AnthropicMessage(isOverHandler: true),
        static () => new ChatClientResponse(),
        static () => new ChatClientStream(),
        static () => new McpTool(),
        static () => new McpTool(isOverHandler: true),
        static () => new SocketConnect(),
        static () => new SocketExchange(),
    ];

    public string Library => library;

    public string Use => use;

    /// <summary>How often the request was sent, or was to be sent and found nobody.</summary>
    public virtual int Sent => _wire.Sent;

    /// <summary>The elements that a stream has delivered.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>Whether the answer is an HTTP answer, with a status.</summary>
    public virtual bool HasStatus => true;

    /// <summary>Whether nothing can be asked before the answer has come.</summary>
    public virtual bool IsHandshake => false;

    /// <summary>Whether another attempt finds the client as the first one did.</summary>
    public virtual bool CanRepeat => true;

    /// <summary>Whether the answer is an event stream.</summary>
    public virtual bool IsStream => false;

    /// <summary>The beginning of a good answer: of a body, or the first event of a stream.</summary>
    public abstract string Beginning { get; }

    /// <summary>An error event of the stream.</summary>
    public virtual string ErrorEvent => """data: {"error":{"message":"m","type":"rate_limit_error"}}""" + "\n\n";

    /// <summary>The option that ends a wait for this client's answer.</summary>
    public virtual TimeSpan Limit(GatewayOptions options) => options.AttemptTimeout;

    /// <summary>What the server does, where it has to do more than to fail.</summary>
    public virtual Func<RawExchange, Task> Serve(Func<RawExchange, Task> fail) => fail;

    /// <summary>Whatever comes before the first call.</summary>
    public virtual Task PrepareAsync(GatewayPipeline pipeline) => Task.CompletedTask;

    /// <summary>One protected call.</summary>
    /// <returns>What the caller gets.</returns>
    public abstract Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken);

    public void Dispose()
    {
        _wire.Dispose();
        DisposeClient();
    }

    /// <summary>Sends what follows to an address.</summary>
    public virtual void PointTo(Uri address) => _wire.Target = address;

    protected virtual void DisposeClient()
    {
    }

    protected void CountElement() => Interlocked.Increment(ref _received);

    protected void CountRequests(bool counts) => _wire.Counts = counts;

    /// <summary>The client of the library's transport.</summary>
    protected HttpClient NewHttpClient(GatewayPipeline pipeline)
        => new(isOverHandler ? new GatewayHandler(pipeline) { InnerHandler = _wire } : _wire, disposeHandler: false)
        {
            BaseAddress = new Uri("http://gateway/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };

    /// <summary>Protects the call, unless the handler does.</summary>
    protected Task<T> ProtectAsync<T>(GatewayPipeline pipeline, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        => isOverHandler ? call(cancellationToken) : pipeline.ExecuteAsync(call, cancellationToken);

    protected async Task<object?> ReadAsync<T>(IAsyncEnumerable<T> elements)
    {
        await foreach (T _ in elements)
        {
            CountElement();
        }

        return null;
    }
}
