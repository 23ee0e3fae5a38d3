using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing.Model;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Puts the files of a test into a solution.</summary>
internal static class SolutionFiles
{
    /// <summary>Adds the files of each project to the project of its name.</summary>
    public static Solution AddFiles(Solution solution, IEnumerable<EvaluatedProjectState> projects)
    {
        var ids = solution.Projects.ToDictionary(project => project.Name, project => project.Id);
        ImmutableArray<EvaluatedProjectState> all = [.. projects];
        return solution
            .AddDocuments(Infos(project => project.Sources))
            .AddAdditionalDocuments(Infos(project => project.AdditionalFiles))
            .AddAnalyzerConfigDocuments(Infos(project => project.AnalyzerConfigFiles));

        ImmutableArray<DocumentInfo> Infos(Func<EvaluatedProjectState, ImmutableArray<(string filename, SourceText content)>> files)
            => [.. from project in all from file in files(project) select Info(ids[project.Name], project.DefaultPrefix, file)];
    }

    /// <summary>
    /// The name of a document and the folders in which a project shows it. The folder of the default files is that of the project; a
    /// file outside has no folders, and as name its absolute path or else its file name.
    /// </summary>
    public static (string Name, ImmutableArray<string> Folders) NameAndFolders(string defaultPrefix, string path)
    {
        string root = defaultPrefix[..(defaultPrefix.LastIndexOf('/') + 1)];
        if (root.StartsWith('/') && path.StartsWith(root, StringComparison.Ordinal))
        {
            string[] parts = path[root.Length..].Split('/');
            return (parts[^1], [.. parts[..^1]]);
        }

        return path.StartsWith('/') && root.StartsWith('/') ? (path, []) : (Path.GetFileName(path), []);
    }

    private static DocumentInfo Info(ProjectId project, string defaultPrefix, (string filename, SourceText content) file)
    {
        (string name, ImmutableArray<string> folders) = NameAndFolders(defaultPrefix, file.filename);
        return DocumentInfo.Create(
            DocumentId.CreateNewId(project, file.filename),
            name,
            folders,
            loader: TextLoader.From(TextAndVersion.Create(file.content, VersionStamp.Create(), file.filename)),
            filePath: file.filename);
    }
}
