using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenClaw.Resilience.Bench;

/// <summary>
/// A gateway on a virtual clock, as the real one was observed: it queues without limit, runs eight turns at a time, and fails in ways that leave the
/// turn done. It counts, for each request of a caller, how often its turn ran.
/// </summary>
internal sealed class SimulatedGateway(TimeProvider time, FaultSchedule schedule) : HttpMessageHandler
{
    /// <summary>Names the caller's request, the same for all attempts of it.</summary>
    public const string RequestHeader = "x-bench-request";

    private const string Answer =
        """{"id":"1","object":"chat.completion","created":1,"model":"openclaw","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"done"}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3.6);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _lanes = new(8);
    private readonly Dictionary<string, int> _turns = [];
    private readonly object _lock = new();

    /// <summary>The requests that arrived, also at a closed port.</summary>
    public int Arrived { get; private set; }

    /// <summary>The turns that ran beyond the first for the same request.</summary>
    public int DoubledTurns
    {
        get
        {
            lock (_lock)
            {
                return _turns.Values.Sum(static count => count - 1);
            }
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath == "/readyz")
        {
            return schedule.At(time.GetUtcNow()) switch
            {
                Fault.Away => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"),
                Fault.Drain => Respond(request, 503, "{}"),
                _ => Respond(request, 200, "{}"),
            };
        }

        lock (_lock)
        {
            Arrived++;
        }

        switch (schedule.At(time.GetUtcNow()))
        {
            case Fault.Away:
                throw new HttpRequestException(
                    HttpRequestError.ConnectionError, "Connection refused", new SocketException((int)SocketError.ConnectionRefused));
            case Fault.Drain:
                return Respond(request, 503, """{"error":{"message":"Gateway is draining","type":"service_unavailable","code":"gateway_unavailable"}}""", "1");
            case Fault.Throttle:
                return Respond(request, 429, """{"error":{"message":"429 too many; Retry-After: 30 seconds","type":"rate_limit_error"}}""");
            case Fault.Silent:
                RunTurn(request);
                await Task.Delay(Silence, time, cancellationToken).ConfigureAwait(false);
                throw Reset();
        }

        await _lanes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RunTurn(request);
            await Task.Delay(Turn, time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _lanes.Release();
        }

        return schedule.At(time.GetUtcNow()) switch
        {
            Fault.Away or Fault.Reset => throw Reset(),
            Fault.BadGateway => Respond(request, 502, """{"error":{"message":"upstream provider error","type":"api_error"}}"""),
            _ => Respond(request, 200, Answer),
        };
    }

    private void RunTurn(HttpRequestMessage request)
    {
        string name = request.Headers.GetValues(RequestHeader).Single();
        lock (_lock)
        {
            _turns[name] = _turns.GetValueOrDefault(name) + 1;
        }
    }

    private static HttpRequestException Reset()
        => new(HttpRequestError.Unknown, "An error occurred while sending the request.", new IOException("reset", new SocketException((int)SocketError.ConnectionReset)));

    private static HttpResponseMessage Respond(HttpRequestMessage request, int status, string body, string? retryAfter = null)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status)
        {
            RequestMessage = request,
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        return response;
    }
}
