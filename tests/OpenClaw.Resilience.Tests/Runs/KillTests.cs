using System.Globalization;

namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>
/// A real process is killed again and again, and what it left is judged. The judge is judged by stores with planted bugs.
/// </summary>
public sealed class KillTests
{
    /// <summary>25, or what a longer proof asks for.</summary>
    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("OPENCLAW_TEST_KILL_ROUNDS"), CultureInfo.InvariantCulture, out int rounds) ? rounds : 25;

    [Fact]
    public async Task Killed_at_random_instants_no_acknowledged_step_is_lost_or_executed_again()
    {
        using var directory = new TemporaryDirectory();
        EffectLogChecker checker = await KillAsync(directory, "none", Rounds, seed: 20260301);

        Assert.Empty(checker.Violations);
        Assert.InRange(checker.Acknowledged, 10 * Rounds, int.MaxValue);
        Assert.InRange(checker.InDoubt, 1, int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Rounds} kills: {checker.Acknowledged} steps acknowledged, {checker.InDoubt} in doubt, "
            + $"{checker.Generations} generations complete");
    }

    [Theory]
    [InlineData("ack-before-append", "after it was acknowledged")]
    [InlineData("duplicate-append", "times in the journal")]
    [InlineData("lost-tail", "after it was acknowledged")]
    [InlineData("lost-marks", "without having been in doubt")]
    public async Task The_judge_finds_a_planted_bug(string bug, string violation)
    {
        // Nearly each kill finds it on an idle machine, and few do on a busy one: there the process dies between its result and the acknowledgement.
        for (int seed = 0; seed < 25; seed++)
        {
            using var directory = new TemporaryDirectory();
            EffectLogChecker checker = await KillAsync(directory, bug, rounds: 6, seed);
            if (checker.Violations.Any(found => found.Contains(violation, StringComparison.Ordinal)))
            {
                return;
            }
        }

        Assert.Fail($"The bug '{bug}' was not found.");
    }

    private static async Task<EffectLogChecker> KillAsync(TemporaryDirectory directory, string bug, int rounds, int seed)
    {
        string place = directory.File("runs");
        FileCheckpointStore store = new(new FileCheckpointStoreOptions { Directory = place });
        using WorkedRun run = new(place, store, directory.File("effects.log")) { Bug = bug };
        await run.KillAsync(rounds, new Random(seed));
        return await run.JudgeAsync();
    }
}
