using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace OpenClaw.Analyzers.Tests;

/// <summary>Source code with the libraries of an agent around it, and what the rules should say of it.</summary>
/// <typeparam name="TAnalyzer">The analyzer of the rule under test.</typeparam>
/// <typeparam name="TFix">The fix of the rule under test.</typeparam>
internal sealed class RuleTest<TAnalyzer, TFix> : CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    // What every source below may use without saying so; a rule's own namespace is not among them, because the fixes have to add it.
    internal const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Net.WebSockets;
        global using System.Text;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private readonly LanguageVersion _languageVersion;

    public RuleTest(LanguageVersion languageVersion = LanguageVersion.CSharp11)
    {
        _languageVersion = languageVersion;
        ReferenceAssemblies = ReferenceAssemblies.Net.Net100;
        TestState.OutputKind = OutputKind.ConsoleApplication;
        if (languageVersion >= LanguageVersion.CSharp10)
        {
            TestState.Sources.Add(("/0/GlobalUsings.cs", GlobalUsings));
        }

        TestState.AdditionalReferences.AddRange(Libraries.All);
    }

    /// <summary>States what the fixed sources are; without it no fix may be offered.</summary>
    public void Expect(params string[] fixedSources)
    {
        foreach ((string name, Microsoft.CodeAnalysis.Text.SourceText content) in TestState.Sources.Where(source => source.filename == "/0/GlobalUsings.cs"))
        {
            FixedState.Sources.Add((name, content));
        }

        foreach (string source in fixedSources)
        {
            FixedState.Sources.Add(source);
        }
    }

    /// <summary>Whether the analysers other than the one under test run as well: to prove that a fix raises none of them.</summary>
    public bool AllRules { get; init; }

    /// <summary>How often each of our rules speaks of the sources; filled by a run with <see cref="ListensOnly"/>.</summary>
    public Dictionary<string, int> Heard { get; } = [];

    /// <summary>Whether what our rules report is only counted, not compared with the markup.</summary>
    public bool ListensOnly { get; init; }

    /// <summary>What the rules had to say before the fix: it may go on, but not become more. What the sources name is expected all the same.</summary>
    public IReadOnlyDictionary<string, int> Before { get; init; } = new Dictionary<string, int>();

    protected override ImmutableArray<(Project project, Diagnostic diagnostic)> FilterDiagnostics(ImmutableArray<(Project project, Diagnostic diagnostic)> diagnostics)
    {
        diagnostics = base.FilterDiagnostics(diagnostics);
        if (ListensOnly)
        {
            foreach ((_, Diagnostic diagnostic) in diagnostics)
            {
                Heard[diagnostic.Id] = Heard.GetValueOrDefault(diagnostic.Id) + 1;
            }

            return diagnostics.RemoveAll(static item => IsOurs(item.diagnostic));
        }

        return diagnostics.RemoveAll(item => Before.TryGetValue(item.diagnostic.Id, out int count)
            && IsOurs(item.diagnostic)
            && diagnostics.Count(other => other.diagnostic.Id == item.diagnostic.Id) <= count);
    }

    protected override ParseOptions CreateParseOptions() => ((CSharpParseOptions)base.CreateParseOptions()).WithLanguageVersion(_languageVersion);

    /// <summary>The sources may break other rules of the analyzer as well: only the one that the fix is for, and those that the sources name, speak.</summary>
    protected override Project ApplyCompilationOptions(Project project)
    {
        DisabledDiagnostics.AddRange(RulesUnderTest.Others(GetDiagnosticAnalyzers(), AllRules ? null : new TFix(), TestState.Sources));
        return base.ApplyCompilationOptions(project);
    }

    protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers()
        => AllRules ? Catalogue.Rules.Analyzers : base.GetDiagnosticAnalyzers();

    private static bool IsOurs(Diagnostic diagnostic) => diagnostic.Id.StartsWith("OCG", StringComparison.Ordinal);
}
