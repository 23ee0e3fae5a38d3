using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;

namespace OpenClaw.Resilience.GatewayTests.Load;

/// <summary>Many callers, and calls inside of calls.</summary>
[Collection(nameof(SteadyGateway))]
public sealed class LoadTests(SteadyGateway gateway) : GatewayTest(gateway)
{
    private const int Callers = 100;
    private const int Permits = 5;

    // Ways that share one pipeline.
    private static readonly Way[] Mixed = [Way.Sdk, Way.SdkStream, Way.Raw, Way.RawStream];

    [Fact]
    public async Task A_hundred_callers_share_five_permits_and_all_are_served()
    {
        Turn turn = Gateway.Provider.Script(Replies.InGroupsOf(Permits));
        var caller = new Caller(Gateway);

        Ending[] endings = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => caller.Ask(Mixed[i % Mixed.Length], turn).Ending));

        Assert.All(endings, ending => ending.ShouldBe(turn.Answer));
        Assert.Equal((Callers, Permits, 0), (turn.Calls, turn.MostActive, turn.Abandoned));
    }

    [Fact]
    public async Task Turns_of_one_session_run_one_after_the_other_whatever_the_permits()
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);
        var caller = new Caller(Gateway);
        caller.Http.DefaultRequestHeaders.Add("x-openclaw-session-key", $"agent:main:{turn.Prompt}");

        // Several at once that make a session are an "internal error" for some of them now and then.
        (await caller.Ask(Way.Raw, turn).Ending).ShouldBe(turn.Answer);

        Ending[] endings = await Task.WhenAll(Mixed.Select(way => caller.Ask(way, turn).Ending));

        Assert.All(endings, ending => ending.ShouldBe(turn.Answer));
        Assert.Equal((1 + Mixed.Length, 1), (turn.Calls, turn.MostActive));
    }

    [Fact]
    public async Task First_turns_of_a_new_session_at_once_are_all_served()
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);
        var caller = new Caller(Gateway);
        string session = $"agent:main:{turn.Prompt}";
        caller.Http.DefaultRequestHeaders.Add("x-openclaw-session-key", session);

        // Two ways to name it: by the header of the request, and to the pipeline.
        Task<Ending>[] sent = [.. Enumerable.Range(0, 4).Select(i => caller.Ask(i % 2 == 0 ? Way.Raw : Way.RawStream, turn).Ending)];
        Task<string>[] executed = [.. Enumerable.Range(0, 2).Select(_ => caller.Pipeline.ForSession(session).ExecuteAsync(
            token => caller.CompleteAsync(turn.Prompt, token), TestContext.Current.CancellationToken))];

        Assert.All(await Task.WhenAll(sent), ending => ending.ShouldBe(turn.Answer));
        Assert.All(await Task.WhenAll(executed), answer => Assert.Equal(turn.Answer, answer));
        Assert.Equal((6, 1), (turn.Calls, turn.MostActive));
    }

    [Fact]
    public async Task Calls_inside_of_calls_need_no_second_permit()
    {
        Turn outer = Gateway.Provider.Script(Replies.Good);
        Turn inner = Gateway.Provider.Script(Replies.Good);
        var caller = new Caller(Gateway, options => options.MaxConcurrentCalls = 2);

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => caller.Pipeline.ExecuteAsync(
            async token =>
            {
                string answer = await caller.CompleteAsync(outer.Prompt, token);
                Ending tool = await caller.AskUntil(Way.Sdk, inner.Prompt, CallEffect.Unknown, token).Ending;
                return answer + tool.Text;
            },
            TestContext.Current.CancellationToken)));

        Assert.All(answers, answer => Assert.Equal(outer.Answer + inner.Answer, answer));
        Assert.Equal((4, 4), (outer.Calls, inner.Calls));
    }

    [Fact]
    public async Task A_call_inside_that_was_refused_does_not_repeat_the_turn_before_it()
    {
        Turn outer = Gateway.Provider.Script(Replies.Good);
        Turn inner = Gateway.Provider.Script(Replies.Good);
        var caller = new Caller(Gateway);
        var nobody = new Caller(Gateway, address: ClosedPort.Address);

        Exception thrown = await Assert.ThrowsAnyAsync<Exception>(() => caller.Pipeline.ExecuteAsync(
            async token =>
            {
                await caller.CompleteAsync(outer.Prompt, token);
                return await caller.Pipeline.ExecuteAsync(inside => nobody.CompleteAsync(inner.Prompt, inside), token);
            },
            TestContext.Current.CancellationToken));

        // The exception says "refused", which by itself is safe to repeat; the turn before it is not.
        Assert.True(GatewayFailure.Classify(thrown, cancellationToken: TestContext.Current.CancellationToken).MayHaveRun);
        Assert.Equal((1, 0), (outer.Calls, inner.Calls));
    }
}
