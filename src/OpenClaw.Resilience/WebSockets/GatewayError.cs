using System.Text.Json;

namespace OpenClaw.Resilience;

/// <summary>The error of a gateway's answer over a WebSocket.</summary>
internal sealed record GatewayError(string Code, string Message, string? DetailCode, bool IsRetryable, TimeSpan? RetryAfter)
{
    public static GatewayError Parse(JsonElement error)
    {
        string? detail = error.TryGetProperty("details", out JsonElement details) && details.ValueKind == JsonValueKind.Object
            ? Text(details, "code") ?? Text(details, "reason")
            : null;
        TimeSpan? retryAfter = error.TryGetProperty("retryAfterMs", out JsonElement wait) && wait.ValueKind == JsonValueKind.Number && wait.TryGetDouble(out double milliseconds) && milliseconds >= 0
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, TimeSpan.FromDays(1).TotalMilliseconds))
            : null;
        return new GatewayError(
            Text(error, "code") ?? "UNKNOWN",
            Text(error, "message") ?? "",
            detail,
            error.TryGetProperty("retryable", out JsonElement retryable) && retryable.ValueKind == JsonValueKind.True,
            retryAfter);
    }

    /// <summary>The failure of a turn although the gateway's answer is a good one, or null: the end of the turn says how it went.</summary>
    public static GatewayError? OfTurn(JsonElement payload)
    {
        string? code = Text(payload, "status") switch
        {
            "error" => GatewayRequestException.TurnFailed,
            "timeout" => GatewayRequestException.TurnTimedOut,
            _ => null,
        };
        JsonElement error = Member(Member(Member(payload, "result"), "meta"), "error");
        return code is null
            ? null
            : new(
                code,
                Text(error, "message") ?? Text(payload, "summary") ?? "",
                Text(error, "kind") ?? Text(payload, "timeoutPhase"),
                IsRetryable: false,
                RetryAfter: null);
    }

    /// <summary>A member's text; null when there is none.</summary>
    public static string? Text(JsonElement owner, string name)
        => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Member(JsonElement owner, string name)
        => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) ? value : default;
}
