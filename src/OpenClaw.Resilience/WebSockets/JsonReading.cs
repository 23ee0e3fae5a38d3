using System.Text.Json;

namespace OpenClaw.Resilience;

/// <summary>Reads members that may be missing or of another kind: what a gateway sends is not in our hands.</summary>
internal static class JsonReading
{
    /// <summary>The member, or an undefined element.</summary>
    public static JsonElement Member(this JsonElement owner, string name)
        => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) ? value : default;

    /// <summary>The member if it is a text.</summary>
    public static string? Text(this JsonElement owner, string name)
        => owner.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool IsTrue(this JsonElement owner, string name) => owner.Member(name).ValueKind == JsonValueKind.True;

    /// <summary>The elements of the member, none if it is no list.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement owner, string name)
        => owner.Member(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
