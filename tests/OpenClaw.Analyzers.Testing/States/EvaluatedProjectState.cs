using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing.Model;

/// <summary>What a test says about one project, with the defaults applied.</summary>
public sealed class EvaluatedProjectState
{
    /// <summary>Applies the defaults.</summary>
    /// <param name="state">What the test says.</param>
    /// <param name="defaultReferenceAssemblies">The framework of a project that does not name one.</param>
    public EvaluatedProjectState(ProjectState state, ReferenceAssemblies defaultReferenceAssemblies)
    {
        ArgumentNullException.ThrowIfNull(state);
        Name = state.Name;
        AssemblyName = state.AssemblyName;
        Language = state.Language;
        DefaultPrefix = state.DefaultPrefix;
        ReferenceAssemblies = state.ReferenceAssemblies ?? defaultReferenceAssemblies;
        OutputKind = state.OutputKind ?? OutputKind.DynamicallyLinkedLibrary;
        DocumentationMode = state.DocumentationMode ?? DocumentationMode.Diagnose;
        Sources = [.. state.Sources];
        AdditionalFiles = [.. state.AdditionalFiles];
        AnalyzerConfigFiles = [.. state.AnalyzerConfigFiles];
        AdditionalProjectReferences = [.. state.AdditionalProjectReferences];
        AdditionalReferences = [.. state.AdditionalReferences];
    }

    private EvaluatedProjectState(EvaluatedProjectState other, ImmutableArray<(string filename, SourceText content)> sources)
    {
        Name = other.Name;
        AssemblyName = other.AssemblyName;
        Language = other.Language;
        DefaultPrefix = other.DefaultPrefix;
        ReferenceAssemblies = other.ReferenceAssemblies;
        OutputKind = other.OutputKind;
        DocumentationMode = other.DocumentationMode;
        Sources = sources;
        AdditionalFiles = other.AdditionalFiles;
        AnalyzerConfigFiles = other.AnalyzerConfigFiles;
        AdditionalProjectReferences = other.AdditionalProjectReferences;
        AdditionalReferences = other.AdditionalReferences;
    }

    /// <inheritdoc cref="ProjectState.Name"/>
    public string Name { get; }

    /// <inheritdoc cref="ProjectState.AssemblyName"/>
    public string AssemblyName { get; }

    /// <inheritdoc cref="ProjectState.Language"/>
    public string Language { get; }

    /// <summary>The framework.</summary>
    public ReferenceAssemblies ReferenceAssemblies { get; }

    /// <summary>What is compiled.</summary>
    public OutputKind OutputKind { get; }

    /// <summary>How documentation comments are read.</summary>
    public DocumentationMode DocumentationMode { get; }

    /// <inheritdoc cref="ProjectState.Sources"/>
    public ImmutableArray<(string filename, SourceText content)> Sources { get; }

    /// <inheritdoc cref="ProjectState.AdditionalFiles"/>
    public ImmutableArray<(string filename, SourceText content)> AdditionalFiles { get; }

    /// <inheritdoc cref="ProjectState.AnalyzerConfigFiles"/>
    public ImmutableArray<(string filename, SourceText content)> AnalyzerConfigFiles { get; }

    /// <inheritdoc cref="ProjectState.AdditionalProjectReferences"/>
    public ImmutableArray<string> AdditionalProjectReferences { get; }

    /// <inheritdoc cref="ProjectState.AdditionalReferences"/>
    public ImmutableArray<MetadataReference> AdditionalReferences { get; }

    internal string DefaultPrefix { get; }

    /// <summary>The same project with other sources.</summary>
    public EvaluatedProjectState WithSources(ImmutableArray<(string filename, SourceText content)> sources) => new(this, sources);

    /// <summary>A state and its additional projects.</summary>
    internal static (EvaluatedProjectState Primary, ImmutableArray<EvaluatedProjectState> Additional) Of(
        SolutionState state, ReferenceAssemblies defaultReferenceAssemblies)
        => (new(state, defaultReferenceAssemblies),
            [.. state.AdditionalProjects.Values.Select(project => new EvaluatedProjectState(project, defaultReferenceAssemblies))]);
}
