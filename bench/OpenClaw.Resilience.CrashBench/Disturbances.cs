using OpenClaw.Resilience.PostgreSql.Tests.Crashes;
using OpenClaw.Resilience.PostgreSql.Tests.Server;

namespace OpenClaw.Resilience.CrashBench;

/// <summary>What happens to a database, and to workers that share it, beside their deaths.</summary>
internal static class Disturbances
{
    private const int Workers = 4;

    public static async Task<int> RunAsync(int rounds)
    {
        int seed = Environment.TickCount;
        Console.Error.WriteLine($"seed {seed}");
        Random random = new(seed);
        CrashTable table = new();
        await using PostgreSqlServer server = new();
        await using (WorkedDatabase database = await WorkedDatabase.CreateAsync(server))
        {
            await database.PauseOwnersAsync(Workers, rounds, random, CrashTable.Progress);
            table.Add(
                $"{Workers} workers, owner stopped for longer than its lease",
                rounds, await database.Run.JudgeAsync(ownersWerePaused: true), await database.DoubledAsync());
        }

        await using (WorkedDatabase database = await WorkedDatabase.CreateAsync(server))
        {
            await database.CrashServerAsync(rounds, random, CrashTable.Progress);
            table.Add("server crashed and started again", rounds, await database.Run.JudgeAsync(), await database.DoubledAsync());
        }

        await using (WorkedDatabase database = await WorkedDatabase.CreateAsync(server))
        {
            int lost = await database.CutAnswersAsync(rounds, random, CrashTable.Progress);
            table.Add($"connection cut, {lost} answers lost", rounds, await database.Run.JudgeAsync(), await database.DoubledAsync());
        }

        return table.End();
    }
}
