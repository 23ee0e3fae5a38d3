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
        SyntaxNode scope = holder is ILocalSymbol or IParameterSymbol
            ? from.FirstAncestorOrSelf<MemberDeclarationSyntax>(static member => member is not GlobalStatementSyntax) ?? from.SyntaxTree.GetRoot(cancellationToken)
            : from.FirstAncestorOrSelf<TypeDeclarationSyntax>() ?? from.SyntaxTree.GetRoot(cancellationToken);
        foreach (SyntaxNode node in scope.DescendantNodes())
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

    private static bool MayName(ExpressionSyntax expression, string name) => expression switch
    {
        SimpleNameSyntax simple => simple.Identifier.ValueText == name,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText == name,
        _ => false,
    };
}
