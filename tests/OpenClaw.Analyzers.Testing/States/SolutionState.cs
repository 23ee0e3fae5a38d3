using System.Collections.Immutable;
using OpenClaw.Analyzers.Testing;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// What a test says about a solution at one moment: its first project, further projects and the diagnostics reported in them.
/// </summary>
public class SolutionState : ProjectState
{
    /// <inheritdoc/>
    public SolutionState(string name, string language, string defaultPrefix, string defaultExtension)
        : base(name, language, defaultPrefix, defaultExtension)
    {
        AdditionalProjects = new ProjectCollection(language, defaultExtension);
    }

    /// <summary>
    /// What is taken from the state before. <see langword="null"/> means <see cref="StateInheritanceMode.Explicit"/> for the test
    /// state, <see cref="StateInheritanceMode.AutoInheritAll"/> for a later state that states the same files or none, and
    /// <see cref="StateInheritanceMode.AutoInherit"/> for one with other files.
    /// </summary>
    public StateInheritanceMode? InheritanceMode { get; set; }

    /// <summary>
    /// What markup in the files means. <see langword="null"/> means <see cref="MarkupMode.Allow"/> for the test state, the mode of
    /// the state before for a later state that states the same files or none, and <see cref="MarkupMode.IgnoreFixable"/> for one
    /// with other files.
    /// </summary>
    public MarkupMode? MarkupHandling { get; set; }

    /// <summary>
    /// The further projects. Add the name of one to <see cref="ProjectState.AdditionalProjectReferences"/> to refer to it.
    /// </summary>
    public ProjectCollection AdditionalProjects { get; }

    /// <summary>The diagnostics that are expected besides those of the markup.</summary>
    public List<DiagnosticResult> ExpectedDiagnostics { get; } = [];

    /// <summary>Completes this state with what it inherits.</summary>
    /// <param name="baseState">The state before, itself completed; <see langword="null"/> for the first.</param>
    /// <param name="fixableDiagnostics">The ids that fixes of the test can fix.</param>
    /// <returns>A state that stands for itself, with the files of the factories.</returns>
    public SolutionState WithInheritedValuesApplied(SolutionState? baseState, ImmutableArray<string> fixableDiagnostics)
        => StateInheritance.Apply(this, baseState, fixableDiagnostics);

    /// <summary>Reads the markup of all files.</summary>
    /// <param name="defaultDiagnostic">What unnamed spans and positions mean; <see langword="null"/> if they mean nothing.</param>
    /// <param name="supportedDiagnostics">What named spans can mean, besides errors of the compiler.</param>
    /// <param name="fixableDiagnostics">The ids that fixes of the test can fix.</param>
    /// <param name="defaultPath">The file of expected diagnostics that name none.</param>
    /// <returns>A state without markup, whose expected diagnostics include those of the markup.</returns>
    /// <exception cref="InvalidOperationException">
    /// <see cref="WithInheritedValuesApplied"/> was not called before, or the markup is ambiguous.
    /// </exception>
    public SolutionState WithProcessedMarkup(
        MarkupOptions markupOptions,
        DiagnosticDescriptor? defaultDiagnostic,
        ImmutableArray<DiagnosticDescriptor> supportedDiagnostics,
        ImmutableArray<string> fixableDiagnostics,
        string defaultPath)
    {
        if (InheritanceMode != StateInheritanceMode.Explicit || MarkupHandling is not { } mode)
        {
            throw new InvalidOperationException($"Call {nameof(WithInheritedValuesApplied)} before {nameof(WithProcessedMarkup)}.");
        }

        var markup = new StateMarkup(mode, markupOptions, defaultDiagnostic, supportedDiagnostics, fixableDiagnostics);
        SolutionState result = CopyWithoutFilesAndProjects();
        result.MarkupHandling = MarkupMode.None;
        result.InheritanceMode = StateInheritanceMode.Explicit;
        markup.MoveFiles(this, result);
        foreach ((string name, ProjectState project) in AdditionalProjects)
        {
            ProjectState processed = project.CopyWithoutFiles();
            markup.MoveFiles(project, processed);
            result.AdditionalProjects.Add(name, processed);
        }

        result.ExpectedDiagnostics.AddRange(markup.Complete(ExpectedDiagnostics, defaultPath));
        return result;
    }

    /// <summary>Copies what is said about the first project, except its files.</summary>
    internal SolutionState CopyWithoutFilesAndProjects()
    {
        var copy = new SolutionState(Name, Language, DefaultPrefix, DefaultExtension)
        {
            ReferenceAssemblies = ReferenceAssemblies,
            OutputKind = OutputKind,
            DocumentationMode = DocumentationMode,
        };
        copy.AdditionalProjectReferences.AddRange(AdditionalProjectReferences);
        copy.AdditionalReferences.AddRange(AdditionalReferences);
        return copy;
    }
}
