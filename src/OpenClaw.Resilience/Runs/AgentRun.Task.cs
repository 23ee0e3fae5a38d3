namespace OpenClaw.Resilience;

/// <content>A whole task, run again from its last finished step when a call has failed for now.</content>
public sealed partial class AgentRun
{
    /// <summary>
    /// Runs a task to its end and completes the run. When a call fails in a way that waiting may heal, the run is given back, waited for, resumed
    /// from the store, and the task runs again: its finished steps return at once.
    /// </summary>
    /// <remarks>
    /// <para>Each such retry is taken from <see cref="RetryBudget"/>, as are the retries inside calls. The task is not run again, and its failure passed
    /// on, when the failure is permanent or no failure of a call, when the budget is spent, when the gateway asks for a longer wait than
    /// <see cref="AgentRunOptions.MaxTaskRetryWait"/>, and when a step is in doubt: it may have run, and only who looks can tell.</para>
    /// <para>The wait is <see cref="Backoff.GetDelay(int, TimeSpan?, TimeSpan?)"/>'s, or what the gateway asks for where that is longer. Nothing is held
    /// meanwhile; another worker may take the run, and this one then gets <see cref="CheckpointConflictException"/>.</para>
    /// <para>The result itself is not stored. A program that dies between the completion and the use of the result starts a new generation; make the
    /// use of it the last step where that matters.</para>
    /// </remarks>
    /// <typeparam name="T">The task's result.</typeparam>
    /// <param name="runId">Which run.</param>
    /// <param name="task">The task. All that must not happen twice is inside steps of the run it gets.</param>
    /// <param name="options">How the run is stored, resumed and retried.</param>
    /// <param name="cancellationToken">Ends the task and the waits.</param>
    /// <exception cref="CheckpointConflictException">Another worker holds the run or has taken it.</exception>
    /// <exception cref="StepInDoubtException">An earlier process had started a step, and whether its work was done is unknown.</exception>
    /// <exception cref="CheckpointStoreException">The store can't be opened or written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<T> RunAsync<T>(
        RunId runId, Func<AgentRun, CancellationToken, Task<T>> task, AgentRunOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        for (int failures = 0; ; failures++)
        {
            TimeSpan wait;
            AgentRun run = await ResumeAsync(runId, options, cancellationToken).ConfigureAwait(false);
            await using (run.ConfigureAwait(false))
            {
                try
                {
                    using IDisposable budget = run.RetryBudget.Enter();
                    T result = await task(run, cancellationToken).ConfigureAwait(false);
                    await run.CompleteAsync(cancellationToken).ConfigureAwait(false);
                    return result;
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    if (run.PlanRetry(exception, failures) is not { } planned)
                    {
                        throw;
                    }

                    wait = planned;
                }
            }

            await Task.Delay(wait, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="RunAsync{T}(RunId, Func{AgentRun, CancellationToken, Task{T}}, AgentRunOptions, CancellationToken)"/>
    public static Task<T> RunAsync<T>(
        RunId runId, Func<AgentRun, CancellationToken, Task<T>> task, CancellationToken cancellationToken = default)
        => RunAsync(runId, task, new AgentRunOptions(), cancellationToken);

    /// <inheritdoc cref="RunAsync{T}(RunId, Func{AgentRun, CancellationToken, Task{T}}, AgentRunOptions, CancellationToken)"/>
    public static Task RunAsync(
        RunId runId, Func<AgentRun, CancellationToken, Task> task, AgentRunOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return RunAsync(
            runId,
            async (run, token) =>
            {
                await task(run, token).ConfigureAwait(false);
                return default(NoResult);
            },
            options,
            cancellationToken);
    }

    /// <inheritdoc cref="RunAsync{T}(RunId, Func{AgentRun, CancellationToken, Task{T}}, AgentRunOptions, CancellationToken)"/>
    public static Task RunAsync(RunId runId, Func<AgentRun, CancellationToken, Task> task, CancellationToken cancellationToken = default)
        => RunAsync(runId, task, new AgentRunOptions(), cancellationToken);

    /// <summary>How long to wait before the task is run again; null when it is not.</summary>
    private TimeSpan? PlanRetry(Exception exception, int failures)
    {
        if (exception is CheckpointException or RunDrainedException
            || GatewayFailure.Find(exception) is not { Kind: FailureKind.Transient or FailureKind.Throttled or FailureKind.Truncated } failure
            || _ledger.HasStepInDoubt)
        {
            return null;
        }

        TimeSpan backoff = Backoff.GetDelay(failures);
        TimeSpan wait = failure.RetryAfter is { } asked && asked > backoff ? asked : backoff;
        if (wait > _options.MaxTaskRetryWait || !RetryBudget.TryTake())
        {
            return null;
        }

        StepTelemetry.RetryTask(_executor.TaskType);
        return wait;
    }
}
