using System.Net.WebSockets;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using OpenClaw.Resilience.GatewayTests.WebSockets;

namespace OpenClaw.Resilience.GatewayTests.LifeCycle;

/// <summary>The gateway is killed while it works.</summary>
[Collection(nameof(MortalGateway))]
public sealed class KillTests(MortalGateway gateway) : GatewayTest(gateway)
{
    [Fact]
    public async Task A_kill_in_the_middle_is_a_failure_that_may_have_run_and_no_second_turn()
    {
        (Way Way, Turn Turn, Asking Asking)[] calls = [.. Caller.Ways.Select(Begin)];
        await Task.WhenAll(calls.Select(call => Caller.IsStream(call.Way) ? call.Asking.FirstText : call.Turn.Asked));
        using ClientWebSocket socket = await Sockets.SignInAsync(Gateway);

        await Gateway.Process.KillAsync();

        var lost = await Assert.ThrowsAsync<WebSocketException>(() => Sockets.ReadToCloseAsync(socket));
        GatewayFailure failure = GatewayFailure.Classify(lost, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((FailureKind.Truncated, true), (failure.Kind, failure.MayHaveRun));

        // A call that was sent again would find the next life. That life may ask the model again by itself, for what it was doing when it
        // died: which is why nobody else should.
        Array.ForEach(calls, call => call.Turn.Release());
        await Gateway.StartAsync();
        Ending[] endings = await Task.WhenAll(calls.Select(call => call.Asking.Ending));
        await Gateway.EnsureRunningAsync();

        Assert.All(endings, ending => Assert.True(
            ending.Failure is
            {
                MayHaveRun: true,
                Class: FailureClass.Infrastructure,
                Kind: FailureKind.Truncated or FailureKind.Transient,
            },
            $"{ending.Failure}\n{ending.Exception}"));
        Assert.All(calls.Zip(endings), pair => AssertWhatIsCaught(pair.First.Way, pair.First.Turn, pair.Second));
        Assert.All(calls, call => Assert.Equal(1, call.Turn.Calls - call.Turn.Resumed));

        (Way Way, Turn Turn, Asking Asking) Begin(Way way)
        {
            Turn turn = Gateway.Provider.Script(Replies.Held);
            return (way, turn, new Caller(Gateway, AwayTests.Patiently).Ask(way, turn));
        }
    }

    private static void AssertWhatIsCaught(Way way, Turn turn, Ending ending)
    {
        if (Caller.IsStream(way))
        {
            Assert.IsType<HttpIOException>(ending.Exception, exactMatch: false);
            Assert.True(ending.Text.Length > 0 && turn.Answer.StartsWith(ending.Text, StringComparison.Ordinal));
        }
        else if (way == Way.Sdk)
        {
            Assert.IsType<System.ClientModel.ClientResultException>(ending.Exception);
        }
        else
        {
            Assert.IsType<HttpRequestException>(ending.Exception);
        }
    }
}
