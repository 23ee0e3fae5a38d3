using OpenAI.Chat;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;

namespace OpenClaw.Resilience.GatewayTests.Faults;

/// <summary>A caller that leaves ends the turn: the gateway closes its connection to the model.</summary>
[Collection(nameof(SteadyGateway))]
public sealed class CancellationTests(SteadyGateway gateway) : GatewayTest(gateway)
{
    public static MatrixTheoryData<Way, bool> Cases => new(Caller.Ways, [true, false]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_cancelled_call_cancels_the_run_and_gives_its_permit_back(Way way, bool isAnswering)
    {
        Turn turn = Gateway.Provider.Script(isAnswering ? Replies.Held : Replies.Hang);
        var caller = new Caller(Gateway, options => options.MaxConcurrentCalls = 1);
        using var stop = new CancellationTokenSource();
        Asking asking = caller.AskUntil(way, turn.Prompt, CallEffect.Unknown, stop.Token);
        await (isAnswering && Caller.IsStream(way) ? asking.FirstText : turn.Asked);

        await stop.CancelAsync();

        Ending ending = await asking.Ending;
        ending.ShouldFail(FailureKind.Cancelled, mayHaveRun: true);
        Assert.Equal(stop.Token, Assert.IsType<OperationCanceledException>(ending.Exception, exactMatch: false).CancellationToken);
        await Eventually.HoldsAsync(() => turn.Abandoned == 1);
        Assert.Equal((1, 0), (turn.Calls, turn.Active));

        Turn next = Gateway.Provider.Script(Replies.Good);
        (await caller.Ask(way, next).Ending).ShouldBe(next.Answer);
    }

    [Fact]
    public async Task A_stream_that_its_reader_leaves_is_cancelled_too()
    {
        Turn turn = Gateway.Provider.Script(Replies.Held);
        var caller = new Caller(Gateway, options => options.MaxConcurrentCalls = 1);

        await foreach (StreamingChatCompletionUpdate update in caller.Pipeline.ExecuteStreamingAsync(
            token => caller.Chat.CompleteChatStreamingAsync([new UserChatMessage(turn.Prompt)], cancellationToken: token),
            TestContext.Current.CancellationToken))
        {
            if (update.ContentUpdate.Count > 0)
            {
                break;
            }
        }

        await Eventually.HoldsAsync(() => turn.Abandoned == 1);
        Turn next = Gateway.Provider.Script(Replies.Good);
        (await caller.Ask(Way.SdkStream, next).Ending).ShouldBe(next.Answer);
    }
}
