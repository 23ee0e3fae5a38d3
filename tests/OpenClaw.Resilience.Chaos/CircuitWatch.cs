using OpenClaw.Resilience.Tests.Support;
using Polly.Telemetry;

namespace OpenClaw.Resilience.Chaos;

/// <summary>Writes down when a circuit was open, from what Polly reports.</summary>
internal sealed class CircuitWatch(VirtualTime time, Totals totals) : TelemetryListener
{
    private DateTimeOffset? _notClosedUntil;
    private bool _isClosed = true;

    public bool WasOpenSince(DateTimeOffset start) => !_isClosed || _notClosedUntil >= start;

    public override void Write<TResult, TArgs>(in TelemetryEventArguments<TResult, TArgs> args)
    {
        switch (args.Event.EventName)
        {
            case "OnCircuitOpened":
                totals.Count("circuits opened");
                _isClosed = false;
                break;
            case "OnCircuitClosed":
                _isClosed = true;
                _notClosedUntil = time.GetUtcNow();
                break;
        }
    }
}
