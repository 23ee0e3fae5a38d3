using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1109: keeps a pipeline in a static field, so that its breaker sees all calls.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeepPipeline))]
public sealed class KeepPipeline() : GatewayCodeFix(Descriptors.BreakerNeverOpens)
{
    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } part
            || PipelinePerCall.Of(part) is not { } built
            || built.Built.FirstAncestorOrSelf<MemberDeclarationSyntax>(static member => member is BaseMethodDeclarationSyntax)?.Parent is not TypeDeclarationSyntax holder
            || holder is InterfaceDeclarationSyntax
            || site.Semantics.GetTypeInfo(built.Built, site.CancellationToken).Type is not { TypeKind: not TypeKind.Error } type
            || ChainLink.HasComment(built.Declaration ?? (SyntaxNode)built.Built)
            || DependsOnCall(built.Built, site))
        {
            return null;
        }

        string name = NameFor(built, holder);
        string typeName = type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToMinimalDisplayString(site.Semantics, built.Built.SpanStart);
        var plan = new FixPlan("Keep the pipeline, with its breaker, in a field");
        plan.Add(built.Declaration is { } declaration ? [holder, built.Use, declaration] : [holder, built.Use], rewriter =>
        {
            rewriter.Replace(built.Use, current => SyntaxFactory.IdentifierName(name).WithTriviaFrom(current));
            if (built.Declaration is not null)
            {
                rewriter.Remove(built.Declaration);
            }

            rewriter.AddField(holder, $"private static readonly {typeName} {name} = {built.Built.WithoutTrivia()};");
        });
        return plan;
    }

    /// <summary>Whether the pipeline is made of what only the method or the object knows.</summary>
    private static bool DependsOnCall(InvocationExpressionSyntax built, FixSite site)
        => built.DescendantNodes().Any(node => node is ThisExpressionSyntax or BaseExpressionSyntax or AwaitExpressionSyntax
            || (node is IdentifierNameSyntax name && site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol switch
            {
                ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => !IsDeclaredIn(built, name, site),
                IFieldSymbol or IPropertySymbol or IMethodSymbol => name.Parent is not (MemberAccessExpressionSyntax or AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } or NameColonSyntax)
                    ? site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol is { IsStatic: false }
                    : name.Parent is MemberAccessExpressionSyntax access && access.Expression == name && site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol is { IsStatic: false },
                ITypeParameterSymbol => true,
                _ => false,
            }));

    private static bool IsDeclaredIn(SyntaxNode scope, IdentifierNameSyntax name, FixSite site)
        => site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol?.DeclaringSyntaxReferences.Any(reference => scope.Span.Contains(reference.Span)) == true;

    /// <summary>The local's name as a field. Pipelines of other methods take theirs in their order, so that fixing all of them at once gives each its own.</summary>
    private static string NameFor(PipelinePerCall built, TypeDeclarationSyntax type)
    {
        HashSet<string> taken = new(type.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText), StringComparer.Ordinal);
        HashSet<SyntaxNode> named = [];
        string name = "";
        foreach (PipelinePerCall other in type.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(IsBreaker).Select(PipelinePerCall.Of).OfType<PipelinePerCall>())
        {
            if (named.Add(other.Built))
            {
                string local = other.Declaration?.Declaration.Variables[0].Identifier.ValueText ?? "pipeline";
                string wanted = local[0] == '_' ? local : "_" + local;
                name = wanted;
                for (int number = 2; !taken.Add(name); number++)
                {
                    name = wanted + number.ToString(CultureInfo.InvariantCulture);
                }
            }

            if (other.Built == built.Built)
            {
                return name;
            }
        }

        return name;
    }

    private static bool IsBreaker(InvocationExpressionSyntax invocation) => ResiliencePipelines.KindOf(SourceIndex.NameOf(invocation)) == StrategyKind.CircuitBreaker;
}
