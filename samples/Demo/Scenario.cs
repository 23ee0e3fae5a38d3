namespace OpenClaw.Demo;

/// <summary>What came of one fault for one version of the agent.</summary>
/// <param name="Answered">Whether the report came out, in whichever life.</param>
/// <param name="Starts">How often the agent was started.</param>
/// <param name="Turns">The turns that the gateway started for it.</param>
/// <param name="RepeatedSteps">Turns for steps that had been acknowledged before: work done and paid for again.</param>
/// <param name="InDoubt">How the step that was in flight was resolved; empty where none was in doubt.</param>
/// <param name="LastFailure">What the agent last said before it failed.</param>
internal sealed record Outcome(bool Answered, int Starts, int Turns, int RepeatedSteps, string InDoubt, string? LastFailure);

/// <summary>Runs the agent under a supervisor, as systemd would, while one fault strikes.</summary>
internal sealed class Scenario(string program, Fault fault, string runsDirectory, int port)
{
    private const int MaxStarts = 5;

    /// <summary>Longer than every limit of the fixed agent that the faults touch (15 s for a handshake).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(3);

    public async Task<Outcome> RunAsync(CancellationToken cancellationToken)
    {
        await using StandInGateway gateway = await StandInGateway.StartAsync(fault, port, cancellationToken);
        Dictionary<int, int> turnsWhenAcknowledged = [];
        Life? last = null;
        string inDoubt = "";
        int starts = 0;
        while (last?.Report is null && starts < MaxStarts)
        {
            if (starts++ > 0)
            {
                await Task.Delay(RestartDelay, cancellationToken);
            }

            // An operator who finds a step in doubt looks at the gateway, and here decides that the turn may run again.
            bool runAgain = last?.Failure?.StartsWith("StepInDoubtException", StringComparison.Ordinal) == true;
            inDoubt = runAgain ? $"step {Schedule.Step}: stopped, operator let it run again" : inDoubt;
            using var agent = new AgentProcess(program, gateway.Address, runsDirectory, runAgain);
            using CancellationTokenRegistration killed = cancellationToken.Register(agent.Kill);
            Task<Life> life = agent.WaitAsync(Patience, cancellationToken);
            if (starts == 1)
            {
                await StrikeAsync(agent, gateway, life);
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
        return new Outcome(last?.Report is not null, starts, gateway.Turns.Values.Sum(), repeated, inDoubt, last?.Failure);
    }

    /// <summary>Kills the agent where the schedule says so; the other faults are the gateway's.</summary>
    private async Task StrikeAsync(AgentProcess agent, StandInGateway gateway, Task life)
    {
        Task? moment = fault switch
        {
            Fault.KillBetweenSteps => agent.FaultStepReached,
            Fault.KillInStep => gateway.Struck,
            _ => null,
        };
        if (moment is not null && await Task.WhenAny(moment, life) == moment)
        {
            agent.Kill();
        }
    }
}
