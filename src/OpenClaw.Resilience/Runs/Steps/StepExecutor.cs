using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpenClaw.Resilience;

/// <summary>Restores a step's result or runs the step, in the order that loses nothing: start mark, work, check, store, return.</summary>
internal sealed class StepExecutor(
    RunLog log,
    AgentRunOptions options,
    ResultMigration migration,
    InDoubtAction onInDoubt,
    ReadOnlyMemory<byte> generationKey,
    CancellationToken leaseLost)
{
    private const int IdempotencyKeyBytes = 16;

    private readonly Func<Exception, bool> _mayHaveRun = options.FailureMayHaveRun ?? StepFailure.MayHaveRun;

    /// <summary>What the calls of this run may still repeat. Each retry is in the log before the call is made again.</summary>
    public required RetryBudget Budget { get; init; }

    /// <summary>What this run knows of the gateway sessions of its steps.</summary>
    public required SessionLedger Sessions { get; init; }

    private RunId RunId => log.Lease.RunId;

    /// <summary>The kind of task, a tag of the metrics.</summary>
    public string TaskType => options.TaskType ?? RunId.Kind;

    /// <summary>A record of now; the log gives it its number.</summary>
    public StepRecord Draft(StepRecordKind kind) =>
        new() { Sequence = 0, Kind = kind, At = options.TimeProvider.GetUtcNow(), SchemaVersion = options.SchemaVersion };

    public async Task<T> RunAsync<T>(
        AgentRun run,
        StepName name,
        StepHistory history,
        Func<StepContext, CancellationToken, Task<T>> step,
        StepOptions stepOptions,
        Func<StepResultCodec<T>> codecFactory,
        CancellationToken cancellationToken)
    {
        StepResultCodec<T> codec = CreateCodec(codecFactory, history);
        ReadOnlyMemory<byte> input = stepOptions.Input?.Digest ?? default;
        InDoubtAction whenInDoubt = stepOptions.OnInDoubt ?? onInDoubt;
        if (history.Completed is { } completed)
        {
            RequireInput(history, input);
            StepTelemetry.Restore(TaskType, name);
            return Restore(completed, codec);
        }

        if (history.Unsaved is { } unsaved)
        {
            await StoreAsync(history, unsaved).ConfigureAwait(false);
            return codec.Decode(unsaved.Payload.Span);
        }

        if (history.InDoubt is { } inDoubt)
        {
            RequireInput(history, input);
            StepTelemetry.Doubt(TaskType, name);
            if (whenInDoubt == InDoubtAction.Throw)
            {
                throw new StepInDoubtException(RunId, inDoubt);
            }
        }

        if (codec.FindProblem() is { } problem)
        {
            throw new StepResultNotStorableException(history.Key, problem, stepHasRun: false);
        }

        history.StopsWhenInDoubt = whenInDoubt == InDoubtAction.Throw;
        string session = await LookAtSessionAsync(stepOptions.Session, history.Key, cancellationToken).ConfigureAwait(false);
        return await ExecuteAsync(run, name, history, step, codec, input, session, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> ExecuteAsync<T>(
        AgentRun run,
        StepName name,
        StepHistory history,
        Func<StepContext, CancellationToken, Task<T>> step,
        StepResultCodec<T> codec,
        ReadOnlyMemory<byte> input,
        string session,
        CancellationToken cancellationToken)
    {
        StepRecord draft = Draft(StepRecordKind.StepStarted) with
        {
            Step = history.Key,
            Attempt = history.Attempts + 1,
            InputDigest = input,
            Detail = session,
        };
        await log.AppendAsync(draft).ConfigureAwait(false);
        Sessions.Learn(draft);
        history.BeginAttempt();
        using Activity? activity = StepTelemetry.Start(TaskType, name, draft.Attempt);

        T result;
        try
        {
            var context = new StepContext(RunId, history.Key, name, draft.Attempt, IdempotencyKey(history.Key));
            result = await InvokeAsync(run, context, step, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            await RecordFailureAsync(history, draft, exception, _mayHaveRun(exception)).ConfigureAwait(false);
            options.Drain?.Observe(exception);
            ThrowIfLeaseLost(exception, history.Key);
            throw;
        }

        if (!codec.TryEncode(result, out EncodedResult<T> encoded, out ResultProblem? problem))
        {
            var refusal = new StepResultNotStorableException(history.Key, problem, stepHasRun: true);
            await RecordFailureAsync(history, draft, refusal, mayHaveRun: true).ConfigureAwait(false);
            throw refusal;
        }

        StepRecord completed = draft with
        {
            Kind = StepRecordKind.StepCompleted,
            At = options.TimeProvider.GetUtcNow(),
            Payload = encoded.Bytes,
        };
        await StoreAsync(history, completed).ConfigureAwait(false);
        StepTelemetry.Complete(TaskType, name);
        return encoded.Restored;
    }

    private async Task<T> InvokeAsync<T>(
        AgentRun run, StepContext context, Func<StepContext, CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using CancellationTokenSource? linked = leaseLost.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, leaseLost)
            : null;
        StepScope scope = StepScope.Enter(run, context.Key);
        using IDisposable budget = Budget.Enter();
        try
        {
            return await step(context, linked?.Token ?? cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            scope.End();
        }
    }

    /// <summary>Before the start mark: what fails here leaves nothing in doubt.</summary>
    private async Task<string> LookAtSessionAsync(SessionContinuityGuard? guard, string step, CancellationToken cancellationToken)
    {
        try
        {
            return guard is null ? "" : await Sessions.RequireAsync(guard, RunId, step, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            options.Drain?.Observe(exception);
            throw;
        }
    }

    /// <summary>
    /// Stores the result. If that fails the result is kept, so that asking for the step again stores it and doesn't run the step again.
    /// </summary>
    private async Task StoreAsync(StepHistory history, StepRecord completed)
    {
        history.Unsaved = completed;
        await log.AppendAsync(completed).ConfigureAwait(false);
        history.Unsaved = null;
        Sessions.Learn(completed);
        Budget.GiveBack(AgentRun.RetriesBackPerStep);
    }

    private async Task RecordFailureAsync(StepHistory history, StepRecord started, Exception exception, bool mayHaveRun)
    {
        history.MayHaveRun = mayHaveRun;
        try
        {
            await log.AppendAsync(started with
            {
                Kind = StepRecordKind.StepFailed,
                At = options.TimeProvider.GetUtcNow(),
                Detail = exception.GetType().FullName ?? "",
                MayHaveRun = mayHaveRun,
            }).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The program must see the step's own failure. Without this record the step is in doubt after a crash, which is the safe side.
        }
    }

    private void ThrowIfLeaseLost(Exception exception, string step)
    {
        if (leaseLost.IsCancellationRequested && exception is OperationCanceledException)
        {
            throw new CheckpointConflictException(
                RunId, CheckpointConflict.FencedOff,
                $"Step '{step}' was cancelled because run '{RunId}' could not be held: another worker may have taken it over.",
                exception);
        }
    }

    private T Restore<T>(StepRecord completed, StepResultCodec<T> codec)
    {
        try
        {
            return codec.Decode(migration.Apply(completed).Span);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new RunDivergedException(
                RunId,
                completed.Step,
                $"The stored result of step '{completed.Step}' of run '{RunId}' can't be read as {Names.Of(typeof(T))}: "
                + $"{exception.Message} "
                + $"If the type has changed, raise {nameof(AgentRunOptions)}.{nameof(AgentRunOptions.SchemaVersion)} and add a migrator.",
                exception);
        }
    }

    private void RequireInput(StepHistory history, ReadOnlyMemory<byte> input)
    {
        if (!input.IsEmpty && !history.InputDigest.IsEmpty && !input.Span.SequenceEqual(history.InputDigest.Span))
        {
            throw new RunDivergedException(
                RunId,
                history.Key,
                $"Step '{history.Key}' of run '{RunId}' was recorded for another input. "
                + "Its stored result would be the answer to another question. Put what differs into RunId.From or StepName.ForItem.");
        }
    }

    private static StepResultCodec<T> CreateCodec<T>(Func<StepResultCodec<T>> factory, StepHistory history)
    {
        try
        {
            return factory();
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            var problem = new ResultProblem(typeof(T), "$",
                $"there is no JSON contract for {Names.Of(typeof(T))}: {exception.Message}",
                exception);
            throw new StepResultNotStorableException(history.Key, problem, stepHasRun: false);
        }
    }

    /// <summary>
    /// A hash, for receivers take it in headers and columns of limited length and alphabet. The generation's key is random, so that no
    /// other run or generation has the same, also when a run is deleted and begun again.
    /// </summary>
    private string IdempotencyKey(string step) =>
        Hex.Lower(SHA256.HashData([.. generationKey.Span, .. Encoding.UTF8.GetBytes(step)]).AsSpan(0, IdempotencyKeyBytes));
}
