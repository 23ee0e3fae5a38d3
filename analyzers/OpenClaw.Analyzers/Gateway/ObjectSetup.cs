using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>How an object is set up: the properties given in its initializer, and those set on its variable afterwards.</summary>
internal sealed class ObjectSetup(GatewayModel model)
{
    /// <summary>The values that the sources give to a property of the created object.</summary>
    public IEnumerable<IOperation> ValuesOf(IObjectCreationOperation creation, string property, CancellationToken cancellationToken)
    {
        foreach (IOperation initializer in creation.Initializer?.Initializers ?? Enumerable.Empty<IOperation>())
        {
            if (initializer is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } assignment && target.Property.Name == property)
            {
                yield return assignment.Value;
            }
        }

        foreach (ISimpleAssignmentOperation assignment in LaterAssignments(creation, property, cancellationToken))
        {
            yield return assignment.Value;
        }
    }

    /// <summary>The values given to a property of the object behind a property: <c>Retry = { MaxRetries = 0 }</c>, <c>options.Retry.MaxRetries = 0</c>.</summary>
    public IEnumerable<IOperation> ValuesWithin(IObjectCreationOperation creation, string property, string inner, CancellationToken cancellationToken)
        => (creation.Initializer?.Initializers ?? Enumerable.Empty<IOperation>())
            .OfType<IMemberInitializerOperation>()
            .Where(member => member.InitializedMember is IPropertyReferenceOperation target && target.Property.Name == property)
            .SelectMany(member => member.Initializer.Initializers.OfType<ISimpleAssignmentOperation>())
            .Concat(HolderOf(creation) is { } holder ? AssignmentsWithin(holder, property, inner, creation.Syntax, cancellationToken) : [])
            .Where(assignment => assignment.Target is IPropertyReferenceOperation target && target.Property.Name == inner)
            .Select(assignment => assignment.Value);

    /// <summary>The local, field or property that holds the created object.</summary>
    public static ISymbol? HolderOf(IOperation value)
    {
        for (IOperation? current = value; current is not null; current = current.Parent)
        {
            switch (current.Parent)
            {
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                    return declarator.Symbol;
                case IFieldInitializerOperation { InitializedFields: [var field] }:
                    return field;
                case IPropertyInitializerOperation { InitializedProperties: [var property] }:
                    return property;
                case IAssignmentOperation assignment when assignment.Value == current:
                    return SymbolOf(assignment.Target);
                case IConversionOperation or ICoalesceOperation or IConditionalOperation or IParenthesizedOperation:
                    continue;
                default:
                    return null;
            }
        }

        return null;
    }

    public static ISymbol? SymbolOf(IOperation reference) => reference switch
    {
        ILocalReferenceOperation local => local.Local,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation property => property.Property,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IConversionOperation conversion => SymbolOf(conversion.Operand),
        _ => null,
    };

    private IEnumerable<ISimpleAssignmentOperation> LaterAssignments(IObjectCreationOperation creation, string property, CancellationToken cancellationToken)
        => HolderOf(creation) is { } holder ? AssignmentsTo(holder, property, creation.Syntax, cancellationToken) : [];

    /// <summary>The assignments <c>holder.property = …</c> in the member around a local, or in the type around a field or property.</summary>
    public IEnumerable<ISimpleAssignmentOperation> AssignmentsTo(ISymbol holder, string property, SyntaxNode from, CancellationToken cancellationToken)
    {
        foreach (SyntaxNode node in SyntaxFacts.ScopeOf(holder, from).DescendantNodes())
        {
            if (node is AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax left }
                && left.Name.Identifier.ValueText == property
                && MayName(left.Expression, holder.Name)
                && model.OperationAt(node, cancellationToken) is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } instance } } assignment
                && holder.Equals(SymbolOf(instance), SymbolEqualityComparer.Default))
            {
                yield return assignment;
            }
        }
    }

    /// <summary>The assignments <c>holder.property.inner = …</c>.</summary>
    private IEnumerable<ISimpleAssignmentOperation> AssignmentsWithin(ISymbol holder, string property, string inner, SyntaxNode from, CancellationToken cancellationToken)
        => SyntaxFacts.ScopeOf(holder, from).DescendantNodes().OfType<AssignmentExpressionSyntax>()
            .Where(node => node.Left is MemberAccessExpressionSyntax { Expression: MemberAccessExpressionSyntax outer } left
                && left.Name.Identifier.ValueText == inner
                && outer.Name.Identifier.ValueText == property
                && MayName(outer.Expression, holder.Name))
            .Select(node => model.OperationAt(node, cancellationToken))
            .OfType<ISimpleAssignmentOperation>()
            .Where(assignment => assignment.Target is IPropertyReferenceOperation { Instance: IPropertyReferenceOperation { Instance: { } owner } }
                && holder.Equals(SymbolOf(owner), SymbolEqualityComparer.Default));

    private static bool MayName(ExpressionSyntax expression, string name) => expression switch
    {
        SimpleNameSyntax simple => simple.Identifier.ValueText == name,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText == name,
        _ => false,
    };
}
