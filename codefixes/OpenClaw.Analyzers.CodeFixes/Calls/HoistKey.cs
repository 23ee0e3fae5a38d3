using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>OCG1009: makes the key once, before what repeats the call.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(HoistKey))]
public sealed class HoistKey() : GatewayCodeFix(Descriptors.UnstableKey)
{
    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Diagnostic.AdditionalLocations is not [var name, ..]
            || site.FindAt<InvocationExpressionSyntax>(name) is not { } invocation
            || site.Model.CallAt(invocation, site.CancellationToken) is not { } call
            || site.Model.Retries.RepeatedAt(call, site.CancellationToken) is not { IsHere: true } repeated
            || UnstableKey.ChangingKey(call, repeated, new IdempotencyKeys(site.Model), site.Model, site.CancellationToken) is not ExpressionSyntax key
            || repeated.Construct.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax or GlobalStatementSyntax } statement
            || key.Ancestors().TakeWhile(node => node != statement).Any(IsStaticFunction))
        {
            return null;
        }

        return DeclarationOf(key, site) is { } declaration
            ? MoveDeclaration(declaration, repeated, statement, site)
            : MoveExpression(key, repeated, statement, site);
    }

    private static FixPlan? MoveExpression(ExpressionSyntax key, RepeatedCode repeated, StatementSyntax statement, FixSite site)
    {
        if (!RunsOncePerAttempt(key, repeated) || DependsOn(key, repeated.Construct, site))
        {
            return null;
        }

        FixPlan plan = NewPlan();
        plan.Add([key, statement], rewriter =>
        {
            if (rewriter.Current(key) is not { } value)
            {
                return;
            }

            string name = Names.UniqueAmongVariables("idempotencyKey", value);
            rewriter.Replace(key, current => SyntaxFactory.IdentifierName(name).WithTriviaFrom(current));
            rewriter.InsertBefore(statement, SyntaxBuilding.DeclareVar(name, value));
        });
        return plan;
    }

    /// <summary>A key that a local of the attempt holds: the local moves, if its name is free there and nothing else would be lost.</summary>
    private static FixPlan? MoveDeclaration(LocalDeclarationStatementSyntax declaration, RepeatedCode repeated, StatementSyntax statement, FixSite site)
    {
        VariableDeclaratorSyntax variable = declaration.Declaration.Variables[0];
        string name = variable.Identifier.ValueText;
        bool isTaken = SyntaxFacts.MemberAround(statement).DescendantTokens()
            .Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name && !statement.Span.Contains(token.Span));
        if (isTaken || !RunsOncePerAttempt(declaration, repeated) || declaration.HasComments() || DependsOn(variable.Initializer!.Value, repeated.Construct, site))
        {
            return null;
        }

        FixPlan plan = NewPlan();
        plan.Add([declaration, statement], rewriter =>
        {
            LocalDeclarationStatementSyntax moved = rewriter.Current(declaration)!.WithoutTrivia();
            rewriter.Remove(declaration);
            rewriter.InsertBefore(statement, moved);
        });
        return plan;
    }

    private static FixPlan NewPlan() => new("Make the idempotency key before the first attempt");

    private static LocalDeclarationStatementSyntax? DeclarationOf(ExpressionSyntax key, FixSite site)
        => key is IdentifierNameSyntax
            && site.Semantics.GetSymbolInfo(key, site.CancellationToken).Symbol is ILocalSymbol { DeclaringSyntaxReferences: [var reference] } local
            && site.Model.Values.AssignedTo(local, site.CancellationToken).Count == 1
            && reference.GetSyntax(site.CancellationToken).FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is { Parent: BlockSyntax, Declaration.Variables: [{ Initializer: not null }] } declaration
                ? declaration
                : null;

    /// <summary>Whether each attempt makes one key. Of a loop or a lambda in the repeated code, all passes would share the moved one, and all but the first message be taken for repeats.</summary>
    private static bool RunsOncePerAttempt(SyntaxNode node, RepeatedCode repeated)
        => repeated.Contains(node)
            && !node.Ancestors().TakeWhile(ancestor => ancestor != repeated.Code).Any(ancestor => RetryLoop.BodyOf(ancestor) is not null || SyntaxFacts.IsFunctionBoundary(ancestor));

    /// <summary>Whether the expression needs something that each attempt has of its own.</summary>
    private static bool DependsOn(ExpressionSyntax expression, SyntaxNode construct, FixSite site)
        => expression.DescendantNodesAndSelf().Any(node => node is AwaitExpressionSyntax or AssignmentExpressionSyntax
            || (node is IdentifierNameSyntax
                && site.Semantics.GetSymbolInfo(node, site.CancellationToken).Symbol is (ILocalSymbol or IParameterSymbol) and { DeclaringSyntaxReferences: [var reference, ..] }
                && construct.Span.Contains(reference.Span)));

    private static bool IsStaticFunction(SyntaxNode node) => node switch
    {
        AnonymousFunctionExpressionSyntax lambda => lambda.Modifiers.Any(SyntaxKind.StaticKeyword),
        LocalFunctionStatementSyntax function => function.Modifiers.Any(SyntaxKind.StaticKeyword),
        _ => false,
    };
}
