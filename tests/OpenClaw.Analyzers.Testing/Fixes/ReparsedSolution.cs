using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Testing;

/// <summary>
/// Parses what a code action wrote. Annotations and irregular trees of the action are gone after that, as when the file is opened
/// again; a tree that differs from the parsed one is an error, which is kept until the texts have been compared.
/// </summary>
internal sealed class ReparsedSolution(Type syntaxKindType, CodeActionValidationMode mode, IVerifier verifier)
{
    /// <summary>What is wrong with the first tree that is not what its text parses to.</summary>
    public ExceptionDispatchInfo? Error { get; private set; }

    /// <summary>The solution <paramref name="changed"/> with all documents parsed that differ from <paramref name="original"/>.</summary>
    public async Task<Solution> ReparseAsync(Solution original, Solution changed, CancellationToken cancellationToken)
    {
        Solution result = changed;
        foreach (DocumentId id in ChangedDocuments(original, changed))
        {
            Document document = changed.GetDocument(id)!;
            SourceText text = await document.GetTextAsync(cancellationToken);
            result = result.WithDocumentText(id, SourceText.From(text.ToString(), text.Encoding, text.ChecksumAlgorithm));
            if (mode != CodeActionValidationMode.None && Error is null)
            {
                await ValidateAsync(document, result.GetDocument(id)!, cancellationToken);
            }
        }

        return result;
    }

    private static IEnumerable<DocumentId> ChangedDocuments(Solution original, Solution changed)
    {
        SolutionChanges changes = changed.GetChanges(original);
        return changes.GetAddedProjects().SelectMany(project => project.DocumentIds)
            .Concat(changes.GetProjectChanges().SelectMany(project => project.GetAddedDocuments().Concat(project.GetChangedDocuments())));
    }

    private async Task ValidateAsync(Document written, Document parsed, CancellationToken cancellationToken)
    {
        SyntaxNode actual = (await written.GetSyntaxRootAsync(cancellationToken))!;
        SyntaxNode expected = (await parsed.GetSyntaxRootAsync(cancellationToken))!;
        bool withTrivia = mode == CodeActionValidationMode.Full;
        if (SyntaxTreeShape.AreEqual(expected, actual, withTrivia))
        {
            return;
        }

        try
        {
            string difference = LineDiff.Render(
                SyntaxTreeShape.Render(expected, syntaxKindType, withTrivia), SyntaxTreeShape.Render(actual, syntaxKindType, withTrivia));
            verifier.Fail(
                $"The code action made for {written.FilePath} another syntax tree than its text parses to (- parsed, + made):"
                + Environment.NewLine + difference);
        }
        catch (Exception exception)
        {
            Error = ExceptionDispatchInfo.Capture(exception);
        }
    }
}
