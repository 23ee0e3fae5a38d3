using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Options;
using Microsoft.CodeAnalysis.Testing.Model;
using OpenClaw.Analyzers.Testing;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// A test of analyzers: compiles the <see cref="TestState"/>, runs the analyzers on all its projects and compares what they and the
/// compiler report with what the state expects.
/// </summary>
/// <typeparam name="TVerifier">Makes the assertions.</typeparam>
public abstract partial class AnalyzerTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    /// <summary>Makes a test without any file.</summary>
    protected AnalyzerTest() => TestState = CreateState();

    /// <summary>Makes the assertions.</summary>
    protected static TVerifier Verify { get; } = new();

    /// <summary>One of <see cref="LanguageNames"/>.</summary>
    public abstract string Language { get; }

    /// <summary>Adds a source to the <see cref="TestState"/>. It may hold markup.</summary>
    public string TestCode
    {
        set
        {
            if (value is not null)
            {
                TestState.Sources.Add(value);
            }
        }
    }

    /// <summary>What is analysed, and what is expected.</summary>
    public SolutionState TestState { get; }

    /// <summary>The diagnostics that the <see cref="TestState"/> expects besides those of the markup.</summary>
    public List<DiagnosticResult> ExpectedDiagnostics => TestState.ExpectedDiagnostics;

    /// <summary>Which diagnostics of the compiler must be expected. Errors by default: code under test compiles.</summary>
    public CompilerDiagnostics CompilerDiagnostics { get; set; } = CompilerDiagnostics.Errors;

    /// <summary>How markup is read. It must be unambiguous by default.</summary>
    public MarkupOptions MarkupOptions { get; set; }

    /// <summary>Checks to leave out. None by default.</summary>
    public TestBehaviors TestBehaviors { get; set; }

    /// <summary>Ids that are switched off in the first project.</summary>
    public List<string> DisabledDiagnostics { get; } = [];

    /// <summary>The framework of projects that do not name one.</summary>
    public ReferenceAssemblies ReferenceAssemblies { get; set; } = ReferenceAssemblies.Default;

    /// <summary>A further check of each reported diagnostic against its expectation; none by default.</summary>
    public Action<Diagnostic, DiagnosticResult, IVerifier>? DiagnosticVerifier { get; set; }

    /// <summary>Change the options of the workspace. A test with such a change shares nothing with other tests and is slower.</summary>
    public List<Func<OptionSet, OptionSet>> OptionsTransforms { get; } = [];

    /// <summary>Change the solution before it is analysed. The id is that of the first project.</summary>
    public List<Func<Solution, ProjectId, Solution>> SolutionTransforms { get; } = [];

    /// <summary>The path, before the number, of sources that are added without a name.</summary>
    protected virtual string DefaultFilePathPrefix => "/0/Test";

    /// <summary>The name of the first project and of its assembly.</summary>
    protected virtual string DefaultTestProjectName => "TestProject";

    /// <summary>The path of the first source, if it was added without a name.</summary>
    protected virtual string DefaultFilePath => DefaultFilePathPrefix + "0." + DefaultFileExt;

    /// <summary>The extension of sources that are added without a name, without the dot.</summary>
    protected abstract string DefaultFileExt { get; }

    /// <summary>The solutions of the current run.</summary>
    private protected KnownSolutions Known { get; private set; } = new();

    /// <summary>Runs the test.</summary>
    /// <returns>A task that fails with the exception of the verifier when something is not as expected.</returns>
    public Task RunAsync(CancellationToken cancellationToken = default)
    {
        Known = new KnownSolutions();
        return RunImplAsync(cancellationToken);
    }

    /// <summary>Runs the test. Override to set up what all tests of a kind share, and call the base method.</summary>
    protected virtual async Task RunImplAsync(CancellationToken cancellationToken)
    {
        Verify.NotEmpty($"{nameof(TestState)}.{nameof(SolutionState.Sources)}", TestState.Sources);

        SolutionState state = TestState.WithInheritedValuesApplied(null, []);
        await VerifyDiagnosticsAsync(ReadMarkup(state, []), Verify, cancellationToken);
    }

    /// <summary>New instances of the analyzers under test.</summary>
    protected abstract IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers();

    /// <summary>The options with which the first project is compiled.</summary>
    protected abstract CompilationOptions CreateCompilationOptions();

    /// <summary>The options with which the sources of the first project are parsed.</summary>
    protected abstract ParseOptions CreateParseOptions();

    /// <summary>
    /// What markup without an id means: the only descriptor of the first analyzer, or with
    /// <see cref="MarkupOptions.UseFirstDescriptor"/> the first of all descriptors; otherwise nothing.
    /// </summary>
    protected internal virtual DiagnosticDescriptor? GetDefaultDiagnostic(DiagnosticAnalyzer[] analyzers)
    {
        ArgumentNullException.ThrowIfNull(analyzers);
        if (MarkupOptions.HasFlag(MarkupOptions.UseFirstDescriptor))
        {
            return analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).FirstOrDefault();
        }

        return analyzers is [{ SupportedDiagnostics: [DiagnosticDescriptor single] }, ..] ? single : null;
    }

    private protected SolutionState CreateState() => new(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);

    private protected SolutionState ReadMarkup(SolutionState state, ImmutableArray<string> fixableIds)
    {
        DiagnosticAnalyzer[] analyzers = [.. GetDiagnosticAnalyzers()];
        return state.WithProcessedMarkup(
            MarkupOptions,
            GetDefaultDiagnostic(analyzers),
            [.. analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics)],
            fixableIds,
            DefaultFilePath);
    }

    private protected Task VerifyDiagnosticsAsync(SolutionState state, IVerifier verifier, CancellationToken cancellationToken)
    {
        var (primary, additional) = EvaluatedProjectState.Of(state, ReferenceAssemblies);
        return VerifyDiagnosticsAsync(primary, additional, [.. state.ExpectedDiagnostics], verifier, cancellationToken);
    }
}
