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

    [Fact]
    public async Task A_turn_that_was_cut_off_is_sent_again_with_its_key_to_the_same_life_of_the_gateway()
    {
        int attempts = 0;
        await using var gateway = new SocketGateway(request => ++attempts == 1 ? request.CutAsync() : request.OkAsync(new() { ["status"] = "ok" }));
        await using GatewaySocket socket = Socket(gateway);

        Task<JsonElement> turn = socket.RequestAsync("chat.send", new() { ["message"] = "go" });
        await _time.SkipWaitsAsync(turn, TimeSpan.FromSeconds(5));

        Assert.Equal("ok", (await turn).GetProperty("status").GetString());
        Assert.Equal(2, gateway.Requests.Count);
        Assert.Single(gateway.Requests.Select(request => (string?)request["params"]!["idempotencyKey"]).Distinct());
    }

    [Fact]
    public async Task A_turn_that_was_cut_off_by_a_restart_is_not_sent_again()
    {
        SocketGateway? server = null;
        await using var gateway = server = new SocketGateway(request =>
        {
            server!.BootId = "boot-2";
            return request.CutAsync();
        });
        await using GatewaySocket socket = Socket(gateway);

        Task<JsonElement> turn = socket.RequestAsync("chat.send", new() { ["message"] = "go" });
        await _time.SkipWaitsAsync(Settled(turn), TimeSpan.FromSeconds(5));

        var failure = await Assert.ThrowsAsync<GatewaySocketClosedException>(() => turn);
        Assert.Equal((1012, true), (failure.CloseCode, GatewayFailure.Classify(failure).MayHaveRun));
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task A_request_without_a_key_that_may_have_run_is_not_sent_again()
    {
        await using var gateway = new SocketGateway(request => request.CutAsync());
        await using GatewaySocket socket = Socket(gateway);

        Task<JsonElement> request = socket.RequestAsync("sessions.reset");
        await _time.SkipWaitsAsync(Settled(request), TimeSpan.FromSeconds(5));

        var failure = await Assert.ThrowsAsync<GatewaySocketClosedException>(() => request);
        Assert.Equal(1006, failure.CloseCode);
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task A_draining_gateway_has_admitted_nothing_so_everything_is_sent_again()
    {
        int attempts = 0;
        await using var gateway = new SocketGateway(request => ++attempts == 1
            ? request.ErrorAsync(new() { ["code"] = "UNAVAILABLE", ["message"] = "restarting", ["retryable"] = true, ["retryAfterMs"] = 1000, ["details"] = new JsonObject { ["reason"] = "gateway-restarting" } })
            : request.OkAsync(new() { ["status"] = "ok" }));
        await using GatewaySocket socket = Socket(gateway);

        Task<JsonElement> request = socket.RequestAsync("sessions.reset");
        List<TimeSpan> waits = await _time.SkipWaitsAsync(request, TimeSpan.FromSeconds(5));

        Assert.Equal("ok", (await request).GetProperty("status").GetString());
        Assert.All(waits, wait => Assert.True(wait >= TimeSpan.FromSeconds(1)));
        Assert.Single(gateway.SignIns);
    }

    [Fact]
    public async Task A_turn_that_a_draining_gateway_refused_is_sent_to_the_next_life()
    {
        SocketRequest? refused = null;
        int timers = 0;
        await using var gateway = new SocketGateway(request =>
        {
            if (refused is not null)
            {
                return request.OkAsync(new() { ["status"] = "ok" });
            }

            (refused, timers) = (request, _time.ActiveTimers);
            return request.ErrorAsync(new() { ["code"] = "UNAVAILABLE", ["message"] = "restarting", ["retryable"] = true, ["retryAfterMs"] = 1000 });
        });
        await using GatewaySocket socket = Socket(gateway);

        Task<JsonElement> turn = socket.RequestAsync("agent", new() { ["message"] = "go" });
        // The wait before the retry comes; with the close of the connection, its watch goes.
        await Gateways.EventuallyAsync(() => refused is not null && _time.ActiveTimers == timers + 1);
        gateway.BootId = "boot-2";
        await refused!.CloseAsync(1012, "service restart");
        await Gateways.EventuallyAsync(() => _time.ActiveTimers == timers);
        await _time.SkipWaitsAsync(Settled(turn), TimeSpan.FromSeconds(5));

        Assert.Equal("ok", (await turn).GetProperty("status").GetString());
        Assert.Equal(2, gateway.SignIns.Count);
        Assert.Single(gateway.Requests.Select(request => (string?)request["params"]!["idempotencyKey"]).Distinct());
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
        await using GatewaySocket socket = Socket(gateway, pipeline);

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
        GatewaySocket socket = Socket(gateway, pipeline);
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

    private static Task Settled(Task task) => task.ContinueWith(static _ => { }, TaskScheduler.Default);

    private GatewaySocket Socket(SocketGateway gateway, Action<GatewayOptions>? configure = null) => Socket(gateway, Gateways.OpenClaw(_time, configure));

    private static GatewaySocket Socket(SocketGateway gateway, GatewayPipeline pipeline)
        => new(pipeline, new GatewaySocketOptions { Address = gateway.Address, Token = "t" });
}
