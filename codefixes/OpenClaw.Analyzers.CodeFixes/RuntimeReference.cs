using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>
/// Adds the package of the runtime to a project that has only the analyzers, by editing the project file as text: its formatting and comments stay.
/// The package's build files hand the project file, and that of central versions, to the compiler as additional files.
/// </summary>
internal static class RuntimeReference
{
    private const string Package = "OpenClaw.Resilience";

    /// <summary>The version of this package: the runtime is released with it.</summary>
    public static string Version { get; } = typeof(RuntimeReference).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static bool IsMissing(Compilation compilation) => compilation.GetTypeByMetadataName($"{Package}.GatewayPipeline") is null;

    /// <summary>Whether the project file is at hand.</summary>
    public static bool CanBeAdded(Project project) => ProjectFileOf(project) is not null;

    /// <summary>Adds the package to every project whose documents changed and now speak of it without having it.</summary>
    public static async Task<Solution> AddWhereMissingAsync(Solution before, Solution after, CancellationToken cancellationToken)
    {
        foreach (ProjectChanges changes in after.GetChanges(before).GetProjectChanges().ToList())
        {
            if (await changes.OldProject.GetCompilationAsync(cancellationToken).ConfigureAwait(false) is { } compilation
                && IsMissing(compilation)
                && await SpeaksOfRuntimeAsync(changes, cancellationToken).ConfigureAwait(false))
            {
                after = await AddAsync(after, changes.ProjectId, cancellationToken).ConfigureAwait(false);
            }
        }

        return after;
    }

    private static async Task<bool> SpeaksOfRuntimeAsync(ProjectChanges changes, CancellationToken cancellationToken)
    {
        foreach (DocumentId id in changes.GetChangedDocuments())
        {
            SourceText text = await changes.NewProject.GetDocument(id)!.GetTextAsync(cancellationToken).ConfigureAwait(false);
            if (text.ToString() is var code && (code.Contains(Imports.Runtime) || code.Contains(HandlerCall.Method)))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<Solution> AddAsync(Solution solution, ProjectId projectId, CancellationToken cancellationToken)
    {
        Project project = solution.GetProject(projectId)!;
        TextDocument? versions = CentralVersionsOf(project);
        bool isCentral = versions is not null
            && (await versions.GetTextAsync(cancellationToken).ConfigureAwait(false)).ToString().Contains("<ManagePackageVersionsCentrally>true");
        solution = await InsertAsync(solution, ProjectFileOf(project), "PackageReference", isCentral ? null : Version, cancellationToken).ConfigureAwait(false);
        return isCentral
            ? await InsertAsync(solution, versions, "PackageVersion", Version, cancellationToken).ConfigureAwait(false)
            : solution;
    }

    /// <summary>Inserts the item, unless it is there, into every copy of the file: projects of several frameworks have one each.</summary>
    private static async Task<Solution> InsertAsync(Solution solution, TextDocument? file, string item, string? version, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            return solution;
        }

        SourceText text = await file.GetTextAsync(cancellationToken).ConfigureAwait(false);
        string edited = ProjectXml.WithItem(text.ToString(), item, Package, version);
        foreach (DocumentId copy in solution.GetDocumentIdsWithFilePath(file.FilePath))
        {
            solution = solution.WithAdditionalDocumentText(copy, SourceText.From(edited, text.Encoding));
        }

        return solution;
    }

    private static TextDocument? ProjectFileOf(Project project)
        => project.AdditionalDocuments.FirstOrDefault(document => document.FilePath is not null && document.FilePath == project.FilePath);

    private static TextDocument? CentralVersionsOf(Project project)
        => project.AdditionalDocuments.FirstOrDefault(document => Path.GetFileName(document.FilePath) == "Directory.Packages.props");
}
