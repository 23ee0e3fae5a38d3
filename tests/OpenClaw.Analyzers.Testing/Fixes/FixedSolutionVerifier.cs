using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Compares the files of a fixed solution with those of the expected state.</summary>
internal sealed class FixedSolutionVerifier(FixRun run)
{
    public async Task VerifyAsync(SolutionState expected)
    {
        await VerifyProjectAsync(expected);
        foreach (ProjectState project in expected.AdditionalProjects.Values)
        {
            await VerifyProjectAsync(project);
        }
    }

    private async Task VerifyProjectAsync(ProjectState expected)
    {
        Project? project = run.Solution.Projects.SingleOrDefault(candidate => candidate.Name == expected.Name);
        run.Verifier.True(project is not null, $"The fixed solution should have the project '{expected.Name}'. {run.Explain()}");

        await VerifyFilesAsync("source", expected, expected.Sources, project.Documents);
        await VerifyFilesAsync("additional", expected, expected.AdditionalFiles, project.AdditionalDocuments);
        await VerifyFilesAsync("configuration", expected, expected.AnalyzerConfigFiles, project.AnalyzerConfigDocuments);
    }

    private async Task VerifyFilesAsync(
        string kind, ProjectState state, SourceFileCollection expected, IEnumerable<TextDocument> actual)
    {
        ImmutableArray<TextDocument> documents = [.. actual];
        run.Verifier.True(
            expected.Count == documents.Length,
            $"The project '{state.Name}' should have {expected.Count} {kind} files [{Join(expected.Select(file => file.filename))}] "
            + $"and has {documents.Length} [{Join(documents.Select(document => document.FilePath ?? document.Name))}]. {run.Explain()}");

        foreach (((string path, SourceText content), TextDocument document) in expected.Zip(documents))
        {
            await VerifyTextAsync(path, content, document);
            (string name, ImmutableArray<string> folders) = SolutionFiles.NameAndFolders(state.DefaultPrefix, path);
            run.Verifier.True(
                name == document.Name && folders.SequenceEqual(document.Folders),
                $"The fixed file {path} should be named {string.Join('/', folders.Append(name))} in its project "
                + $"and is named {string.Join('/', document.Folders.Append(document.Name))}.");
        }
    }

    private async Task VerifyTextAsync(string path, SourceText expected, TextDocument document)
    {
        SourceText actual = await document.GetTextAsync(run.CancellationToken);
        run.Verifier.EqualOrDiff(
            expected.ToString(),
            actual.ToString(),
            $"The fixed file {path} is not as expected (- expected, + fixed). {run.Explain()}");
        run.Verifier.True(
            Equals(expected.Encoding, actual.Encoding),
            $"The fixed file {path} should have the encoding {expected.Encoding?.WebName ?? "none"} "
            + $"and has {actual.Encoding?.WebName ?? "none"}.");
        run.Verifier.True(
            expected.ChecksumAlgorithm == actual.ChecksumAlgorithm,
            $"The fixed file {path} should have a checksum by {expected.ChecksumAlgorithm} and has one by {actual.ChecksumAlgorithm}.");
    }

    private static string Join(IEnumerable<string> names) => string.Join(", ", names);
}
