using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>The pipeline that a fix writes: the one in scope, the shared one, or one named after its gateway.</summary>
internal sealed class PipelineName
{
    private readonly bool _needsImport;

    private PipelineName(ExpressionSyntax expression, bool needsImport)
    {
        Expression = expression;
        _needsImport = needsImport;
    }

    public ExpressionSyntax Expression { get; }

    public void Import(DocumentRewriter rewriter)
    {
        if (_needsImport)
        {
            rewriter.Import(Imports.Runtime);
        }
    }

    public static PipelineName? For(FixSite site, GatewayCall call)
    {
        int position = call.Syntax.SpanStart;
        if (InScope(site, position) is { } name)
        {
            return new PipelineName(SyntaxFactory.IdentifierName(name), needsImport: false);
        }

        string type = Imports.NameFor(Imports.Runtime, "GatewayPipeline", site.Semantics, position, out bool needsImport);
        return new PipelineName(SyntaxFactory.ParseExpression(type + Member(site, call, type)), needsImport);
    }

    /// <summary>A field, property, parameter or local of the pipeline's type that the code at the position can use.</summary>
    private static string? InScope(FixSite site, int position)
    {
        bool isStatic = site.Semantics.GetEnclosingSymbol(position, site.CancellationToken) is { IsStatic: true };
        foreach (ISymbol symbol in site.Semantics.LookupSymbols(position))
        {
            ITypeSymbol? type = symbol switch
            {
                IFieldSymbol field => field.Type,
                IPropertySymbol { IsIndexer: false } property => property.Type,
                IParameterSymbol parameter => parameter.Type,
                ILocalSymbol local => local.Type,
                _ => null,
            };
            bool isReachable = symbol switch
            {
                ILocalSymbol => symbol.Locations[0].SourceSpan.End < position,
                IFieldSymbol or IPropertySymbol => symbol.IsStatic || !isStatic,
                _ => true,
            };
            if (ResilienceSymbols.IsGatewayPipeline(type) && isReachable)
            {
                return symbol.Name;
            }
        }

        return null;
    }

    /// <summary>
    /// One gateway: the shared pipeline, whose preset is the careful one. A provider that is proven to be one may be asked again after a 429, which a
    /// gateway must not: it gets a pipeline of its own, as does each of several gateways.
    /// </summary>
    private static string Member(FixSite site, GatewayCall call, string type)
    {
        if (call.Endpoint is { Gateway: GatewayKind.ModelProvider, Host: { } host })
        {
            return $".For(\"{host}\", {type.Replace("GatewayPipeline", "GatewayOptions")}.ForModelProvider)";
        }

        HashSet<string> gateways = [.. GatewaysOf(site)];
        return gateways.Count > 1 && call.Endpoint.Host is { } gateway ? $".For(\"{gateway}\")" : ".Shared";
    }

    /// <summary>The hosts of all gateways that the project calls; providers have pipelines of their own.</summary>
    private static IEnumerable<string> GatewaysOf(FixSite site)
        => site.Model.Compilation.SyntaxTrees
            .SelectMany(tree => tree.GetRoot(site.CancellationToken).DescendantNodes().OfType<InvocationExpressionSyntax>())
            .Select(invocation => site.Model.CallAt(invocation, site.CancellationToken))
            .Select(call => call?.Endpoint)
            .Where(endpoint => endpoint is { Gateway: not GatewayKind.ModelProvider, Host: not null })
            .Select(endpoint => endpoint!.Host!);
}
