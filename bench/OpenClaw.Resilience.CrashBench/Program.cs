using System.Globalization;
using OpenClaw.Resilience.CrashBench;

// What a crash costs a run, and what it costs to be safe from it:
//   kill [STORE] [ROUNDS]   kills a worker at random instants; STORE is file or postgresql, both without one; 500 rounds
//   disturb [ROUNDS]        PostgreSQL: paused owners, a crashing server, answers that get lost; 60 rounds each
//   bugs                    the same on stores with planted bugs: each must be found
//   costs [FOLDER]          flushes, system calls, bytes; time against raw files, on the file system of FOLDER
//   steps FOLDER STEPS SIZE WARM
//                           one run of so many steps whose results have SIZE bytes, for a look from outside, after WARM steps of another
//                           run; prints the microseconds of a step and the bytes that were written
switch (args)
{
    case ["kill", .. var rest] when rest is [] or ["file" or "postgresql", ..]:
        return await Kills.RunAsync(rest.FirstOrDefault(), Number(rest.ElementAtOrDefault(1), 500));
    case ["disturb", .. var rest] when rest.Length <= 1:
        return await Disturbances.RunAsync(Number(rest.FirstOrDefault(), 60));
    case ["bugs"]:
        return await PlantedBugs.RunAsync();
    case ["costs", .. var rest] when rest.Length <= 1:
        await Costs.RunAsync(rest.FirstOrDefault() ?? Path.GetTempPath());
        return 0;
    case ["steps", string folder, string steps, string size, string warm]:
        await Steps.ReportAsync(folder, Number(steps, 0), Number(size, 0), Number(warm, 0));
        return 0;
    default:
        Console.Error.WriteLine("usage: dotnet run -c Release --project bench/OpenClaw.Resilience.CrashBench -- "
            + "kill [file|postgresql] [ROUNDS] | disturb [ROUNDS] | bugs | costs [FOLDER] | steps FOLDER STEPS SIZE WARM");
        return 2;
}

static int Number(string? text, int otherwise) => text is null ? otherwise : int.Parse(text, CultureInfo.InvariantCulture);
