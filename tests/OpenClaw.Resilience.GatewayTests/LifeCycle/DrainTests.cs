using System.Net;
using System.Net.WebSockets;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using OpenClaw.Resilience.GatewayTests.WebSockets;

namespace OpenClaw.Resilience.GatewayTests.LifeCycle;

/// <summary>The gateway is stopped in an orderly way, and started again.</summary>
[Collection(nameof(MortalGateway))]
public sealed class DrainTests(MortalGateway gateway) : GatewayTest(gateway)
{
    [Fact]
    public async Task Running_turns_finish_and_new_ones_wait_for_the_next_life()
    {
        (Way Way, Turn Turn, Asking Asking)[] running = [.. Caller.Ways.Select(way => Begin(way, Replies.Held))];
        await Task.WhenAll(running.Select(call => call.Turn.Asked));
        using ClientWebSocket socket = await Sockets.SignInAsync(Gateway);

        Gateway.Process.Terminate();
        await Eventually.HoldsAsync(async () => await Gateway.ProbeAsync("readyz") == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await Gateway.ProbeAsync("healthz"));

        await RefusedInEachWayAsync();
        await AssertNoNewSocketAsync();
        (Way Way, Turn Turn, Asking Asking)[] waiting = [.. Caller.Ways.Select(way => Begin(way, Replies.Good, AwayTests.Patiently))];
        Array.ForEach(running, call => call.Turn.Release());

        await AssertAnsweredOnceAsync(running);
        await AssertSaysThatItGoesAsync(socket);
        await Gateway.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Gateway.EnsureRunningAsync();
        await AssertAnsweredOnceAsync(waiting);
    }

    private static async Task AssertAnsweredOnceAsync((Way Way, Turn Turn, Asking Asking)[] calls)
    {
        Ending[] endings = await Task.WhenAll(calls.Select(call => call.Asking.Ending));
        Assert.All(endings.Zip(calls), pair => pair.First.ShouldBe(pair.Second.Turn.Answer));
        Assert.All(calls, call => Assert.Equal((1, 0), (call.Turn.Calls, call.Turn.Abandoned)));
    }

    private static async Task AssertSaysThatItGoesAsync(ClientWebSocket socket)
    {
        await Sockets.ReadToCloseAsync(socket);
        Assert.Equal(1012, (int?)socket.CloseStatus);
        GatewayFailure? failure = GatewayFailure.Classify((int)socket.CloseStatus!, socket.CloseStatusDescription, afterHello: true);
        Assert.Equal((FailureKind.Transient, FailureClass.Infrastructure), (failure?.Kind, failure?.Class));
    }

    private async Task RefusedInEachWayAsync()
    {
        foreach (Way way in Caller.Ways)
        {
            Turn turn = Gateway.Provider.Script(Replies.Good);

            Ending ending = await new Caller(Gateway, options => options.MaxRetries = 0).Ask(way, turn).Ending;

            ending.ShouldShowStatus(way, 503);
            GatewayFailure failure = ending.ShouldFail(FailureKind.Transient, mayHaveRun: false);
            Assert.Equal("gateway_unavailable", failure.ErrorCode);
            Assert.Equal(TimeSpan.FromSeconds(1), failure.RetryAfter);
            Assert.Equal(0, turn.Calls);
        }
    }

    private async Task AssertNoNewSocketAsync()
    {
        GatewayPipeline pipeline = new Caller(Gateway, options => options.MaxRetries = 0).Pipeline;
        var thrown = await Assert.ThrowsAsync<WebSocketException>(
            () => pipeline.ConnectAsync(Gateway.SocketAddress, cancellationToken: TestContext.Current.CancellationToken));
        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? failure));
        Assert.Equal((FailureKind.Transient, false), (failure.Kind, failure.MayHaveRun));
    }

    private (Way Way, Turn Turn, Asking Asking) Begin(Way way, Reply reply, Action<GatewayOptions>? configure = null)
    {
        Turn turn = Gateway.Provider.Script(reply);
        return (way, turn, new Caller(Gateway, configure).Ask(way, turn));
    }
}
