using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What the rules know of one compilation. Every analyzer and every fix asks the same instance, so that a question is answered once.</summary>
internal sealed class GatewayModel
{
    private static readonly ConditionalWeakTable<Compilation, GatewayModel> Models = new();

    private readonly Lazy<GatewaySymbols> _symbols;
    private readonly Lazy<bool> _mayHaveCalls;
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _semanticModels = new();
    private readonly ConcurrentDictionary<InvocationExpressionSyntax, GatewayCall?> _calls = new();
    private readonly GatewayCalls _recognizer;
    private readonly OwnCalls _wrappers;
    private AnalyzerOptions? _options;

    private GatewayModel(Compilation compilation)
    {
        Compilation = compilation;
        _symbols = new(() => new GatewaySymbols(compilation, Work));
        _mayHaveCalls = new(HasAnythingToCall);
        Index = new(this);
        Marks = new(this);
        Values = new(this);
        Callers = new(this);
        Reach = new(this);
        Resilience = new(this);
        Pipelines = new(this);
        Retries = new(this);
        Clients = new(this);
        Registrations = new(this);
        Protection = new(this);
        Deadlines = new(this);
        Sessions = new(this);
        _recognizer = new(this);
        _wrappers = new(this);
    }

    public Compilation Compilation { get; }

    public GatewaySymbols Symbols => _symbols.Value;

    public WorkCounters Work { get; } = new();

    /// <summary>
    /// Whether the compilation refers to, or declares, anything by which a gateway could be called. One that has no HTTP client and no mark is left unread.
    /// </summary>
    public bool MayHaveCalls => _mayHaveCalls.Value;

    public SourceIndex Index { get; }

    public MarkedMembers Marks { get; }

    public ValueTracer Values { get; }

    public CallerIndex Callers { get; }

    public GatewayReach Reach { get; }

    public ResilienceSymbols Resilience { get; }

    public ResiliencePipelines Pipelines { get; }

    public RetryLayers Retries { get; }

    public ClientProvenance Clients { get; }

    public ClientRegistrations Registrations { get; }

    public CallProtection Protection { get; }

    public CallDeadline Deadlines { get; }

    public SessionKeys Sessions { get; }

    /// <summary>What the user configures; the same for all who ask about one compilation.</summary>
    public AnalyzerOptions? Options => Volatile.Read(ref _options);

    public static GatewayModel For(Compilation compilation, AnalyzerOptions options)
    {
        GatewayModel model = Models.GetValue(compilation, static compilation => new GatewayModel(compilation));
        Interlocked.CompareExchange(ref model._options, options, null);
        return model;
    }

    /// <summary>The gateway call at this invocation, or null where it is none or nothing proves that it is one.</summary>
    public GatewayCall? CallAt(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
    {
        if (!MayBeCall(invocation, cancellationToken))
        {
            return null;
        }

        // No closure: it would be allocated for every invocation that is asked about.
        return _calls.TryGetValue(invocation, out GatewayCall? known) ? known : _calls.GetOrAdd(invocation, Recognize(invocation, cancellationToken));
    }

    /// <summary>Whether the invocation has a name that gateway calls have: one look-up in a set or two, before anything is bound.</summary>
    public bool MayBeCall(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
    {
        string name = SourceIndex.NameOf(invocation);
        return Index.IsClientCall(name) || Index.IsRequestMethod(name) || _wrappers.MayBeCall(name, invocation.SyntaxTree, cancellationToken);
    }

    /// <summary>
    /// Whether the invocation may make a gateway call or lead to one: by its name, by that of a method whose body does, or by a lambda that it is given.
    /// </summary>
    public bool MayLeadToCall(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
        => MayBeCall(invocation, cancellationToken)
            || Index.IsWrapper(SourceIndex.NameOf(invocation), cancellationToken)
            || HasLambda(invocation);

    private bool HasAnythingToCall() => Symbols.HasClients || Marks.Exist || GatewayNames.NameReference(Compilation);

    private static bool HasLambda(InvocationExpressionSyntax invocation)
    {
        foreach (ArgumentSyntax argument in invocation.ArgumentList.Arguments)
        {
            if (argument.Expression is AnonymousFunctionExpressionSyntax)
            {
                return true;
            }
        }

        return false;
    }

    private GatewayCall? Recognize(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
        => OperationAt(invocation, cancellationToken) is IInvocationOperation operation
            ? _recognizer.TryRecognize(operation, cancellationToken) ?? _wrappers.TryRecognize(operation, cancellationToken)
            : null;

    /// <summary>The call of a client that the catalogue knows; wrappers of the user's own are none.</summary>
    public GatewayCall? ClientCallAt(IInvocationOperation operation, CancellationToken cancellationToken)
        => Symbols.HasCall(operation.TargetMethod.Name) || Index.IsRequestMethod(operation.TargetMethod.Name) ? _recognizer.TryRecognize(operation, cancellationToken) : null;

    /// <summary>The invocations in the declarations of a method.</summary>
    public IEnumerable<InvocationExpressionSyntax> InvocationsIn(ISymbol method, CancellationToken cancellationToken)
        => DeclarationsOf(method, cancellationToken).SelectMany(declaration => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>());

    /// <summary>The method that is invoked; of these sources also where an argument without a type keeps the invocation from being bound.</summary>
    public IMethodSymbol? TargetOf(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
        => OperationAt(invocation, cancellationToken) is IInvocationOperation call ? call.TargetMethod : UnboundCalls.TargetOf(invocation, this, cancellationToken);

    /// <summary>The operation at a node of any tree of the compilation.</summary>
    public IOperation? OperationAt(SyntaxNode node, CancellationToken cancellationToken)
    {
        Work.Bound(node);
        return SemanticsOf(node.SyntaxTree).GetOperation(node, cancellationToken);
    }

    /// <summary>
    /// The declarations of a symbol in this compilation. A project that is referred to as a compilation has sources as well, in an editor but not in
    /// a build: they are out of sight here, so that both say the same.
    /// </summary>
    public IEnumerable<SyntaxNode> DeclarationsOf(ISymbol symbol, CancellationToken cancellationToken)
        => IsDeclaredHere(symbol) ? symbol.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellationToken)) : [];

    public bool IsDeclaredHere(ISymbol symbol)
        => symbol.DeclaringSyntaxReferences.Length > 0 && Compilation.Assembly.Equals(symbol.ContainingAssembly, SymbolEqualityComparer.Default);

    public ISymbol? DeclaredAt(SyntaxNode node, CancellationToken cancellationToken)
        => SemanticsOf(node.SyntaxTree).GetDeclaredSymbol(node, cancellationToken);

    /// <summary>Uses the semantic model at hand for its tree, which has bound the analysed body already.</summary>
    public void Use(SemanticModel semanticModel) => _semanticModels.TryAdd(semanticModel.SyntaxTree, semanticModel);

    // A caller, a constructor or a registration may stand in another file than the call. Asked on demand, one model per tree,
    // and only below a recognised call, which is what the rule against this (RS1030) is about.
#pragma warning disable RS1030
    public SemanticModel SemanticsOf(SyntaxTree tree)
        => _semanticModels.GetOrAdd(tree, tree => Compilation.GetSemanticModel(tree));
#pragma warning restore RS1030
}
