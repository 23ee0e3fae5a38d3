using OpenClaw.Resilience;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>OCG1308 and the runtime agree: what the rule reports a run refuses, and what it is silent about comes back.</summary>
public sealed class RestoredResultTests(RestoredResultTests.Program program) : IClassFixture<RestoredResultTests.Program>
{
    [Theory]
    [MemberData(nameof(ResultTypes.Lost), MemberType = typeof(ResultTypes))]
    public Task What_the_rule_reports_the_run_refuses(string type)
        => Assert.ThrowsAsync<StepResultNotStorableException>(() => program.RunAsync(type, new InMemoryCheckpointStore()));

    [Theory]
    [MemberData(nameof(ResultTypes.Kept), MemberType = typeof(ResultTypes))]
    public async Task What_the_rule_accepts_comes_back(string type)
    {
        var store = new InMemoryCheckpointStore();
        object? first = await program.RunAsync(type, store);
        object? second = await program.RunAsync(type, store);

        Assert.NotNull(first);
        Assert.Equal(first.GetType(), second?.GetType());
    }

    /// <summary>A step for each row of the table, compiled once.</summary>
    public sealed class Program
    {
        private readonly Dictionary<string, Func<AgentRun, Task<object?>>> _steps = (Dictionary<string, Func<AgentRun, Task<object?>>>)FixedProgram.Load(
            $$"""
            using System.Text.Json;
            using System.Text.Json.Serialization;
            using OpenClaw.Resilience;

            public static class Steps
            {
                public static readonly Dictionary<string, Func<AgentRun, Task<object?>>> All = new()
                {
                    {{string.Join("\n        ", ResultTypes.All.Select(row => $"[\"{row.Type}\"] = async run => await run.StepAsync<{row.Type}>(\"step\", (_, _) => Task.FromResult<{row.Type}>({row.Value})),"))}}
                };

                static void Main() { }
            }

            {{ResultTypes.Types}}
            """).GetType("Steps")!.GetField("All")!.GetValue(null)!;

        internal async Task<object?> RunAsync(string type, InMemoryCheckpointStore store)
        {
            await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("results", type), new AgentRunOptions { Store = store }, TestContext.Current.CancellationToken);
            return await _steps[type](run);
        }
    }
}
