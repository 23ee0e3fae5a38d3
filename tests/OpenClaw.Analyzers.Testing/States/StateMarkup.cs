using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Reads the markup of a solution's files: removes it from the texts and collects the diagnostics that it expects.</summary>
internal sealed class StateMarkup(
    MarkupMode mode,
    MarkupOptions options,
    DiagnosticDescriptor? defaultDescriptor,
    ImmutableArray<DiagnosticDescriptor> supportedDescriptors,
    ImmutableArray<string> fixableIds)
{
    private readonly List<DiagnosticResult> _diagnostics = [];

    /// <summary>The numbered spans, which mean what an expected diagnostic says that names their number.</summary>
    private readonly Dictionary<string, FileLinePositionSpan> _locations = new(StringComparer.Ordinal);

    /// <summary>Copies the files of a project without their markup.</summary>
    public void MoveFiles(ProjectState source, ProjectState target)
    {
        target.Sources.AddRange(source.Sources.Select(Read));
        target.AdditionalFiles.AddRange(source.AllAdditionalFiles().Select(Read));
        target.AnalyzerConfigFiles.AddRange(source.AnalyzerConfigFiles.Select(Read));
    }

    /// <summary>
    /// All expected diagnostics, the stated ones first, with their locations filled in. To be called after all files were read.
    /// </summary>
    public IEnumerable<DiagnosticResult> Complete(IEnumerable<DiagnosticResult> stated, string defaultPath)
        => stated
            .Select(expected => expected.WithDefaultPath(defaultPath))
            .Concat(_diagnostics)
            .Select(expected => expected.WithMarkupLocations(_locations));

    private (string filename, SourceText content) Read((string filename, SourceText content) file)
    {
        if (mode == MarkupMode.None)
        {
            return file;
        }

        bool readPositions = !options.HasFlag(MarkupOptions.TreatPositionIndicatorsAsCode);
        (string text, ImmutableArray<int> positions, ImmutableDictionary<string, ImmutableArray<TextSpan>> spans) =
            MarkupScanner.Scan(file.content.ToString(), readPositions);
        if (positions.IsEmpty && spans.IsEmpty)
        {
            return file;
        }

        var content = SourceText.From(text, file.content.Encoding, file.content.ChecksumAlgorithm);
        if (mode != MarkupMode.Ignore)
        {
            Expect(file.filename, content, positions, spans);
        }

        return (file.filename, content);
    }

    private void Expect(
        string path, SourceText text, ImmutableArray<int> positions, ImmutableDictionary<string, ImmutableArray<TextSpan>> spans)
    {
        foreach (int position in positions)
        {
            Expect(string.Empty, expected => expected.WithLocation(path, text.Lines.GetLinePosition(position)));
        }

        foreach ((string name, ImmutableArray<TextSpan> places) in spans.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            foreach (TextSpan place in places)
            {
                var span = new FileLinePositionSpan(path, text.Lines.GetLinePositionSpan(place));
                if (!name.StartsWith('#'))
                {
                    Expect(name, expected => expected.WithSpan(span));
                }
                else if (!_locations.TryAdd(name, span))
                {
                    throw new InvalidOperationException(
                        $"The markup has more than one span '{name}', in {_locations[name].Path} and in {path}.");
                }
            }
        }
    }

    private void Expect(string name, Func<DiagnosticResult, DiagnosticResult> locate)
    {
        string id = name.Length > 0 ? name : DefaultDescriptor.Id;
        if (mode == MarkupMode.IgnoreFixable && fixableIds.Contains(id))
        {
            return;
        }

        DiagnosticResult expected = name.Length > 0 ? Named(name) : new DiagnosticResult(DefaultDescriptor);
        _diagnostics.Add(locate(expected
            .WithMessage(null)
            .WithOptions(DiagnosticOptions.IgnoreAdditionalLocations | DiagnosticOptions.IgnoreSeverity)));
    }

    private DiagnosticDescriptor DefaultDescriptor => defaultDescriptor
        ?? throw new InvalidOperationException(
            "Markup without an id ([|…|] or $$) needs an analyzer with exactly one descriptor. Write {|ID:…|}, set "
            + $"{nameof(MarkupOptions)}.{nameof(MarkupOptions.UseFirstDescriptor)} or override GetDefaultDiagnostic.");

    private DiagnosticResult Named(string id)
    {
        ImmutableArray<DiagnosticDescriptor> descriptors = [.. supportedDescriptors.Where(descriptor => descriptor.Id == id)];
        return descriptors.Length switch
        {
            // Not of an analyzer, so of the compiler; the severity is not compared.
            0 => new DiagnosticResult(id, DiagnosticSeverity.Error),
            > 1 when !options.HasFlag(MarkupOptions.UseFirstDescriptor) => throw new InvalidOperationException(
                $"The id '{id}' in the markup belongs to {descriptors.Length} descriptors. Expect it with a "
                + $"{nameof(DiagnosticResult)} or set {nameof(MarkupOptions)}.{nameof(MarkupOptions.UseFirstDescriptor)}."),
            _ => new DiagnosticResult(descriptors[0]),
        };
    }
}
