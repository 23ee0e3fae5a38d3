using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>
/// What users say of their own methods: <c>[GatewayCall]</c> and <c>[ProtectsGatewayCalls]</c>, matched by full name whoever defines them, and
/// <c>openclaw_gateway_methods</c>.
/// </summary>
internal sealed class MarkedMembers(GatewayModel model)
{
    private const string Namespace = "OpenClaw.Resilience";
    private static readonly char[] Separators = [',', ';', ' '];
    private static readonly ConditionalWeakTable<IAssemblySymbol, HashSet<string>> NamesByAssembly = new();

    private readonly ConcurrentDictionary<SyntaxTree, HashSet<string>> _configured = new();
    private HashSet<string>? _names;

    /// <summary>Whether the attributes exist here, or the user names methods in a configuration.</summary>
    public bool Exist => IsDefined(Namespace + ".GatewayCallAttribute")
        || IsDefined(Namespace + ".AgentStepAttribute")
        || model.Compilation.SyntaxTrees.Any(tree => ConfiguredFor(tree).Count > 0);

    /// <summary>Whether a method of this simple name may be marked, here or in an assembly that this one refers to.</summary>
    public bool MayBeCall(string name, SyntaxTree tree)
    {
        HashSet<string>? names = Volatile.Read(ref _names);
        if (names is null)
        {
            names = [.. model.Index.MarkedCalls, .. model.Compilation.SourceModule.ReferencedAssemblySymbols.SelectMany(NamesIn)];
            Volatile.Write(ref _names, names);
        }

        if (names.Contains(name))
        {
            return true;
        }

        HashSet<string> configured = ConfiguredFor(tree);
        return configured.Count > 0 && configured.Any(entry => LastPart(entry) == name || LastPart(entry) == "*");
    }

    /// <summary>Whether the user declares calls of the method to be gateway calls.</summary>
    public bool IsCall(IMethodSymbol method, SyntaxTree tree)
        => IsWork(method) && (IsMarked(method, "GatewayCallAttribute") || IsConfigured(method, ConfiguredFor(tree)));

    /// <summary>Whether the user declares that what passes through the method or its type is protected.</summary>
    public static bool Protects(IMethodSymbol method) => IsMarked(method, "ProtectsGatewayCallsAttribute");

    /// <summary>Whether the user declares that the calls made through an object of the type are protected.</summary>
    public static bool Protects(ITypeSymbol? type)
        => type is not null && type.SelfAndBases().Concat(type.AllInterfaces).Any(declared => declared.HasAttribute(Namespace, "ProtectsGatewayCallsAttribute"));

    private bool IsDefined(string attribute)
        => model.Work.LookUp(attribute, model.Compilation.Assembly) is not null
            || model.Compilation.SourceModule.ReferencedAssemblySymbols.Any(assembly => model.Work.LookUp(attribute, assembly) is not null);

    /// <summary>A mark on a type speaks of what its methods do, not of their clean-up.</summary>
    private static bool IsWork(IMethodSymbol method)
        => method is { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.ReducedExtension or MethodKind.ExplicitInterfaceImplementation, Name: not ("Dispose" or "DisposeAsync") }
            && method.OverriddenMethod?.ContainingType.SpecialType != SpecialType.System_Object;

    private static bool IsMarked(IMethodSymbol method, string attribute)
    {
        for (IMethodSymbol? current = method.ReducedFrom ?? method; current is not null; current = current.OverriddenMethod)
        {
            if (current.HasAttribute(Namespace, attribute) || current.ContainingType?.HasAttribute(Namespace, attribute) == true)
            {
                return true;
            }
        }

        return method.ContainingType is { TypeKind: not TypeKind.Interface } type
            && type.AllInterfaces.Any(implemented => implemented.GetMembers(method.Name).Any(member =>
                (member.HasAttribute(Namespace, attribute) || implemented.HasAttribute(Namespace, attribute))
                && method.OriginalDefinition.Equals(type.FindImplementationForInterfaceMember(member)?.OriginalDefinition, SymbolEqualityComparer.Default)));
    }

    private HashSet<string> ConfiguredFor(SyntaxTree tree)
        => _configured.TryGetValue(tree, out HashSet<string>? known) ? known : _configured.GetOrAdd(tree, ReadConfigurationOf(tree));

    private HashSet<string> ReadConfigurationOf(SyntaxTree tree)
        => [.. (model.Options is { } options ? new AnalyzerSettings(options, tree).GatewayMethods : null)?.Split(Separators, StringSplitOptions.RemoveEmptyEntries) ?? []];

    /// <summary><c>Namespace.Type.Method</c>, or the end of it from the type on; <c>*</c> stands for all methods of the type.</summary>
    private static bool IsConfigured(IMethodSymbol method, HashSet<string> entries)
    {
        if (entries.Count == 0 || method.ContainingType is not { } type)
        {
            return false;
        }

        string typeName = type.OriginalDefinition.ToDisplayString(TypeFormat);
        return entries.Any(entry => entry.LastIndexOf('.') is > 0 and var end
            && (LastPart(entry) == "*" || LastPart(entry) == method.Name)
            && (typeName.Length == end || (typeName.Length > end && typeName[typeName.Length - end - 1] == '.'))
            && string.CompareOrdinal(typeName, typeName.Length - end, entry, 0, end) == 0);
    }

    private static SymbolDisplayFormat TypeFormat { get; } = new(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    private static string LastPart(string entry) => entry.Substring(entry.LastIndexOf('.') + 1);

    /// <summary>The names of the marked methods of an assembly. Only one that knows the attribute is looked through, and once as long as it lives.</summary>
    private HashSet<string> NamesIn(IAssemblySymbol assembly) => NamesByAssembly.GetValue(assembly, assembly =>
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        bool knowsMarks = assembly.Name != Namespace
            && (assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == Namespace))
                || model.Work.LookUp(Namespace + ".GatewayCallAttribute", assembly) is not null);
        Queue<INamespaceOrTypeSymbol> open = new(knowsMarks ? [assembly.GlobalNamespace] : []);
        while (open.Count > 0)
        {
            foreach (ISymbol member in open.Dequeue().GetMembers())
            {
                if (member is INamespaceOrTypeSymbol inner)
                {
                    open.Enqueue(inner);
                }
                else if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method && IsMarked(method, "GatewayCallAttribute"))
                {
                    names.Add(method.Name);
                }
            }
        }

        return names;
    });
}
