using System.Net.WebSockets;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;

namespace OpenClaw.Resilience.GatewayTests.LifeCycle;

/// <summary>Nobody listens, and then somebody does again.</summary>
[Collection(nameof(MortalGateway))]
public sealed class AwayTests(MortalGateway gateway)
{
    [Fact]
    public async Task Refused_calls_have_run_nothing_and_those_that_wait_are_answered_by_the_next_life()
    {
        await gateway.EnsureAwayAsync();
        await RefusedInEachWayAsync();
        await LeftAloneByTheCircuitAsync();

        (Way Way, Turn Turn, Asking Asking)[] waiting = [.. Caller.Ways.Select(BeginPatiently)];
        Task<ClientWebSocket> connecting = new Caller(gateway, Patiently).Pipeline.ConnectAsync(
            gateway.SocketAddress, cancellationToken: TestContext.Current.CancellationToken);
        await gateway.StartAsync();

        Ending[] endings = await Task.WhenAll(waiting.Select(call => call.Asking.Ending));
        Assert.All(endings.Zip(waiting), pair => pair.First.ShouldBe(pair.Second.Turn.Answer));
        Assert.All(waiting, call => Assert.Equal(1, call.Turn.Calls));
        using ClientWebSocket socket = await connecting;
        Assert.Equal(WebSocketState.Open, socket.State);
    }

    /// <summary>For calls that outlast the start of a gateway, whatever else the machine does.</summary>
    internal static void Patiently(GatewayOptions options)
    {
        options.MaxRetries = 10;
        options.BaseDelay = TimeSpan.FromSeconds(8);
        options.MaxDelay = TimeSpan.FromSeconds(20);
        options.MinimumThroughput = 1_000;
    }

    private async Task RefusedInEachWayAsync()
    {
        foreach (Way way in Caller.Ways)
        {
            Turn turn = gateway.Provider.Script(Replies.Good);

            Ending ending = await new Caller(gateway, options => options.BaseDelay = TimeSpan.FromMilliseconds(1)).Ask(way, turn).Ending;

            ending.ShouldFail(FailureKind.Transient, mayHaveRun: false);
            Assert.Equal(
                way is Way.Raw or Way.RawStream ? typeof(HttpRequestException) : typeof(System.ClientModel.ClientResultException),
                ending.Exception?.GetType());
            Assert.Equal(0, turn.Calls);
        }
    }

    private async Task LeftAloneByTheCircuitAsync()
    {
        Turn turn = gateway.Provider.Script(Replies.Good);
        var caller = new Caller(gateway, options => options.BaseDelay = TimeSpan.FromMilliseconds(1));
        Ending[] endings = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => caller.Ask(Way.Sdk, turn).Ending));

        Assert.All(endings, ending => ending.ShouldFail(FailureKind.Transient, mayHaveRun: false));
        Ending next = await caller.Ask(Way.Sdk, turn).Ending;
        var rejection = Assert.IsType<GatewayRejectedException>(next.Exception);
        Assert.Equal(RejectionReason.CircuitOpen, rejection.Reason);
        Assert.NotNull(rejection.RetryAfter);
    }

    private (Way Way, Turn Turn, Asking Asking) BeginPatiently(Way way)
    {
        Turn turn = gateway.Provider.Script(Replies.Good);
        return (way, turn, new Caller(gateway, Patiently).Ask(way, turn));
    }
}
