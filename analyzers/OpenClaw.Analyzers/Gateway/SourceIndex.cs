using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>
/// Where names are called, handed over and created in the sources of a compilation: the way from a method to its callers, from a client to its registration.
/// </summary>
/// <remarks>
/// Built from syntax alone, one tree at a time, when the first question is asked, and kept as long as the tree: after an edit only the edited tree is read again.
/// Positions are kept, not nodes, which would keep every method body in memory.
/// </remarks>
internal sealed class SourceIndex
{
    private static readonly ConditionalWeakTable<SyntaxTree, TreeNames> NamesByTree = new();

    private readonly GatewayModel _model;
    private readonly ConditionalWeakTable<SyntaxTree, TreeNames>.CreateValueCallback _read;
    private readonly object _gate = new();
    private ProjectNames? _names;
    private int _nextTree = -1;

    public SourceIndex(GatewayModel model)
    {
        _model = model;
        _read = ReadAndCount;
    }

    /// <summary>The sources; none where the compilation has nothing that could call a gateway, so that they are not read for it.</summary>
    private IEnumerable<SyntaxTree> Trees => _model.MayHaveCalls ? _model.Compilation.SyntaxTrees : [];

    /// <summary>The invocations whose method has this simple name.</summary>
    public IEnumerable<InvocationExpressionSyntax> InvocationsOf(string name, CancellationToken cancellationToken)
        => Find<InvocationExpressionSyntax>(name, static names => names.Invocations, cancellationToken);

    /// <summary>The creations of objects of this type name; with an empty name those that leave the type to their target and pass arguments.</summary>
    public IEnumerable<BaseObjectCreationExpressionSyntax> CreationsOf(string name, CancellationToken cancellationToken)
        => Find<BaseObjectCreationExpressionSyntax>(name, static names => names.Creations, cancellationToken);

    /// <summary>The simple names and member accesses of this name that are passed or assigned as a value: perhaps a method handed over as a delegate.</summary>
    public IEnumerable<ExpressionSyntax> ValuesOf(string name, CancellationToken cancellationToken)
        => Find<ExpressionSyntax>(name, static names => names.Values, cancellationToken);

    /// <summary>Whether a string of the sources is the name of a header that only the gateway reads.</summary>
    public bool NamesGatewayHeaders(CancellationToken cancellationToken) => Names(cancellationToken).HasGatewayHeader;

    /// <summary>
    /// Whether a method or local function of this name is declared whose body may lead to a gateway call: it invokes a name of the catalogue,
    /// or the name of such a method.
    /// </summary>
    public bool IsWrapper(string name, CancellationToken cancellationToken) => name.Length > 0 && Names(cancellationToken).Wrappers.Contains(name);

    /// <summary>Whether a method of this name is marked as a step of an agent; without a name, whether any is.</summary>
    public bool IsMarkedStep(string? name = null)
    {
        HashSet<string> marked = Names(CancellationToken.None).MarkedSteps;
        return name is null ? marked.Count > 0 : marked.Contains(name);
    }

    /// <summary>Whether an interface of the sources has a method of this name with an attribute that may say what it requests.</summary>
    public bool IsRequestMethod(string name) => Names(CancellationToken.None).RequestMethods.Contains(name);

    /// <summary>Whether a client has a call of this name that the sources can make: the test that spares every other invocation its binding.</summary>
    public bool IsClientCall(string name) => Names(CancellationToken.None).ClientCalls.Contains(name);

    /// <summary>The names of the methods that are marked as gateway calls, by themselves or with their type.</summary>
    public IReadOnlyCollection<string> MarkedCalls => Names(CancellationToken.None).MarkedCalls;

    /// <summary>Whether a method of this name is given the name of a gateway's method somewhere, as a literal or as a constant of the sources.</summary>
    public bool IsGivenRpcName(string name, CancellationToken cancellationToken) => Names(cancellationToken).GivenRpcNames.Contains(name);

    /// <summary>The invocation's simple method name; empty where it has none.</summary>
    public static string NameOf(InvocationExpressionSyntax invocation) => invocation.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };

    /// <summary>What all trees name, asked once. Threads that ask at the same time share the reading of the trees; one of them draws it together.</summary>
    private ProjectNames Names(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _names) is { } known)
        {
            return known;
        }

        IReadOnlyList<SyntaxTree> trees = [.. Trees];
        for (int i; (i = Interlocked.Increment(ref _nextTree)) < trees.Count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            NamesOf(trees[i]);
        }

        lock (_gate)
        {
            return _names ??= new ProjectNames([.. trees.Select(NamesOf)], _model.Symbols, name => ValuesOf(name, cancellationToken));
        }
    }

    private IEnumerable<TNode> Find<TNode>(
        string name,
        Func<TreeNames, Dictionary<string, List<int>>> kind,
        CancellationToken cancellationToken)
        where TNode : SyntaxNode
    {
        foreach (SyntaxTree tree in Trees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TreeNames names = NamesOf(tree);
            if (kind(names).TryGetValue(name, out List<int>? positions))
            {
                SyntaxNode root = tree.GetRoot(cancellationToken);
                foreach (int position in positions)
                {
                    if (root.FindToken(position).Parent?.FirstAncestorOrSelf<TNode>(node => NameOf(node) == name) is { } node)
                    {
                        yield return node;
                    }
                }
            }
        }
    }

    private static string? NameOf(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax invocation => NameOf(invocation),
        ObjectCreationExpressionSyntax creation => TypeNameOf(creation)?.Identifier.ValueText,
        ImplicitObjectCreationExpressionSyntax => "",
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,

        // Behind a dot the whole access is the value.
        SimpleNameSyntax { Parent: MemberAccessExpressionSyntax access } simple when access.Name == simple => null,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => null,
    };

    public static SimpleNameSyntax? TypeNameOf(ObjectCreationExpressionSyntax creation) => creation.Type switch
    {
        QualifiedNameSyntax qualified => qualified.Right,
        AliasQualifiedNameSyntax aliased => aliased.Name,
        var type => type as SimpleNameSyntax,
    };

    /// <summary>The name of the type that a creation without one takes from its declaration; null where another place decides.</summary>
    public static string? DeclaredTypeNameOf(BaseObjectCreationExpressionSyntax creation)
    {
        TypeSyntax? declared = creation.Parent is EqualsValueClauseSyntax value
            ? value.Parent switch
            {
                VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } => declaration.Type,
                PropertyDeclarationSyntax property => property.Type,
                _ => null,
            }
            : null;
        return (declared is NullableTypeSyntax nullable ? nullable.ElementType : declared) switch
        {
            QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            _ => null,
        };
    }

    private TreeNames NamesOf(SyntaxTree tree) => NamesByTree.GetValue(tree, _read);

    private TreeNames ReadAndCount(SyntaxTree tree)
    {
        _model.Work.TreeRead();
        return TreeNames.Read(tree);
    }
}
