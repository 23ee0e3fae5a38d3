using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.CodeFixes.Calls;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1001 in short, and what its message says; the rooms beside this one go into the details.</summary>
public sealed class UnprotectedCallTests
{
    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_call_of_the_OpenAI_client_is_reported_and_wrapped() => Verifier.FixedAsync(
        """
        using OpenAI.Chat;

        class Agent
        {
            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

            public async Task<string> AskAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
            {
                ChatCompletion reply = await _chat.{|OCG1001:CompleteChatAsync|}(messages, cancellationToken: cancellationToken);
                return reply.Content[0].Text;
            }

            static void Main() { }
        }
        """,
        """
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        class Agent
        {
            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

            public async Task<string> AskAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
            {
                ChatCompletion reply = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken);
                return reply.Content[0].Text;
            }

            static void Main() { }
        }
        """);

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task Raw_requests_to_a_gateway_are_reported_and_others_are_not() => Verifier.ReportedAsync(
        Code.InMethod(
            """
            await _http.{|OCG1001:PostAsJsonAsync|}("http://localhost:18789/v1/chat/completions", messages, cancellationToken);
            await _http.PostAsJsonAsync("https://example.com/orders", messages, cancellationToken);
            """));

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_call_in_a_pipeline_is_silent() => Verifier.SilentAsync(
        Code.InMethod(
            "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken);",
            fixedCode: true));

    [Theory]
    [InlineData(
        "await _chat.[|CompleteChatAsync|](messages);",
        "ChatClient.CompleteChatAsync",
        "nothing in this project protects the client, so that a refused connection, a draining gateway or a 429 ends the run",
        ", and by default the SDK repeats it up to 3 times at once")]
    [InlineData(
        "await new ChatClient(\"m\", \"k\").[|CompleteChatAsync|](messages);",
        "ChatClient.CompleteChatAsync",
        "a refused connection, a 429 or a 502 ends the run",
        ", and by default the SDK repeats it up to 3 times at once")]
    [InlineData(
        "await new ChatClient(\"m\", new System.ClientModel.ApiKeyCredential(\"k\"), new OpenAI.OpenAIClientOptions { RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) }).[|CompleteChatAsync|](messages);",
        "ChatClient.CompleteChatAsync",
        "a refused connection, a 429 or a 502 ends the run",
        "")]
    [InlineData(
        "await _http.[|GetStringAsync|](\"http://box:18789/x\");",
        "HttpClient.GetStringAsync",
        "a refused connection, a draining gateway or a 429 ends the run",
        "")]
    [InlineData(
        "await _http.[|PostAsJsonAsync|](\"https://api.openai.com/v1/responses\", 1);",
        "HttpClient.PostAsJsonAsync",
        "a refused connection, a 429 or a 502 ends the run",
        "")]
    public Task The_message_is_true_of_this_client(string call, string name, string consequence, string repetition)
    {
        const int Line = 12;
        string source = Code.InMethod(call);
        int start = source.Split('\n')[Line - 1].IndexOf("[|", StringComparison.Ordinal) + 1;
        int length = call.IndexOf("|]", StringComparison.Ordinal) - call.IndexOf("[|", StringComparison.Ordinal) - 2;
        var test = new RuleTest<GatewayCallAnalyzer, ProtectCall> { TestCode = source.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal) };
        test.TestState.ExpectedDiagnostics.Add(new DiagnosticResult("OCG1001", Microsoft.CodeAnalysis.DiagnosticSeverity.Warning)
            .WithSpan("/0/Test1.cs", Line, start, Line, start + length)
            .WithOptions(DiagnosticOptions.IgnoreAdditionalLocations)
            .WithArguments(name, "retry, breaker or limiter", consequence, repetition));
        test.CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck;
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task The_message_leaves_open_what_a_client_out_of_sight_repeats()
    {
        var test = new RuleTest<GatewayCallAnalyzer, ProtectCall>
        {
            TestCode = Code.InClass("public Task Ask(IChatClient client) => client.{|#0:GetResponseAsync|}(\"hello\");", "using Microsoft.Extensions.AI;"),
        };
        test.TestState.ExpectedDiagnostics.Add(new DiagnosticResult("OCG1001", Microsoft.CodeAnalysis.DiagnosticSeverity.Warning)
            .WithLocation(0)
            .WithOptions(DiagnosticOptions.IgnoreAdditionalLocations)
            .WithArguments(
                "IChatClient.GetResponseAsync",
                "retry, breaker or limiter",
                "nothing in this project protects the client, so that a refused connection, a draining gateway or a 429 ends the run",
                ", unless the client behind it repeats it"));
        test.CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck;
        return test.RunAsync(TestContext.Current.CancellationToken);
    }
}
