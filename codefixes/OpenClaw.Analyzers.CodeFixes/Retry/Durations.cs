using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>The durations that sources spell out.</summary>
internal static class Durations
{
    /// <summary>Where the runtime's own waits stop growing.</summary>
    public static readonly TimeSpan LongestDefault = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the duration is only a number that the runtime's default may replace. One with a name is somebody's setting, and one beyond the
    /// default's cap would become shorter.
    /// </summary>
    public static bool IsSpelledOut(ExpressionSyntax expression, IOperation value) => ValueOf(expression, value) <= LongestDefault;

    /// <summary>The value of a literal number of milliseconds, of <c>TimeSpan.Zero</c> or of <c>TimeSpan.FromSeconds</c> and the like with a literal; null for all else.</summary>
    public static TimeSpan? ValueOf(ExpressionSyntax expression, IOperation value) => (expression, value) switch
    {
        (LiteralExpressionSyntax, { ConstantValue: { HasValue: true, Value: int milliseconds } }) => TimeSpan.FromMilliseconds(milliseconds),
        (LiteralExpressionSyntax or DefaultExpressionSyntax, _) => TimeSpan.Zero,
        (_, IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } }) => TimeSpan.Zero,
        (InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax { Token.Value: IConvertible number } }] },
            IInvocationOperation { TargetMethod: { ContainingType.Name: "TimeSpan", Name: var unit } })
            => FromUnit(unit, number.ToDouble(CultureInfo.InvariantCulture)),
        _ => null,
    };

    private static TimeSpan? FromUnit(string unit, double number) => unit switch
    {
        "FromMilliseconds" => TimeSpan.FromMilliseconds(number),
        "FromSeconds" => TimeSpan.FromSeconds(number),
        "FromMinutes" => TimeSpan.FromMinutes(number),
        "FromHours" => TimeSpan.FromHours(number),
        _ => null,
    };
}
