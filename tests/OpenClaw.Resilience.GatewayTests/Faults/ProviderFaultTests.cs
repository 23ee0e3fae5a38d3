using System.Net.Http.Json;
using System.Text.Json;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using OpenClaw.Resilience.GatewayTests.WebSockets;
using static OpenClaw.Resilience.FailureKind;

namespace OpenClaw.Resilience.GatewayTests.Faults;

/// <summary>What becomes of each failure of the model provider, behind a gateway that does not retry by itself.</summary>
[Collection(nameof(SteadyGateway))]
public sealed class ProviderFaultTests(SteadyGateway gateway) : GatewayTest(gateway)
{
    private static readonly Dictionary<string, Fault> Faults = new()
    {
        ["400"] = new(Replies.Status(400), 400, Permanent, FailureClass.Agent),
        ["404"] = new(Replies.Status(404), 404, Permanent, FailureClass.Agent),
        ["429"] = new(Replies.Status(429), 429, Throttled),
        ["429 with a wait"] = new(Replies.Status(429, retryAfter: 120), 429, Throttled, RetryAfter: TimeSpan.FromSeconds(120)),
        ["500"] = new(Replies.Status(500), 502, Transient),
        ["503"] = new(Replies.Status(503), 502, Transient),
        ["reset"] = new(Replies.Reset, 408, Transient),
        ["cut"] = new(Replies.Cut, 408, Transient),
        ["garbage"] = new(Replies.Garbage, 408, Transient),
    };

    public static MatrixTheoryData<string, Way> Cases => new(Faults.Keys, Caller.Ways);

    public static MatrixTheoryData<Way, bool> HangingCases => new(Caller.Ways, [true, false]);

    public static TheoryData<Way> AllWays => new(Caller.Ways);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_fault_is_one_explained_failure_and_one_model_call(string name, Way way)
    {
        Fault fault = Faults[name];
        Turn turn = Gateway.Provider.Script(fault.Reply);

        Ending ending = await new Caller(Gateway).Ask(way, turn).Ending;

        AssertFault(fault, way, ending);
        Assert.Equal((1, 0), (turn.Calls, turn.Active));
    }

    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task What_the_gateway_mends_by_itself_is_a_success(Way way)
    {
        Turn turn = Gateway.Provider.Script(Replies.Status(503), Replies.Good);

        Ending ending = await new Caller(Gateway, model: GatewayFolder.PersistentModel).Ask(way, turn).Ending;

        ending.ShouldBe(turn.Answer);
        Assert.Equal(2, turn.Calls);
    }

    /// <summary>The gateway asks a failing provider some eight times for one request of ours, and for more than a minute. That is enough.</summary>
    [Fact]
    public async Task The_gateways_own_retries_are_all_there_are()
    {
        Turn bare = Gateway.Provider.Script(Replies.Status(500));
        (Way Way, Turn Turn)[] ours = [.. Caller.Ways.Select(way => (way, Gateway.Provider.Script(Replies.Status(500))))];
        Turn overSocket = Gateway.Provider.Script(Replies.Status(500));
        await using GatewaySocket socket = GatewaySocketTests.Socket(Gateway);
        using HttpClient http = new Caller(Gateway).Http;

        Task<HttpResponseMessage> withoutUs = http.PostAsJsonAsync(
            "v1/chat/completions",
            new { model = GatewayFolder.PersistentModel, messages = new[] { new { role = "user", content = bare.Prompt } } },
            TestContext.Current.CancellationToken);
        Task<JsonElement> socketTurn = GatewaySocketTests.AskAsync(socket, overSocket, Guid.NewGuid().ToString(), GatewayFolder.PersistentAgent);
        Ending[] endings = await Task.WhenAll(
            ours.Select(call => new Caller(Gateway, model: GatewayFolder.PersistentModel).Ask(call.Way, call.Turn).Ending));
        using HttpResponseMessage answer = await withoutUs;
        await Assert.ThrowsAsync<GatewayRequestException>(() => socketTurn);

        Assert.Equal(502, (int)answer.StatusCode);
        Assert.All(endings, ending => Assert.True(ending.Failure is { MayHaveRun: true }, $"{ending}"));
        // Seven to ten, as time allows. A second request of ours would have started that anew.
        Assert.All([bare, overSocket, .. ours.Select(call => call.Turn)], turn => Assert.InRange(turn.Calls, 5, 10));
    }

    // The gateway asks again although half of the answer has gone out, which a streamed answer cannot take back.
    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task A_cut_that_the_gateway_mends_by_itself_is_a_success_unless_the_answer_was_streamed(Way way)
    {
        Turn turn = Gateway.Provider.Script(Replies.CutOnRelease, Replies.InOtherWords);
        Asking asking = new Caller(Gateway, model: GatewayFolder.PersistentModel).Ask(way, turn);
        await (Caller.IsStream(way) ? asking.FirstText : turn.Asked);

        turn.Release();

        Ending ending = await asking.Ending;
        if (Caller.IsStream(way))
        {
            Assert.IsType<HttpIOException>(ending.Exception, exactMatch: false);
            Assert.True(ending.Failure is { MayHaveRun: true, Class: FailureClass.Infrastructure }, $"{ending.Failure}");
        }
        else
        {
            ending.ShouldBe(turn.OtherAnswer);
        }

        Assert.Equal(2, turn.Calls);
    }

    [Fact]
    public async Task A_model_that_hangs_ends_with_the_gateways_limit_of_a_turn()
    {
        var fault = new Fault(Replies.Hang, 500, Transient);
        (Way Way, Turn Turn)[] turns = [.. Caller.Ways.Select(way => (way, Gateway.Provider.Script(Replies.Hang)))];

        Ending[] endings = await Task.WhenAll(turns.Select(call => new Caller(Gateway).Ask(call.Way, call.Turn).Ending));

        Assert.All(endings.Zip(turns), pair => AssertFault(fault, pair.Second.Way, pair.First));
        Assert.All(turns, call => Assert.Equal(1, call.Turn.Calls));
        await Eventually.HoldsAsync(() => turns.All(call => call.Turn.Abandoned == 1));
    }

    [Theory]
    [MemberData(nameof(HangingCases))]
    public async Task A_model_that_hangs_ends_with_the_callers_limit_and_the_turn_is_aborted(Way way, bool isAnswering)
    {
        var limit = TimeSpan.FromSeconds(3);
        Turn turn = Gateway.Provider.Script(isAnswering ? Replies.Held : Replies.Hang);
        var caller = new Caller(Gateway, options => options.AttemptTimeout = options.FirstByteTimeout = options.IdleTimeout = limit);

        Ending ending = await caller.Ask(way, turn).Ending;

        ending.ShouldFail(Transient, mayHaveRun: true);
        Assert.IsType<TimeoutException>(Assert.IsType<TaskCanceledException>(ending.Exception).InnerException);
        await Eventually.HoldsAsync(() => turn.Active == 0);
        Assert.Equal(turn.Calls, turn.Abandoned);
        Assert.InRange(turn.Calls, 0, 1);
    }

    [Theory]
    [InlineData(Way.Sdk, 502)]
    [InlineData(Way.Raw, 502)]
    [InlineData(Way.Sdk, 429)]
    [InlineData(Way.Raw, 429)]
    public async Task A_call_without_effects_is_tried_a_second_time_and_no_third(Way way, int status)
    {
        Reply fault = status == 429 ? Replies.Status(429, retryAfter: 1) : Replies.Status(500);
        Turn mended = Gateway.Provider.Script(fault, Replies.Good);
        Turn broken = Gateway.Provider.Script(fault);

        Ending good = await new Caller(Gateway).Ask(way, mended, CallEffect.None).Ending;
        Ending bad = await new Caller(Gateway).Ask(way, broken, CallEffect.None).Ending;

        good.ShouldBe(mended.Answer);
        bad.ShouldShowStatus(way, status);
        Assert.Equal((2, 2), (mended.Calls, broken.Calls));
    }

    [Theory]
    [InlineData(Way.SdkStream)]
    [InlineData(Way.RawStream)]
    public async Task A_stream_that_has_begun_is_not_tried_again_even_without_effects(Way way)
    {
        Turn turn = Gateway.Provider.Script(Replies.Cut, Replies.Good);

        Ending ending = await new Caller(Gateway).Ask(way, turn, CallEffect.None).Ending;

        Assert.IsType<HttpIOException>(ending.Exception, exactMatch: false);
        Assert.Equal(1, turn.Calls);
    }

    [Fact]
    public async Task A_rejected_provider_key_is_told_from_the_gateways_token_and_then_set_aside_without_a_word()
    {
        Turn first = Gateway.Provider.Script(Replies.Status(401));
        Ending rejected = await new Caller(Gateway, model: GatewayFolder.OtherKeyModel).Ask(Way.Raw, first).Ending;
        rejected.ShouldShowStatus(Way.Raw, 401);
        Assert.Equal("authentication_error", rejected.ShouldFail(Permanent, mayHaveRun: true).ErrorType);
        Assert.Equal(1, first.Calls);

        foreach (Way way in Caller.Ways)
        {
            Turn next = Gateway.Provider.Script(Replies.Good);
            Ending ending = await new Caller(Gateway, model: GatewayFolder.OtherKeyModel).Ask(way, next).Ending;
            // "… temporarily disabled … Retry after about 1 minute" stands in a stream's error event only.
            TimeSpan? wait = Caller.IsStream(way) ? TimeSpan.FromMinutes(1) : null;
            AssertFault(new Fault(Replies.Good, 500, Transient, RetryAfter: wait), way, ending);
            Assert.Equal(0, next.Calls);
        }
    }

    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task A_provider_that_is_gone_is_told_from_a_gateway_that_is(Way way)
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);

        Ending ending = await new Caller(Gateway, model: GatewayFolder.ForsakenModel).Ask(way, turn).Ending;

        AssertFault(new Fault(Replies.Good, 408, Transient), way, ending);
    }

    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task A_provider_without_a_key_is_no_matter_of_the_gateways_token(Way way)
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);
        var caller = new Caller(Gateway);
        caller.Http.DefaultRequestHeaders.Add("x-openclaw-model", "anthropic/claude-opus-4-6");

        Ending ending = await caller.Ask(way, turn).Ending;

        AssertFault(new Fault(Replies.Good, 401, Permanent), way, ending);
        Assert.Equal(0, turn.Calls);
    }

    private static void AssertFault(Fault fault, Way way, Ending ending)
    {
        if (way == Way.SdkStream)
        {
            // The library shows nothing but the missing finish reason.
            ending.ShouldFail(Truncated, mayHaveRun: true);
            Assert.IsType<HttpIOException>(ending.Exception, exactMatch: false);
            return;
        }

        Assert.Equal(fault.RetryAfter, ending.ShouldFail(fault.Kind, mayHaveRun: true, fault.Class).RetryAfter);
        if (Caller.IsStream(way))
        {
            var thrown = Assert.IsType<HttpIOException>(ending.Exception, exactMatch: false);
            Assert.Equal(HttpRequestError.InvalidResponse, thrown.HttpRequestError);
        }
        else
        {
            ending.ShouldShowStatus(way, fault.Status);
        }
    }

    /// <param name="Reply">What the provider does.</param>
    /// <param name="Status">What the gateway makes of it when the answer is not streamed.</param>
    /// <param name="Kind">What it means to the caller.</param>
    /// <param name="Class">Whose matter it is.</param>
    /// <param name="RetryAfter">The provider's wait, which the gateway tells in words only.</param>
    private sealed record Fault(
        Reply Reply, int Status, FailureKind Kind, FailureClass Class = FailureClass.Infrastructure, TimeSpan? RetryAfter = null);
}
