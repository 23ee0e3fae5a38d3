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
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _semanticModels = new();
    private readonly ConcurrentDictionary<InvocationExpressionSyntax, GatewayCall?> _calls = new();
    private readonly GatewayCalls _recognizer;
    private readonly OwnCalls _wrappers;
    private AnalyzerOptions? _options;

    private GatewayModel(Compilation compilation)
    {
        Compilation = compilation;
        _symbols = new(() => new GatewaySymbols(compilation));
        Index = new(compilation);
        Marks = new(this);
        Values = new(this);
        Callers = new(this);
        Reach = new(this);
        Resilience = new(this);
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

    public SourceIndex Index { get; }

    public MarkedMembers Marks { get; }

    public ValueTracer Values { get; }

    public CallerIndex Callers { get; }

    public GatewayReach Reach { get; }

    public ResilienceSymbols Resilience { get; }

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

        return _calls.GetOrAdd(
            invocation,
            node => OperationAt(node, cancellationToken) is IInvocationOperation operation
                ? _recognizer.TryRecognize(operation, cancellationToken) ?? _wrappers.TryRecognize(operation, cancellationToken)
                : null);
    }

    /// <summary>Whether the invocation has a name that gateway calls have: one look-up in a set or two, before anything is bound.</summary>
    public bool MayBeCall(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
    {
        string name = SourceIndex.NameOf(invocation);
        return GatewaySymbols.CallNames.Contains(name) || _wrappers.MayBeCall(name, invocation.SyntaxTree, cancellationToken);
    }

    /// <summary>The call of a client that the catalogue knows; wrappers of the user's own are none.</summary>
    public GatewayCall? ClientCallAt(IInvocationOperation operation, CancellationToken cancellationToken)
        => GatewaySymbols.CallNames.Contains(operation.TargetMethod.Name) ? _recognizer.TryRecognize(operation, cancellationToken) : null;

    /// <summary>The invocations in the declarations of a method.</summary>
    public IEnumerable<IInvocationOperation> CallsIn(IMethodSymbol method, CancellationToken cancellationToken)
        => DeclarationsOf(method, cancellationToken)
            .SelectMany(declaration => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>())
            .Select(node => OperationAt(node, cancellationToken))
            .OfType<IInvocationOperation>();

    /// <summary>The operation at a node of any tree of the compilation.</summary>
    public IOperation? OperationAt(SyntaxNode node, CancellationToken cancellationToken)
        => SemanticsOf(node.SyntaxTree).GetOperation(node, cancellationToken);

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
