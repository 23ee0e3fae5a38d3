using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis.CodeActions;
using OpenClaw.Analyzers.Testing;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A test of something that offers code actions: says which action is meant and how it is checked.</summary>
/// <typeparam name="TVerifier">Makes the assertions.</typeparam>
public abstract class CodeActionTest<TVerifier> : AnalyzerTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    /// <summary>
    /// The position, from 0, of the action among all that are offered for a diagnostic; submenus are flattened. By default the first,
    /// unless <see cref="CodeActionEquivalenceKey"/> says otherwise. Where both are set, both must mean the same action.
    /// </summary>
    public int? CodeActionIndex { get; set; }

    /// <summary>The equivalence key of the action; not considered by default.</summary>
    public string? CodeActionEquivalenceKey { get; set; }

    /// <summary>A further check of each action that is applied; none by default.</summary>
    public Action<CodeAction, IVerifier>? CodeActionVerifier { get; set; }

    /// <summary>
    /// How the tree that the action made is checked: by default its nodes and tokens, because later fixes of an editor work on them.
    /// </summary>
    public CodeActionValidationMode CodeActionValidationMode { get; set; } = CodeActionValidationMode.SemanticStructure;

    /// <summary>The enumeration that names the kinds of syntax of the <see cref="AnalyzerTest{TVerifier}.Language"/>.</summary>
    public abstract Type SyntaxKindType { get; }

    /// <summary>Whether a state says anything, so that code actions are expected to lead to it.</summary>
    protected static bool CodeActionExpected(SolutionState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.InheritanceMode is not null
            || state.MarkupHandling is not null
            || state.Sources.Count > 0
            || state.AdditionalFiles.Count > 0
            || state.AnalyzerConfigFiles.Count > 0
            || state.AdditionalFilesFactories.Count > 0;
    }

    /// <summary>Whether two states differ in their files.</summary>
    /// <param name="recursive">Whether the additional projects count too.</param>
    protected static bool HasAnyChange(ProjectState oldState, ProjectState newState, bool recursive)
    {
        ArgumentNullException.ThrowIfNull(oldState);
        ArgumentNullException.ThrowIfNull(newState);
        return Differ(oldState.Sources, newState.Sources)
            || Differ(oldState.AdditionalFiles, newState.AdditionalFiles)
            || Differ(oldState.AnalyzerConfigFiles, newState.AnalyzerConfigFiles)
            || (recursive
                && oldState is SolutionState { AdditionalProjects: var oldProjects }
                && HasAnyChange(oldProjects, ((SolutionState)newState).AdditionalProjects));

        static bool Differ(SourceFileCollection oldFiles, SourceFileCollection newFiles)
            => !oldFiles.SequenceEqual(newFiles, SourceFileComparer.Instance);
    }

    /// <summary>Selects the action to apply.</summary>
    /// <param name="iteration">How many actions were applied before, in this way of fixing.</param>
    /// <param name="actions">All actions that are offered for a diagnostic.</param>
    /// <returns><see langword="null"/> if none is the one that is meant.</returns>
    protected static CodeAction? TryGetCodeActionToApply(
        int iteration,
        ImmutableArray<CodeAction> actions,
        int? codeActionIndex,
        string? codeActionEquivalenceKey,
        Action<CodeAction, IVerifier>? codeActionVerifier,
        IVerifier verifier)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        int index = codeActionIndex ?? 0;
        CodeAction? keyed = actions.FirstOrDefault(candidate => candidate.EquivalenceKey == codeActionEquivalenceKey);
        CodeAction? action = codeActionEquivalenceKey is null ? actions.ElementAtOrDefault(index) : keyed;

        // An action that was found before may be used up.
        if (codeActionIndex is not null && codeActionEquivalenceKey is not null && (keyed is not null || iteration == 0))
        {
            action = actions.ElementAtOrDefault(index);
            verifier.True(
                action?.EquivalenceKey == codeActionEquivalenceKey,
                $"The code action {index} should have the equivalence key '{codeActionEquivalenceKey}'. "
                + $"Offered: {OfferedActions.Describe(actions)}.");
        }

        if (action is not null)
        {
            verifier.False(string.IsNullOrWhiteSpace(action.Title), $"The code action {actions.IndexOf(action)} has no title.");
            codeActionVerifier?.Invoke(action, verifier);
        }

        return action;
    }

    /// <summary>
    /// The actions that can be meant. By default those that do something, in the order in which a menu with its submenus shows them.
    /// </summary>
    protected virtual ImmutableArray<CodeAction> FilterCodeActions(ImmutableArray<CodeAction> actions) => OfferedActions.Flatten(actions);

    /// <summary>Applies an action and parses what it wrote.</summary>
    /// <returns>
    /// The solution after it, whether the action made a new one, and what is wrong with the trees that it made, if anything.
    /// </returns>
    private protected async Task<(Solution Solution, bool Changed, ExceptionDispatchInfo? ValidationError)> ApplyAsync(
        Solution solution, CodeAction action, IVerifier verifier, CancellationToken cancellationToken)
    {
        ImmutableArray<CodeActionOperation> operations = await action.GetOperationsAsync(cancellationToken);
        List<ApplyChangesOperation> changes = [.. operations.OfType<ApplyChangesOperation>()];
        verifier.True(
            changes.Count == 1, $"The code action '{action.Title}' should have one ApplyChangesOperation and has {changes.Count}.");

        var reparsed = new ReparsedSolution(SyntaxKindType, CodeActionValidationMode, verifier);
        Solution changed = await reparsed.ReparseAsync(solution, changes[0].ChangedSolution, cancellationToken);
        changed = await Known.UnifyAsync(changed, cancellationToken);
        return (changed, !ReferenceEquals(changes[0].ChangedSolution, solution), reparsed.Error);
    }

    private static bool HasAnyChange(ProjectCollection oldProjects, ProjectCollection newProjects)
        => oldProjects.Count != newProjects.Count
            || oldProjects.Any(project => !newProjects.TryGetValue(project.Key, out ProjectState? newProject)
                || HasAnyChange(project.Value, newProject, recursive: true));
}
