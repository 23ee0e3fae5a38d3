using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing.Model;
using OpenClaw.Analyzers.Testing;

namespace Microsoft.CodeAnalysis.Testing;

/// <content>How the solution under test is made.</content>
public abstract partial class AnalyzerTest<TVerifier>
{
    /// <summary>Makes the solution, and in it the first project with the options of <see cref="ApplyCompilationOptions"/>.</summary>
    protected async Task<Project> CreateProjectAsync(
        EvaluatedProjectState primaryProject, ImmutableArray<EvaluatedProjectState> additionalProjects, CancellationToken cancellationToken)
    {
        Project project = ApplyCompilationOptions(
            await CreateProjectImplAsync(primaryProject, additionalProjects, cancellationToken));
        Solution solution = await Known.UnifyAsync(project.Solution, cancellationToken);
        return solution.GetProject(project.Id)!;
    }

    /// <summary>Makes the solution and applies the <see cref="SolutionTransforms"/>.</summary>
    /// <returns>The first project in it.</returns>
    /// <exception cref="InvalidOperationException">
    /// Reference assemblies are not installed, or a project refers to a project that does not exist.
    /// </exception>
    protected virtual async Task<Project> CreateProjectImplAsync(
        EvaluatedProjectState primaryProject, ImmutableArray<EvaluatedProjectState> additionalProjects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(primaryProject);
        ImmutableArray<ProjectSpec>.Builder specs = ImmutableArray.CreateBuilder<ProjectSpec>();
        specs.Add(await SpecifyAsync(primaryProject, CreateCompilationOptions(), CreateParseOptions(), cancellationToken));
        foreach (EvaluatedProjectState project in additionalProjects)
        {
            (CompilationOptions compilationOptions, ParseOptions parseOptions) = BaseSolution.DefaultOptions(project.Language);
            specs.Add(await SpecifyAsync(project, compilationOptions, parseOptions, cancellationToken));
        }

        Solution solution = OptionsTransforms.Count == 0
            ? await BaseSolution.GetAsync(specs.ToImmutable())
            : BaseSolution.Create(specs.ToImmutable(), OptionsTransforms);
        ProjectId primaryId = solution.Projects.Single(project => project.Name == primaryProject.Name).Id;
        solution = SolutionFiles.AddFiles(solution, additionalProjects.Insert(0, primaryProject));
        return SolutionTransforms.Aggregate(solution, (current, transform) => transform(current, primaryId)).GetProject(primaryId)
            ?? throw new InvalidOperationException($"A solution transform removed the project '{primaryProject.Name}'.");
    }

    /// <summary>
    /// Switches on what the analyzers support, also if it is off by default, makes an exception of an analyzer an error, and switches
    /// off the <see cref="DisabledDiagnostics"/>. What <see cref="CreateCompilationOptions"/> says about an id wins over the former.
    /// </summary>
    protected virtual Project ApplyCompilationOptions(Project project)
    {
        ArgumentNullException.ThrowIfNull(project);
        var severities = new Dictionary<string, ReportDiagnostic>(StringComparer.Ordinal);
        foreach (DiagnosticDescriptor descriptor in GetDiagnosticAnalyzers().SelectMany(analyzer => analyzer.SupportedDiagnostics))
        {
            severities[descriptor.Id] = descriptor.IsEnabledByDefault ? ReportDiagnostic.Default : ToReport(descriptor.DefaultSeverity);
        }

        severities[AnalyzerExceptions.Id] = ReportDiagnostic.Error;
        foreach (string id in DisabledDiagnostics)
        {
            severities[id] = ReportDiagnostic.Suppress;
        }

        CompilationOptions options = project.CompilationOptions!;
        return project.WithCompilationOptions(
            options.WithSpecificDiagnosticOptions(severities.ToImmutableDictionary().SetItems(options.SpecificDiagnosticOptions)));
    }

    /// <summary>What analyzers get as options; by default those of the project, with its additional and configuration files.</summary>
    protected virtual AnalyzerOptions GetAnalyzerOptions(Project project)
    {
        ArgumentNullException.ThrowIfNull(project);
        return project.AnalyzerOptions;
    }

    /// <summary>The compilation of a project.</summary>
    /// <returns>The compilation, and diagnostics to be compared like those of the analyzers: none by default.</returns>
    protected virtual async Task<(Compilation compilation, ImmutableArray<Diagnostic> generatorDiagnostics)> GetProjectCompilationAsync(
        Project project, IVerifier verifier, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(project);
        return ((await project.GetCompilationAsync(cancellationToken))!, []);
    }

    /// <summary>
    /// Joins a compilation and analyzers. By default suppressed diagnostics are reported too, exceptions become <c>AD0001</c>, and the
    /// analyzers run one after the other: tests run in parallel, and that is cheaper.
    /// </summary>
    protected virtual CompilationWithAnalyzers CreateCompilationWithAnalyzers(
        Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, AnalyzerOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(compilation);
        return compilation.WithAnalyzers(analyzers, new CompilationWithAnalyzersOptions(
            options,
            onAnalyzerException: null,
            concurrentAnalysis: false,
            logAnalyzerExecutionTime: false,
            reportSuppressedDiagnostics: true));
    }

    private static ReportDiagnostic ToReport(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => ReportDiagnostic.Error,
        DiagnosticSeverity.Warning => ReportDiagnostic.Warn,
        DiagnosticSeverity.Info => ReportDiagnostic.Info,
        _ => ReportDiagnostic.Hidden,
    };

    private static async Task<ProjectSpec> SpecifyAsync(
        EvaluatedProjectState project,
        CompilationOptions compilationOptions,
        ParseOptions parseOptions,
        CancellationToken cancellationToken)
    {
        ImmutableArray<MetadataReference> framework =
            await project.ReferenceAssemblies.ResolveAsync(project.Language, cancellationToken);
        return new ProjectSpec(
            project.Name,
            project.AssemblyName,
            project.Language,
            compilationOptions
                .WithOutputKind(project.OutputKind)
                .WithAssemblyIdentityComparer(project.ReferenceAssemblies.AssemblyIdentityComparer),
            parseOptions.WithDocumentationMode(project.DocumentationMode),
            framework.AddRange(project.AdditionalReferences),
            project.AdditionalProjectReferences);
    }
}
