using System.Net;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using OpenClaw.Resilience.RunWorker;

namespace OpenClaw.Resilience.GatewayTests.Runs;

/// <summary>The gateway is stopped in an orderly way under runs, and started again.</summary>
[Collection(nameof(MortalGateway))]
public sealed class DrainedRunTests(MortalGateway gateway) : GatewayTest(gateway)
{
    [Fact]
    public async Task A_run_finishes_its_step_waits_for_the_next_life_and_goes_on_by_itself()
    {
        GatewayRun[] runs = [.. Enum.GetValues<Protocol>().Select(
            protocol => new GatewayRun(Gateway, protocol, [Replies.Good], [Replies.Held], [Replies.Good]))];
        Task<IReadOnlyList<string>>[] running = [.. runs.Select(run => GoOnAsync(run))];
        await Task.WhenAll(runs.Select(run => run.Turns[1].Asked));

        Gateway.Process.Terminate();
        await Eventually.HoldsAsync(async () => await Gateway.ProbeAsync("readyz") == HttpStatusCode.ServiceUnavailable);
        Array.ForEach(runs, run => run.Turns[1].Release());
        await Gateway.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.All(runs, run => Assert.Equal([1, 1, 0], run.Calls));
        await Gateway.EnsureRunningAsync();

        IReadOnlyList<string>[] answers = await Task.WhenAll(running);
        Assert.All(answers.Zip(runs), pair => Assert.Equal(pair.Second.Turns.Select(turn => turn.Answer), pair.First));
        Assert.All(runs, run => Assert.Equal([1, 1, 1], run.Calls));
        Array.ForEach(runs, run => run.Dispose());
    }

    private static async Task<IReadOnlyList<string>> GoOnAsync(GatewayRun run)
    {
        await using GatewayAgent agent = run.CreateAgent();
        return await run.GoOnAsync(agent: agent, drain: new DrainCoordinator(agent.Pipeline));
    }
}
