using OpenClaw.Resilience.Tests.Support;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience.Bench;

/// <summary>Five agents call a gateway for ten virtual minutes, in which it has every fault in turn. The same seeds for all contenders.</summary>
internal static class MixedFaults
{
    private const int Agents = 5;
    private const int Seeds = 20;
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    // A failed turn is not called again at once: whoever asked looks at it first.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public static async Task RunAsync()
    {
        Console.WriteLine($"{Seeds} schedules of {Length.TotalMinutes} virtual minutes, {Agents} agents");
        Console.WriteLine($"{"",-22} {"turns asked",12} {"answered",10} {"of asked",10} {"doubled",10} {"requests",10}");
        foreach (Func<TimeProvider, SimulatedGateway, Contender> create in Contender.All)
        {
            Score total = new("", 0, 0, 0, 0);
            for (int seed = 1; seed <= Seeds; seed++)
            {
                Score score = await PlayAsync(create, seed);
                total = new(
                    score.Name, total.Asked + score.Asked, total.Answered + score.Answered, total.Doubled + score.Doubled, total.Arrived + score.Arrived);
            }

            Console.WriteLine($"{total.Name,-22} {total.Asked,12} {total.Answered,10} {100.0 * total.Answered / total.Asked,9:F1}% {total.Doubled,10} {total.Arrived,10}");
        }
    }

    private static async Task<Score> PlayAsync(Func<TimeProvider, SimulatedGateway, Contender> create, int seed)
    {
        var time = new VirtualTime();
        DateTimeOffset start = time.GetUtcNow();
        using var gateway = new SimulatedGateway(time, new FaultSchedule(start, Length, seed));
        Contender contender = create(time, gateway);
        int asked = 0;
        int answered = 0;
        await VirtualRun.ToEndAsync(time, Task.WhenAll(Enumerable.Range(0, Agents).Select(AgentAsync)));
        return new Score(contender.Name, asked, answered, gateway.DoubledTurns, gateway.Arrived);

        async Task AgentAsync(int agent)
        {
            await Task.Yield();
            for (int turn = 0; time.GetUtcNow() - start < Length; turn++)
            {
                Interlocked.Increment(ref asked);
                try
                {
                    await contender.TurnAsync($"{agent}-{turn}", CancellationToken.None);
                    Interlocked.Increment(ref answered);
                }
                catch (Exception exception)
                {
                    await Task.Delay(PauseAfter(exception), time);
                }
            }
        }
    }

    // A rejection that says how long it will last is believed, whoever says it.
    private static TimeSpan PauseAfter(Exception exception)
    {
        TimeSpan? asked = exception switch
        {
            GatewayRejectedException rejected => rejected.RetryAfter,
            BrokenCircuitException broken => broken.RetryAfter,
            _ => GatewayFailure.TryGet(exception, out GatewayFailure? failure) ? failure.RetryAfter : null,
        };
        return asked > Pause ? asked.Value : Pause;
    }

    private sealed record Score(string Name, int Asked, int Answered, int Doubled, int Arrived);
}
