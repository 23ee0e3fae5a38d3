using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>One <c>AddHttpClient</c>, or <c>AddRefitClient</c>, with everything that is chained to it.</summary>
/// <param name="Call">The registration.</param>
/// <param name="Name">The client's name; empty for the default client, null where it is not a constant.</param>
/// <param name="Types">The typed client and its implementation, where given.</param>
/// <param name="Chained">The calls on the builder that it returns.</param>
internal sealed record HttpRegistration(IInvocationOperation Call, string? Name, IReadOnlyList<ITypeSymbol> Types, IReadOnlyList<InvocationExpressionSyntax> Chained)
{
    /// <summary>The values given to a property of the client in the registration's own lambda, or in one chained to it.</summary>
    public IEnumerable<IOperation> Configured(string property, GatewayModel model, CancellationToken cancellationToken)
        => Configurations().SelectMany(code => code.DescendantNodes())
            .OfType<AssignmentExpressionSyntax>()
            .Where(node => node.Left is MemberAccessExpressionSyntax left && left.Name.Identifier.ValueText == property)
            .Select(node => model.OperationAt(node, cancellationToken))
            .OfType<ISimpleAssignmentOperation>()
            .Select(assignment => assignment.Value);

    /// <summary>The code that sets up the client.</summary>
    public IEnumerable<SyntaxNode> Configurations()
        => Chained.Where(call => SourceIndex.NameOf(call) == "ConfigureHttpClient").Select(call => (SyntaxNode)call.ArgumentList).Prepend(Call.Syntax);
}

/// <summary>What the sources register with a container: HTTP clients, the handlers chained to them, and defaults for all.</summary>
internal sealed class ClientRegistrations(GatewayModel model)
{
    // What the framework chains to a registration that neither retries nor breaks nor limits. Any other name may be a handler that does, or hide one.
    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "ConfigureHttpClient",
        "SetHandlerLifetime",
        "AddTypedClient",
        "AddAsKeyed",
        "RemoveAsKeyed",
        "RedactLoggedHeaders",
        "AddLogger",
        "AddDefaultLogger",
        "RemoveAllLoggers",
        "AddHeaderPropagation",
        "AddExtendedHttpClientLogging",
        "RemoveAllResilienceHandlers",
    };

    private static readonly string[] Methods = ["AddHttpClient", "AddRefitClient"];

    private readonly Lazy<IReadOnlyList<HttpRegistration>> _all = new(() => [.. Read(model)]);

    /// <summary>Whether a registration of HTTP clients is in these sources at all.</summary>
    public bool Any => _all.Value.Count > 0;

    /// <summary>The registrations that a client instance may come from.</summary>
    public IEnumerable<HttpRegistration> For(ClientInstance instance, IOperation client, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return instance.Source switch
        {
            ClientSource.Factory => _all.Value.Where(registration => registration.Name == instance.Name && (registration.Types.Count == 0 || registration.Name?.Length > 0)),
            ClientSource.Injected when ConsumerOf(client) is { } consumer
                => _all.Value.Where(registration => registration.Types.Any(type => type.IsOrInherits(consumer) || type.Equals(client.Type, SymbolEqualityComparer.Default))),
            _ => [],
        };
    }

    /// <summary>The same and, where a name is known at run time only, those that could have it.</summary>
    public IEnumerable<HttpRegistration> MayBeFor(ClientInstance instance, IOperation client, CancellationToken cancellationToken)
        => For(instance, client, cancellationToken)
            .Concat(_all.Value.Where(registration => instance.Source == ClientSource.Factory && (instance.Name is null || registration.Name is null)));

    /// <summary>The one registration that makes whatever client the expression may be; null where there are several, or where something else makes one.</summary>
    public HttpRegistration? OnlyOneFor(IOperation client, CancellationToken cancellationToken)
    {
        HttpRegistration[][] found = [.. model.Clients.InstancesOf(client, cancellationToken).Select(instance => MayBeFor(instance, client, cancellationToken).ToArray())];
        return found.Length > 0 && found.All(of => of is [var only] && only == found[0][0]) ? found[0][0] : null;
    }

    /// <summary>Whether a handler on the chain retries, breaks or limits; a handler of the user's own may.</summary>
    public static bool Protects(HttpRegistration registration)
        => registration.Chained.Select(SourceIndex.NameOf).Any(name => !Plain.Contains(name));

    /// <summary>Whether a handler of the user's own stands on the chain: it may throw, answer or change what passes.</summary>
    public static bool HasOwnHandler(HttpRegistration registration)
        => registration.Chained.Select(SourceIndex.NameOf)
            .Any(name => name is "AddHttpMessageHandler" or "ConfigurePrimaryHttpMessageHandler" or "ConfigureAdditionalHttpMessageHandlers");

    /// <summary>Whether our runtime's handler stands on the chain, which watches how a stream ends.</summary>
    public static bool HasGatewayHandler(HttpRegistration registration)
        => registration.Chained.Any(chained => SourceIndex.NameOf(chained) == "AddOpenClawResilience");

    /// <summary>Whether the sources set a resilience handler for all clients, or call a helper of another assembly that may.</summary>
    public bool ProtectsAll(CancellationToken cancellationToken)
        => model.Index.InvocationsOf("AddServiceDefaults", cancellationToken).Any()
            || model.Index.InvocationsOf("ConfigureHttpClientDefaults", cancellationToken)
                .SelectMany(defaults => defaults.ArgumentList.DescendantNodes().OfType<InvocationExpressionSyntax>())
                .Select(SourceIndex.NameOf)
                .Any(name => name.StartsWith("Add", StringComparison.Ordinal) && !Plain.Contains(name));

    /// <summary>Whether the sources set a resilience handler for any client.</summary>
    public bool ProtectsAny(CancellationToken cancellationToken) => _all.Value.Any(Protects) || ProtectsAll(cancellationToken);

    /// <summary>The registration to which this call is chained; null where it is to none.</summary>
    public HttpRegistration? With(InvocationExpressionSyntax chained) => _all.Value.FirstOrDefault(registration => registration.Chained.Contains(chained));

    /// <summary>The turns and tools that are called by a client of the registration.</summary>
    public IEnumerable<GatewayCall> CallsOf(HttpRegistration registration, CancellationToken cancellationToken)
        => ClientCatalog.Entries.Where(client => client.Family == ClientFamily.HttpClient)
            .SelectMany(client => client.Calls)
            .Select(call => call.Name)
            .Distinct(StringComparer.Ordinal)
            .SelectMany(name => model.Index.InvocationsOf(name, cancellationToken))
            .Select(node => model.CallAt(node, cancellationToken))
            .Where(call => call is { IsTurnOrTool: true, Receiver: not null })
            .Where(call => model.Clients.InstancesOf(call!.Receiver!, cancellationToken)
                .Any(instance => For(instance, call.Receiver!, cancellationToken).Contains(registration)))
            .Select(call => call!);

    private INamedTypeSymbol? ConsumerOf(IOperation client)
        => model.SemanticsOf(client.Syntax.SyntaxTree).GetEnclosingSymbol(client.Syntax.SpanStart)?.ContainingType?.OriginalDefinition;

    private static IEnumerable<HttpRegistration> Read(GatewayModel model)
    {
        foreach (InvocationExpressionSyntax node in Methods.SelectMany(method => model.Index.InvocationsOf(method, CancellationToken.None)))
        {
            if (model.OperationAt(node, CancellationToken.None) is IInvocationOperation call)
            {
                IArgumentOperation? name = call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "name");
                InvocationExpressionSyntax[] chained = [.. ChainedTo(node)];
                yield return new HttpRegistration(
                    call,
                    name is null ? "" : name.Value.ConstantValue.Value as string,
                    [.. call.TargetMethod.TypeArguments, .. TypedBy(chained, model)],
                    chained);
            }
        }
    }

    private static IEnumerable<ITypeSymbol> TypedBy(IEnumerable<InvocationExpressionSyntax> chained, GatewayModel model)
        => chained.Where(call => SourceIndex.NameOf(call) == "AddTypedClient")
            .Select(call => model.OperationAt(call, CancellationToken.None))
            .OfType<IInvocationOperation>()
            .SelectMany(call => call.TargetMethod.TypeArguments);

    /// <summary>The methods called on the result, in one expression or on the variable that takes it.</summary>
    private static IEnumerable<InvocationExpressionSyntax> ChainedTo(InvocationExpressionSyntax registration)
    {
        SyntaxNode end = registration;
        while (end.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next })
        {
            yield return next;
            end = next;
        }

        if (end.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable }
            && variable.FirstAncestorOrSelf<BlockSyntax>() is { } block)
        {
            foreach (InvocationExpressionSyntax call in block.DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax receiver }
                    && receiver.Identifier.ValueText == variable.Identifier.ValueText)
                {
                    yield return call;
                }
            }
        }
    }
}
