using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Tests.Catalogue;

/// <summary>What the analysis costs, in counts of work: no clock, the same on every machine.</summary>
public sealed class WorkTests
{
    private const string Agent = """
        using System.Threading.Tasks;
        using OpenAI.Chat;

        public class Agent
        {
            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

            public Task StartAsync() => RunAsync("hello");

            private async Task RunAsync(string text) => await _chat.CompleteChatAsync(text);

            static void Main() { }
        }
        """;

    [Fact]
    public async Task A_tree_is_read_once_and_after_an_edit_only_the_edited_one()
    {
        CSharpCompilation compilation = await Analysis.CompilationAsync([Agent, .. Others(20)]);
        Assert.Equal(21, (await WorkOnAsync(compilation)).TreesRead);

        SyntaxTree edited = compilation.SyntaxTrees[0];
        Assert.Equal(1, (await WorkOnAsync(compilation.ReplaceSyntaxTree(edited, Analysis.Parse(Agent + "// edited", edited.FilePath)))).TreesRead);
    }

    [Fact]
    public async Task A_compilation_that_can_call_no_gateway_is_not_read()
    {
        // Everything that the analyzers look at, and none of the assemblies by which something could be called.
        SyntaxTree[] trees = [Analysis.Parse(TrickyCode.Long(50)), Analysis.Parse(TrickyCode.Deep(30))];
        CSharpCompilation compilation = await Analysis.CompilationAsync(trees, []);
        compilation = compilation.RemoveReferences(compilation.References.Where(reference => reference.Display?.Contains("System.Net.", StringComparison.Ordinal) == true));
        Assert.Equal(0, (await WorkOnAsync(compilation)).TreesRead);
    }

    [Theory]
    [InlineData("namespace OpenClaw.Resilience { class GatewayCallAttribute : System.Attribute { } class GatewayPipeline { [GatewayCall] void Send() { } void Run() { Send(); } } }")]
    [InlineData("namespace OpenClaw.Resilience { class AgentStepAttribute : System.Attribute { } class Agent { [AgentStep] void Send() { } void Run() { Send(); } } }")]
    public async Task A_mark_in_the_sources_is_reason_enough_to_read_them(string source)
    {
        CSharpCompilation compilation = await Analysis.CompilationAsync([Analysis.Parse(source)], []);
        compilation = compilation.RemoveReferences(compilation.References.Where(reference => reference.Display?.Contains("System.Net.", StringComparison.Ordinal) == true));
        Assert.Equal(1, (await WorkOnAsync(compilation)).TreesRead);
    }

    [Fact]
    public async Task Types_of_libraries_are_looked_up_once_and_those_of_the_project_as_often_for_many_documents_as_for_one()
    {
        // Binds the references here and keeps them, as an editor's workspace does: what is analysed shares their symbols, which are held weakly.
        CSharpCompilation one = await Analysis.CompilationAsync([Agent, .. Others(1)]);
        one.GetSpecialType(SpecialType.System_Object);
        int rows = ClientCatalog.Entries.Count;
        Assert.InRange((await WorkOnAsync(one)).LookUps, 1, rows * (one.References.Count() + 1));

        int ownTypes = ClientCatalog.Entries.Count(client => client.Assembly is null);
        CSharpCompilation many = one.AddSyntaxTrees(Others(31).Skip(1).Select((source, index) => Analysis.Parse(source, $"Other{index}.cs")));
        Assert.Equal(ownTypes, (await WorkOnAsync(many)).LookUps);

        SyntaxTree edited = many.SyntaxTrees[0];
        Assert.Equal(ownTypes, (await WorkOnAsync(many.ReplaceSyntaxTree(edited, Analysis.Parse(Agent + "// edited", edited.FilePath)))).LookUps);
        GC.KeepAlive(one);
    }

#if DEBUG
    [Fact]
    public async Task Bodies_of_other_files_that_call_something_else_of_the_name_are_not_bound()
    {
        CSharpCompilation compilation = await Analysis.CompilationAsync([Agent, .. Others(30)]);
        WorkCounters work = await WorkOnAsync(compilation, compilation.SyntaxTrees[0]);
        Assert.Equal(0, work.BodiesForeignTo(compilation.SyntaxTrees[0]));
    }

    /// <summary>The library is referred to in all three; one word of it makes the everyday word a call that has to be looked at.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("using Anthropic;", true)]
    [InlineData("using Client = Anthropic.AnthropicClient;", true)]
    public async Task An_everyday_word_is_bound_where_the_sources_name_the_library_that_has_it_as_a_call(string directive, bool isBound)
    {
        CSharpCompilation compilation = await Analysis.CompilationAsync(
            $"{directive} class Table {{ public static Table Create(int rows) => new Table(); }} class Program {{ static void Main() {{ Table.Create(1); Table.Create(2); }} }}",
            "class Other { }");
        WorkCounters work = await WorkOnAsync(compilation, compilation.SyntaxTrees[0]);
        Assert.Equal(isBound, work.BodiesForeignTo(compilation.SyntaxTrees[1]) > 0);
    }

    [Fact]
    public async Task The_callers_of_a_wrapper_are_bound_once_however_many_calls_it_makes()
    {
        string wrapper = Agent.Replace("private async Task RunAsync(string text) => await _chat.CompleteChatAsync(text);", "public async Task RunAsync(string text) { " + string.Concat(Enumerable.Repeat("await _chat.CompleteChatAsync(text); ", 10)) + "}", StringComparison.Ordinal);
        string[] callers = [.. Enumerable.Range(0, 4).Select(i => $"class Caller{i} {{ System.Threading.Tasks.Task AskAsync(Agent agent) => agent.RunAsync(\"{i}\"); }}")];
        CSharpCompilation compilation = await Analysis.CompilationAsync([wrapper, .. callers]);
        WorkCounters work = await WorkOnAsync(compilation, compilation.SyntaxTrees[0]);
        Assert.InRange(work.BodiesForeignTo(compilation.SyntaxTrees[0]), 1, 4);
    }

    [Fact]
    public async Task An_agent_that_is_registered_elsewhere_costs_the_few_bodies_that_matter()
    {
        string[] composition =
        [
            "using OpenAI.Chat; static class Composition { public static Agent Make() => new Agent(new ChatClient(\"m\", \"k\")); }",
            "class Host { System.Threading.Tasks.Task StartAsync() => Composition.Make().StartAsync(); }",
        ];
        CSharpCompilation compilation = await Analysis.CompilationAsync([Agent, .. composition, .. Others(30)]);
        WorkCounters work = await WorkOnAsync(compilation, compilation.SyntaxTrees[0]);
        Assert.InRange(work.BodiesForeignTo(compilation.SyntaxTrees[0]), 1, 8);
    }
#endif

    /// <summary>Files with classes of their own, whose methods have the names that everybody's have.</summary>
    private static string[] Others(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => $$"""
            using System.Threading.Tasks;
            class Other{{i}} { public Task StartWorkAsync() => RunAsync({{i}}); private Task RunAsync(int number) => Task.Delay(number); }
            """),
    ];

    /// <summary>The analysis of some documents, or of all, one after another as an editor asks for them.</summary>
    private static async Task<WorkCounters> WorkOnAsync(CSharpCompilation compilation, params SyntaxTree[] documents)
    {
        CompilationWithAnalyzers analysis = Analysis.Of(compilation);
        foreach (SyntaxTree document in documents is [] ? compilation.SyntaxTrees : [.. documents])
        {
            await analysis.GetAnalyzerSemanticDiagnosticsAsync(analysis.Compilation.GetSemanticModel(document), null, TestContext.Current.CancellationToken);
        }

        return GatewayModel.For(analysis.Compilation, new AnalyzerOptions([])).Work;
    }
}
