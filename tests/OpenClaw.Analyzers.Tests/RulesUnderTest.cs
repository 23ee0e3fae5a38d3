using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Tests;

/// <summary>Several rules share an analyzer. A test is about the rule of its fix, and about those that its sources name.</summary>
internal static class RulesUnderTest
{
    // About how the call itself is made: fixes of other rules leave that as they find it, or uncover it, and what they do about it is in the sources
    // that their tests expect. Limits, the client's own retry, waits that block, statuses that nobody looks at.
    private static readonly string[] Untouched = ["OCG1003", "OCG1004", "OCG1006", "OCG1007"];

    /// <summary>The rules that a test is not about.</summary>
    /// <param name="analyzers">What runs.</param>
    /// <param name="fix">The fix of the rule under test; null where every rule is meant that is on by default.</param>
    /// <param name="sources">The sources with their markup.</param>
    public static IEnumerable<string> Others(IEnumerable<DiagnosticAnalyzer> analyzers, CodeFixProvider? fix, IEnumerable<(string Name, SourceText Content)> sources)
    {
        string text = string.Concat(sources.Select(source => source.Content));
        return analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics)
            .Where(rule => fix is null ? !rule.IsEnabledByDefault || Untouched.Contains(rule.Id) : !fix.FixableDiagnosticIds.IsEmpty && !fix.FixableDiagnosticIds.Contains(rule.Id))
            .Select(rule => rule.Id)
            .Where(id => !text.Contains(id, StringComparison.Ordinal));
    }
}
