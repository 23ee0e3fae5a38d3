using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>
/// "Is this a gateway call": by the symbol alone for clients that are made for it, by evidence of the endpoint for clients that serve any purpose.
/// </summary>
internal sealed class GatewayCalls(GatewayModel model)
{
    private readonly EndpointFinder _endpoints = new(model);
    private readonly LibraryRequests _requests = new(model);

    public GatewayCall? TryRecognize(IInvocationOperation operation, CancellationToken cancellationToken)
    {
        IMethodSymbol method = operation.TargetMethod;
        if (!(model.Symbols.TryGetCall(method, out ClientEntry client, out CallEntry entry) || RequestInterfaces.TryGetCall(method, out client, out entry))
            || Plumbing.IsAt(operation, client, model))
        {
            return null;
        }

        Endpoint? endpoint = _endpoints.Find(operation, client, cancellationToken);
        if (endpoint is null && client.NeedsEndpoint)
        {
            return null;
        }

        endpoint ??= client.Answers == GatewayKind.Unknown ? Endpoint.None : Endpoint.None with { Gateway = client.Answers };
        CallKind kind = client.Family is ClientFamily.HttpClient or ClientFamily.Resilience or ClientFamily.RestSharp or ClientFamily.Flurl or ClientFamily.Refit or ClientFamily.WebRequest ? KindOf(operation, endpoint, cancellationToken) : entry.Kind;
        return new GatewayCall(operation, client, kind, ShapeOf(method), endpoint);
    }

    /// <summary>What an HTTP request asks for: the path tells, else the verb; a request that is not known may have effects.</summary>
    private CallKind KindOf(IInvocationOperation operation, Endpoint endpoint, CancellationToken cancellationToken)
    {
        if (endpoint.Kind is { } byPath)
        {
            return byPath;
        }

        bool reads = (operation.TargetMethod.Name.StartsWith("Get", StringComparison.Ordinal) && !operation.TargetMethod.Name.StartsWith("GetResponse", StringComparison.Ordinal))
            || operation.TargetMethod.Name.StartsWith("Download", StringComparison.Ordinal)
            || operation.TargetMethod.Name.StartsWith("ExecuteGet", StringComparison.Ordinal)
            || RequestMessages.UsesGet(operation, model, cancellationToken)
            || _requests.UsesGet(operation, cancellationToken);
        return reads ? CallKind.Read : endpoint.IsOfClient ? CallKind.Send : CallKind.Turn;
    }

    public static CallShape ShapeOf(IMethodSymbol method)
    {
        ITypeSymbol type = method.ReturnType;
        if (type.IsWithin("System.Threading.Tasks"))
        {
            return type.Name == "ValueTask" ? CallShape.ValueTask : CallShape.Task;
        }

        if (Implements(type, "IAsyncEnumerable", "System.Collections.Generic"))
        {
            return CallShape.AsyncStream;
        }

        // Only the streams of the SDKs: a call that returns a list or a string has its whole answer.
        return type.IsWithin("System.ClientModel") && Implements(type, "IEnumerable", "System.Collections.Generic")
            ? CallShape.Stream
            : CallShape.Synchronous;
    }

    private static bool Implements(ITypeSymbol type, string name, string containingNamespace)
        => type.HasFullName(containingNamespace, name) || type.AllInterfaces.Any(candidate => candidate.HasFullName(containingNamespace, name));
}
