using System.Net;
using System.Text;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using static OpenClaw.Resilience.FailureKind;

namespace OpenClaw.Resilience.GatewayTests.Faults;

/// <summary>Requests that the gateway refuses before it asks a model.</summary>
[Collection(nameof(SteadyGateway))]
public sealed class ClientFaultTests(SteadyGateway gateway) : GatewayTest(gateway)
{
    private const int TooLarge = 21 * 1024 * 1024;

    public static TheoryData<Way> AllWays => new(Caller.Ways);

    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task A_wrong_token_is_final_and_has_run_nothing(Way way)
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);

        Ending ending = await new Caller(Gateway, token: "wrong").Ask(way, turn).Ending;

        ending.ShouldShowStatus(way, 401);
        Assert.Equal("unauthorized", ending.ShouldFail(Permanent, mayHaveRun: false).ErrorType);
        Assert.Equal(0, turn.Calls);
    }

    [Fact]
    public async Task A_missing_token_is_a_wrong_one()
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);
        var caller = new Caller(Gateway);
        caller.Http.DefaultRequestHeaders.Authorization = null;

        Ending ending = await caller.Ask(Way.Raw, turn).Ending;

        ending.ShouldShowStatus(Way.Raw, 401);
        Assert.Equal("unauthorized", ending.ShouldFail(Permanent, mayHaveRun: false).ErrorType);
        Assert.Equal(0, turn.Calls);
    }

    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task A_session_key_that_is_reserved_is_the_callers_fault(Way way)
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);
        var caller = new Caller(Gateway);
        caller.Http.DefaultRequestHeaders.Add("x-openclaw-session-key", "cron:nightly");

        Ending ending = await caller.Ask(way, turn).Ending;

        AssertRefused(way, ending, turn);
    }

    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task An_unknown_agent_is_the_callers_fault(Way way)
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);

        Ending ending = await new Caller(Gateway, model: "openclaw/nobody").Ask(way, turn).Ending;

        AssertRefused(way, ending, turn);
    }

    [Theory]
    [InlineData("gpt-4o")]
    [InlineData("openclaw")]
    public async Task A_model_that_names_no_agent_is_the_callers_fault(string model)
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);

        Ending ending = await new Caller(Gateway, model: model).Ask(Way.Sdk, turn).Ending;

        AssertRefused(Way.Sdk, ending, turn);
    }

    [Theory]
    [InlineData("""{"model":"openclaw/main","messages":[{"role":"user","content":"hi"}],"temperature":9}""")]
    [InlineData("""{"model":"openclaw/main","messages":[]}""")]
    [InlineData("""{"model":""")]
    public async Task A_request_that_is_wrong_is_sent_once(string body)
    {
        var caller = new Caller(Gateway);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        using HttpResponseMessage response = await caller.Pipeline.SendAsync(caller.Http, request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        GatewayFailure? failure = GatewayFailure.Classify(response, text);
        Assert.Equal((Permanent, FailureClass.Agent, "invalid_request_error"), (failure?.Kind, failure?.Class, failure?.ErrorType));
    }

    // The gateway answers while the request is still being sent, and closes. Which of the two the client sees first is chance.
    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task A_request_that_is_too_large_is_sent_once(Way way)
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);

        Ending ending = await new Caller(Gateway).Ask(way, new string('x', TooLarge) + turn.Prompt).Ending;

        if (ending.Failure?.StatusCode == 413)
        {
            ending.ShouldShowStatus(way, 413);
            ending.ShouldFail(Permanent, mayHaveRun: true, FailureClass.Agent);
        }
        else
        {
            ending.ShouldFail(Transient, mayHaveRun: true);
        }

        Assert.Equal(0, turn.Calls);
    }

    [Theory]
    [InlineData("GET", "v1/chat/completions", 405)]
    [InlineData("POST", "v1/no/such/endpoint", 404)]
    public async Task An_address_that_is_none_answers_in_plain_text_and_has_run_nothing(string method, string path, int status)
    {
        var caller = new Caller(Gateway);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using HttpResponseMessage response = await caller.Pipeline.SendAsync(caller.Http, request, TestContext.Current.CancellationToken);

        Assert.Equal((status, "text/plain"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        GatewayFailure? failure = GatewayFailure.Classify(response, text);
        Assert.Equal((Permanent, FailureClass.Infrastructure, false), (failure?.Kind, failure?.Class, failure?.MayHaveRun));
    }

    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task A_proxy_that_the_gateway_does_not_know_is_named_in_the_advice(Way way)
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);
        var caller = new Caller(Gateway);
        caller.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");

        Ending ending = await caller.Ask(way, turn).Ending;

        ending.ShouldShowStatus(way, 403);
        Assert.Contains("trustedProxies", ending.ShouldFail(Permanent, mayHaveRun: false).Advice, StringComparison.Ordinal);
        Assert.Equal(0, turn.Calls);
    }

    [Fact]
    public async Task An_idempotency_key_means_nothing_over_HTTP()
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);
        var caller = new Caller(Gateway);
        caller.Http.DefaultRequestHeaders.Add("Idempotency-Key", turn.Prompt);

        (await caller.Ask(Way.Sdk, turn, CallEffect.Keyed).Ending).ShouldBe(turn.Answer);
        (await caller.Ask(Way.Sdk, turn, CallEffect.Keyed).Ending).ShouldBe(turn.Answer);

        Assert.Equal(2, turn.Calls);
    }

    [Fact]
    public async Task A_keyed_call_over_HTTP_is_therefore_not_tried_again()
    {
        Turn turn = Gateway.Provider.Script(Replies.Status(500), Replies.Good);

        Ending ending = await new Caller(Gateway).Ask(Way.Sdk, turn, CallEffect.Keyed).Ending;

        ending.ShouldShowStatus(Way.Sdk, 502);
        Assert.Equal(1, turn.Calls);
    }

    private static void AssertRefused(Way way, Ending ending, Turn turn)
    {
        ending.ShouldShowStatus(way, 400);
        // The same status also comes from the model provider, so it proves nothing.
        ending.ShouldFail(Permanent, mayHaveRun: true, FailureClass.Agent);
        Assert.Equal(0, turn.Calls);
    }
}
