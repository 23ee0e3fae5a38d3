using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using OpenClaw.Resilience.RunWorker;

namespace OpenClaw.Resilience.GatewayTests.Runs;

/// <summary>A gateway that comes back without what it knew: its volume was not mounted, its container had none.</summary>
[Collection(nameof(MortalGateway))]
public sealed class LostStateTests(MortalGateway gateway) : GatewayTest(gateway)
{
    [Fact]
    public async Task A_run_does_not_go_on_in_a_session_that_has_forgotten_its_turns()
    {
        using var stateless = new GatewayRun(Gateway, Protocol.Stateless, [Replies.Good], [Replies.Good]);
        GatewayRun[] lost = [.. new[] { Protocol.Session, Protocol.Socket }.Select(
            protocol => new GatewayRun(Gateway, protocol, [Replies.Good], [Replies.Good]))];
        await Task.WhenAll(lost.Append(stateless).Select(run => run.BeginAsync(turns: 1)));

        await Gateway.LoseSessionsAsync();
        await Gateway.EnsureRunningAsync();

        foreach (GatewayRun run in lost)
        {
            var loss = await Assert.ThrowsAsync<SessionContinuityLostException>(() => run.GoOnAsync());
            Assert.Equal((run.SessionKey, 1, 0), (loss.SessionKey, loss.KnownTurns, loss.FoundTurns));
            Assert.Equal([1, 0], run.Calls);
            run.Dispose();
        }

        // Has nothing to lose at the gateway.
        await stateless.GoOnAsync();
        Assert.Equal([1, 1], stateless.Calls);
    }
}
