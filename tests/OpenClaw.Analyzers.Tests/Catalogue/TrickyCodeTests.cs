using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OpenClaw.Analyzers.Tests.Catalogue;

/// <summary>All analyzers together on code that is valid and unusual: nobody throws, nobody speaks.</summary>
public sealed class TrickyCodeTests
{
    private static bool KnowsPrimaryConstructors => Enum.IsDefined((LanguageVersion)1200);

    [Theory]
    [MemberData(nameof(TrickyCode.Names), MemberType = typeof(TrickyCode))]
    public Task Valid_code_is_left_alone(string name)
        => name == nameof(TrickyCode.PrimaryConstructors) && !KnowsPrimaryConstructors ? Task.CompletedTask : SilentAsync(TrickyCode.Find(name));

    [Fact]
    public Task A_method_of_thousands_of_statements_is_read_to_its_end() => SilentAsync(TrickyCode.Long(statements: 5000));

    [Fact]
    public Task Code_that_is_nested_deeply_is_read_to_its_ground() => SilentAsync(TrickyCode.Deep(levels: 90));

    [Fact]
    public async Task Parts_of_a_class_in_several_files_are_one_class()
    {
        // The client in one part, its calls in another, the protection of both in a third.
        string[] parts =
        [
            "using OpenAI.Chat; partial class Agent { private readonly ChatClient _chat; public Agent(ChatClient chat) => _chat = chat; }",
            "using System.Threading.Tasks; partial class Agent { private Task OnceAsync(string text) => _chat.CompleteChatAsync(text); static void Main() { } }",
            "using System.Threading.Tasks; using OpenClaw.Resilience; partial class Agent { public Task AskAsync(string text) => GatewayPipeline.Shared.ExecuteAsync(ct => OnceAsync(text)); }",
        ];
        IEnumerable<Diagnostic> diagnostics = await Analysis.RunAsync(await Analysis.CompilationAsync(parts));
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id == "OCG1001");
        diagnostics = await Analysis.RunAsync(await Analysis.CompilationAsync(parts[..2]));
        Assert.Contains(diagnostics, diagnostic => diagnostic.Id == "OCG1001");
    }

    [Fact]
    public async Task Methods_that_call_one_another_around_a_gateway_call_come_to_an_end()
    {
        CSharpCompilation compilation = await Analysis.CompilationAsync(
            """
            using System.Threading.Tasks;
            using OpenAI.Chat;

            class Agent
            {
                private readonly ChatClient _chat;

                public Agent(ChatClient chat) => _chat = chat;

                public Task<string> RunAsync() => AskAsync(3);

                private async Task<string> PlanAsync(int depth) => depth == 0 ? await AskAsync(depth) : await ActAsync(depth - 1);

                private async Task<string> ActAsync(int depth) { for (int i = 0; i < depth; i++) { await LookAsync(i); } return await PlanAsync(depth); }

                private async Task<string> LookAsync(int depth) { while (depth-- > 0) { try { return await PlanAsync(depth); } catch { await ActAsync(depth); } } return await AskAsync(depth); }

                private async Task<string> AskAsync(int depth)
                {
                    try { return (await _chat.CompleteChatAsync("hello")).Value.Content[0].Text; }
                    catch (System.Exception) { return await AskAsync(depth) + await LookAsync(depth); }
                }

                static void Main() { }
            }
            """);
        Assert.DoesNotContain(compilation.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.NotEmpty(await Analysis.RunAsync(compilation));
    }

    private static async Task SilentAsync(string source)
    {
        CSharpCompilation compilation = await Analysis.CompilationAsync(source);
        Assert.DoesNotContain(compilation.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Empty(await Analysis.RunAsync(compilation));
    }
}
