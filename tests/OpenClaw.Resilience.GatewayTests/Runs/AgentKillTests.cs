using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using OpenClaw.Resilience.RunWorker;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.GatewayTests.Runs;

/// <summary>The agent's process is killed in the middle of a step, and the gateway is not.</summary>
[Collection(nameof(SteadyGateway))]
public sealed class AgentKillTests(SteadyGateway gateway) : GatewayTest(gateway)
{
    [Theory]
    [InlineData(Protocol.Stateless)]
    [InlineData(Protocol.Session)]
    public async Task Over_HTTP_the_turn_dies_with_its_caller_and_running_it_again_asks_the_model_again(Protocol protocol)
    {
        using var run = new GatewayRun(Gateway, protocol, [Replies.Good], [Replies.Held, Replies.Good]);
        await KillInSecondTurnAsync(run);
        await Eventually.HoldsAsync(() => run.Turns[1].Abandoned == 1);

        await run.AssertInDoubtAsync(step: 2);
        Assert.Equal([1, 1], run.Calls);

        Assert.Equal(run.Turns.Select(turn => turn.Answer), await run.GoOnAsync(InDoubtAction.RunAgain));
        Assert.Equal([1, 2], run.Calls);
    }

    [Fact]
    public async Task Over_the_socket_the_turn_goes_on_and_the_steps_key_brings_its_answer()
    {
        using var run = new GatewayRun(Gateway, Protocol.Socket, [Replies.Good], [Replies.Held, Replies.InOtherWords]);
        await KillInSecondTurnAsync(run);

        await run.AssertInDoubtAsync(step: 2);
        await using GatewayAgent agent = run.CreateAgent();
        Task<IReadOnlyList<string>> goingOn = run.GoOnAsync(InDoubtAction.RunAgain, agent);
        // Behind the turn on the same connection, so that the gateway has met the key while its turn was running.
        await agent.Socket.RequestAsync("health", cancellationToken: TestContext.Current.CancellationToken);
        await agent.Socket.RequestAsync("health", cancellationToken: TestContext.Current.CancellationToken);
        run.Turns[1].Release();

        Assert.Equal(run.Turns.Select(turn => turn.Answer), await goingOn);
        Assert.Equal([1, 1], run.Calls);
        Assert.Equal(0, run.Turns[1].Abandoned);
    }

    [Fact]
    public async Task Over_the_socket_a_turn_that_has_ended_meanwhile_is_not_taken_again()
    {
        using var run = new GatewayRun(Gateway, Protocol.Socket, [Replies.Good], [Replies.Held, Replies.InOtherWords]);
        await KillInSecondTurnAsync(run);
        run.Turns[1].Release();
        await Eventually.HoldsAsync(() => run.Turns[1].Active == 0);

        Assert.Equal(run.Turns.Select(turn => turn.Answer), await run.GoOnAsync(InDoubtAction.RunAgain));

        Assert.Equal([1, 1], run.Calls);
    }

    private static async Task KillInSecondTurnAsync(GatewayRun run)
    {
        using WorkerProcess worker = run.StartWorker();
        await Task.WhenAny(run.Turns[1].Asked, worker.WaitForExitAsync());
        Assert.True(run.Turns[1].Asked.IsCompleted, await worker.FailureAsync());
        await worker.KillAsync();
    }
}
