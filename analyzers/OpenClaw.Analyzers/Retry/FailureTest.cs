using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>What a condition says of a failure.</summary>
internal enum Answer
{
    No,
    Yes,

    /// <summary>It depends on something else than the failure: a count, the time.</summary>
    Either,

    /// <summary>It depends on the failure in a way that cannot be told.</summary>
    Unknown,
}

/// <summary>Works out what the conditions of a retry say of a reply with a certain status, or of the exception that stands for it.</summary>
/// <param name="status">The status.</param>
/// <param name="isOfFailure">Whether a variable holds the failure, or something made of it.</param>
/// <param name="model">What is known of the compilation.</param>
/// <param name="cancellationToken">Ends the analysis.</param>
internal sealed class FailureTest(int status, Func<ISymbol, bool> isOfFailure, GatewayModel model, CancellationToken cancellationToken)
{
    public Answer Ask(IOperation condition) => condition switch
    {
        { ConstantValue: { HasValue: true, Value: bool value } } => Of(value),
        IConversionOperation conversion => Ask(conversion.Operand),
        IParenthesizedOperation inner => Ask(inner.Operand),
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => Not(Ask(not.Operand)),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And } both => And(Ask(both.LeftOperand), Ask(both.RightOperand)),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or } either => Not(And(Not(Ask(either.LeftOperand)), Not(Ask(either.RightOperand)))),
        IBinaryOperation comparison => Compare(comparison),
        IIsTypeOperation test => OfType(test.ValueOperand, test.TypeOperand),
        IIsPatternOperation test => Match(test.Value, test.Pattern),
        IPropertyReferenceOperation { Property.Name: "IsSuccessStatusCode" or "IsSuccessful" } => Answer.No,
        _ => Otherwise(condition),
    };

    /// <summary>Whether the code speaks of the failure.</summary>
    public bool IsAbout(IOperation operation) => operation.DescendantsAndSelf().Any(part => part switch
    {
        ILocalReferenceOperation local => isOfFailure(local.Local),
        IParameterReferenceOperation parameter => isOfFailure(parameter.Parameter),
        _ => false,
    });

    private Answer Otherwise(IOperation condition)
        => IsAbout(condition) || condition.DescendantsAndSelf().Any(part => part is IInvocationOperation) ? Answer.Unknown : Answer.Either;

    private Answer Compare(IBinaryOperation comparison)
    {
        if (IsStatus(comparison.LeftOperand) && IsNull(comparison.RightOperand))
        {
            return Of(comparison.OperatorKind == BinaryOperatorKind.NotEquals);
        }

        return (NumberOf(comparison.LeftOperand), NumberOf(comparison.RightOperand)) is ({ } left, { } right)
            ? Compare(left, comparison.OperatorKind, right)
            : Otherwise(comparison);
    }

    private static Answer Compare(int left, BinaryOperatorKind comparison, int right) => comparison switch
    {
        BinaryOperatorKind.Equals => Of(left == right),
        BinaryOperatorKind.NotEquals => Of(left != right),
        BinaryOperatorKind.LessThan => Of(left < right),
        BinaryOperatorKind.LessThanOrEqual => Of(left <= right),
        BinaryOperatorKind.GreaterThan => Of(left > right),
        BinaryOperatorKind.GreaterThanOrEqual => Of(left >= right),
        _ => Answer.Unknown,
    };

    private Answer Match(IOperation value, IPatternOperation pattern) => pattern switch
    {
        INegatedPatternOperation not => Not(Match(value, not.Pattern)),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } both => And(Match(value, both.LeftPattern), Match(value, both.RightPattern)),
        IBinaryPatternOperation either => Not(And(Not(Match(value, either.LeftPattern)), Not(Match(value, either.RightPattern)))),
        IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } => IsAbout(value) ? Answer.No : Answer.Either,
        IConstantPatternOperation constant when IsStatus(value) && NumberOf(constant.Value) is { } number => Of(status == number),
        IRelationalPatternOperation relation when IsStatus(value) && NumberOf(relation.Value) is { } number => Compare(status, relation.OperatorKind, number),
        ITypePatternOperation type => OfType(value, type.MatchedType),
        IDeclarationPatternOperation { MatchedType: { } type } => OfType(value, type),
        _ => Otherwise(value),
    };

    /// <summary>A status arrives as some exception of a library: which, is not known here, but it is no cancellation.</summary>
    private Answer OfType(IOperation value, ITypeSymbol type)
        => !IsAbout(value) ? Answer.Either
            : HandledFailures.SaysNothingOfStatus(type.Name) ? Answer.No
            : type.HasFullName("System", "Exception") ? Answer.Yes
            : Answer.Unknown;

    private int? NumberOf(IOperation value) => value switch
    {
        { ConstantValue: { HasValue: true, Value: IConvertible and not (string or bool or char) and var constant } } => Convert.ToInt32(constant, CultureInfo.InvariantCulture),
        IConversionOperation conversion => NumberOf(conversion.Operand),
        _ => IsStatus(value) ? status : null,
    };

    private static bool IsNull(IOperation value)
        => value is { ConstantValue: { HasValue: true, Value: null } } || (value is IConversionOperation conversion && IsNull(conversion.Operand));

    private bool IsStatus(IOperation value) => value switch
    {
        IConversionOperation conversion => IsStatus(conversion.Operand),
        IParenthesizedOperation inner => IsStatus(inner.Operand),
        ICoalesceOperation coalesce => IsStatus(coalesce.Value),
        IConditionalAccessOperation access => IsStatus(access.WhenNotNull),
        IPropertyReferenceOperation { Property.Name: "Value", Instance: { } nullable } => IsStatus(nullable),
        IInvocationOperation { TargetMethod.Name: "GetValueOrDefault", Instance: { } nullable } => IsStatus(nullable),
        IPropertyReferenceOperation { Property: { Name: "StatusCode" or "Status", Type: var type } } => type.TypeKind is TypeKind.Enum or TypeKind.Struct,
        ILocalReferenceOperation local => model.Values.AssignedTo(local.Local, cancellationToken) is [var assigned] && IsStatus(assigned),
        _ => false,
    };

    private static Answer Of(bool value) => value ? Answer.Yes : Answer.No;

    private static Answer Not(Answer answer) => answer switch { Answer.Yes => Answer.No, Answer.No => Answer.Yes, _ => answer };

    private static Answer And(Answer left, Answer right)
        => left == Answer.No || right == Answer.No ? Answer.No
            : left == Answer.Unknown || right == Answer.Unknown ? Answer.Unknown
            : left == Answer.Either || right == Answer.Either ? Answer.Either
            : Answer.Yes;
}
