using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Questions about durations that the sources spell out.</summary>
internal static class DurationFacts
{
    /// <summary>Whether one possible value is <c>Timeout.InfiniteTimeSpan</c> or -1 ms.</summary>
    public static bool IsInfinite(IOperation duration, GatewayModel model, CancellationToken cancellationToken)
        => model.Values.OriginsOf(duration, call: null, cancellationToken).Any(origin => origin.Operation switch
        {
            IFieldReferenceOperation { Field: { Name: "InfiniteTimeSpan" or "Infinite", ContainingType.Name: "Timeout" } } => true,
            { ConstantValue: { HasValue: true, Value: -1 } } => true,
            IInvocationOperation { TargetMethod: { Name: "FromMilliseconds", ContainingType.Name: "TimeSpan" }, Arguments: [{ Value.ConstantValue: { HasValue: true, Value: var value } }, ..] }
                => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) == -1,
            _ => false,
        });

    /// <summary>Whether the duration is visibly zero.</summary>
    public static bool IsZero(IOperation duration) => duration switch
    {
        IConversionOperation conversion => IsZero(conversion.Operand),
        IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } } => true,
        { ConstantValue: { HasValue: true, Value: 0 } } => true,
        IInvocationOperation { TargetMethod.ContainingType.Name: "TimeSpan", Arguments: [{ Value.ConstantValue: { HasValue: true, Value: { } value } }, ..] }
            => value is not string && Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) == 0,
        IDefaultValueOperation => true,
        _ => false,
    };
}
