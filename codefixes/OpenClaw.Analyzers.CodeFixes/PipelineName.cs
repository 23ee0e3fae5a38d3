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
        foreach (ISymbol symbol in site.Semantics.LookupSymbols(position))
        {
            ITypeSymbol? type = symbol switch
            {
                IFieldSymbol field => field.Type,
                IPropertySymbol { IsIndexer: false, GetMethod: not null } property => property.Type,
                IParameterSymbol { RefKind: not RefKind.Out } parameter => parameter.Type,
                ILocalSymbol local when IsAssigned(local, position, site) => local.Type,
                _ => null,
            };
            if (ResilienceSymbols.IsGatewayPipeline(type) && type!.NullableAnnotation != NullableAnnotation.Annotated && IsReachable(symbol, position, site))
            {
                return symbol.Name;
            }
        }

        return null;
    }

    private static bool IsAssigned(ILocalSymbol local, int position, FixSite site)
        => local.DeclaringSyntaxReferences is [var reference]
            && reference.GetSyntax(site.CancellationToken) is VariableDeclaratorSyntax { Initializer.Value: not LiteralExpressionSyntax } variable
            && variable.Span.End < position;

    /// <summary>Whether the functions between the symbol's declaration and the position may use it.</summary>
    private static bool IsReachable(ISymbol symbol, int position, FixSite site)
    {
        if (symbol.IsStatic)
        {
            return true;
        }

        ISymbol? around = site.Semantics.GetEnclosingSymbol(position, site.CancellationToken);
        for (; around is IMethodSymbol && !around.Equals(symbol.ContainingSymbol, SymbolEqualityComparer.Default); around = around.ContainingSymbol)
        {
            if (around.IsStatic)
            {
                return false;
            }
        }

        // An instance member, or a parameter of a primary constructor: not before the object is there, and not from a nested type.
        return around is IMethodSymbol
            || (around is INamedTypeSymbol type && symbol.ContainingType is { } owner && type.IsOrInherits(owner.OriginalDefinition) && !IsBeforeConstruction(position, site));
    }

    private static bool IsBeforeConstruction(int position, FixSite site)
        => site.Semantics.SyntaxTree.GetRoot(site.CancellationToken).FindToken(position).Parent!.Ancestors()
            .TakeWhile(node => node is not TypeDeclarationSyntax)
            .Any(node => node is ConstructorInitializerSyntax);

    /// <summary>
    /// One gateway: the shared pipeline, whose preset is the careful one. A provider that is proven to be one may be asked again after a 429, which a
    /// gateway must not: it gets a pipeline of its own, as does each of several gateways.
    /// </summary>
    private static string Member(FixSite site, GatewayCall call, string type) => OwnNameFor(site, call) switch
    {
        null => ".Shared",
        var provider when call.Endpoint.Gateway == GatewayKind.ModelProvider => $".For(\"{provider}\", {type.Replace("GatewayPipeline", "GatewayOptions")}.ForModelProvider)",
        var gateway => $".For(\"{gateway}\")",
    };

    /// <summary>The name of the pipeline of the call's gateway; null where it is the shared one.</summary>
    public static string? OwnNameFor(FixSite site, GatewayCall call)
        => call.Endpoint.Host is { } host && (call.Endpoint.Gateway == GatewayKind.ModelProvider || GatewaysOf(site).Distinct().Skip(1).Any()) ? host : null;

    /// <summary>The hosts of all gateways that the project calls; providers have pipelines of their own.</summary>
    private static IEnumerable<string> GatewaysOf(FixSite site)
        => site.Model.Compilation.SyntaxTrees
            .SelectMany(tree => tree.GetRoot(site.CancellationToken).DescendantNodes().OfType<InvocationExpressionSyntax>())
            .Select(invocation => site.Model.CallAt(invocation, site.CancellationToken))
            .Select(call => call?.Endpoint)
            .Where(endpoint => endpoint is { Gateway: not GatewayKind.ModelProvider, Host: not null })
            .Select(endpoint => endpoint!.Host!);
}
