using System.Diagnostics;

namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>A worker is started and killed, again and again, at random instants.</summary>
internal static class KillRounds
{
    private const int MostStepsBetween = 60;
    private const int RoundsBetweenEarlyKills = 8;

    /// <summary>
    /// Most rounds are killed some time after they have begun to work, not after they were started: a slow machine only makes rounds
    /// longer. Each eighth is killed while it starts, opens the run or reads it.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="rounds">How many kills.</param>
    /// <param name="random">Chooses the instants.</param>
    /// <param name="killed">Told the number of each round that is over.</param>
    public static async Task KillAsync(this WorkedRun run, int rounds, Random random, Action<int>? killed = null)
    {
        TimeSpan start = TimeSpan.FromMilliseconds(200);
        for (int round = 1; round <= rounds; round++)
        {
            long began = Stopwatch.GetTimestamp();
            using WorkerProcess worker = run.StartWorker();
            if (round % RoundsBetweenEarlyKills == 0)
            {
                await Task.Delay(start * random.NextDouble());
            }
            else
            {
                await run.WaitForStepsAsync(1, worker);
                start = Stopwatch.GetElapsedTime(began);
                await run.WaitForStepsAsync(random.Next(MostStepsBetween), worker);
                await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 10));
            }

            await worker.KillAsync();
            await run.FreeAsync();
            killed?.Invoke(round);
        }
    }
}
