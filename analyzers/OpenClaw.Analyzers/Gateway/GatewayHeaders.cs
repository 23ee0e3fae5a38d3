using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Headers that only the gateway reads, set on the request that is sent or on the client that sends it.</summary>
internal sealed class GatewayHeaders(GatewayModel model)
{
    private const string Prefix = "x-openclaw-";
    private const string SessionKey = "x-openclaw-session-key";

    /// <summary>The endpoint that such a header proves; null where none is set.</summary>
    public Endpoint? Find(IInvocationOperation call, IOperation? client, CancellationToken cancellationToken)
    {
        // Most programs have no such header: that is known without following where a client comes from.
        if (!model.Index.NamesGatewayHeaders(cancellationToken))
        {
            return null;
        }

        return Find(call, client, IsGatewayHeader, cancellationToken) is { } evidence
            ? new Endpoint(GatewayKind.OpenClaw, Kind: null, Host: null, evidence.GetLocation())
            : null;
    }

    /// <summary>The session that the call names in its header, where that is a constant.</summary>
    public string? SessionKeyOf(IInvocationOperation call, IOperation? client, CancellationToken cancellationToken)
        => model.Index.NamesGatewayHeaders(cancellationToken)
            && Find(call, client, static header => header.Equals(SessionKey, StringComparison.OrdinalIgnoreCase), cancellationToken) is { } name
            && ValueBeside(name) is { } value
                ? model.SemanticsOf(name.SyntaxTree).GetConstantValue(value, cancellationToken).Value as string
                : null;

    /// <summary>What a header is set to, in <c>Add(name, value)</c> and in <c>{ name, value }</c>.</summary>
    private static ExpressionSyntax? ValueBeside(SyntaxNode name) => name.Parent switch
    {
        ArgumentSyntax { Parent: ArgumentListSyntax { Arguments: [_, var value, ..] } } => value.Expression,
        InitializerExpressionSyntax { Expressions: [_, var value] } => value,
        _ => null,
    };

    /// <summary>The expression of the header's name.</summary>
    private SyntaxNode? Find(IInvocationOperation call, IOperation? client, Func<string, bool> isHeader, CancellationToken cancellationToken)
        => call.Arguments
            .Where(argument => RequestMessages.IsMessage(argument.Parameter?.Type))
            .Select(argument => OnMessage(argument.Value, isHeader, cancellationToken))
            .FirstOrDefault(found => found is not null)
            ?? (client is null ? null : OnClient(client, isHeader, cancellationToken));

    private SyntaxNode? OnMessage(IOperation message, Func<string, bool> isHeader, CancellationToken cancellationToken)
    {
        foreach (Origin origin in model.Values.OriginsOf(message, call: null, cancellationToken))
        {
            // In the initializer: Headers = { { "x-openclaw-…", value } }.
            SyntaxNode? found = origin.Operation.Syntax.DescendantNodes().OfType<LiteralExpressionSyntax>()
                .FirstOrDefault(literal => isHeader(literal.Token.ValueText));
            found ??= ObjectSetup.HolderOf(origin.Operation) is { } holder ? AddedTo(holder, "Headers", origin.Operation.Syntax, isHeader, cancellationToken) : null;
            if (found is not null)
            {
                return found;
            }
        }

        return ObjectSetup.SymbolOf(message) is { } passed ? AddedTo(passed, "Headers", message.Syntax, isHeader, cancellationToken) : null;
    }

    private SyntaxNode? OnClient(IOperation client, Func<string, bool> isHeader, CancellationToken cancellationToken)
    {
        foreach (ClientInstance instance in model.Clients.InstancesOf(client, cancellationToken))
        {
            SyntaxNode? found = ObjectSetup.HolderOf(instance.Operation) is { } holder
                ? AddedTo(holder, "DefaultRequestHeaders", instance.Operation.Syntax, isHeader, cancellationToken)
                : null;
            found ??= model.Registrations.For(instance, client, cancellationToken)
                .SelectMany(registration => registration.Configurations())
                .Select(code => AddedIn(code, "DefaultRequestHeaders", isHeader, cancellationToken))
                .FirstOrDefault(name => name is not null);
            if (found is not null)
            {
                return found;
            }
        }

        return ObjectSetup.SymbolOf(client) is { } variable ? AddedTo(variable, "DefaultRequestHeaders", client.Syntax, isHeader, cancellationToken) : null;
    }

    /// <summary>A header added to the variable, in the member around a local or in the type around a field.</summary>
    private SyntaxNode? AddedTo(ISymbol holder, string property, SyntaxNode from, Func<string, bool> isHeader, CancellationToken cancellationToken)
    {
        return AddedIn(SyntaxFacts.ScopeOf(holder, from), property, isHeader, cancellationToken, holder);
    }

    private SyntaxNode? AddedIn(SyntaxNode scope, string property, Func<string, bool> isHeader, CancellationToken cancellationToken, ISymbol? holder = null)
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
                && isHeader(header)
                && (holder is null || holder.Equals(semantics.GetSymbolInfo(target, cancellationToken).Symbol, SymbolEqualityComparer.Default)))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>Whether only the gateway reads a header of this name.</summary>
    public static bool IsGatewayHeader(string header) => header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
}
