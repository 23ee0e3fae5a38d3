using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>Where the token goes: the one in scope to the pipeline, the pipeline's into the call.</summary>
internal sealed class TokenArgument
{
    private readonly Func<InvocationExpressionSyntax, string, InvocationExpressionSyntax>? _rewrite;

    private TokenArgument(int index, ExpressionSyntax? outer, Func<InvocationExpressionSyntax, string, InvocationExpressionSyntax>? rewrite)
    {
        Index = index;
        Outer = outer;
        _rewrite = rewrite;
    }

    /// <summary>The index of the call's token argument in its argument list; -1 where it has none.</summary>
    public int Index { get; }

    /// <summary>The token that the pipeline is given; null where there is none.</summary>
    public ExpressionSyntax? Outer { get; }

    /// <summary>Whether the call, or an overload of it, takes a token.</summary>
    public bool TakesToken => _rewrite is not null;

    /// <summary>Passes the lambda's token to the call, where the call takes one.</summary>
    public InvocationExpressionSyntax Rewrite(InvocationExpressionSyntax call, string token) => _rewrite is null ? call : _rewrite(call, token);

    public static TokenArgument? Plan(FixSite site, GatewayCall call) => Plan(site, call.Operation);

    public static TokenArgument? Plan(FixSite site, IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        SeparatedSyntaxList<ArgumentSyntax> arguments = ((InvocationExpressionSyntax)call.Syntax).ArgumentList.Arguments;
        if (TokenParameter.PassedBy(call) is { Syntax: ArgumentSyntax passed } token)
        {
            int index = arguments.IndexOf(passed);
            ExpressionSyntax? outer = TokenParameter.IsNone(token.Value) ? null : passed.Expression;
            return new TokenArgument(index, outer, (current, name) => ReplaceArgument(current, index, name));
        }

        ExpressionSyntax? inScope = InScope(site, call.Syntax);
        if (method.Parameters.FirstOrDefault(TokenParameter.IsToken) is { } parameter)
        {
            return new TokenArgument(-1, inScope, (current, name) => Append(current, name, parameter, PositionOf(parameter, call)));
        }

        if (TokenParameter.InOverload(method) is { } overload)
        {
            return new TokenArgument(-1, inScope, (current, name) => Append(current, name, overload, PositionOf(overload, call)));
        }

        if (TokenParameter.InEnumerableOverload(method) is var (elementType, tokenParameter))
        {
            // An array that is passed as it is goes to the other overload as well: it is named there, for the parameters between are optional.
            string type = elementType.ToMinimalDisplayString(site.Semantics, call.Syntax.SpanStart);
            return call.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.ParamArray)
                ? new TokenArgument(-1, inScope, (current, name) => ParamsToArray(current, type, name, tokenParameter))
                : new TokenArgument(-1, inScope, (current, name) => Append(current, name, tokenParameter, PositionOf(tokenParameter, call)));
        }

        return new TokenArgument(-1, inScope, rewrite: null);
    }

    /// <summary>
    /// A cancellation token that the function around offers: its own parameter, or that of a function further out. A lambda that runs later, an
    /// event handler for one, has outlived what the token of the code around it is about.
    /// </summary>
    public static ExpressionSyntax? InScope(FixSite site, SyntaxNode node)
    {
        for (ISymbol? symbol = site.Semantics.GetEnclosingSymbol(node.SpanStart, site.CancellationToken); symbol is IMethodSymbol method; symbol = symbol.ContainingSymbol)
        {
            if (method.Parameters.FirstOrDefault(parameter => TokenParameter.IsToken(parameter) && parameter.RefKind == RefKind.None) is { } token)
            {
                return SyntaxFactory.IdentifierName(token.Name);
            }

            bool isLambda = method.MethodKind == MethodKind.AnonymousFunction;
            if ((method.IsStatic && (isLambda || method.MethodKind == MethodKind.LocalFunction))
                || (isLambda && method.DeclaringSyntaxReferences is [var reference, ..]
                    && reference.GetSyntax(site.CancellationToken) is AnonymousFunctionExpressionSyntax lambda
                    && !SyntaxFacts.RunsInPlace(lambda)))
            {
                return null;
            }
        }

        return null;
    }

    private static InvocationExpressionSyntax ReplaceArgument(InvocationExpressionSyntax call, int index, string token)
    {
        ArgumentSyntax argument = call.ArgumentList.Arguments[index];
        ExpressionSyntax name = SyntaxFactory.ParseExpression(token).WithTriviaFrom(argument.Expression);
        return call.WithArgumentList(call.ArgumentList.WithArguments(call.ArgumentList.Arguments.Replace(argument, argument.WithExpression(name))));
    }

    /// <summary>The parameter's place in the argument list: one less where the receiver of an extension method stands before the dot.</summary>
    private static int PositionOf(IParameterSymbol parameter, IInvocationOperation call)
        => parameter.Ordinal - (call.TargetMethod.IsExtensionMethod && call.Arguments.FirstOrDefault()?.Value.Syntax.Parent is not ArgumentSyntax ? 1 : 0);

    private static InvocationExpressionSyntax Append(InvocationExpressionSyntax call, string token, IParameterSymbol parameter, int position)
    {
        // By position where every parameter before it is given by position, else by name.
        SeparatedSyntaxList<ArgumentSyntax> arguments = call.ArgumentList.Arguments;
        bool byPosition = arguments.Count == position && arguments.All(argument => argument.NameColon is null);
        ArgumentSyntax added = SyntaxFactory.Argument(SyntaxFactory.ParseExpression(token));
        added = byPosition ? added : added.WithNameColon(SyntaxFactory.NameColon(parameter.Name).WithTrailingTrivia(SyntaxFactory.Space));
        return call.WithArgumentList(call.ArgumentList.WithArguments(AddSpaced(arguments, added)));
    }

    private static InvocationExpressionSyntax ParamsToArray(InvocationExpressionSyntax call, string elementType, string token, IParameterSymbol tokenParameter)
    {
        IEnumerable<ExpressionSyntax> elements = call.ArgumentList.Arguments.Select(argument => argument.Expression.WithoutTrivia());
        ExpressionSyntax array = SyntaxFactory.ParseExpression($"new {elementType}[] {{ {string.Join(", ", elements)} }}");
        ArgumentSyntax added = SyntaxFactory.Argument(SyntaxFactory.ParseExpression(token))
            .WithNameColon(SyntaxFactory.NameColon(tokenParameter.Name).WithTrailingTrivia(SyntaxFactory.Space));
        return call.WithArgumentList(SyntaxFactory.ArgumentList(AddSpaced(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(array)), added)));
    }

    private static SeparatedSyntaxList<ArgumentSyntax> AddSpaced(SeparatedSyntaxList<ArgumentSyntax> arguments, ArgumentSyntax added)
        => SyntaxFactory.SeparatedList(
            arguments.Append(added),
            arguments.GetSeparators().Concat(arguments.Count > 0 && arguments.SeparatorCount < arguments.Count
                ? [SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space)]
                : []));
}
