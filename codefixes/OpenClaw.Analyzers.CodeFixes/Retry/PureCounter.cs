using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>The counter of a loop that could go with it: used in the loop only, and compared with constants.</summary>
internal sealed class PureCounter
{
    private readonly SemanticModel _semantics;
    private readonly int? _last;

    private PureCounter(string name, LocalDeclarationStatementSyntax? declaration, int? last, SemanticModel semantics)
    {
        Name = name;
        Declaration = declaration;
        _last = last;
        _semantics = semantics;
    }

    public string Name { get; }

    /// <summary>The declaration before the loop; null where the loop itself has it.</summary>
    public LocalDeclarationStatementSyntax? Declaration { get; }

    public static PureCounter? Of(RetryLoop loop, FixSite site) => loop.Statement switch
    {
        ForStatementSyntax { Declaration.Variables: [{ Initializer.Value: { } first } variable], Incrementors: [PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax] } counted
            => OfFor(counted, variable.Identifier.ValueText, first, site.Semantics),
        WhileStatementSyntax { Condition.RawKind: (int)SyntaxKind.TrueLiteralExpression } endless => OfWhile(endless, site.Semantics),
        _ => null,
    };

    public bool IsStep(ExpressionSyntax expression)
        => expression is PostfixUnaryExpressionSyntax { Operand: IdentifierNameSyntax stepped } && stepped.Identifier.ValueText == Name;

    /// <summary>Whether the question, a bound by a constant, lets the last failure out: by an answer of no, or of yes where the asker leaves on it.</summary>
    public bool EndsWith(ExpressionSyntax question, bool leaves)
    {
        if (question is not BinaryExpressionSyntax test
            || !IsCounter(test.Left)
            || _semantics.GetConstantValue(test.Right) is not { HasValue: true, Value: int bound }
            || test.Right.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => _semantics.GetSymbolInfo(name).Symbol is ILocalSymbol))
        {
            return false;
        }

        // Without a last value nothing but this question ends the loop, and it has to come to the answer some day.
        int last = _last ?? bound;
        return (test.Kind(), leaves) switch
        {
            (SyntaxKind.LessThanExpression, false) => last >= bound,
            (SyntaxKind.LessThanOrEqualExpression, false) => _last is null || last > bound,
            (SyntaxKind.NotEqualsExpression, false) or (SyntaxKind.EqualsExpression, true) => last == bound,
            (SyntaxKind.GreaterThanOrEqualExpression, true) => last >= bound,
            (SyntaxKind.GreaterThanExpression, true) => _last is null || last > bound,
            _ => false,
        };
    }

    private static PureCounter? OfFor(ForStatementSyntax loop, string name, ExpressionSyntax first, SemanticModel semantics)
    {
        if (LoopStep.In(loop).Where(step => step.Variable == name).ToArray() is not [{ IsUp: true, IsByOne: true }]
            || semantics.GetConstantValue(first) is not { HasValue: true, Value: int })
        {
            return null;
        }

        return loop.Condition switch
        {
            null => new PureCounter(name, declaration: null, last: null, semantics),
            BinaryExpressionSyntax { Left: IdentifierNameSyntax left } test
                when left.Identifier.ValueText == name
                    && semantics.GetConstantValue(test.Right) is { HasValue: true, Value: int bound }
                    && !test.Right.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(used => semantics.GetSymbolInfo(used).Symbol is ILocalSymbol)
                => test.Kind() switch
                {
                    SyntaxKind.LessThanExpression => new PureCounter(name, declaration: null, bound - 1, semantics),
                    SyntaxKind.LessThanOrEqualExpression => new PureCounter(name, declaration: null, bound, semantics),
                    _ => null,
                },
            _ => null,
        };
    }

    /// <summary>The local that stands before the loop and that nothing behind it reads.</summary>
    private static PureCounter? OfWhile(WhileStatementSyntax loop, SemanticModel semantics)
    {
        if (loop.Parent is not BlockSyntax block
            || block.Statements.IndexOf(loop) is not (> 0 and var index)
            || block.Statements[index - 1] is not LocalDeclarationStatementSyntax { Declaration.Variables: [{ Initializer.Value: LiteralExpressionSyntax } variable] } declaration
            || LoopStep.In(loop).Where(candidate => candidate.Variable == variable.Identifier.ValueText).ToArray() is not [{ IsUp: true, IsByOne: true } step]
            || declaration.DescendantTrivia().Any(trivia => trivia.Kind() is not (SyntaxKind.WhitespaceTrivia or SyntaxKind.EndOfLineTrivia)))
        {
            return null;
        }

        bool isUsedElsewhere = block.DescendantTokens().Any(token => token.ValueText == step.Variable && !loop.Span.Contains(token.Span) && !declaration.Span.Contains(token.Span));
        return isUsedElsewhere ? null : new PureCounter(step.Variable, declaration, last: null, semantics);
    }

    private bool IsCounter(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText == Name,
        PostfixUnaryExpressionSyntax { Operand: IdentifierNameSyntax name } => name.Identifier.ValueText == Name,
        PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax name } => name.Identifier.ValueText == Name,
        _ => false,
    };
}
