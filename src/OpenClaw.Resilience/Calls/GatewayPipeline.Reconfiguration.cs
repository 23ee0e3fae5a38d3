namespace OpenClaw.Resilience;

/// <content>Options that change while the process runs.</content>
public sealed partial class GatewayPipeline
{
    /// <summary>
    /// Puts new options in use. Calls in flight end under the old ones, so for as long as they run more calls than allowed may be under way.
    /// A lockout goes on; the circuit starts closed and learns anew.
    /// </summary>
    /// <exception cref="ArgumentException">An option is outside of its range; nothing has changed.</exception>
    internal void Reconfigure(GatewayOptions options)
    {
        GatewayOptions named = options.Clone();
        named.Name = Name;
        var next = new GatewayState(named, State);
        if (State.LockoutRemaining is { } remaining)
        {
            next.LockOut(remaining);
        }

        _state = next;
        next.Log.OptionsChanged(Name);
    }
}
