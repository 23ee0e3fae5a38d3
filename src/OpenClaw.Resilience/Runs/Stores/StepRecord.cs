namespace OpenClaw.Resilience;

/// <summary>One record of a run's log. Records are appended and never changed.</summary>
public sealed record StepRecord
{
    /// <summary>
    /// Position in the generation's log, from 0. Also the version that an append expects: the number of records before it.
    /// </summary>
    public required long Sequence { get; init; }

    /// <summary>What the record says.</summary>
    public required StepRecordKind Kind { get; init; }

    /// <summary>When it was written, by the clock of <see cref="AgentRunOptions.TimeProvider"/>.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The key of the step within the run, such as <c>act#2</c>; empty for records of the run itself.</summary>
    public string Step { get; init; } = "";

    /// <summary>Which execution of the step this belongs to, from 1; 0 for records of the run itself.</summary>
    public int Attempt { get; init; }

    /// <summary><see cref="AgentRunOptions.SchemaVersion"/> of the program that wrote the record.</summary>
    public int SchemaVersion { get; init; }

    /// <summary>Digest of the step's input (<see cref="StepInput"/>), or empty.</summary>
    public ReadOnlyMemory<byte> InputDigest { get; init; }

    /// <summary>
    /// The result as UTF-8 JSON (<see cref="StepRecordKind.StepCompleted"/>) or the generation's key
    /// (<see cref="StepRecordKind.RunOpened"/>).
    /// </summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>
    /// The owner (<see cref="StepRecordKind.RunOpened"/>), the type of the exception (<see cref="StepRecordKind.StepFailed"/>), or for other records of
    /// a step with a <see cref="StepOptions.Session"/> a hash of the session's key and the turns it had when the step began; never a message.
    /// </summary>
    public string Detail { get; init; } = "";

    /// <summary>Of a failure: whether the step's work may have been done nevertheless, as after a time-out.</summary>
    public bool MayHaveRun { get; init; }

    /// <summary>
    /// Whether a store must have the record, and all records before it, on durable storage before
    /// <see cref="ICheckpointStore.AppendAsync"/> returns. The others must survive the death of the process only: losing one to a power
    /// failure costs a repeated look, never a result.
    /// </summary>
    public bool IsDurable => Kind is StepRecordKind.RunOpened or StepRecordKind.StepCompleted or StepRecordKind.RunCompleted;

    /// <summary>Compares by content, payload and digest included.</summary>
    public bool Equals(StepRecord? other) =>
        other is not null
        && Sequence == other.Sequence && Kind == other.Kind && At.UtcTicks == other.At.UtcTicks
        && Step == other.Step && Attempt == other.Attempt
        && SchemaVersion == other.SchemaVersion && Detail == other.Detail && MayHaveRun == other.MayHaveRun
        && InputDigest.Span.SequenceEqual(other.InputDigest.Span) && Payload.Span.SequenceEqual(other.Payload.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Sequence, Kind, Step, Attempt);
}
