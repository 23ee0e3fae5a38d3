using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>OCG1007: throws for an error status before the content is read.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EnsureSuccess))]
public sealed class EnsureSuccess() : GatewayCodeFix(Descriptors.IgnoredStatus)
{
    private const string Method = "EnsureSuccessStatusCode";

    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } call)
        {
            return null;
        }

        ExpressionSyntax response = ResponseUses.ValueOf(call);
        var plan = new FixPlan("Throw on a failure status");
        if (response.Parent is MemberAccessExpressionSyntax)
        {
            plan.Add([response], rewriter => rewriter.Replace(response, current => Checked(current)));
            return plan;
        }

        if (ResponseUses.LocalOf(response) is not { } local)
        {
            return null;
        }

        StatementSyntax check = SyntaxFactory.ExpressionStatement(Checked(SyntaxFactory.IdentifierName(local)));
        switch (response.FirstAncestorOrSelf<StatementSyntax>())
        {
            case UsingStatementSyntax { Statement: BlockSyntax { Statements: [var first, ..] } }:
                plan.Add([first], rewriter => rewriter.InsertBefore(first, check));
                return plan;
            case (LocalDeclarationStatementSyntax or ExpressionStatementSyntax) and { Parent: BlockSyntax or GlobalStatementSyntax or SwitchSectionSyntax } statement:
                plan.Add([statement], rewriter => rewriter.InsertAfter(statement, check));
                return plan;
            default:
                return null;
        }
    }

    private static InvocationExpressionSyntax Checked(ExpressionSyntax response)
        => SyntaxFactory.InvocationExpression(SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, response, SyntaxFactory.IdentifierName(Method)));
}
