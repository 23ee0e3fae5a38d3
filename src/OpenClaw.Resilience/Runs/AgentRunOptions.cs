using System.Text.Json;

namespace OpenClaw.Resilience;

/// <summary>How a run is stored and resumed.</summary>
public sealed class AgentRunOptions
{
    /// <summary>Where runs are kept. Default: a <see cref="FileCheckpointStore"/> at its default place.</summary>
    public ICheckpointStore? Store { get; init; }

    /// <summary>
    /// The version of the program's result types, stored with each result. Raise it when a type changes in a way that its old JSON doesn't
    /// fit, and add a migrator. Default: 1.
    /// </summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>
    /// For each older version that may still be stored, what turns its results into those of the next version: the key 1 leads from 1 to 2.
    /// Default: none.
    /// </summary>
    public IReadOnlyDictionary<int, StepMigrator> Migrators { get; init; } = new Dictionary<int, StepMigrator>();

    /// <summary>
    /// How results become JSON, for the overloads without <c>JsonTypeInfo</c>; may hold a source-generated resolver. Default: as
    /// <see cref="JsonSerializerOptions.Default"/>, and what OpenAI's and Azure's SDKs return by System.ClientModel's own converter
    /// (<c>JsonModelConverter</c>; add it to options of your own).
    /// </summary>
    public JsonSerializerOptions? SerializerOptions { get; init; }

    /// <summary>
    /// What happens to a step that an earlier process had started and whose outcome is unknown. Default: the environment variable
    /// <c>OPENCLAW_ON_IN_DOUBT</c> (<c>Throw</c> or <c>RunAgain</c>), which is for the operator who has looked and restarts the program
    /// once; else <see cref="InDoubtAction.Throw"/>.
    /// </summary>
    public InDoubtAction? OnInDoubt { get; init; }

    /// <summary>
    /// Whether an exception leaves open that the step's work was done. After such a failure a later process finds the step in doubt; after
    /// another one it runs the step again. Within the process that saw the exception, running the step again is the program's decision.
    /// Default: true for cancellation, time-outs and connections lost after they were made, anywhere in the chain of inner exceptions.
    /// </summary>
    public Func<Exception, bool>? FailureMayHaveRun { get; init; }

    /// <summary>
    /// A resumed program must ask for the steps in the order in which they first started, or gets <see cref="RunDivergedException"/>. Only
    /// for programs that run one step after the other. Default: false, steps are found by name, so that a new version may add and drop
    /// steps.
    /// </summary>
    public bool RequireRecordedOrder { get; init; }

    /// <summary>
    /// How many retries the calls inside the run's steps, and <c>AgentRun.RunAsync</c>, may spend in all; remembered over crashes. Each finished
    /// step gives one back, so that a long run that makes progress isn't starved. Default: 20, ten calls with the two retries of
    /// <see cref="GatewayOptions.ForOpenClaw"/> without one finished step in between.
    /// </summary>
    public int MaxRetries { get; init; } = 20;

    /// <summary>
    /// The longest wait before <c>AgentRun.RunAsync</c> runs the task again; a gateway that asks for more ends the task with its failure. Default: 5
    /// min, as long as a gateway drains before it restarts.
    /// </summary>
    public TimeSpan MaxTaskRetryWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Holds the run's steps back when the process is about to end or the gateway is away. Default: none.
    /// </summary>
    public DrainCoordinator? Drain { get; init; }

    /// <summary>
    /// The kind of task, a tag of the metrics: one of a few, never an id. Default: the name given to <see cref="RunId.From"/>; <c>run</c>
    /// for ids of another form.
    /// </summary>
    public string? TaskType { get; init; }

    /// <summary>Who holds the run, for the message that a second worker gets. Default: machine and process id.</summary>
    public string Owner { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>
    /// How long a run stays with a worker that went silent, in stores whose leases expire; renewed after a third of it. The file store
    /// holds a run by a lock and ignores this. Default: 30 s, long against a pause of the garbage collector, short against an agent turn.
    /// </summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock for records and leases. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentException">A value is out of range; the message names the property.</exception>
    internal AgentRunOptions Validated()
    {
        Require(SchemaVersion >= 1, nameof(SchemaVersion), SchemaVersion, "at least 1");
        Require(LeaseDuration >= TimeSpan.FromSeconds(1), nameof(LeaseDuration), LeaseDuration, "at least one second");
        Require(MaxRetries >= 0, nameof(MaxRetries), MaxRetries, "0 or more");
        Require(MaxTaskRetryWait >= TimeSpan.Zero, nameof(MaxTaskRetryWait), MaxTaskRetryWait, "zero or more");
        Require(!string.IsNullOrEmpty(Owner), nameof(Owner), Owner, "a name");
        Require(OnInDoubt is null || Enum.IsDefined(OnInDoubt.Value), nameof(OnInDoubt), OnInDoubt, "a defined value");
        Require(Migrators is not null, nameof(Migrators), Migrators, "a dictionary");
        Require(TimeProvider is not null, nameof(TimeProvider), TimeProvider, "a clock");
        return this;
    }

    private static void Require(bool condition, string property, object? value, string accepted)
    {
        if (!condition)
        {
            throw new ArgumentException($"{nameof(AgentRunOptions)}.{property} is '{value}'; accepted is {accepted}.");
        }
    }
}
