using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace OpenClaw.Analyzers.Testing;

/// <summary>One way of fixing a solution from its first state to the last: what takes part in it, and what happened on it.</summary>
internal sealed class FixRun(Solution solution, FixIterations expected, IVerifier verifier, CancellationToken cancellationToken)
{
    private readonly List<string> _applied = [];

    public required ImmutableArray<DiagnosticAnalyzer> Analyzers { get; init; }

    public required ImmutableArray<CodeFixProvider> Providers { get; init; }

    public IVerifier Verifier { get; } = verifier;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The solution as it is now.</summary>
    public Solution Solution { get; set; } = solution;

    /// <summary>How often an action was offered.</summary>
    public int Iterations { get; set; }

    /// <summary>Whether another action may be tried.</summary>
    public bool MayGoOn => expected.AllowAnother(Iterations);

    /// <summary>Whether actions were still offered when the limit was reached.</summary>
    public bool WasStopped { get; set; }

    /// <summary>Whether this way cannot be gone: there is no fix all in the scope of a document for a file that is not source.</summary>
    public bool IsImpossible { get; set; }

    /// <summary>Whether the provider of a fix declined to fix all, so that the number of actions says nothing.</summary>
    public bool WasDeclined { get; set; }

    /// <summary>Why no further action was applied; <see langword="null"/> if there was no need for one.</summary>
    public string? Obstacle { get; set; }

    /// <summary>The first syntax tree that was wrong.</summary>
    public ExceptionDispatchInfo? ValidationError { get; set; }

    /// <summary>Notes that an action changed the solution.</summary>
    public void Applied(string title) => _applied.Add(title);

    /// <summary>What a reader needs to know who sees that the result is not the expected one.</summary>
    public string Explain()
    {
        string applied = _applied.Count == 0
            ? "No code action changed anything."
            : $"Applied, one after the other: {string.Join(", ", _applied.Select(title => $"'{title}'"))}.";
        string? unexpected = expected.Limit == 0 && _applied.Count > 0 ? " No code action was expected." : null;
        string? count = WasStopped ? " " + expected.Judge(Iterations, WasStopped) : null;
        return applied + unexpected + count + (Obstacle is null ? null : " " + Obstacle);
    }

    /// <summary>Verifies what cannot be seen in the resulting files.</summary>
    public void Verify()
    {
        ValidationError?.Throw();
        if (!WasDeclined && expected.Judge(Iterations, WasStopped) is { } problem)
        {
            Verifier.Fail(problem);
        }
    }
}
