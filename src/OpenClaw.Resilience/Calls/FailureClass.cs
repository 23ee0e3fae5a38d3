namespace OpenClaw.Resilience;

/// <summary>Where a failure comes from, so that dashboards and people know whom to call.</summary>
public enum FailureClass
{
    /// <summary>Network, gateway or model provider.</summary>
    Infrastructure,

    /// <summary>The agent's own request or conversation: invalid input, context overflow, an expired session.</summary>
    Agent,

    /// <summary>A tool that the agent called, or the policy that forbids it.</summary>
    Tool,
}
