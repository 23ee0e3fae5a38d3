using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Bench;

/// <summary>Fifty callers at once, one call each, and a gateway that refuses connections or answers 502 to everything.</summary>
internal static class DeadGateway
{
    private const int Callers = 50;

    public static async Task RunAsync()
    {
        Console.WriteLine($"requests that reach a dead gateway from {Callers} concurrent callers, one call each");
        Console.WriteLine($"{"",-22} {"refused",10} {"502",10}");
        foreach (Func<TimeProvider, SimulatedGateway, Contender> create in Contender.All)
        {
            (string name, int refused) = await CountAsync(create, Fault.Away);
            (_, int failed) = await CountAsync(create, Fault.BadGateway);
            Console.WriteLine($"{name,-22} {refused,10} {failed,10}");
        }
    }

    private static async Task<(string Name, int Arrived)> CountAsync(Func<TimeProvider, SimulatedGateway, Contender> create, Fault fault)
    {
        var time = new VirtualTime();
        using var gateway = new SimulatedGateway(time, new FaultSchedule(fault));
        Contender contender = create(time, gateway);
        await VirtualRun.ToEndAsync(time, Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(caller))));
        return (contender.Name, gateway.Arrived);

        async Task CallAsync(int caller)
        {
            await Task.Yield();
            try
            {
                await contender.TurnAsync($"{caller}", CancellationToken.None);
            }
            catch (Exception)
            {
                // Nothing else can come of it.
            }
        }
    }
}
