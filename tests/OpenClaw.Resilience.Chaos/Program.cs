using System.Diagnostics;
using System.Globalization;
using OpenClaw.Resilience.Chaos;

// usage: OpenClaw.Resilience.Chaos <first seed> <how many> [a bug to plant]
// Plays the schedules of the seeds and prints what was broken. Exit code: 0 nothing, 1 something, 2 wrong arguments.
if (args.Length is not (2 or 3)
    || !int.TryParse(args[0], CultureInfo.InvariantCulture, out int first)
    || !int.TryParse(args[1], CultureInfo.InvariantCulture, out int count))
{
    Console.Error.WriteLine("usage: OpenClaw.Resilience.Chaos <first seed> <how many> [a bug to plant]");
    return 2;
}

const int MostReports = 5;
Plant plant = args.Length == 3 ? Enum.Parse<Plant>(args[2]) : Plant.None;
var totals = new Totals();
int broken = 0;
for (int seed = first; seed < first + count && broken < MostReports; seed++)
{
    IReadOnlyList<string> violations = await new Schedule(seed, plant).PlayAsync(totals);
    if (violations.Count > 0)
    {
        broken++;
        Console.WriteLine($"Seed {seed} broke the model. Replay it alone: OpenClaw.Resilience.Chaos {seed} 1 {plant}");
        foreach (string violation in violations)
        {
            Console.WriteLine($"  {violation}");
        }
    }
}

using var self = Process.GetCurrentProcess();
Console.WriteLine($"{totals}; {self.TotalProcessorTime.TotalSeconds:F1} s of CPU; {broken} broken");
return broken == 0 ? 0 : 1;
