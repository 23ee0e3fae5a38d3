using System.Net;
using System.Net.Sockets;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Http;

public sealed class GatewayHttpTests
{
    [Fact]
    public void The_handler_has_the_documented_numbers()
    {
        using SocketsHttpHandler handler = GatewayHttp.CreateHandler();
        Assert.Equal(20, handler.MaxConnectionsPerServer);
        Assert.Equal(TimeSpan.FromMinutes(2), handler.PooledConnectionLifetime);
        Assert.Equal(TimeSpan.FromSeconds(10), handler.ConnectTimeout);
        Assert.NotNull(handler.ConnectCallback);
    }

    [Fact]
    public void The_clients_have_no_limit_of_their_own()
    {
        var address = new Uri("http://gateway:18789/");
        using HttpClient created = GatewayHttp.Create(address);
        Assert.Equal(address, created.BaseAddress);
        Assert.Equal(Timeout.InfiniteTimeSpan, created.Timeout);
        Assert.Equal(Timeout.InfiniteTimeSpan, GatewayHttp.Shared.Timeout);
        Assert.Same(GatewayHttp.Shared, GatewayHttp.Shared);
        Assert.NotSame(GatewayHttp.Shared, created);
    }

    [Fact]
    public async Task Disposing_a_client_does_no_harm_to_the_others()
    {
        await using var server = new RawServer(RawServer.Answer(RawServer.Json(200, "{}")));
        using (HttpClient created = GatewayHttp.Create(server.Address))
        {
            Assert.Equal("{}", await created.GetStringAsync("a"));
        }

        GatewayHttp.Shared.Dispose();

        Assert.Equal("{}", await GatewayHttp.Shared.GetStringAsync(server.Address));
        using HttpClient another = GatewayHttp.Create(server.Address);
        using HttpResponseMessage last = await another.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "b") { Headers = { ConnectionClose = true } });
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
    }

    [Fact]
    public async Task A_refused_connection_is_named_as_one()
    {
        using var handler = GatewayHttp.CreateHandler();
        using var client = new HttpClient(handler);

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(RawServer.RefusedAddress()));

        Assert.Equal(HttpRequestError.ConnectionError, exception.HttpRequestError);
        Assert.False(GatewayFailure.Classify(exception).MayHaveRun);
    }

    [Fact]
    public async Task A_connection_that_takes_too_long_surfaces_as_no_connection()
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = static (_, token) => GatewayHttp.ConnectAsync(HangAsync, TimeSpan.FromMilliseconds(1), token),
        };
        using var client = new HttpClient(handler);

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(RawServer.RefusedAddress(), new StringContent("{}")));

        Assert.Equal(SocketError.TimedOut, Assert.IsType<SocketException>(exception.InnerException).SocketErrorCode);
        Assert.Equal(HttpRequestError.ConnectionError, exception.HttpRequestError);
        GatewayFailure failure = GatewayFailure.Classify(exception);
        Assert.Equal((FailureKind.Transient, false), (failure.Kind, failure.MayHaveRun));
    }

    [Fact]
    public async Task A_silent_connection_shows_signs_of_life()
    {
        await using var server = new RawServer();
        Socket? used = null;
        await using Stream connection = await GatewayHttp.ConnectAsync(
            (socket, _) =>
            {
                used = socket;
                return new ValueTask(socket.ConnectAsync(IPAddress.Loopback, server.Address.Port));
            },
            TimeSpan.FromDays(1),
            CancellationToken.None);

        Assert.NotNull(used);
        Assert.NotEqual(0, used.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(30, used.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
    }

    [Fact]
    public async Task Cancelling_while_connecting_is_a_cancellation()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => GatewayHttp.ConnectAsync(HangAsync, TimeSpan.FromDays(1), cancelled.Token).AsTask());
    }

    private static async ValueTask HangAsync(Socket socket, CancellationToken token) => await Task.Delay(Timeout.Infinite, token);
}
