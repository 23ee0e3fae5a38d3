using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.CodeFixes.Clients;
using OpenClaw.Analyzers.CodeFixes.Retry;
using OpenClaw.Analyzers.CodeFixes.Runs;
using OpenClaw.Analyzers.Retry;
using OpenClaw.Analyzers.Runs;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>A client of which only the names are known: no rule warns because of it.</summary>
public sealed class UnverifiedClientTests
{
    private const string Retry = """
        while (true)
        {
            try
            {
                await new AnthropicClient().Messages.ASK(null!, cancellationToken);
                return;
            }
            catch (HttpRequestException)
            {
            }
        }
        """;

    [Theory]
    [InlineData("Anthropic.SDK", "GetClaudeMessageAsync", "while")]
    [InlineData("Anthropic", "Create", "{|OCG1101:while|}")]
    public Task Its_retries_are_left_alone(string library, string call, string loop) => Verify<RetryAnalyzer, AddBackoff>.ReportedAsync(
        "#pragma warning disable OCG1103\n"
        + LibraryCode.InMethod(library, Retry.Replace("ASK", call, StringComparison.Ordinal).Replace("while", loop, StringComparison.Ordinal)));

    [Theory]
    [InlineData("Anthropic.SDK", "GetClaudeMessageAsync", DiagnosticSeverity.Info)]
    [InlineData("Anthropic", "Create", DiagnosticSeverity.Warning)]
    public Task Its_steps_are_a_suggestion(string library, string call, DiagnosticSeverity severity)
    {
        var test = new RuleTest<StepAnalyzer, CheckpointSteps>
        {
            TestCode = LibraryCode.InMethod(
                library,
                $$"""
                var client = new AnthropicClient();
                var answers = new List<object>();
                for (int step = 0; step < 20; step++)
                {
                    answers.Add(await client.Messages.{|#0:{{call}}|}(null!, cancellationToken));
                }

                Console.WriteLine(answers.Count);
                """),
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck,
        };
        test.TestState.ExpectedDiagnostics.Add(new DiagnosticResult("OCG1301", severity).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("Anthropic", "var client = {|OCG1201:new AnthropicClient()|};\nawait client.Messages.Create(null!, cancellationToken);")]
    [InlineData("Anthropic", "using var client = new AnthropicClient();\nawait client.Messages.Create(null!, cancellationToken);")]
    [InlineData("Anthropic", "var client = new AnthropicClient { HttpClient = Shared };\nawait client.Messages.Create(null!, cancellationToken);", "private static readonly HttpClient Shared = new();")]
    [InlineData("Anthropic.SDK", "var client = new AnthropicClient();\nawait client.Messages.GetClaudeMessageAsync(null!, cancellationToken);")]
    [InlineData("OpenClaw.Client", "var client = {|OCG1201:new OpenClawHttpClient(\"http://box\", \"t\")|};\nawait client.ChatCompletionAsync(1, cancellationToken);")]
    [InlineData("OpenClaw.Client", "var client = new OpenClawHttpClient(\"http://box\", \"t\", Shared);\nawait client.ChatCompletionAsync(1, cancellationToken);", "private static readonly HttpClient Shared = new();")]
    [InlineData("RestSharp", "var client = {|OCG1201:new RestClient(\"http://box:18789\")|};\nawait client.ExecuteAsync(new RestRequest(\"v1/responses\", Method.Post));")]
    [InlineData("RestSharp", "var client = new RestClient(\"https://shop.example\");\nawait client.ExecuteAsync(new RestRequest(\"v1/orders\", Method.Post));")]
    public Task Only_a_client_that_is_known_to_be_disposable_has_to_be_disposed(string usings, string statements, string members = "")
        => Verify<Analyzers.Clients.ClientCreationAnalyzer, DisposeClient>.ReportedAsync(LibraryCode.InMethod(usings, statements, members));
}
