using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>"Is this block one call and the reading of its result": what is behind the call cannot fail as the gateway does.</summary>
internal static class PureRead
{
    // Their methods turn one value into another.
    private static readonly string[] ComputingNamespaces = ["System.Text.Json", "System.Linq", "System.Collections", "System.Numerics"];
    private static readonly string[] ComputingTypes = ["Object", "String", "BinaryData", "Convert", "Math"];

    public static bool Is(BlockSyntax block, GatewayCall call, FixSite site)
    {
        ITypeSymbol result = call.Method.ReturnType is INamedTypeSymbol { TypeArguments: [var inner] } task && task.IsWithin("System.Threading.Tasks") ? inner : call.Method.ReturnType;
        return call.Syntax.Ancestors().Contains(block.Statements.FirstOrDefault())
            && !result.HasFullName("System.Net.Http", "HttpResponseMessage")
            && block.Statements.Take(block.Statements.Count - 1).All(IsReading)
            && block.Statements.Last() is ReturnStatementSyntax or BreakStatementSyntax
            && block.DescendantNodes().All(node => call.Syntax.Span.Contains(node.Span) || IsPure(node, call, site));
    }

    private static bool IsReading(StatementSyntax statement) => statement
        is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 }
        or ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax } };

    private static bool IsPure(SyntaxNode node, GatewayCall call, FixSite site) => node switch
    {
        AwaitExpressionSyntax awaited => awaited.Span.Contains(call.Syntax.Span),
        InvocationExpressionSyntax invocation => IsConfigureAwait(invocation, call) || IsComputing(invocation, call, site),
        AnonymousFunctionExpressionSyntax or ThrowExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: not (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.SuppressNullableWarningExpression } => false,
        _ => true,
    };

    private static bool IsConfigureAwait(InvocationExpressionSyntax invocation, GatewayCall call)
        => invocation.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Expression: var receiver } && receiver == call.Syntax;

    private static bool IsComputing(InvocationExpressionSyntax invocation, GatewayCall call, FixSite site)
    {
        if (site.Semantics.GetSymbolInfo(invocation, site.CancellationToken).Symbol is not IMethodSymbol { ContainingType: { } type } method
            || site.Model.CallAt(invocation, site.CancellationToken) is not null
            || method.ReturnsVoid
            || method.ReturnType.IsWithin("System.Threading.Tasks"))
        {
            return false;
        }

        return method.ContainingAssembly.Equals(call.Method.ContainingAssembly, SymbolEqualityComparer.Default)
            || ComputingNamespaces.Any(computing => type.IsWithin(computing))
            || ComputingTypes.Any(computing => type.HasFullName("System", computing))
            || (type.IsValueType && type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true });
    }
}
