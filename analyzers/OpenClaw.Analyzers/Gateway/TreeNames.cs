using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What one tree names: what it calls, creates and hands over, and where. Positions are kept, not nodes, which would keep every method body in memory.</summary>
internal sealed class TreeNames
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

    /// <summary>The libraries of <see cref="GatewaySymbols.LibrariesToName"/> that the tree names, in a directive or elsewhere.</summary>
    public HashSet<string> Libraries { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, List<int>> Invocations { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, List<int>> Creations { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, List<int>> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a tree: syntax alone, nothing is bound.</summary>
    public static TreeNames Read(SyntaxTree tree)
    {
        var names = new TreeNames();
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
        {
            switch (node)
            {
                case IdentifierNameSyntax { Identifier.ValueText: var name }:
                    if (GatewaySymbols.LibrariesToName.Contains(name))
                    {
                        names.Libraries.Add(name);
                    }

                    break;
                case InvocationExpressionSyntax invocation:
                    Add(names.Invocations, invocation.Expression);
                    AddCaller(names.CalledBy, invocation);
                    break;
                case ObjectCreationExpressionSyntax creation when SourceIndex.TypeNameOf(creation) is { } type:
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
                    if (argument is { Expression: LiteralExpressionSyntax rpc, Parent.Parent: InvocationExpressionSyntax called } && IsRpcName(rpc) && MayCall(SourceIndex.NameOf(called), rpc))
                    {
                        names.GivenRpcNames.Add(SourceIndex.NameOf(called));
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

                called.Add(SourceIndex.NameOf(invocation));
            }
        }
    }
}
