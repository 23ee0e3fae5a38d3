using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;

namespace OpenClaw.Resilience.GatewayTests.WebSockets;

/// <summary>Requests over the WebSocket to a gateway that stays.</summary>
[Collection(nameof(SteadyGateway))]
public sealed class GatewaySocketTests(SteadyGateway gateway) : GatewayTest(gateway)
{
    [Fact]
    public async Task It_signs_in_and_asks()
    {
        await using GatewaySocket socket = Socket(Gateway);

        JsonElement health = await socket.RequestAsync("health", cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(health.GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_turn_is_answered_with_its_end_and_the_same_key_asks_the_model_once()
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);
        await using GatewaySocket socket = Socket(Gateway);
        string key = Guid.NewGuid().ToString();

        JsonElement first = await AskAsync(socket, turn, key);
        JsonElement again = await AskAsync(socket, turn, key);

        Assert.Contains(turn.Answer, first.ToString(), StringComparison.Ordinal);
        Assert.Contains(turn.Answer, again.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, turn.Calls);
    }

    [Fact]
    public async Task A_wrong_token_is_final()
    {
        await using var socket = new GatewaySocket(
            new Caller(Gateway).Pipeline, new GatewaySocketOptions { Address = Gateway.SocketAddress, Token = "wrong" });

        var refusal = await Assert.ThrowsAsync<GatewayRequestException>(() => socket.RequestAsync("health", cancellationToken: TestContext.Current.CancellationToken));

        GatewayFailure failure = GatewayFailure.Classify(refusal, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("AUTH_TOKEN_MISMATCH", FailureKind.Permanent, false), (refusal.DetailCode, failure.Kind, failure.MayHaveRun));
    }

    [Theory]
    [InlineData("500")]
    [InlineData("429")]
    [InlineData("reset")]
    [InlineData("hang")]
    public async Task A_fault_of_the_provider_is_an_explained_failure_and_one_model_call(string name)
    {
        Turn turn = Gateway.Provider.Script(name switch
        {
            "reset" => Replies.Reset,
            "hang" => Replies.Hang,
            _ => Replies.Status(int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)),
        });
        await using GatewaySocket socket = Socket(Gateway);

        var thrown = await Assert.ThrowsAsync<GatewayRequestException>(() => AskAsync(socket, turn, Guid.NewGuid().ToString()));

        GatewayFailure failure = GatewayFailure.Classify(thrown, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(failure.MayHaveRun, $"{failure} {thrown}");
        Assert.Equal(1, turn.Calls);
        await Eventually.HoldsAsync(() => turn.Active == 0);
    }

    [Fact]
    public async Task An_unknown_method_is_the_callers_fault_and_the_connection_stays()
    {
        await using GatewaySocket socket = Socket(Gateway);

        var refusal = await Assert.ThrowsAsync<GatewayRequestException>(() => socket.RequestAsync("no.such.method", cancellationToken: TestContext.Current.CancellationToken));
        await socket.RequestAsync("health", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(FailureKind.Permanent, GatewayFailure.Classify(refusal, cancellationToken: TestContext.Current.CancellationToken).Kind);
    }

    [Fact]
    public async Task The_gateway_tells_of_the_turn_while_it_runs()
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);
        await using GatewaySocket socket = Socket(Gateway);
        Task<GatewayEvent> told = FirstAsync(socket, "agent");

        await AskAsync(socket, turn, Guid.NewGuid().ToString());

        Assert.Equal("agent", (await told).Name);
    }

    internal static GatewaySocket Socket(GatewayUnderTest gateway, Action<GatewayOptions>? configure = null, string? token = null)
        => new(new Caller(gateway, configure).Pipeline, new GatewaySocketOptions { Address = gateway.SocketAddress, Token = token ?? gateway.Token });

    internal static Task<JsonElement> AskAsync(GatewaySocket socket, Turn turn, string key, string agent = GatewayFolder.MainAgent)
        => socket.RequestAsync("agent", new JsonObject { ["message"] = turn.Prompt, ["agentId"] = agent, ["sessionKey"] = $"agent:{agent}:{turn.Prompt}" }, key);

    private static async Task<GatewayEvent> FirstAsync(GatewaySocket socket, string name)
    {
        await foreach (GatewayEvent next in socket.ReadEventsAsync())
        {
            if (next.Name == name)
            {
                return next;
            }
        }

        throw new InvalidOperationException($"The events ended without one of the name {name}.");
    }
}
