namespace OpenClaw.Resilience;

/// <summary>Names under which the library reports. Works with every exporter that listens to meters and activity sources.</summary>
public static class GatewayTelemetry
{
    /// <summary>
    /// The name of the meter, of the activity source and of the log category: for <c>AddMeter</c> and <c>AddSource</c> of OpenTelemetry.
    /// </summary>
    public const string Name = "OpenClaw.Resilience";
}
