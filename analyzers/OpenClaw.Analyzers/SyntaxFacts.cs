using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers;

/// <summary>Questions about syntax that several rooms ask.</summary>
internal static class SyntaxFacts
{
    /// <summary>What a rule about loops registers for.</summary>
    public static readonly ImmutableArray<SyntaxKind> LoopKinds = ImmutableArray.Create(
        SyntaxKind.ForStatement,
        SyntaxKind.WhileStatement,
        SyntaxKind.DoStatement,
        SyntaxKind.ForEachStatement,
        SyntaxKind.ForEachVariableStatement);

    /// <summary>The method name of an invocation, without its receiver.</summary>
    public static SyntaxToken NameOf(InvocationExpressionSyntax invocation) => invocation.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier,
        SimpleNameSyntax simple => simple.Identifier,
        var other => other.GetLastToken(),
    };

    /// <summary>Whether control that enters here belongs to another function: the code inside runs when somebody calls it.</summary>
    public static bool IsFunctionBoundary(SyntaxNode node)
        => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax and not GlobalStatementSyntax;

    /// <summary>The member around the node; for top-level statements the whole file.</summary>
    public static SyntaxNode MemberAround(SyntaxNode node)
        => node.FirstAncestorOrSelf<MemberDeclarationSyntax>(static member => member is not GlobalStatementSyntax) ?? node.SyntaxTree.GetRoot();

    /// <summary>The code in which a variable can be used: the member around a local or a parameter, the type around a field.</summary>
    public static SyntaxNode ScopeOf(ISymbol variable, SyntaxNode from)
        => variable is ILocalSymbol or IParameterSymbol
            ? MemberAround(from)
            : from.FirstAncestorOrSelf<TypeDeclarationSyntax>() ?? from.SyntaxTree.GetRoot();

    /// <summary>The method, accessor or local function whose caller makes the node run, lambdas left out; the whole program at top level.</summary>
    public static SyntaxNode FunctionAround(SyntaxNode node)
        => node.Ancestors().FirstOrDefault(ancestor => IsFunctionBoundary(ancestor) && ancestor is not AnonymousFunctionExpressionSyntax) ?? node.SyntaxTree.GetRoot();

    /// <summary>
    /// Whether a lambda runs while the code around it waits: it is an argument of a call whose result is used, awaited or blocked on. A lambda of
    /// a call that stands alone, such as <c>app.MapGet(…)</c> or <c>token.Register(…)</c>, runs later, for somebody else.
    /// </summary>
    public static bool RunsInPlace(AnonymousFunctionExpressionSyntax lambda)
    {
        SyntaxNode value = lambda;
        while (value.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax)
        {
            value = value.Parent;
        }

        if (value.Parent is not ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax invocation })
        {
            return value.Parent is EqualsValueClauseSyntax;
        }

        SyntaxNode end = invocation;
        while (end.Parent is MemberAccessExpressionSyntax or InvocationExpressionSyntax or ConditionalAccessExpressionSyntax)
        {
            end = end.Parent;
            if (end is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Wait" or "GetResult" })
            {
                return true;
            }
        }

        return end.Parent is not (ExpressionStatementSyntax or null);
    }

    /// <summary>Whether a function or type around declares a parameter of the name: a look before anything is bound.</summary>
    public static bool NamesParameter(IdentifierNameSyntax name)
    {
        for (SyntaxNode? node = name.Parent; node is not null; node = node.Parent)
        {
            ParameterListSyntax? parameters = node switch
            {
                BaseMethodDeclarationSyntax method => method.ParameterList,
                LocalFunctionStatementSyntax function => function.ParameterList,
                ParenthesizedLambdaExpressionSyntax lambda => lambda.ParameterList,
                AnonymousMethodExpressionSyntax lambda => lambda.ParameterList,
                TypeDeclarationSyntax type => type.ChildNodes().OfType<ParameterListSyntax>().FirstOrDefault(),
                _ => null,
            };
            if (parameters?.Parameters.Any(parameter => parameter.Identifier.ValueText == name.Identifier.ValueText) == true
                || (node is SimpleLambdaExpressionSyntax simple && simple.Parameter.Identifier.ValueText == name.Identifier.ValueText))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The nodes below, without those of nested lambdas and local functions.</summary>
    public static IEnumerable<SyntaxNode> DescendantsInSameFunction(SyntaxNode node)
        => node.DescendantNodes(child => child == node || !IsFunctionBoundary(child));
}
