namespace OpenClaw.Resilience.RunWorker;

/// <summary>An agent whose steps leave a trace outside the store: what they did, and what was acknowledged.</summary>
internal sealed class Work(ICheckpointStore store, RunId runId, EffectLog log)
{
    private const int Rounds = 400;
    private const int Branches = 3;
    private const int SharedSteps = 200;
    private const int ShareAtOnce = 20;

    /// <summary>For stores whose leases expire.</summary>
    public TimeSpan LeaseDuration { get; init; } = new AgentRunOptions().LeaseDuration;

    private AgentRunOptions Options => new() { Store = store, LeaseDuration = LeaseDuration };

    /// <summary>Completes run after run; each is a sequence with parallel branches.</summary>
    public async Task RepeatAsync()
    {
        while (true)
        {
            await using AgentRun run = await TakeAsync();
            for (int round = 0; round < Rounds; round++)
            {
                await StepAsync(run, "act");
                await Task.WhenAll(Enumerable.Range(0, Branches).Select(branch => StepAsync(run, StepName.ForItem("branch", run.Generation, round, branch))));
            }

            await run.CompleteAsync();
            log.Write("C", run.Generation, "", "");
        }
    }

    /// <summary>Takes turns with other processes at run after run, and goes on when the run was taken away.</summary>
    public async Task ShareAsync()
    {
        while (true)
        {
            AgentRun run = await TakeAsync();
            try
            {
                int target = Math.Min(SharedSteps, run.Recovery.StepsRestored + ShareAtOnce);
                for (int i = 0; i < target; i++)
                {
                    await StepAsync(run, "act");
                }

                if (target == SharedSteps)
                {
                    await run.CompleteAsync();
                    log.Write("C", run.Generation, "", "");
                }
            }
            catch (CheckpointConflictException conflict) when (conflict.Conflict == CheckpointConflict.FencedOff)
            {
                log.Write("F", run.Generation, "", "");
            }

            await run.DisposeAsync();
        }
    }

    /// <summary>Takes the run again and again, does a few steps each time, and leaves it unfinished.</summary>
    public async Task CompeteAsync(int steps)
    {
        while (true)
        {
            try
            {
                await using AgentRun run = await AgentRun.ResumeAsync(runId, Options);
                int target = Math.Min(steps, run.Recovery.StepsRestored + 5);
                for (int i = 0; i < target; i++)
                {
                    await StepAsync(run, "act");
                }

                if (target == steps)
                {
                    return;
                }
            }
            catch (CheckpointConflictException conflict) when (conflict.Conflict == CheckpointConflict.Held)
            {
                await Task.Delay(1);
            }
        }
    }

    /// <summary>Waits until the run is free: the lease of one who was killed may have some time left.</summary>
    private async Task<AgentRun> TakeAsync()
    {
        while (true)
        {
            try
            {
                return await AgentRun.ResumeAsync(runId, Options);
            }
            catch (CheckpointConflictException conflict) when (conflict.Conflict is CheckpointConflict.Held or CheckpointConflict.FencedOff)
            {
                await Task.Delay(5);
            }
        }
    }

    private async Task StepAsync(AgentRun run, StepName name)
    {
        string result;
        try
        {
            result = await run.StepAsync(name, Execute);
        }
        catch (StepInDoubtException doubt)
        {
            log.Write("D", run.Generation, doubt.Step, "");
            result = await run.StepAsync(name, Execute, new StepOptions { OnInDoubt = InDoubtAction.RunAgain });
        }

        log.Write("A", run.Generation, result.Split('|')[0], result);

        async Task<string> Execute(StepContext step, CancellationToken cancellationToken)
        {
            string value = $"{step.Key}|{step.IdempotencyKey}|{step.Attempt}|{Guid.NewGuid():N}";
            log.Write("E", run.Generation, step.Key, value);
            await Task.Yield();
            return value;
        }
    }
}
