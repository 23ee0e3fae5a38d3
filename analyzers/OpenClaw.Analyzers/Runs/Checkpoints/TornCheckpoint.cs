using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs.Checkpoints;

/// <summary>OCG1302: the state of a run is written over its last good copy.</summary>
internal static class TornCheckpoint
{
    private static readonly HashSet<string> Replacing = new(StringComparer.Ordinal) { "Move", "MoveTo", "Replace", "Copy", "CopyTo" };

    public static Diagnostic? Find(ExpressionSyntax node, GatewayModel model, CancellationToken cancellationToken)
    {
        if (FileAccesses.WriteAt(node, model, cancellationToken) is not { } write
            || Plumbing.IsTest(node, model, cancellationToken)
            || IsPutInPlaceLater(write, model, cancellationToken)
            || IsFirst(node))
        {
            return null;
        }

        var files = new StateFiles(model, cancellationToken);
        return files.IsState(write) && files.IsReadBack(write)
            ? Diagnostic.Create(Descriptors.TornCheckpoint, write.Name.GetLocation()!, write.Path.Syntax.ToString())
            : null;
    }

    /// <summary>Whether what is written is not the file itself, or leaves a copy: a temporary name, or a move or copy beside it or at a caller.</summary>
    private static bool IsPutInPlaceLater(FileAccess write, GatewayModel model, CancellationToken cancellationToken)
    {
        if (IsTemporary(write.Path) || MovesFiles(write.Node))
        {
            return true;
        }

        return write.Path is IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol method } parameter }
            && (!model.Callers.AreAllCallsKnown(method, cancellationToken)
                || model.Callers.CallsOf(method, cancellationToken).Any(caller => MovesFiles(caller.Syntax)
                    || caller.Arguments.Any(argument => argument.Parameter?.Ordinal == parameter.Ordinal && IsTemporary(argument.Value))));
    }

    private static bool IsTemporary(IOperation path)
        => path.Syntax.DescendantTokens().Any(token => token.Kind() is SyntaxKind.IdentifierToken or SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
            && StateNames.IsTemporary(token.ValueText));

    private static bool MovesFiles(SyntaxNode node)
        => node.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) is { } function
            && function.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call => Replacing.Contains(SourceIndex.NameOf(call))
                && call.Expression is MemberAccessExpressionSyntax { Expression: var receiver }
                && (SourceIndex.NameOf(call).EndsWith("To", StringComparison.Ordinal) || receiver.GetLastToken().ValueText == "File"));

    /// <summary>Where there is no file yet, none can be torn.</summary>
    private static bool IsFirst(ExpressionSyntax node)
        => node.Ancestors().TakeWhile(ancestor => !SyntaxFacts.IsFunctionBoundary(ancestor)).Any(ancestor => ancestor switch
        {
            IfStatementSyntax branch when branch.Statement.Span.Contains(node.Span) => IsAbsence(branch.Condition),
            ElseClauseSyntax { Parent: IfStatementSyntax branch } => AsksForPresence(branch.Condition),
            StatementSyntax { Parent: BlockSyntax block } statement => block.Statements.TakeWhile(before => before != statement)
                .Any(before => before is IfStatementSyntax { Statement: ReturnStatementSyntax or BlockSyntax { Statements: [ReturnStatementSyntax] } } leaving && AsksForPresence(leaving.Condition)),
            _ => false,
        });

    private static bool IsAbsence(ExpressionSyntax condition) => condition switch
    {
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression, Operand: var operand } => AsksForPresence(operand),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression } both => IsAbsence(both.Left) || IsAbsence(both.Right),
        _ => false,
    };

    private static bool AsksForPresence(ExpressionSyntax condition) => condition is InvocationExpressionSyntax test && SourceIndex.NameOf(test) == "Exists";
}
