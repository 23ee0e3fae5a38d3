namespace OpenClaw.Resilience;

/// <summary>A step that an earlier process started and whose outcome is unknown.</summary>
/// <param name="Step">The key of the step.</param>
/// <param name="Attempt">Which execution is in doubt, from 1.</param>
/// <param name="StartedAt">When that execution started.</param>
/// <param name="Failure">The type of the exception that ended it without telling whether its work was done; null when it never
/// ended.</param>
public sealed record InDoubtStep(string Step, int Attempt, DateTimeOffset StartedAt, string? Failure);
