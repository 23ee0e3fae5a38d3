using System.Net;
using System.Text.Json;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using OpenClaw.Resilience.GatewayTests.WebSockets;

namespace OpenClaw.Resilience.GatewayTests.LifeCycle;

/// <summary>Keyed turns over the WebSocket, and a gateway that is stopped in an orderly way under them.</summary>
[Collection(nameof(MortalGateway))]
public sealed class SocketDrainTests(MortalGateway gateway) : GatewayTest(gateway)
{
    [Fact]
    public async Task A_running_turn_finishes_and_a_refused_one_is_sent_to_the_next_life()
    {
        Turn running = Gateway.Provider.Script(Replies.Held), refused = Gateway.Provider.Script(Replies.Good), waiting = Gateway.Provider.Script(Replies.Good);
        await using GatewaySocket socket = GatewaySocketTests.Socket(Gateway);
        await using GatewaySocket impatient = await ConnectedAsync(options => options.MaxRetries = 0);
        await using GatewaySocket patient = await ConnectedAsync(AwayTests.Patiently);
        Task<JsonElement> first = Ask(socket, running);
        await running.Asked;

        Gateway.Process.Terminate();
        await Eventually.HoldsAsync(async () => await Gateway.ProbeAsync("readyz") == HttpStatusCode.ServiceUnavailable);
        var refusal = await Assert.ThrowsAsync<GatewayRequestException>(() => Ask(impatient, refused));
        Task<JsonElement> second = Ask(patient, waiting);
        running.Release();

        GatewayFailure failure = GatewayFailure.Classify(refusal, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("UNAVAILABLE", FailureKind.Transient, false), (refusal.Code, failure.Kind, failure.MayHaveRun));
        Assert.Equal(TimeSpan.FromSeconds(1), failure.RetryAfter);
        Assert.Contains(running.Answer, (await first).ToString(), StringComparison.Ordinal);
        await Gateway.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Gateway.EnsureRunningAsync();
        Assert.Contains(waiting.Answer, (await second).ToString(), StringComparison.Ordinal);
        Assert.Equal((1, 0, 1), (running.Calls, refused.Calls, waiting.Calls));
    }

    private static Task<JsonElement> Ask(GatewaySocket socket, Turn turn) => GatewaySocketTests.AskAsync(socket, turn, Guid.NewGuid().ToString());

    private async Task<GatewaySocket> ConnectedAsync(Action<GatewayOptions> configure)
    {
        GatewaySocket socket = GatewaySocketTests.Socket(Gateway, configure);
        await socket.RequestAsync("health", cancellationToken: TestContext.Current.CancellationToken);
        return socket;
    }
}
