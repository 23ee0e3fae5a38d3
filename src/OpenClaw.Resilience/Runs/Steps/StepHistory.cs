namespace OpenClaw.Resilience;

/// <summary>What is known of one step: how often it has started, how it ended, and its result until a program has asked for it.</summary>
internal sealed class StepHistory(string key)
{
    public string Key { get; } = key;

    /// <summary>How many executions have started, over all processes.</summary>
    public int Attempts { get; private set; }

    /// <summary>The result, or null.</summary>
    public StepRecord? Completed { get; private set; }

    /// <summary>The execution by an earlier process whose outcome is unknown, or null.</summary>
    public InDoubtStep? InDoubt { get; private set; }

    /// <summary>
    /// Digest of the input of the execution that <see cref="Completed"/> or <see cref="InDoubt"/> is about; may be empty.
    /// </summary>
    public ReadOnlyMemory<byte> InputDigest { get; private set; }

    /// <summary>A result which this process could not store: the step has run and must not run again for that.</summary>
    public StepRecord? Unsaved { get; set; }

    /// <summary>Whether the last execution by this process has failed in a way that leaves open that its work was done.</summary>
    public bool MayHaveRun { get; set; }

    /// <summary>Whether the program wants to be stopped where the outcome of the step is unknown.</summary>
    public bool StopsWhenInDoubt { get; set; }

    /// <summary>Whether a process that opened the run again now would stop at this step.</summary>
    public bool WouldStopRun => StopsWhenInDoubt && (MayHaveRun || Unsaved is not null);

    /// <summary>Takes in what an earlier process has recorded.</summary>
    public void Replay(StepRecord record)
    {
        switch (record.Kind)
        {
            case StepRecordKind.StepStarted:
                Attempts = Math.Max(Attempts, record.Attempt);
                InputDigest = record.InputDigest;
                InDoubt = new InDoubtStep(Key, record.Attempt, record.At, Failure: null);
                break;
            case StepRecordKind.StepFailed:
                InDoubt = record.MayHaveRun ? new InDoubtStep(Key, record.Attempt, InDoubt?.StartedAt ?? record.At, record.Detail) : null;
                break;
            case StepRecordKind.StepCompleted:
                Attempts = Math.Max(Attempts, record.Attempt);
                InputDigest = record.InputDigest;
                InDoubt = null;
                Completed = record;
                break;
        }
    }

    /// <summary>Begins another execution in this process: from now on what happens to the step is seen, not guessed.</summary>
    public int BeginAttempt()
    {
        InDoubt = null;
        MayHaveRun = false;
        return ++Attempts;
    }
}
