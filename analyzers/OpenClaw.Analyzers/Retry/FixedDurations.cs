using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>"Is this wait the same for every caller": made of constants, settings and the number of the attempt, through locals, tables and helpers, and of nothing random.</summary>
internal static class FixedDurations
{
    // Enough for every helper seen in real code; a bound because user code may be circular.
    private const int MaxSteps = 32;

    private static readonly HashSet<string> Computing = new(StringComparer.Ordinal) { "TimeSpan", "Math", "Convert", "Enumerable", "Array", "TimeSpanExtensions" };

    // What differs from caller to caller, or from time to time, does what jitter does.
    private static readonly HashSet<string> Varying = new(StringComparer.Ordinal) { "Random", "RandomNumberGenerator", "DateTime", "DateTimeOffset", "Stopwatch", "Environment", "Guid", "RetryConditionHeaderValue" };

    public static bool Is(IOperation duration, GatewayModel model, CancellationToken cancellationToken)
    {
        HashSet<IOperation> seen = [];
        Queue<IOperation> open = new([duration]);
        while (open.Count > 0)
        {
            IOperation operation = open.Dequeue();
            if (!seen.Add(operation))
            {
                continue;
            }

            if (seen.Count > MaxSteps)
            {
                return false;
            }

            foreach (IOperation part in operation.DescendantsAndSelf())
            {
                if (SourcesOf(part, model, cancellationToken) is not { } sources)
                {
                    return false;
                }

                foreach (IOperation source in sources)
                {
                    open.Enqueue(source);
                }
            }
        }

        return true;
    }

    /// <summary>The values that a part of a duration comes from; null where it is random, or cannot be told.</summary>
    private static IEnumerable<IOperation>? SourcesOf(IOperation part, GatewayModel model, CancellationToken cancellationToken) => part switch
    {
        { Type: { } type } when Varying.Contains(type.Name) => null,
        IInvocationOperation { TargetMethod: var method } => SourcesOf(method, model, cancellationToken),
        ILocalReferenceOperation { Local: var local } => IsSuspicious(local) ? null : NullIfEmpty(model.Values.AssignedTo(local, cancellationToken)),
        IParameterReferenceOperation { Parameter: var parameter } => IsSuspicious(parameter) ? null : [],
        IFieldReferenceOperation { Field: var field } => IsSuspicious(field) ? null : model.Values.AssignedTo(field, cancellationToken),
        IPropertyReferenceOperation { Property: var property } => IsSuspicious(property) || Varying.Contains(property.ContainingType.Name)
            ? null
            : model.Values.ReturnedBy(property.OriginalDefinition, cancellationToken),
        IAwaitOperation or IDynamicInvocationOperation or IAnonymousFunctionOperation => null,
        _ => [],
    };

    private static IEnumerable<IOperation>? SourcesOf(IMethodSymbol method, GatewayModel model, CancellationToken cancellationToken)
        => method.ContainingType.IsWithin("System") && Computing.Contains(method.ContainingType.Name) ? []
            : IsSuspicious(method) || method.IsAbstract || method.IsVirtual ? null
            : NullIfEmpty([.. model.Values.ReturnedBy(method.OriginalDefinition, cancellationToken)]);

    private static IReadOnlyList<IOperation>? NullIfEmpty(IReadOnlyList<IOperation> values) => values.Count == 0 ? null : values;

    private static bool IsSuspicious(ISymbol symbol)
        => symbol.Name.IndexOf("jitter", StringComparison.OrdinalIgnoreCase) >= 0
            || symbol.Name.IndexOf("random", StringComparison.OrdinalIgnoreCase) >= 0
            || symbol.Name.IndexOf("RetryAfter", StringComparison.OrdinalIgnoreCase) >= 0;
}
