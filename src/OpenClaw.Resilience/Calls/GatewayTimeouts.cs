using System.Globalization;

namespace OpenClaw.Resilience;

/// <summary>The exceptions of the time limits: what <see cref="HttpClient"/> throws for its own, which callers catch already.</summary>
internal static class GatewayTimeouts
{
    public static TaskCanceledException Call(CallScope call, TimeSpan limit, Exception inner)
    {
        string what = call.WaitsForSession ? "waited for its session and exceeded"
            : call.Attempts == 0 ? "waited for a free permit and exceeded"
            : "exceeded";
        return Create(call.Gateway.Options, what, nameof(GatewayOptions.CallTimeout), limit, inner);
    }

    public static TaskCanceledException Attempt(CallScope call, TimeSpan limit, Exception inner)
        => Create(call.Gateway.Options, "got no answer within", call.AttemptLimitName, limit, inner);

    public static TaskCanceledException Idle(GatewayOptions options, TimeSpan limit, Exception inner)
        => Create(options, "got no further data within", nameof(GatewayOptions.IdleTimeout), limit, inner);

    private static TaskCanceledException Create(GatewayOptions options, string what, string option, TimeSpan limit, Exception inner)
    {
        string message = string.Create(
            CultureInfo.InvariantCulture, $"A call to gateway '{options.Name}' {what} {option} ({limit.TotalSeconds:0.###} s).");
        return new TaskCanceledException(message, new TimeoutException(message, inner));
    }
}
