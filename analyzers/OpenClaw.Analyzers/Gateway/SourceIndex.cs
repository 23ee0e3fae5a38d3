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
    private HashSet<string>? _wrappers;
    private HashSet<string>? _markedSteps;
    private HashSet<string>? _givenRpcNames;
    private HashSet<string>? _requestMethods;

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
    public bool NamesGatewayHeaders(CancellationToken cancellationToken)
    {
        foreach (SyntaxTree tree in Trees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (NamesOf(tree).HasGatewayHeader)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a method or local function of this name is declared whose body may lead to a gateway call: it invokes a name of the catalogue,
    /// or the name of such a method.
    /// </summary>
    public bool IsWrapper(string name, CancellationToken cancellationToken)
    {
        if (name.Length == 0)
        {
            return false;
        }

        HashSet<string>? wrappers = Volatile.Read(ref _wrappers);
        if (wrappers is null)
        {
            Volatile.Write(ref _wrappers, wrappers = FindWrappers(cancellationToken));
        }

        return wrappers.Contains(name);
    }

    /// <summary>Whether a method of this name is marked as a step of an agent; without a name, whether any is.</summary>
    public bool IsMarkedStep(string? name = null)
    {
        HashSet<string>? marked = Volatile.Read(ref _markedSteps);
        if (marked is null)
        {
            marked = new(Trees.SelectMany(tree => NamesOf(tree).MarkedSteps), StringComparer.Ordinal);
            Volatile.Write(ref _markedSteps, marked);
        }

        return name is null ? marked.Count > 0 : marked.Contains(name);
    }

    /// <summary>Whether an interface of the sources has a method of this name with an attribute that may say what it requests.</summary>
    public bool IsRequestMethod(string name)
    {
        HashSet<string>? methods = Volatile.Read(ref _requestMethods);
        if (methods is null)
        {
            methods = new(Trees.SelectMany(tree => NamesOf(tree).RequestMethods), StringComparer.Ordinal);
            Volatile.Write(ref _requestMethods, methods);
        }

        return methods.Contains(name);
    }

    /// <summary>The names of the methods that are marked as gateway calls, by themselves or with their type.</summary>
    public IEnumerable<string> MarkedCalls => Trees.SelectMany(tree => NamesOf(tree).MarkedCalls);

    /// <summary>Whether a method of this name is given the name of a gateway's method somewhere, as a literal or as a constant of the sources.</summary>
    public bool IsGivenRpcName(string name, CancellationToken cancellationToken)
    {
        HashSet<string>? given = Volatile.Read(ref _givenRpcNames);
        if (given is null)
        {
            Volatile.Write(ref _givenRpcNames, given = FindGivenRpcNames(cancellationToken));
        }

        return given.Contains(name);
    }

    /// <summary>The invocation's simple method name; empty where it has none.</summary>
    public static string NameOf(InvocationExpressionSyntax invocation) => invocation.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };

    private HashSet<string> FindWrappers(CancellationToken cancellationToken)
    {
        HashSet<string> calls =
        [
            .. _model.Symbols.KnownCallNames,
            .. FindGivenRpcNames(cancellationToken),
            .. MarkedCalls,
            .. Trees.SelectMany(tree => NamesOf(tree).RequestMethods),
        ];
        HashSet<string> first = new(StringComparer.Ordinal);
        HashSet<string> second = new(StringComparer.Ordinal);
        foreach (SyntaxTree tree in Trees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (KeyValuePair<string, HashSet<string>> member in NamesOf(tree).CalledBy)
            {
                if (member.Value.Overlaps(calls))
                {
                    first.Add(member.Key);
                }
            }
        }

        foreach (SyntaxTree tree in Trees)
        {
            foreach (KeyValuePair<string, HashSet<string>> member in NamesOf(tree).CalledBy)
            {
                if (member.Value.Overlaps(first))
                {
                    second.Add(member.Key);
                }
            }
        }

        second.UnionWith(first);
        return second;
    }

    private HashSet<string> FindGivenRpcNames(CancellationToken cancellationToken)
    {
        HashSet<string> given = new(StringComparer.Ordinal);
        HashSet<string> constants = new(StringComparer.Ordinal);
        foreach (SyntaxTree tree in Trees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TreeNames names = NamesOf(tree);
            given.UnionWith(names.GivenRpcNames);
            constants.UnionWith(names.RpcConstants);
        }

        foreach (string constant in constants)
        {
            given.UnionWith(ValuesOf(constant, cancellationToken)
                .Select(value => value.FirstAncestorOrSelf<ArgumentSyntax>()?.Parent?.Parent)
                .OfType<InvocationExpressionSyntax>()
                .Select(NameOf)
                .Where(static name => name.EndsWith("Async", StringComparison.Ordinal)));
        }

        return given;
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

    private static SimpleNameSyntax? TypeNameOf(ObjectCreationExpressionSyntax creation) => creation.Type switch
    {
        QualifiedNameSyntax qualified => qualified.Right,
        AliasQualifiedNameSyntax aliased => aliased.Name,
        var type => type as SimpleNameSyntax,
    };

    private TreeNames NamesOf(SyntaxTree tree) => NamesByTree.GetValue(tree, _read);

    private TreeNames ReadAndCount(SyntaxTree tree)
    {
        _model.Work.TreeRead();
        return Read(tree);
    }

    private static TreeNames Read(SyntaxTree tree)
    {
        var names = new TreeNames();
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
        {
            switch (node)
            {
                case InvocationExpressionSyntax invocation:
                    Add(names.Invocations, invocation.Expression);
                    AddCaller(names.CalledBy, invocation);
                    break;
                case ObjectCreationExpressionSyntax creation when TypeNameOf(creation) is { } type:
                    Add(names.Creations, type.Identifier.ValueText, type.SpanStart);
                    break;
                case ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } creation:
                    Add(names.Creations, "", creation.SpanStart);
                    break;
                case AttributeSyntax { Parent.Parent: MethodDeclarationSyntax method } attribute when attribute.Name.ToString().Contains("AgentStep"):
                    names.MarkedSteps.Add(method.Identifier.ValueText);
                    break;
                case AttributeSyntax { Parent.Parent: MemberDeclarationSyntax marked } attribute when attribute.Name.ToString().Contains("GatewayCall"):
                    names.MarkedCalls.UnionWith(marked.DescendantNodesAndSelf().OfType<MethodDeclarationSyntax>().Select(method => method.Identifier.ValueText));
                    break;
                case AttributeSyntax { Parent.Parent: MethodDeclarationSyntax { Parent: InterfaceDeclarationSyntax } method, ArgumentList.Arguments: [{ Expression: not TypeOfExpressionSyntax }, ..] }:
                    names.RequestMethods.Add(method.Identifier.ValueText);
                    break;
                case LiteralExpressionSyntax literal when GatewayHeaders.IsGatewayHeader(literal.Token.ValueText):
                    names.HasGatewayHeader = true;
                    break;
                case ArgumentSyntax argument:
                    Add(names.Values, argument.Expression);
                    if (argument is { Expression: LiteralExpressionSyntax rpc, Parent.Parent: InvocationExpressionSyntax called } && IsRpcName(rpc) && MayCall(NameOf(called), rpc))
                    {
                        names.GivenRpcNames.Add(NameOf(called));
                    }

                    break;
                case AssignmentExpressionSyntax assignment:
                    Add(names.Values, assignment.Right);
                    break;
                case EqualsValueClauseSyntax initializer:
                    Add(names.Values, initializer.Value);
                    if (initializer is { Value: LiteralExpressionSyntax constant, Parent: VariableDeclaratorSyntax variable } && IsRpcName(constant))
                    {
                        names.RpcConstants.Add(variable.Identifier.ValueText);
                    }

                    break;
            }
        }

        return names;
    }

    private static bool IsRpcName(LiteralExpressionSyntax literal) => literal.Token.Value is string text && GatewayProtocol.TryGetKind(text, out _);

    /// <summary>Words such as <c>status</c> are given to look-ups and comparisons everywhere: without this test all of those would be bound.</summary>
    private static bool MayCall(string method, LiteralExpressionSyntax rpc)
        => method.EndsWith("Async", StringComparison.Ordinal) || GatewayProtocol.IsDistinctive(rpc.Token.ValueText);

    private static void Add(Dictionary<string, List<int>> positions, ExpressionSyntax expression)
    {
        SimpleNameSyntax? name = expression switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name,
            SimpleNameSyntax simple => simple,
            _ => null,
        };
        if (name is not null)
        {
            Add(positions, name.Identifier.ValueText, name.SpanStart);
        }
    }

    private static void Add(Dictionary<string, List<int>> positions, string name, int position)
    {
        if (!positions.TryGetValue(name, out List<int>? list))
        {
            positions.Add(name, list = []);
        }

        list.Add(position);
    }

    private static void AddCaller(Dictionary<string, HashSet<string>> calledBy, InvocationExpressionSyntax invocation)
    {
        for (SyntaxNode? node = invocation.Parent; node is not null; node = node.Parent)
        {
            string? name = node switch
            {
                MethodDeclarationSyntax method => method.Identifier.ValueText,
                LocalFunctionStatementSyntax function => function.Identifier.ValueText,
                _ => null,
            };
            if (name is not null)
            {
                if (!calledBy.TryGetValue(name, out HashSet<string>? called))
                {
                    calledBy.Add(name, called = new(StringComparer.Ordinal));
                }

                called.Add(NameOf(invocation));
            }
        }
    }

    private sealed class TreeNames
    {
        /// <summary>The names that each method and local function of the tree invokes.</summary>
        public Dictionary<string, HashSet<string>> CalledBy { get; } = new(StringComparer.Ordinal);

        public HashSet<string> MarkedSteps { get; } = new(StringComparer.Ordinal);

        /// <summary>The methods of interfaces with an attribute that is given something: a path, perhaps.</summary>
        public HashSet<string> RequestMethods { get; } = new(StringComparer.Ordinal);

        public HashSet<string> MarkedCalls { get; } = new(StringComparer.Ordinal);

        /// <summary>The names of the methods that are invoked with the name of a gateway's method.</summary>
        public HashSet<string> GivenRpcNames { get; } = new(StringComparer.Ordinal);

        /// <summary>The names of constants and variables that hold the name of a gateway's method.</summary>
        public HashSet<string> RpcConstants { get; } = new(StringComparer.Ordinal);

        public bool HasGatewayHeader { get; set; }

        public Dictionary<string, List<int>> Invocations { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, List<int>> Creations { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, List<int>> Values { get; } = new(StringComparer.Ordinal);
    }
}
