using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"Where does this call go": by the URL at the call, the request message, the client's base address or options.</summary>
internal sealed class EndpointFinder(GatewayModel model)
{
    private static readonly string[] HttpTransports = ["HttpClientTransport", "SseClientTransport"];

    private readonly UrlReader _urls = new(model);
    private readonly ObjectSetup _setup = new(model);
    private readonly GatewayHeaders _headers = new(model);
    private readonly LibraryRequests _requests = new(model);
    private readonly ConnectorServices _connectors = new(model);
    private readonly ConcurrentDictionary<ISymbol, Endpoint?> _byClient = new(SymbolEqualityComparer.Default);

    /// <summary>The endpoint; null where nothing in the sources proves one.</summary>
    public Endpoint? Find(IInvocationOperation call, ClientEntry client, CancellationToken cancellationToken) => client.Family switch
    {
        ClientFamily.HttpClient => OfHttp(call, call.Instance ?? call.Arguments.FirstOrDefault()?.Value, cancellationToken),
        ClientFamily.Resilience => OfHttp(call, call.Arguments.FirstOrDefault()?.Value, cancellationToken),
        ClientFamily.WebSocket => OfSocket(call, cancellationToken),
        ClientFamily.RestSharp or ClientFamily.Flurl or ClientFamily.Refit or ClientFamily.WebRequest => OfParts(call, client, cancellationToken),
        ClientFamily.ModelContext => OfTransport(call, cancellationToken),
        _ => OfOptions(call, client, cancellationToken),
    };

    private Endpoint? OfHttp(IInvocationOperation call, IOperation? client, CancellationToken cancellationToken)
        => ByAddress(call, client, cancellationToken) ?? OfClient(call, client, cancellationToken);

    private Endpoint? ByAddress(IInvocationOperation call, IOperation? client, CancellationToken cancellationToken)
    {
        List<Origin> urls = [.. RequestMessages.UrlsOf(call, model, _setup, cancellationToken)];
        foreach (Origin url in urls)
        {
            foreach (UrlCandidate candidate in _urls.Read(url.Operation, url.Call, cancellationToken))
            {
                if (Judge(candidate, client, cancellationToken) is { } endpoint)
                {
                    return endpoint;
                }
            }
        }

        Endpoint? byHeader = _headers.Find(call, client, cancellationToken);
        return urls.Count == 0 || byHeader is not null
            ? OfBaseAddress(client, "", cancellationToken) ?? byHeader
            : null;
    }

    /// <summary>
    /// A request that tells no host, in a type that is named after the product: it goes where the same client of the type visibly asks for a turn.
    /// </summary>
    private Endpoint? OfClient(IInvocationOperation call, IOperation? client, CancellationToken cancellationToken)
    {
        if (call.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } declaration
            || model.DeclaredAt(declaration, cancellationToken) is not INamedTypeSymbol type
            || !GatewayNames.NameProduct(type)
            || client is null
            || ObjectSetup.SymbolOf(client) is not { } holder
            || !type.Equals(holder.ContainingType, SymbolEqualityComparer.Default)
            || _byClient.GetOrAdd(holder, _ => TurnOf(type, holder, cancellationToken)) is not { } turn)
        {
            return null;
        }

        UrlText[] urls =
        [
            .. RequestMessages.UrlsOf(call, model, _setup, cancellationToken)
                .SelectMany(url => _urls.Read(url.Operation, url.Call, cancellationToken))
                .Select(candidate => UrlText.Parse(candidate.Text)),
        ];
        return urls.Length == 0 || urls.Any(url => url.Host is not null) ? null
            : turn with { Kind = urls.All(EndpointRules.IsProbe) ? CallKind.Probe : null, Operation = null, IsOfClient = true };
    }

    /// <summary>Where the first turn goes that the type asks for by this client.</summary>
    private Endpoint? TurnOf(INamedTypeSymbol type, ISymbol holder, CancellationToken cancellationToken)
        => model.InvocationsIn(type, cancellationToken)
            .Where(node => model.Symbols.HasCall(SourceIndex.NameOf(node)))
            .Select(node => model.OperationAt(node, cancellationToken))
            .OfType<IInvocationOperation>()
            .Where(other => (other.Instance ?? other.Arguments.FirstOrDefault()?.Value) is { } receiver && holder.Equals(ObjectSetup.SymbolOf(receiver), SymbolEqualityComparer.Default))
            .Select(other => ByAddress(other, other.Instance ?? other.Arguments[0].Value, cancellationToken))
            .FirstOrDefault(endpoint => endpoint is { Kind: CallKind.Turn or CallKind.Tool or CallKind.Send });

    private Endpoint? Judge(UrlCandidate candidate, IOperation? client, CancellationToken cancellationToken)
    {
        UrlText url = UrlText.Parse(candidate.Text);
        Endpoint? based = url.IsAbsolute || client is null ? null : OfBaseAddress(client, candidate.Text, cancellationToken);
        return based ?? Judge(url, candidate.NamesGateway, candidate.Location);
    }

    private static Endpoint? Judge(UrlText url, bool namesGateway, Location evidence)
    {
        (GatewayKind Gateway, CallKind? Kind)? match = EndpointRules.Match(url);
        if (match is null && !namesGateway)
        {
            return null;
        }

        return new Endpoint(namesGateway ? GatewayKind.OpenClaw : match!.Value.Gateway, match?.Kind, url.Host, evidence)
        {
            Operation = url.EndsWith("hooks", "agent") ? GatewayProtocol.AgentHook : null,
        };
    }

    private Endpoint? OfBaseAddress(IOperation? client, string relative, CancellationToken cancellationToken)
    {
        foreach (IOperation address in client is null ? [] : model.Clients.BaseAddressesOf(client, cancellationToken))
        {
            foreach (UrlCandidate candidate in _urls.Read(address, call: null, cancellationToken))
            {
                string text = relative.Length == 0 ? candidate.Text : candidate.Text.TrimEnd('/') + "/" + relative.TrimStart('/');
                if (Judge(UrlText.Parse(text), candidate.NamesGateway, candidate.Location) is { } endpoint)
                {
                    return endpoint;
                }
            }
        }

        return null;
    }

    private Endpoint? OfSocket(IInvocationOperation call, CancellationToken cancellationToken)
    {
        bool leadsElsewhere = false;
        foreach (IInvocationOperation connect in ConnectsOf(call, cancellationToken))
        {
            IOperation? address = connect.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value;
            foreach (UrlCandidate candidate in address is null ? [] : _urls.Read(address, call: null, cancellationToken))
            {
                UrlText url = UrlText.Parse(candidate.Text);
                if (Judge(url, candidate.NamesGateway, candidate.Location) is { } endpoint)
                {
                    return endpoint;
                }

                leadsElsewhere |= url.Host is not null;
            }
        }

        return OfProtocol(call.Syntax) ?? (leadsElsewhere ? null : OfOwner(call.Syntax, cancellationToken));
    }

    /// <summary>A socket of a type that is named after the product, which gives no address of its own: the client of a library.</summary>
    private Endpoint? OfOwner(SyntaxNode call, CancellationToken cancellationToken)
        => call.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } declaration
            && GatewayNames.NameProduct(model.DeclaredAt(declaration, cancellationToken) as ITypeSymbol)
                ? new Endpoint(GatewayKind.OpenClaw, Kind: null, Host: null, declaration.Identifier.GetLocation())
                : null;

    /// <summary>
    /// The connects of the socket on which the call is made: the call itself, the pipeline's that returned it, or those on the same variable in the type.
    /// </summary>
    private IEnumerable<IInvocationOperation> ConnectsOf(IInvocationOperation call, CancellationToken cancellationToken)
    {
        if (call.TargetMethod.Name == "ConnectAsync")
        {
            return [call];
        }

        ISymbol? socket = call.Instance is null ? null : ObjectSetup.SymbolOf(call.Instance);
        IInvocationOperation[] through = call.Instance is null
            ? []
            : [.. model.Values.OriginsOf(call.Instance, call: null, cancellationToken).Select(origin => AwaitedCall(origin.Operation)).OfType<IInvocationOperation>().Where(IsPipelineConnect)];
        return through.Length > 0 ? through
            : socket is null
            ? []
            : call.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.DescendantNodes()
                .OfType<InvocationExpressionSyntax>()
                .Where(node => SourceIndex.NameOf(node) == "ConnectAsync")
                .Select(node => model.OperationAt(node, cancellationToken))
                .OfType<IInvocationOperation>()
                .Where(connect => connect.Instance is not null && socket.Equals(ObjectSetup.SymbolOf(connect.Instance), SymbolEqualityComparer.Default))
                ?? [];
    }

    private static bool IsPipelineConnect(IInvocationOperation call)
        => call.TargetMethod.Name == "ConnectAsync" && ResilienceSymbols.IsGatewayPipeline(call.TargetMethod.ContainingType);

    private static IInvocationOperation? AwaitedCall(IOperation value)
    {
        IOperation? task = (value as IAwaitOperation)?.Operation;
        return task is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } inner } ? inner as IInvocationOperation : task as IInvocationOperation;
    }

    /// <summary>A type that spells out the gateway's own methods and events speaks its protocol, whatever address it is given.</summary>
    private static Endpoint? OfProtocol(SyntaxNode node)
    {
        SyntaxNode? type = node.Ancestors().OfType<TypeDeclarationSyntax>().LastOrDefault();
        return Literals(type).FirstOrDefault(literal => GatewayProtocol.IsDistinctive(literal.Token.ValueText)) is { } found
            ? new Endpoint(GatewayKind.OpenClaw, Kind: null, Host: null, found.GetLocation())
            : null;
    }

    /// <summary>A base that the client was given, and what the request adds to it.</summary>
    private Endpoint? OfParts(IInvocationOperation call, ClientEntry client, CancellationToken cancellationToken)
    {
        foreach (RequestAddress address in _requests.AddressesOf(call, client, cancellationToken))
        {
            UrlCandidate[] path = [.. address.Path.Select(part => _urls.Read(part, call: null, cancellationToken).First())];
            string relative = string.Join("/", path.Select(part => part.Text.Trim('/')).Append(address.Text.Trim('/')).Where(text => text.Length > 0));
            IEnumerable<UrlCandidate> starts = address.Base is null || relative.Contains("://")
                ? [new UrlCandidate("", NamesGateway: false, call.Syntax.GetLocation())]
                : _urls.Read(address.Base, call: null, cancellationToken);
            foreach (UrlCandidate start in starts)
            {
                string text = start.Text.Length == 0 ? relative : start.Text.TrimEnd('/') + "/" + relative;
                if (Judge(UrlText.Parse(text), start.NamesGateway || path.Any(part => part.NamesGateway), start.Location) is { } endpoint)
                {
                    return endpoint;
                }
            }
        }

        return null;
    }

    /// <summary>A server of tools behind HTTP; a process on the same machine neither drains nor limits.</summary>
    private Endpoint? OfTransport(IInvocationOperation call, CancellationToken cancellationToken)
    {
        IOperation? client = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        foreach (ClientInstance instance in client is null ? [] : model.Clients.InstancesOf(client, cancellationToken))
        {
            if (instance.Creation is { Type.Name: var transport })
            {
                return HttpTransports.Contains(transport) ? OfInstance(instance, cancellationToken) ?? Endpoint.None : null;
            }
        }

        return HttpTransports.Any(transport => model.Index.CreationsOf(transport, cancellationToken).Any())
            && !model.Index.CreationsOf("StdioClientTransport", cancellationToken).Any()
                ? Endpoint.None
                : null;
    }

    /// <summary>Where the options or arguments of a client's creation lead.</summary>
    private Endpoint? OfInstance(ClientInstance instance, CancellationToken cancellationToken)
        => instance.Creation is not { } creation ? null
            : model.Clients.OptionsOf(instance, "Endpoint", cancellationToken)
                .Concat(model.Clients.OptionsOf(instance, "BaseUrl", cancellationToken))
                .Concat(model.Clients.PropertiesOf(instance, "BaseUrl", cancellationToken))
                .Concat(creation.Arguments.Where(argument => argument.Parameter is { Name: "endpoint" or "baseUrl" or "uri" or "uriString" or "gatewayUrl" }).Select(argument => argument.Value))
                .Select(address => OfAddress(address, cancellationToken))
                .FirstOrDefault();

    /// <summary>The endpoint that an address proves by its host and port: the path is the client's own business.</summary>
    private Endpoint? OfAddress(IOperation address, CancellationToken cancellationToken)
        => _urls.Read(address, call: null, cancellationToken)
            .Select(candidate => UrlText.Parse(candidate.Text) is var url && Judge(url, candidate.NamesGateway, candidate.Location) is { } found
                ? found with { Kind = null }
                : new Endpoint(GatewayKind.Unknown, Kind: null, url.Host, candidate.Location))
            .FirstOrDefault();

    private Endpoint? OfOptions(IInvocationOperation call, ClientEntry row, CancellationToken cancellationToken)
    {
        if (row.Family == ClientFamily.SemanticKernel)
        {
            return _connectors.Addresses(cancellationToken).Select(address => OfAddress(address, cancellationToken)).FirstOrDefault();
        }

        IOperation? client = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        foreach (ClientInstance instance in client is null ? [] : model.Clients.InstancesOf(client, cancellationToken))
        {
            if (OfInstance(instance, cancellationToken) is { } configured)
            {
                return configured.Gateway == GatewayKind.Unknown && row.Family == ClientFamily.OverHttp ? configured with { Gateway = row.Answers } : configured;
            }

            // Without an endpoint of its own the SDK talks to its vendor.
            if (instance.Creation is { } creation && model.Clients.HasDefaultEndpoint(instance, cancellationToken))
            {
                return new Endpoint(GatewayKind.ModelProvider, Kind: null, "api.openai.com", creation.Syntax.GetLocation());
            }
        }

        return null;
    }

    private static IEnumerable<LiteralExpressionSyntax> Literals(SyntaxNode? scope)
        => scope?.DescendantNodes().OfType<LiteralExpressionSyntax>().Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression)) ?? [];
}
