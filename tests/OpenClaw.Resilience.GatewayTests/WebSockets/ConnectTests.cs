using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;

namespace OpenClaw.Resilience.GatewayTests.WebSockets;

/// <summary>Sockets to a gateway that is there. What becomes of them when it goes is in the tests of its life cycle.</summary>
[Collection(nameof(SteadyGateway))]
public sealed class ConnectTests(SteadyGateway gateway) : GatewayTest(gateway)
{
    [Fact]
    public async Task A_connected_socket_is_one_to_work_with()
    {
        using ClientWebSocket socket = await Sockets.SignInAsync(Gateway);

        JsonElement health = await Sockets.AskAsync(socket, "health", new { });

        Assert.True(health.GetProperty("ok").GetBoolean());
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        Assert.Null(GatewayFailure.Classify((int)socket.CloseStatus!, socket.CloseStatusDescription, afterHello: true));
    }

    [Fact]
    public async Task A_wrong_token_closes_the_socket_for_good()
    {
        using ClientWebSocket socket = await Pipeline().ConnectAsync(
            Gateway.SocketAddress, cancellationToken: TestContext.Current.CancellationToken);

        JsonElement answer = await Sockets.SayHelloAsync(socket, "wrong");

        Assert.False(answer.GetProperty("ok").GetBoolean());
        await AssertClosedAsync(socket, 1008, FailureKind.Permanent);
    }

    [Fact]
    public async Task A_protocol_that_the_gateway_does_not_speak_closes_the_socket_for_good()
    {
        using ClientWebSocket socket = await Pipeline().ConnectAsync(
            Gateway.SocketAddress, cancellationToken: TestContext.Current.CancellationToken);

        JsonElement answer = await Sockets.SayHelloAsync(socket, Gateway.Token, protocol: 3);

        Assert.False(answer.GetProperty("ok").GetBoolean());
        await AssertClosedAsync(socket, 1002, FailureKind.Permanent);
    }

    [Theory]
    [InlineData("""{"type":"req","id":"1","method":"health","params":{}}""", 1008, FailureKind.Permanent)]
    [InlineData("hello", 1000, FailureKind.Transient)]
    public async Task A_first_message_that_is_no_hello_closes_the_socket(string message, int code, FailureKind kind)
    {
        using ClientWebSocket socket = await Pipeline().ConnectAsync(
            Gateway.SocketAddress, cancellationToken: TestContext.Current.CancellationToken);

        await socket.SendAsync(
            Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

        await AssertClosedAsync(socket, code, kind);
    }

    [Fact]
    public async Task A_first_message_that_is_too_large_closes_the_socket_for_good()
    {
        using ClientWebSocket socket = await Pipeline().ConnectAsync(
            Gateway.SocketAddress, cancellationToken: TestContext.Current.CancellationToken);

        await socket.SendAsync(
            new byte[80 * 1024], WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

        await AssertClosedAsync(socket, 1009, FailureKind.Permanent);
    }

    [Fact]
    public async Task A_wrong_port_is_tried_again_and_has_run_nothing()
    {
        int attempts = 0;
        var address = new UriBuilder(ClosedPort.Address) { Scheme = "ws" }.Uri;

        var thrown = await Assert.ThrowsAsync<WebSocketException>(
            () => Pipeline().ConnectAsync(address, _ => attempts++, TestContext.Current.CancellationToken));

        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? failure));
        Assert.Equal((3, FailureKind.Transient, false), (attempts, failure.Kind, failure.MayHaveRun));
    }

    private static async Task AssertClosedAsync(ClientWebSocket socket, int code, FailureKind kind)
    {
        await Sockets.ReadToCloseAsync(socket);
        GatewayFailure? failure = GatewayFailure.Classify((int)socket.CloseStatus!, socket.CloseStatusDescription, afterHello: false);
        Assert.Equal((code, kind, false), ((int)socket.CloseStatus, failure?.Kind, failure?.MayHaveRun));
    }

    private GatewayPipeline Pipeline() => new Caller(Gateway, options => options.BaseDelay = TimeSpan.FromMilliseconds(1)).Pipeline;
}
