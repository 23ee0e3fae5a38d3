using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using OpenClaw.Resilience.RunWorker;

namespace OpenClaw.Resilience.GatewayTests.Runs;

/// <summary>Someone resets or deletes a session between two steps of a run.</summary>
[Collection(nameof(SteadyGateway))]
public sealed class LostSessionTests(SteadyGateway gateway) : GatewayTest(gateway)
{
    // More than a compaction leaves alone.
    private static readonly Reply LongAnswer = call => call.SendWholeAsync(string.Concat(Enumerable.Repeat("word ", 25_000)));

    [Theory]
    [InlineData(Protocol.Socket, "sessions.reset", false)]
    [InlineData(Protocol.Socket, "sessions.delete", false)]
    [InlineData(Protocol.Session, "sessions.reset", true)]
    [InlineData(Protocol.Session, "sessions.delete", true)]
    public async Task A_run_sends_no_further_turn(Protocol protocol, string method, bool countsOverHttp)
    {
        using var run = new GatewayRun(Gateway, protocol, [Replies.Good], [Replies.Good]);
        await using GatewayAgent agent = run.CreateAgent();
        if (countsOverHttp)
        {
            agent.Guard = new SessionContinuityGuard(run.SessionKey, token => CountOverHttpAsync(run.SessionKey, token));
        }

        await run.BeginAsync(turns: 1, agent);
        await AskAsAdministratorAsync(method, run.SessionKey);

        var lost = await Assert.ThrowsAsync<SessionContinuityLostException>(() => run.GoOnAsync(agent: agent));

        Assert.Equal((run.SessionKey, 1, 0), (lost.SessionKey, lost.KnownTurns, lost.FoundTurns));
        Assert.Equal([1, 0], run.Calls);
    }

    [Fact]
    public async Task A_compacted_session_is_not_a_lost_one()
    {
        using var run = new GatewayRun(Gateway, Protocol.Socket, [LongAnswer, Replies.Good], [LongAnswer, Replies.Good], [Replies.Good]);
        await run.BeginAsync(turns: 2);
        JsonElement outcome = await AskAsAdministratorAsync("sessions.compact", run.SessionKey);
        Assert.True(outcome.GetProperty("compacted").GetBoolean(), outcome.ToString());

        Assert.Equal(run.Turns[2].Answer, (await run.GoOnAsync())[2]);
    }

    private async Task<JsonElement> AskAsAdministratorAsync(string method, string session)
    {
        await using var socket = new GatewaySocket(new Caller(Gateway).Pipeline, new GatewaySocketOptions
        {
            Address = Gateway.SocketAddress,
            Token = Gateway.Token,
            Scopes = ["operator.read", "operator.write", "operator.admin"],
        });
        return await socket.RequestAsync(method, new JsonObject { ["key"] = session }, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>What a program without a socket can ask. The address is not in the gateway's documentation.</summary>
    private async Task<int?> CountOverHttpAsync(string session, CancellationToken cancellationToken)
    {
        using HttpClient http = GatewayHttp.Create(Gateway.Address);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Gateway.Token);
        using HttpResponseMessage response = await http.GetAsync($"sessions/{Uri.EscapeDataString(session)}/history", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return 0;
        }

        using JsonDocument history = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken));
        return history.RootElement.TryGetProperty("hasMore", out JsonElement more) && more.GetBoolean()
            ? null
            : history.RootElement.GetProperty("messages").EnumerateArray().Count(message => message.GetProperty("role").ValueEquals("user"));
    }
}
