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

    public static TokenArgument? Plan(FixSite site, GatewayCall call)
    {
        SeparatedSyntaxList<ArgumentSyntax> arguments = call.Syntax.ArgumentList.Arguments;
        if (call.Token?.Syntax is ArgumentSyntax passed)
        {
            int index = arguments.IndexOf(passed);
            ExpressionSyntax? outer = IsNone(call.Token.Value) ? null : passed.Expression;
            return new TokenArgument(index, outer, (current, token) => ReplaceArgument(current, index, token));
        }

        ExpressionSyntax? inScope = InScope(site, call.Syntax);
        if (call.Method.Parameters.FirstOrDefault(IsToken) is { } parameter)
        {
            return new TokenArgument(-1, inScope, (current, token) => Append(current, token, parameter, PositionOf(parameter, call)));
        }

        if (OverloadWithToken(call.Method) is { } overload)
        {
            return new TokenArgument(-1, inScope, (current, token) => Append(current, token, overload, PositionOf(overload, call)));
        }

        if (EnumerableOverload(call.Method) is var (elementType, tokenParameter))
        {
            // An array that is passed as it is goes to the other overload as well: it is named there, for the parameters between are optional.
            string type = elementType.ToMinimalDisplayString(site.Semantics, call.Syntax.SpanStart);
            return call.Operation.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.ParamArray)
                ? new TokenArgument(-1, inScope, (current, token) => ParamsToArray(current, type, token, tokenParameter))
                : new TokenArgument(-1, inScope, (current, token) => Append(current, token, tokenParameter, PositionOf(tokenParameter, call)));
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
            if (method.Parameters.FirstOrDefault(parameter => IsToken(parameter) && parameter.RefKind == RefKind.None) is { } token)
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

    public static bool IsToken(IParameterSymbol parameter) => parameter.Type.HasFullName("System.Threading", "CancellationToken");

    private static bool IsNone(IOperation token) => token switch
    {
        IConversionOperation conversion => IsNone(conversion.Operand),
        IDefaultValueOperation => true,
        IPropertyReferenceOperation { Property: { Name: "None", ContainingType.Name: "CancellationToken" } } => true,
        _ => false,
    };

    private static InvocationExpressionSyntax ReplaceArgument(InvocationExpressionSyntax call, int index, string token)
    {
        ArgumentSyntax argument = call.ArgumentList.Arguments[index];
        ExpressionSyntax name = SyntaxFactory.ParseExpression(token).WithTriviaFrom(argument.Expression);
        return call.WithArgumentList(call.ArgumentList.WithArguments(call.ArgumentList.Arguments.Replace(argument, argument.WithExpression(name))));
    }

    /// <summary>The parameter's place in the argument list: one less where the receiver of an extension method stands before the dot.</summary>
    private static int PositionOf(IParameterSymbol parameter, GatewayCall call)
        => parameter.Ordinal - (call.Method.IsExtensionMethod && call.Receiver?.Syntax.Parent is not ArgumentSyntax ? 1 : 0);

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

    /// <summary>The same method with a token behind its parameters: the overload that the call can switch to.</summary>
    private static IParameterSymbol? OverloadWithToken(IMethodSymbol method)
    {
        IMethodSymbol definition = method.ReducedFrom ?? method;
        foreach (IMethodSymbol candidate in definition.ContainingType.GetMembers(definition.Name).OfType<IMethodSymbol>())
        {
            if (candidate.Parameters.Length == definition.Parameters.Length + 1
                && candidate.Arity == definition.Arity
                && IsToken(candidate.Parameters[candidate.Parameters.Length - 1])
                && candidate.Parameters.Zip(definition.Parameters, SameType).All(same => same))
            {
                return candidate.Parameters[candidate.Parameters.Length - 1];
            }
        }

        return null;

        static bool SameType(IParameterSymbol left, IParameterSymbol right)
            => left.Type.OriginalDefinition.Equals(right.Type.OriginalDefinition, SymbolEqualityComparer.Default) && left.RefKind == right.RefKind;
    }

    /// <summary>For a method that takes only <c>params T[]</c>: the overload with <c>IEnumerable&lt;T&gt;</c> and a token.</summary>
    private static (ITypeSymbol ElementType, IParameterSymbol Token)? EnumerableOverload(IMethodSymbol method)
    {
        if (method.Parameters is not [{ IsParams: true, Type: IArrayTypeSymbol { ElementType: var element } }])
        {
            return null;
        }

        foreach (IMethodSymbol candidate in method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>())
        {
            if (candidate.Parameters is [{ Type: INamedTypeSymbol { Name: "IEnumerable", TypeArguments: [var item] } }, ..]
                && item.Equals(element, SymbolEqualityComparer.Default)
                && candidate.Parameters.Skip(1).All(parameter => parameter.IsOptional)
                && candidate.Parameters.FirstOrDefault(IsToken) is { } token)
            {
                return (element, token);
            }
        }

        return null;
    }
}
