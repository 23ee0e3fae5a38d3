using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>An expression to which a value was traced, with the call whose arguments its parameters stand for.</summary>
internal readonly record struct Origin(IOperation Operation, IInvocationOperation? Call = null);

/// <summary>
/// "Where does this value come from": through conversions, alternatives, locals, fields, properties and the methods of the same compilation.
/// What cannot be followed is handed back as it stands, and the caller decides what an unknown value means.
/// </summary>
internal sealed class ValueTracer(GatewayModel model)
{
    // Enough for every chain seen in real code; a bound because user code may be circular.
    private const int MaxSteps = 64;

    private readonly ConcurrentDictionary<ISymbol, IReadOnlyList<IOperation>> _assigned = new(SymbolEqualityComparer.Default);

    /// <summary>The expressions that may produce the value, each followed as far as the sources tell.</summary>
    public IReadOnlyList<Origin> OriginsOf(IOperation value, IInvocationOperation? call, CancellationToken cancellationToken)
    {
        List<Origin> ends = [];
        HashSet<IOperation> seen = [];
        Queue<Origin> open = new([new Origin(value, call)]);
        while (open.Count > 0 && seen.Count < MaxSteps)
        {
            Origin current = open.Dequeue();
            if (!seen.Add(current.Operation))
            {
                continue;
            }

            int before = open.Count;
            foreach (Origin next in StepBack(current, cancellationToken))
            {
                open.Enqueue(next);
            }

            if (open.Count == before || !AreAllArgumentsKnown(current, cancellationToken))
            {
                ends.Add(current);
            }
        }

        return ends;
    }

    /// <summary>Everything that the sources assign to a local, field or property; empty when the value comes from elsewhere.</summary>
    public IReadOnlyList<IOperation> AssignedTo(ISymbol symbol, CancellationToken cancellationToken)
        => _assigned.GetOrAdd(symbol.OriginalDefinition, key => [.. FindAssignments(key, cancellationToken)]);

    /// <summary>The expressions that a method or a property getter of the sources returns.</summary>
    public IEnumerable<IOperation> ReturnedBy(ISymbol member, CancellationToken cancellationToken)
    {
        foreach (SyntaxNode declaration in model.DeclarationsOf(member, cancellationToken))
        {
            foreach (ExpressionSyntax expression in ReturnedExpressions(declaration))
            {
                if (model.OperationAt(expression, cancellationToken) is { } operation)
                {
                    yield return operation;
                }
            }
        }
    }

    private IEnumerable<Origin> StepBack(Origin origin, CancellationToken cancellationToken)
    {
        switch (origin.Operation)
        {
            case { ConstantValue.HasValue: true }:
                return [];
            case IConversionOperation conversion:
                return [origin with { Operation = conversion.Operand }];
            case IParenthesizedOperation parenthesized:
                return [origin with { Operation = parenthesized.Operand }];
            case ICoalesceOperation coalesce:
                return [origin with { Operation = coalesce.Value }, origin with { Operation = coalesce.WhenNull }];
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return [origin with { Operation = conditional.WhenTrue }, origin with { Operation = whenFalse }];
            case ISwitchExpressionOperation choice:
                return choice.Arms.Select(arm => origin with { Operation = arm.Value });
            case IAssignmentOperation assignment:
                return [origin with { Operation = assignment.Value }];
            case IArgumentOperation argument:
                return [origin with { Operation = argument.Value }];
            case ILocalReferenceOperation local:
                return AssignedTo(local.Local, cancellationToken).Select(value => origin with { Operation = value });
            case IFieldReferenceOperation field:
                return AssignedTo(field.Field, cancellationToken).Select(value => new Origin(value));
            case IPropertyReferenceOperation property:
                return ValuesOf(property.Property, cancellationToken).Select(value => new Origin(value))
                    .Concat(PositionalArguments(property.Property, cancellationToken));
            case IParameterReferenceOperation parameter:
                return Arguments(parameter.Parameter, origin.Call, cancellationToken);
            case IInvocationOperation { TargetMethod: { IsAbstract: false, IsVirtual: false, IsOverride: false } method } invocation
                when origin.Call is null && model.IsDeclaredHere(method):
                return ReturnedBy(method.OriginalDefinition, cancellationToken).Select(value => new Origin(value, invocation));
            default:
                return [];
        }
    }

    /// <summary>The argument of the call on the way here, or else what the callers pass, where all of them are in sight.</summary>
    private IEnumerable<Origin> Arguments(IParameterSymbol parameter, IInvocationOperation? call, CancellationToken cancellationToken)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol method)
        {
            return [];
        }

        if (call?.TargetMethod.OriginalDefinition.Equals(method.OriginalDefinition, SymbolEqualityComparer.Default) == true)
        {
            return ArgumentFor(call.Arguments, parameter) is { } argument ? [new Origin(argument)] : [];
        }

        // In a program whoever makes the object is in sight, or a container is: then nothing is found here.
        if (method.MethodKind == MethodKind.Constructor && CompilationFacts.IsProgram(model.Compilation))
        {
            return model.Callers.CreationsBy(method, cancellationToken)
                .Select(creation => ArgumentFor(creation.Arguments, parameter))
                .Where(argument => argument is not null)
                .Select(argument => new Origin(argument!));
        }

        bool onlyCalledHere = method.MethodKind == MethodKind.LocalFunction
            || (method.MethodKind == MethodKind.Ordinary
                && (method.DeclaredAccessibility == Accessibility.Private || CompilationFacts.IsProgram(model.Compilation)));
        return onlyCalledHere
            ? model.Callers.ArgumentsFor(method, parameter, cancellationToken).Select(argument => new Origin(argument))
            : [];
    }

    /// <summary>Whether what was found to be passed for a parameter is all: where a call that was not looked at may pass another value, the parameter is an end as well.</summary>
    private bool AreAllArgumentsKnown(Origin origin, CancellationToken cancellationToken)
        => origin is not { Operation: IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol method } }
            || origin.Call?.TargetMethod.OriginalDefinition.Equals(method.OriginalDefinition, SymbolEqualityComparer.Default) == true
            || (method.MethodKind == MethodKind.Constructor ? model.Callers.AreAllCreationsKnown(method, cancellationToken) : model.Callers.AreAllCallsKnown(method, cancellationToken));

    /// <summary>What the creations of a record pass for a property that its parameter list declares.</summary>
    private IEnumerable<Origin> PositionalArguments(IPropertySymbol property, CancellationToken cancellationToken)
        => model.DeclarationsOf(property, cancellationToken).OfType<ParameterSyntax>()
            .Select(declaration => model.DeclaredAt(declaration, cancellationToken))
            .OfType<IParameterSymbol>()
            .SelectMany(parameter => Arguments(parameter, call: null, cancellationToken));

    private static IOperation? ArgumentFor(ImmutableArray<IArgumentOperation> arguments, IParameterSymbol parameter)
        => arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal)?.Value;

    private IEnumerable<IOperation> ValuesOf(IPropertySymbol property, CancellationToken cancellationToken)
    {
        if (property.IsAbstract || property.IsVirtual || property.IsOverride)
        {
            return [];
        }

        IEnumerable<IOperation> returned = property.GetMethod is null ? [] : ReturnedBy(property.OriginalDefinition, cancellationToken);
        return returned.Concat(AssignedTo(property, cancellationToken));
    }

    private IEnumerable<IOperation> FindAssignments(ISymbol symbol, CancellationToken cancellationToken)
    {
        foreach (SyntaxNode scope in ScopesOf(symbol, cancellationToken))
        {
            foreach (SyntaxNode node in scope.DescendantNodes())
            {
                if (AssignedValue(node, symbol.Name) is { } value
                    && IsAssignmentTo(node, symbol, cancellationToken)
                    && model.OperationAt(value, cancellationToken) is { } operation)
                {
                    yield return operation;
                }
            }
        }
    }

    private IEnumerable<SyntaxNode> ScopesOf(ISymbol symbol, CancellationToken cancellationToken)
        => symbol is ILocalSymbol
            ? model.DeclarationsOf(symbol, cancellationToken).Select(SyntaxFacts.MemberAround)
            : symbol.ContainingType is { } type ? model.DeclarationsOf(type, cancellationToken) : [];

    private static ExpressionSyntax? AssignedValue(SyntaxNode node, string name) => node switch
    {
        AssignmentExpressionSyntax { Left: SimpleNameSyntax left } assignment when left.Identifier.ValueText == name => assignment.Right,
        AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } left } assignment
            when left.Name.Identifier.ValueText == name => assignment.Right,
        VariableDeclaratorSyntax { Initializer.Value: { } value } variable when variable.Identifier.ValueText == name => value,
        PropertyDeclarationSyntax { Initializer.Value: { } value } property when property.Identifier.ValueText == name => value,
        _ => null,
    };

    private bool IsAssignmentTo(SyntaxNode node, ISymbol symbol, CancellationToken cancellationToken)
    {
        ISymbol? assigned = node is AssignmentExpressionSyntax assignment
            ? model.SemanticsOf(node.SyntaxTree).GetSymbolInfo(assignment.Left, cancellationToken).Symbol
            : model.DeclaredAt(node, cancellationToken);
        return symbol.Equals(assigned?.OriginalDefinition, SymbolEqualityComparer.Default);
    }

    private static IEnumerable<ExpressionSyntax> ReturnedExpressions(SyntaxNode declaration)
    {
        ArrowExpressionClauseSyntax? arrow = declaration switch
        {
            MethodDeclarationSyntax method => method.ExpressionBody,
            LocalFunctionStatementSyntax function => function.ExpressionBody,
            PropertyDeclarationSyntax property => property.ExpressionBody ?? Getter(property)?.ExpressionBody,
            _ => null,
        };
        SyntaxNode? body = declaration switch
        {
            MethodDeclarationSyntax method => method.Body,
            LocalFunctionStatementSyntax function => function.Body,
            PropertyDeclarationSyntax property => Getter(property)?.Body,
            _ => null,
        };
        if (arrow is not null)
        {
            yield return arrow.Expression;
        }

        foreach (SyntaxNode node in body?.DescendantNodes(static node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)) ?? [])
        {
            if (node is ReturnStatementSyntax { Expression: { } expression })
            {
                yield return expression;
            }
        }

        static AccessorDeclarationSyntax? Getter(PropertyDeclarationSyntax property)
            => property.AccessorList?.Accessors.FirstOrDefault(accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration));
    }
}
