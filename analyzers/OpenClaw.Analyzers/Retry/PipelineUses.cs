using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>"Which gateway call runs in this pipeline": where the pipeline is built, kept in a variable, and given a delegate.</summary>
internal static class PipelineUses
{
    /// <summary>A gateway call that runs under the pipeline which the invocation is part of, and what executes it; null where none is in sight.</summary>
    public static (GatewayCall Call, InvocationExpressionSyntax Execution)? CallIn(InvocationExpressionSyntax part, GatewayModel model, CancellationToken cancellationToken)
        => ExecutionsOf(part).Select(execution => CallOf(execution, model, cancellationToken)).FirstOrDefault(call => call is not null);

    /// <summary>The invocations in the same type that give a delegate to the pipeline which the invocation is part of.</summary>
    public static IEnumerable<InvocationExpressionSyntax> ExecutionsOf(InvocationExpressionSyntax part)
    {
        InvocationExpressionSyntax end = part;
        while (end.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next })
        {
            if (IsExecution(next))
            {
                return [next];
            }

            end = next;
        }

        if (HolderOf(end) is (var name, { } scope))
        {
            return scope.DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(invocation => IsExecution(invocation)
                    && invocation.Expression is MemberAccessExpressionSyntax { Expression: var receiver }
                    && NameOf(receiver) == name);
        }

        return end.Parent is ExpressionStatementSyntax statement && BuiltFrom(end, statement) is { } built ? ExecutionsOf(built) : [];
    }

    /// <summary>Where a builder is built that is configured in a statement of its own.</summary>
    private static InvocationExpressionSyntax? BuiltFrom(InvocationExpressionSyntax configured, ExpressionStatementSyntax statement)
    {
        ExpressionSyntax root = configured;
        while (root is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var receiver } })
        {
            root = receiver;
        }

        return root is not IdentifierNameSyntax builder ? null : statement.Parent?.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .FirstOrDefault(node => node.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Build", Expression: IdentifierNameSyntax built }
                && built.Identifier.ValueText == builder.Identifier.ValueText);
    }

    private static bool IsExecution(InvocationExpressionSyntax invocation)
        => SourceIndex.NameOf(invocation).StartsWith("Execute", StringComparison.Ordinal);

    private static (GatewayCall Call, InvocationExpressionSyntax Execution)? CallOf(InvocationExpressionSyntax execution, GatewayModel model, CancellationToken cancellationToken)
        => execution.ArgumentList.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Select(invocation => model.Reach.From(invocation, cancellationToken))
            .FirstOrDefault(call => call is not null) is { } found
                ? (found, execution)
                : null;

    /// <summary>The variable that takes the pipeline, and the code in which it can be used.</summary>
    private static (string Name, SyntaxNode Scope)? HolderOf(ExpressionSyntax pipeline)
    {
        // A local belongs to its member; others may use the name for another pipeline.
        SyntaxNode? member = pipeline.FirstAncestorOrSelf<MemberDeclarationSyntax>(static node => node is BaseMethodDeclarationSyntax or PropertyDeclarationSyntax);
        SyntaxNode? type = pipeline.FirstAncestorOrSelf<TypeDeclarationSyntax>() ?? (SyntaxNode?)pipeline.FirstAncestorOrSelf<CompilationUnitSyntax>();
        return (pipeline.Parent, type) switch
        {
            (EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax } variable }, _) when member is not null
                => (variable.Identifier.ValueText, member),
            (EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable }, { } scope) => (variable.Identifier.ValueText, scope),
            (EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property }, { } scope) => (property.Identifier.ValueText, scope),
            (ArrowExpressionClauseSyntax { Parent: PropertyDeclarationSyntax property }, { } scope) => (property.Identifier.ValueText, scope),
            (AssignmentExpressionSyntax { Left: SimpleNameSyntax target }, { } scope) => (target.Identifier.ValueText, scope),
            (AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Name: var target } }, { } scope) => (target.Identifier.ValueText, scope),
            _ => null,
        };
    }

    private static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
