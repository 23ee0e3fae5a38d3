using System.Diagnostics;
using OpenClaw.Resilience.PostgreSql.Tests.Crashes;
using OpenClaw.Resilience.PostgreSql.Tests.Server;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.CrashBench;

/// <summary>A worker is killed at random instants, with SIGKILL.</summary>
internal static class Kills
{
    public static async Task<int> RunAsync(string? only, int rounds)
    {
        int seed = Environment.TickCount;
        Console.Error.WriteLine($"seed {seed}");
        CrashTable table = new();
        if (only is null or "file")
        {
            using TemporaryDirectory directory = new();
            using WorkedRun run = OpenFiles(directory);
            table.Add("kill -9, file", rounds, await KillAsync(run, rounds, seed));
        }

        if (only is null or "postgresql")
        {
            await using PostgreSqlServer server = new();
            await using WorkedDatabase database = await WorkedDatabase.CreateAsync(server);
            table.Add("kill -9, PostgreSQL", rounds, await KillAsync(database.Run, rounds, seed), await database.DoubledAsync());
        }

        return table.End();
    }

    public static WorkedRun OpenFiles(TemporaryDirectory directory, string bug = "none")
    {
        string place = directory.File("runs");
        return new WorkedRun(
            place, new FileCheckpointStore(new FileCheckpointStoreOptions { Directory = place }), directory.File("effects.log")) { Bug = bug };
    }

    private static async Task<EffectLogChecker> KillAsync(WorkedRun run, int rounds, int seed)
    {
        long began = Stopwatch.GetTimestamp();
        await run.KillAsync(rounds, new Random(seed), CrashTable.Progress);
        Console.Error.WriteLine($"{rounds} rounds in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s, {run.Executions} steps executed");
        return await run.JudgeAsync();
    }
}
