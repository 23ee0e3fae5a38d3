using System.Net.WebSockets;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.WebSockets;

/// <summary>Connecting over real sockets.</summary>
public sealed class ConnectTests
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(15);

    private readonly VirtualTime _time = new();

    [Fact]
    public async Task A_connection_opens_with_the_options_that_were_set()
    {
        string? header = null;
        await using var server = new RawServer(Upgrade(lines => header = lines.GetValueOrDefault("Authorization")));

        using ClientWebSocket socket = await Pipeline().ConnectAsync(
            WebSocketAddress(server), options => options.SetRequestHeader("Authorization", "Bearer t"), TestContext.Current.CancellationToken);

        Assert.Equal((WebSocketState.Open, "Bearer t"), (socket.State, header));
    }

    [Fact]
    public async Task A_refused_upgrade_is_tried_again_with_a_new_socket()
    {
        int configured = 0;
        await using var server = new RawServer(
            RawServer.Answer(RawServer.Json(503, "{}")),
            RawServer.Answer(RawServer.Json(503, "{}")),
            Upgrade(_ => { }));

        Task<ClientWebSocket> connecting = Pipeline().ConnectAsync(WebSocketAddress(server), _ => configured++, TestContext.Current.CancellationToken);
        await _time.SkipWaitsAsync(connecting, upTo: TimeSpan.FromSeconds(10));

        using ClientWebSocket socket = await connecting;
        Assert.Equal((WebSocketState.Open, 3, 3), (socket.State, configured, server.Requests));
    }

    [Fact]
    public async Task A_handshake_that_hangs_ends_at_the_limit_and_is_tried_again()
    {
        await using var server = new RawServer(exchange => exchange.WaitForCloseAsync(), Upgrade(_ => { }));
        Task<ClientWebSocket> connecting = Pipeline().ConnectAsync(WebSocketAddress(server), cancellationToken: TestContext.Current.CancellationToken);
        await Gateways.EventuallyAsync(() => server.Requests == 1);

        _time.Advance(HandshakeLimit);
        await _time.SkipWaitsAsync(connecting, upTo: TimeSpan.FromSeconds(10));

        using ClientWebSocket socket = await connecting;
        Assert.Equal((WebSocketState.Open, 2), (socket.State, server.Requests));
    }

    [Fact]
    public async Task The_last_failure_is_the_sockets_own_and_says_what_was_waited_for()
    {
        await using var server = new RawServer(exchange => exchange.WaitForCloseAsync());
        Task<ClientWebSocket> connecting = Pipeline(options => options.MaxRetries = 0)
            .ConnectAsync(WebSocketAddress(server), cancellationToken: TestContext.Current.CancellationToken);
        await Gateways.EventuallyAsync(() => server.Requests == 1);

        _time.Advance(HandshakeLimit);

        var thrown = await Assert.ThrowsAsync<WebSocketException>(() => connecting);
        Assert.IsType<TimeoutException>(thrown.InnerException);
        Assert.Contains("00:00:15", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_cancellation_is_a_cancellation_and_is_not_retried()
    {
        await using var server = new RawServer(exchange => exchange.WaitForCloseAsync());
        using var stop = new CancellationTokenSource();
        Task<ClientWebSocket> connecting = Pipeline().ConnectAsync(WebSocketAddress(server), cancellationToken: stop.Token);
        await Gateways.EventuallyAsync(() => server.Requests == 1);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task An_address_is_required() => await Assert.ThrowsAsync<ArgumentNullException>(
        () => Pipeline().ConnectAsync(null!, cancellationToken: TestContext.Current.CancellationToken));

    private static Uri WebSocketAddress(RawServer server) => new UriBuilder(server.Address) { Scheme = "ws" }.Uri;

    /// <summary>Answers the upgrade and leaves the connection open.</summary>
    private static Func<RawExchange, Task> Upgrade(Action<IReadOnlyDictionary<string, string>> seen) => async exchange =>
    {
        seen(exchange.Headers);
        await exchange.UpgradeAsync();
        await exchange.WaitForCloseAsync();
    };

    private GatewayPipeline Pipeline(Action<GatewayOptions>? configure = null) => Gateways.OpenClaw(_time, configure);
}
