namespace OpenClaw.Resilience.Bench;

/// <summary>What a gateway suffers from.</summary>
internal enum Fault
{
    None,

    /// <summary>Nothing listens; what was in flight is lost, its turn done.</summary>
    Away,

    /// <summary>503 <c>gateway_unavailable</c>: nothing is admitted.</summary>
    Drain,

    /// <summary>429 of the provider, without a turn.</summary>
    Throttle,

    /// <summary>The connection breaks after the turn.</summary>
    Reset,

    /// <summary>502 after the turn.</summary>
    BadGateway,

    /// <summary>The turn runs, no answer comes, and after a minute the connection is lost.</summary>
    Silent,
}

/// <summary>Which fault a gateway has at which time; the same for a seed.</summary>
internal sealed class FaultSchedule
{
    private readonly List<(DateTimeOffset From, DateTimeOffset To, Fault Fault)> _windows = [];

    /// <summary>The same fault always.</summary>
    public FaultSchedule(Fault always) => _windows.Add((DateTimeOffset.MinValue, DateTimeOffset.MaxValue, always));

    /// <summary>One window of each fault after the other in random order, with pauses of the same length on average, until the time is over.</summary>
    public FaultSchedule(DateTimeOffset start, TimeSpan length, int seed)
    {
        var random = new Random(seed);
        Fault[] faults = [Fault.Away, Fault.Drain, Fault.Throttle, Fault.Reset, Fault.BadGateway, Fault.Silent];
        DateTimeOffset at = start;
        while (at < start + length)
        {
            random.Shuffle(faults);
            foreach (Fault fault in faults)
            {
                at += TimeSpan.FromSeconds(random.Next(10, 50));
                DateTimeOffset to = at + TimeSpan.FromSeconds(random.Next(10, 50));
                _windows.Add((at, to, fault));
                at = to;
            }
        }
    }

    public Fault At(DateTimeOffset time) => _windows.FirstOrDefault(window => window.From <= time && time < window.To).Fault;
}
