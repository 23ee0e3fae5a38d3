using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What a method does with a delegate that it is given.</summary>
internal enum DelegateUse
{
    /// <summary>Runs it as it is, or does not run it here.</summary>
    Plain,

    /// <summary>Runs it under retry, breaker, limiter or time limit.</summary>
    Protects,

    /// <summary>The method belongs to another library, and its name says that it may protect.</summary>
    MayProtect,
}

/// <summary>Which methods protect the code they are given: the resilience libraries' own, and what users build around them.</summary>
internal sealed class ResilienceSymbols(GatewayModel model)
{
    private const int MaxDepth = 3;

    private static readonly string[] ProtectiveWords = ["Execute", "Retry", "Resilien", "Protect", "Policy", "Breaker", "Attempt", "Throttle"];

    private readonly ConcurrentDictionary<(ISymbol Method, int Depth), DelegateUse> _uses = new(MethodAndDepth.Instance);

    /// <summary>What the method does with a delegate argument.</summary>
    public DelegateUse UseOf(IMethodSymbol method, CancellationToken cancellationToken) => UseOf(method, depth: 0, cancellationToken);

    /// <summary>Whether the type is the pipeline of our runtime.</summary>
    public static bool IsGatewayPipeline(ITypeSymbol? type) => type.HasFullName("OpenClaw.Resilience", "GatewayPipeline");

    /// <summary>Whether a known library executes a delegate under its strategies by this method.</summary>
    public static bool IsExecution(IMethodSymbol method)
    {
        INamedTypeSymbol? type = method.ContainingType;
        bool executes = method.Name.StartsWith("Execute", StringComparison.Ordinal);
        return (executes && type.IsWithin("Polly"))
            || (IsGatewayPipeline(type) && (executes || method.Name is "SendAsync" or "WhenAllAsync"))
            || MarkedMembers.Protects(method);
    }

    private DelegateUse UseOf(IMethodSymbol method, int depth, CancellationToken cancellationToken)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        return IsExecution(method) ? DelegateUse.Protects
            : depth >= MaxDepth ? DelegateUse.Plain
            : _uses.GetOrAdd((method, depth), key => Find(method, key.Depth, cancellationToken));
    }

    private DelegateUse Find(IMethodSymbol method, int depth, CancellationToken cancellationToken)
    {
        if (!model.IsDeclaredHere(method))
        {
            return method.ContainingType?.TypeKind == TypeKind.Delegate || IsFramework(method.ContainingAssembly)
                ? DelegateUse.Plain
                : ProtectiveWords.Any(word => method.Name.IndexOf(word, StringComparison.Ordinal) >= 0) ? DelegateUse.MayProtect : DelegateUse.Plain;
        }

        if (method.IsAbstract)
        {
            return ImplementationsOf(method, cancellationToken).Any(implementation => UseOf(implementation, depth + 1, cancellationToken) == DelegateUse.Protects)
                ? DelegateUse.Protects
                : DelegateUse.Plain;
        }

        return model.DeclarationsOf(method, cancellationToken).Any(declaration => RunsUnderProtection(declaration, method, depth, cancellationToken))
            ? DelegateUse.Protects
            : DelegateUse.Plain;
    }

    private IEnumerable<IMethodSymbol> ImplementationsOf(IMethodSymbol method, CancellationToken cancellationToken)
        => model.Compilation.GetSymbolsWithName(method.Name, SymbolFilter.Member, cancellationToken)
            .OfType<IMethodSymbol>()
            .Where(candidate => !candidate.IsAbstract && CallerIndex.Reaches(method, candidate));

    /// <summary>Whether the body hands its delegate parameter to a protecting method, or invokes it in a loop that comes back after a failure.</summary>
    private bool RunsUnderProtection(SyntaxNode declaration, IMethodSymbol method, int depth, CancellationToken cancellationToken)
    {
        HashSet<string> delegates = new(
            method.Parameters.Where(parameter => parameter.Type.TypeKind == TypeKind.Delegate).Select(parameter => parameter.Name),
            StringComparer.Ordinal);
        if (delegates.Count == 0)
        {
            return false;
        }

        SemanticModel semantics = model.SemanticsOf(declaration.SyntaxTree);
        foreach (InvocationExpressionSyntax invocation in declaration.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if (InvokesOneOf(invocation, delegates))
            {
                if (RetryLoop.Around(invocation, semantics) is not null)
                {
                    return true;
                }
            }
            else if (MentionsOneOf(invocation.ArgumentList, delegates)
                && semantics.GetSymbolInfo(invocation, cancellationToken).Symbol is IMethodSymbol called
                && UseOf(called, depth + 1, cancellationToken) != DelegateUse.Plain)
            {
                return true;
            }
        }

        return false;
    }

    private static bool InvokesOneOf(InvocationExpressionSyntax invocation, HashSet<string> names) => invocation.Expression switch
    {
        IdentifierNameSyntax name => names.Contains(name.Identifier.ValueText),
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax name, Name.Identifier.ValueText: "Invoke" } => names.Contains(name.Identifier.ValueText),
        _ => false,
    };

    private static bool MentionsOneOf(SyntaxNode node, HashSet<string> names)
        => node.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => names.Contains(name.Identifier.ValueText));

    private static bool IsFramework(IAssemblySymbol? assembly)
        => assembly is not null && (assembly.Name.StartsWith("System", StringComparison.Ordinal)
            || assembly.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || assembly.Name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal)
            || assembly.Name is "mscorlib" or "netstandard");
}
