namespace OpenClaw.Demo;

/// <summary>A gateway for one scenario, and what it has counted.</summary>
internal interface IScenarioGateway : IAsyncDisposable
{
    Uri Address { get; }

    string Token { get; }

    /// <summary>What the agent is to research.</summary>
    string Topic { get; }

    /// <summary>Completes when the turn at which the fault strikes is running.</summary>
    Task Struck { get; }

    /// <summary>How many turns were asked for, for each thing that was asked. Without those that the gateway resumed by itself.</summary>
    IReadOnlyDictionary<string, int> Turns { get; }

    /// <summary>The turns that a restarted gateway went on with by itself.</summary>
    int Resumed { get; }

    /// <summary>Does to the gateway what the fault says, once it has struck.</summary>
    Task StrikeAsync(CancellationToken cancellationToken);
}
