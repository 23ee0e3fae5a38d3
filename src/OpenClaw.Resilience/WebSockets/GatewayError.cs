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
        TimeSpan? retryAfter = error.TryGetProperty("retryAfterMs", out JsonElement wait) && wait.TryGetDouble(out double milliseconds) && milliseconds >= 0
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, TimeSpan.FromDays(1).TotalMilliseconds))
            : null;
        return new GatewayError(
            Text(error, "code") ?? "UNKNOWN",
            Text(error, "message") ?? "",
            detail,
            error.TryGetProperty("retryable", out JsonElement retryable) && retryable.ValueKind == JsonValueKind.True,
            retryAfter);
    }

    private static string? Text(JsonElement owner, string name)
        => owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
