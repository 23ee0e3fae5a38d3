using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>
/// "Is this loop a retry and nothing else": one call and the reading of its result, catches that count, log and wait, and a last failure that
/// leaves as it is.
/// </summary>
/// <param name="Removed">What has no use without the loop: the declaration of its counter, a throw behind it that is never reached, constants that only it reads.</param>
internal sealed record PureRetry(IReadOnlyList<SyntaxNode> Removed)
{
    public static PureRetry? Of(FixSite site, RetryLoop loop, GatewayCall call)
    {
        if (loop is not { RepeatsOnAnswer: false, Try: { Finally: null } tried, Statement: ForStatementSyntax or WhileStatementSyntax, Body: BlockSyntax { Statements: [var only] } }
            || only != tried
            || loop.Statement.Parent is not BlockSyntax block
            || loop.RetryingCatches.Count != tried.Catches.Count
            || !loop.RetryingCatches.All(LoopRetries.IsTransport)
            || !PureRead.Is(tried.Block, call, site)
            || LosesTrivia(loop.Statement, tried.Block)
            || PureCounter.Of(loop, site) is not { } counter
            || !tried.Catches.All(clause => OnlyPauses(clause, counter, site))
            || tried.Block.DescendantTokens().Any(token => token.ValueText == counter.Name)
            || DeclaresUsedNames(tried.Block, loop.Statement))
        {
            return null;
        }

        StatementSyntax[] behind = [.. block.Statements.Skip(block.Statements.IndexOf(loop.Statement) + 1).Where(statement => statement is not LocalFunctionStatementSyntax)];
        bool returns = tried.Block.Statements.Last() is ReturnStatementSyntax;
        StatementSyntax[] unreached = returns ? behind : [];
        bool isPlain = unreached is [] || (unreached is [ThrowStatementSyntax rethrow] && !rethrow.HasComments());
        if (!isPlain || UnusedConstants.Of(loop.Statement, tried.Block, site) is not { } constants)
        {
            return null;
        }

        return new PureRetry([.. counter.Declaration is null ? [] : new[] { counter.Declaration }, .. unreached, .. constants]);
    }

    /// <summary>Whether the catch only asks for the bound, logs, counts and waits a time that nobody named.</summary>
    private static bool OnlyPauses(CatchClauseSyntax clause, PureCounter counter, FixSite site)
    {
        bool isBounded = clause.Filter is not null && counter.EndsWith(clause.Filter.FilterExpression, leaves: false);
        if (clause.Filter is not null && !isBounded)
        {
            return false;
        }

        foreach (StatementSyntax statement in clause.Block.Statements)
        {
            switch (statement)
            {
                case ContinueStatementSyntax:
                case ExpressionStatementSyntax { Expression: var expression } when counter.IsStep(expression) || IsLog(expression) || IsPlainWait(expression, site):
                    continue;
                case IfStatementSyntax { Else: null, Statement: var leaving } branch when IsRethrow(leaving) && counter.EndsWith(branch.Condition, leaves: true):
                    isBounded = true;
                    continue;
                default:
                    return false;
            }
        }

        return isBounded && !UsesLocals(clause, counter, site);
    }

    private static bool IsRethrow(StatementSyntax statement)
        => (statement is BlockSyntax { Statements: [var only] } ? only : statement) is ThrowStatementSyntax { Expression: null };

    private static bool IsLog(ExpressionSyntax expression)
        => expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } invocation
            && (access.Name.Identifier.ValueText.StartsWith("Log", StringComparison.Ordinal) || access.Expression.ToString() is "Console" or "Console.Error" or "Debug" or "Trace")
            && !invocation.DescendantNodes().Any(node => node is AwaitExpressionSyntax or AssignmentExpressionSyntax or AnonymousFunctionExpressionSyntax);

    private static bool IsPlainWait(ExpressionSyntax expression, FixSite site)
    {
        ExpressionSyntax waited = expression is AwaitExpressionSyntax awaited ? awaited.Expression : expression;
        waited = waited is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Expression: var inner } } ? inner : waited;
        return waited is InvocationExpressionSyntax wait && LoopWait.CanBeReplaced(wait) && LoopWait.Of(wait, site) is { BaseDelay: null };
    }

    /// <summary>A local that only the catch reads would be left without a use, which the compiler warns of.</summary>
    private static bool UsesLocals(CatchClauseSyntax clause, PureCounter counter, FixSite site)
        => clause.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText != counter.Name
            && name.Identifier.ValueText != clause.Declaration?.Identifier.ValueText
            && site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol is ILocalSymbol);

    /// <summary>Comments stay with the statements of the try block; elsewhere in the loop they would be lost.</summary>
    private static bool LosesTrivia(StatementSyntax loop, BlockSyntax kept)
        => loop.ContainsDirectives
            || loop.DescendantTrivia().Any(trivia => SyntaxBuilding.IsComment(trivia)
                && trivia.SpanStart >= loop.SpanStart
                && !kept.Statements.Any(statement => statement is not BreakStatementSyntax && statement.FullSpan.Contains(trivia.Span)));

    /// <summary>What the try block declares moves one scope up, where the name may have another meaning.</summary>
    private static bool DeclaresUsedNames(BlockSyntax block, StatementSyntax loop)
    {
        HashSet<string> declared = new(
            block.DescendantNodes().Select(node => node switch
            {
                VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
                SingleVariableDesignationSyntax variable => variable.Identifier.ValueText,
                _ => "",
            }),
            StringComparer.Ordinal);
        SyntaxNode member = loop.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? loop.SyntaxTree.GetRoot();
        return member.DescendantTokens().Any(token => !loop.Span.Contains(token.Span) && token.IsKind(SyntaxKind.IdentifierToken) && declared.Contains(token.ValueText));
    }
}
