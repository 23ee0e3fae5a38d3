using System.Text.Json;

namespace OpenClaw.Resilience;

/// <summary>The error of a gateway's answer over a WebSocket.</summary>
internal sealed record GatewayError(string Code, string Message, string? DetailCode, bool IsRetryable, TimeSpan? RetryAfter)
{
    public static GatewayError Parse(JsonElement error)
    {
        JsonElement details = error.Member("details");
        TimeSpan? retryAfter = error.Member("retryAfterMs") is { ValueKind: JsonValueKind.Number } wait && wait.TryGetDouble(out double milliseconds) && milliseconds >= 0
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, TimeSpan.FromDays(1).TotalMilliseconds))
            : null;
        return new GatewayError(
            error.Text("code") ?? "UNKNOWN",
            error.Text("message") ?? "",
            details.Text("code") ?? details.Text("reason"),
            error.IsTrue("retryable"),
            retryAfter);
    }

    /// <summary>The failure of a turn although the gateway's answer is a good one, or null: the end of the turn says how it went.</summary>
    public static GatewayError? OfTurn(JsonElement payload)
    {
        string? code = payload.Text("status") switch
        {
            "error" => GatewayRequestException.TurnFailed,
            "timeout" => GatewayRequestException.TurnTimedOut,
            _ => null,
        };
        JsonElement error = payload.Member("result").Member("meta").Member("error");
        return code is null
            ? null
            : new(
                code,
                error.Text("message") ?? payload.Text("summary") ?? "",
                error.Text("kind") ?? payload.Text("timeoutPhase"),
                IsRetryable: false,
                RetryAfter: null);
    }
}
