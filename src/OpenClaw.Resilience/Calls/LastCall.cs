namespace OpenClaw.Resilience;

/// <summary>What became of the last call that was sent.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Failure">Why it failed; null when it succeeded.</param>
internal sealed record LastCall(DateTimeOffset At, GatewayFailure? Failure);
