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

    [Fact]
    public async Task Methods_of_the_name_that_take_less_are_told_without_a_look_at_their_callers()
    {
        // 'AskAsync' of the others is called everywhere, with more than the agent's takes.
        string[] others = [.. Enumerable.Range(0, 40).Select(i => $"class Other{i} {{ void AskAsync(string a, int b) {{ }} void Go() => AskAsync(\"a\", {i}); }}")];
        Assert.DoesNotContain("OCG1001", await IdsAsync([.. others, Protected(0)]));
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
