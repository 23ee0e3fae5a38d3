namespace OpenClaw.Resilience;

/// <summary>What a step may need to know about itself.</summary>
public sealed class StepContext
{
    internal StepContext(RunId runId, string key, StepName name, int attempt, string idempotencyKey)
    {
        RunId = runId;
        Key = key;
        Name = name;
        Attempt = attempt;
        IdempotencyKey = idempotencyKey;
    }

    /// <summary>The run.</summary>
    public RunId RunId { get; }

    /// <summary>The name that the program gave.</summary>
    public StepName Name { get; }

    /// <summary>The step within the run, such as <c>act#2</c> for the second <c>act</c>.</summary>
    public string Key { get; }

    /// <summary>Which execution of the step this is, over all processes: 1 is the first ever.</summary>
    public int Attempt { get; }

    /// <summary>
    /// 32 hexadecimal digits, the same for every execution of this step, also after a crash, and different in every other step, run and
    /// generation of a run. Send it along with what must not happen twice.
    /// </summary>
    public string IdempotencyKey { get; }
}
