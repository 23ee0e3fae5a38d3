using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Clients;

/// <summary>The creation of a client that has to be disposed and is used to call a gateway.</summary>
/// <param name="Operation">The creation.</param>
/// <param name="Client">What is known of its type.</param>
/// <param name="Holder">The local, field or property that takes it.</param>
/// <param name="Calls">The gateway calls made on the holder.</param>
internal sealed record ClientCreation(IObjectCreationOperation Operation, ClientEntry Client, ISymbol Holder, IReadOnlyList<GatewayCall> Calls)
{
    public string TypeName => Operation.Type!.Name;

    /// <summary>The client created here; null where it is no gateway's client, needs no disposal, or nobody holds it.</summary>
    public static ClientCreation? At(BaseObjectCreationExpressionSyntax creation, GatewayModel model, CancellationToken cancellationToken)
    {
        if (!MayBeClient(creation)
            || model.OperationAt(creation, cancellationToken) is not IObjectCreationOperation { Type: { } type } operation
            || !SharedParts.IsDisposable(type)
            || model.Symbols.FindClient(type) is not { Disposable: true, Verified: not Verification.NameOnly } client
            || ObjectSetup.HolderOf(operation) is not { } holder
            || SharedParts.DisposesNothing(operation, model, cancellationToken)
            || SharedParts.AreIn(operation, model, cancellationToken))
        {
            return null;
        }

        GatewayCall[] calls = [.. CallsOn(holder, creation, model, cancellationToken)];
        return calls.Length > 0 ? new ClientCreation(operation, client, holder, calls) : null;
    }

    /// <summary>The first call after the creation, and before the client is safe with somebody, that loses the client when it throws.</summary>
    public GatewayCall? CallThatLoses(LocalOwnership ownership)
        => Client.ClosesOnFailure || ownership.End is not { } end ? null : Calls.FirstOrDefault(call =>
            call.Syntax.SpanStart > Operation.Syntax.SpanStart
            && call.Syntax.Span.End <= end.SpanStart
            && !end.Ancestors().Contains(call.Syntax)
            && !ownership.IsGuarded(call.Syntax));

    /// <summary>A name test before anything is bound; a type derived from a client may have any name that ends like one.</summary>
    private static bool MayBeClient(BaseObjectCreationExpressionSyntax creation)
    {
        string? name = creation is ObjectCreationExpressionSyntax named ? SourceIndex.TypeNameOf(named)?.Identifier.ValueText : SourceIndex.DeclaredTypeNameOf(creation);
        return name is null
            ? creation.Parent is AssignmentExpressionSyntax
            : GatewaySymbols.ClientNames.Contains(name) || name.EndsWith("Client", StringComparison.Ordinal);
    }

    /// <summary>Whether the receiver is the holder, or a service that the client in it hands out: <c>client.Messages</c>.</summary>
    private static bool IsOf(ISymbol holder, IOperation receiver)
    {
        for (IOperation? current = receiver; current is not null; current = (current as IPropertyReferenceOperation)?.Instance)
        {
            if (holder.Equals(ObjectSetup.SymbolOf(current), SymbolEqualityComparer.Default))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<GatewayCall> CallsOn(ISymbol holder, SyntaxNode from, GatewayModel model, CancellationToken cancellationToken)
    {
        foreach (InvocationExpressionSyntax invocation in SyntaxFacts.ScopeOf(holder, from).DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if (model.CallAt(invocation, cancellationToken) is { Receiver: { } receiver } call && IsOf(holder, receiver))
            {
                yield return call;
            }
        }
    }
}
