namespace OpenClaw.Resilience;

/// <summary>Marks the code that runs inside a step, so that a step of the same run inside it is noticed.</summary>
internal sealed class StepScope(AgentRun run, string key, StepScope? outer)
{
    private static readonly AsyncLocal<StepScope?> Ambient = new();

    private volatile bool _ended;

    /// <summary>The key of the step of the run inside which the caller is; null when it is in none.</summary>
    /// <remarks>Work that a step started and left behind carries its scope along, but that step is over.</remarks>
    public static string? Find(AgentRun run)
    {
        for (StepScope? scope = Ambient.Value; scope is not null; scope = scope.Outer)
        {
            if (scope.Run == run && !scope._ended)
            {
                return scope.Key;
            }
        }

        return null;
    }

    /// <summary>Enters a scope for the rest of the calling async method; it never reaches that method's caller.</summary>
    public static StepScope Enter(AgentRun run, string key) => Ambient.Value = new StepScope(run, key, Ambient.Value);

    public void End() => _ended = true;

    private AgentRun Run { get; } = run;

    private string Key { get; } = key;

    private StepScope? Outer { get; } = outer;
}
