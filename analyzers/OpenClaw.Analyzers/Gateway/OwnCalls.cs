using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>
/// Calls of the user's own wrappers: marked by the user, or named after the gateway and given the name of one of its methods. Of a chain of wrappers
/// only the innermost is a call, the one that carries the whole operation.
/// </summary>
internal sealed class OwnCalls(GatewayModel model)
{
    private const int MaxDepth = 2;

    // Who receives, registers or serves a method passes its name as well.
    private static readonly string[] ServingWords = ["On", "Handle", "Register", "Subscribe", "Dispatch", "Map", "Publish", "Process"];

    // What those are called that pass on whatever method they are asked for, in another assembly as well.
    private static readonly HashSet<string> UsualNames = new(StringComparer.Ordinal)
    {
        "CallAsync", "CallRawAsync", "CallGatewayAsync", "CallMethodAsync", "RequestAsync", "SendRequestAsync", "SendRpcAsync", "RpcAsync",
    };

    private readonly ConcurrentDictionary<IMethodSymbol, bool> _leadOn = new(SymbolEqualityComparer.Default);

    /// <summary>Whether an invocation of this name may be one: the test that spares every other invocation its binding.</summary>
    public bool MayBeCall(string name, SyntaxTree tree, CancellationToken cancellationToken)
        => UsualNames.Contains(name) || model.Index.IsGivenRpcName(name, cancellationToken) || model.Marks.MayBeCall(name, tree);

    public GatewayCall? TryRecognize(IInvocationOperation operation, CancellationToken cancellationToken)
    {
        IMethodSymbol method = operation.TargetMethod;
        bool isMarked = model.Marks.IsCall(method, operation.Syntax.SyntaxTree);
        Endpoint? endpoint = isMarked ? Endpoint.None : FindRpc(operation, cancellationToken);
        if (endpoint is null || (!isMarked && LeadsOn(method, cancellationToken)))
        {
            return null;
        }

        var client = new ClientEntry(method.ContainingType.Name, ClientFamily.Own, []) { Limit = OwnLimit.InBody };
        return Plumbing.IsAt(operation, client, model)
            ? null
            : new GatewayCall(operation, client, endpoint.Kind ?? CallKind.Turn, GatewayCalls.ShapeOf(method), endpoint);
    }

    /// <summary>The name of a gateway's method among the arguments, or a parameter that other calls fill with one.</summary>
    private Endpoint? FindRpc(IInvocationOperation operation, CancellationToken cancellationToken)
    {
        IMethodSymbol method = operation.TargetMethod;
        bool isAsynchronous = method.ReturnType.IsWithin("System.Threading.Tasks") || method.ReturnType.HasFullName("System.Collections.Generic", "IAsyncEnumerable");
        if (!isAsynchronous || method.ContainingType is null || ServingWords.Any(word => method.Name.StartsWith(word, StringComparison.Ordinal)))
        {
            return null;
        }

        bool namesProduct = GatewayNames.NameProduct(method.ContainingType) || GatewayNames.NameProduct(operation.Instance?.Type);
        if (!namesProduct && !GatewayNames.NameAnyGateway(method, operation.Instance?.Type))
        {
            return null;
        }

        foreach (IArgumentOperation argument in operation.Arguments.Where(argument => argument.Parameter?.Type.SpecialType == SpecialType.System_String))
        {
            if (RpcIn(argument, namesProduct) is { } kind)
            {
                return new Endpoint(GatewayKind.OpenClaw, kind, Host: null, argument.Syntax.GetLocation()) { Operation = (string?)argument.Value.ConstantValue.Value };
            }

            if (argument.Value.ConstantValue.HasValue)
            {
                continue;
            }

            // A method name that is passed through: its parameter says so, or what others pass.
            if (namesProduct && argument.Parameter!.Name == "method" && UsualNames.Contains(method.Name))
            {
                return new Endpoint(GatewayKind.OpenClaw, Kind: null, Host: null, argument.Syntax.GetLocation());
            }

            if (model.IsDeclaredHere(method)
                && model.Callers.CallsOf(method, cancellationToken)
                    .SelectMany(call => call.Arguments)
                    .FirstOrDefault(other => other.Parameter?.Ordinal == argument.Parameter!.Ordinal && RpcIn(other, namesProduct) is not null) is { } sibling)
            {
                return new Endpoint(GatewayKind.OpenClaw, Kind: null, Host: null, sibling.Syntax.GetLocation());
            }
        }

        return null;
    }

    private static CallKind? RpcIn(IArgumentOperation argument, bool namesProduct)
        => argument.Value.ConstantValue is { HasValue: true, Value: string name }
            && GatewayProtocol.TryGetKind(name, out CallKind kind)
            && (namesProduct || GatewayProtocol.IsDistinctive(name))
                ? kind
                : null;

    /// <summary>Whether the method only hands the operation on to another gateway call of these sources, which is judged in its place.</summary>
    private bool LeadsOn(IMethodSymbol method, CancellationToken cancellationToken)
        => _leadOn.GetOrAdd(method.OriginalDefinition, key => Find(key, cancellationToken));

    private bool Find(IMethodSymbol wrapper, CancellationToken cancellationToken)
    {
        HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default) { wrapper };
        Queue<(IMethodSymbol Method, int Depth)> open = new([(wrapper, 0)]);
        while (open.Count > 0)
        {
            (IMethodSymbol method, int depth) = open.Dequeue();
            foreach (InvocationExpressionSyntax inner in model.InvocationsIn(method, cancellationToken))
            {
                IMethodSymbol? target = model.TargetOf(inner, cancellationToken)?.OriginalDefinition;
                if (!wrapper.Equals(target, SymbolEqualityComparer.Default) && CarriesOperation(inner, cancellationToken))
                {
                    return true;
                }

                if (target is not null && depth < MaxDepth && seen.Add(target) && model.IsDeclaredHere(target))
                {
                    open.Enqueue((target, depth + 1));
                }
            }
        }

        return false;
    }

    /// <summary>Frames of a socket and its connect are parts of an operation, not the whole of it.</summary>
    private bool CarriesOperation(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
        => model.OperationAt(invocation, cancellationToken) is IInvocationOperation inner
            && (model.ClientCallAt(inner, cancellationToken) is { Kind: CallKind.Turn or CallKind.Tool or CallKind.Read }
                || model.Marks.IsCall(inner.TargetMethod, inner.Syntax.SyntaxTree)
                || FindRpc(inner, cancellationToken) is not null);
}
