namespace OpenClaw.Resilience;

/// <summary>
/// Tells the OpenClaw analyzers that the delegates given to a method, or the gateway calls made through a type, are protected by
/// something that they cannot see.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class | AttributeTargets.Interface, Inherited = true)]
public sealed class ProtectsGatewayCallsAttribute : Attribute;
