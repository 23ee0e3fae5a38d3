using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>A lambda that a protecting method runs, and the parameter by which it is told to stop.</summary>
/// <param name="Call">The execution.</param>
/// <param name="Lambda">What it runs.</param>
/// <param name="Token">The lambda's token, or the context that carries it.</param>
internal sealed record Execution(IInvocationOperation Call, AnonymousFunctionExpressionSyntax Lambda, IParameterSymbol Token)
{
    private static readonly string[] PollyLimits = ["AddTimeout", "TimeoutAsync", "Timeout", "AddHedging"];

    /// <summary>Whether the token comes as a property of the parameter.</summary>
    public bool IsInContext => !TokenParameter.IsToken(Token);

    /// <summary>The execution that runs a piece of code and gives it a token; null where a lambda between has a token of its own, or runs later.</summary>
    public static Execution? Around(SyntaxNode site, GatewayModel model, CancellationToken cancellationToken)
    {
        for (SyntaxNode? node = site.Parent; node is not null; node = node.Parent)
        {
            if (node is AnonymousFunctionExpressionSyntax lambda)
            {
                IParameterSymbol? token = TokenOf(lambda, model, cancellationToken);
                if (lambda.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax invocation }
                    && model.OperationAt(invocation, cancellationToken) is IInvocationOperation call
                    && model.Resilience.UseOf(call.TargetMethod, cancellationToken) == DelegateUse.Protects)
                {
                    return token is null ? null : new Execution(call, lambda, token);
                }

                if (token is not null || !SyntaxFacts.RunsInPlace(lambda))
                {
                    return null;
                }
            }
            else if (SyntaxFacts.IsFunctionBoundary(node))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Whether a token may be cancelled by the execution's: it is that token, linked to it, or made in a way that is out of sight.</summary>
    public bool MayCancel(IOperation token, GatewayModel model, CancellationToken cancellationToken)
    {
        HashSet<SyntaxNode> seen = [];
        Queue<IOperation> open = new([token]);
        while (open.Count > 0)
        {
            IOperation current = open.Dequeue();

            // A parameter is compared as it is: what its callers pass belongs to other executions.
            IEnumerable<IOperation> origins = current is IParameterReferenceOperation
                ? [current]
                : model.Values.OriginsOf(current, call: null, cancellationToken).Select(origin => origin.Operation);
            foreach (IOperation origin in origins.Where(origin => seen.Add(origin.Syntax)))
            {
                switch (origin)
                {
                    case IParameterReferenceOperation { Parameter: var parameter } when parameter.Equals(Token, SymbolEqualityComparer.Default):
                    case IPropertyReferenceOperation { Instance: IParameterReferenceOperation { Parameter: var context } } when context.Equals(Token, SymbolEqualityComparer.Default):
                        return true;
                    case IPropertyReferenceOperation { Property.Name: "Token", Instance: { } source }:
                        open.Enqueue(source);
                        break;
                    case IInvocationOperation { TargetMethod: { IsStatic: true, Name: "CreateLinkedTokenSource" or "After" } } linked:
                        foreach (IOperation part in linked.Arguments.SelectMany(TokenSources.TokensOf))
                        {
                            open.Enqueue(part);
                        }

                        break;
                    case IObjectCreationOperation created when !Lambda.Span.Contains(created.Syntax.Span) || !Mentions(Lambda.Body):
                    case IParameterReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation or IDefaultValueOperation or { ConstantValue.HasValue: true }:
                        break;
                    default:
                        return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether the code speaks of the execution's token.</summary>
    public bool Mentions(SyntaxNode code)
        => code.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == Token.Name);

    /// <summary>Whether the execution has a time limit, or one can be in it that the sources set up for pipelines.</summary>
    public bool MayLimitTime(GatewayModel model, CancellationToken cancellationToken)
    {
        IMethodSymbol method = (Call.TargetMethod.ReducedFrom ?? Call.TargetMethod).OriginalDefinition;
        return ResilienceSymbols.IsGatewayPipeline(method.ContainingType)
            || (model.IsDeclaredHere(method) && model.DeclarationsOf(method, cancellationToken).SelectMany(body => body.DescendantNodes()).Any(SetsTime))
            || PollyLimits.Any(name => model.Index.InvocationsOf(name, cancellationToken)
                .Any(node => model.OperationAt(node, cancellationToken) is IInvocationOperation { TargetMethod.ContainingType: { } type } && type.IsWithin("Polly")));
    }

    private static bool SetsTime(SyntaxNode node)
        => node is InvocationExpressionSyntax call && SourceIndex.NameOf(call) is "CancelAfter" or "After"
            || node is ObjectCreationExpressionSyntax { Type: SimpleNameSyntax { Identifier.ValueText: "CancellationTokenSource" }, ArgumentList.Arguments.Count: > 0 }
            || node is ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: > 0, Parent.Parent.Parent: VariableDeclarationSyntax { Type: SimpleNameSyntax { Identifier.ValueText: "CancellationTokenSource" } } };

    private static IParameterSymbol? TokenOf(AnonymousFunctionExpressionSyntax lambda, GatewayModel model, CancellationToken cancellationToken)
        => model.SemanticsOf(lambda.SyntaxTree).GetSymbolInfo(lambda, cancellationToken).Symbol is IMethodSymbol { Parameters: var parameters }
            ? parameters.FirstOrDefault(TokenParameter.IsToken) ?? parameters.FirstOrDefault(parameter => parameter.Type.HasFullName("Polly", "ResilienceContext"))
            : null;
}
