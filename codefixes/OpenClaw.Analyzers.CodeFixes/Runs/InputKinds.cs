using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>What a value means for the identity of a run.</summary>
internal enum InputKind
{
    /// <summary>Decides what the run does, and has the same text after a restart.</summary>
    Stable,

    /// <summary>Does the work, or is a secret: no part of a name.</summary>
    Service,

    /// <summary>Decides what the run does and has no stable text.</summary>
    Unstable,
}

/// <summary>Tells the kinds of inputs apart by type.</summary>
internal static class InputKinds
{
    private const int MaxDepth = 3;

    private static readonly string[] SecretWords = ["password", "secret", "apikey", "token", "credential"];

    private static readonly string[] ServiceWords = ["Client", "Service", "Factory", "Logger", "Provider", "Pipeline", "Kernel", "Agent", "Store", "Repository", "Options", "Settings", "Context", "Writer", "Tools"];

    public static InputKind Of(ITypeSymbol type, string name) => Of(type, name, depth: 0);

    private static InputKind Of(ITypeSymbol type, string name, int depth)
    {
        if (type.SpecialType == SpecialType.System_String && SecretWords.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0))
        {
            return InputKind.Service;
        }

        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T && type is INamedTypeSymbol { TypeArguments: [var inner] })
        {
            type = inner;
        }

        if (IsStable(type))
        {
            return InputKind.Stable;
        }

        bool isService = type.HasFullName("System.Threading", "CancellationToken")
            || type.TypeKind == TypeKind.Delegate
            || (type.TypeKind == TypeKind.Interface && !type.IsWithin("System.Collections"))
            || ServiceWords.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal))
            || IsCollaborator(type, depth);
        return isService ? InputKind.Service : InputKind.Unstable;
    }

    /// <summary>A class of the user's own that has nothing but services does work and holds no data.</summary>
    private static bool IsCollaborator(ITypeSymbol type, int depth)
        => depth < MaxDepth
            && type is { TypeKind: TypeKind.Class, IsRecord: false, IsAbstract: false, BaseType.SpecialType: SpecialType.System_Object }
            && type.Locations.Any(location => location.IsInSource)
            && type.GetMembers().OfType<IFieldSymbol>().All(field => field.IsStatic || Of(field.Type, field.Name, depth + 1) == InputKind.Service);

    /// <summary>Whether values of the type are what a run works on, and not what it works with, such as a stopwatch or a socket.</summary>
    public static bool IsData(ITypeSymbol type)
        => IsStable(type)
            || type is IArrayTypeSymbol
            || type.IsWithin("System.Collections")
            || type.HasFullName("System.Text", "StringBuilder")
            || type.SpecialType == SpecialType.System_Object
            || type.Locations.Any(location => location.IsInSource);

    private static bool IsStable(ITypeSymbol type)
        => type.TypeKind == TypeKind.Enum
            || type.SpecialType is SpecialType.System_String or SpecialType.System_Char or SpecialType.System_Boolean or SpecialType.System_DateTime
            || (type.SpecialType >= SpecialType.System_SByte && type.SpecialType <= SpecialType.System_Double)
            || type.HasFullName("System", "Guid") || type.HasFullName("System", "Uri") || type.HasFullName("System", "DateTimeOffset")
            || type.HasFullName("System", "DateOnly") || type.HasFullName("System", "TimeOnly") || type.HasFullName("System", "TimeSpan");
}
