namespace OpenClaw.Resilience;

/// <summary>
/// Marks a method as one step of an agent: its result is expensive or has effects, so the OpenClaw analyzers expect it to be called
/// inside a run that checkpoints it.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = true)]
public sealed class AgentStepAttribute : Attribute;
