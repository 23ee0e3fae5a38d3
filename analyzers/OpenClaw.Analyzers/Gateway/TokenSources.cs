using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"When does this cancellation source end its token": by its creation, by a timer set later, by a watchdog, or by the sources it is linked to.</summary>
internal sealed class TokenSources(GatewayModel model, TokenTracer tokens)
{
    private readonly Watchdogs _watchdogs = new(model, tokens);

    /// <param name="source">The source of a token.</param>
    /// <param name="known">What is known of sources on the way here. One that is linked to itself limits as much as what else it is linked to.</param>
    /// <param name="cancellationToken">Ends the analysis.</param>
    public TokenLimit LimitOf(IOperation source, Dictionary<object, TokenLimit> known, CancellationToken cancellationToken)
    {
        if (source.Type is { } type && !type.HasFullName("System.Threading", "CancellationTokenSource"))
        {
            return type.HasFullName("OpenClaw.Resilience", "Deadline") ? TokenLimit.Timed : TokenLimit.Unknown;
        }

        object key = (object?)ObjectSetup.SymbolOf(source) ?? source.Syntax;
        if (!known.TryGetValue(key, out TokenLimit limit))
        {
            known[key] = TokenLimit.Timed;
            limit = Find(source, known, cancellationToken);
            known[key] = limit;
        }

        return limit;
    }

    private TokenLimit Find(IOperation source, Dictionary<object, TokenLimit> known, CancellationToken cancellationToken)
    {
        TokenLimit later = LimitSetLater(ObjectSetup.SymbolOf(source), known, cancellationToken);
        TokenLimit weakest = TokenLimit.Timed;
        foreach (Origin origin in model.Values.OriginsOf(source, call: null, cancellationToken))
        {
            TokenLimit limit = Stronger(
                LimitOfCreation(origin.Operation, known, cancellationToken),
                LimitSetLater(ObjectSetup.HolderOf(origin.Operation), known, cancellationToken));
            weakest = limit < weakest ? limit : weakest;
        }

        return Stronger(later, weakest);
    }

    private static TokenLimit Stronger(TokenLimit left, TokenLimit right) => left > right ? left : right;

    private TokenLimit LimitOfCreation(IOperation source, Dictionary<object, TokenLimit> known, CancellationToken cancellationToken) => source switch
    {
        IObjectCreationOperation creation => creation.Arguments.Any(argument =>
            argument.ArgumentKind == ArgumentKind.Explicit && !DurationFacts.IsInfinite(argument.Value, model, cancellationToken)) ? TokenLimit.Timed : TokenLimit.None,
        IInvocationOperation { TargetMethod.Name: "CreateLinkedTokenSource" } linked => StrongestOf(linked, known, cancellationToken),
        _ => TokenLimit.Unknown,
    };

    /// <summary>A linked source ends with the first of its tokens.</summary>
    private TokenLimit StrongestOf(IInvocationOperation linked, Dictionary<object, TokenLimit> known, CancellationToken cancellationToken)
    {
        TokenLimit strongest = TokenLimit.None;
        foreach (IOperation token in linked.Arguments.SelectMany(TokensOf))
        {
            strongest = Stronger(strongest, tokens.LimitOf(token, known, cancellationToken));
        }

        return strongest;
    }

    /// <summary>The tokens in an argument of a linked source, which takes any number of them.</summary>
    public static IEnumerable<IOperation> TokensOf(IArgumentOperation argument) => argument.Value is IArrayCreationOperation { Initializer: { } array }
        ? array.ElementValues.AsEnumerable()
        : [argument.Value];

    /// <summary>What the sources do with a cancellation source after its creation: start its timer, cancel it from a watchdog, hand it to somebody who may.</summary>
    private TokenLimit LimitSetLater(ISymbol? holder, Dictionary<object, TokenLimit> known, CancellationToken cancellationToken)
    {
        if (holder is null)
        {
            return TokenLimit.None;
        }

        if (CallsOn(holder, "CancelAfter", cancellationToken).Any(call => call is not { Arguments: [{ Value: var time }] } || !DurationFacts.IsInfinite(time, model, cancellationToken)))
        {
            return TokenLimit.Timed;
        }

        return CallsOn(holder, "Cancel", cancellationToken).Concat(CallsOn(holder, "CancelAsync", cancellationToken)).Any(cancel => _watchdogs.Reach(cancel.Syntax, known, cancellationToken))
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
