using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>
/// OCG1307: the loop looks at the stopping token between two turns. A turn that has begun is let finish: its tools may have run, and the host waits for it as long
/// as it is configured to.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ObserveShutdown))]
public sealed class ObserveShutdown() : GatewayCodeFix(Descriptors.RunIgnoresShutdown)
{
    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<StatementSyntax>() is not { } loop
            || RetryLoop.BodyOf(loop) is not { } body
            || TokenAt(loop, site) is not { } token)
        {
            return null;
        }

        var plan = new FixPlan("Stop between two turns when the host stops");
        if (loop is WhileStatementSyntax { Condition: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression } forEver } && IsLast(loop))
        {
            plan.Add([forEver], rewriter => rewriter.Replace(
                forEver,
                current => SyntaxFactory.ParseExpression($"!{token}.IsCancellationRequested").WithTriviaFrom(current)));
            return plan;
        }

        if (!EndsWhenItThrows(loop, site) || body is not BlockSyntax { Statements: [var first, ..] })
        {
            return null;
        }

        plan.Add([first], rewriter => rewriter.InsertBefore(first, SyntaxFactory.ParseStatement($"{token}.ThrowIfCancellationRequested();")));
        return plan;
    }

    /// <summary>The name by which the loop can ask the token; null where something nearer has taken it.</summary>
    private static string? TokenAt(StatementSyntax loop, FixSite site)
        => loop.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.ParameterList.Parameters is [{ Identifier.Text: var name }]
            && site.Semantics.LookupSymbols(loop.SpanStart, name: name.TrimStart('@')) is [IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Ordinary } }]
            && !loop.Ancestors().OfType<AnonymousFunctionExpressionSyntax>().Any(lambda => lambda.Modifiers.Any(SyntaxKind.StaticKeyword))
                ? name
                : null;

    /// <summary>Whether nothing follows that so far could not be reached: what code behind an endless loop means is not known.</summary>
    private static bool IsLast(StatementSyntax loop)
    {
        for (SyntaxNode node = loop; !SyntaxFacts.IsFunctionBoundary(node); node = node.Parent!)
        {
            if (node.Parent is BlockSyntax block && node is StatementSyntax statement && block.Statements.Last() != statement)
            {
                return false;
            }

            if (node.Parent is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the exception leaves the method: a catch between would take the end of the program for a failure of the work.</summary>
    private static bool EndsWhenItThrows(StatementSyntax loop, FixSite site)
        => loop.Ancestors().TakeWhile(node => !SyntaxFacts.IsFunctionBoundary(node)).OfType<TryStatementSyntax>()
            .Where(tried => tried.Block.Span.Contains(loop.Span))
            .SelectMany(tried => tried.Catches)
            .All(clause => clause.Block.Statements is [.., ThrowStatementSyntax { Expression: null }]
                || (clause.Declaration?.Type is { } type && site.Semantics.GetTypeInfo(type, site.CancellationToken).Type is { } caught && !MayCatch(caught)));

    private static bool MayCatch(ITypeSymbol caught)
        => caught.HasFullName("System", "Exception") || caught.HasFullName("System", "SystemException") || caught.HasFullName("System", "OperationCanceledException");
}
