using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class AdditionalLocationTests
{
    private const string Source = "class C { void {|#0:M|}({|#1:int|} a, {|#2:int|} b) { } }";

    private static DiagnosticResult Expected => new DiagnosticResult(Analyzer.Descriptor).WithLocation(0);

    [Fact]
    public Task Additional_locations_are_compared_in_order()
        => Outcome.PassesAsync(Test(Expected.WithLocation(1, DiagnosticLocationOptions.UnnecessaryCode).WithLocation(2)));

    [Fact]
    public Task Additional_locations_can_be_ignored()
        => Outcome.PassesAsync(Test(Expected.WithOptions(DiagnosticOptions.IgnoreAdditionalLocations)));

    [Fact]
    public Task Markup_ignores_additional_locations()
        => Outcome.PassesAsync(new SampleTest<Analyzer> { TestCode = "class C { void [|M|](int a, int b) { } }" });

    [Fact]
    public async Task Too_few_additional_locations_fail()
        => Outcome.Says(
            "additional locations: expected [/0/Test0.cs(1,18,1,21)], reported [/0/Test0.cs(1,18,1,21); /0/Test0.cs(1,25,1,28)]",
            await Outcome.FailsAsync(Test(Expected.WithLocation(1, DiagnosticLocationOptions.UnnecessaryCode))));

    [Fact]
    public async Task Wrong_additional_locations_fail_and_can_be_pasted()
    {
        string message = await Outcome.FailsAsync(
            Test(Expected.WithLocation(2, DiagnosticLocationOptions.UnnecessaryCode).WithLocation(1)));

        Outcome.Says("additional locations: expected [/0/Test0.cs(1,25,1,28); /0/Test0.cs(1,18,1,21)]", message);
        Outcome.Says(
            ".WithSpan(1, 16, 1, 17)"
            + ".WithSpan(new FileLinePositionSpan(\"/0/Test0.cs\", new LinePosition(0, 17), new LinePosition(0, 20)), "
            + "DiagnosticLocationOptions.UnnecessaryCode)"
            + ".WithSpan(1, 25, 1, 28),",
            message);
    }

    [Fact]
    public async Task Unnecessary_code_must_be_expected_and_reported_alike()
    {
        Outcome.Says(
            "unnecessary additional locations: expected [], reported [0]",
            await Outcome.FailsAsync(Test(Expected.WithLocation(1).WithLocation(2))));
        Outcome.Says(
            "unnecessary additional locations: expected [0, 1], reported [0]",
            await Outcome.FailsAsync(Test(Expected
                .WithLocation(1, DiagnosticLocationOptions.UnnecessaryCode)
                .WithLocation(2, DiagnosticLocationOptions.UnnecessaryCode))));
    }

    [Theory]
    [InlineData("class C { void {|#0:NoJson|}({|#1:int|} a, {|#2:int|} b) { } }")]
    [InlineData("class C { void {|#0:OutOfRange|}({|#1:int|} a, {|#2:int|} b) { } }")]
    public async Task Indices_of_unnecessary_code_that_no_editor_understands_fail(string source)
    {
        var test = new SampleTest<Analyzer> { TestCode = source };
        test.ExpectedDiagnostics.Add(Expected.WithLocation(1).WithLocation(2));

        Outcome.Says("must be a JSON array of their indices", await Outcome.FailsAsync(test));
    }

    private static SampleTest<Analyzer> Test(DiagnosticResult expected)
    {
        var test = new SampleTest<Analyzer> { TestCode = Source };
        test.ExpectedDiagnostics.Add(expected);
        return test;
    }

    /// <summary>Reports methods with the types of their parameters, the first of which is unnecessary.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class Analyzer : DiagnosticAnalyzer
    {
        public static readonly DiagnosticDescriptor Descriptor = new(
            "TST020", "Title", "Message", "Test", DiagnosticSeverity.Warning, true, customTags: [WellKnownDiagnosticTags.Unnecessary]);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Descriptor];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.MethodDeclaration);
        }

        private static void Analyze(SyntaxNodeAnalysisContext context)
        {
            var method = (MethodDeclarationSyntax)context.Node;
            string unnecessary = method.Identifier.Text switch
            {
                "NoJson" => "first",
                "OutOfRange" => "[2]",
                _ => "[0]",
            };
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptor,
                method.Identifier.GetLocation(),
                method.ParameterList.Parameters.Select(parameter => parameter.Type!.GetLocation()),
                ImmutableDictionary<string, string?>.Empty.Add(WellKnownDiagnosticTags.Unnecessary, unnecessary)));
        }
    }
}
