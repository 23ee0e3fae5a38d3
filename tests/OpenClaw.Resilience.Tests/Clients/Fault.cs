using System.Text;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Clients;

/// <summary>A row of the tables in <c>docs/clients.md</c>: what goes wrong, and what it means whoever reports it.</summary>
/// <param name="Name">The row's first cell.</param>
/// <param name="Kind">The only right kind.</param>
/// <param name="MayHaveRun">Whether a turn may have run.</param>
internal sealed record Fault(string Name, FailureKind Kind, bool MayHaveRun)
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(7);

    /// <summary>The wait that the gateway asks for.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>How often a turn is sent at most.</summary>
    public int Turns => IsRejection ? 0 : MayHaveRun || Kind is FailureKind.Permanent or FailureKind.Lockout ? 1 : 3;

    /// <summary>How often a call without effects is sent at most.</summary>
    public int Reads => IsRejection ? 0 : Kind is FailureKind.Permanent or FailureKind.Lockout or FailureKind.Cancelled ? 1 : MayHaveRun ? 2 : 3;

    /// <summary>Which clients can meet it.</summary>
    public Func<ClientUnderTest, bool> Concerns { get; private init; } = static _ => true;

    public bool IsRefusedConnection { get; private init; }

    /// <summary>Whether the call never leaves the process.</summary>
    public bool IsRejection { get; private init; }

    /// <summary>What the server does with each turn.</summary>
    public Func<ClientUnderTest, RawExchange, Task> Serve { get; private init; } = static (_, exchange) => RawServer.Close(exchange);

    public Action<GatewayOptions> Configure { get; private init; } = static _ => { };

    /// <summary>What happens before the call; ends with the call when disposed.</summary>
    public Func<GatewayPipeline, VirtualTime, Task> Before { get; private init; } = static (_, _) => Task.CompletedTask;

    /// <summary>What happens each time the server has been asked.</summary>
    public Action<VirtualTime, TimeSpan, CancellationTokenSource>? WhenAsked { get; private init; }

    /// <summary>The limit that the clock is moved by once it is the next to end; null when none is to end.</summary>
    public TimeSpan? EndsAtLimit { get; private init; }

    public static IReadOnlyList<Fault> All { get; } =
    [
        Status("429, `Retry-After: 2`", 429, "rate_limit_error", FailureKind.Throttled, mayHaveRun: true, "Retry-After: 2\r\n") with { RetryAfter = TimeSpan.FromSeconds(2) },
        Status("429 of a lockout", 429, "rate_limited", FailureKind.Lockout, mayHaveRun: false),
        Status("400", 400, "invalid_request_error", FailureKind.Permanent, mayHaveRun: true),
        Status("401 of the gateway", 401, "unauthorized", FailureKind.Permanent, mayHaveRun: false),
        Status("502", 502, "api_error", FailureKind.Transient, mayHaveRun: true),
        Status("503 of a draining gateway", 503, "gateway_unavailable", FailureKind.Transient, mayHaveRun: false),
        new("connection refused", FailureKind.Transient, MayHaveRun: false) { IsRefusedConnection = true, Concerns = static client => client.HasStatus },
        new("closed without an answer", FailureKind.Truncated, MayHaveRun: true),
        new("reset in mid answer", FailureKind.Transient, MayHaveRun: true) { Serve = static (client, exchange) => CutAsync(client, exchange, RawServer.Reset) },
        new("answer cut short", FailureKind.Truncated, MayHaveRun: true) { Serve = static (client, exchange) => CutAsync(client, exchange, RawServer.Close) },
        new("stream that ends without its end", FailureKind.Truncated, MayHaveRun: true)
        {
            Concerns = static client => client.IsStream,
            Serve = static (client, exchange) => exchange.SendAsync(Events(client.Beginning) + "0\r\n\r\n"),
        },
        new("error event in a stream", FailureKind.Throttled, MayHaveRun: true)
        {
            Concerns = static client => client.IsStream,
            Serve = static (client, exchange) => exchange.SendAsync(Events(client.Beginning + client.ErrorEvent) + "0\r\n\r\n"),
        },
        new("no answer: the limit", FailureKind.Transient, MayHaveRun: true)
        {
            Serve = static (_, exchange) => exchange.WaitForCloseAsync(),
            WhenAsked = static (time, limit, _) => time.Advance(limit),
        },
        new("silence in a stream: the limit", FailureKind.Transient, MayHaveRun: true)
        {
            Concerns = static client => client.IsStream,
            Configure = static options => options.IdleTimeout = Idle,
            Serve = static async (client, exchange) =>
            {
                await exchange.SendAsync(Events(client.Beginning));
                await exchange.WaitForCloseAsync();
            },
            EndsAtLimit = Idle,
        },
        new("open circuit", FailureKind.Transient, MayHaveRun: false)
        {
            IsRejection = true,
            Configure = static options => options.MinimumThroughput = 2,
            Before = static async (pipeline, time) =>
            {
                Task failing = pipeline.ExecuteAsync(Task (_) => throw Gateways.Refused());
                await time.SkipWaitsAsync(failing, TimeSpan.FromSeconds(10));
                await Assert.ThrowsAnyAsync<HttpRequestException>(() => failing);
            },
        },
        new("full queue", FailureKind.Transient, MayHaveRun: false)
        {
            IsRejection = true,
            Configure = static options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0),
            Before = static (pipeline, time) =>
            {
                _ = pipeline.ExecuteAsync(static token => Task.Delay(Timeout.Infinite, token));
                return Task.CompletedTask;
            },
        },
        new("the caller cancels", FailureKind.Cancelled, MayHaveRun: true)
        {
            Serve = static (_, exchange) => exchange.WaitForCloseAsync(),
            WhenAsked = static (_, _, caller) => caller.Cancel(),
        },
    ];

    private static Fault Status(string name, int status, string type, FailureKind kind, bool mayHaveRun, string headers = "") => new(name, kind, mayHaveRun)
    {
        Concerns = static client => client.HasStatus,
        Serve = (_, exchange) => exchange.SendAsync(
            RawServer.Json(status, $$$"""{"type":"error","error":{"message":"m","type":"{{{type}}}"}}""", headers)),
    };

    private static async Task CutAsync(ClientUnderTest client, RawExchange exchange, Func<RawExchange, Task> end)
    {
        await exchange.SendAsync(
            client is SocketConnect or SocketExchange ? client.Beginning
            : client.IsStream ? Events(client.Beginning)
            : $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{client.Beginning}");
        await end(exchange);
    }

    private static string Events(string events)
        => $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n{Encoding.UTF8.GetByteCount(events):x}\r\n{events}\r\n";
}
