using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Testing;

/// <summary>
/// The solutions that one run of a test has come across and what was reported in them. A fix test comes to the same few solutions
/// by many ways (one fix after the other, fix all in three scopes, the stated result), and each needs to be analysed once only.
/// </summary>
internal sealed class KnownSolutions
{
    private readonly List<Solution> _solutions = [];
    private readonly Dictionary<Solution, ImmutableArray<ReportedDiagnostic>> _diagnostics = [];
    private readonly Dictionary<Solution, IReadOnlySet<Diagnostic>> _nonLocalDiagnostics = [];

    /// <summary>The known solution with the same content, or else the given one, which is known from then on.</summary>
    public async Task<Solution> UnifyAsync(Solution solution, CancellationToken cancellationToken)
    {
        foreach (Solution known in _solutions)
        {
            if (ReferenceEquals(known, solution) || await SolutionContent.EqualAsync(known, solution, cancellationToken))
            {
                return known;
            }
        }

        _solutions.Add(solution);
        return solution;
    }

    /// <summary>What is reported in a solution that <see cref="UnifyAsync"/> returned.</summary>
    public async Task<ImmutableArray<ReportedDiagnostic>> GetDiagnosticsAsync(
        Solution solution, Func<Solution, Task<ImmutableArray<ReportedDiagnostic>>> analyze)
    {
        if (!_diagnostics.TryGetValue(solution, out ImmutableArray<ReportedDiagnostic> diagnostics))
        {
            diagnostics = await analyze(solution);
            _diagnostics.Add(solution, diagnostics);
        }

        return diagnostics;
    }

    /// <summary>What is reported in such a solution at the end of a compilation, or in another file than the analysed one.</summary>
    public async Task<IReadOnlySet<Diagnostic>> GetNonLocalDiagnosticsAsync(
        Solution solution, Func<Project, Task<IEnumerable<Diagnostic>>> analyze)
    {
        if (!_nonLocalDiagnostics.TryGetValue(solution, out IReadOnlySet<Diagnostic>? diagnostics))
        {
            HashSet<Diagnostic> found = [];
            foreach (Project project in solution.Projects)
            {
                found.UnionWith(await analyze(project));
            }

            _nonLocalDiagnostics.Add(solution, diagnostics = found);
        }

        return diagnostics;
    }
}
