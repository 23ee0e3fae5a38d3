using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"What becomes of the response": whether its content is read, and whether anything asks for its status first.</summary>
internal sealed class ResponseUses(GatewayModel model)
{
    private static readonly HashSet<string> StatusNames = new(StringComparer.Ordinal) { "IsSuccessStatusCode", "StatusCode", "EnsureSuccessStatusCode", "ReasonPhrase" };

    // They say nothing of the outcome.
    private static readonly HashSet<string> OtherMembers = new(StringComparer.Ordinal) { "Content", "Headers", "TrailingHeaders", "Version", "RequestMessage", "Dispose" };

    public static bool ReturnsResponse(IMethodSymbol method)
        => (method.ReturnType is INamedTypeSymbol { TypeArguments: [var result] } ? result : method.ReturnType).HasFullName("System.Net.Http", "HttpResponseMessage");

    /// <summary>Whether the content is read and nothing in sight, or out of sight, could have looked at the status.</summary>
    public bool IgnoreStatus(GatewayCall call, CancellationToken cancellationToken)
    {
        ExpressionSyntax response = ValueOf(call.Syntax);
        SyntaxNode function = call.Syntax.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) ?? call.Syntax.SyntaxTree.GetRoot(cancellationToken);
        if (LooksForErrorIn(function))
        {
            return false;
        }

        if (response.Parent is MemberAccessExpressionSyntax inPlace)
        {
            return IsRead(inPlace);
        }

        if (LocalOf(response) is not { } local)
        {
            return false;
        }

        IReadOnlyList<IdentifierNameSyntax> uses = [.. function.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == local && !IsAssigned(use))];
        return uses.Any(use => use.Parent is MemberAccessExpressionSyntax access && IsRead(access)) && !uses.Any(use => MayAskForStatus(use, cancellationToken));
    }

    /// <summary>The expression whose value is the response itself: the awaited call.</summary>
    public static ExpressionSyntax ValueOf(InvocationExpressionSyntax call)
    {
        ExpressionSyntax value = call;
        while (value.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax
            || value.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" or "GetAwaiter" or "GetResult" or "Result" }
            || (value.Parent is InvocationExpressionSyntax && value is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" or "GetAwaiter" or "GetResult" }))
        {
            value = (ExpressionSyntax)value.Parent;
        }

        return value;
    }

    /// <summary>The local that takes the value; null where something else does.</summary>
    public static string? LocalOf(ExpressionSyntax value) => value.Parent switch
    {
        EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax or UsingStatementSyntax } variable } => variable.Identifier.ValueText,
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax target, Parent: ExpressionStatementSyntax } => target.Identifier.ValueText,
        _ => null,
    };

    /// <summary><c>response.Content.ReadAs…</c>, or the content handed to somebody.</summary>
    private static bool IsRead(MemberAccessExpressionSyntax access)
        => access.Name.Identifier.ValueText == "Content"
            && access.Parent is ArgumentSyntax or MemberAccessExpressionSyntax { Name.Identifier.ValueText: not "Headers" } or ConditionalAccessExpressionSyntax;

    /// <summary>A body that is searched for an error tells a failure as well as the status does.</summary>
    private static bool LooksForErrorIn(SyntaxNode function)
        => function.DescendantTokens().Any(token => token.Value is string text && text.Trim('"', ' ', ':').Equals("error", StringComparison.OrdinalIgnoreCase));

    private static bool IsAssigned(IdentifierNameSyntax use) => use.Parent is AssignmentExpressionSyntax assignment && assignment.Left == use;

    /// <summary>What is neither a look at another part of the response nor its end may ask for the status out of sight.</summary>
    private bool MayAskForStatus(IdentifierNameSyntax use, CancellationToken cancellationToken) => use.Parent switch
    {
        MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax invocation } access when access.Expression == use && !OtherMembers.Contains(access.Name.Identifier.ValueText)
            => StatusNames.Contains(access.Name.Identifier.ValueText) || MayAskInside(invocation, cancellationToken),
        MemberAccessExpressionSyntax access when access.Expression == use => !OtherMembers.Contains(access.Name.Identifier.ValueText),
        MemberAccessExpressionSyntax or UsingStatementSyntax => false,
        BinaryExpressionSyntax => false,
        ConditionalAccessExpressionSyntax { WhenNotNull: var member } => member.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().FirstOrDefault() is not { } first || !OtherMembers.Contains(first.Identifier.ValueText),
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax invocation } => MayAskInside(invocation, cancellationToken),
        _ => true,
    };

    /// <summary>One hop: a method of these sources that neither asks nor hands the response on does not.</summary>
    private bool MayAskInside(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
    {
        if (model.OperationAt(invocation, cancellationToken) is not IInvocationOperation { TargetMethod: var method })
        {
            return true;
        }

        method = (method.ReducedFrom ?? method).OriginalDefinition;
        string? parameter = method.Parameters.FirstOrDefault(candidate => candidate.Type.HasFullName("System.Net.Http", "HttpResponseMessage"))?.Name;
        SyntaxNode[] bodies = [.. model.DeclarationsOf(method, cancellationToken)];
        return bodies.Length == 0 || method.IsAbstract || bodies.SelectMany(body => body.DescendantNodes()).OfType<IdentifierNameSyntax>().Any(name =>
            StatusNames.Contains(name.Identifier.ValueText) || (name.Identifier.ValueText == parameter && name.Parent is not MemberAccessExpressionSyntax));
    }
}
