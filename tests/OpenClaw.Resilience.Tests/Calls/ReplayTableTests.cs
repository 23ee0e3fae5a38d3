using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>The replay table: how many attempts each failure gets, for each effect and each preset.</summary>
public sealed class ReplayTableTests
{
    private const string Draining = """{"error":{"message":"draining","type":"service_unavailable","code":"gateway_unavailable"}}""";
    private const string LockedOut = """{"error":{"message":"Too many failed authentication attempts.","type":"rate_limited"}}""";

    // The columns: attempts on an OpenClaw gateway for Unknown, None, Keyed; then on a model provider.
    public static TheoryData<string, int, int, int, int, int, int> Exceptions => new()
    {
        { "name not resolved", 3, 3, 3, 6, 6, 6 },
        { "connection refused", 3, 3, 3, 6, 6, 6 },
        { "bare socket refused", 3, 3, 3, 6, 6, 6 },
        { "TLS failed", 3, 3, 3, 6, 6, 6 },
        { "proxy tunnel failed", 3, 3, 3, 6, 6, 6 },
        { "WebSocket refused", 3, 3, 3, 6, 6, 6 },
        { "WebSocket upgrade answered 503", 3, 3, 3, 6, 6, 6 },
        { "closed without an answer", 1, 2, 1, 1, 6, 1 },
        { "reset", 1, 2, 1, 1, 6, 1 },
        { "body cut", 1, 2, 1, 1, 6, 1 },
        { "WebSocket lost", 1, 2, 1, 1, 6, 1 },
        { "client's own time-out", 1, 2, 1, 1, 6, 1 },
        { "client cancels by itself", 1, 2, 1, 1, 6, 1 },
        { "garbage", 1, 2, 1, 1, 6, 1 },
        { "bug in the callback", 1, 1, 1, 1, 1, 1 },
        { "JSON expected", 1, 1, 1, 1, 1, 1 },
        { "rejected by another pipeline", 1, 1, 1, 1, 1, 1 },
        { "four times refused inside the client", 3, 3, 3, 6, 6, 6 },
        { "three times refused, once reset inside the client", 1, 2, 1, 1, 6, 1 },
    };

    public static TheoryData<int, string, string?, int, int, int, int, int, int> Responses => new()
    {
        { 400, "", null, 1, 1, 1, 1, 1, 1 },
        { 401, "", null, 1, 1, 1, 1, 1, 1 },
        { 402, "", null, 1, 1, 1, 1, 1, 1 },
        { 403, "", null, 1, 1, 1, 1, 1, 1 },
        { 404, "", null, 1, 1, 1, 1, 1, 1 },
        { 405, "", null, 1, 1, 1, 1, 1, 1 },
        { 408, "", null, 1, 2, 1, 1, 6, 1 },
        { 408, """{"error":{"message":"Request body timeout","type":"invalid_request_error"}}""", null, 3, 3, 3, 6, 6, 6 },
        { 409, "", null, 1, 1, 1, 1, 1, 1 },
        { 410, "", null, 1, 1, 1, 1, 1, 1 },
        { 413, "", null, 1, 1, 1, 1, 1, 1 },
        { 422, "", null, 1, 1, 1, 1, 1, 1 },
        // Without a wait, an OpenClaw gateway's 429 counts as 30 s, which is not waited in place.
        { 429, "", null, 1, 1, 1, 6, 6, 6 },
        { 429, "", "3", 1, 2, 1, 6, 6, 6 },
        { 429, "", "6", 1, 1, 1, 6, 6, 6 },
        { 429, "", "21", 1, 1, 1, 1, 1, 1 },
        { 429, """{"error":{"message":"429 stub; Retry-After: 3 seconds","type":"rate_limit_error"}}""", null, 1, 2, 1, 6, 6, 6 },
        { 429, """{"error":{"message":"pay","type":"insufficient_quota"}}""", "1", 1, 1, 1, 1, 1, 1 },
        { 429, LockedOut, "1", 1, 1, 1, 1, 1, 1 },
        { 500, "", null, 1, 2, 1, 1, 6, 1 },
        { 500, "Gateway is draining", null, 3, 3, 3, 6, 6, 6 },
        { 501, "", null, 1, 1, 1, 1, 1, 1 },
        { 502, "", null, 1, 2, 1, 1, 6, 1 },
        { 503, "", null, 1, 2, 1, 6, 6, 6 },
        { 503, """{"error":{"message":"overloaded","type":"api_error"}}""", null, 1, 1, 1, 6, 6, 6 },
        { 503, Draining, "1", 3, 3, 3, 6, 6, 6 },
        { 503, Draining, "60", 1, 1, 1, 1, 1, 1 },
        { 504, "", null, 1, 2, 1, 1, 6, 1 },
        { 529, "", null, 1, 1, 1, 6, 6, 6 },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public async Task An_exception_is_replayed_as_the_table_says(
        string failure, int gatewayUnknown, int gatewayNone, int gatewayKeyed, int providerUnknown, int providerNone, int providerKeyed)
    {
        Assert.Equal(gatewayUnknown, await CountAsync(GatewayOptions.ForOpenClaw(), CallEffect.Unknown, failure));
        Assert.Equal(gatewayNone, await CountAsync(GatewayOptions.ForOpenClaw(), CallEffect.None, failure));
        Assert.Equal(gatewayKeyed, await CountAsync(GatewayOptions.ForOpenClaw(), CallEffect.Keyed, failure));
        Assert.Equal(providerUnknown, await CountAsync(GatewayOptions.ForModelProvider(), CallEffect.Unknown, failure));
        Assert.Equal(providerNone, await CountAsync(GatewayOptions.ForModelProvider(), CallEffect.None, failure));
        Assert.Equal(providerKeyed, await CountAsync(GatewayOptions.ForModelProvider(), CallEffect.Keyed, failure));
    }

    [Theory]
    [MemberData(nameof(Responses))]
    public async Task A_response_is_replayed_as_the_table_says(
        int status,
        string body,
        string? retryAfter,
        int gatewayUnknown,
        int gatewayNone,
        int gatewayKeyed,
        int providerUnknown,
        int providerNone,
        int providerKeyed)
    {
        Assert.Equal(gatewayUnknown, await SendAsync(GatewayOptions.ForOpenClaw(), CallEffect.Unknown, status, body, retryAfter));
        Assert.Equal(gatewayNone, await SendAsync(GatewayOptions.ForOpenClaw(), CallEffect.None, status, body, retryAfter));
        Assert.Equal(gatewayKeyed, await SendAsync(GatewayOptions.ForOpenClaw(), CallEffect.Keyed, status, body, retryAfter));
        Assert.Equal(providerUnknown, await SendAsync(GatewayOptions.ForModelProvider(), CallEffect.Unknown, status, body, retryAfter));
        Assert.Equal(providerNone, await SendAsync(GatewayOptions.ForModelProvider(), CallEffect.None, status, body, retryAfter));
        Assert.Equal(providerKeyed, await SendAsync(GatewayOptions.ForModelProvider(), CallEffect.Keyed, status, body, retryAfter));
    }

    private static async Task<int> CountAsync(GatewayOptions options, CallEffect effect, string failure)
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Pipeline(options, time);
        int attempts = 0;
        Task call = pipeline.ExecuteAsync<int>(_ => throw (++attempts > 0 ? Create(failure) : null!), effect);
        await time.SkipWaitsAsync(call, TimeSpan.FromSeconds(31));
        Exception thrown = (await Assert.ThrowsAnyAsync<Exception>(() => call))!;
        Assert.Equal(Create(failure).GetType(), thrown.GetType());
        return attempts;
    }

    private static async Task<int> SendAsync(GatewayOptions options, CallEffect effect, int status, string body, string? retryAfter)
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Pipeline(options, time);
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(status, body, retryAfter));
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://gateway/v1/chat/completions") { Content = new StringContent("{}") };
        Task<HttpResponseMessage> call = pipeline.SendAsync(client, request, effect);
        await time.SkipWaitsAsync(call, TimeSpan.FromSeconds(31));
        using HttpResponseMessage response = await call;
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        return transport.Requests.Count;
    }

    private static GatewayPipeline Pipeline(GatewayOptions options, VirtualTime time)
    {
        options.TimeProvider = time;
        options.MinimumThroughput = 10_000;
        return new GatewayPipeline(options);
    }

    private static Exception Create(string failure) => failure switch
    {
        "name not resolved" => Gateways.NoSuchHost(),
        "connection refused" => Gateways.Refused(),
        "bare socket refused" => new SocketException((int)SocketError.ConnectionRefused),
        "TLS failed" => new HttpRequestException(HttpRequestError.SecureConnectionError, "TLS", new AuthenticationException()),
        "proxy tunnel failed" => new HttpRequestException(HttpRequestError.ProxyTunnelError, "tunnel"),
        "WebSocket refused" => new WebSocketException(WebSocketError.Faulted, "Unable to connect", Gateways.Refused()),
        "WebSocket upgrade answered 503" => new WebSocketException(
            WebSocketError.NotAWebSocket, "The server returned status code '503' when status code '101' was expected."),
        "closed without an answer" => new HttpRequestException(
            HttpRequestError.ResponseEnded, "sending", new HttpIOException(HttpRequestError.ResponseEnded)),
        "reset" => Gateways.Reset(),
        "body cut" => new HttpIOException(HttpRequestError.ResponseEnded),
        "WebSocket lost" => new WebSocketException(WebSocketError.ConnectionClosedPrematurely),
        "client's own time-out" => Gateways.ClientTimeout(),
        "client cancels by itself" => new TaskCanceledException("NetworkTimeout"),
        "garbage" => new HttpRequestException(HttpRequestError.InvalidResponse, "status line"),
        "bug in the callback" => new ArgumentException("bug"),
        "JSON expected" => new System.Text.Json.JsonException("not JSON"),
        "rejected by another pipeline" => new GatewayRejectedException("full", RejectionReason.QueueFull),
        "four times refused inside the client" => new AggregateException(Enumerable.Repeat(Gateways.Refused(), 4)),
        "three times refused, once reset inside the client" => new AggregateException(
            Gateways.Refused(), Gateways.Reset(), Gateways.Refused(), Gateways.Refused()),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "not in the table"),
    };
}
