using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing.Model;
using Microsoft.CodeAnalysis.Text;
using OpenClaw.Analyzers.Testing;

namespace Microsoft.CodeAnalysis.Testing;

/// <content>How diagnostics are obtained and compared.</content>
public abstract partial class AnalyzerTest<TVerifier>
{
    /// <summary>
    /// Compares what is reported with what is expected. Unless switched off by <see cref="TestBehaviors"/>, also makes sure that
    /// generated code and a <c>#pragma warning disable</c> silence the analyzers.
    /// </summary>
    protected async Task VerifyDiagnosticsAsync(
        EvaluatedProjectState primaryProject,
        ImmutableArray<EvaluatedProjectState> additionalProjects,
        DiagnosticResult[] expected,
        IVerifier verifier,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(primaryProject);
        ArgumentNullException.ThrowIfNull(verifier);
        verifier.LanguageIsSupported(Language);

        ImmutableArray<DiagnosticAnalyzer> analyzers = [.. GetDiagnosticAnalyzers()];
        await VerifyAsync(primaryProject, [.. expected], verifier);

        var exclusions = new Exclusions(analyzers, primaryProject.Sources, [.. expected]);
        if (!TestBehaviors.HasFlag(TestBehaviors.SkipGeneratedCodeCheck) && exclusions.MustStayOutOfGeneratedCode)
        {
            await VerifyAsync(
                WithFirstLine(primaryProject, Exclusions.GeneratedCodeComment(Language)),
                exclusions.ExpectedInGeneratedCode,
                verifier.PushContext("The same sources as generated code"));
        }

        if (!TestBehaviors.HasFlag(TestBehaviors.SkipSuppressionCheck) && exclusions.CanBeSuppressed)
        {
            await VerifyAsync(
                WithFirstLine(primaryProject, exclusions.SuppressionDirective(Language)),
                exclusions.ExpectedUnderSuppression,
                verifier.PushContext("The same sources under " + exclusions.SuppressionDirective(Language)),
                ignoreSuppressed: true);
        }

        async Task VerifyAsync(
            EvaluatedProjectState project, ImmutableArray<DiagnosticResult> results, IVerifier current, bool ignoreSuppressed = false)
        {
            Project created = await CreateProjectAsync(project, additionalProjects, cancellationToken);
            ImmutableArray<ReportedDiagnostic> diagnostics =
                await GetDiagnosticsAsync(created.Solution, analyzers, current, cancellationToken);
            Compare(results, diagnostics.RemoveAll(item => ignoreSuppressed && item.Diagnostic.IsSuppressed), current);
        }
    }

    /// <summary>
    /// Whether a test must expect a diagnostic of the compiler. By default it must from the severity on that
    /// <paramref name="compilerDiagnostics"/> names.
    /// </summary>
    protected virtual bool IsCompilerDiagnosticIncluded(Diagnostic diagnostic, CompilerDiagnostics compilerDiagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        return compilerDiagnostics switch
        {
            CompilerDiagnostics.Errors => diagnostic.Severity >= DiagnosticSeverity.Error,
            CompilerDiagnostics.Warnings => diagnostic.Severity >= DiagnosticSeverity.Warning,
            CompilerDiagnostics.Suggestions => diagnostic.Severity >= DiagnosticSeverity.Info,
            CompilerDiagnostics.All => true,
            _ => false,
        };
    }

    /// <summary>
    /// The diagnostics that a test must expect. By default all that are not suppressed, or are by a <c>DiagnosticSuppressor</c>: that
    /// one is then under test.
    /// </summary>
    protected virtual ImmutableArray<(Project project, Diagnostic diagnostic)> FilterDiagnostics(
        ImmutableArray<(Project project, Diagnostic diagnostic)> diagnostics)
        => diagnostics.RemoveAll(item => item.diagnostic.IsSuppressed && !RoslynInternals.IsSuppressedBySuppressor(item.diagnostic));

    /// <summary>Orders diagnostics by file, place, id and arguments, which is the order in which they are fixed.</summary>
    protected virtual ImmutableArray<(Project project, Diagnostic diagnostic)> SortDistinctDiagnostics(
        ImmutableArray<(Project project, Diagnostic diagnostic)> diagnostics)
        =>
        [
            .. diagnostics
                .OrderBy(item => item.diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal)
                .ThenBy(item => item.diagnostic.Location.SourceSpan.Start)
                .ThenBy(item => item.diagnostic.Location.SourceSpan.End)
                .ThenBy(item => item.diagnostic.Id, StringComparer.Ordinal)
                .ThenBy(item => string.Join('\0', RoslynInternals.Arguments(item.diagnostic)), StringComparer.Ordinal),
        ];

    /// <summary>What is reported in all projects of a solution that <see cref="CreateProjectAsync"/> or a fix made.</summary>
    private protected Task<ImmutableArray<ReportedDiagnostic>> GetDiagnosticsAsync(
        Solution solution, ImmutableArray<DiagnosticAnalyzer> analyzers, IVerifier verifier, CancellationToken cancellationToken)
        => Known.GetDiagnosticsAsync(solution, analyzed => AnalyzeAsync(analyzed, analyzers, verifier, cancellationToken));

    private static EvaluatedProjectState WithFirstLine(EvaluatedProjectState project, string line)
        => project.WithSources([.. project.Sources.Select(
            source => (source.filename, source.content.Replace(new TextSpan(0, 0), line + Environment.NewLine)))]);

    private static bool IsCompilerDiagnostic(Diagnostic diagnostic)
        => diagnostic.Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.Compiler);

    /// <summary>The analyzers on the compilation of a project, and what is to be reported besides.</summary>
    private protected async Task<(CompilationWithAnalyzers Analysis, ImmutableArray<Diagnostic> Others)> StartAnalysisAsync(
        Project project, ImmutableArray<DiagnosticAnalyzer> analyzers, IVerifier verifier, CancellationToken cancellationToken)
    {
        (Compilation compilation, ImmutableArray<Diagnostic> others) =
            await GetProjectCompilationAsync(project, verifier, cancellationToken);
        compilation = RulesOffByDefault.SwitchOn(compilation, analyzers);
        return (CreateCompilationWithAnalyzers(compilation, analyzers, GetAnalyzerOptions(project), cancellationToken), others);
    }

    private async Task<ImmutableArray<ReportedDiagnostic>> AnalyzeAsync(
        Solution solution, ImmutableArray<DiagnosticAnalyzer> analyzers, IVerifier verifier, CancellationToken cancellationToken)
    {
        ImmutableArray<(Project, Diagnostic)>.Builder all = ImmutableArray.CreateBuilder<(Project, Diagnostic)>();
        ImmutableArray<DiagnosticAnalyzer> running = analyzers.IsEmpty ? [new EmptyDiagnosticAnalyzer()] : analyzers;
        foreach (Project project in solution.Projects)
        {
            (CompilationWithAnalyzers analysis, ImmutableArray<Diagnostic> others) =
                await StartAnalysisAsync(project, running, verifier, cancellationToken);
            ImmutableArray<Diagnostic> diagnostics = await analysis.GetAllDiagnosticsAsync(cancellationToken);
            all.AddRange(others
                .Concat(diagnostics.Where(item => !IsCompilerDiagnostic(item) || IsCompilerDiagnosticIncluded(item, CompilerDiagnostics)))
                .Select(item => (project, item)));
        }

        return
        [
            .. SortDistinctDiagnostics(FilterDiagnostics(all.ToImmutable()))
                .Select(item => new ReportedDiagnostic(item.project, item.diagnostic)),
        ];
    }

    private void Compare(
        ImmutableArray<DiagnosticResult> expected, ImmutableArray<ReportedDiagnostic> actual, IVerifier verifier)
    {
        DiagnosticMatch match = DiagnosticMatch.Of(expected, [.. actual.Select(item => item.Diagnostic)]);
        if (!match.IsExact)
        {
            verifier.Fail(DiagnosticMismatchMessage.Write(match, expected.Length, actual, DefaultFilePath));
        }

        if (DiagnosticVerifier is { } verify)
        {
            foreach ((DiagnosticResult result, Diagnostic diagnostic) in match.Exact)
            {
                verify(diagnostic, result, verifier);
            }
        }
    }
}
