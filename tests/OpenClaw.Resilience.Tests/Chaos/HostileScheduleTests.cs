using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OpenClaw.Resilience.Chaos;

namespace OpenClaw.Resilience.Tests.Chaos;

/// <summary>
/// Hostile schedules on a virtual clock, see <c>OpenClaw.Resilience.Chaos</c>: a process of its own, because only a pool of one thread gives a seed
/// the same course each time.
/// </summary>
public sealed partial class HostileScheduleTests
{
    private const int UsualSchedules = 2000;
    private const int SchedulesPerPlant = 400;

    public static TheoryData<string> Plants => [.. Enum.GetNames<Plant>().Where(static name => name != nameof(Plant.None))];

    // OPENCLAW_CHAOS_SCHEDULES plays more of them.
    private static int Schedules
        => int.TryParse(Environment.GetEnvironmentVariable("OPENCLAW_CHAOS_SCHEDULES"), CultureInfo.InvariantCulture, out int more) ? more : UsualSchedules;

    [Fact]
    public async Task No_schedule_breaks_the_model()
    {
        (int exitCode, string output) = await PlayAsync(1, Schedules, Plant.None.ToString());

        Assert.True(exitCode == 0, output);
        // A run that saw none of these would have proven nothing about them.
        foreach (string seen in new[] { "Blocking calls", "Socket calls", "retries on a budget", "results", "retries", "failed", "cancelled", "timed out", "reloads", "circuits opened", "rejected:Lockout", "rejected:QueueFull", "rejected:SessionQueueFull", "rejected:CircuitOpen" })
        {
            Assert.Contains($" {seen}", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Plants))]
    public async Task A_planted_bug_is_found(string plant)
    {
        (int exitCode, string output) = await PlayAsync(1, SchedulesPerPlant, plant);

        Assert.True(exitCode == 1, output);
        Assert.Matches(SeedReport(), output);
    }

    [Fact]
    public async Task A_seed_takes_the_same_course_each_time()
    {
        (_, string first) = await PlayAsync(1, 50, Plant.None.ToString());
        (_, string second) = await PlayAsync(1, 50, Plant.None.ToString());

        Assert.Equal(Digest().Match(first).Value, Digest().Match(second).Value);
        Assert.True(Digest().IsMatch(first), first);
    }

    private static async Task<(int ExitCode, string Output)> PlayAsync(int first, int count, string plant)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { typeof(Plant).Assembly.Location, $"{first}", $"{count}", plant })
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    [GeneratedRegex(@"^Seed \d+ broke the model\. Replay it alone: ", RegexOptions.Multiline)]
    private static partial Regex SeedReport();

    [GeneratedRegex("digest [0-9a-f]+")]
    private static partial Regex Digest();
}
