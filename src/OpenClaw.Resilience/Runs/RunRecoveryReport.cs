namespace OpenClaw.Resilience;

/// <summary>What <see cref="AgentRun.ResumeAsync(RunId, CancellationToken)"/> found.</summary>
/// <param name="IsResumed">Whether an earlier process had begun this generation of the run.</param>
/// <param name="StepsRestored">How many finished steps it left: these are not executed again.</param>
/// <param name="InDoubt">The steps that it started and whose outcome is unknown.</param>
/// <param name="Repair">What had to be cut off the end of the journal; null when it was intact.</param>
public sealed record RunRecoveryReport(bool IsResumed, int StepsRestored, IReadOnlyList<InDoubtStep> InDoubt, JournalRepair? Repair);
