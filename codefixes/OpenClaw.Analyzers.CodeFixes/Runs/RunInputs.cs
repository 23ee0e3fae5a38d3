using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>What a run is named by: a constant name and the stable inputs that decide what it does.</summary>
internal sealed class RunInputs
{
    private static readonly string[] SecretWords = ["password", "secret", "apikey", "token", "credential"];

    private static readonly string[] ServiceWords = ["Client", "Service", "Factory", "Logger", "Provider", "Pipeline", "Kernel", "Agent", "Store", "Repository", "Options", "Settings", "Context", "Writer", "Tools"];

    private RunInputs(string arguments) => Arguments = arguments;

    /// <summary>The arguments of <c>RunId.From</c>.</summary>
    public string Arguments { get; }

    /// <summary>The inputs of the function around a region; null where one of them cannot name a run, or none can.</summary>
    public static RunInputs? Of(RunRegion region, FixSite site)
    {
        if (site.Semantics.GetDeclaredSymbol(region.Function, site.CancellationToken) is not IMethodSymbol method)
        {
            return null;
        }

        List<string> inputs = [];
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            switch (Classify(parameter.Type, parameter.Name))
            {
                case InputKind.Stable when parameter.RefKind == RefKind.None:
                    inputs.Add(parameter.Name);
                    break;
                case InputKind.Service:
                    break;
                default:
                    return null;
            }
        }

        foreach (string member in MembersRead(region, method, site))
        {
            inputs.Add(member);
        }

        bool capturesState = method.MethodKind == MethodKind.LocalFunction && CapturesVariables(region, method, site);
        return inputs.Count == 0 || capturesState
            ? null
            : new RunInputs(string.Join(", ", inputs.Prepend($"\"{NameOf(method)}\"")));
    }

    private static string NameOf(IMethodSymbol method)
    {
        string name = method.Name.EndsWith("Async", StringComparison.Ordinal) ? method.Name.Substring(0, method.Name.Length - "Async".Length) : method.Name;
        return method.ContainingType is { IsImplicitlyDeclared: false, Name: not "Program" } type ? $"{type.Name}.{name}" : name;
    }

    /// <summary>The readonly scalars of the object that the region reads: they decide what it does as much as a parameter.</summary>
    private static IEnumerable<string> MembersRead(RunRegion region, IMethodSymbol method, FixSite site)
    {
        HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default);
        foreach (IdentifierNameSyntax name in region.Statements.SelectMany(statement => statement.DescendantNodes()).OfType<IdentifierNameSyntax>())
        {
            ISymbol? symbol = site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol;
            ITypeSymbol? type = symbol switch
            {
                IFieldSymbol { IsReadOnly: true, IsConst: false } field => field.Type,
                IPropertySymbol { SetMethod: null, IsIndexer: false } property => property.Type,
                IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } parameter => parameter.Type,
                _ => null,
            };
            bool isOwn = symbol is IParameterSymbol || (symbol is not null && symbol.ContainingType?.Equals(method.ContainingType, SymbolEqualityComparer.Default) == true);
            if (type is not null && isOwn && name.Parent is not MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax } && seen.Add(symbol!) && Classify(type, symbol!.Name) == InputKind.Stable)
            {
                yield return symbol.Name;
            }
        }
    }

    private static bool CapturesVariables(RunRegion region, IMethodSymbol function, FixSite site)
        => region.Statements.SelectMany(statement => statement.DescendantNodes()).OfType<IdentifierNameSyntax>()
            .Select(name => site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol)
            .Any(symbol => symbol is ILocalSymbol or IParameterSymbol
                && !function.Equals(symbol.ContainingSymbol, SymbolEqualityComparer.Default)
                && !IsInside(symbol, region.Function)
                && Classify(((symbol as ILocalSymbol)?.Type ?? (symbol as IParameterSymbol)?.Type)!, symbol.Name) != InputKind.Service);

    private static bool IsInside(ISymbol symbol, SyntaxNode function)
        => symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == function.SyntaxTree && function.Span.Contains(reference.Span));

    private static InputKind Classify(ITypeSymbol type, string name)
    {
        if (SecretWords.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0))
        {
            return InputKind.Service;
        }

        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T && type is INamedTypeSymbol { TypeArguments: [var inner] })
        {
            type = inner;
        }

        if (type.TypeKind == TypeKind.Enum
            || type.SpecialType is SpecialType.System_String or SpecialType.System_Char or SpecialType.System_Boolean or SpecialType.System_DateTime or SpecialType.System_Decimal
            || (type.SpecialType >= SpecialType.System_SByte && type.SpecialType <= SpecialType.System_UInt64)
            || type.HasFullName("System", "Guid") || type.HasFullName("System", "Uri") || type.HasFullName("System", "DateTimeOffset")
            || type.HasFullName("System", "DateOnly") || type.HasFullName("System", "TimeSpan"))
        {
            return InputKind.Stable;
        }

        bool isService = type.HasFullName("System.Threading", "CancellationToken")
            || type.TypeKind == TypeKind.Delegate
            || (type.TypeKind == TypeKind.Interface && !type.IsWithin("System.Collections"))
            || ServiceWords.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal));
        return isService ? InputKind.Service : InputKind.Unstable;
    }

    private enum InputKind
    {
        /// <summary>Decides what the run does, and has the same text after a restart.</summary>
        Stable,

        /// <summary>Does the work, or is a secret: no part of a name.</summary>
        Service,

        /// <summary>Decides what the run does and has no stable text.</summary>
        Unstable,
    }
}
