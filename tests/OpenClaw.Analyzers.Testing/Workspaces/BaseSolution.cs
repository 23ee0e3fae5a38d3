using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Options;

namespace OpenClaw.Analyzers.Testing;

/// <summary>
/// Solutions without files, whose compilations have already read their references. Tests fork them: reading the framework anew is
/// what most of the time of a small test would go to.
/// </summary>
internal sealed class BaseSolution
{
    private static readonly ConcurrentDictionary<Key, Lazy<Task<BaseSolution>>> Shared = new();

    private static readonly ConcurrentDictionary<string, (CompilationOptions, ParseOptions)> Defaults = new(StringComparer.Ordinal);

    private BaseSolution(Solution solution, ImmutableArray<Compilation> compilations)
    {
        Solution = solution;
        Compilations = compilations;
    }

    /// <summary>The projects, in the order of their specifications.</summary>
    public Solution Solution { get; }

    /// <summary>The compilations, kept alive: a solution may hold its own only weakly.</summary>
    public ImmutableArray<Compilation> Compilations { get; }

    /// <summary>The options of a project that says nothing about them.</summary>
    public static (CompilationOptions CompilationOptions, ParseOptions ParseOptions) DefaultOptions(string language)
        => Defaults.GetOrAdd(language, static language =>
        {
            using AdhocWorkspace workspace = CreateWorkspace();
            Project project = workspace.AddProject("Defaults", language);
            return (project.CompilationOptions!.WithSyntaxTreeOptionsProvider(null), project.ParseOptions!);
        });

    /// <summary>The solution of these projects, read once for all tests that ask for it.</summary>
    public static async Task<Solution> GetAsync(ImmutableArray<ProjectSpec> projects)
    {
        if (!projects.All(project => project.IsShareable))
        {
            return Create(CreateWorkspace(), projects);
        }

        Lazy<Task<BaseSolution>> shared =
            Shared.GetOrAdd(new Key(projects), static key => new Lazy<Task<BaseSolution>>(() => ReadAsync(key.Projects)));
        return (await shared.Value).Solution;
    }

    /// <summary>
    /// The solution of these projects in a workspace of its own, whose options differ from the default. It has its own host too: all
    /// workspaces of a host have the same options.
    /// </summary>
    /// <exception cref="InvalidOperationException">The workspace does not take the options.</exception>
    public static Solution Create(ImmutableArray<ProjectSpec> projects, IEnumerable<Func<OptionSet, OptionSet>> optionsTransforms)
    {
        AdhocWorkspace workspace = new(MefHostServices.Create(MefHostServices.DefaultAssemblies));
        OptionSet options = optionsTransforms.Aggregate<Func<OptionSet, OptionSet>, OptionSet>(
            workspace.Options, (current, transform) => transform(current));
        return workspace.TryApplyChanges(workspace.CurrentSolution.WithOptions(options))
            ? Create(workspace, projects)
            : throw new InvalidOperationException("The workspace did not take the options that the test's OptionsTransforms made.");
    }

    private static AdhocWorkspace CreateWorkspace() => new(MefHostServices.DefaultHost);

    private static async Task<BaseSolution> ReadAsync(ImmutableArray<ProjectSpec> projects)
    {
        Solution solution = Create(CreateWorkspace(), projects);
        ImmutableArray<Compilation>.Builder compilations = ImmutableArray.CreateBuilder<Compilation>();
        foreach (Project project in solution.Projects)
        {
            // Other tests wait for this one, so it must not need the synchronisation context of the test that came first.
            Compilation compilation = (await project.GetCompilationAsync().ConfigureAwait(false))!;

            // References are bound on the first question about a symbol.
            _ = compilation.GetSpecialType(SpecialType.System_Object);
            compilations.Add(compilation);
        }

        return new BaseSolution(solution, compilations.ToImmutable());
    }

    private static Solution Create(Workspace workspace, ImmutableArray<ProjectSpec> projects)
    {
        var ids = projects.ToDictionary(project => project.Name, project => ProjectId.CreateNewId(project.Name));
        Solution solution = workspace.CurrentSolution;
        foreach (ProjectSpec project in projects)
        {
            solution = solution.AddProject(ProjectInfo.Create(
                ids[project.Name],
                VersionStamp.Default,
                project.Name,
                project.AssemblyName,
                project.Language,
                compilationOptions: project.CompilationOptions,
                parseOptions: project.ParseOptions,
                metadataReferences: project.References));
        }

        foreach (ProjectSpec project in projects)
        {
            solution = solution.AddProjectReferences(
                ids[project.Name], project.ProjectReferences.Select(name => new ProjectReference(Find(project, name))));
        }

        return solution;

        ProjectId Find(ProjectSpec project, string name) => ids.TryGetValue(name, out ProjectId? id)
            ? id
            : throw new InvalidOperationException(
                $"The project '{project.Name}' refers to the project '{name}', which the test does not have.");
    }

    private sealed record Key(ImmutableArray<ProjectSpec> Projects)
    {
        public bool Equals(Key? other) => other is not null && Projects.SequenceEqual(other.Projects);

        public override int GetHashCode() => Projects.Aggregate(0, HashCode.Combine);
    }
}
