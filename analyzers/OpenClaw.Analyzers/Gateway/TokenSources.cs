using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"When does this cancellation source end its token": by its creation, by a timer set later, by a watchdog, or by the sources it is linked to.</summary>
internal sealed class TokenSources(GatewayModel model, TokenTracer tokens)
{
    public TokenLimit LimitOf(IOperation source, CancellationToken cancellationToken)
    {
        if (source.Type is { } type && !type.HasFullName("System.Threading", "CancellationTokenSource"))
        {
            return type.HasFullName("OpenClaw.Resilience", "Deadline") ? TokenLimit.Timed : TokenLimit.Unknown;
        }

        TokenLimit later = LimitSetLater(ObjectSetup.SymbolOf(source), cancellationToken);
        TokenLimit weakest = TokenLimit.Timed;
        foreach (Origin origin in model.Values.OriginsOf(source, call: null, cancellationToken))
        {
            TokenLimit limit = Stronger(LimitOfCreation(origin.Operation, cancellationToken), LimitSetLater(ObjectSetup.HolderOf(origin.Operation), cancellationToken));
            weakest = limit < weakest ? limit : weakest;
        }

        return Stronger(later, weakest);
    }

    private static TokenLimit Stronger(TokenLimit left, TokenLimit right) => left > right ? left : right;

    private TokenLimit LimitOfCreation(IOperation source, CancellationToken cancellationToken) => source switch
    {
        IObjectCreationOperation creation => creation.Arguments.Any(argument =>
            argument.ArgumentKind == ArgumentKind.Explicit && !DurationFacts.IsInfinite(argument.Value, model, cancellationToken)) ? TokenLimit.Timed : TokenLimit.None,
        IInvocationOperation { TargetMethod.Name: "CreateLinkedTokenSource" } linked => StrongestOf(linked, cancellationToken),
        _ => TokenLimit.Unknown,
    };

    /// <summary>A linked source ends with the first of its tokens.</summary>
    private TokenLimit StrongestOf(IInvocationOperation linked, CancellationToken cancellationToken)
    {
        TokenLimit strongest = TokenLimit.None;
        foreach (IOperation token in linked.Arguments.SelectMany(TokensOf))
        {
            strongest = Stronger(strongest, tokens.LimitOf(token, cancellationToken));
        }

        return strongest;
    }

    /// <summary>The tokens in an argument of a linked source, which takes any number of them.</summary>
    public static IEnumerable<IOperation> TokensOf(IArgumentOperation argument) => argument.Value is IArrayCreationOperation { Initializer: { } array }
        ? array.ElementValues.AsEnumerable()
        : [argument.Value];

    /// <summary>What the sources do with a cancellation source after its creation: start its timer, cancel it from a watchdog, hand it to somebody who may.</summary>
    private TokenLimit LimitSetLater(ISymbol? holder, CancellationToken cancellationToken)
    {
        if (holder is null)
        {
            return TokenLimit.None;
        }

        if (CallsOn(holder, "CancelAfter", cancellationToken).Any(call => call is not { Arguments: [{ Value: var time }] } || !DurationFacts.IsInfinite(time, model, cancellationToken)))
        {
            return TokenLimit.Timed;
        }

        return CallsOn(holder, "Cancel", cancellationToken).Concat(CallsOn(holder, "CancelAsync", cancellationToken)).Any(cancel => IsTimed(cancel.Syntax))
            || IsHandedOver(holder, cancellationToken)
                ? TokenLimit.Unknown
                : TokenLimit.None;
    }

    /// <summary>The calls of a method on the variable that holds a source.</summary>
    public IEnumerable<IInvocationOperation> CallsOn(ISymbol holder, string method, CancellationToken cancellationToken)
        => model.Index.InvocationsOf(method, cancellationToken)
            .Where(node => IsInReach(node, holder))
            .Select(node => model.OperationAt(node, cancellationToken))
            .OfType<IInvocationOperation>()
            .Where(call => ReceiverOf(call) is { } receiver && Names(receiver, holder));

    private static IOperation? ReceiverOf(IInvocationOperation call)
        => call.Instance is IConditionalAccessInstanceOperation ? (call.Parent as IConditionalAccessOperation)?.Operation : call.Instance;

    /// <summary>Whether the code that cancels belongs to a timer: a callback of one, or a function that waits first.</summary>
    private static bool IsTimed(SyntaxNode cancel)
    {
        SyntaxNode? function = cancel.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary);
        bool isCallback = function?.Parent is ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ContinueWith" or "CreateTimer" } } };
        return isCallback
            || function?.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(node => SourceIndex.NameOf(node) is "Delay" or "WaitForNextTickAsync" or "Sleep") == true;
    }

    private bool IsHandedOver(ISymbol holder, CancellationToken cancellationToken)
        => model.Index.ValuesOf(holder.Name, cancellationToken).Any(node =>
            IsInReach(node, holder)
            && node.Parent is ArgumentSyntax or EqualsValueClauseSyntax or AssignmentExpressionSyntax
            && model.OperationAt(node, cancellationToken) is { } value
            && Names(value, holder));

    /// <summary>Spares the binding of other files where only the one that declares the holder, or its type, can speak of it.</summary>
    private static bool IsInReach(SyntaxNode node, ISymbol holder)
        => (holder is ILocalSymbol or IParameterSymbol ? holder : holder.DeclaredAccessibility == Accessibility.Private ? holder.ContainingType : null)
            ?.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == node.SyntaxTree) != false;

    private static bool Names(IOperation value, ISymbol holder) => holder.OriginalDefinition.Equals(ObjectSetup.SymbolOf(value)?.OriginalDefinition, SymbolEqualityComparer.Default);
}
