using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace OpenClaw.Resilience;

/// <summary>Compares a result with what was read back from its bytes, member by member, along the serializer's own contract.</summary>
/// <remarks>
/// Equal bytes are not enough: a <c>Dog</c> returned as <c>Animal</c> is written and read as an <c>Animal</c> without a difference in
/// bytes, and a number in an <c>object</c> comes back as a <see cref="JsonElement"/>.
/// </remarks>
internal sealed class ResultComparison(JsonSerializerOptions options)
{
    // Beyond the serializer's own limit (64 unless raised) only equal bytes speak.
    private const int MaxDepth = 64;

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

    /// <summary>The first difference, or null.</summary>
    public ResultProblem? FindDifference(object? written, object? read) => Compare(written, read, "$", depth: 0);

    private ResultProblem? Compare(object? written, object? read, string path, int depth)
    {
        if (written is null || read is null)
        {
            string what = written is null ? "null comes back as a value." : "it comes back as null.";
            return ReferenceEquals(written, read) ? null : Problem(written ?? read!, path, what);
        }

        if (written is JsonNode or JsonElement or JsonDocument && read is JsonNode or JsonElement or JsonDocument)
        {
            return null;
        }

        if (IsScalar(written) && written.GetType() == read.GetType())
        {
            return written.Equals(read) ? null : Problem(written, path, $"{Names.Of(written.GetType())} comes back as another value.");
        }

        if (depth == MaxDepth || (!written.GetType().IsValueType && !_seen.Add(written)))
        {
            return null;
        }

        if (written is IDictionary before && read is IDictionary after)
        {
            return CompareEntries(before, after, path, depth);
        }

        if (written is IEnumerable elements and not string && read is IEnumerable others and not string)
        {
            return CompareElements(elements, others, path, depth);
        }

        return written.GetType() == read.GetType() ? CompareMembers(written, read, path, depth) : DifferentTypes(written, read, path);
    }

    private ResultProblem? CompareMembers(object written, object read, string path, int depth)
    {
        if (!options.TryGetTypeInfo(written.GetType(), out JsonTypeInfo? contract) || contract.Kind != JsonTypeInfoKind.Object)
        {
            return null;
        }

        foreach (JsonPropertyInfo property in contract.Properties)
        {
            if (property.Get is { } get && property.ShouldSerialize?.Invoke(written, get(written)) != false
                && Compare(get(written), get(read), $"{path}.{property.Name}", depth + 1) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private ResultProblem? CompareEntries(IDictionary written, IDictionary read, string path, int depth)
    {
        if (written.Count != read.Count)
        {
            return Problem(written, path, $"{written.Count} entries come back as {read.Count}.");
        }

        IDictionaryEnumerator before = written.GetEnumerator();
        IDictionaryEnumerator after = read.GetEnumerator();
        while (before.MoveNext() && after.MoveNext())
        {
            if (Compare(before.Value, after.Value, $"{path}[{before.Key}]", depth + 1) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private ResultProblem? CompareElements(IEnumerable written, IEnumerable read, string path, int depth)
    {
        // A lazy sequence has been run once, by the serializer. Running it again could repeat its effects.
        if (!IsCollection(written))
        {
            return null;
        }

        int index = 0;
        IEnumerator others = read.GetEnumerator();
        foreach (object? element in written)
        {
            if (!others.MoveNext())
            {
                return Problem(written, path, $"only {index} of its elements come back.");
            }

            if (Compare(element, others.Current, $"{path}[{index++}]", depth + 1) is { } problem)
            {
                return problem;
            }
        }

        return others.MoveNext() ? Problem(written, path, $"more than its {index} elements come back.") : null;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification =
        "An interface that trimming removed only makes the collection look lazy, and then equal bytes decide.")]
    private static bool IsCollection(IEnumerable sequence) =>
        sequence is ICollection
        || Array.Exists(
            sequence.GetType().GetInterfaces(),
            static type => type.IsGenericType
                && type.GetGenericTypeDefinition() is var form
                && (form == typeof(ICollection<>) || form == typeof(IReadOnlyCollection<>)));

    private static ResultProblem DifferentTypes(object written, object read, string path)
    {
        string advice = read is JsonElement
            ? "Declare the type that is meant instead of object."
            : "Declare that type, or register it with [JsonDerivedType].";
        return Problem(written, path, $"{Names.Of(written.GetType())} comes back as {Names.Of(read.GetType())}. {advice}");
    }

    private static ResultProblem Problem(object value, string path, string what) => new(value.GetType(), path, $"at {path}, {what}");

    private static bool IsScalar(object value) =>
        value is string or Enum or decimal or Guid or Uri or Version or Half or Int128 or UInt128
            or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan
        || value.GetType().IsPrimitive;
}
