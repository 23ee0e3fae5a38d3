using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Runs.Results;

/// <summary>
/// "Why does a value of this type not survive": the counterpart of <see cref="StorableTypes"/>, which says that one does. Between them lies what the
/// sources do not tell; the runtime's <c>ResultContract</c> decides that before the step runs.
/// </summary>
internal static class LostResults
{
    private const string Json = "System.Text.Json.Serialization";

    /// <summary>What happens to the value, as the end of a sentence; null where nothing proves that it is lost.</summary>
    public static string? ProblemOf(ITypeSymbol type)
    {
        if (ProblemOfRoot(type) is { } hopeless)
        {
            return hopeless;
        }

        // A work list: types may contain themselves.
        HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default) { type };
        Queue<ITypeSymbol> open = new([type]);
        while (open.Count > 0)
        {
            ITypeSymbol current = open.Dequeue();
            if (StorableTypes.IsScalar(current) || IsWrittenByConverter(current))
            {
                continue;
            }

            if (ProblemOfState(current) is { } problem)
            {
                return problem;
            }

            foreach (ITypeSymbol next in PartsOf(current).Where(seen.Add))
            {
                open.Enqueue(next);
            }
        }

        return null;
    }

    /// <summary>Whether it is certain that a value of this type survives.</summary>
    public static bool ComesBack(ITypeSymbol type) => ProblemOf(type) is null && (StorableTypes.IsStorable(type) || IsWrittenByConverter(type));

    private static string? ProblemOfRoot(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol named || StorableTypes.IsScalar(named) || IsWrittenByConverter(named))
        {
            return null;
        }

        bool isData = !IsSequence(named) && !named.HasAttribute(Json, "JsonDerivedTypeAttribute") && !named.HasAttribute(Json, "JsonPolymorphicAttribute");
        return IsOrDerivesFrom(named, "System.Threading.Tasks", "Task") || named.HasFullName("System.Threading.Tasks", "ValueTask") ? "is work to wait for"
            : IsOrDerivesFrom(named, "System.IO", "Stream") || Implements(named, "System.Collections.Generic", "IAsyncEnumerable") ? "is something to read"
            : IsOrDerivesFrom(named, "System.Net.Http", "HttpResponseMessage") ? "holds a connection"
            : named.TypeKind == TypeKind.Delegate ? "is code, not data"
            : isData && (named.TypeKind == TypeKind.Interface || (named.TypeKind == TypeKind.Class && named.IsAbstract)) ? "is abstract, so that nothing can be made of it when it is read"
            : isData && named.TypeKind == TypeKind.Class && ProblemOfConstruction(named) is { } problem ? problem
            : null;
    }

    private static string? ProblemOfConstruction(INamedTypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_Object || type.InstanceConstructors.Any(constructor => constructor.HasAttribute(Json, "JsonConstructorAttribute")))
        {
            return null;
        }

        IMethodSymbol[] constructors = [.. type.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public && !StorableTypes.IsCopy(constructor, type))];
        return constructors.Length == 0 ? "has no public constructor, so that nothing can be made of it when it is read"
            : constructors.Length > 1 && constructors.All(constructor => constructor.Parameters.Length > 0) && type.Locations.Any(location => location.IsInSource)
                ? "has several constructors, of which the serializer takes none"
                : null;
    }

    private static string? ProblemOfState(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } named)
        {
            return null;
        }

        if (named.IsTupleType)
        {
            return "holds a tuple, whose elements are fields, which the serializer does not write";
        }

        if (!named.Locations.Any(location => location.IsInSource) || IsSequence(named) || named.IsAnonymousType)
        {
            return null;
        }

        if (named.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(IsLost) is { } field)
        {
            return $"holds the field '{field.Name}', which the serializer does not write";
        }

        return named.GetMembers().OfType<IPropertySymbol>().FirstOrDefault(property => IsNotReadBack(property, named)) is { } lost
            ? $"holds the property '{lost.Name}', which the serializer writes but cannot set"
            : null;
    }

    private static bool IsLost(IFieldSymbol field)
        => field is { IsStatic: false, IsConst: false, DeclaredAccessibility: Accessibility.Public, AssociatedSymbol: null } && !SaysOtherwise(field);

    /// <summary>A property with a place of its own, in which only the type's constructors put something, and no constructor that the serializer can give it to.</summary>
    private static bool IsNotReadBack(IPropertySymbol property, INamedTypeSymbol type)
        => property is { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public, GetMethod: not null }
            && property.SetMethod is not { DeclaredAccessibility: Accessibility.Public }
            && !SaysOtherwise(property)
            && !StorableTypes.IsComputed(property)
            && !type.InstanceConstructors.Any(constructor => constructor.Parameters.Any(parameter => parameter.Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase)))
            && property.DeclaringSyntaxReferences.All(reference => reference.GetSyntax() is PropertyDeclarationSyntax { Initializer: null, ExpressionBody: null })
            && (property.SetMethod is { DeclaredAccessibility: not Accessibility.Private } || PropertyWrites.Vary(property));

    /// <summary>An attribute of the serializer changes what is written; what it changes is the user's decision.</summary>
    private static bool SaysOtherwise(ISymbol member) => member.GetAttributes().Any(attribute => attribute.AttributeClass.IsWithin("System.Text.Json"));

    private static IEnumerable<ITypeSymbol> PartsOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => [array.ElementType],
        INamedTypeSymbol named when named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T || IsSequence(named) => named.TypeArguments,
        INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } named when named.Locations.Any(location => location.IsInSource)
            => named.GetMembers().OfType<IPropertySymbol>()
                .Where(property => property is { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public, GetMethod: not null } && !SaysOtherwise(property))
                .Select(property => property.Type),
        _ => [],
    };

    /// <summary>A converter of the type's own, or the one that the runtime has for the models of the SDKs.</summary>
    private static bool IsWrittenByConverter(ITypeSymbol type)
        => type.HasAttribute(Json, "JsonConverterAttribute")
            || type.IsWithin("System.Text.Json")
            || type.HasFullName("System", "Version")
            || type.HasFullName("System", "BinaryData")
            || Implements(type, "System.ClientModel.Primitives", "IJsonModel");

    private static bool IsSequence(ITypeSymbol type) => Implements(type, "System.Collections", "IEnumerable");

    private static bool Implements(ITypeSymbol type, string containingNamespace, string name)
        => type.HasFullName(containingNamespace, name) || type.AllInterfaces.Any(candidate => candidate.HasFullName(containingNamespace, name));

    private static bool IsOrDerivesFrom(ITypeSymbol type, string containingNamespace, string name)
        => type.SelfAndBases().Any(candidate => candidate.HasFullName(containingNamespace, name));
}
