using OpenClaw.Resilience.Bench;

// Figures for the documents, each as a ratio or a count against peers in the same run:
//   calls     what a completed call costs over Polly's own layers
//   dead      how many requests of 50 concurrent callers reach a gateway that is gone
//   faults    successes and doubled turns over ten virtual minutes of faults
switch (args)
{
    case ["calls"]:
        await CallOverhead.RunAsync();
        return 0;
    case ["dead"]:
        await DeadGateway.RunAsync();
        return 0;
    case ["faults"]:
        await MixedFaults.RunAsync();
        return 0;
    default:
        Console.Error.WriteLine("usage: dotnet run -c Release --project bench/OpenClaw.Resilience.Bench -- calls|dead|faults");
        return 2;
}
