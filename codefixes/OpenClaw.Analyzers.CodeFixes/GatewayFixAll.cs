using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>
/// Applies the plans of all diagnostics of a document, project or solution in one step. Roslyn's own provider merges text changes and drops one of
/// two that overlap, as they do where one gateway call is an argument of another; and it cannot change a project file.
/// </summary>
internal sealed class GatewayFixAll : FixAllProvider
{
    public static GatewayFixAll Instance { get; } = new();

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override Task<CodeAction?> GetFixAsync(FixAllContext context)
        => Task.FromResult<CodeAction?>(CodeAction.Create(
            $"Fix all {string.Join(", ", context.DiagnosticIds)}",
            cancellationToken => FixAsync(context, cancellationToken),
            context.CodeActionEquivalenceKey));

    private static async Task<Solution> FixAsync(FixAllContext context, CancellationToken cancellationToken)
    {
        var fix = (GatewayCodeFix)context.CodeFixProvider;
        List<FixPlan> plans = [];
        foreach (Document document in DocumentsOf(context))
        {
            ImmutableArray<Diagnostic> diagnostics = await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);
            foreach (Diagnostic diagnostic in diagnostics.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start))
            {
                if (await fix.PlanAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is { } plan)
                {
                    plans.Add(plan);
                }
            }
        }

        return await FixPlan.ApplyAsync(plans, context.Solution, cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<Document> DocumentsOf(FixAllContext context) => context.Scope switch
    {
        FixAllScope.Document => [context.Document!],
        FixAllScope.Project => context.Project.Documents,
        _ => context.Solution.Projects.Where(project => project.Language == LanguageNames.CSharp).SelectMany(project => project.Documents),
    };
}
