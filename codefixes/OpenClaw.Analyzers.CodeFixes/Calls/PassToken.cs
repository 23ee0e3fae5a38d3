using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>OCG1005: passes the execution's token to the call, and the caller's token, which the call had instead, to the execution.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PassToken))]
public sealed class PassToken() : GatewayCodeFix(Descriptors.DroppedToken)
{
    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } invocation
            || CallSite.At(invocation, site.Model, static _ => { }, site.CancellationToken) is not { } call
            || DroppedToken.Find(call) is not var (execution, passed)
            || TokenArgument.Plan(site, call.Operation) is not { TakesToken: true } token
            || invocation.ContainsDirectives)
        {
            return null;
        }

        ExpressionSyntax? callers = passed is null || TokenParameter.IsNone(passed.Value) ? null : (ExpressionSyntax)passed.Value.Syntax;
        TokenArgument? ofExecution = null;
        if (callers is not null && !IsGivenTo(execution, callers))
        {
            ofExecution = TokenArgument.Plan(site, execution.Call);
            if (ofExecution is not { TakesToken: true } || TokenParameter.PassedBy(execution.Call) is { } other && !TokenParameter.IsNone(other.Value) || !IsVisibleOutside(callers, execution, site))
            {
                return null;
            }
        }

        if (ParameterOf(execution, site) is not { } parameter || IsHidden(execution, invocation, site))
        {
            return null;
        }

        bool isNamed = execution.Token.Name != "_";
        string name = isNamed ? execution.Token.Name : Names.ForParameter("ct", execution.Lambda, execution.Lambda.Body);
        string expression = execution.IsInContext ? $"{name}.CancellationToken" : name;
        var plan = new FixPlan($"Pass '{expression}' to the call");
        plan.Add([invocation], rewriter => rewriter.Replace(invocation, current => token.Rewrite(current, expression)));
        if (!isNamed)
        {
            plan.Add([parameter], rewriter => rewriter.Replace(parameter, current => current.WithIdentifier(SyntaxFactory.Identifier(name).WithTriviaFrom(current.Identifier))), key: "name");
        }

        if (ofExecution is not null)
        {
            var outer = (InvocationExpressionSyntax)execution.Call.Syntax;
            plan.Add([outer], rewriter => rewriter.Replace(outer, current => ofExecution.Rewrite(current, callers!.ToString())), key: "token");
        }

        return plan;
    }

    private static bool IsGivenTo(Execution execution, ExpressionSyntax token)
        => TokenParameter.PassedBy(execution.Call) is { } given && given.Value.Syntax.IsEquivalentTo(token, topLevel: false);

    /// <summary>Whether the token can be read where the execution begins: it is a name that the lambda does not declare.</summary>
    private static bool IsVisibleOutside(ExpressionSyntax token, Execution execution, FixSite site)
        => token.DescendantNodesAndSelf().All(node => node is IdentifierNameSyntax or MemberAccessExpressionSyntax or ThisExpressionSyntax)
            && token.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
                .Select(name => site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol)
                .All(symbol => symbol is not (ILocalSymbol or IParameterSymbol) || symbol.DeclaringSyntaxReferences.All(reference => !execution.Lambda.Span.Contains(reference.Span)));

    private static ParameterSyntax? ParameterOf(Execution execution, FixSite site)
        => execution.Token.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(site.CancellationToken) as ParameterSyntax;

    /// <summary>Whether a declaration between has taken the name.</summary>
    private static bool IsHidden(Execution execution, SyntaxNode call, FixSite site)
        => execution.Token.Name != "_"
            && !site.Semantics.LookupSymbols(call.SpanStart, name: execution.Token.Name).Contains(execution.Token, SymbolEqualityComparer.Default);
}
