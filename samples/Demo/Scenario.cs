namespace OpenClaw.Demo;

/// <summary>What came of one fault for one version of the agent.</summary>
/// <param name="Answered">Whether the report came out, in whichever life.</param>
/// <param name="Starts">How often the agent was started.</param>
/// <param name="Turns">The turns that the gateway started for it.</param>
/// <param name="RepeatedSteps">Turns for steps that had been acknowledged before: work done and paid for again.</param>
/// <param name="InDoubt">How the step that was in flight was resolved; empty where none was in doubt.</param>
/// <param name="Resumed">Those of the turns that a restarted gateway went on with by itself.</param>
/// <param name="LastFailure">What the agent last said before it failed.</param>
internal sealed record Outcome(bool Answered, int Starts, int Turns, int RepeatedSteps, string InDoubt, int Resumed, string? LastFailure);

/// <summary>How long the supervisor is patient.</summary>
/// <param name="MaxStarts">The most starts of the agent.</param>
/// <param name="Life">The longest life of the agent: longer than every limit of the fixed agent that the faults touch.</param>
internal sealed record Supervision(int MaxStarts, TimeSpan Life)
{
    /// <summary>The longest such limit is 15 s, for a handshake.</summary>
    public static readonly Supervision OfStandIn = new(MaxStarts: 5, TimeSpan.FromSeconds(40));

    /// <summary>A gateway ends a turn of a hanging model after 20 s, and its start may take a minute on a busy machine.</summary>
    public static readonly Supervision OfRealGateway = new(MaxStarts: 20, TimeSpan.FromSeconds(120));
}

/// <summary>Runs the agent under a supervisor, as systemd would, while one fault strikes.</summary>
internal sealed class Scenario(string program, Fault fault, string runsDirectory, Supervision supervision)
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(3);

    public async Task<Outcome> RunAsync(IScenarioGateway gateway, CancellationToken cancellationToken)
    {
        Dictionary<int, int> turnsWhenAcknowledged = [];
        Life? last = null;
        string inDoubt = "";
        int starts = 0;
        while (last?.Report is null && starts < supervision.MaxStarts)
        {
            if (starts++ > 0)
            {
                await Task.Delay(RestartDelay, cancellationToken);
            }

            // An operator who finds a step in doubt looks at the gateway, and here decides that the turn may run again.
            bool runAgain = last?.Failure?.StartsWith("StepInDoubtException", StringComparison.Ordinal) == true;
            inDoubt = runAgain ? $"step {Schedule.Step}: stopped, operator let it run again" : inDoubt;
            using var agent = new AgentProcess(program, gateway, runsDirectory, runAgain);
            using CancellationTokenRegistration killed = cancellationToken.Register(agent.Kill);
            Task<Life> life = agent.WaitAsync(supervision.Life, cancellationToken);
            if (starts == 1)
            {
                await StrikeAsync(agent, gateway, life, cancellationToken);
            }

            last = await life;
            foreach (int step in agent.Acknowledged)
            {
                turnsWhenAcknowledged.TryAdd(step, gateway.Turns.GetValueOrDefault($"[step {step}]"));
            }

            if (last.WasKilled && last.Failure is not null)
            {
                break;
            }
        }

        int repeated = turnsWhenAcknowledged.Sum(step => gateway.Turns.GetValueOrDefault($"[step {step.Key}]") - step.Value);
        return new Outcome(last?.Report is not null, starts, gateway.Turns.Values.Sum() + gateway.Resumed, repeated, inDoubt, gateway.Resumed, last?.Failure);
    }

    /// <summary>Kills the agent where the schedule says so; the other faults are the gateway's.</summary>
    private async Task StrikeAsync(AgentProcess agent, IScenarioGateway gateway, Task life, CancellationToken cancellationToken)
    {
        Task moment = fault == Fault.KillBetweenSteps ? agent.FaultStepReached : gateway.Struck;
        if (await Task.WhenAny(moment, life) != moment)
        {
            return;
        }

        if (fault is Fault.KillBetweenSteps or Fault.KillInStep)
        {
            agent.Kill();
        }

        await gateway.StrikeAsync(cancellationToken);
    }
}
