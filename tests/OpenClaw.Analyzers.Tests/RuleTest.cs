using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.Clients;
using OpenClaw.Analyzers.Retry;
using OpenClaw.Analyzers.Runs;
using OpenClaw.Analyzers.Runs.Checkpoints;
using OpenClaw.Analyzers.Runs.Results;

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

    protected override ParseOptions CreateParseOptions() => ((CSharpParseOptions)base.CreateParseOptions()).WithLanguageVersion(_languageVersion);

    protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers()
        => AllRules ? [new GatewayCallAnalyzer(), new RetryAnalyzer(), new ClientCreationAnalyzer(), new StepAnalyzer(), new CheckpointAnalyzer(), new RunRetryAnalyzer(), new StepResultAnalyzer()] : base.GetDiagnosticAnalyzers();
}
