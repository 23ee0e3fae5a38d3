using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Resilience;

/// <summary>A turn over a connection, up to its end, whoever has sent it first.</summary>
internal static class GatewayTurn
{
    /// <summary>The method whose two answers have one id: the first says that the turn was admitted, the second ends it.</summary>
    public const string Method = "agent";

    /// <summary>The answer to a key that is known and whose turn still runs. No second one follows on the connection that gets it.</summary>
    private const string InFlight = "in_flight";

    // The gateway's own default is 30 s, that of a client's patience too.
    private const int WaitMilliseconds = 20_000;
    private static readonly TimeSpan BetweenWaits = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks for a turn and waits for its end.</summary>
    /// <exception cref="GatewayRequestException">It was refused or has failed.</exception>
    public static async Task<JsonElement> RunAsync(GatewayConnection connection, JsonObject parameters, TimeProvider time, CancellationToken token)
    {
        while (true)
        {
            JsonElement answer = await connection.RequestAsync(Method, parameters, token).ConfigureAwait(false);
            if (answer.Text("status") != InFlight)
            {
                return answer;
            }

            // An earlier connection, or an earlier process, has sent it. Once it has ended, the key brings its answer.
            await WaitForEndAsync(connection, answer.Text("runId"), time, token).ConfigureAwait(false);
        }
    }

    public static bool IsAdmission(JsonElement payload) => payload.Text("status") == "accepted";

    /// <remarks>The key is not sent meanwhile: the gateway remembers it for five minutes, and anew from the end of its turn.</remarks>
    private static async Task WaitForEndAsync(GatewayConnection connection, string? runId, TimeProvider time, CancellationToken token)
    {
        JsonElement state;
        do
        {
            state = await connection.RequestAsync(
                "agent.wait", new JsonObject { ["runId"] = runId, ["timeoutMs"] = WaitMilliseconds }, token).ConfigureAwait(false);
            await Task.Delay(BetweenWaits, time, token).ConfigureAwait(false);
        }
        while (state.Text("status") == "timeout" && state.Member("endedAt").ValueKind == JsonValueKind.Undefined);
    }
}
