using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing.Model;
using OpenClaw.Analyzers.Testing;

namespace Microsoft.CodeAnalysis.Testing;

/// <content>How fixes are found and applied.</content>
public abstract partial class CodeFixTest<TVerifier>
{
    /// <param name="scope">Where all is fixed at once; <see langword="null"/> to fix one after the other.</param>
    private async Task FixAndVerifyAsync(
        SolutionState oldState,
        SolutionState newState,
        FixAllScope? scope,
        int iterations,
        IVerifier verifier,
        CancellationToken cancellationToken)
    {
        var (primary, additional) = EvaluatedProjectState.Of(oldState, ReferenceAssemblies);
        Project project = await CreateProjectAsync(primary, additional, cancellationToken);
        var run = new FixRun(project.Solution, FixIterations.From(iterations), verifier, cancellationToken)
        {
            Analyzers = [.. GetDiagnosticAnalyzers()],
            Providers = [.. GetCodeFixProviders()],
        };
        await FixAsync(run, scope);
        if (!run.IsImpossible)
        {
            await new FixedSolutionVerifier(run).VerifyAsync(newState);
            run.Verify();
        }
    }

    private async Task FixAsync(FixRun run, FixAllScope? scope)
    {
        ImmutableArray<ReportedDiagnostic> previous = [];
        bool changed;
        do
        {
            ImmutableArray<ReportedDiagnostic> reported =
                await GetDiagnosticsAsync(run.Solution, run.Analyzers, run.Verifier, run.CancellationToken);
            if (reported.IsEmpty || AreSame(reported, previous))
            {
                break;
            }

            if (!run.MayGoOn)
            {
                run.WasStopped = true;
                break;
            }

            previous = reported;
            ImmutableArray<ReportedDiagnostic> fixable = await SelectFixableAsync(run, reported);
            changed = scope is { } inScope
                ? await FixAllAsync(run, inScope, fixable, new TestDiagnosticProvider(reported))
                : await FixOneAsync(run, fixable);
        }
        while (changed && !CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.FixOne));
    }

    /// <summary>Applies the first action that changes something.</summary>
    private async Task<bool> FixOneAsync(FixRun run, ImmutableArray<ReportedDiagnostic> fixable)
    {
        bool isOffered = false;
        bool changed = false;
        for (int i = 0; i < fixable.Length && !changed; i++)
        {
            if (await FindFixAsync(run, fixable[i]) is { } fix)
            {
                isOffered = true;
                changed = await ApplyAsync(run, fix.Action);
            }
        }

        run.Iterations += isOffered ? 1 : 0;
        return changed;
    }

    /// <summary>Fixes all that is like the first diagnostic for which an action is offered.</summary>
    private async Task<bool> FixAllAsync(
        FixRun run, FixAllScope scope, ImmutableArray<ReportedDiagnostic> fixable, TestDiagnosticProvider diagnostics)
    {
        OfferedFix? fix = null;
        for (int i = 0; i < fixable.Length && fix is null; i++)
        {
            fix = await FindFixAsync(run, fixable[i]);
        }

        if (fix is null)
        {
            return false;
        }

        if (fix.Document is not Document && scope == FixAllScope.Document)
        {
            run.IsImpossible = run.Iterations == 0;
            return false;
        }

        FixAllProvider? fixAll = fix.Provider.GetFixAllProvider();
        if (fixAll is null || !fixAll.GetSupportedFixAllScopes().Contains(scope))
        {
            run.Obstacle = $"{fix.Provider.GetType().Name} cannot fix all in the scope {scope}.";
            return false;
        }

        run.Iterations++;
        FixAllContext context = fix.CreateFixAllContext(scope, fixAll, diagnostics, run.CancellationToken);
        if (await fixAll.GetFixAsync(context) is not { } action)
        {
            run.WasDeclined = true;
            run.Obstacle = $"{fixAll.GetType().Name} found nothing to fix.";
            return false;
        }

        return await ApplyAsync(run, action);
    }

    /// <summary>The action that the test means, among those that the providers offer for a diagnostic.</summary>
    private async Task<OfferedFix?> FindFixAsync(FixRun run, ReportedDiagnostic fixable)
    {
        TextDocument document = FixableDocuments.Find(fixable)!;
        List<OfferedFix> offered = [];
        foreach (CodeFixProvider provider in run.Providers.Where(provider => FixableDocuments.CanFix(provider, fixable)))
        {
            ImmutableArray<CodeAction>.Builder actions = ImmutableArray.CreateBuilder<CodeAction>();
            var context = new CodeFixContext(document, fixable.Diagnostic, (action, _) => actions.Add(action), run.CancellationToken);
            await provider.RegisterCodeFixesAsync(context);
            offered.AddRange(FilterCodeActions(actions.ToImmutable())
                .Select(action => new OfferedFix(fixable.Diagnostic, document, provider, action)));
        }

        ImmutableArray<CodeAction> all = [.. offered.Select(fix => fix.Action)];
        CodeAction? selected = TryGetCodeActionToApply(
            run.Iterations, all, CodeActionIndex, CodeActionEquivalenceKey, CodeActionVerifier, run.Verifier);
        run.Obstacle = (selected, all) switch
        {
            (not null, _) => null,
            (null, []) => run.Obstacle,
            _ => $"None of the offered code actions is the one with the index {CodeActionIndex ?? 0} and the equivalence key "
                + $"'{CodeActionEquivalenceKey ?? "(any)"}'. Offered: {OfferedActions.Describe(all)}.",
        };
        return offered.Find(fix => fix.Action == selected);
    }

    private async Task<bool> ApplyAsync(FixRun run, CodeAction action)
    {
        Solution before = run.Solution;
        (run.Solution, bool changed, ExceptionDispatchInfo? error) =
            await ApplyAsync(before, action, run.Verifier, run.CancellationToken);
        run.ValidationError ??= error;
        if (!ReferenceEquals(run.Solution, before))
        {
            run.Applied(action.Title);
        }

        return changed;
    }

    private async Task<ImmutableArray<ReportedDiagnostic>> SelectFixableAsync(FixRun run, ImmutableArray<ReportedDiagnostic> reported)
    {
        ImmutableArray<ReportedDiagnostic> fixable =
            [.. reported.Where(item => run.Providers.Any(provider => FixableDocuments.CanFix(provider, item)))];
        run.Obstacle = fixable.IsEmpty
            ? $"Nothing of what is reported ({Ids(reported)}) is in a file and of an id that a provider can fix "
                + $"({string.Join(", ", run.Providers.SelectMany(provider => provider.FixableDiagnosticIds).Distinct())})."
            : $"The providers registered no code action for what is reported ({Ids(fixable)}).";

        await VerifyLocalAsync(run, fixable);
        if (!CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.FixOne))
        {
            return fixable;
        }

        Diagnostic? selected = TrySelectDiagnosticToFix([.. fixable.Select(item => item.Diagnostic)]);
        return [.. fixable.Where(item => item.Diagnostic == selected).Take(1)];
    }

    private async Task VerifyLocalAsync(FixRun run, ImmutableArray<ReportedDiagnostic> fixable)
    {
        if (CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.SkipLocalDiagnosticCheck) || fixable.IsEmpty || run.Analyzers.IsEmpty)
        {
            return;
        }

        IReadOnlySet<Diagnostic> nonLocal = await Known.GetNonLocalDiagnosticsAsync(
            run.Solution, project => GetNonLocalDiagnosticsAsync(run, project));
        foreach (ReportedDiagnostic item in fixable)
        {
            Verify.False(
                nonLocal.Contains(item.Diagnostic),
                "A fix is tested for a diagnostic that is not local: it is reported at the end of a compilation or in another file "
                + "than the analysed one, so an editor may not have it. Set "
                + $"{nameof(CodeFixTestBehaviors.SkipLocalDiagnosticCheck)} if that is meant. {item.Diagnostic}");
        }
    }

    private async Task<IEnumerable<Diagnostic>> GetNonLocalDiagnosticsAsync(FixRun run, Project project)
    {
        (CompilationWithAnalyzers analysis, _) =
            await StartAnalysisAsync(project, run.Analyzers, run.Verifier, run.CancellationToken);
        AnalysisResult result = await analysis.GetAnalysisResultAsync(run.CancellationToken);
        return result.CompilationDiagnostics.Values.SelectMany(diagnostics => diagnostics);
    }

    private static string Ids(ImmutableArray<ReportedDiagnostic> diagnostics)
        => string.Join(", ", diagnostics.Select(item => item.Diagnostic.Id).Distinct());

    /// <summary>Whether the same is reported at the same places as before the last action: then the next would do the same again.</summary>
    private static bool AreSame(ImmutableArray<ReportedDiagnostic> x, ImmutableArray<ReportedDiagnostic> y)
        => x.Length == y.Length && x.Zip(y).All(pair =>
            pair.First.Project.Id == pair.Second.Project.Id
            && pair.First.Diagnostic.Id == pair.Second.Diagnostic.Id
            && pair.First.Diagnostic.Location.SourceSpan == pair.Second.Diagnostic.Location.SourceSpan);
}
