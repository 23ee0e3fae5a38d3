namespace OpenClaw.Demo;

/// <summary>The table at the end, and what it has to show.</summary>
internal static class ResultTable
{
    private const int TurnsWithoutFaults = 11;

    public static string Word(Outcome outcome) => outcome.Answered ? "answered" : outcome.LastFailure?.StartsWith("hung", StringComparison.Ordinal) == true ? "hung" : "lost";

    public static void Print(IReadOnlyList<(Fault Fault, Outcome Before, Outcome After)> rows, TextWriter output)
    {
        const string Line = "{0,-29} | {1,-8} {2,6} {3,5} {4,8} | {5,-8} {6,6} {7,5} {8,8} | {9}";
        output.WriteLine(Line, "", "before", "", "", "", "after", "", "", "", "");
        output.WriteLine(Line, "fault", "report", "starts", "turns", "repeated", "report", "starts", "turns", "repeated", "step in doubt");
        output.WriteLine(new string('-', 131));
        foreach ((Fault fault, Outcome before, Outcome after) in rows)
        {
            output.WriteLine(
                Line,
                fault.Describe(),
                Word(before),
                before.Starts,
                before.Turns,
                before.RepeatedSteps,
                Word(after),
                after.Starts,
                after.Turns,
                after.RepeatedSteps,
                after.InDoubt.Length == 0 ? "none" : after.InDoubt);
        }

        output.WriteLine();
        output.WriteLine($"turns: what the gateway was asked to do, {TurnsWithoutFaults} when nothing goes wrong. repeated: turns for steps that were acknowledged before.");
        if (rows.Any(row => row.Before is { Starts: 1, Turns: > TurnsWithoutFaults }))
        {
            output.WriteLine("One start and more turns than that: the agent's library sent a turn again that may have run, and nobody was asked.");
        }

        int resumedBefore = rows.Sum(row => row.Before.Resumed), resumedAfter = rows.Sum(row => row.After.Resumed);
        if (resumedBefore + resumedAfter > 0)
        {
            output.WriteLine($"Among the turns are {resumedBefore} (before) and {resumedAfter} (after) that the gateway resumed by itself when it was started again.");
        }
    }

    /// <summary>The fixed agent answers every time, and no acknowledged step of it is executed twice.</summary>
    public static bool KeepPromise(IReadOnlyList<(Fault Fault, Outcome Before, Outcome After)> rows, TextWriter error)
    {
        bool kept = true;
        foreach ((Fault fault, Outcome _, Outcome after) in rows)
        {
            if (!after.Answered || after.RepeatedSteps != 0)
            {
                kept = false;
                error.WriteLine($"The fixed agent did not survive '{fault.Describe()}': {Word(after)}, {after.RepeatedSteps} acknowledged steps repeated. {after.LastFailure}");
            }
        }

        return kept;
    }
}
