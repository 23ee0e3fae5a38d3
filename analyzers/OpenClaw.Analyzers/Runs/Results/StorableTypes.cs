using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Runs.Results;

/// <summary>"Does a value of this type survive": the serializer writes it and reads back the same.</summary>
internal static class StorableTypes
{
    public static bool IsStorable(ITypeSymbol? type) => type is not null && IsStorable(type, new(SymbolEqualityComparer.Default));

    private static bool IsStorable(ITypeSymbol type, HashSet<ISymbol> seen)
    {
        if (type is IArrayTypeSymbol { Rank: 1, ElementType: var element })
        {
            return IsStorable(element, seen);
        }

        if (IsScalar(type))
        {
            return true;
        }

        if (type is INamedTypeSymbol { IsGenericType: true, TypeArguments: var arguments } generic
            && (generic.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T
                || (generic.IsWithin("System.Collections.Generic") && generic.Name is "List" or "Dictionary" or "IReadOnlyList" or "IList" or "IReadOnlyDictionary" or "HashSet")))
        {
            return arguments.All(argument => IsStorable(argument, seen));
        }

        return type is INamedTypeSymbol { IsTupleType: false, IsAnonymousType: false, TypeKind: TypeKind.Class or TypeKind.Struct } named
            && named.Locations.Any(location => location.IsInSource)
            && (!seen.Add(named) || IsDataObject(named, seen));
    }

    public static bool IsScalar(ITypeSymbol type)
        => type.TypeKind == TypeKind.Enum
            || type.SpecialType is SpecialType.System_String or SpecialType.System_Boolean or SpecialType.System_Char or SpecialType.System_Decimal or SpecialType.System_DateTime
            || (type.SpecialType >= SpecialType.System_SByte && type.SpecialType <= SpecialType.System_Double)
            || type.HasFullName("System", "Guid") || type.HasFullName("System", "Uri") || type.HasFullName("System", "DateTimeOffset")
            || type.HasFullName("System", "DateOnly") || type.HasFullName("System", "TimeOnly") || type.HasFullName("System", "TimeSpan");

    /// <summary>A type of the user's own whose whole state is in public properties that the serializer can set: by a setter or by the only constructor.</summary>
    private static bool IsDataObject(INamedTypeSymbol type, HashSet<ISymbol> seen)
    {
        if (type.IsAbstract || type.AllInterfaces.Any(implemented => implemented.SpecialType == SpecialType.System_Collections_IEnumerable) || type.BaseType is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) })
        {
            return false;
        }

        IMethodSymbol[] constructors = [.. type.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public && !IsCopy(constructor, type))];
        IMethodSymbol? constructor = constructors.FirstOrDefault(candidate => candidate.Parameters.Length == 0) ?? (constructors.Length == 1 ? constructors[0] : null);
        if (constructor is null)
        {
            return false;
        }

        IPropertySymbol[] properties = [.. type.GetMembers().OfType<IPropertySymbol>().Where(property => !property.IsStatic && property.Name != "EqualityContract")];
        bool keepsState = type.GetMembers().OfType<IFieldSymbol>().All(field => field.IsStatic || field.AssociatedSymbol is IPropertySymbol);
        return keepsState
            && properties.Length > 0
            && properties.All(property => property is { DeclaredAccessibility: Accessibility.Public, IsIndexer: false }
                && !property.HasAttribute("System.Text.Json.Serialization", "JsonIgnoreAttribute")
                && (property.SetMethod is { DeclaredAccessibility: Accessibility.Public } || IsGivenTo(constructor, property) || IsComputed(property))
                && IsStorable(property.Type, seen));
    }

    /// <summary>A property without a field of its own is written, and computed again from what is read.</summary>
    public static bool IsComputed(IPropertySymbol property)
        => property.SetMethod is null
            && !property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => property.Equals(field.AssociatedSymbol, SymbolEqualityComparer.Default));

    public static bool IsCopy(IMethodSymbol constructor, INamedTypeSymbol type)
        => constructor.Parameters is [{ Type: var only }] && only.Equals(type, SymbolEqualityComparer.Default);

    private static bool IsGivenTo(IMethodSymbol constructor, IPropertySymbol property)
        => constructor.Parameters.Any(parameter => parameter.Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase) && parameter.Type.Equals(property.Type, SymbolEqualityComparer.Default));
}
