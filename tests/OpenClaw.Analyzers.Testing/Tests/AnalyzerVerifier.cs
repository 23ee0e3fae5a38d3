using Microsoft.CodeAnalysis.Diagnostics;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Short forms for tests of one analyzer.</summary>
/// <typeparam name="TAnalyzer">The analyzer under test.</typeparam>
/// <typeparam name="TTest">How it is tested.</typeparam>
/// <typeparam name="TVerifier">Makes the assertions.</typeparam>
public class AnalyzerVerifier<TAnalyzer, TTest, TVerifier>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TTest : AnalyzerTest<TVerifier>, new()
    where TVerifier : IVerifier, new()
{
    /// <summary>Expects the only diagnostic that the analyzer supports.</summary>
    /// <exception cref="InvalidOperationException">It supports none or several.</exception>
    public static DiagnosticResult Diagnostic() => Diagnostic(Single(new TAnalyzer().SupportedDiagnostics, "any id"));

    /// <summary>Expects the only diagnostic of this id that the analyzer supports.</summary>
    /// <exception cref="InvalidOperationException">It supports none or several with this id.</exception>
    public static DiagnosticResult Diagnostic(string diagnosticId)
        => Diagnostic(Single(
            new TAnalyzer().SupportedDiagnostics.Where(descriptor => descriptor.Id == diagnosticId), $"the id '{diagnosticId}'"));

    /// <summary>Expects a diagnostic.</summary>
    public static DiagnosticResult Diagnostic(DiagnosticDescriptor descriptor) => new(descriptor);

    /// <summary>Verifies what the analyzer reports in a source.</summary>
    /// <param name="source">The source, which may hold markup.</param>
    /// <param name="expected">What is expected besides the markup.</param>
    public static Task VerifyAnalyzerAsync(string source, params DiagnosticResult[] expected)
    {
        var test = new TTest { TestCode = source };
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync(CancellationToken.None);
    }

    private static DiagnosticDescriptor Single(IEnumerable<DiagnosticDescriptor> descriptors, string which)
        => descriptors.ToList() is [DiagnosticDescriptor single]
            ? single
            : throw new InvalidOperationException(
                $"{typeof(TAnalyzer).Name} does not support exactly one diagnostic of {which}: "
                + $"pass the descriptor to {nameof(Diagnostic)}.");
}
