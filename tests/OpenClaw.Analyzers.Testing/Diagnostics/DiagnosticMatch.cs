using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace OpenClaw.Analyzers.Testing;

/// <summary>
/// Finds out which reported diagnostic is which expectation. An expectation can be vague (a start without an end, any message), so
/// several diagnostics can satisfy it; the exact pairs are a maximum matching, which never reports a failure that another
/// assignment would avoid.
/// </summary>
internal sealed class DiagnosticMatch
{
    private readonly ImmutableArray<DiagnosticResult> _expected;
    private readonly ImmutableArray<Diagnostic> _actual;

    /// <summary>The expectation that each diagnostic was given, or -1.</summary>
    private readonly int[] _expectationOf;

    private DiagnosticMatch(ImmutableArray<DiagnosticResult> expected, ImmutableArray<Diagnostic> actual)
    {
        _expected = expected;
        _actual = actual;
        _expectationOf = new int[actual.Length];
        Array.Fill(_expectationOf, -1);
    }

    /// <summary>Diagnostics that are exactly what was expected.</summary>
    public ImmutableArray<(DiagnosticResult Expected, Diagnostic Actual)> Exact { get; private set; }

    /// <summary>Diagnostics that are like an expectation, but not equal to it.</summary>
    public ImmutableArray<(DiagnosticResult Expected, Diagnostic Actual)> Different { get; private set; }

    /// <summary>Expectations for which nothing was reported.</summary>
    public ImmutableArray<DiagnosticResult> Missing { get; private set; }

    /// <summary>Diagnostics that nothing expects.</summary>
    public ImmutableArray<Diagnostic> Unexpected { get; private set; }

    /// <summary>Whether all was reported as expected, and nothing else.</summary>
    public bool IsExact => Different.IsEmpty && Missing.IsEmpty && Unexpected.IsEmpty;

    public static DiagnosticMatch Of(ImmutableArray<DiagnosticResult> expected, ImmutableArray<Diagnostic> actual)
    {
        var match = new DiagnosticMatch(expected, actual);
        match.FindExact();
        match.PairTheRest();
        return match;
    }

    private void FindExact()
    {
        for (int i = 0; i < _expected.Length; i++)
        {
            Assign(i, new bool[_actual.Length]);
        }

        Exact = Pairs();
    }

    /// <summary>
    /// Gives an expectation a diagnostic, moving other expectations to other diagnostics where that makes room (Kuhn's algorithm).
    /// </summary>
    private bool Assign(int expectation, bool[] tried)
    {
        for (int i = 0; i < _actual.Length; i++)
        {
            if (!tried[i] && DiagnosticComparison.Distance(_expected[expectation], _actual[i]) == 0)
            {
                tried[i] = true;
                if (_expectationOf[i] < 0 || Assign(_expectationOf[i], tried))
                {
                    _expectationOf[i] = expectation;
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Pairs what is left, the most alike first: only the failure message depends on it.</summary>
    private void PairTheRest()
    {
        List<int> expected = [.. Enumerable.Range(0, _expected.Length).Except(_expectationOf)];
        List<int> actual = [.. Enumerable.Range(0, _actual.Length).Where(i => _expectationOf[i] < 0)];
        var candidates =
            from e in expected
            from a in actual
            where DiagnosticComparison.AreAlike(_expected[e], _actual[a])
            orderby DiagnosticComparison.Distance(_expected[e], _actual[a]), e, a
            select (e, a);

        ImmutableArray<(DiagnosticResult, Diagnostic)>.Builder different = ImmutableArray.CreateBuilder<(DiagnosticResult, Diagnostic)>();
        foreach ((int e, int a) in candidates.ToList())
        {
            if (expected.Contains(e) && actual.Contains(a))
            {
                expected.Remove(e);
                actual.Remove(a);
                different.Add((_expected[e], _actual[a]));
            }
        }

        Different = different.ToImmutable();
        Missing = [.. expected.Select(i => _expected[i])];
        Unexpected = [.. actual.Select(i => _actual[i])];
    }

    private ImmutableArray<(DiagnosticResult Expected, Diagnostic Actual)> Pairs()
        => [.. _actual.Zip(_expectationOf).Where(pair => pair.Second >= 0).Select(pair => (_expected[pair.Second], pair.First))];
}
