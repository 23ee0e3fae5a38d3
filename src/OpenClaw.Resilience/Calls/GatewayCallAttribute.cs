namespace OpenClaw.Resilience;

/// <summary>
/// Marks a method of your own as a gateway call, so that the OpenClaw analyzers judge its callers as they judge a call of a known
/// client. On a type, it marks all its methods.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class | AttributeTargets.Interface, Inherited = true)]
public sealed class GatewayCallAttribute : Attribute
{
    /// <summary>Whether the call may be sent again when its outcome is not known. Default: <see cref="CallEffect.Unknown"/>.</summary>
    public CallEffect Effect { get; set; }
}
