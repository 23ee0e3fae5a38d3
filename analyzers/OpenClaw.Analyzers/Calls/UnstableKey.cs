using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Calls;

/// <summary>OCG1009: a send is repeated without an idempotency key, or with another one for each attempt.</summary>
internal sealed class UnstableKey : CallRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.UnstableKey;

    public override void Check(CallContext context)
    {
        GatewayCall call = context.Call;
        if (!IdempotencyKeys.AreFor(call) || context.Model.Retries.RepeatedAt(call, context.CancellationToken) is not { } repeated)
        {
            return;
        }

        var keys = new IdempotencyKeys(context.Model);
        if (keys.AreMissing(call, context.CancellationToken))
        {
            context.ReportAt(call.NameLocation, Descriptor, call.Name, "without an idempotency key");
        }
        else if (ChangingKey(call, repeated, keys, context.Model, context.CancellationToken) is { } key)
        {
            Location location = key.SyntaxTree == call.Syntax.SyntaxTree ? key.GetLocation() : call.NameLocation;
            context.ReportAt(location, Descriptor, call.Name, "with a new idempotency key for each attempt");
        }
    }

    /// <summary>The expression that gives the call another key in each attempt; null where the key may be the same.</summary>
    internal static SyntaxNode? ChangingKey(GatewayCall call, RepeatedCode repeated, IdempotencyKeys keys, GatewayModel model, CancellationToken cancellationToken)
        => keys.Of(call, cancellationToken)
            .FirstOrDefault(key => model.Values.OriginsOf(key, call: null, cancellationToken).Any(origin =>
                repeated.Contains((origin.Call ?? origin.Operation).Syntax)
                && origin.Operation.DescendantsAndSelf().Any(part => IsNewEachTime(part) || CountsAttempts(part, repeated))))?.Syntax;

    private static bool IsNewEachTime(IOperation part) => part switch
    {
        IInvocationOperation { TargetMethod: { Name: var name, ContainingType.Name: var type } } => (type, name) is ("Guid", "NewGuid" or "CreateVersion7") or ("Ulid", "NewUlid")
            or ("Path", "GetRandomFileName") or ("Stopwatch", "GetTimestamp") or ("RandomNumberGenerator", "GetHexString" or "GetBytes"),
        IPropertyReferenceOperation { Property: { Name: "Now" or "UtcNow", ContainingType.Name: "DateTime" or "DateTimeOffset" } } => true,
        IPropertyReferenceOperation { Property: { Name: "TickCount" or "TickCount64", ContainingType.Name: "Environment" } } => true,
        _ => false,
    };

    /// <summary>A key with the number of the attempt in it.</summary>
    private static bool CountsAttempts(IOperation part, RepeatedCode repeated)
        => part is ILocalReferenceOperation { Local: var counter }
            && repeated.Construct is ForStatementSyntax { Declaration.Variables: var variables }
            && variables.Any(variable => variable.Identifier.ValueText == counter.Name);
}
