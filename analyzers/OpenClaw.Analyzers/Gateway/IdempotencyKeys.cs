using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"Which idempotency key does this call carry": in its arguments, in the payload that they hold, in a header of the message.</summary>
internal sealed class IdempotencyKeys(GatewayModel model)
{
    private const int MaxOperations = 256;

    private readonly ObjectSetup _setup = new(model);

    /// <summary>Whether the gateway knows a repetition of the call by such a key.</summary>
    public static bool AreFor(GatewayCall call)
        => call.Endpoint is { Gateway: GatewayKind.OpenClaw, Operation: { } operation } ? GatewayProtocol.TakesKey(operation) : IsMessage(call);

    /// <summary>The expressions that give the key.</summary>
    public IReadOnlyList<IOperation> Of(GatewayCall call, CancellationToken cancellationToken)
        => [.. PartsOf(call, cancellationToken).Select(KeyIn).OfType<IOperation>(), .. InHeaders(call, cancellationToken)];

    /// <summary>Whether the call visibly carries none, and no code around it could add one.</summary>
    public bool AreMissing(GatewayCall call, CancellationToken cancellationToken)
    {
        if (Of(call, cancellationToken).Count > 0)
        {
            return false;
        }

        // Without a key of the caller's this client makes a new one for each call.
        if (IsMessage(call))
        {
            return true;
        }

        return (call.Client.Family != ClientFamily.Own || model.IsDeclaredHere(call.Method))
            && PartsOf(call, cancellationToken).Any(part => part is IAnonymousObjectCreationOperation)
            && !MentionsKey(call.Syntax.Ancestors().OfType<TypeDeclarationSyntax>().LastOrDefault() ?? call.Syntax.SyntaxTree.GetRoot(cancellationToken))
            && !(call.Method.ContainingType is { } type && model.DeclarationsOf(type, cancellationToken).Any(MentionsKey));
    }

    private static bool IsMessage(GatewayCall call)
        => call.Client is { Family: ClientFamily.OverSocket, Retry: OwnRetry.Reconnect } && call.Method.Name is "SendChatMessageAsync" or "SendChatMessageForRunAsync";

    private static bool IsKeyName(string? name)
        => name is not null && name.Replace("-", "").Replace("_", "").Replace("XOpenClaw", "").Replace("x-openclaw", "") is var plain
            && (plain.Equals("idempotencyKey", StringComparison.OrdinalIgnoreCase) || plain.Equals("xopenclawidempotencykey", StringComparison.OrdinalIgnoreCase));

    private static bool MentionsKey(SyntaxNode code)
        => code.DescendantTokens().Any(token => token.ValueText.IndexOf("idempotency", StringComparison.OrdinalIgnoreCase) >= 0);

    private static IOperation? KeyIn(IOperation part) => part switch
    {
        // By parameter, member, indexer or Add.
        IArgumentOperation { ArgumentKind: ArgumentKind.Explicit, Parameter.Name: var name, Value: var value } when IsKeyName(name) => value,
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: { IsIndexer: false, Name: var name } }, Value: var value } when IsKeyName(name) => value,
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true, Arguments: [{ Value.ConstantValue: { HasValue: true, Value: string name } }] }, Value: var value }
            when IsKeyName(name) => value,
        IInvocationOperation { TargetMethod.Name: "Add", Arguments: [{ Value.ConstantValue: { HasValue: true, Value: string name } }, { Value: var value }] } when IsKeyName(name) => value,
        _ => null,
    };

    /// <summary>The operations that make up the arguments, through locals and the content of a message.</summary>
    private IEnumerable<IOperation> PartsOf(GatewayCall call, CancellationToken cancellationToken)
    {
        HashSet<IOperation> seen = [];
        Queue<IOperation> open = new(call.Operation.Arguments.Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue));
        while (open.Count > 0 && seen.Count < MaxOperations)
        {
            foreach (IOperation part in open.Dequeue().DescendantsAndSelf())
            {
                if (!seen.Add(part))
                {
                    continue;
                }

                yield return part;
                if (part is ILocalReferenceOperation local)
                {
                    foreach (Origin origin in model.Values.OriginsOf(local, call: null, cancellationToken))
                    {
                        open.Enqueue(origin.Operation);
                    }
                }
                else if (part is IObjectCreationOperation creation && RequestMessages.IsMessage(creation.Type))
                {
                    foreach (IOperation content in _setup.ValuesOf(creation, "Content", cancellationToken))
                    {
                        open.Enqueue(content);
                    }
                }
            }
        }
    }

    private IEnumerable<IOperation> InHeaders(GatewayCall call, CancellationToken cancellationToken)
    {
        foreach (InvocationExpressionSyntax invocation in SyntaxFacts.MemberAround(call.Syntax).DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if (SourceIndex.NameOf(invocation) is "Add" or "TryAddWithoutValidation"
                && invocation.ArgumentList.Arguments is [{ Expression: LiteralExpressionSyntax name }, { Expression: var value }]
                && IsKeyName(name.Token.ValueText)
                && model.OperationAt(value, cancellationToken) is { } operation)
            {
                yield return operation;
            }
        }
    }
}
