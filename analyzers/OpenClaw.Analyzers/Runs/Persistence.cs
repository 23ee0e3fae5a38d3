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
        "Microsoft.DurableTask", "DurableTask", "Microsoft.Azure.WebJobs.Extensions.DurableTask", "Temporalio", "Dapr.Workflow", "Orleans", "Microsoft.Agents.AI.Workflows", "Elsa", "WorkflowCore",
    ];

    private static readonly string[] Verbs = ["Checkpoint", "Persist", "SaveChanges", "SaveState", "SaveProgress", "SaveSession", "SaveHistory", "Snapshot"];

    private static readonly string[] Stores = ["Store", "Repository", "Database", "DbContext", "Storage", "Cache", "Journal", "Collection", "Container", "BlobClient", "File"];

    private static readonly string[] StoreVerbs =
    [
        "Save", "Upsert", "Insert", "Update", "Write", "Append", "Put", "Set", "Commit", "Create", "Replace", "Add", "Upload", "StringSet", "HashSet", "Execute",
    ];

    private static readonly HashSet<string> Commits = new(StringComparer.Ordinal)
    {
        "CommitAsync", "ExecuteNonQuery", "ExecuteNonQueryAsync", "ExecuteSqlAsync", "ExecuteUpdateAsync",
    };

    /// <summary>Whether the code, or a method of these sources that it calls, writes state away, or its host is durable.</summary>
    public static bool IsNear(SyntaxNode code, GatewayModel model, CancellationToken cancellationToken)
    {
        if (IsInDurableHost(code, model, cancellationToken))
        {
            return true;
        }

        ISet<string> asked = ToolRequests.HeldIn(code, []);
        return SyntaxFacts.DescendantsInSameFunction(code).OfType<InvocationExpressionSyntax>()
            .Any(invocation => Persists(invocation, asked, model, followCallees: true, cancellationToken));
    }

    private static bool Persists(InvocationExpressionSyntax invocation, ISet<string> asked, GatewayModel model, bool followCallees, CancellationToken cancellationToken)
    {
        string name = SourceIndex.NameOf(invocation);
        if (Verbs.Any(verb => name.IndexOf(verb, StringComparison.Ordinal) >= 0) || Commits.Contains(name))
        {
            return true;
        }

        // A method of this name on another type may well be a turn.
        bool maybeStep = name == "StepAsync";
        bool maybeStores = maybeStep || StoreVerbs.Any(verb => name.StartsWith(verb, StringComparison.Ordinal));
        if (!maybeStores && !followCallees)
        {
            return false;
        }

        if (model.OperationAt(invocation, cancellationToken) is not IInvocationOperation { TargetMethod: { } method })
        {
            return false;
        }

        return (maybeStep && method.ContainingType.HasFullName("OpenClaw.Resilience", "AgentRun"))
            || (maybeStores && IsStore(method.ContainingType, method) && !IsTool(invocation, method, asked))
            || (followCallees && model.DeclarationsOf(method.OriginalDefinition, cancellationToken)
                .Any(declaration => PersistsInside(declaration, ParametersGiven(asked, method, invocation), model, cancellationToken)));
    }

    private static bool PersistsInside(SyntaxNode declaration, IEnumerable<string> given, GatewayModel model, CancellationToken cancellationToken)
    {
        ISet<string> asked = ToolRequests.HeldIn(declaration, given);
        return declaration.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Any(inner => Persists(inner, asked, model, followCallees: false, cancellationToken));
    }

    /// <summary>The names of the parameters that the call gives a tool call, or a part of one.</summary>
    private static IEnumerable<string> ParametersGiven(ISet<string> asked, IMethodSymbol method, InvocationExpressionSyntax invocation)
        => invocation.ArgumentList.Arguments
            .Select((argument, position) => (argument, Name: argument.NameColon?.Name.Identifier.ValueText ?? method.Parameters.ElementAtOrDefault(position)?.Name))
            .Where(pair => pair.Name is not null && ToolRequests.IsMadeOf(pair.argument.Expression, asked))
            .Select(pair => pair.Name!);

    /// <summary>A file that the model has named is what a tool does, and no checkpoint: nobody finds the run's state there again.</summary>
    private static bool IsTool(InvocationExpressionSyntax write, IMethodSymbol method, ISet<string> asked)
        => method.ContainingType.HasFullName("System.IO", "File")
            && write.ArgumentList.Arguments is [{ Expression: var path }, ..]
            && ToolRequests.IsMadeOf(path, asked);

    /// <summary>Whether the type keeps what it is given outside of the process. What other threads or a cache hold in memory ends with it.</summary>
    private static bool IsStore(INamedTypeSymbol? type, IMethodSymbol method)
        => type is not null
            && (type.IsWithin("Dapper")
                || type.HasFullName("System.IO", "StreamWriter")
                || (!type.IsWithin("System.Collections") && !type.IsWithin("Microsoft.Extensions.Caching.Memory")
                    && Stores.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal))
                    && (!method.Name.StartsWith("Add", StringComparison.Ordinal) || type.Name.EndsWith("Store", StringComparison.Ordinal) || type.Name.EndsWith("Repository", StringComparison.Ordinal))));

    private static bool IsInDurableHost(SyntaxNode code, GatewayModel model, CancellationToken cancellationToken)
    {
        for (ISymbol? symbol = model.SemanticsOf(code.SyntaxTree).GetEnclosingSymbol(code.SpanStart, cancellationToken); symbol is not null; symbol = symbol.ContainingSymbol)
        {
            bool isDurable = symbol switch
            {
                IMethodSymbol method => method.Parameters.Any(parameter => IsDurable(parameter.Type, code)) || HasDurableAttribute(method, code),
                INamedTypeSymbol type => HasDurableAttribute(type, code) || type.BaseType.SelfAndBases().Concat(type.AllInterfaces).Any(type => IsDurable(type, code)),
                _ => false,
            };
            if (isDurable)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasDurableAttribute(ISymbol symbol, SyntaxNode code) => symbol.GetAttributes().Any(attribute => IsDurable(attribute.AttributeClass, code));

    /// <summary>A type that is not found, as before a restore, is unknown: where the file names a durable host it may be one of that.</summary>
    private static bool IsDurable(ITypeSymbol? type, SyntaxNode code)
        => DurableNamespaces.Any(type.IsWithin)
            || (type is { TypeKind: TypeKind.Error } && code.SyntaxTree.GetRoot() is CompilationUnitSyntax unit
                && unit.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<UsingDirectiveSyntax>()
                    .Any(directive => DurableNamespaces.Any(durable => directive.Name?.ToString() is { } name && (name == durable || name.StartsWith(durable + ".", StringComparison.Ordinal)))));
}
