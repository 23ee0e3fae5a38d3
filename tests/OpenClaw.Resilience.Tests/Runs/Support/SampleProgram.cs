namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>
/// A small agent program that remembers, outside the store, what it executed and what was acknowledged, over all its lives.
/// </summary>
internal sealed class SampleProgram
{
    private static readonly StepName[] Steps = ["plan", "act", "act", StepName.ForItem("branch", 1), StepName.ForItem("branch", 2), "end"];

    private readonly Dictionary<string, string> _acknowledged = [];
    private int _executions;

    public static RunId Run { get; } = RunId.From("sample", 1);

    public bool IsComplete { get; private set; }

    /// <summary>Steps that were found in doubt and run again on purpose.</summary>
    public int InDoubt { get; private set; }

    public IReadOnlyDictionary<string, string> Acknowledged => _acknowledged;

    /// <summary>
    /// Lives until the run is complete or something fails. A step whose result could not be stored is asked for once more.
    /// </summary>
    public async Task LiveAsync(ICheckpointStore store)
    {
        await using AgentRun run = await AgentRun.ResumeAsync(Run, new AgentRunOptions { Store = store, OnInDoubt = InDoubtAction.Throw });
        if (IsComplete)
        {
            Assert.Equal(2, run.Generation);
            return;
        }

        Assert.True(run.Generation == 1 || _acknowledged.Count == Steps.Length, "Completed without having been.");
        if (run.Generation == 2)
        {
            // The completion was stored although the program was not told.
            IsComplete = true;
            return;
        }

        foreach (StepName name in Steps)
        {
            string result = await DoubtAsync(run, name);
            string key = result.Split('|')[0];
            Assert.Equal(_acknowledged.GetValueOrDefault(key, result), result);
            _acknowledged[key] = result;
        }

        await run.CompleteAsync();
        IsComplete = true;
    }

    /// <summary>The acknowledged steps come back as they were, and the program comes to its end.</summary>
    public async Task FinishAsync(ICheckpointStore store)
    {
        Dictionary<string, string> before = new(_acknowledged);
        await LiveAsync(store);
        Assert.True(IsComplete);
        Assert.All(before, pair => Assert.Equal(pair.Value, _acknowledged[pair.Key]));
    }

    private async Task<string> DoubtAsync(AgentRun run, StepName name)
    {
        try
        {
            return await RetryAsync(run, name, InDoubtAction.Throw);
        }
        catch (StepInDoubtException doubt)
        {
            Assert.DoesNotContain(doubt.Step, _acknowledged.Keys);
            InDoubt++;
            return await RetryAsync(run, name, InDoubtAction.RunAgain);
        }
    }

    private async Task<string> RetryAsync(AgentRun run, StepName name, InDoubtAction onInDoubt)
    {
        StepOptions options = new() { OnInDoubt = onInDoubt };
        try
        {
            return await run.StepAsync(name, ExecuteAsync, options);
        }
        catch (CheckpointStoreException)
        {
            int before = _executions;
            string result = await run.StepAsync(name, ExecuteAsync, options);
            Assert.True(before == _executions || result.EndsWith($"|{_executions}", StringComparison.Ordinal));
            return result;
        }
    }

    private async Task<string> ExecuteAsync(StepContext step, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Assert.False(_acknowledged.ContainsKey(step.Key), $"Step '{step.Key}' was acknowledged and is executed again.");
        return $"{step.Key}|{++_executions}";
    }
}
