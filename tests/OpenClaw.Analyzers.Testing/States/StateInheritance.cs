using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Testing;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Completes a state with what it leaves unsaid and the state before it says.</summary>
internal static class StateInheritance
{
    public static SolutionState Apply(SolutionState state, SolutionState? baseState, ImmutableArray<string> fixableDiagnostics)
    {
        if (baseState?.AdditionalFilesFactories.Count > 0)
        {
            throw new InvalidOperationException("A state can inherit only from one that is itself complete.");
        }

        (StateInheritanceMode inheritance, MarkupMode markup) = Modes(state, baseState);
        SolutionState result = state.CopyWithoutFilesAndProjects();
        result.InheritanceMode = StateInheritanceMode.Explicit;
        result.MarkupHandling = markup;
        result.Sources.AddRange(state.Sources);
        result.AdditionalFiles.AddRange(state.AdditionalFiles);
        result.AnalyzerConfigFiles.AddRange(state.AnalyzerConfigFiles);
        result.ExpectedDiagnostics.AddRange(state.ExpectedDiagnostics);
        AddProjects(result, state);
        if (baseState is not null && inheritance != StateInheritanceMode.Explicit)
        {
            Inherit(result, baseState);
            if (state.ExpectedDiagnostics.Count == 0)
            {
                bool all = inheritance == StateInheritanceMode.AutoInheritAll;
                result.ExpectedDiagnostics.AddRange(
                    baseState.ExpectedDiagnostics.Where(expected => all || !fixableDiagnostics.Contains(expected.Id)));
            }
        }

        // After inheritance: a factory adds to the files of the state before, it does not stand for all of them.
        result.AdditionalFiles.AddRange(state.AdditionalFilesFactories.SelectMany(make => make()));
        return result;
    }

    private static (StateInheritanceMode Inheritance, MarkupMode Markup) Modes(SolutionState state, SolutionState? baseState)
    {
        (StateInheritanceMode inheritance, MarkupMode markup) = baseState is null
            ? (StateInheritanceMode.Explicit, MarkupMode.Allow)
            : SaysOtherFiles(state, baseState)
                ? (StateInheritanceMode.AutoInherit, MarkupMode.IgnoreFixable)
                : (StateInheritanceMode.AutoInheritAll, baseState.MarkupHandling ?? MarkupMode.Allow);
        return (state.InheritanceMode ?? inheritance, state.MarkupHandling ?? markup);
    }

    private static void Inherit(SolutionState result, SolutionState baseState)
    {
        result.ReferenceAssemblies ??= baseState.ReferenceAssemblies;
        result.OutputKind ??= baseState.OutputKind;
        result.DocumentationMode ??= baseState.DocumentationMode;
        InheritIfEmpty(result.Sources, baseState.Sources);
        InheritIfEmpty(result.AdditionalFiles, baseState.AdditionalFiles);
        InheritIfEmpty(result.AnalyzerConfigFiles, baseState.AnalyzerConfigFiles);
        InheritIfEmpty(result.AdditionalProjectReferences, baseState.AdditionalProjectReferences);
        InheritIfEmpty(result.AdditionalReferences, baseState.AdditionalReferences);
        if (result.AdditionalProjects.Count == 0)
        {
            AddProjects(result, baseState);
        }
    }

    private static void InheritIfEmpty<T>(List<T> values, List<T> inherited)
    {
        if (values.Count == 0)
        {
            values.AddRange(inherited);
        }
    }

    private static void AddProjects(SolutionState result, SolutionState source)
    {
        foreach ((string name, ProjectState project) in source.AdditionalProjects)
        {
            result.AdditionalProjects.Add(name, project);
        }
    }

    /// <summary>What is not said is no difference, unless the mode says that it will not be inherited either.</summary>
    private static bool SaysOtherFiles(SolutionState state, SolutionState baseState)
    {
        bool inherits = state.InheritanceMode != StateInheritanceMode.Explicit;
        return Differ(state.Sources, baseState.Sources)
            || Differ(state.AdditionalFiles, baseState.AdditionalFiles)
            || Differ(state.AnalyzerConfigFiles, baseState.AnalyzerConfigFiles)
            || ((!inherits || state.AdditionalReferences.Count > 0)
                && !state.AdditionalReferences.SequenceEqual(baseState.AdditionalReferences));

        bool Differ(SourceFileCollection files, SourceFileCollection baseFiles)
            => (!inherits || files.Count > 0) && !files.SequenceEqual(baseFiles, SourceFileComparer.IgnoringChecksum);
    }
}
