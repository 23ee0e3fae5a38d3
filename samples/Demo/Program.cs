using System.Net.Sockets;
using System.Runtime.InteropServices;
using OpenClaw.Demo;

if (DemoOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(DemoOptions.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    List<(Fault Fault, Outcome Before, Outcome After)> rows = options.Installation is null ? await MeetStandInAsync() : await MeetRealGatewayAsync();
    Console.WriteLine();
    ResultTable.Print(rows, Console.Out);
    return ResultTable.KeepPromise(rows, Console.Error) ? 0 : 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("interrupted");
    return 130;
}
catch (Exception exception) when (options.Port != 0 && exception is IOException or SocketException)
{
    Console.Error.WriteLine($"The gateway cannot listen on port {options.Port}{(options.Installation is null ? "" : " and the next")}: {exception.Message.TrimEnd('.')}. Leave --port out to take a free one.");
    return 1;
}
catch (InvalidOperationException exception) when (options.Installation is not null)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

async Task<List<(Fault, Outcome, Outcome)>> MeetStandInAsync()
{
    List<(Fault, Outcome, Outcome)> rows = [];
    foreach (Fault fault in Schedule.StandIn)
    {
        // Side by side, each with a gateway of its own; a given port is used by one after the other.
        Announce(fault);
        Task<Outcome> first = RunAsync(options.Before, "before", fault);
        Outcome? before = options.Port == 0 ? null : await first;
        Outcome after = await RunAsync(options.After, "after", fault);
        rows.Add(Report(fault, before ?? await first, after));
    }

    return rows;

    async Task<Outcome> RunAsync(string program, string version, Fault fault)
    {
        await using StandInGateway gateway = await StandInGateway.StartAsync(fault, options.Port, stop.Token);
        return await PlayAsync(program, version, fault, gateway, Supervision.OfStandIn);
    }
}

async Task<List<(Fault, Outcome, Outcome)>> MeetRealGatewayAsync()
{
    int otherPort = options.Port == 0 ? 0 : options.Port + 1;
    RealGateway.ThrowIfTaken(options.Port);
    RealGateway.ThrowIfTaken(otherPort);
    Console.WriteLine("   starting two gateways, one for each version of the agent");
    await using RealGateway one = await RealGateway.StartAsync(options.Installation, options.Port, stop.Token);
    await using RealGateway other = await RealGateway.StartAsync(options.Installation, otherPort, stop.Token);
    List<(Fault, Outcome, Outcome)> rows = [];
    foreach (Fault fault in Schedule.Real)
    {
        Announce(fault);
        Task<Outcome> first = RunAsync(one, options.Before, "before", fault);
        Outcome after = await RunAsync(other, options.After, "after", fault);
        rows.Add(Report(fault, await first, after));
    }

    return rows;

    async Task<Outcome> RunAsync(RealGateway real, string program, string version, Fault fault)
    {
        await using IScenarioGateway gateway = await real.BeginAsync(fault, stop.Token);
        return await PlayAsync(program, version, fault, gateway, Supervision.OfRealGateway);
    }
}

Task<Outcome> PlayAsync(string program, string version, Fault fault, IScenarioGateway gateway, Supervision supervision)
    => new Scenario(program, fault, Path.Combine(options.Work, "runs", version, fault.ToString()), supervision).RunAsync(gateway, stop.Token);

static void Announce(Fault fault) => Console.Write($"   {fault.Describe(),-30}");

static (Fault, Outcome, Outcome) Report(Fault fault, Outcome before, Outcome after)
{
    Console.WriteLine($" before: {ResultTable.Word(before),-9} after: {ResultTable.Word(after)}");
    return (fault, before, after);
}
