using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// A test of fixes: verifies the diagnostics of the <see cref="AnalyzerTest{TVerifier}.TestState"/>, fixes them one after the other
/// and all at once in a document, a project and the solution, and compares the outcome with the <see cref="FixedState"/> and the
/// <see cref="BatchFixedState"/>, whose diagnostics are verified too.
/// </summary>
/// <typeparam name="TVerifier">Makes the assertions.</typeparam>
public abstract partial class CodeFixTest<TVerifier> : CodeActionTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    /// <summary>Makes a test without any file.</summary>
    protected CodeFixTest()
    {
        FixedState = CreateState();
        BatchFixedState = CreateState();
    }

    /// <summary>Adds a source to the <see cref="FixedState"/>. It may hold markup.</summary>
    public string FixedCode
    {
        set
        {
            if (value is not null)
            {
                FixedState.Sources.Add(value);
            }
        }
    }

    /// <summary>
    /// What is left when one fix after the other was applied. A state that says nothing means that fixes are not tried; one that
    /// says the same as the test state means that no fix may be offered.
    /// </summary>
    public SolutionState FixedState { get; }

    /// <summary>Adds a source to the <see cref="BatchFixedState"/>. It may hold markup.</summary>
    public string BatchFixedCode
    {
        set
        {
            if (value is not null)
            {
                BatchFixedState.Sources.Add(value);
            }
        }
    }

    /// <summary>What is left when all was fixed at once, where that is something else than the <see cref="FixedState"/>.</summary>
    public SolutionState BatchFixedState { get; }

    /// <summary>
    /// How many code actions are applied one after the other: a number not negative is exact, a negative one is the largest allowed,
    /// 0 forbids that any is offered. <see langword="null"/> allows one for each fixable diagnostic, and none if the
    /// <see cref="FixedState"/> changes nothing.
    /// </summary>
    public int? NumberOfIncrementalIterations { get; set; }

    /// <summary>
    /// How many fix-all actions are applied one after the other; numbers are read as in <see cref="NumberOfIncrementalIterations"/>.
    /// <see langword="null"/> expects one in the scope of the solution (one for each language), and none if the
    /// <see cref="BatchFixedState"/> changes nothing. A number counts in all scopes that do not have their own.
    /// </summary>
    public int? NumberOfFixAllIterations { get; set; }

    /// <summary>
    /// How many fix-all actions are applied in the scope of a document. <see langword="null"/> means
    /// <see cref="NumberOfFixAllIterations"/>, or else allows one for each file of the fixable diagnostics.
    /// </summary>
    public int? NumberOfFixAllInDocumentIterations { get; set; }

    /// <summary>
    /// How many fix-all actions are applied in the scope of a project. <see langword="null"/> means
    /// <see cref="NumberOfFixAllIterations"/>, or else allows one for each project that changes.
    /// </summary>
    public int? NumberOfFixAllInProjectIterations { get; set; }

    /// <summary>Checks to leave out. None by default.</summary>
    public CodeFixTestBehaviors CodeFixTestBehaviors { get; set; }

    /// <summary>New instances of the fixes under test.</summary>
    protected abstract IEnumerable<CodeFixProvider> GetCodeFixProviders();

    /// <summary>The diagnostic to fix when <see cref="CodeFixTestBehaviors.FixOne"/> is set: by default the first.</summary>
    /// <returns><see langword="null"/> to fix none.</returns>
    protected virtual Diagnostic? TrySelectDiagnosticToFix(ImmutableArray<Diagnostic> fixableDiagnostics)
        => fixableDiagnostics.FirstOrDefault();

    /// <summary>As for all tests, and in addition what a fix under test can fix.</summary>
    protected override bool IsCompilerDiagnosticIncluded(Diagnostic diagnostic, CompilerDiagnostics compilerDiagnostics)
        => base.IsCompilerDiagnosticIncluded(diagnostic, compilerDiagnostics)
            || GetCodeFixProviders()
                .Any(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id, StringComparer.OrdinalIgnoreCase));

    /// <inheritdoc/>
    protected override async Task RunImplAsync(CancellationToken cancellationToken)
    {
        Verify.NotEmpty($"{nameof(TestState)}.{nameof(SolutionState.Sources)}", TestState.Sources);

        ImmutableArray<string> fixable = [.. GetCodeFixProviders().SelectMany(provider => provider.FixableDiagnosticIds)];
        SolutionState rawTestState = TestState.WithInheritedValuesApplied(null, fixable);
        SolutionState rawFixedState = FixedState.WithInheritedValuesApplied(rawTestState, fixable);
        SolutionState rawBatchFixedState = BatchFixedState.WithInheritedValuesApplied(rawFixedState, fixable);
        SolutionState testState = ReadMarkup(rawTestState, fixable);
        SolutionState fixedState = ReadMarkup(rawFixedState, fixable);
        SolutionState batchFixedState = ReadMarkup(rawBatchFixedState, fixable);

        await VerifyDiagnosticsAsync(testState, Verify.PushContext("Diagnostics of the test state"), cancellationToken);
        if (!CodeActionExpected(FixedState) && !CodeActionExpected(BatchFixedState))
        {
            return;
        }

        // The files first: what is wrong with a fix is seen better in them than in the diagnostics they lead to.
        await VerifyFixAsync(testState, fixedState, batchFixedState, Verify, cancellationToken);
        await VerifyDiagnosticsAsync(fixedState, Verify.PushContext("Diagnostics of the fixed state"), cancellationToken);
        if (CodeActionExpected(BatchFixedState) && !CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.SkipFixAllCheck))
        {
            await VerifyDiagnosticsAsync(batchFixedState, Verify.PushContext("Diagnostics of the batch fixed state"), cancellationToken);
        }
    }

    /// <summary>Fixes the test state in all ways and compares what comes out with the expected states.</summary>
    protected async Task VerifyFixAsync(
        SolutionState testState,
        SolutionState fixedState,
        SolutionState batchFixedState,
        IVerifier verifier,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        int oneByOne = NumberOfIncrementalIterations ?? DefaultIncrementalIterations(testState, fixedState);
        await FixAndVerifyAsync(testState, fixedState, null, oneByOne, verifier.PushContext("One fix after the other"), cancellationToken);
        if (!GetCodeFixProviders().Any(provider => provider.GetFixAllProvider() is not null))
        {
            return;
        }

        foreach ((FixAllScope scope, CodeFixTestBehaviors skip, int number) in new[]
        {
            (FixAllScope.Document, CodeFixTestBehaviors.SkipFixAllInDocumentCheck,
                NumberOfFixAllInDocumentIterations ?? NumberOfFixAllIterations ?? DefaultIterationsInDocument(testState, batchFixedState)),
            (FixAllScope.Project, CodeFixTestBehaviors.SkipFixAllInProjectCheck,
                NumberOfFixAllInProjectIterations ?? NumberOfFixAllIterations ?? DefaultIterationsInProject(testState, batchFixedState)),
            (FixAllScope.Solution, CodeFixTestBehaviors.SkipFixAllInSolutionCheck,
                NumberOfFixAllIterations ?? DefaultIterationsInSolution(testState, batchFixedState)),
        })
        {
            if (!CodeFixTestBehaviors.HasFlag(skip))
            {
                IVerifier inScope = verifier.PushContext($"Fix all in the scope {scope}");
                await FixAndVerifyAsync(testState, batchFixedState, scope, number, inScope, cancellationToken);
            }
        }
    }

    private int DefaultIncrementalIterations(SolutionState testState, SolutionState fixedState)
        => HasAnyChange(testState, fixedState, recursive: true) ? -Fixable(testState).Count() : 0;

    private int DefaultIterationsInDocument(SolutionState testState, SolutionState batchFixedState)
        => HasAnyChange(testState, batchFixedState, recursive: false)
            ? -Fixable(testState).Select(diagnostic => diagnostic.Spans.FirstOrDefault().Span.Path).Distinct().Count()
            : 0;

    private static int DefaultIterationsInProject(SolutionState testState, SolutionState batchFixedState)
        => -testState.AdditionalProjects.Count(project =>
                !batchFixedState.AdditionalProjects.TryGetValue(project.Key, out ProjectState? expected)
                || HasAnyChange(project.Value, expected, recursive: true))
            - (HasAnyChange(testState, batchFixedState, recursive: false) ? 1 : 0);

    private static int DefaultIterationsInSolution(SolutionState testState, SolutionState batchFixedState)
        => HasAnyChange(testState, batchFixedState, recursive: true)
            ? -testState.AdditionalProjects.Values.Select(project => project.Language).Append(testState.Language).Distinct().Count()
            : 0;

    private IEnumerable<DiagnosticResult> Fixable(SolutionState state)
        => state.ExpectedDiagnostics.Where(
            diagnostic => GetCodeFixProviders().Any(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)));
}
