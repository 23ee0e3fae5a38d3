using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>"Which list holds the conversation that this call sends": the lists of messages that its arguments are made of.</summary>
internal static class Conversations
{
    // Enough for list → body → text → content → request; a bound because user code may be circular.
    private const int MaxSteps = 24;

    private static readonly string[] HistoryWords = ["history", "conversation", "messages", "transcript"];

    /// <summary>The locals, fields and properties with the conversation that the call sends.</summary>
    public static IEnumerable<ISymbol> SentBy(GatewayCall call, GatewayModel model, CancellationToken cancellationToken)
    {
        HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default);
        Queue<IOperation> open = new(call.Operation.Arguments.Select(argument => argument.Value));
        for (int steps = 0; open.Count > 0 && steps < MaxSteps; steps++)
        {
            IOperation value = open.Dequeue();
            foreach (IOperation end in model.Values.OriginsOf(value, call: null, cancellationToken).Select(origin => origin.Operation).Append(value))
            {
                IEnumerable<IOperation> references = end.DescendantsAndSelf().Where(part => part is ILocalReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation);
                foreach ((ISymbol symbol, IOperation? next) in references.Select(part => (ObjectSetup.SymbolOf(part)!, (IOperation?)part)).Append((ObjectSetup.HolderOf(end)!, null)))
                {
                    if (symbol is null || !seen.Add(symbol))
                    {
                        continue;
                    }

                    if (IsConversation(symbol))
                    {
                        yield return symbol;
                    }
                    else if (next is not null)
                    {
                        open.Enqueue(next);
                    }
                }
            }
        }
    }

    /// <summary>
    /// Whether code that serves a request adds to the list what is said in it. A function that empties the list as well begins a conversation of its own.
    /// </summary>
    public static bool GrowsInRequests(ISymbol conversation, SyntaxNode use, GatewayModel model, CancellationToken cancellationToken)
    {
        IEnumerable<SyntaxNode> scopes = conversation is ILocalSymbol
            ? [use.SyntaxTree.GetRoot(cancellationToken)]
            : model.DeclarationsOf(conversation.ContainingType, cancellationToken);
        return scopes.SelectMany(scope => scope.DescendantNodes())
            .Any(node => ResultFlow.Collected(node) is { } name
                && IsAt(name, conversation, model, cancellationToken)
                && !MakesAnother(node, model, cancellationToken)
                && !IsEmptiedAround(node, conversation, model, cancellationToken)
                && RequestHandlers.Reach(node, model, cancellationToken));
    }

    /// <summary>LINQ's <c>Append</c> leaves the list as it is.</summary>
    private static bool MakesAnother(SyntaxNode call, GatewayModel model, CancellationToken cancellationToken)
        => model.OperationAt(call, cancellationToken) is IInvocationOperation { TargetMethod.ContainingType: var type } && type.IsWithin("System.Linq");

    private static bool IsEmptiedAround(SyntaxNode growth, ISymbol conversation, GatewayModel model, CancellationToken cancellationToken)
        => growth.Ancestors().First(node => SyntaxFacts.IsFunctionBoundary(node) || node is CompilationUnitSyntax).DescendantNodes().Any(node =>
            (node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Clear", Expression: SimpleNameSyntax cleared } }
                && IsAt(cleared, conversation, model, cancellationToken))
            || (node is AssignmentExpressionSyntax { Left: SimpleNameSyntax assigned } && IsAt(assigned, conversation, model, cancellationToken)));

    private static bool IsAt(SimpleNameSyntax name, ISymbol symbol, GatewayModel model, CancellationToken cancellationToken)
        => name.Identifier.ValueText == symbol.Name
            && symbol.Equals(model.SemanticsOf(name.SyntaxTree).GetSymbolInfo(name, cancellationToken).Symbol?.OriginalDefinition, SymbolEqualityComparer.Default);

    /// <summary>A list that can grow, of messages by the name of their type or by its own.</summary>
    private static bool IsConversation(ISymbol symbol)
    {
        ITypeSymbol? type = symbol switch
        {
            ILocalSymbol local => local.Type,
            IFieldSymbol field => field.Type,
            IPropertySymbol property => property.Type,
            _ => null,
        };
        if (type is not INamedTypeSymbol || type.SpecialType == SpecialType.System_String || type.IsWithin("System.Collections.Immutable"))
        {
            return false;
        }

        INamedTypeSymbol? list = type.AllInterfaces.Append((INamedTypeSymbol)type).FirstOrDefault(static candidate =>
            candidate.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_ICollection_T);
        return list is { TypeArguments: [var item] }
            && item is not { Name: "KeyValuePair" }
            && (item.Name.IndexOf("Message", StringComparison.Ordinal) >= 0 || HistoryWords.Any(word => symbol.Name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0));
    }
}
