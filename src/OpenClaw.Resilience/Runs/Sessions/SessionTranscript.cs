using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Resilience;

/// <summary>What a gateway tells over its WebSocket of a session's turns.</summary>
internal static class SessionTranscript
{
    // The most that the gateway gives at once. Of each message only the beginning is wanted, which is not even looked at.
    private const int MaxMessages = 1_000;
    private const int MaxCharacters = 1;

    public static async Task<SessionTurns> CountAsync(GatewaySocket socket, string sessionKey, CancellationToken cancellationToken)
    {
        var parameters = new JsonObject { ["sessionKey"] = sessionKey, ["limit"] = MaxMessages, ["maxChars"] = MaxCharacters };
        return Count(await socket.RequestAsync("chat.history", parameters, cancellationToken: cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Counts what was asked, not what was answered: a silent answer is not shown. A compacted session keeps its rows in the gateway that this was
    /// tried with; others may drop them, and a place where rows were dropped is no loss.
    /// </summary>
    internal static SessionTurns Count(JsonElement history)
    {
        if (history.Member("messages").ValueKind != JsonValueKind.Array)
        {
            return SessionTurns.Unknown;
        }

        int turns = 0;
        bool isAll = !history.IsTrue("hasMore");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonElement message in history.Elements("messages"))
        {
            JsonElement about = message.Member("__openclaw");
            isAll &= about.Text("kind") != "compaction";

            // One record can be shown as several rows. What the gateway itself has written, such as the note after a restart, is no turn.
            if (message.Text("role") == "user"
                && message.Member("provenance").Text("kind") != "internal_system"
                && (about.Text("id") is not { } id || seen.Add(id)))
            {
                turns++;
            }
        }

        return new SessionTurns(turns, isAll);
    }
}
