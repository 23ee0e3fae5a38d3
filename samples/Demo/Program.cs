using System.Runtime.InteropServices;
using OpenClaw.Demo;

if (args.Length is < 3 or > 4)
{
    Console.Error.WriteLine("usage: Demo <agent before> <agent after> <work folder> [port]");
    return 2;
}

int port = args.Length == 4 ? int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture) : 0;
using var stop = new CancellationTokenSource();
using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    List<(Fault Fault, Outcome Before, Outcome After)> rows = [];
    foreach (Fault fault in Enum.GetValues<Fault>())
    {
        // Side by side, each with a gateway of its own; a given port is used by one after the other.
        Console.Write($"   {fault.Describe(),-30}");
        Task<Outcome> first = RunAsync(args[0], "before", fault);
        Outcome? before = port == 0 ? null : await first;
        Outcome after = await RunAsync(args[1], "after", fault);
        before ??= await first;
        Console.WriteLine($" before: {ResultTable.Word(before),-9} after: {ResultTable.Word(after)}");
        rows.Add((fault, before, after));
    }

    Console.WriteLine();
    ResultTable.Print(rows, Console.Out);
    return ResultTable.KeepPromise(rows, Console.Error) ? 0 : 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("interrupted");
    return 130;
}
catch (IOException exception) when (port != 0)
{
    Console.Error.WriteLine($"The stand-in gateway cannot listen on port {port}: {exception.Message} Leave --port out to take a free one.");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

Task<Outcome> RunAsync(string program, string version, Fault fault)
    => new Scenario(program, fault, Path.Combine(args[2], "runs", version, fault.ToString()), port).RunAsync(stop.Token);
