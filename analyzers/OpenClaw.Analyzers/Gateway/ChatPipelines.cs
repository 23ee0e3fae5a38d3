using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"May a decorator in these sources protect the chat clients that are injected": one of the user's own, or a delegate in a builder.</summary>
internal sealed class ChatPipelines
{
    // They log, cache and call functions; none of them retries, breaks or limits.
    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "UseLogging", "UseOpenTelemetry", "UseDistributedCache", "UseFunctionInvocation", "UseChatReducer", "UseToolReduction", "ConfigureOptions", "Build",
    };

    private static readonly string[] BuilderSources = ["AsBuilder", "AddChatClient", "AddKeyedChatClient", "AddEmbeddingGenerator"];

    private readonly GatewayModel _model;
    private readonly Lazy<bool> _mayProtect;

    public ChatPipelines(GatewayModel model)
    {
        _model = model;
        _mayProtect = new(() => BuildersUseMore() || DecoratorsAreUsed());
    }

    public bool MayProtect => _mayProtect.Value;

    private bool BuildersUseMore()
    {
        IEnumerable<ExpressionSyntax> builders = BuilderSources
            .SelectMany(name => _model.Index.InvocationsOf(name, CancellationToken.None))
            .Concat<ExpressionSyntax>(_model.Index.CreationsOf("ChatClientBuilder", CancellationToken.None));
        foreach (ExpressionSyntax builder in builders)
        {
            SyntaxNode end = builder;
            while (end.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next })
            {
                if (!Plain.Contains(SourceIndex.NameOf(next)))
                {
                    return true;
                }

                end = next;
            }

            // A builder in a variable may get anything later.
            if (end.Parent is EqualsValueClauseSyntax or ArgumentSyntax or ReturnStatementSyntax or AssignmentExpressionSyntax
                && end is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Build" } })
            {
                return true;
            }
        }

        return false;
    }

    private bool DecoratorsAreUsed()
    {
        HashSet<string> decorators = new(
            _model.Compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type).OfType<INamedTypeSymbol>().Where(Plumbing.IsChatDecorator).Select(type => type.Name),
            StringComparer.Ordinal);
        return decorators.Count > 0
            && _model.Compilation.SyntaxTrees.Any(tree => tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
                .Any(name => decorators.Contains(name.Identifier.ValueText)));
    }
}
