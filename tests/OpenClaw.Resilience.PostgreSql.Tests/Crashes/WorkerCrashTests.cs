using OpenClaw.Resilience.PostgreSql.Tests.Server;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.PostgreSql.Tests.Crashes;

/// <summary>
/// Real workers are killed, paused and cut off, and their server is, and what they left is judged. The judge is judged by planted bugs.
/// <c>bench/OpenClaw.Resilience.CrashBench</c> does the same for longer.
/// </summary>
public sealed class WorkerCrashTests(PostgreSqlServer server) : IAsyncLifetime
{
    private const int Kills = 25;
    private const int Workers = 4;

    public ValueTask InitializeAsync()
    {
        ServerRequirement.Require();
        return default;
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Killed_at_random_instants_no_acknowledged_step_is_lost_or_executed_again()
    {
        await using WorkedDatabase database = await WorkedDatabase.CreateAsync(server);

        await database.Run.KillAsync(Kills, new Random(20260301));

        EffectLogChecker checker = await database.Run.JudgeAsync();
        Assert.Empty(checker.Violations);
        Assert.InRange(checker.Acknowledged, 10 * Kills, int.MaxValue);
        Assert.InRange(checker.InDoubt, 1, int.MaxValue);
    }

    [Fact]
    public async Task Workers_that_sleep_longer_than_their_lease_store_nothing_afterwards()
    {
        await using WorkedDatabase database = await WorkedDatabase.CreateAsync(server);

        await database.PauseOwnersAsync(Workers, pauses: 8, new Random(20260301));

        EffectLogChecker checker = await database.Run.JudgeAsync(ownersWerePaused: true);
        Assert.Empty(checker.Violations);
        Assert.InRange(checker.FencedOff, 1, int.MaxValue);
    }

    [Fact]
    public async Task Connections_that_break_between_commit_and_answer_double_nothing()
    {
        await using WorkedDatabase database = await WorkedDatabase.CreateAsync(server);

        int lost = await database.CutAnswersAsync(cuts: 20, new Random(20260301));

        EffectLogChecker checker = await database.Run.JudgeAsync();
        Assert.Empty(checker.Violations);
        Assert.InRange(lost, 20, int.MaxValue);
    }

    [Fact]
    public Task The_judge_finds_an_append_without_fencing() => FindAsync(
        "unfenced-append", (database, random) => database.PauseOwnersAsync(Workers, pauses: 8, random), ownersWerePaused: true, "");

    [Fact]
    public Task The_judge_finds_an_append_that_is_repeated_without_looking() => FindAsync(
        "blind-retry", (database, random) => database.CutAnswersAsync(cuts: 20, random), ownersWerePaused: false, "times in the journal");

    /// <summary>Tries until the bug shows: an owner that wakes up often learns of its loss from its renewal, before it writes.</summary>
    private async Task FindAsync(string bug, Func<WorkedDatabase, Random, Task> disturb, bool ownersWerePaused, string violation)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            await using WorkedDatabase database = await WorkedDatabase.CreateAsync(server, bug);
            await disturb(database, new Random(seed));
            EffectLogChecker checker = await database.Run.JudgeAsync(ownersWerePaused);
            if (checker.Violations.Any(found => found.Contains(violation, StringComparison.Ordinal)))
            {
                return;
            }
        }

        Assert.Fail($"The bug '{bug}' was not found.");
    }
}
