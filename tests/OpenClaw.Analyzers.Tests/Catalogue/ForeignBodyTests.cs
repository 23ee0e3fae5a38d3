using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Tests.Catalogue;

/// <summary>How far the rules look into other documents, and what they say of what they have not looked at: nothing.</summary>
public sealed class ForeignBodyTests
{
    private const string Agent = """
        using System.Threading;
        using System.Threading.Tasks;
        using OpenAI.Chat;

        public class Agent
        {
            private readonly ChatClient _chat = new("model", "key");

            public async Task AskAsync(string text) => await _chat.CompleteChatAsync(text);

            static void Main() { }
        }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(ForeignBodies.Limit)]
    [InlineData(40)]
    public async Task A_call_that_one_of_the_callers_leaves_unprotected_is_reported_however_many_there_are(int callers)
        => Assert.Contains("OCG1001", await IdsAsync([.. Enumerable.Range(0, callers).Select(Plain)]));

    [Theory]
    [InlineData(1)]
    [InlineData(ForeignBodies.Limit)]
    public async Task A_call_that_all_callers_protect_is_not_reported(int callers)
        => Assert.DoesNotContain("OCG1001", await IdsAsync([.. Enumerable.Range(0, callers).Select(Protected)]));

    [Fact]
    public async Task A_call_whose_other_callers_are_not_looked_at_is_not_reported()
        => Assert.DoesNotContain("OCG1001", await IdsAsync([.. Enumerable.Range(0, 40).Select(Protected)]));

    [Fact]
    public async Task What_is_reported_does_not_depend_on_the_order_in_which_documents_are_analysed()
    {
        string[] callers = [Plain(0), .. Enumerable.Range(1, 20).Select(Protected), .. Enumerable.Range(21, 20).Select(Plain)];
        CSharpCompilation compilation = await Analysis.CompilationAsync([Agent, .. callers]);
        IReadOnlyList<string> reported = await ReportedAsync(compilation, compilation.SyntaxTrees);
        Assert.NotEmpty(reported);
        Assert.Equal(reported, await ReportedAsync(compilation, compilation.SyntaxTrees.Reverse()));
    }

    [Theory]
    [InlineData("void AskAsync(string a, int b) { } void Go() => AskAsync(\"a\", 1);")]
    [InlineData("void AskAsync(string a) { } void Go() => AskAsync(\"a\");")]
    [InlineData("static void AskAsync(string a) { } void Go() => Own.AskAsync(\"a\");")]
    [InlineData("void Go(Desk desk) => desk.AskAsync(\"a\");")]
    [InlineData("void Go() { var desk = new Desk(); desk.AskAsync(\"a\"); }")]
    [InlineData("private readonly Desk _desk = new(); void Go() => this._desk.AskAsync(\"a\");")]
    [InlineData("Desk? Front { get; set; } void Go() => Front?.AskAsync(\"a\");")]
    public async Task Calls_of_another_method_of_the_name_take_no_place_from_those_of_the_method(string other)
    {
        string[] others = [.. Enumerable.Range(0, 40).Select(i => $"class Other{i} {{ {other.Replace("Own", $"Other{i}", StringComparison.Ordinal)} }}")];
        Assert.Contains("OCG1001", await IdsAsync(["class Desk { public void AskAsync(string a) { } }", .. others, Plain(0)]));
    }

    [Theory]
    [InlineData("void Go(IAsk ask) => ask.AskAsync(\"a\");")]
    [InlineData("void Go(IAskMore ask) => ask.AskAsync(\"a\");")]
    [InlineData("void Go<T>(T ask) where T : IAsk => ask.AskAsync(\"a\");")]
    [InlineData("void Go(dynamic other, IAsk ask) { other.AskAsync(\"a\"); ask.AskAsync(\"a\"); }")]
    public async Task A_call_through_an_interface_is_one_of_the_method(string unprotected)
    {
        string agent = Agent.Replace("public class Agent", """
            public interface IAsk { Task AskAsync(string text); }
            public interface IAskMore : IAsk { }
            public class Agent : IAsk
            """, StringComparison.Ordinal);
        IEnumerable<Diagnostic> reported = await Analysis.RunAsync(await Analysis.CompilationAsync([agent, Protected(0), $"class Caller {{ {unprotected} }}"]));
        Assert.Contains("OCG1001", reported.Select(diagnostic => diagnostic.Id));
    }

#if DEBUG
    [Fact]
    public async Task So_many_bodies_of_other_documents_are_bound_and_no_more()
    {
        CSharpCompilation compilation = await Analysis.CompilationAsync([Agent, .. Enumerable.Range(0, 40).Select(Protected)]);
        CompilationWithAnalyzers analysis = Analysis.Of(compilation);
        await ReportedAsync(analysis, compilation.SyntaxTrees[0]);
        WorkCounters work = GatewayModel.For(analysis.Compilation, new AnalyzerOptions([])).Work;
        Assert.Equal(ForeignBodies.Limit, work.BodiesForeignTo(compilation.SyntaxTrees[0]));
    }
#endif

    private static string Plain(int number) => $$"""
        using System.Threading.Tasks;
        class Plain{{number}} { public Task GoAsync(Agent agent) => agent.AskAsync("{{number}}"); }
        """;

    private static string Protected(int number) => $$"""
        using System.Threading;
        using System.Threading.Tasks;
        using Polly;
        class Protected{{number}}
        {
            public async Task GoAsync(Agent agent, ResiliencePipeline pipeline, CancellationToken token)
                => await pipeline.ExecuteAsync(async _ => await agent.AskAsync("{{number}}"), token);
        }
        """;

    private static async Task<IEnumerable<string>> IdsAsync(IEnumerable<string> callers)
        => (await Analysis.RunAsync(await Analysis.CompilationAsync([Agent, .. callers]))).Select(diagnostic => diagnostic.Id);

    private static async Task<IReadOnlyList<string>> ReportedAsync(CSharpCompilation compilation, IEnumerable<SyntaxTree> documents)
    {
        CompilationWithAnalyzers analysis = Analysis.Of(compilation);
        List<string> reported = [];
        foreach (SyntaxTree document in documents)
        {
            reported.AddRange(await ReportedAsync(analysis, document));
        }

        return [.. reported.Order(StringComparer.Ordinal)];
    }

    private static async Task<IEnumerable<string>> ReportedAsync(CompilationWithAnalyzers analysis, SyntaxTree document)
        => (await analysis.GetAnalyzerSemanticDiagnosticsAsync(analysis.Compilation.GetSemanticModel(document), null, TestContext.Current.CancellationToken))
            .Select(diagnostic => diagnostic.ToString());
}
