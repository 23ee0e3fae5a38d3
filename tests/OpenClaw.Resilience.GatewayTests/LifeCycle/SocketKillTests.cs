using System.Text.Json;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using OpenClaw.Resilience.GatewayTests.WebSockets;

namespace OpenClaw.Resilience.GatewayTests.LifeCycle;

/// <summary>A keyed turn over the WebSocket, and a gateway that dies under it.</summary>
[Collection(nameof(MortalGateway))]
public sealed class SocketKillTests(MortalGateway gateway) : GatewayTest(gateway)
{
    [Fact]
    public async Task A_turn_of_a_life_that_is_over_is_not_sent_again()
    {
        Turn turn = Gateway.Provider.Script(Replies.Held);
        await using GatewaySocket socket = GatewaySocketTests.Socket(Gateway);
        Task<JsonElement> asking = GatewaySocketTests.AskAsync(socket, turn, Guid.NewGuid().ToString());
        await turn.Asked;

        await Gateway.Process.KillAsync();
        turn.Release();

        // The next life has forgotten the key, and goes on with the turn by itself: whoever sent it again would have it done twice.
        Exception lost = await Assert.ThrowsAnyAsync<Exception>(() => asking);
        await Gateway.EnsureRunningAsync();
        await socket.RequestAsync("health", cancellationToken: TestContext.Current.CancellationToken);

        GatewayFailure failure = GatewayFailure.Classify(lost, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(failure.MayHaveRun, lost.ToString());
        Assert.Equal(1, turn.Calls - turn.Resumed);
    }

    [Fact]
    public async Task The_same_socket_serves_the_next_life()
    {
        Turn turn = Gateway.Provider.Script(Replies.Good), next = Gateway.Provider.Script(Replies.Good);
        string key = Guid.NewGuid().ToString();
        await using GatewaySocket socket = GatewaySocketTests.Socket(Gateway);
        await GatewaySocketTests.AskAsync(socket, turn, key);

        await Gateway.Process.KillAsync();
        await Gateway.EnsureRunningAsync();
        JsonElement answer = await GatewaySocketTests.AskAsync(socket, next, Guid.NewGuid().ToString());
        // Forgotten as an answer, and found in the session's transcript: the turn fails before the model is asked.
        var failure = await Assert.ThrowsAsync<GatewayRequestException>(() => GatewaySocketTests.AskAsync(socket, turn, key));

        Assert.Contains(next.Answer, answer.ToString(), StringComparison.Ordinal);
        Assert.Equal("TURN_FAILED", failure.Code);
        Assert.Equal((1, 1), (turn.Calls, next.Calls));
    }
}
