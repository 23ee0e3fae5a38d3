using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Questions about durations that the sources spell out.</summary>
internal static class DurationFacts
{
    /// <summary>Whether every possible value is <c>Timeout.InfiniteTimeSpan</c> or -1 ms: a setting that may also be finite is somebody's decision.</summary>
    public static bool IsInfinite(IOperation duration, GatewayModel model, CancellationToken cancellationToken)
    {
        IReadOnlyList<Origin> origins = model.Values.OriginsOf(duration, call: null, cancellationToken);
        return origins.Count > 0 && origins.All(origin => IsInfinite(origin.Operation));
    }

    /// <summary>Whether the duration is visibly zero.</summary>
    public static bool IsZero(IOperation duration) => duration switch
    {
        IConversionOperation conversion => IsZero(conversion.Operand),
        IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } } => true,
        { ConstantValue: { HasValue: true, Value: 0 } } => true,
        IInvocationOperation { TargetMethod: { IsStatic: true, ContainingType.Name: "TimeSpan" }, Arguments: { Length: > 0 } arguments }
            => arguments.All(argument => NumberOf(argument.Value) == 0),
        IDefaultValueOperation => true,
        _ => false,
    };

    private static bool IsInfinite(IOperation duration) => duration switch
    {
        IFieldReferenceOperation { Field: { Name: "InfiniteTimeSpan" or "Infinite", ContainingType.Name: "Timeout" } } => true,
        { ConstantValue.HasValue: true } => NumberOf(duration) == -1,
        IInvocationOperation { TargetMethod: { Name: "FromMilliseconds", ContainingType.Name: "TimeSpan" }, Arguments: [{ Value: var milliseconds }, ..] } => NumberOf(milliseconds) == -1,
        _ => false,
    };

    private static double? NumberOf(IOperation value)
        => value.ConstantValue is { HasValue: true, Value: (int or long or double) and var number } ? Convert.ToDouble(number, System.Globalization.CultureInfo.InvariantCulture) : null;
}
