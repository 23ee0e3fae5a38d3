using System.Text.Json;

namespace OpenClaw.Resilience;

/// <summary>
/// The error in the body of an answer: <c>{"error":{"type","code","message"}}</c> of the gateway and of most providers, or plain text.
/// </summary>
internal sealed class ErrorBody
{
    public static readonly ErrorBody None = new(string.Empty, null, null);

    // Identifiers are short; whatever is longer may hold a prompt or a secret and does not belong into telemetry.
    private const int MaxIdentifier = 64;

    private readonly string _text;

    private ErrorBody(string text, string? type, string? code)
    {
        _text = text;
        Type = type;
        Code = code;
    }

    public string? Type { get; }

    public string? Code { get; }

    /// <summary>Whether the body is an error object, as opposed to any other text.</summary>
    public bool IsError => Type is not null || Code is not null;

    /// <summary>The wait that the words ask for.</summary>
    public TimeSpan? RetryAfter => ErrorText.FindRetryAfter(_text);

    /// <summary>Reads a body, or an exception's message with a body in it.</summary>
    public static ErrorBody Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return None;
        }

        int start = text.IndexOf('{', StringComparison.Ordinal);
        int end = text.LastIndexOf('}');
        return (start >= 0 && end > start ? ParseObject(text, text.AsMemory(start..(end + 1))) : null) ?? new ErrorBody(text, null, null);
    }

    /// <summary>
    /// Whether the error's type or code is this one. Where there is no error object, an identifier with an underscore is unlikely to be
    /// prose, so finding it in the text is enough: <c>HTTP 503 (service_unavailable: gateway_unavailable)</c>.
    /// </summary>
    public bool IsOf(string type)
        => Type == type
            || Code == type
            || (!IsError && type.Contains('_', StringComparison.Ordinal) && _text.Contains(type, StringComparison.Ordinal));

    public bool Mentions(string words) => _text.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static ErrorBody? ParseObject(string text, ReadOnlyMemory<char> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement error = FindError(document.RootElement);
            return error.ValueKind == JsonValueKind.Object
                ? new ErrorBody(text, Identifier(error, "type"), Identifier(error, "code") ?? DetailCode(error))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement FindError(JsonElement root)
    {
        if (root.TryGetProperty("error", out JsonElement error))
        {
            return error;
        }

        // The failed event of a responses stream.
        return root.TryGetProperty("response", out JsonElement response) && response.ValueKind == JsonValueKind.Object
            && response.TryGetProperty("error", out error) ? error : default;
    }

    // A missing scope is told as {"error":{…,"details":{"code":"MISSING_SCOPE"}}}.
    private static string? DetailCode(JsonElement error)
        => error.TryGetProperty("details", out JsonElement details) && details.ValueKind == JsonValueKind.Object
            ? Identifier(details, "code")
            : null;

    private static string? Identifier(JsonElement element, string name)
        => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 and <= MaxIdentifier } text ? text : null;
}
