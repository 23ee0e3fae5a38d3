using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>
/// One action for one rule. A fix plans its edits from the code as it is and registers nothing when it cannot carry them out;
/// FixAll applies the same plans together.
/// </summary>
public abstract class GatewayCodeFix : CodeFixProvider
{
    private protected GatewayCodeFix(DiagnosticDescriptor descriptor)
    {
        FixableDiagnosticIds = ImmutableArray.Create(descriptor.Id);
        Key = $"{descriptor.Id}.{GetType().Name}";
    }

    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <summary>The equivalence key of the action: the same for every diagnostic, whatever its title says.</summary>
    internal string Key { get; }

    /// <summary>Whether the fix writes code that needs the runtime's package; a fix that does not can be made without it.</summary>
    private protected virtual bool WritesToRuntime => true;

    public sealed override FixAllProvider GetFixAllProvider() => GatewayFixAll.Instance;

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (await PlanAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } plan)
            {
                Solution solution = context.Document.Project.Solution;
                string title = WritesToRuntime && await IsRuntimeMissingAsync(context.Document, context.CancellationToken).ConfigureAwait(false)
                    ? $"{plan.Title} (adds the package OpenClaw.Resilience)"
                    : plan.Title;
                context.RegisterCodeFix(
                    CodeAction.Create(title, cancellationToken => FixPlan.ApplyAsync([plan], solution, cancellationToken), Key),
                    diagnostic);
            }
        }
    }

    /// <summary>Plans the fix of one diagnostic; null where it cannot be fixed.</summary>
    internal async Task<FixPlan?> PlanAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        SemanticModel? semantics = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        if (root is null || semantics is null || IsStale(diagnostic, root)
            || (WritesToRuntime && RuntimeReference.IsMissing(semantics.Compilation) && !RuntimeReference.CanBeAdded(document.Project)))
        {
            return null;
        }

        GatewayModel model = GatewayModel.For(semantics.Compilation, document.Project.AnalyzerOptions);
        model.Use(semantics);
        return Plan(new FixSite(document, diagnostic, root, semantics, model, cancellationToken));
    }

    /// <summary>Whether the diagnostic was made for another text of the file: tools apply one action after the other with the diagnostics that they began with.</summary>
    private static bool IsStale(Diagnostic diagnostic, SyntaxNode root)
        => !root.FullSpan.Contains(diagnostic.Location.SourceSpan)
            || (diagnostic.Location.SourceTree is { } tree && tree != root.SyntaxTree && !tree.GetText().ContentEquals(root.SyntaxTree.GetText()));

    private static async Task<bool> IsRuntimeMissingAsync(Document document, CancellationToken cancellationToken)
        => await document.Project.GetCompilationAsync(cancellationToken).ConfigureAwait(false) is { } compilation && RuntimeReference.IsMissing(compilation);

    /// <summary>Plans the fix; null where it cannot be carried out without changing what the code means.</summary>
    private protected abstract FixPlan? Plan(FixSite site);
}
