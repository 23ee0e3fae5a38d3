using OpenClaw.Resilience.PostgreSql.Tests.Crashes;
using OpenClaw.Resilience.PostgreSql.Tests.Server;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.CrashBench;

/// <summary>The checker is shown stores with a bug each. One that it doesn't find makes all its other findings worthless.</summary>
internal static class PlantedBugs
{
    private const int Most = 25;
    private static readonly string[] OfAnyStore = ["ack-before-append", "duplicate-append", "lost-tail", "lost-marks"];

    public static async Task<int> RunAsync()
    {
        bool all = true;
        await using PostgreSqlServer server = new();
        Console.WriteLine("| planted bug | store | disturbed by | found after | as |\n|---|---|---|---:|---|");
        foreach (string bug in OfAnyStore)
        {
            all &= await FindAsync(bug, "file", "6 kills", async seed =>
            {
                using TemporaryDirectory directory = new();
                using WorkedRun run = Kills.OpenFiles(directory, bug);
                await run.KillAsync(6, new Random(seed));
                return await run.JudgeAsync();
            });
            all &= await FindAsync(bug, "PostgreSQL", "6 kills", server, (database, random) => database.Run.KillAsync(6, random));
        }

        all &= await FindAsync("unfenced-append", "PostgreSQL", "4 pauses", server, (database, random) => database.PauseOwnersAsync(4, 4, random));
        all &= await FindAsync("blind-retry", "PostgreSQL", "10 cuts", server, (database, random) => database.CutAnswersAsync(10, random));
        return all ? 0 : 1;
    }

    private static Task<bool> FindAsync(
        string bug, string store, string disturbance, PostgreSqlServer server, Func<WorkedDatabase, Random, Task> disturb) =>
        FindAsync(bug, store, disturbance, async seed =>
        {
            await using WorkedDatabase database = await WorkedDatabase.CreateAsync(server, bug);
            await disturb(database, new Random(seed));
            return await database.Run.JudgeAsync(ownersWerePaused: bug == "unfenced-append");
        });

    private static async Task<bool> FindAsync(string bug, string store, string disturbance, Func<int, Task<EffectLogChecker>> tryAsync)
    {
        for (int seed = 1; seed <= Most; seed++)
        {
            EffectLogChecker found = await tryAsync(seed);
            if (found.Violations.Count > 0)
            {
                Console.WriteLine($"| {bug} | {store} | {disturbance} | {seed} × | {found.Violations[0].Split(": ")[^1]} |");
                return true;
            }
        }

        Console.WriteLine($"| {bug} | {store} | {disturbance} | **not found** in {Most} × | |");
        return false;
    }
}
