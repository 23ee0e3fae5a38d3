using System.Text.Json;

namespace OpenClaw.Resilience;

/// <summary>Something that a gateway says without being asked.</summary>
/// <param name="Name">The event, such as <c>chat</c>, <c>agent</c>, <c>tick</c> or <c>shutdown</c>.</param>
/// <param name="Payload">What it says; undefined when it says nothing.</param>
/// <param name="Sequence">The gateway's number of the event, when it has one. A gap means that events were lost.</param>
public sealed record GatewayEvent(string Name, JsonElement Payload, long? Sequence);
