using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Headers that only the gateway reads, set on the request that is sent or on the client that sends it.</summary>
internal sealed class GatewayHeaders(GatewayModel model)
{
    private const string Prefix = "x-openclaw-";

    /// <summary>The endpoint that such a header proves; null where none is set.</summary>
    public Endpoint? Find(IInvocationOperation call, IOperation? client, CancellationToken cancellationToken)
    {
        // Most programs have no such header: that is known without following where a client comes from.
        if (!model.Index.NamesGatewayHeaders(cancellationToken))
        {
            return null;
        }

        Location? evidence = call.Arguments
            .Where(argument => RequestMessages.IsMessage(argument.Parameter?.Type))
            .Select(argument => OnMessage(argument.Value, cancellationToken))
            .FirstOrDefault(found => found is not null);
        evidence ??= client is null ? null : OnClient(client, cancellationToken);
        return evidence is null ? null : new Endpoint(GatewayKind.OpenClaw, Kind: null, Host: null, evidence);
    }

    private Location? OnMessage(IOperation message, CancellationToken cancellationToken)
    {
        foreach (Origin origin in model.Values.OriginsOf(message, call: null, cancellationToken))
        {
            // In the initializer: Headers = { { "x-openclaw-…", value } }.
            Location? found = origin.Operation.Syntax.DescendantNodes().OfType<LiteralExpressionSyntax>()
                .FirstOrDefault(literal => IsGatewayHeader(literal.Token.ValueText))?.GetLocation();
            found ??= ObjectSetup.HolderOf(origin.Operation) is { } holder ? AddedTo(holder, "Headers", origin.Operation.Syntax, cancellationToken) : null;
            if (found is not null)
            {
                return found;
            }
        }

        return ObjectSetup.SymbolOf(message) is { } passed ? AddedTo(passed, "Headers", message.Syntax, cancellationToken) : null;
    }

    private Location? OnClient(IOperation client, CancellationToken cancellationToken)
    {
        foreach (ClientInstance instance in model.Clients.InstancesOf(client, cancellationToken))
        {
            Location? found = ObjectSetup.HolderOf(instance.Operation) is { } holder
                ? AddedTo(holder, "DefaultRequestHeaders", instance.Operation.Syntax, cancellationToken)
                : null;
            found ??= model.Registrations.For(instance, client, cancellationToken)
                .SelectMany(registration => registration.Configurations())
                .Select(code => AddedIn(code, "DefaultRequestHeaders", cancellationToken))
                .FirstOrDefault(location => location is not null);
            if (found is not null)
            {
                return found;
            }
        }

        return ObjectSetup.SymbolOf(client) is { } variable ? AddedTo(variable, "DefaultRequestHeaders", client.Syntax, cancellationToken) : null;
    }

    /// <summary>A header added to the variable, in the member around a local or in the type around a field.</summary>
    private Location? AddedTo(ISymbol holder, string property, SyntaxNode from, CancellationToken cancellationToken)
    {
        SyntaxNode scope = (holder is ILocalSymbol or IParameterSymbol
                ? from.FirstAncestorOrSelf<MemberDeclarationSyntax>(static member => member is not GlobalStatementSyntax)
                : from.FirstAncestorOrSelf<TypeDeclarationSyntax>())
            ?? from.SyntaxTree.GetRoot(cancellationToken);
        return AddedIn(scope, property, cancellationToken, holder);
    }

    private Location? AddedIn(SyntaxNode scope, string property, CancellationToken cancellationToken, ISymbol? holder = null)
    {
        foreach (InvocationExpressionSyntax invocation in scope.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if (invocation is
                {
                    Expression: MemberAccessExpressionSyntax
                    {
                        Name.Identifier.ValueText: "Add" or "TryAddWithoutValidation",
                        Expression: MemberAccessExpressionSyntax { Expression: { } target } headers,
                    },
                    ArgumentList.Arguments: [{ Expression: { } name }, ..],
                }
                && headers.Name.Identifier.ValueText == property
                && model.SemanticsOf(name.SyntaxTree) is { } semantics
                && semantics.GetConstantValue(name, cancellationToken).Value is string header
                && IsGatewayHeader(header)
                && (holder is null || holder.Equals(semantics.GetSymbolInfo(target, cancellationToken).Symbol, SymbolEqualityComparer.Default)))
            {
                return name.GetLocation();
            }
        }

        return null;
    }

    /// <summary>Whether only the gateway reads a header of this name.</summary>
    public static bool IsGatewayHeader(string header) => header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
}
