using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using OpenClaw.Resilience.RunWorker;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.GatewayTests.Runs;

/// <summary>The gateway is killed in the middle of steps: under agents that live on, and together with others.</summary>
[Collection(nameof(MortalGateway))]
public sealed class GatewayKillTests(MortalGateway gateway) : GatewayTest(gateway)
{
    [Fact]
    public async Task A_run_leaves_it_to_the_gateway_to_go_on_and_repeats_no_turn_by_itself()
    {
        GatewayRun[] withWorker = Create();
        GatewayRun[] inProcess = Create();
        GatewayRun early = Create(Protocol.Socket);
        GatewayRun[] all = [.. withWorker, .. inProcess, early];
        WorkerProcess[] workers = [.. withWorker.Select(run => run.StartWorker())];
        try
        {
            Task<Exception?>[] endings = [.. inProcess.Append(early).Select(run => Record.ExceptionAsync(() => run.GoOnAsync()).AsTask())];
            await Task.WhenAll(all.Select(run => run.Turns[0].Asked));

            await Gateway.Process.KillAsync();
            await Task.WhenAll(workers.Select(worker => worker.KillAsync()));
            Assert.All(await Task.WhenAll(endings), AssertMayHaveRun);
            Assert.All(all, run => Assert.Equal([1], run.Calls));

            Array.ForEach(all, run => run.Turns[0].Release());
            await Gateway.StartAsync();
            await Gateway.EnsureReadyAsync();
            // Before or after the gateway itself has gone on with the turn: whoever comes second finds it taken.
            Exception? refusal = await Record.ExceptionAsync(() => early.GoOnAsync(InDoubtAction.RunAgain));
            Assert.True(refusal is null || IsRefusedAsKnown(refusal), refusal?.ToString());
            await AssertResumedByTheGatewayAsync([.. withWorker, .. inProcess]);
            Assert.Equal([2], early.Calls);
        }
        finally
        {
            Array.ForEach(workers, worker => worker.Dispose());
            Array.ForEach(all, run => run.Dispose());
        }
    }

    private static async Task AssertResumedByTheGatewayAsync(GatewayRun[] runs)
    {
        await Eventually.HoldsAsync(() => runs.All(run => run.Turns[0] is { Resumed: 1, Active: 0 }));
        foreach (GatewayRun run in runs)
        {
            await Assert.ThrowsAsync<StepInDoubtException>(() => run.GoOnAsync());
            Assert.Equal([2], run.Calls);
            Exception? ending = await Record.ExceptionAsync(() => run.GoOnAsync(InDoubtAction.RunAgain));

            // Nothing in HTTP tells the gateway that it has done this already. The session's transcript holds the key of a turn that came by socket.
            Assert.Equal([run.Protocol == Protocol.Socket ? 2 : 3], run.Calls);
            Assert.True(run.Protocol == Protocol.Socket ? IsRefusedAsKnown(ending) : ending is null, $"{run.Protocol}: {ending}");
            if (run.Protocol == Protocol.Socket)
            {
                // And the answer of the gateway's own second call.
                Assert.Equal([run.Turns[0].Answer], await run.GoOnAsync(InDoubtAction.RunAgain, run.CreateAgent(looksFirst: true)));
                Assert.Equal([2], run.Calls);
            }
        }
    }

    private static bool IsRefusedAsKnown(Exception? exception)
        => exception is GatewayRequestException { Code: "TURN_FAILED" } && GatewayFailure.Classify(exception).MayHaveRun;

    private static void AssertMayHaveRun(Exception? exception)
        => Assert.True(exception is not null && GatewayFailure.Classify(exception).MayHaveRun, exception?.ToString());

    private GatewayRun[] Create() => [.. Enum.GetValues<Protocol>().Select(Create)];

    private GatewayRun Create(Protocol protocol) => new(Gateway, protocol, [Replies.Held, Replies.Good]);
}
