using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Compares solutions by all that a compiler, an analyzer or a comparison with an expected state can see of them.</summary>
internal static class SolutionContent
{
    public static Task<bool> EqualAsync(Solution x, Solution y, CancellationToken cancellationToken)
        => AllEqualAsync(x.Projects, y.Projects, EqualAsync, cancellationToken);

    private static async Task<bool> EqualAsync(Project x, Project y, CancellationToken cancellationToken)
        => HaveEqualSettings(x, y)
            && await AllEqualAsync(x.Documents, y.Documents, EqualAsync, cancellationToken)
            && await AllEqualAsync(x.AdditionalDocuments, y.AdditionalDocuments, EqualAsync, cancellationToken)
            && await AllEqualAsync(x.AnalyzerConfigDocuments, y.AnalyzerConfigDocuments, EqualAsync, cancellationToken);

    private static bool HaveEqualSettings(Project x, Project y)
        => x.Id == y.Id
            && x.Name == y.Name
            && x.AssemblyName == y.AssemblyName
            && Equals(WithoutProvider(x.CompilationOptions), WithoutProvider(y.CompilationOptions))
            && Equals(x.ParseOptions, y.ParseOptions)
            && x.MetadataReferences.SequenceEqual(y.MetadataReferences)
            && x.ProjectReferences.SequenceEqual(y.ProjectReferences)
            && x.AnalyzerReferences.SequenceEqual(y.AnalyzerReferences);

    private static async Task<bool> EqualAsync(TextDocument x, TextDocument y, CancellationToken cancellationToken)
    {
        if (x.Name != y.Name
            || x.FilePath != y.FilePath
            || !x.Folders.SequenceEqual(y.Folders)
            || (x as Document)?.SourceCodeKind != (y as Document)?.SourceCodeKind)
        {
            return false;
        }

        SourceText first = await x.GetTextAsync(cancellationToken);
        SourceText second = await y.GetTextAsync(cancellationToken);
        return ReferenceEquals(first, second)
            || (Equals(first.Encoding, second.Encoding)
                && first.ChecksumAlgorithm == second.ChecksumAlgorithm
                && first.ContentEquals(second));
    }

    /// <summary>The provider stands for the analyzer configuration files, which are compared themselves.</summary>
    private static CompilationOptions? WithoutProvider(CompilationOptions? options) => options?.WithSyntaxTreeOptionsProvider(null);

    private static async Task<bool> AllEqualAsync<T>(
        IEnumerable<T> x, IEnumerable<T> y, Func<T, T, CancellationToken, Task<bool>> equal, CancellationToken cancellationToken)
    {
        T[] first = [.. x];
        T[] second = [.. y];
        if (first.Length != second.Length)
        {
            return false;
        }

        for (int i = 0; i < first.Length; i++)
        {
            if (!await equal(first[i], second[i], cancellationToken))
            {
                return false;
            }
        }

        return true;
    }
}
