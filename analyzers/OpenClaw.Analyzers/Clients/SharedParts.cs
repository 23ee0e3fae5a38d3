using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Clients;

/// <summary>
/// "Does the client hold what belongs to somebody else": a handler or an inner client that was not made for it. Many clients dispose of what they are
/// given, so that disposing of them would take it away from its other users.
/// </summary>
internal static class SharedParts
{
    public static bool AreIn(IObjectCreationOperation creation, GatewayModel model, CancellationToken cancellationToken)
    {
        Queue<IObjectCreationOperation> open = new([creation]);
        while (open.Count > 0)
        {
            IObjectCreationOperation current = open.Dequeue();
            foreach (IOperation part in PartsOf(current))
            {
                IOperation value = WithoutConversion(part);
                if (value.ConstantValue.HasValue || !IsDisposable(value.Type))
                {
                    continue;
                }

                if (MadeFor(value, creation.Syntax, model, cancellationToken) is not { } made)
                {
                    return true;
                }

                open.Enqueue(made);
            }

            // A flag such as disposeHandler tells that somebody has thought about who owns the parts.
            if (current.Arguments.Any(argument => argument.Parameter is { Type.SpecialType: SpecialType.System_Boolean, Name: var name }
                && name.StartsWith("dispose", StringComparison.OrdinalIgnoreCase)
                && argument.Value.ConstantValue is not { HasValue: true, Value: true }))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsDisposable(ITypeSymbol? type)
        => type is not null && (IsInterface(type) || type.AllInterfaces.Any(IsInterface));

    /// <summary>
    /// Whether a disposal has no effect: a type of the user's own that has to implement it, because its interface asks for it, and leaves it empty, or one
    /// that only hands it on to such a client, made for it.
    /// </summary>
    public static bool DisposesNothing(IObjectCreationOperation creation, GatewayModel model, CancellationToken cancellationToken)
    {
        IObjectCreationOperation? current = creation;
        while (current?.Type is { } type && model.IsDeclaredHere(type))
        {
            if (type.BaseType is { SpecialType: SpecialType.System_Object })
            {
                return DisposalsOf(type)
                    .SelectMany(method => model.InvocationsIn(method, cancellationToken))
                    .All(call => SourceIndex.NameOf(call) == "SuppressFinalize");
            }

            current = HandsDisposalOn(type) && PartsOf(current).Select(WithoutConversion).Where(part => IsDisposable(part.Type)).ToArray() is [var inner]
                ? MadeFor(inner, creation.Syntax, model, cancellationToken)
                : null;
        }

        return false;
    }

    private static bool HandsDisposalOn(ITypeSymbol type)
        => type.BaseType is { } parent && parent.Name.StartsWith("Delegating", StringComparison.Ordinal) && parent.IsWithin("Microsoft.Extensions.AI") && !DisposalsOf(type).Any();

    private static IEnumerable<IMethodSymbol> DisposalsOf(ITypeSymbol type)
        => type.GetMembers().OfType<IMethodSymbol>()
            .Where(method => method.Name.EndsWith("Dispose", StringComparison.Ordinal) || method.Name.EndsWith("DisposeAsync", StringComparison.Ordinal));

    private static IOperation WithoutConversion(IOperation part) => part is IConversionOperation conversion ? conversion.Operand : part;

    private static bool IsInterface(ITypeSymbol type) => type.SpecialType == SpecialType.System_IDisposable || type.HasFullName("System", "IAsyncDisposable");

    private static IEnumerable<IOperation> PartsOf(IObjectCreationOperation creation)
        => creation.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit).Select(argument => argument.Value)
            .Concat(creation.Initializer?.Initializers.OfType<ISimpleAssignmentOperation>().Select(assignment => assignment.Value) ?? []);

    /// <summary>The creation of a part that nobody else gets: written in place, or held by a local that is passed on once.</summary>
    private static IObjectCreationOperation? MadeFor(IOperation part, SyntaxNode client, GatewayModel model, CancellationToken cancellationToken)
    {
        if (part is IObjectCreationOperation inPlace)
        {
            return inPlace;
        }

        return part is ILocalReferenceOperation { Local: var local }
            && model.Values.AssignedTo(local, cancellationToken) is [IObjectCreationOperation made]
            && LoopAround(made.Syntax) == LoopAround(client)
            && SyntaxFacts.ScopeOf(local, client).DescendantNodes().OfType<IdentifierNameSyntax>().Count(use => use.Identifier.ValueText == local.Name
                && use.Parent is not MemberAccessExpressionSyntax) == 1
                    ? made
                    : null;
    }

    private static SyntaxNode? LoopAround(SyntaxNode node) => node.Ancestors().FirstOrDefault(static ancestor => SyntaxFacts.IsFunctionBoundary(ancestor)
        || ancestor is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax);
}
