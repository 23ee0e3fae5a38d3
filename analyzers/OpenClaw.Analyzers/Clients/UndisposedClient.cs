using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Clients;

/// <summary>OCG1201: a local client that nobody disposes, or not when a call throws, and a field that a reconnect overwrites.</summary>
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
        SyntaxNode creation = client.Operation.Syntax;
        bool isRepeated = Repetition.IsRepeated(creation, model, cancellationToken);
        if (isRepeated ? client.Client.Pooled : LivesAsLongAsProgram(creation, model, cancellationToken))
        {
            // One pooled client for each call is wrong with a disposal as well, which closes the connections that it should have kept.
            return null;
        }

        var ownership = new LocalOwnership(local, creation, model, cancellationToken);
        return ownership.Fate switch
        {
            LocalFate.Lost => "when the method ends",
            LocalFate.HandedOver or LocalFate.DisposedAtEnd when client.CallThatLoses(ownership) is { } call => $"when {call.Method.Name} throws",
            _ => null,
        };
    }

    private static bool LivesAsLongAsProgram(SyntaxNode creation, GatewayModel model, CancellationToken cancellationToken)
        => model.SemanticsOf(creation.SyntaxTree).GetEnclosingSymbol(creation.SpanStart, cancellationToken) is IMethodSymbol method
            && method.Equals(model.Compilation.GetEntryPoint(cancellationToken), SymbolEqualityComparer.Default);

    private static string? WhenFieldIsLost(ClientCreation client, GatewayModel model, CancellationToken cancellationToken)
    {
        SyntaxNode creation = client.Operation.Syntax;

        // Only in the object itself: an initializer, or the assignment to a field of another object, may fill a new one each time.
        bool overwrites = creation.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Parent: not InitializerExpressionSyntax } assignment
            && (client.Holder.IsStatic || assignment.Left is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax });
        MemberDeclarationSyntax? member = creation.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        string name = client.Holder.Name;
        if (!overwrites
            || member is null or ConstructorDeclarationSyntax or GlobalStatementSyntax
            || Disposals.IsDisposedBefore(name, creation, member, model, cancellationToken)
            || Disposals.IsDisposedElsewhere(name, member)
            || MayBeFirstAssignment(creation, client.Holder, model, cancellationToken)
            || !(HasInitialValue(client, model, cancellationToken) || Repetition.IsRepeated(creation, model, cancellationToken)))
        {
            return null;
        }

        return $"before '{name}' is overwritten";
    }

    /// <summary>Whether the declaration or a constructor gives the field a client, and other code may have opened its connection before the method overwrites it.</summary>
    private static bool HasInitialValue(ClientCreation client, GatewayModel model, CancellationToken cancellationToken)
    {
        MemberDeclarationSyntax? member = client.Operation.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        bool connects = client.Calls.Any(call => call.Kind == CallKind.Connect);
        return client.Calls.Any(call => call.Kind == CallKind.Connect == connects && call.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>() != member)
            && model.Values.AssignedTo(client.Holder, cancellationToken).Any(value =>
                value.Syntax is BaseObjectCreationExpressionSyntax creation
                && creation.FirstAncestorOrSelf<MemberDeclarationSyntax>() is var declaration
                && declaration != member
                && declaration is FieldDeclarationSyntax or PropertyDeclarationSyntax or ConstructorDeclarationSyntax);
    }

    /// <summary>
    /// Inside <c>if (field is null)</c>, or behind a return for the case that it is set, nothing is overwritten. A condition on other state of the object, such as
    /// a flag, may say the same.
    /// </summary>
    private static bool MayBeFirstAssignment(SyntaxNode creation, ISymbol holder, GatewayModel model, CancellationToken cancellationToken)
    {
        foreach (SyntaxNode node in creation.Ancestors())
        {
            if (node is IfStatementSyntax guard && ReadsState(guard.Condition))
            {
                return true;
            }

            if (node is BlockSyntax block
                && block.Statements.TakeWhile(statement => !statement.Span.Contains(creation.Span))
                    .Any(statement => statement is IfStatementSyntax early && Leaves(early.Statement) && ReadsState(early.Condition)))
            {
                return true;
            }

            if (node is MemberDeclarationSyntax)
            {
                return false;
            }
        }

        return false;

        bool ReadsState(ExpressionSyntax condition)
            => condition.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name =>
                name.Identifier.ValueText == holder.Name
                || (model.SemanticsOf(name.SyntaxTree).GetSymbolInfo(name, cancellationToken).Symbol is { IsStatic: false, Kind: SymbolKind.Field or SymbolKind.Property or SymbolKind.Method } symbol
                    && holder.ContainingType.Equals(symbol.ContainingType, SymbolEqualityComparer.Default)));
    }

    private static bool Leaves(StatementSyntax statement)
        => statement is ReturnStatementSyntax or ThrowStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax
            || (statement is BlockSyntax { Statements: [.., var last] } && Leaves(last));
}
