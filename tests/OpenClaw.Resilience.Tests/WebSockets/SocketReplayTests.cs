using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.WebSockets;

/// <summary>What is sent over the socket once more after a failure, and what must not be.</summary>
public sealed class SocketReplayTests
{
    private readonly VirtualTime _time = new();

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
    public async Task A_turn_that_was_answered_with_a_failure_is_not_sent_again_since_the_answer_is_kept_with_the_key()
    {
        await using var gateway = new SocketGateway(request => request.ErrorAsync(new() { ["code"] = "UNAVAILABLE", ["message"] = "the provider has failed" }));
        await using GatewaySocket socket = Socket(gateway);

        Task<JsonElement> turn = socket.RequestAsync("agent", new() { ["message"] = "go" });
        await _time.SkipWaitsAsync(Settled(turn), TimeSpan.FromSeconds(5));

        var failure = await Assert.ThrowsAsync<GatewayRequestException>(() => turn);
        Assert.Equal((FailureKind.Transient, true), (GatewayFailure.Classify(failure).Kind, GatewayFailure.Classify(failure).MayHaveRun));
        Assert.Single(gateway.Requests);
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

    private static Task Settled(Task task) => task.ContinueWith(static _ => { }, TaskScheduler.Default);

    private GatewaySocket Socket(SocketGateway gateway) => gateway.Socket(Gateways.OpenClaw(_time));
}
