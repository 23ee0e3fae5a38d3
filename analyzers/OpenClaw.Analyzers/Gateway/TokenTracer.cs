using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What a cancellation token says about time.</summary>
internal enum TokenLimit
{
    /// <summary>It carries no time limit: none at all, a shutdown token, or only what a caller passes.</summary>
    None,

    /// <summary>It may carry one.</summary>
    Unknown,

    /// <summary>It is cancelled after a time.</summary>
    Timed,
}

/// <summary>"Does this token end the wait": followed to its source, linked sources and callers in sight.</summary>
internal sealed class TokenTracer(GatewayModel model)
{
    public TokenLimit LimitOf(IOperation token, CancellationToken cancellationToken)
    {
        TokenLimit weakest = TokenLimit.Timed;
        foreach (Origin origin in model.Values.OriginsOf(token, call: null, cancellationToken))
        {
            TokenLimit limit = LimitOfOrigin(origin.Operation, cancellationToken);
            weakest = limit < weakest ? limit : weakest;
        }

        return weakest;
    }

    private TokenLimit LimitOfOrigin(IOperation token, CancellationToken cancellationToken)
    {
        switch (token)
        {
            case IDefaultValueOperation or IPropertyReferenceOperation { Property: { Name: "None", ContainingType.Name: "CancellationToken" } }:
                return TokenLimit.None;
            case IPropertyReferenceOperation { Property.Name: "Token", Instance: { } source }:
                return LimitOfSource(source, cancellationToken);
            case IParameterReferenceOperation parameter:
                return LimitOfParameter(parameter.Parameter);
            case IPropertyReferenceOperation { Property.Name: "ApplicationStopping" or "ApplicationStopped" or "ApplicationStarted" or "RequestAborted" }:
                return TokenLimit.None;
            default:
                return TokenLimit.Unknown;
        }
    }

    /// <summary>The token of a lambda is whatever its runner passes: a pipeline may put a limit into it. A method's own is a caller's hope, not a limit.</summary>
    private static TokenLimit LimitOfParameter(IParameterSymbol parameter)
        => parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } ? TokenLimit.Unknown : TokenLimit.None;

    private TokenLimit LimitOfSource(IOperation source, CancellationToken cancellationToken)
    {
        if (source.Type is { } type && !type.HasFullName("System.Threading", "CancellationTokenSource"))
        {
            return type.HasFullName("OpenClaw.Resilience", "Deadline") ? TokenLimit.Timed : TokenLimit.Unknown;
        }

        if (ObjectSetup.SymbolOf(source) is { } holder && IsCancelledAfter(holder, source.Syntax))
        {
            return TokenLimit.Timed;
        }

        TokenLimit weakest = TokenLimit.Timed;
        foreach (Origin origin in model.Values.OriginsOf(source, call: null, cancellationToken))
        {
            TokenLimit limit = LimitOfCreation(origin.Operation, cancellationToken);
            weakest = limit < weakest ? limit : weakest;
        }

        return weakest;
    }

    private TokenLimit LimitOfCreation(IOperation source, CancellationToken cancellationToken) => source switch
    {
        IObjectCreationOperation creation => creation.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit) ? TokenLimit.Timed : TokenLimit.None,
        IInvocationOperation { TargetMethod.Name: "CreateLinkedTokenSource" } linked => StrongestOf(linked, cancellationToken),
        _ => TokenLimit.Unknown,
    };

    /// <summary>A linked source ends with the first of its tokens.</summary>
    private TokenLimit StrongestOf(IInvocationOperation linked, CancellationToken cancellationToken)
    {
        TokenLimit strongest = TokenLimit.None;
        foreach (IOperation token in linked.Arguments.SelectMany(TokensOf))
        {
            TokenLimit limit = LimitOf(token, cancellationToken);
            strongest = limit > strongest ? limit : strongest;
        }

        return strongest;

        static IEnumerable<IOperation> TokensOf(IArgumentOperation argument) => argument.Value is IArrayCreationOperation { Initializer: { } array }
            ? array.ElementValues.AsEnumerable()
            : [argument.Value];
    }

    /// <summary>Whether <c>CancelAfter</c> is called on the source somewhere in its member, or for a field in its type.</summary>
    private static bool IsCancelledAfter(ISymbol holder, SyntaxNode from)
    {
        SyntaxNode? scope = holder is ILocalSymbol or IParameterSymbol
            ? from.FirstAncestorOrSelf<MemberDeclarationSyntax>(static member => member is not GlobalStatementSyntax)
                ?? (SyntaxNode?)from.FirstAncestorOrSelf<CompilationUnitSyntax>()
            : from.FirstAncestorOrSelf<TypeDeclarationSyntax>();
        return scope?.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(node =>
            node.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CancelAfter" or "TryReset", Expression: SimpleNameSyntax source }
            && source.Identifier.ValueText == holder.Name) == true;
    }
}
