using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;

namespace OpenClaw.Resilience.GatewayTests.Load;

/// <summary>One call for each of many items, and callers that block.</summary>
[Collection(nameof(SteadyGateway))]
public sealed class BatchTests(SteadyGateway gateway) : GatewayTest(gateway)
{
    [Fact]
    public async Task A_failing_item_costs_the_others_nothing()
    {
        Turn[] turns = [.. Enumerable.Range(0, 8).Select(i => Gateway.Provider.Script(i == 3 ? Replies.Status(500) : Replies.Good))];
        var caller = new Caller(Gateway);

        BatchOutcome<Turn, string> batch = await caller.Pipeline.WhenAllAsync(
            turns, (turn, token) => caller.CompleteAsync(turn.Prompt, token), TestContext.Current.CancellationToken);

        Assert.All(turns, turn => Assert.Equal(1, turn.Calls));
        ItemOutcome<Turn, string> failed = Assert.Single(batch.Failures);
        Assert.Same(turns[3], failed.Item);
        Assert.All(batch.Items.Except([failed]), item => Assert.Equal(item.Item.Answer, item.Result));
    }

    [Fact]
    public void Callers_that_block_see_the_same()
    {
        Turn good = Gateway.Provider.Script(Replies.Good);
        Turn bad = Gateway.Provider.Script(Replies.Status(500));
        var caller = new Caller(Gateway);

        Assert.Equal(good.Answer, caller.Complete(good.Prompt));
        Assert.Equal(good.Answer, caller.Stream(good.Prompt));
        Assert.Equal(502, Assert.Throws<System.ClientModel.ClientResultException>(() => caller.Complete(bad.Prompt)).Status);
        Assert.ThrowsAny<HttpIOException>(() => caller.Stream(bad.Prompt));
        Assert.Equal((2, 2), (good.Calls, bad.Calls));
    }
}
