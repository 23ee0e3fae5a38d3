using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What a cancellation token says about time.</summary>
internal enum TokenLimit
{
    /// <summary>It carries no time limit: none at all, a shutdown token, or only what a caller passes.</summary>
    None,

    /// <summary>The caller of a library passes it and decides alone.</summary>
    OfCaller,

    /// <summary>It may carry one.</summary>
    Unknown,

    /// <summary>It is cancelled after a time.</summary>
    Timed,
}

/// <summary>"Does this token end the wait": followed to its source, linked sources and callers in sight.</summary>
internal sealed class TokenTracer
{
    private readonly GatewayModel _model;
    private readonly TokenSources _sources;

    public TokenTracer(GatewayModel model)
    {
        _model = model;
        _sources = new(model, this);
    }

    public TokenSources Sources => _sources;

    /// <summary>The limit on the worst way: one caller without a limit is enough to wait for ever.</summary>
    public TokenLimit LimitOf(IOperation token, CancellationToken cancellationToken)
        => LimitOf(token, new Dictionary<object, TokenLimit>(), cancellationToken);

    /// <param name="token">The token.</param>
    /// <param name="sources">What is known of the sources on the way here: they may be linked in a circle.</param>
    /// <param name="cancellationToken">Ends the analysis.</param>
    public TokenLimit LimitOf(IOperation token, Dictionary<object, TokenLimit> sources, CancellationToken cancellationToken)
    {
        if (token is IParameterReferenceOperation { Parameter: var parameter }
            && (MayComeThroughEnumeration(parameter, cancellationToken) || IsReplaced(parameter, cancellationToken)))
        {
            return TokenLimit.Unknown;
        }

        TokenLimit weakest = TokenLimit.Timed;
        foreach (Origin origin in _model.Values.OriginsOf(token, call: null, cancellationToken))
        {
            TokenLimit limit = LimitOfOrigin(origin.Operation, sources, cancellationToken);
            weakest = limit < weakest ? limit : weakest;
        }

        return weakest;
    }

    private TokenLimit LimitOfOrigin(IOperation token, Dictionary<object, TokenLimit> sources, CancellationToken cancellationToken)
    {
        switch (token)
        {
            case IDefaultValueOperation or IPropertyReferenceOperation { Property: { Name: "None", ContainingType.Name: "CancellationToken" } }:
            case IObjectCreationOperation { Type.Name: "CancellationToken" }:
                return TokenLimit.None;
            case IPropertyReferenceOperation { Property.Name: "Token", Instance: { } source }:
                return _sources.LimitOf(source, sources, cancellationToken);
            case IParameterReferenceOperation parameter:
                return LimitOfParameter(parameter.Parameter, cancellationToken);
            case IPropertyReferenceOperation { Property.Name: "ApplicationStopping" or "ApplicationStopped" or "ApplicationStarted" }:
                return TokenLimit.None;
            case IPropertyReferenceOperation { Property.Name: "RequestAborted" }:
                return LimitOfRequest(cancellationToken);
            default:
                return TokenLimit.Unknown;
        }
    }

    /// <summary>
    /// A parameter that no call in sight fills. In a program nobody else calls the method but a host, whose tokens end with the request or the program;
    /// the callers of a library, of a constructor and of a lambda that is mapped to no route are out of sight.
    /// </summary>
    private TokenLimit LimitOfParameter(IParameterSymbol parameter, CancellationToken cancellationToken)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol method
            || !_model.Callers.AreAllReferencesKnown(method, cancellationToken)
            || IsReplaced(parameter, cancellationToken))
        {
            return TokenLimit.Unknown;
        }

        IReadOnlyList<SyntaxNode> functions = [.. FunctionsOf(method, cancellationToken)];
        if (functions.Count > 0 || method.MethodKind is not (MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.ExplicitInterfaceImplementation))
        {
            return functions.Count > 0 && functions.All(function => RequestHandlers.IsMapped(function, _model, cancellationToken))
                ? LimitOfRequest(cancellationToken)
                : TokenLimit.Unknown;
        }

        if (ContractOf(method) is { } contract)
        {
            return LimitByContract(contract);
        }

        bool hasCallersInSightOnly = method.MethodKind == MethodKind.LocalFunction
            || method.DeclaredAccessibility == Accessibility.Private
            || CompilationFacts.IsProgram(_model.Compilation);
        return !hasCallersInSightOnly ? TokenLimit.OfCaller
            : _model.Callers.AreAllCallsKnown(method, cancellationToken) ? LimitOfRequest(cancellationToken)
            : TokenLimit.Unknown;
    }

    /// <summary>Where the method is a value: a lambda itself, or the places where a method is handed over.</summary>
    private IEnumerable<SyntaxNode> FunctionsOf(IMethodSymbol method, CancellationToken cancellationToken)
        => method.MethodKind == MethodKind.AnonymousFunction
            ? _model.DeclarationsOf(method, cancellationToken)
            : _model.Callers.ReferencesTo(method, cancellationToken).Select(reference => reference.Syntax);

    /// <summary>The token of a request ends when the client goes away, and after a time only where the sources ask the host for it.</summary>
    public TokenLimit LimitOfRequest(CancellationToken cancellationToken)
        => _model.Index.InvocationsOf("AddRequestTimeouts", cancellationToken).Any() ? TokenLimit.Unknown : TokenLimit.None;

    /// <summary>The method of another assembly that this one overrides or implements, so that code out of sight calls it.</summary>
    private IMethodSymbol? ContractOf(IMethodSymbol method)
    {
        for (IMethodSymbol? overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (!_model.IsDeclaredHere(overridden))
            {
                return overridden;
            }
        }

        return method.ContainingType?.AllInterfaces
            .Where(implemented => !_model.IsDeclaredHere(implemented))
            .SelectMany(implemented => implemented.GetMembers().OfType<IMethodSymbol>())
            .FirstOrDefault(member => method.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), SymbolEqualityComparer.Default));
    }

    /// <summary>A hosted service works until the program stops, and has a limited time only for stopping.</summary>
    private static TokenLimit LimitByContract(IMethodSymbol contract)
        => !contract.ContainingType.IsWithin("Microsoft.Extensions.Hosting") ? TokenLimit.Unknown
            : contract.Name.StartsWith("Stop", StringComparison.Ordinal) ? TokenLimit.Timed
            : TokenLimit.None;

    /// <summary>Whether the method puts another token into its parameter, as <c>token = linked.Token</c>: what callers pass is no longer what a call gets.</summary>
    private bool IsReplaced(IParameterSymbol parameter, CancellationToken cancellationToken)
        => _model.DeclarationsOf(parameter.ContainingSymbol, cancellationToken)
            .SelectMany(declaration => declaration.DescendantNodes().OfType<AssignmentExpressionSyntax>())
            .Any(assignment => assignment.Left is IdentifierNameSyntax name && name.Identifier.ValueText == parameter.Name);

    /// <summary>An asynchronous iterator gets its token from <c>WithCancellation</c> at the loop, not only as an argument.</summary>
    private bool MayComeThroughEnumeration(IParameterSymbol parameter, CancellationToken cancellationToken)
        => parameter.ContainingSymbol is IMethodSymbol method
            && parameter.HasAttribute("System.Runtime.CompilerServices", "EnumeratorCancellationAttribute")
            && (!_model.Callers.AreAllCallsKnown(method, cancellationToken)
                || _model.Callers.CallsOf(method, cancellationToken)
                    .Any(call => call.Syntax.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WithCancellation" }));
}
