using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.WebSockets;

/// <summary>Requests over the gateway's WebSocket, on real sockets and a virtual clock.</summary>
public sealed class GatewaySocketTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task It_signs_in_once_and_answers_each_request()
    {
        await using var gateway = new SocketGateway(request => request.OkAsync(new() { ["method"] = request.Method }));
        await using GatewaySocket socket = Socket(gateway);

        JsonElement[] answers = await Task.WhenAll(socket.RequestAsync("health"), socket.RequestAsync("status"));

        Assert.Equal(["health", "status"], answers.Select(answer => answer.GetProperty("method").GetString()).Order());
        JsonNode connect = Assert.Single(gateway.SignIns)["params"]!;
        Assert.Equal((4, "t", "gateway-client", "operator"), ((int)connect["minProtocol"]!, (string)connect["auth"]!["token"]!, (string)connect["client"]!["id"]!, (string)connect["role"]!));
    }

    [Fact]
    public async Task The_answer_of_a_turn_is_its_end_not_its_admission()
    {
        await using var gateway = new SocketGateway(async request =>
        {
            await request.OkAsync(new() { ["status"] = "accepted" });
            await request.OkAsync(new() { ["status"] = "ok", ["result"] = "done" });
        });
        await using GatewaySocket socket = Socket(gateway);

        JsonElement answer = await socket.RequestAsync("agent", new() { ["message"] = "go" });

        Assert.Equal("done", answer.GetProperty("result").GetString());
    }

    [Theory]
    [InlineData("""{"status":"error","summary":"failed","result":{"meta":{"error":{"kind":"incomplete_turn","message":"out of order"}}}}""", "TURN_FAILED", "incomplete_turn", "out of order", FailureKind.Permanent)]
    [InlineData("""{"status":"error","summary":"failed"}""", "TURN_FAILED", null, "failed", FailureKind.Permanent)]
    [InlineData("""{"status":"timeout","summary":"aborted","timeoutPhase":"provider"}""", "AGENT_TIMEOUT", "provider", "aborted", FailureKind.Transient)]
    public async Task A_turn_that_ends_badly_is_a_failure_although_its_answer_is_good(string end, string code, string? detail, string message, FailureKind kind)
    {
        await using var gateway = new SocketGateway(async request =>
        {
            await request.OkAsync(new() { ["status"] = "accepted" });
            await request.OkAsync(JsonNode.Parse(end)!.AsObject());
        });
        await using GatewaySocket socket = Socket(gateway, options => options.MaxRetries = 0);

        var failure = await Assert.ThrowsAsync<GatewayRequestException>(() => socket.RequestAsync("agent", new() { ["message"] = "go" }));

        Assert.Equal((code, detail), (failure.Code, failure.DetailCode));
        Assert.EndsWith(message, failure.Message, StringComparison.Ordinal);
        GatewayFailure meaning = GatewayFailure.Classify(failure);
        Assert.Equal((kind, true), (meaning.Kind, meaning.MayHaveRun));
    }

    [Fact]
    public async Task A_turn_that_runs_already_is_waited_for_and_its_key_brings_the_answer()
    {
        int asked = 0;
        string[] waits = ["timeout", "ok"];
        int waited = 0;
        await using var gateway = new SocketGateway(request => request.Method == "agent.wait"
            ? request.OkAsync(new() { ["status"] = waits[waited++] })
            : request.OkAsync(new() { ["status"] = ++asked == 1 ? "in_flight" : "ok", ["runId"] = request.Key, ["result"] = "done" }));
        await using GatewaySocket socket = Socket(gateway);

        Task<JsonElement> turn = socket.RequestAsync("agent", new() { ["message"] = "go" }, "mine");
        await _time.SkipWaitsAsync(turn, TimeSpan.FromSeconds(5));

        Assert.Equal("done", (await turn).GetProperty("result").GetString());
        Assert.Equal(["agent", "agent.wait", "agent.wait", "agent"], gateway.Requests.Select(request => (string?)request["method"]));
        Assert.Equal(["mine", "mine"], gateway.Requests.Where(request => (string?)request["method"] == "agent.wait").Select(request => (string?)request["params"]!["runId"]));
    }

    [Fact]
    public async Task A_turn_has_a_key_of_its_own_or_the_one_it_is_given()
    {
        await using var gateway = new SocketGateway(request => request.OkAsync(new() { ["status"] = "ok" }));
        await using GatewaySocket socket = Socket(gateway);

        await socket.RequestAsync("chat.send", new() { ["message"] = "a" });
        await socket.RequestAsync("chat.send", new() { ["message"] = "b" });
        await socket.RequestAsync("chat.send", new() { ["message"] = "c" }, "mine");
        await socket.RequestAsync("health");

        string?[] keys = [.. gateway.Requests.Select(request => (string?)request["params"]!["idempotencyKey"])];
        Assert.Equal(32, keys[0]!.Length);
        Assert.NotEqual(keys[0], keys[1]);
        Assert.Equal(("mine", null), (keys[2], keys[3]));
    }

    [Theory]
    [InlineData("INVALID_REQUEST", null, FailureKind.Permanent, FailureClass.Agent, false)]
    [InlineData("FORBIDDEN", "MISSING_SCOPE", FailureKind.Permanent, FailureClass.Agent, false)]
    [InlineData("AGENT_TIMEOUT", null, FailureKind.Transient, FailureClass.Infrastructure, true)]
    [InlineData("SOMETHING_NEW", null, FailureKind.Permanent, FailureClass.Infrastructure, true)]
    public async Task An_error_says_its_code_and_what_it_means(string code, string? detail, FailureKind kind, FailureClass failureClass, bool mayHaveRun)
    {
        await using var gateway = new SocketGateway(request => request.ErrorAsync(new() { ["code"] = code, ["message"] = "no", ["details"] = new JsonObject { ["code"] = detail } }));
        await using GatewaySocket socket = Socket(gateway, options => options.MaxRetries = 0);

        var failure = await Assert.ThrowsAsync<GatewayRequestException>(() => socket.RequestAsync("agent"));

        Assert.Equal((code, detail, "agent"), (failure.Code, failure.DetailCode, failure.Method));
        GatewayFailure meaning = GatewayFailure.Classify(failure);
        Assert.Equal((kind, failureClass, mayHaveRun), (meaning.Kind, meaning.Class, meaning.MayHaveRun));
    }

    [Fact]
    public async Task A_number_that_is_none_costs_no_connection()
    {
        await using var gateway = new SocketGateway(request => request.Method == "health"
            ? request.OkAsync([])
            : request.ErrorAsync(new() { ["code"] = "INVALID_REQUEST", ["message"] = "no", ["retryAfterMs"] = null }));
        await using GatewaySocket socket = Socket(gateway);

        var failure = await Assert.ThrowsAsync<GatewayRequestException>(() => socket.RequestAsync("sessions.reset"));
        await socket.RequestAsync("health");

        Assert.Null(failure.RetryAfter);
        Assert.Single(gateway.SignIns);
    }

    [Fact]
    public async Task A_wrong_token_is_final_and_a_lockout_stops_all_calls()
    {
        await using var gateway = new SocketGateway(request => request.OkAsync([]))
        {
            Refusal = new() { ["code"] = "INVALID_REQUEST", ["message"] = "token mismatch", ["details"] = new JsonObject { ["code"] = "AUTH_TOKEN_MISMATCH" } },
        };
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        await using GatewaySocket socket = gateway.Socket(pipeline);

        Assert.Equal("AUTH_TOKEN_MISMATCH", (await Assert.ThrowsAsync<GatewayRequestException>(() => socket.RequestAsync("health"))).DetailCode);
        gateway.Refusal = new() { ["code"] = "INVALID_REQUEST", ["message"] = "wait", ["retryAfterMs"] = 8000, ["details"] = new JsonObject { ["code"] = "AUTH_RATE_LIMITED" } };
        await Assert.ThrowsAsync<GatewayRequestException>(() => socket.RequestAsync("health"));
        var rejection = await Assert.ThrowsAsync<GatewayRejectedException>(() => socket.RequestAsync("health"));

        Assert.Equal((RejectionReason.Lockout, TimeSpan.FromSeconds(8)), (rejection.Reason, rejection.RetryAfter));
        Assert.Equal(2, gateway.SignIns.Count);
    }

    [Fact]
    public async Task A_close_is_told_with_its_code_and_reason()
    {
        await using var gateway = new SocketGateway(request => request.CloseAsync(1008, "slow consumer"));
        await using GatewaySocket socket = Socket(gateway, options => options.MaxRetries = 0);

        var failure = await Assert.ThrowsAsync<GatewaySocketClosedException>(() => socket.RequestAsync("sessions.reset"));

        Assert.Equal((1008, "slow consumer", true), (failure.CloseCode, failure.CloseReason, failure.AfterHello));
        Assert.Equal(FailureKind.Transient, GatewayFailure.Classify(failure).Kind);
    }

    [Fact]
    public async Task A_request_without_an_answer_ends_at_its_limit_and_leaves_the_connection_to_the_others()
    {
        await using var gateway = new SocketGateway(request => request.Method == "health" ? Task.CompletedTask : request.OkAsync([])) { TickInterval = 600_000 };
        await using GatewaySocket socket = Socket(gateway, options => options.MaxRetries = 0);

        Task<JsonElement> request = socket.RequestAsync("health");
        await Gateways.EventuallyAsync(() => gateway.Requests.Count == 1);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.IsType<TimeoutException>((await Assert.ThrowsAsync<TaskCanceledException>(() => request)).InnerException);
        await socket.RequestAsync("status");
        Assert.Single(gateway.SignIns);
    }

    [Fact]
    public async Task A_connection_without_a_word_for_two_ticks_is_given_up()
    {
        await using var gateway = new SocketGateway(_ => Task.CompletedTask) { TickInterval = 1_000 };
        await using GatewaySocket socket = Socket(gateway, options => options.MaxRetries = 0);

        Task<JsonElement> turn = socket.RequestAsync("agent", new() { ["message"] = "go" });
        await Gateways.EventuallyAsync(() => gateway.Requests.Count == 1);
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(4000, (await Assert.ThrowsAsync<GatewaySocketClosedException>(() => turn)).CloseCode);
    }

    [Fact]
    public async Task A_gateway_that_never_greets_is_given_up_before_anything_is_asked()
    {
        var gate = new TaskCompletionSource();
        await using var gateway = new SocketGateway(_ => Task.CompletedTask) { IsMute = true, Gate = gate.Task };
        await using GatewaySocket socket = Socket(gateway, options => options.MaxRetries = 0);

        Task<JsonElement> request = socket.RequestAsync("health");
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(15));
        // So that the limit of the sign-in can be told from that of the connecting.
        _time.Advance(TimeSpan.FromSeconds(5));
        gate.SetResult();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(15));
        _time.Advance(TimeSpan.FromSeconds(15));

        var failure = await Assert.ThrowsAsync<GatewaySocketClosedException>(() => request);
        Assert.Equal((false, false), (failure.AfterHello, GatewayFailure.Classify(failure).MayHaveRun));
    }

    [Fact]
    public async Task A_cancelled_request_leaves_the_connection_to_the_others()
    {
        await using var gateway = new SocketGateway(request => request.Method == "agent" ? Task.CompletedTask : request.OkAsync([]));
        await using GatewaySocket socket = Socket(gateway);
        using var cancellation = new CancellationTokenSource();

        Task<JsonElement> turn = socket.RequestAsync("agent", new() { ["message"] = "go" }, cancellationToken: cancellation.Token);
        await Gateways.EventuallyAsync(() => gateway.Requests.Count == 1);
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => turn);
        await socket.RequestAsync("health");
        Assert.Single(gateway.SignIns);
    }

    [Fact]
    public async Task A_message_that_the_gateway_would_refuse_is_not_sent()
    {
        await using var gateway = new SocketGateway(request => request.OkAsync([])) { MaxPayload = 1_000 };
        await using GatewaySocket socket = Socket(gateway);

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => socket.RequestAsync("agent", new() { ["message"] = new string('x', 2_000) }));

        Assert.Contains("1000", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task Events_reach_all_readers_and_their_reading_ends_with_the_socket()
    {
        await using var gateway = new SocketGateway(async request =>
        {
            await request.TellAsync("chat", 1);
            await request.OkAsync([]);
        });
        GatewaySocket socket = Socket(gateway);
        Task<List<GatewayEvent>> reader = ReadAsync(socket);
        Task<List<GatewayEvent>> other = ReadAsync(socket);

        await socket.RequestAsync("health");
        await socket.RequestAsync("health");
        await socket.DisposeAsync();

        Assert.Equal(2, (await reader).Count);
        Assert.All(await other, next => Assert.Equal(("chat", 1L, "hi"), (next.Name, next.Sequence, next.Payload.GetProperty("text").GetString())));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => socket.RequestAsync("health"));
    }

    [Fact]
    public async Task When_all_is_over_nothing_is_held()
    {
        await using var gateway = new SocketGateway(request => request.OkAsync([]));
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        GatewaySocket socket = gateway.Socket(pipeline);
        await socket.RequestAsync("health");
        await socket.DisposeAsync();

        Assert.Equal(5, pipeline.State.FreePermits);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Theory]
    [InlineData("http://gateway/", 30, "Address")]
    [InlineData("ws://gateway/", 0, "RequestTimeout")]
    public void A_wrong_option_is_refused_by_name(string address, int seconds, string name)
    {
        var options = new GatewaySocketOptions { Address = new Uri(address), RequestTimeout = TimeSpan.FromSeconds(seconds) };
        var refusal = Assert.Throws<ArgumentException>(() => new GatewaySocket(Gateways.OpenClaw(_time), options));
        Assert.Contains($"GatewaySocketOptions.{name}", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<List<GatewayEvent>> ReadAsync(GatewaySocket socket)
    {
        List<GatewayEvent> events = [];
        await foreach (GatewayEvent next in socket.ReadEventsAsync())
        {
            events.Add(next);
        }

        return events;
    }

    private GatewaySocket Socket(SocketGateway gateway, Action<GatewayOptions>? configure = null) => gateway.Socket(Gateways.OpenClaw(_time, configure));
}
