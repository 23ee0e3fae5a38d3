using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What the sources of a compilation name, all trees together: the tests by name that spare nearly every invocation its binding.</summary>
internal sealed class ProjectNames
{
    /// <param name="trees">What each tree names.</param>
    /// <param name="symbols">The calls that the compilation can make by the libraries it refers to.</param>
    /// <param name="valuesOf">Where a name is passed on as a value.</param>
    public ProjectNames(IReadOnlyList<TreeNames> trees, GatewaySymbols symbols, Func<string, IEnumerable<ExpressionSyntax>> valuesOf)
    {
        HashSet<string> constants = new(StringComparer.Ordinal);
        HashSet<string> libraries = new(StringComparer.Ordinal);
        foreach (TreeNames tree in trees)
        {
            MarkedSteps.UnionWith(tree.MarkedSteps);
            MarkedCalls.UnionWith(tree.MarkedCalls);
            RequestMethods.UnionWith(tree.RequestMethods);
            GivenRpcNames.UnionWith(tree.GivenRpcNames);
            constants.UnionWith(tree.RpcConstants);
            libraries.UnionWith(tree.Libraries);
            HasGatewayHeader |= tree.HasGatewayHeader;
        }

        foreach (string constant in constants)
        {
            GivenRpcNames.UnionWith(valuesOf(constant)
                .Select(value => value.FirstAncestorOrSelf<ArgumentSyntax>()?.Parent?.Parent)
                .OfType<InvocationExpressionSyntax>()
                .Select(SourceIndex.NameOf)
                .Where(static name => name.EndsWith("Async", StringComparison.Ordinal)));
        }

        ClientCalls = new(symbols.CallNamesIn(libraries), StringComparer.Ordinal);
        HashSet<string> calls = new(ClientCalls, StringComparer.Ordinal);
        calls.UnionWith(GivenRpcNames);
        calls.UnionWith(MarkedCalls);
        calls.UnionWith(RequestMethods);
        Wrappers = CallersOf(calls, trees);
        Wrappers.UnionWith(CallersOf(Wrappers, trees));
    }

    /// <summary>The names of the calls of clients that these sources can make.</summary>
    public HashSet<string> ClientCalls { get; }

    /// <summary>The methods that are marked as steps of an agent.</summary>
    public HashSet<string> MarkedSteps { get; } = new(StringComparer.Ordinal);

    /// <summary>The methods that are marked as gateway calls, by themselves or with their type.</summary>
    public HashSet<string> MarkedCalls { get; } = new(StringComparer.Ordinal);

    /// <summary>The methods of interfaces with an attribute that may say what they request.</summary>
    public HashSet<string> RequestMethods { get; } = new(StringComparer.Ordinal);

    /// <summary>The methods that are given the name of a gateway's method, as a literal or as a constant of the sources.</summary>
    public HashSet<string> GivenRpcNames { get; } = new(StringComparer.Ordinal);

    /// <summary>The methods and local functions that invoke a gateway call by name, or one that does.</summary>
    public HashSet<string> Wrappers { get; }

    /// <summary>Whether a string is the name of a header that only the gateway reads.</summary>
    public bool HasGatewayHeader { get; }

    private static HashSet<string> CallersOf(HashSet<string> calls, IReadOnlyList<TreeNames> trees)
    {
        HashSet<string> callers = new(StringComparer.Ordinal);
        foreach (TreeNames tree in trees)
        {
            foreach (KeyValuePair<string, HashSet<string>> member in tree.CalledBy)
            {
                // The look-ups are as many as the member has calls, not as the catalogue has.
                if (calls.Overlaps(member.Value))
                {
                    callers.Add(member.Key);
                }
            }
        }

        return callers;
    }
}
