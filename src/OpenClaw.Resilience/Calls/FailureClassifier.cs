using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using Polly;
using Polly.Timeout;

namespace OpenClaw.Resilience;

/// <summary>
/// The one place that turns exceptions and responses into a <see cref="GatewayFailure"/>; the knowledge is in <see cref="StatusFailures"/>
/// and <see cref="TransportFailures"/>.
/// </summary>
/// <param name="gateway">What was called.</param>
/// <param name="time">The clock for dates in headers.</param>
/// <param name="callerToken">The caller's token; null when unknown: then a cancellation that names no time-out counts as the caller's.</param>
internal readonly struct FailureClassifier(GatewayKind gateway, TimeProvider time, CancellationToken? callerToken)
{
    // Deep enough for every client that was looked at, and an end for exceptions that contain themselves.
    private const int MaxDepth = 16;

    public GatewayFailure Classify(Exception exception)
    {
        // First of all: whatever a cancelled call throws, the caller wanted it to end.
        return callerToken is { IsCancellationRequested: true }
            ? Failure(TransportFailures.CancelledByCaller)
            : Find(exception) ?? Failure(TransportFailures.NotGateway);
    }

    /// <summary>What a failed WebSocket handshake means: whatever went wrong, nothing had been asked on the connection yet.</summary>
    /// <param name="exception">What the handshake threw.</param>
    /// <param name="headers">The headers of the answer that refused it, if one came; the exception does not carry them.</param>
    public GatewayFailure ClassifyHandshake(Exception exception, IReadOnlyDictionary<string, IEnumerable<string>>? headers)
    {
        string? wait = headers?.FirstOrDefault(static header => header.Key.Equals(RetryAfter.Header, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
        return Classify(exception).With(mayHaveRun: false, RetryAfter.From(wait, time));
    }

    /// <summary>Null when the exception is no failure of a call at all.</summary>
    public GatewayFailure? Find(Exception exception) => Find(exception, MaxDepth);

    public GatewayFailure? Classify(HttpResponseMessage response, string? text = null)
    {
        int status = (int)response.StatusCode;
        if (status >= 400)
        {
            return FromStatus(status, ErrorBody.Parse(text), RetryAfter.From(response.Headers, time));
        }

        return ErrorBody.Parse(text) is { IsError: true } body ? ClassifyAnswered(body) : null;
    }

    /// <summary>An error that came inside of an answer which had begun well.</summary>
    public GatewayFailure ClassifyAnswered(ErrorBody body)
    {
        FailureVerdict verdict = StatusFailures.Find(StatusFailures.TypicalStatus(body), body);
        return new GatewayFailure(verdict with { Ran = Ran.Maybe }, gateway, body.RetryAfter, status: null, body);
    }

    /// <summary>Null when nothing in the exception is known.</summary>
    private GatewayFailure? Find(Exception exception, int depth)
    {
        if (depth == 0)
        {
            return null;
        }

        return exception switch
        {
            StreamFailureException stream => stream.Failure,
            AggregateException several => FindAll(several, depth),
            GatewayRejectedException rejected => FromRejection(rejected),
            OperationCanceledException cancelled => FromCancellation(cancelled),
            HttpRequestException { InnerException: StreamFailureException stream } => stream.Failure,
            HttpRequestException { StatusCode: { } status } => FromStatus((int)status, ErrorBody.Parse(exception.Message), null),
            HttpRequestException request => FirstKnown(TransportFailures.Find(request.HttpRequestError), exception, depth),
            HttpIOException body => FirstKnown(TransportFailures.Find(body.HttpRequestError), exception, depth),
            SocketException socket => Failure(TransportFailures.Find(socket.SocketErrorCode)),
            GatewayRequestException refused => new GatewayFailure(RpcFailures.Find(refused.Error), gateway, refused.RetryAfter),
            GatewaySocketClosedException closed => CloseFailures.Find(closed.CloseCode, closed.CloseReason, closed.AfterHello) ?? Failure(TransportFailures.Lost),
            WebSocketException webSocket => FromWebSocket(webSocket, depth),
            WebException web => FromWebException(web, depth),
            AuthenticationException => Failure(TransportFailures.Handshake),
            TimeoutRejectedException or TimeoutException => Failure(TransportFailures.TimedOut),
            ExecutionRejectedException => Failure(TransportFailures.RejectedElsewhere),
            IOException => FirstKnown(null, exception, depth),
            _ => FromSdk(exception) ?? Inner(exception, depth),
        };
    }

    private GatewayFailure? Inner(Exception exception, int depth) => exception.InnerException is { } inner ? Find(inner, depth - 1) : null;

    // The attempts that a client made by itself: the last one tells what is wrong now, and any of them may have run.
    private GatewayFailure? FindAll(AggregateException exception, int depth)
    {
        GatewayFailure? last = null;
        bool mayHaveRun = false;
        foreach (Exception inner in exception.InnerExceptions)
        {
            last = Find(inner, depth - 1) ?? Failure(TransportFailures.NotGateway);
            mayHaveRun |= last.MayHaveRun;
        }

        return last?.With(mayHaveRun);
    }

    private GatewayFailure FromRejection(GatewayRejectedException rejected)
    {
        FailureKind kind = rejected.Reason == RejectionReason.Lockout ? FailureKind.Lockout : FailureKind.Transient;
        var verdict = new FailureVerdict(kind, FailureClass.Infrastructure, Ran.No, rejected.Message);
        return new GatewayFailure(verdict, gateway, rejected.RetryAfter);
    }

    private GatewayFailure FromCancellation(OperationCanceledException exception) => exception.InnerException switch
    {
        TimeoutException => Failure(TransportFailures.TimedOut),
        WebSocketException => Failure(TransportFailures.Lost),
        // A client that cancels although its caller has not has reached a limit of its own.
        _ => Failure(callerToken is null ? TransportFailures.CancelledByCaller : TransportFailures.TimedOut),
    };

    private GatewayFailure FromStatus(int status, ErrorBody body, TimeSpan? retryAfter)
        => new(StatusFailures.Find(status, body), gateway, retryAfter ?? body.RetryAfter, status, body);

    private GatewayFailure? FromSdk(Exception exception)
    {
        if (SdkError.From(exception) is not { } error)
        {
            return null;
        }

        var body = ErrorBody.Parse(error.Body);
        if (error.Status is not { } status)
        {
            return body.IsError ? ClassifyAnswered(body) : null;
        }

        TimeSpan? retryAfter = RetryAfter.FromMilliseconds(error.ReadHeader(RetryAfter.MillisecondsHeader))
            ?? RetryAfter.From(error.ReadHeader(RetryAfter.Header), time);
        return FromStatus(status, body, retryAfter);
    }

    private GatewayFailure FromWebSocket(WebSocketException exception, int depth)
    {
        if (exception.WebSocketErrorCode == WebSocketError.NotAWebSocket && FindStatus(exception.Message) is { } status)
        {
            // The upgrade was refused, so nothing was ever asked on this connection.
            return new GatewayFailure(StatusFailures.Find(status, ErrorBody.None) with { Ran = Ran.No }, gateway, retryAfter: null, status);
        }

        return FirstKnown(TransportFailures.Find(exception.WebSocketErrorCode), exception, depth);
    }

    // .NET says "The server returned status code '503' when status code '101' was expected." and keeps the number nowhere else.
    private static int? FindStatus(string message)
    {
        int start = message.IndexOf('\'', StringComparison.Ordinal) + 1;
        return start > 0 && start + 3 < message.Length && message[start + 3] == '\''
            && int.TryParse(message.AsSpan(start, 3), out int status) && status is >= 400 and <= 599 ? status : null;
    }

    private GatewayFailure FromWebException(WebException exception, int depth)
        => exception.Response is HttpWebResponse { StatusCode: var status }
            ? FromStatus((int)status, ErrorBody.None, RetryAfter.From(exception.Response.Headers[RetryAfter.Header], time))
            : FirstKnown(TransportFailures.Find(exception.Status), exception, depth);

    /// <summary>A transport error: its own code tells, else what is inside, else the connection is lost.</summary>
    private GatewayFailure FirstKnown(FailureVerdict? verdict, Exception exception, int depth)
        => verdict is not null ? Failure(verdict) : Inner(exception, depth) ?? Failure(TransportFailures.Lost);

    private GatewayFailure Failure(FailureVerdict verdict) => new(verdict, gateway);
}
