using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OpenClaw.Resilience;

/// <summary>Finds types whose state the serializer leaves out without a word, before a step has run for nothing.</summary>
/// <remarks>
/// The classic is a tuple: its elements are fields, so that <c>("answer", 42)</c> is written as <c>{}</c> and comes back empty.
/// </remarks>
internal static class ResultContract
{
    private static readonly ConditionalWeakTable<JsonTypeInfo, Verdict> Verdicts = new();

    /// <summary>The first type, reached from this one by what is written, that loses state; null when there is none to be seen.</summary>
    public static ResultProblem? FindProblem(JsonTypeInfo type) =>
        Verdicts.GetValue(type, static root => new Verdict(Search(root))).Problem;

    private static ResultProblem? Search(JsonTypeInfo root)
    {
        if (InspectRoot(root) is { } hopeless)
        {
            return hopeless;
        }

        var seen = new HashSet<Type>();
        var pending = new Queue<(JsonTypeInfo Type, string Path)>();
        Add(root.Type, "$");
        while (pending.TryDequeue(out (JsonTypeInfo Type, string Path) current))
        {
            if (Inspect(current.Type, current.Path) is { } problem)
            {
                return problem;
            }

            foreach ((Type next, string path) in Reachable(current.Type, current.Path))
            {
                Add(next, path);
            }
        }

        return null;

        void Add(Type type, string path)
        {
            // What may be null is written like what it wraps. A type without a contract is the serializer's to refuse: it does so with a
            // better message.
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (seen.Add(type) && TryGetContract(root.Options, type) is { } contract)
            {
                pending.Enqueue((contract, path));
            }
        }
    }

    /// <summary>
    /// Results that are no data but something to read or to wait for, and types of which nothing can be made when they are read.
    /// </summary>
    private static ResultProblem? InspectRoot(JsonTypeInfo root)
    {
        Type type = root.Type;
        string? advice =
            typeof(Task).IsAssignableFrom(type) ? "is work to wait for. Await it inside the step."
            : typeof(Stream).IsAssignableFrom(type) || IsAsyncSequence(type) ? "is something to read. Read it to its end inside the step."
            : type.IsAbstract && root is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null }
            ? "is abstract, so that nothing can be made of it when it is read. Return another type, or register its derived types."
            : root is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null, CreateObject: null } && !type.IsValueType && !HasConstructor(type)
            ? "has no public constructor, so that nothing can be made of it when it is read. Return what you need of it."
            : null;
        return advice is null ? null : new ResultProblem(type, "$", $"{Names.Of(type)} {advice}");
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification =
        "A constructor that trimming removed can't be called by the serializer either.")]
    private static bool HasConstructor(Type type) =>
        type.GetConstructors().Length > 0
        || type.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic).Any(static constructor => constructor.IsDefined(typeof(JsonConstructorAttribute)));

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification =
        "An interface that trimming removed only lets the serializer find out later.")]
    private static bool IsAsyncSequence(Type type) =>
        type.GetInterfaces().Append(type)
            .Any(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    private static IEnumerable<(Type Type, string Path)> Reachable(JsonTypeInfo type, string path)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.Get is not null)
            {
                yield return (property.PropertyType, $"{path}.{property.Name}");
            }
        }

#if NET9_0_OR_GREATER
        if (type.ElementType is { } element)
        {
            yield return (element, $"{path}[]");
        }
#else
        foreach (Type element in type.Type.HasElementType ? [type.Type.GetElementType()!] : type.Type.GenericTypeArguments)
        {
            yield return (element, $"{path}[]");
        }
#endif

        foreach (JsonDerivedType derived in type.PolymorphismOptions?.DerivedTypes ?? [])
        {
            yield return (derived.DerivedType, path);
        }
    }

    private static ResultProblem? Inspect(JsonTypeInfo type, string path) => type.Kind switch
    {
        JsonTypeInfoKind.Object => InspectObject(type, path),
        JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary => InspectCollection(type, path),
        _ => null,
    };

    private static ResultProblem? InspectObject(JsonTypeInfo type, string path)
    {
        if (PublicFields(type.Type).FirstOrDefault(field => !IsWritten(field, type)) is { } field)
        {
            string advice = typeof(ITuple).IsAssignableFrom(type.Type)
                ? "A tuple's elements are fields; use a record."
                : "Make it a property or mark it [JsonInclude].";
            return new ResultProblem(type.Type, $"{path}.{field.Name}",
                $"the field '{field.Name}' of {Names.Of(type.Type)} is not written. {advice}");
        }

        if (!type.Properties.Any(property => property.Get is not null) && HiddenField(type.Type) is { } hidden)
        {
            return new ResultProblem(type.Type, path,
                $"{Names.Of(type.Type)} has no public property, so that its state ('{hidden.Name}') is not written.");
        }

        return null;
    }

    private static ResultProblem? InspectCollection(JsonTypeInfo type, string path)
    {
        PropertyInfo? lost = OwnProperties(type.Type).FirstOrDefault();
        return lost is null
            ? null
            : new ResultProblem(
                type.Type, $"{path}.{lost.Name}",
                $"{Names.Of(type.Type)} is a collection, of which only the elements are written; the property '{lost.Name}' is not.");
    }

    private static bool IsWritten(FieldInfo field, JsonTypeInfo type) =>
        type.Options.IncludeFields
        || field.IsDefined(typeof(JsonIncludeAttribute))
        || field.IsDefined(typeof(JsonIgnoreAttribute))
        || type.Properties.Any(property => property.AttributeProvider is FieldInfo known && known.Name == field.Name);

    private const string Trimmed =
        "A member that trimming removed holds nothing that the program could read, so not seeing it here is right.";

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Trimmed)]
    private static FieldInfo[] PublicFields(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Instance);

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Trimmed)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Trimmed)]
    private static FieldInfo? HiddenField(Type type)
    {
        for (Type? level = type; level is not null; level = level.BaseType)
        {
            FieldInfo? field = level.GetFields(BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .FirstOrDefault(candidate => BackedProperty(level, candidate)?.IsDefined(typeof(JsonIgnoreAttribute)) != true);
            if (field is not null)
            {
                return field;
            }
        }

        return null;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Trimmed)]
    private static PropertyInfo? BackedProperty(Type type, FieldInfo field)
    {
        int end = field.Name.IndexOf(">k__BackingField", StringComparison.Ordinal);
        return end < 1 ? null : type.GetProperty(field.Name[1..end], BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance);
    }

    /// <summary>Readable properties that a program's own collection type adds to the framework type it derives from.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Trimmed)]
    private static IEnumerable<PropertyInfo> OwnProperties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property =>
            property.GetMethod is { IsPublic: true }
            && property.SetMethod is not null
            && property.GetIndexParameters().Length == 0
            && property.DeclaringType!.Assembly != typeof(object).Assembly
            && property.DeclaringType.Namespace?.StartsWith("System.", StringComparison.Ordinal) != true
            && !property.IsDefined(typeof(JsonIgnoreAttribute)));

    private static JsonTypeInfo? TryGetContract(JsonSerializerOptions options, Type type)
    {
        try
        {
            return options.TryGetTypeInfo(type, out JsonTypeInfo? contract) ? contract : null;
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private sealed record Verdict(ResultProblem? Problem);
}
