using System.Diagnostics;

namespace OpenClaw.Resilience.CrashBench;

/// <summary>A run as a program has it: one step after the other, each with a result of some size.</summary>
internal static class Steps
{
    public static async Task ReportAsync(string folder, int steps, int size, int warm)
    {
        if (warm > 0)
        {
            await RunAsync(Path.Combine(folder, "store-warm"), "run", warm, size, _ => { });
        }

        (long began, ProcessIo before) = (Stopwatch.GetTimestamp(), ProcessIo.Now());
        await RunAsync(Path.Combine(folder, "store"), "run", steps, size, _ => { });
        Console.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalMicroseconds / steps:F0} {(ProcessIo.Now() - before).Bytes}");
    }

    /// <summary>Takes the steps of a new run to its end.</summary>
    /// <param name="folder">Where the store is.</param>
    /// <param name="name">The run.</param>
    /// <param name="steps">How many.</param>
    /// <param name="size">Bytes of each result.</param>
    /// <param name="taken">Told how many were taken, after each.</param>
    public static async Task RunAsync(string folder, string name, int steps, int size, Action<int> taken)
    {
        var store = new FileCheckpointStore(new FileCheckpointStoreOptions { Directory = folder });
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.Create(name), new AgentRunOptions { Store = store });
        taken(0);
        for (int i = 1; i <= steps; i++)
        {
            // Each result is another string, as answers are.
            string result = new((char)('a' + (i % 26)), size);
            await run.StepAsync("act", (_, _) => Task.FromResult(result));
            taken(i);
        }

        await run.CompleteAsync();
    }
}
