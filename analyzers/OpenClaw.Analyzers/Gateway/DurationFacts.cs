using System.Collections.Immutable;
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

    /// <summary>The longest time that the value may stand for, where the sources spell all of them out; an infinite one is <see cref="TimeSpan.MaxValue"/>.</summary>
    /// <param name="duration">A time span, or a number of milliseconds.</param>
    /// <param name="model">The compilation's model.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static TimeSpan? LongestOf(IOperation duration, GatewayModel model, CancellationToken cancellationToken)
    {
        TimeSpan longest = TimeSpan.Zero;
        foreach (Origin origin in model.Values.OriginsOf(duration, call: null, cancellationToken))
        {
            if (ValueOf(origin.Operation) is not { } value)
            {
                return null;
            }

            longest = value > longest ? value : longest;
        }

        return longest == TimeSpan.Zero ? null : longest;
    }

    private static TimeSpan? ValueOf(IOperation duration)
    {
        if (IsInfinite(duration))
        {
            return TimeSpan.MaxValue;
        }

        double[]? numbers = duration switch
        {
            { ConstantValue.HasValue: true } => NumberOf(duration) is { } milliseconds ? [milliseconds] : null,
            IInvocationOperation { TargetMethod: { IsStatic: true, ContainingType.Name: "TimeSpan" } } call => NumbersIn(call.Arguments),
            IObjectCreationOperation { Type.Name: "TimeSpan" } creation => NumbersIn(creation.Arguments),
            _ => null,
        };
        string method = duration is IInvocationOperation { TargetMethod.Name: var name } ? name : "";
        return (method, numbers) switch
        {
            ("", [var milliseconds]) when duration.ConstantValue.HasValue => TimeSpan.FromMilliseconds(milliseconds),
            ("", [var hours, var minutes, var seconds]) => new TimeSpan((int)hours, (int)minutes, (int)seconds),
            ("FromMilliseconds", [var first, ..]) when OnlyFirst(numbers) => TimeSpan.FromMilliseconds(first),
            ("FromSeconds", [var first, ..]) when OnlyFirst(numbers) => TimeSpan.FromSeconds(first),
            ("FromMinutes", [var first, ..]) when OnlyFirst(numbers) => TimeSpan.FromMinutes(first),
            ("FromHours", [var first, ..]) when OnlyFirst(numbers) => TimeSpan.FromHours(first),
            _ => null,
        };
    }

    private static bool OnlyFirst(double[] numbers) => numbers.Skip(1).All(number => number == 0);

    private static double[]? NumbersIn(ImmutableArray<IArgumentOperation> arguments)
    {
        double?[] numbers = [.. arguments.Select(argument => NumberOf(argument.Value))];
        return numbers.All(number => number is not null) ? [.. numbers.Select(number => number!.Value)] : null;
    }

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
