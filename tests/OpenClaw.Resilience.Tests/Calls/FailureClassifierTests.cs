using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using OpenClaw.Resilience.Tests.Support;
using Polly.Timeout;

namespace OpenClaw.Resilience.Tests.Calls;

public sealed class FailureClassifierTests
{
    // status, body, kind, class, may have run behind a gateway, may have run at a provider
    public static TheoryData<int, string, FailureKind, FailureClass, bool, bool> Statuses => new()
    {
        { 400, """{"error":{"message":"Unknown agent 'nope'.","type":"invalid_request_error"}}""", FailureKind.Permanent, FailureClass.Agent, true, false },
        { 400, """{"error":{"message":"prompt is too long: 9 tokens"}}""", FailureKind.Permanent, FailureClass.Agent, true, false },
        { 401, """{"error":{"message":"Unauthorized","type":"unauthorized"}}""", FailureKind.Permanent, FailureClass.Infrastructure, false, false },
        { 401, """{"error":{"message":"bad key","type":"authentication_error"}}""", FailureKind.Permanent, FailureClass.Infrastructure, true, false },
        { 402, """{"error":{"type":"insufficient_quota"}}""", FailureKind.Permanent, FailureClass.Infrastructure, true, false },
        { 403, """{"ok":false,"error":{"type":"tool_call_blocked"}}""", FailureKind.Permanent, FailureClass.Tool, false, false },
        { 403, """{"error":{"type":"proxy_attribution_required"}}""", FailureKind.Permanent, FailureClass.Infrastructure, false, false },
        { 404, "Not Found", FailureKind.Permanent, FailureClass.Infrastructure, false, false },
        { 404, """{"ok":false,"error":{"type":"not_found"}}""", FailureKind.Permanent, FailureClass.Tool, false, false },
        { 405, "Method Not Allowed", FailureKind.Permanent, FailureClass.Infrastructure, false, false },
        { 408, """{"error":{"message":"upstream provider timeout"}}""", FailureKind.Transient, FailureClass.Infrastructure, true, true },
        { 408, """{"error":{"message":"Request body timeout","type":"invalid_request_error"}}""", FailureKind.Transient, FailureClass.Infrastructure, false, false },
        { 410, "", FailureKind.Permanent, FailureClass.Agent, false, false },
        { 413, """{"error":{"message":"Payload too large"}}""", FailureKind.Permanent, FailureClass.Agent, true, false },
        { 418, "", FailureKind.Permanent, FailureClass.Agent, true, false },
        { 429, """{"error":{"type":"rate_limited"}}""", FailureKind.Lockout, FailureClass.Infrastructure, false, false },
        { 429, """{"error":{"type":"rate_limit_error"}}""", FailureKind.Throttled, FailureClass.Infrastructure, true, false },
        { 429, """{"error":{"type":"x","code":"insufficient_quota"}}""", FailureKind.Permanent, FailureClass.Infrastructure, true, false },
        { 500, """{"error":{"message":"internal error","type":"api_error"}}""", FailureKind.Transient, FailureClass.Infrastructure, true, true },
        { 500, """{"ok":false,"error":{"type":"tool_error"}}""", FailureKind.Transient, FailureClass.Tool, true, true },
        { 500, "Error: Gateway is draining for restart", FailureKind.Transient, FailureClass.Infrastructure, false, false },
        { 501, "", FailureKind.Permanent, FailureClass.Infrastructure, false, false },
        { 502, "<html>502 Bad Gateway</html>", FailureKind.Transient, FailureClass.Infrastructure, true, true },
        { 503, """{"error":{"type":"service_unavailable","code":"gateway_unavailable"}}""", FailureKind.Transient, FailureClass.Infrastructure, false, false },
        { 503, """{"error":{"type":"api_error"}}""", FailureKind.Throttled, FailureClass.Infrastructure, true, false },
        { 503, "<html>", FailureKind.Transient, FailureClass.Infrastructure, true, false },
        { 504, """{"error":{"type":"api_error"}}""", FailureKind.Transient, FailureClass.Infrastructure, true, true },
        { 524, "", FailureKind.Transient, FailureClass.Infrastructure, true, true },
        { 529, "", FailureKind.Throttled, FailureClass.Infrastructure, true, false },
    };

    public static TheoryData<Exception, FailureKind, bool> Exceptions => new()
    {
        { Gateways.NoSuchHost(), FailureKind.Transient, false },
        { Gateways.Refused(), FailureKind.Transient, false },
        { new HttpRequestException("old style", new SocketException((int)SocketError.ConnectionRefused)), FailureKind.Transient, false },
        { new SocketException((int)SocketError.HostUnreachable), FailureKind.Transient, true },
        { new SocketException((int)SocketError.TimedOut), FailureKind.Transient, true },
        { Gateways.Reset(), FailureKind.Transient, true },
        { new IOException("reset", new SocketException((int)SocketError.ConnectionReset)), FailureKind.Transient, true },
        { new HttpIOException(HttpRequestError.ResponseEnded), FailureKind.Truncated, true },
        { new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded, "too large"), FailureKind.Permanent, true },
        { new HttpRequestException(HttpRequestError.UserAuthenticationError, "proxy"), FailureKind.Permanent, false },
        { Gateways.Status(404), FailureKind.Permanent, false },
        { Gateways.Status(502), FailureKind.Transient, true },
        { Gateways.ClientTimeout(), FailureKind.Transient, true },
        { new TimeoutException(), FailureKind.Transient, true },
        { new TimeoutRejectedException("Polly"), FailureKind.Transient, true },
        { new OperationCanceledException("keep-alive", new WebSocketException()), FailureKind.Transient, true },
        { new OperationCanceledException(), FailureKind.Cancelled, true },
        { new WebSocketException(WebSocketError.ConnectionClosedPrematurely), FailureKind.Truncated, true },
        { new WebSocketException(WebSocketError.NotAWebSocket, "The server returned status code '401' when status code '101' was expected."), FailureKind.Permanent, false },
        { new WebSocketException(WebSocketError.NotAWebSocket, "no number"), FailureKind.Transient, false },
        { new WebSocketException(WebSocketError.UnsupportedProtocol), FailureKind.Permanent, false },
        { new WebSocketException(WebSocketError.Faulted, "connect", Gateways.Refused()), FailureKind.Transient, false },
        { new WebException("dns", WebExceptionStatus.NameResolutionFailure), FailureKind.Transient, false },
        { new WebException("slow", WebExceptionStatus.Timeout), FailureKind.Transient, true },
        { new WebException("aborted", WebExceptionStatus.RequestCanceled), FailureKind.Cancelled, true },
        { new WebException("wrapped", Gateways.Refused(), WebExceptionStatus.UnknownError, null), FailureKind.Transient, false },
        { new GatewayRejectedException("lockout", RejectionReason.Lockout), FailureKind.Lockout, false },
        { new GatewayRejectedException("open", RejectionReason.CircuitOpen), FailureKind.Transient, false },
        { new AggregateException(Gateways.Refused(), Gateways.Status(401)), FailureKind.Permanent, true },
        { new AggregateException(), FailureKind.Permanent, true },
        { new FormatException("bug"), FailureKind.Permanent, true },
        { new InvalidOperationException("SDK", new InvalidOperationException("more", Gateways.Refused())), FailureKind.Transient, false },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public void A_status_is_read_with_its_body(
        int status, string body, FailureKind kind, FailureClass failureClass, bool mayHaveRun, bool mayHaveRunAtProvider)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);

        GatewayFailure behindGateway = GatewayFailure.Classify(response, body)!;
        GatewayFailure atProvider = GatewayFailure.Classify(response, body, GatewayKind.ModelProvider)!;

        Assert.Equal((kind, failureClass, mayHaveRun, status), (behindGateway.Kind, behindGateway.Class, behindGateway.MayHaveRun, behindGateway.StatusCode));
        Assert.Equal((kind, failureClass, mayHaveRunAtProvider), (atProvider.Kind, atProvider.Class, atProvider.MayHaveRun));
        Assert.NotEmpty(behindGateway.Advice);
    }

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void An_exception_is_classified(Exception exception, FailureKind kind, bool mayHaveRun)
    {
        GatewayFailure failure = GatewayFailure.Classify(exception);

        Assert.Equal((kind, mayHaveRun), (failure.Kind, failure.MayHaveRun));
        Assert.Equal(kind is FailureKind.Transient or FailureKind.Throttled or FailureKind.Truncated, GatewayFailure.IsTransient(exception));
    }

    [Fact]
    public void A_cancellation_while_the_caller_has_not_cancelled_is_a_time_out()
    {
        using var caller = new CancellationTokenSource();
        var exception = new TaskCanceledException();
        Assert.Equal(FailureKind.Transient, GatewayFailure.Classify(exception, cancellationToken: caller.Token).Kind);

        caller.Cancel();

        Assert.Equal(FailureKind.Cancelled, GatewayFailure.Classify(exception, cancellationToken: caller.Token).Kind);
        Assert.Equal(FailureKind.Cancelled, GatewayFailure.Classify(Gateways.Reset(), cancellationToken: caller.Token).Kind);
    }

    [Fact]
    public void A_good_response_is_no_failure_unless_its_body_is_an_error()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.OK);

        Assert.Null(GatewayFailure.Classify(response));
        Assert.Null(GatewayFailure.Classify(response, """{"choices":[{"message":{"content":"error"}}]}"""));
        GatewayFailure failure = GatewayFailure.Classify(response, """{"error":{"message":"x","type":"rate_limit_error"}}""")!;
        Assert.Equal((FailureKind.Throttled, true), (failure.Kind, failure.MayHaveRun));
        Assert.Null(failure.StatusCode);
    }

    [Theory]
    [InlineData(1000, null, true, null, false)]
    [InlineData(1005, "", true, null, false)]
    [InlineData(1000, null, false, FailureKind.Transient, false)]
    [InlineData(1002, "protocol mismatch", false, FailureKind.Permanent, false)]
    [InlineData(1006, null, true, FailureKind.Transient, true)]
    [InlineData(1006, null, false, FailureKind.Transient, false)]
    [InlineData(1008, "pairing required", false, FailureKind.Permanent, false)]
    [InlineData(1008, "slow consumer", true, FailureKind.Transient, true)]
    [InlineData(1008, "Too many failed authentication attempts", false, FailureKind.Lockout, false)]
    [InlineData(1009, "payload", true, FailureKind.Permanent, false)]
    [InlineData(1012, "service restart", true, FailureKind.Transient, true)]
    [InlineData(1013, "gateway starting", false, FailureKind.Transient, false)]
    [InlineData(4001, "gateway auth changed", true, FailureKind.Permanent, true)]
    [InlineData(4999, null, true, FailureKind.Transient, true)]
    public void A_close_code_is_read_with_its_reason_and_state(int code, string? reason, bool afterHello, FailureKind? kind, bool mayHaveRun)
    {
        GatewayFailure? failure = GatewayFailure.Classify(code, reason, afterHello);

        Assert.Equal(kind, failure?.Kind);
        Assert.Equal(mayHaveRun, failure?.MayHaveRun ?? false);
    }

    [Theory]
    [InlineData("""{"error":{"type":"rate_limit_error","code":"c1"}}""", "rate_limit_error", "c1")]
    [InlineData("""  {"type":"error","error":{"type":"overloaded_error"}}""", "overloaded_error", null)]
    [InlineData("""{"error":{"type":"t","details":{"code":"MISSING_SCOPE"}}}""", "t", "MISSING_SCOPE")]
    [InlineData("""Status Code: 500 {"error":{"type":"api_error"}}""", "api_error", null)]
    [InlineData("""{"error":"a string"}""", null, null)]
    [InlineData("""{"error":{"type":17,"code":null}}""", null, null)]
    [InlineData("""{"error":""", null, null)]
    [InlineData("[1]", null, null)]
    [InlineData("{}", null, null)]
    [InlineData("{]}", null, null)]
    public void Any_body_is_read_without_an_exception(string body, string? type, string? code)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.BadGateway);
        GatewayFailure failure = GatewayFailure.Classify(response, body)!;
        Assert.Equal((type, code), (failure.ErrorType, failure.ErrorCode));
    }

    [Fact]
    public void An_identifier_of_absurd_length_is_dropped()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.BadGateway);
        GatewayFailure failure = GatewayFailure.Classify(response, "{\"error\":{\"type\":\"" + new string('x', 65) + "\"}}")!;
        Assert.Null(failure.ErrorType);
    }

    [Fact]
    public void The_description_holds_no_text_of_the_gateway()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.BadGateway);
        string text = GatewayFailure.Classify(response, """{"error":{"type":"api_error","message":"secret prompt"}}""")!.ToString();
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains("Transient (Infrastructure, status 502, api_error), may have run.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("-7", 0)]
    [InlineData("Mon, 01 Jan 2001 00:00:00 GMT", 0)]
    [InlineData("never", null)]
    public void The_wait_of_a_response_is_never_negative(string header, int? seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("Retry-After", header);
        Assert.Equal(seconds is { } known ? TimeSpan.FromSeconds(known) : null, GatewayFailure.Classify(response)!.RetryAfter);
    }

    [Theory]
    [InlineData("429 stub fault 429; Retry-After: 3 seconds", 3.0)]
    [InlineData("429; retry-after: 2", 2.0)]
    [InlineData("Inline API key for provider \"stub\" is temporarily disabled after a provider auth/billing failure. Retry after about 1 minute, or switch to a different auth profile/API key.", 60.0)]
    [InlineData("… is temporarily disabled after a provider auth/billing failure. Retry after about 5 minutes, or switch", 300.0)]
    [InlineData("Requests have exceeded the rate limit. Please retry after 26 seconds.", 26.0)]
    [InlineData("Rate limit reached for requests. Limit: 3 / min. Please try again in 20s.", 20.0)]
    [InlineData("Please try again in 1m12.5s. Visit the site to learn more.", 72.5)]
    [InlineData("Please try again in 250ms.", 0.25)]
    [InlineData("Please try again in 1h2m", 3720.0)]
    [InlineData("You exceeded your current quota. Please retry in 34.07s.", 34.07)]
    [InlineData("Retry after that. Try again in a moment, or retry after 1 hour", 3600.0)]
    [InlineData("Retry-After: 99999999999999999999 seconds", double.MaxValue)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("Retry after 3 attempts", null)]
    [InlineData("Retry after edits finish", null)]
    [InlineData("Try again in 5", null)]
    [InlineData("Try again in", null)]
    [InlineData("try again in . s", null)]
    [InlineData("Retry after", null)]
    [InlineData("", null)]
    public void A_wait_is_read_from_the_words_when_there_is_no_header(string message, double? seconds)
    {
        string body = new System.Text.Json.Nodes.JsonObject
        {
            ["error"] = new System.Text.Json.Nodes.JsonObject { ["type"] = "rate_limit_error", ["message"] = message },
        }.ToJsonString();
        TimeSpan? expected = seconds is { } known ? known == double.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromSeconds(known) : null;
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        Assert.Equal(expected, GatewayFailure.Classify(response, body)!.RetryAfter);

        response.Headers.TryAddWithoutValidation("Retry-After", "9");
        Assert.Equal(TimeSpan.FromSeconds(9), GatewayFailure.Classify(response, body)!.RetryAfter);
    }

    [Fact]
    public void An_exception_that_contains_itself_ends()
    {
        Exception chain = Gateways.Refused();
        for (int i = 0; i < 100; i++)
        {
            chain = new InvalidOperationException("wrapped", chain);
        }

        Assert.Equal(FailureKind.Permanent, GatewayFailure.Classify(chain).Kind);
    }

    [Fact]
    public void A_library_is_read_by_the_shape_of_its_exceptions()
    {
        GatewayFailure byStatus = GatewayFailure.Classify(new ShapedException { Status = 503, Response = """{"error":{"code":"gateway_unavailable"}}""" });
        Assert.Equal((503, false, TimeSpan.FromSeconds(4)), (byStatus.StatusCode, byStatus.MayHaveRun, byStatus.RetryAfter));

        GatewayFailure byCode = GatewayFailure.Classify(new AnthropicLikeException { StatusCode = HttpStatusCode.TooManyRequests, ResponseBody = """{"error":{"type":"rate_limited"}}""" });
        Assert.Equal(FailureKind.Lockout, byCode.Kind);

        // Not HTTP: gRPC's 14 is "unavailable".
        Assert.Equal(FailureKind.Permanent, GatewayFailure.Classify(new NumberedException { StatusCode = 14 }).Kind);
        Assert.Equal(FailureKind.Permanent, GatewayFailure.Classify(new ThrowingException()).Kind);
    }

    private sealed class ShapedException : Exception
    {
        public int Status { get; init; }

        public required string Response { get; init; }

        public RawResponse? GetRawResponse() => new(Response);
    }

    private sealed class RawResponse(string content)
    {
        public RawHeaders Headers { get; } = new();

        public object Content => content;
    }

    private sealed class RawHeaders
    {
        private readonly string _seconds = "4";

        public bool TryGetValue(string name, out string? value)
        {
            value = name == "Retry-After" ? _seconds : null;
            return value is not null;
        }
    }

    private sealed class AnthropicLikeException : Exception
    {
        public new HttpRequestException InnerException => throw new InvalidOperationException(ResponseBody);

        public HttpStatusCode StatusCode { get; init; }

        public required string ResponseBody { get; init; }
    }

    private sealed class NumberedException : Exception
    {
        public int? StatusCode { get; init; }
    }

    private sealed class ThrowingException : Exception
    {
        public int Status => throw new InvalidOperationException(Message);

        public object GetRawResponse() => throw new InvalidOperationException(Message);
    }
}
