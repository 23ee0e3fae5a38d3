using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>"Does this code hold a whole run that begins anew each time": turns that feed each other and keep nothing beyond the code.</summary>
internal sealed class RestartedRuns(GatewayModel model, AnalyzerSettings settings, CancellationToken cancellationToken)
{
    private const int MaxDepth = 2;

    /// <summary>The first run in the code, or in the methods of these sources that it calls; null where none is in sight.</summary>
    /// <param name="code">What is repeated.</param>
    /// <param name="repeated">The statement or lambda that is repeated: what is declared outside of it remembers how far the run has come.</param>
    public StepGroup? In(SyntaxNode code, SyntaxNode repeated)
    {
        Queue<(SyntaxNode Code, SyntaxNode Repeated, int Depth)> open = new([(code, repeated, 0)]);
        HashSet<SyntaxNode> seen = [];
        while (open.Count > 0)
        {
            (SyntaxNode current, SyntaxNode scope, int depth) = open.Dequeue();
            if (!seen.Add(current))
            {
                continue;
            }

            if (Groups(current).FirstOrDefault(group => !Remembers(group, scope)) is { } run)
            {
                return run;
            }

            foreach (SyntaxNode declaration in depth < MaxDepth ? Callees(current, depth) : [])
            {
                open.Enqueue((declaration, declaration, depth + 1));
            }
        }

        return null;
    }

    private IEnumerable<StepGroup> Groups(SyntaxNode code)
    {
        foreach (SyntaxNode node in SyntaxFacts.DescendantsInSameFunction(code).Prepend(code))
        {
            StepGroup? group = RetryLoop.BodyOf(node) is not null ? StepLoops.Find((StatementSyntax)node, model, settings, cancellationToken)
                : StepSequences.StatementsOf(node) is { Count: > 0 } statements && statements.Count > settings.StepThreshold ? StepSequences.Find(node, statements, model, settings, cancellationToken)
                : null;
            if (group is not null)
            {
                yield return group;
            }
        }
    }

    /// <summary>The methods that the code calls; from the second on only those whose names lead to a gateway call, which bounds what is bound.</summary>
    private IEnumerable<SyntaxNode> Callees(SyntaxNode code, int depth)
        => SyntaxFacts.DescendantsInSameFunction(code).Prepend(code).OfType<InvocationExpressionSyntax>()
            .Where(call => depth == 0 || model.Index.IsWrapper(SourceIndex.NameOf(call), cancellationToken))
            .Select(call => model.SemanticsOf(call.SyntaxTree).GetSymbolInfo(call, cancellationToken).Symbol)
            .OfType<IMethodSymbol>()
            .SelectMany(method => model.DeclarationsOf(method.OriginalDefinition, cancellationToken));

    /// <summary>Whether something that outlives the repetition is changed by the run: a field, what a caller gave, a variable from outside.</summary>
    private bool Remembers(StepGroup group, SyntaxNode repeated)
    {
        SemanticModel semantics = model.SemanticsOf(group.Container.SyntaxTree);
        return SyntaxFacts.DescendantsInSameFunction(group.Container)
            .Select(ResultFlow.ChangedBy)
            .OfType<SimpleNameSyntax>()
            .Any(name => semantics.GetSymbolInfo(name, cancellationToken).Symbol switch
            {
                ILocalSymbol local => local.DeclaringSyntaxReferences.All(reference => !repeated.Span.Contains(reference.Span)),
                IParameterSymbol { Type.SpecialType: SpecialType.System_String } or IParameterSymbol { Type.IsValueType: true, RefKind: RefKind.None } => false,
                IParameterSymbol or IFieldSymbol or IPropertySymbol => true,
                _ => false,
            });
    }
}
