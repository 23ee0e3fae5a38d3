using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace OpenClaw.Resilience;

/// <summary>How the elements of a stream say that the answer is complete.</summary>
internal enum EndOfAnswer
{
    /// <summary>Not at all, or nobody knows how: such a stream may end as it likes.</summary>
    Unknown,

    /// <summary>Some element has a <c>FinishReason</c>, as in the OpenAI library.</summary>
    FinishReason,

    /// <summary>The last element is an event of its own, as in the Anthropic library.</summary>
    Event,
}

/// <summary>Tells <see cref="EndOfAnswer"/> by the type of an element, without a reference to its library.</summary>
internal static class EndsOfAnswers
{
    private const string Trimming = "A property that trimming has removed, since nobody reads it, leaves the stream unjudged.";

    // Anthropic's events, stable and beta, are unions around the event proper.
    private const string AnthropicEvent = "RawMessageStreamEvent";
    private const string AnthropicEnd = "RawMessageStopEvent";

    private static readonly ConditionalWeakTable<Type, PropertyInfo?> Unions = [];

    public static EndOfAnswer Of(Type type)
        => IsOf(type, "OpenAI") ? EndOfAnswer.FinishReason
            : IsOf(type, "Anthropic") && type.Name.EndsWith(AnthropicEvent, StringComparison.Ordinal) && ValueOf(type) is not null ? EndOfAnswer.Event
            : EndOfAnswer.Unknown;

    /// <summary>Whether an element whose type ends with an <see cref="EndOfAnswer.Event"/> is that event.</summary>
    public static bool IsEnd(object element)
        => ValueOf(element.GetType())?.GetValue(element)?.GetType().Name.EndsWith(AnthropicEnd, StringComparison.Ordinal) == true;

    private static bool IsOf(Type type, string library)
        => type.Namespace is { } name && name.StartsWith(library, StringComparison.Ordinal) && (name.Length == library.Length || name[library.Length] == '.');

    private static PropertyInfo? ValueOf(Type type) => Unions.GetValue(type, FindValue);

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Trimming)]
    private static PropertyInfo? FindValue(Type type) => type.GetProperty("Value", BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
}
