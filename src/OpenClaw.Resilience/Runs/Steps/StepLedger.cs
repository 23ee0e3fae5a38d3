namespace OpenClaw.Resilience;

/// <summary>Knows which steps of a run are running and which key the next use of a name gets.</summary>
internal sealed class StepLedger
{
    private readonly object _lock = new();
    private readonly RunId _runId;
    private readonly Dictionary<string, StepHistory> _steps;
    private readonly IReadOnlyList<string>? _recordedOrder;
    private readonly Dictionary<string, int> _finished = [];
    private readonly Dictionary<string, StepHistory> _running = [];
    private readonly HashSet<string> _asked = [];
    private bool _completing;
    private bool _complete;
    private TaskCompletionSource? _idle;

    /// <summary>A ledger for a run that has just been opened.</summary>
    /// <param name="runId">The run, for messages.</param>
    /// <param name="steps">What is known of its steps; the ledger drops each when the program has its result.</param>
    /// <param name="recordedOrder">The order in which the program must ask for the steps; null when any will do.</param>
    public StepLedger(RunId runId, Dictionary<string, StepHistory> steps, IReadOnlyList<string>? recordedOrder)
    {
        _runId = runId;
        _steps = steps;
        _recordedOrder = recordedOrder;
    }

    /// <summary>Whether to open the run again would end at a step in doubt.</summary>
    public bool HasStepInDoubt
    {
        get
        {
            lock (_lock)
            {
                return _steps.Values.Any(step => step.WouldStopRun);
            }
        }
    }

    /// <summary>Begins a use of the name.</summary>
    /// <exception cref="ObjectDisposedException">The run was disposed of.</exception>
    /// <exception cref="InvalidOperationException">The run is complete, or the same name is in use by a step that is still
    /// running.</exception>
    /// <exception cref="RunDivergedException">Another step was recorded at this place, and the order was to be kept.</exception>
    public StepHistory Enter(StepName name)
    {
        string shared = name.Key;
        lock (_lock)
        {
            RequireOpen(name);
            if (_running.ContainsKey(shared))
            {
                throw new InvalidOperationException(name.IsForItem
                    ? $"Step '{name}' of run '{_runId}' was started while it was running. Two items have the same identity: "
                        + "drop duplicates, or add to StepName.ForItem what tells them apart."
                    : $"Step '{name}' of run '{_runId}' was started while another step of that name was running. "
                        + $"Which of the two is '{name}' and which is '{name}#2' would depend on timing and could differ after a crash. "
                        + $"Give parallel branches a key of their own: StepName.ForItem(\"{name}\", item).");
            }

            string key = StepName.Occurrence(shared, _finished.GetValueOrDefault(shared) + 1);
            RequireOrder(key);
            if (!_steps.TryGetValue(key, out StepHistory? step))
            {
                _steps.Add(key, step = new StepHistory(key));
            }

            _running.Add(shared, step);
            return step;
        }
    }

    /// <summary>
    /// Ends a use of the name. Only a step that has its result leaves the name to the next occurrence; one that failed may be tried again.
    /// </summary>
    public void Exit(StepName name, bool finished)
    {
        lock (_lock)
        {
            _running.Remove(name.Key, out StepHistory? step);
            if (finished)
            {
                // A result is asked for once; from here on it belongs to the program.
                _steps.Remove(step!.Key);
                _finished[name.Key] = _finished.GetValueOrDefault(name.Key) + 1;
            }

            SignalIfIdle();
        }
    }

    /// <summary>Stops admitting steps so that the run can be completed; false when it is complete already.</summary>
    /// <exception cref="InvalidOperationException">A step is still running.</exception>
    /// <exception cref="ObjectDisposedException">The run was disposed of.</exception>
    public bool BeginCompletion()
    {
        lock (_lock)
        {
            if (_complete)
            {
                return false;
            }

            ObjectDisposedException.ThrowIf(_idle is not null, typeof(AgentRun));
            if (_completing || _running.Count > 0)
            {
                string what = _completing
                    ? "it is being completed already"
                    : $"step '{_running.Values.First().Key}' is still running; await it first";
                throw new InvalidOperationException($"Run '{_runId}' can't be completed: {what}.");
            }

            return _completing = true;
        }
    }

    public void EndCompletion(bool succeeded)
    {
        lock (_lock)
        {
            _completing = false;
            _complete = succeeded;
            SignalIfIdle();
        }
    }

    /// <summary>Admits nothing more; the task ends with the last running step. False when that was done before.</summary>
    public bool Close(out Task idle)
    {
        lock (_lock)
        {
            bool first = _idle is null;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            SignalIfIdle();
            idle = _idle.Task;
            return first;
        }
    }

    private void SignalIfIdle()
    {
        if (_running.Count == 0 && !_completing)
        {
            _idle?.TrySetResult();
        }
    }

    private void RequireOpen(StepName name)
    {
        ObjectDisposedException.ThrowIf(_idle is not null, typeof(AgentRun));
        if (_completing || _complete)
        {
            throw new InvalidOperationException(
                $"Step '{name}' was started after run '{_runId}' was completed. Resume the run to start a new generation of it.");
        }
    }

    /// <summary>Compares the first use of each key; asking again after a failure is no step forward.</summary>
    private void RequireOrder(string key)
    {
        if (_recordedOrder is null || _asked.Contains(key))
        {
            return;
        }

        if (_asked.Count < _recordedOrder.Count && _recordedOrder[_asked.Count] is var recorded && recorded != key)
        {
            throw new RunDivergedException(
                _runId, key,
                $"Run '{_runId}' asks for step '{key}' where step '{recorded}' was recorded. Does the order depend on time, "
                + "chance or outside state?");
        }

        _asked.Add(key);
    }
}
