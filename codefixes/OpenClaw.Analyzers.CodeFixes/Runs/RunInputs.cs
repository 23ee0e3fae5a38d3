using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>What a run is named by: a constant name and the stable inputs that decide what it does.</summary>
internal sealed class RunInputs
{
    private RunInputs(string arguments) => Arguments = arguments;

    /// <summary>The arguments of <c>RunId.From</c>.</summary>
    public string Arguments { get; }

    /// <summary>The inputs of the function around a region; null where one of them cannot name a run, or none can.</summary>
    public static RunInputs? Of(RunRegion region, FixSite site)
    {
        if (site.Semantics.GetDeclaredSymbol(region.Function, site.CancellationToken) is not IMethodSymbol method
            || !CanBeNamed(method)
            || RequestHandlers.Include(method)
            || OutsideData.Enters(region, site)
            || Chance.DecidesIn(region.Statements, site.Semantics)
            || MemberInputs.Of(region, method, site) is not { } members)
        {
            return null;
        }

        List<string> inputs = [];
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            switch (InputKinds.Of(parameter.Type, parameter.Name))
            {
                case InputKind.Stable when parameter.RefKind == RefKind.None:
                    inputs.Add(Identifier(parameter.Name));
                    break;
                case InputKind.Service:
                    break;
                default:
                    return null;
            }
        }

        inputs.AddRange(members);
        return inputs.Count == 0 ? null : new RunInputs(string.Join(", ", inputs.Prepend($"\"{NameOf(method)}\"")));
    }

    /// <summary>A name as the code must write it.</summary>
    public static string Identifier(string name)
        => Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(name) == Microsoft.CodeAnalysis.CSharp.SyntaxKind.None ? name : "@" + name;

    /// <summary>
    /// A type argument or a derived type decides what the run does and is no part of its name; a struct's <c>this</c> cannot move into a step.
    /// </summary>
    private static bool CanBeNamed(IMethodSymbol method)
    {
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsGenericType || type.TypeKind == TypeKind.Struct || (type.IsAbstract && !type.IsStatic))
            {
                return false;
            }
        }

        return !method.IsGenericMethod;
    }

    /// <summary>With the namespace: programs of one user keep their runs in one place.</summary>
    private static string NameOf(IMethodSymbol method)
    {
        string name = method.Name.EndsWith("Async", StringComparison.Ordinal) && method.Name.Length > "Async".Length
            ? method.Name.Substring(0, method.Name.Length - "Async".Length)
            : method.Name;
        if (method.ContainingSymbol is IMethodSymbol around)
        {
            return $"{NameOf(around)}.{name}";
        }

        bool isOverloaded = method.ContainingType.GetMembers(method.Name).Length > 1;
        string unique = isOverloaded ? $"{name}/{method.Parameters.Length}" : name;
        return method.ContainingType.IsImplicitlyDeclared ? unique : $"{method.ContainingType.ToDisplayString()}.{unique}";
    }
}
