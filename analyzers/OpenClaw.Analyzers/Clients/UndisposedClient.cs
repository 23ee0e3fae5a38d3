using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Clients;

/// <summary>OCG1201: a local client that nobody disposes, or not when the connect throws, and a field that a reconnect overwrites.</summary>
internal sealed class UndisposedClient : ClientRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.UndisposedClient;

    public override void Check(ClientCreation client, GatewayModel model, Action<Diagnostic> report, CancellationToken cancellationToken)
    {
        if (WhenLost(client, model, cancellationToken) is { } when)
        {
            report(Diagnostic.Create(
                Descriptor,
                client.Operation.Syntax.GetLocation(),
                additionalLocations: [client.Calls[0].Syntax.GetLocation()],
                properties: null,
                client.TypeName,
                when));
        }
    }

    /// <summary>When the client is lost, as the message says it; null where somebody disposes of it, or may.</summary>
    internal static string? WhenLost(ClientCreation client, GatewayModel model, CancellationToken cancellationToken)
        => client.Holder is ILocalSymbol local
            ? WhenLocalIsLost(client, local, model, cancellationToken)
            : WhenFieldIsLost(client, model, cancellationToken);

    private static string? WhenLocalIsLost(ClientCreation client, ILocalSymbol local, GatewayModel model, CancellationToken cancellationToken)
    {
        var ownership = new LocalOwnership(local, client.Operation.Syntax, model, cancellationToken);
        return ownership.Fate switch
        {
            LocalFate.Lost => "when the method ends",
            LocalFate.HandedOver when CallBefore(ownership.HandOver!, client) is { } call
                && !IsGuarded(call.Syntax, local.Name) => $"when {call.Method.Name} throws",
            _ => null,
        };
    }

    /// <summary>The first call that can throw while the local is the only one who knows the client.</summary>
    private static GatewayCall? CallBefore(SyntaxNode handOver, ClientCreation client)
        => client.Calls.FirstOrDefault(call =>
            call.Syntax.SpanStart > client.Operation.Syntax.SpanStart
            && call.Syntax.Span.End <= handOver.SpanStart
            && !handOver.Ancestors().Contains(call.Syntax));

    /// <summary>Whether a catch or finally around the call disposes of the client.</summary>
    private static bool IsGuarded(SyntaxNode call, string name)
        => call.Ancestors().OfType<TryStatementSyntax>().Any(statement =>
            statement.Catches.Cast<SyntaxNode>().Append(statement.Finally)
                .Any(handler => handler is not null && Disposals.Of(name, handler).Any()));

    private static string? WhenFieldIsLost(ClientCreation client, GatewayModel model, CancellationToken cancellationToken)
    {
        SyntaxNode creation = client.Operation.Syntax;
        bool overwrites = creation.Parent is AssignmentExpressionSyntax { RawKind: var kind } && kind == (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.SimpleAssignmentExpression;
        MemberDeclarationSyntax? member = creation.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        if (!overwrites
            || member is null or ConstructorDeclarationSyntax or GlobalStatementSyntax
            || Disposals.IsDisposedBefore(client.Holder.Name, creation, member, model, cancellationToken)
            || IsFirstAssignment(creation, client.Holder.Name))
        {
            return null;
        }

        return $"before '{client.Holder.Name}' is overwritten";
    }

    /// <summary>Inside <c>if (field is null)</c> or after a return for the case that it is set, nothing is overwritten.</summary>
    private static bool IsFirstAssignment(SyntaxNode creation, string name)
    {
        foreach (SyntaxNode node in creation.Ancestors())
        {
            if (node is IfStatementSyntax guard && Mentions(guard.Condition, name))
            {
                return true;
            }

            if (node is BlockSyntax block
                && block.Statements.TakeWhile(statement => !statement.Span.Contains(creation.Span))
                    .Any(statement => statement is IfStatementSyntax { Statement: ReturnStatementSyntax or BlockSyntax { Statements: [.., ReturnStatementSyntax or ThrowStatementSyntax] } } early
                        && Mentions(early.Condition, name)))
            {
                return true;
            }

            if (node is MemberDeclarationSyntax)
            {
                return false;
            }
        }

        return false;
    }

    private static bool Mentions(SyntaxNode node, string name)
        => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(identifier => identifier.Identifier.ValueText == name);
}
