using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>"Is the state of this run kept somewhere": a checkpoint in the code, or a host that replays it.</summary>
internal static class Persistence
{
    private static readonly string[] DurableNamespaces =
    [
        "Microsoft.DurableTask", "DurableTask", "Temporalio", "Dapr.Workflow", "Orleans", "Microsoft.Agents.AI.Workflows", "Elsa", "WorkflowCore",
    ];

    private static readonly string[] Verbs = ["Checkpoint", "Persist", "SaveChanges", "SaveState", "SaveProgress", "SaveSession", "SaveHistory", "Snapshot"];

    private static readonly string[] Stores = ["Store", "Repository", "Database", "DbContext", "Storage", "Cache", "Journal", "Collection", "Container", "File"];

    private static readonly string[] StoreVerbs = ["Save", "Upsert", "Insert", "Update", "Write", "Append", "Put", "Set", "Commit", "Create", "Replace"];

    /// <summary>Whether the code, or a method of these sources that it calls, writes state away, or its host is durable.</summary>
    public static bool IsNear(SyntaxNode code, GatewayModel model, CancellationToken cancellationToken)
        => IsInDurableHost(code, model, cancellationToken)
            || SyntaxFacts.DescendantsInSameFunction(code).OfType<InvocationExpressionSyntax>().Any(invocation => Persists(invocation, model, followCallees: true, cancellationToken));

    private static bool Persists(InvocationExpressionSyntax invocation, GatewayModel model, bool followCallees, CancellationToken cancellationToken)
    {
        string name = SourceIndex.NameOf(invocation);
        if (Verbs.Any(verb => name.IndexOf(verb, StringComparison.Ordinal) >= 0) || name is "StepAsync" or "CommitAsync" or "ExecuteNonQueryAsync" or "ExecuteNonQuery")
        {
            return true;
        }

        bool maybeStores = StoreVerbs.Any(verb => name.StartsWith(verb, StringComparison.Ordinal));
        if (!maybeStores && !followCallees)
        {
            return false;
        }

        if (model.OperationAt(invocation, cancellationToken) is not IInvocationOperation { TargetMethod: { } method })
        {
            return false;
        }

        return (maybeStores && IsStore(method.ContainingType))
            || (followCallees && model.DeclarationsOf(method.OriginalDefinition, cancellationToken)
                .SelectMany(declaration => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>())
                .Any(inner => Persists(inner, model, followCallees: false, cancellationToken)));
    }

    private static bool IsStore(INamedTypeSymbol? type)
        => type is not null && (Stores.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal)) || type.HasFullName("System.IO", "File"));

    private static bool IsInDurableHost(SyntaxNode code, GatewayModel model, CancellationToken cancellationToken)
    {
        for (ISymbol? symbol = model.SemanticsOf(code.SyntaxTree).GetEnclosingSymbol(code.SpanStart, cancellationToken); symbol is not null; symbol = symbol.ContainingSymbol)
        {
            bool isDurable = symbol switch
            {
                IMethodSymbol method => method.Parameters.Any(parameter => IsDurable(parameter.Type)) || HasDurableAttribute(method),
                INamedTypeSymbol type => HasDurableAttribute(type) || BasesOf(type).Any(IsDurable) || type.AllInterfaces.Any(IsDurable),
                _ => false,
            };
            if (isDurable)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasDurableAttribute(ISymbol symbol) => symbol.GetAttributes().Any(attribute => IsDurable(attribute.AttributeClass));

    private static bool IsDurable(ITypeSymbol? type) => DurableNamespaces.Any(type.IsWithin);

    private static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type.BaseType; current is not null; current = current.BaseType)
        {
            yield return current;
        }
    }
}
