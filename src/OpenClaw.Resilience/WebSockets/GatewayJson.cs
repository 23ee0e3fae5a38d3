using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OpenClaw.Resilience;

/// <summary>Writes frames without reflection.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class GatewayJson : JsonSerializerContext;
