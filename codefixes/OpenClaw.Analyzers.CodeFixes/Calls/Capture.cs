using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>What may move into a lambda, what must stay outside, and what cannot be helped.</summary>
internal static class Capture
{
    // Their methods compute a value from their arguments and nothing else.
    private static readonly (string Namespace, string Type)[] PureTypes =
    [
        ("System", "String"), ("System", "Convert"), ("System", "Math"), ("System", "TimeSpan"), ("System", "Uri"), ("System", "BinaryData"),
        ("System", "Object"), ("System", "Environment"), ("System.Text", "Encoding"), ("System.Text.Json", "JsonSerializer"), ("System.Net.Http.Json", "JsonContent"),
    ];

    /// <summary>Whether the expression can neither be captured nor be evaluated before the call.</summary>
    public static bool IsImpossible(ExpressionSyntax expression, FixSite site)
    {
        foreach (SyntaxNode node in expression.DescendantNodesAndSelf())
        {
            switch (node)
            {
                // What these declare is used after the call, where a lambda's own variables are out of scope.
                case DeclarationExpressionSyntax or SingleVariableDesignationSyntax or StackAllocArrayCreationExpressionSyntax or RefExpressionSyntax:
                case BaseExpressionSyntax when IsInStruct(expression, site):
                    return true;
                case IdentifierNameSyntax name when IsRefLike(site.Semantics.GetTypeInfo(name, site.CancellationToken).Type):
                    // A span inside an argument that is evaluated before the call does no harm.
                    if (!MustBeEvaluatedOnce(expression, site) || IsRefLike(site.Semantics.GetTypeInfo(expression, site.CancellationToken).Type))
                    {
                        return true;
                    }

                    break;
            }
        }

        return expression.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 };
    }

    /// <summary>Whether evaluating the expression again for another attempt would do something again, or capturing it is not allowed.</summary>
    public static bool MustBeEvaluatedOnce(ExpressionSyntax expression, FixSite site)
        => expression.DescendantNodesAndSelf(static node => node is not AnonymousFunctionExpressionSyntax)
            .Any(node => HasEffect(node, site) || CannotBeCaptured(node, site));

    /// <summary>Whether the expression reads a variable that the code around assigns again: a loop's counter for one.</summary>
    public static bool ReadsChangingVariable(ExpressionSyntax expression, FixSite site)
    {
        HashSet<string>? written = null;
        foreach (IdentifierNameSyntax name in expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
        {
            if (site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol is ILocalSymbol or IParameterSymbol)
            {
                written ??= WrittenIn([SyntaxFacts.MemberAround(name)]);
                if (written.Contains(name.Identifier.ValueText))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether the expression has the same value before and after the evaluation of parts that write these names.</summary>
    public static bool IsStable(ExpressionSyntax expression, HashSet<string> written, FixSite site)
    {
        if (site.Semantics.GetConstantValue(expression, site.CancellationToken).HasValue
            || expression is ThisExpressionSyntax or AnonymousFunctionExpressionSyntax or PredefinedTypeSyntax)
        {
            return true;
        }

        return site.Semantics.GetSymbolInfo(expression, site.CancellationToken).Symbol switch
        {
            ILocalSymbol or IParameterSymbol => !written.Contains(expression.ToString()),
            IFieldSymbol field => field.IsReadOnly || field.IsConst,
            INamedTypeSymbol or INamespaceSymbol => true,
            _ => false,
        };
    }

    /// <summary>The names that the code assigns or steps.</summary>
    public static HashSet<string> WrittenIn(IEnumerable<SyntaxNode> code)
        => new(
            code.SelectMany(part => part.DescendantNodesAndSelf())
                .Select(node => node switch
                {
                    AssignmentExpressionSyntax assignment => assignment.Left.ToString(),
                    PostfixUnaryExpressionSyntax step when IsStep(step) => step.Operand.ToString(),
                    PrefixUnaryExpressionSyntax step when IsStep(step) => step.Operand.ToString(),
                    ArgumentSyntax { RefKindKeyword.RawKind: not 0 } argument => argument.Expression.ToString(),
                    _ => "",
                })
                .Where(name => name.Length > 0),
            StringComparer.Ordinal);

    /// <summary>Whether a <c>var</c> can take the value and a lambda can use it.</summary>
    public static bool HasOrdinaryType(ExpressionSyntax expression, FixSite site)
    {
        ITypeSymbol? type = site.Semantics.GetTypeInfo(expression, site.CancellationToken).Type;
        return type is { TypeKind: not (TypeKind.Error or TypeKind.Pointer or TypeKind.FunctionPointer), SpecialType: not SpecialType.System_Void } && !IsRefLike(type);
    }

    private static bool HasEffect(SyntaxNode node, FixSite site) => node switch
    {
        AwaitExpressionSyntax or AssignmentExpressionSyntax { Parent: not InitializerExpressionSyntax } => true,
        PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax => IsStep(node),
        InvocationExpressionSyntax invocation => !IsPure(invocation, site),
        BaseObjectCreationExpressionSyntax creation => OpensSomething(creation, site),
        _ => false,
    };

    private static bool IsStep(SyntaxNode node)
        => node.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression or SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression;

    private static bool IsPure(InvocationExpressionSyntax invocation, FixSite site)
    {
        if (site.Semantics.GetOperation(invocation, site.CancellationToken) is INameOfOperation
            || site.Semantics.GetConstantValue(invocation, site.CancellationToken).HasValue)
        {
            return true;
        }

        return site.Semantics.GetSymbolInfo(invocation, site.CancellationToken).Symbol is IMethodSymbol method
            && (PureTypes.Any(pure => method.ContainingType.HasFullName(pure.Namespace, pure.Type))
                || (method.Name == "ToString" && method.ContainingType.IsValueType)
                || (method.IsStatic && method.Name.StartsWith("Create", StringComparison.Ordinal) && method.ContainingType.IsWithin("OpenAI")));
    }

    /// <summary>A new disposable, other than a request's content, holds something that one attempt may use up.</summary>
    private static bool OpensSomething(BaseObjectCreationExpressionSyntax creation, FixSite site)
        => site.Semantics.GetTypeInfo(creation, site.CancellationToken).Type is { } type
            && type.AllInterfaces.Any(implemented => implemented.SpecialType == SpecialType.System_IDisposable)
            && !type.IsWithin("System.Net.Http");

    /// <summary>Parameters by reference, and <c>this</c> of a struct: a copy outside the lambda has the value of now, as the call had.</summary>
    private static bool CannotBeCaptured(SyntaxNode node, FixSite site)
    {
        switch (node)
        {
            case ThisExpressionSyntax:
                return IsInStruct(node, site);
            case IdentifierNameSyntax name:
                return site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol switch
                {
                    IParameterSymbol { RefKind: not RefKind.None } or ILocalSymbol { IsRef: true } => true,
                    IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } => IsInStruct(name, site),
                    IFieldSymbol or IPropertySymbol or IMethodSymbol => IsImplicitInstance(name, site) && IsInStruct(name, site),
                    _ => false,
                };
            default:
                return false;
        }
    }

    private static bool IsImplicitInstance(IdentifierNameSyntax name, FixSite site)
        => name.Parent is not MemberAccessExpressionSyntax { Name: var member } || member != name
            ? site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol is { IsStatic: false }
            : false;

    private static bool IsInStruct(SyntaxNode node, FixSite site)
        => site.Semantics.GetEnclosingSymbol(node.SpanStart, site.CancellationToken)?.ContainingType?.TypeKind == TypeKind.Struct;

    private static bool IsRefLike(ITypeSymbol? type) => type is { IsRefLikeType: true };
}
