using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.CrashBench;

/// <summary>What the checker found, a row for each kind of crash.</summary>
internal sealed class CrashTable
{
    private readonly HashSet<string> _violations = [];

    public CrashTable()
    {
        Console.WriteLine("| | crashes | acknowledged | lost | executed again | silently repeated | otherwise wrong | in doubt | fenced off | late |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    }

    public void Add(string name, int crashes, EffectLogChecker found, int doubled = 0)
    {
        Console.WriteLine(
            $"| {name} | {crashes:N0} | {found.Acknowledged:N0} | {found.Count(Breach.Lost):N0} | {found.Count(Breach.ExecutedAgain):N0} "
            + $"| {found.Count(Breach.SilentlyRepeated):N0} | {found.Count(Breach.Other) + doubled:N0} | {found.InDoubt:N0} "
            + $"| {found.FencedOff:N0} | {found.Late:N0} |");
        _violations.UnionWith(found.Violations);
        if (doubled > 0)
        {
            _violations.Add($"{doubled} results stand more than once");
        }
    }

    /// <summary>Says what was wrong; 0 when nothing was.</summary>
    public int End()
    {
        foreach (string violation in _violations.Take(20))
        {
            Console.Error.WriteLine(violation);
        }

        return _violations.Count == 0 ? 0 : 1;
    }

    /// <summary>A sign of life for those who wait.</summary>
    public static void Progress(int round)
    {
        if (round % 50 == 0)
        {
            Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss} round {round}");
        }
    }
}
