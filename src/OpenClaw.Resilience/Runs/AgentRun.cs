using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OpenClaw.Resilience;

/// <summary>A run of an agent whose finished steps are never executed again, whatever happens to the process in between.</summary>
/// <remarks>
/// <para>A step's result is returned only after it is safely stored. What a step returns is what comes back from the store, so that the
/// first execution and a resumed one see the same value. A program that was cut off starts again from the top; finished steps return at
/// once.</para>
/// <para>Steps of different names may run at the same time. A run has one worker: a second one gets
/// <see cref="CheckpointConflictException"/>.</para>
/// </remarks>
/// <example>
/// <code>
/// await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("research", topic), cancellationToken);
/// Plan plan = await run.StepAsync("plan", (step, ct) => planner.PlanAsync(topic, step.IdempotencyKey, ct), cancellationToken);
/// await run.CompleteAsync(cancellationToken);
/// </code>
/// </example>
public sealed partial class AgentRun : IAsyncDisposable
{
    private const string Reflection = "Results go through System.Text.Json by reflection. Pass a JsonTypeInfo instead.";
    private const int GenerationKeyBytes = 16;

    /// <summary>What each finished step gives back to the budget of retries.</summary>
    internal const int RetriesBackPerStep = 1;

    private readonly ICheckpointStore _store;
    private readonly AgentRunOptions _options;
    private readonly RunLog _log;
    private readonly LeaseKeeper? _keeper;
    private readonly StepLedger _ledger;
    private readonly StepExecutor _executor;

    private AgentRun(
        ICheckpointStore store, AgentRunOptions options, RunLog log, LeaseKeeper? keeper, RunHistory history, StepExecutor executor)
    {
        _store = store;
        _options = options;
        _log = log;
        _keeper = keeper;
        _executor = executor;
        Recovery = history.Report(log.Lease.Repair);
        _ledger = new StepLedger(log.Lease.RunId, history.Steps, options.RequireRecordedOrder ? history.Order : null);
    }

    /// <summary>The run's id.</summary>
    public RunId Id => _log.Lease.RunId;

    /// <summary>Which generation of the run this is: 1 for the first, the next one after each completed one.</summary>
    public int Generation => _log.Lease.Generation;

    /// <summary>What an earlier process has left: finished steps, steps in doubt, and what had to be repaired.</summary>
    public RunRecoveryReport Recovery { get; }

    /// <summary>
    /// The retries that the run's calls may spend (<see cref="AgentRunOptions.MaxRetries"/>), those of earlier processes counted. Entered around each
    /// step's work.
    /// </summary>
    public RetryBudget RetryBudget => _executor.Budget;

    /// <summary>Starts a run, or resumes it if an earlier process has not completed it, with default options.</summary>
    /// <inheritdoc cref="ResumeAsync(RunId, AgentRunOptions, CancellationToken)"/>
    public static Task<AgentRun> ResumeAsync(RunId runId, CancellationToken cancellationToken = default) =>
        ResumeAsync(runId, new AgentRunOptions(), cancellationToken);

    /// <summary>
    /// Starts a run, or resumes it if an earlier process has not completed it. A completed run starts again, as a new generation.
    /// </summary>
    /// <param name="runId">Which run.</param>
    /// <param name="options">How it is stored and resumed.</param>
    /// <param name="cancellationToken">Gives up opening the run; has no effect on it later.</param>
    /// <exception cref="CheckpointConflictException">Another worker holds the run; the message names it.</exception>
    /// <exception cref="CheckpointCorruptedException">What is stored is damaged where no crash explains it.</exception>
    /// <exception cref="CheckpointVersionException">A newer version of the program or of this library wrote it, or a migrator is
    /// missing.</exception>
    /// <exception cref="CheckpointStoreException">The store can't be opened or written.</exception>
    /// <exception cref="InvalidOperationException">An environment variable holds a value that isn't understood.</exception>
    /// <exception cref="ArgumentException">The id is <c>default</c>, or an option is out of range.</exception>
    public static async Task<AgentRun> ResumeAsync(RunId runId, AgentRunOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (runId.IsDefault)
        {
            throw new ArgumentException("default(RunId) names no run: use RunId.From or RunId.Create.", nameof(runId));
        }

        InDoubtAction onInDoubt = options.Validated().OnInDoubt
            ?? RunEnvironment.OnInDoubt(Environment.GetEnvironmentVariable)
            ?? InDoubtAction.Throw;
        ICheckpointStore store = options.Store ?? new FileCheckpointStore();
        if (options.Drain is { } drain)
        {
            await drain.AdmitAsync(runId, "Work", cancellationToken).ConfigureAwait(false);
        }

        long asked = options.TimeProvider.GetTimestamp();
        RunLease lease = await store.AcquireAsync(runId, options.Owner, options.LeaseDuration, cancellationToken).ConfigureAwait(false);
        try
        {
            return await OpenAsync(store, lease, options, onInDoubt, asked, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await ReleaseAsync(store, lease).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Returns the step's stored result, or executes the step and stores its result before returning it.</summary>
    /// <typeparam name="T">The result: a string, a number, a record with public properties. It must come back from JSON as it
    /// was.</typeparam>
    /// <param name="name">What the step is called. A plain name used again, as in a loop, means the next occurrence; items of a loop or of
    /// a parallel fan-out get a name of their own with <see cref="StepName.ForItem"/>.</param>
    /// <param name="step">The work. It gets the token to use: cancelled with the caller's, and when the run is taken over by another
    /// worker.</param>
    /// <param name="cancellationToken">Cancels the step. A result that the step has returned nevertheless is stored.</param>
    /// <exception cref="StepInDoubtException">An earlier process had started the step, and whether its work was done is
    /// unknown.</exception>
    /// <exception cref="StepResultNotStorableException">The result would not come back as it is; the message names type and
    /// member.</exception>
    /// <exception cref="RunDivergedException">What is stored under that name has another type, input or place in the order.</exception>
    /// <exception cref="SessionContinuityLostException">The gateway session of the step (<see cref="StepOptions.Session"/>) has lost turns.</exception>
    /// <exception cref="CheckpointConflictException">Another worker has taken the run over.</exception>
    /// <exception cref="CheckpointStoreException">The start or the result could not be stored. Asking for the same step again in this
    /// process only stores the result: the step isn't executed again for that.</exception>
    /// <exception cref="InvalidOperationException">The run is complete, another step of that plain name is running, or the caller is itself
    /// inside a step of this run.</exception>
    /// <exception cref="ObjectDisposedException">The run was disposed of.</exception>
    /// <exception cref="RunDrainedException"><see cref="AgentRunOptions.Drain"/> lets no further step start.</exception>
    /// <remarks>
    /// Whatever else the step throws is passed on. Its failure is recorded, and the step may be run again, by this process or the next.
    /// </remarks>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public Task<T> StepAsync<T>(
        StepName name, Func<StepContext, CancellationToken, Task<T>> step, CancellationToken cancellationToken = default) =>
        StepAsync(name, step, StepOptions.None, cancellationToken);

    /// <inheritdoc cref="StepAsync{T}(StepName, Func{StepContext, CancellationToken, Task{T}}, CancellationToken)"/>
    /// <param name="name">What the step is called.</param>
    /// <param name="step">The work.</param>
    /// <param name="options">What is special about this step.</param>
    /// <param name="cancellationToken">Cancels the step.</param>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public Task<T> StepAsync<T>(
        StepName name,
        Func<StepContext, CancellationToken, Task<T>> step,
        StepOptions options,
        CancellationToken cancellationToken = default)
    {
        JsonSerializerOptions serializer = _options.SerializerOptions ?? SdkResults.GetOptions();
        serializer.MakeReadOnly(populateMissingResolver: true);
        StepResultCodec<T> Codec() => StepResultCodec.ForJson((JsonTypeInfo<T>)serializer.GetTypeInfo(typeof(T)));
        return RunAsync(name, step, options, Codec, cancellationToken);
    }

    /// <inheritdoc cref="StepAsync{T}(StepName, Func{StepContext, CancellationToken, Task{T}}, CancellationToken)"/>
    /// <param name="name">What the step is called.</param>
    /// <param name="step">The work.</param>
    /// <param name="resultType">How the result becomes JSON; from a <c>JsonSerializerContext</c>, for trimmed and ahead-of-time compiled
    /// programs.</param>
    /// <param name="cancellationToken">Cancels the step.</param>
    public Task<T> StepAsync<T>(
        StepName name,
        Func<StepContext, CancellationToken, Task<T>> step,
        JsonTypeInfo<T> resultType,
        CancellationToken cancellationToken = default) =>
        StepAsync(name, step, resultType, StepOptions.None, cancellationToken);

    /// <inheritdoc cref="StepAsync{T}(StepName, Func{StepContext, CancellationToken, Task{T}}, CancellationToken)"/>
    /// <param name="name">What the step is called.</param>
    /// <param name="step">The work.</param>
    /// <param name="resultType">How the result becomes JSON; from a <c>JsonSerializerContext</c>, for trimmed and ahead-of-time compiled
    /// programs.</param>
    /// <param name="options">What is special about this step.</param>
    /// <param name="cancellationToken">Cancels the step.</param>
    public Task<T> StepAsync<T>(
        StepName name,
        Func<StepContext, CancellationToken, Task<T>> step,
        JsonTypeInfo<T> resultType,
        StepOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resultType);
        return RunAsync(name, step, options, () => StepResultCodec.ForJson(resultType), cancellationToken);
    }

    /// <summary>Executes a step that returns nothing, unless it is stored that it has run.</summary>
    /// <inheritdoc cref="StepAsync{T}(StepName, Func{StepContext, CancellationToken, Task{T}}, CancellationToken)"/>
    public Task StepAsync(StepName name, Func<StepContext, CancellationToken, Task> step, CancellationToken cancellationToken = default) =>
        StepAsync(name, step, StepOptions.None, cancellationToken);

    /// <inheritdoc cref="StepAsync(StepName, Func{StepContext, CancellationToken, Task}, CancellationToken)"/>
    /// <param name="name">What the step is called.</param>
    /// <param name="step">The work.</param>
    /// <param name="options">What is special about this step.</param>
    /// <param name="cancellationToken">Cancels the step.</param>
    public Task StepAsync(
        StepName name, Func<StepContext, CancellationToken, Task> step, StepOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        return RunAsync(
            name,
            async (context, token) =>
            {
                await step(context, token).ConfigureAwait(false);
                return default(NoResult);
            },
            options,
            () => NoResultCodec.Instance,
            cancellationToken);
    }

    /// <summary>
    /// Marks the run as complete, safely stored: the next <see cref="ResumeAsync(RunId, CancellationToken)"/> with its id starts a new
    /// generation.
    /// </summary>
    /// <remarks>Does nothing when the run is complete already. After a failure it may be called again.</remarks>
    /// <exception cref="InvalidOperationException">A step is still running.</exception>
    /// <exception cref="CheckpointConflictException">Another worker has taken the run over.</exception>
    /// <exception cref="CheckpointStoreException">The completion could not be stored.</exception>
    /// <exception cref="ObjectDisposedException">The run was disposed of.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_ledger.BeginCompletion())
        {
            return;
        }

        bool stored = false;
        try
        {
            await _log.AppendAsync(_executor.Draft(StepRecordKind.RunCompleted)).ConfigureAwait(false);
            stored = true;
        }
        finally
        {
            _ledger.EndCompletion(stored);
        }
    }

    /// <summary>Gives the run back, after the steps that are running have ended. A run that isn't complete can be resumed.</summary>
    /// <remarks>Steps aren't cancelled: what they have done would be in doubt. Cancel their token to end them.</remarks>
    /// <exception cref="InvalidOperationException">Called inside a step of this run, for whose end it would wait for ever.</exception>
    public async ValueTask DisposeAsync()
    {
        if (StepScope.Find(this) is { } key)
        {
            throw new InvalidOperationException($"Run '{Id}' can't be disposed of inside its step '{key}'.");
        }

        bool first = _ledger.Close(out Task idle);
        await idle.ConfigureAwait(false);
        if (!first)
        {
            return;
        }

        if (_keeper is not null)
        {
            await _keeper.DisposeAsync().ConfigureAwait(false);
        }

        await _log.DisposeAsync().ConfigureAwait(false);
        await ReleaseAsync(_store, _log.Lease).ConfigureAwait(false);
        _options.Drain?.Leave();
    }

    private static async Task<AgentRun> OpenAsync(
        ICheckpointStore store,
        RunLease lease,
        AgentRunOptions options,
        InDoubtAction onInDoubt,
        long asked,
        CancellationToken cancellationToken)
    {
        var migration = new ResultMigration(options.SchemaVersion, options.Migrators);
        RunHistory history = await RunHistory.ReadAsync(store, lease, migration, cancellationToken).ConfigureAwait(false);
        var log = new RunLog(store, lease, history.Version);
        LeaseKeeper? keeper = LeaseKeeper.Start(store, lease, options.TimeProvider, asked);
        ReadOnlyMemory<byte> key = history.GenerationKey ?? RandomNumberGenerator.GetBytes(GenerationKeyBytes);
        StepExecutor? executor = null;
        var budget = new RetryBudget(
            options.MaxRetries, history.RetriesSpent, () => log.AppendBehind(executor!.Draft(StepRecordKind.RetrySpent)));
        executor = new StepExecutor(log, options, migration, onInDoubt, key, keeper?.Lost ?? CancellationToken.None)
        {
            Budget = budget,
            Sessions = history.Sessions,
        };
        var run = new AgentRun(store, options, log, keeper, history, executor);
        options.Drain?.Enter();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await log.AppendAsync(executor.Draft(StepRecordKind.RunOpened) with
            {
                Payload = key,
                Detail = options.Owner,
            }).ConfigureAwait(false);
            return run;
        }
        catch
        {
            await run.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task ReleaseAsync(ICheckpointStore store, RunLease lease)
    {
        try
        {
            await store.ReleaseAsync(lease).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // All that was acknowledged is stored. A lease that can't be given back ends by itself, with time or with the process,
            // and an exception here would hide the one that is on its way.
        }
    }

    private async Task<T> RunAsync<T>(
        StepName name,
        Func<StepContext, CancellationToken, Task<T>> step,
        StepOptions options,
        Func<StepResultCodec<T>> codec,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(options);
        RequireName(name);
        cancellationToken.ThrowIfCancellationRequested();
        if (_options.Drain is { } drain)
        {
            await drain.AdmitAsync(Id, $"Step '{name}'", cancellationToken).ConfigureAwait(false);
        }

        StepHistory history = _ledger.Enter(name);
        bool finished = false;
        try
        {
            T result = await _executor.RunAsync(this, name, history, step, options, codec, cancellationToken).ConfigureAwait(false);
            finished = true;
            return result;
        }
        finally
        {
            _ledger.Exit(name, finished);
        }
    }

    private void RequireName(StepName name)
    {
        if (name.IsDefault)
        {
            throw new ArgumentException("default(StepName) names no step.", nameof(name));
        }

        if (StepScope.Find(this) is { } outer)
        {
            throw new InvalidOperationException(
                $"Step '{name}' was started inside step '{outer}' of the same run. "
                + $"When '{outer}' is found finished it is skipped with all that is in it, so '{name}' would be lost or mixed up. "
                + "Start it after that step has ended, or give the inner work a run of its own.");
        }
    }
}
