using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1001 mended: the names that the fix writes, and which pipeline it takes.</summary>
public sealed class ProtectCallNamesTests
{
    private const string Call = "await _chat.{|OCG1001:CompleteChatAsync|}(messages, null, cancellationToken);";
    private const string Usings = "using OpenAI.Chat;\nusing OpenClaw.Resilience;";

    [Theory]
    [InlineData("int ct = 3;\nCALL\nConsole.WriteLine(ct);")]
    [InlineData("CALL\nint ct = 3;\nConsole.WriteLine(ct);")]
    [InlineData("foreach (var ct in messages)\n{\n    CALL\n}")]
    [InlineData("if (messages is [var ct, ..])\n{\n    CALL\n}")]
    [InlineData("Func<int, Task> ask = async ct => CALL\nawait ask(1);")]
    public Task The_lambdas_parameter_takes_no_name_of_the_code_around(string code) => Verifier.FixedAsync(
        Code.InMethod(code.Replace("CALL", Call, StringComparison.Ordinal)),
        Code.InMethod(code.Replace("CALL", "await GatewayPipeline.Shared.ExecuteAsync(ct2 => _chat.CompleteChatAsync(messages, null, ct2), cancellationToken);", StringComparison.Ordinal), fixedCode: true));

    [Fact]
    public Task The_lambdas_parameter_takes_no_name_that_the_call_uses() => Verifier.FixedAsync(
        Code.InMethod("await _chat.{|OCG1001:CompleteChatAsync|}(messages, ct);", "private readonly ChatCompletionOptions ct = new();"),
        Code.InMethod("await GatewayPipeline.Shared.ExecuteAsync(ct2 => _chat.CompleteChatAsync(messages, ct, ct2), cancellationToken);", "private readonly ChatCompletionOptions ct = new();", fixedCode: true));

    [Fact]
    public Task Lambdas_beside_each_other_have_the_same_parameter() => Verifier.FixedAsync(
        Code.InMethod($"{Call}\n{Call}\nAction<int> other = ct => Console.WriteLine(ct);"),
        Code.InMethod(
            """
            await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken);
            await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken);
            Action<int> other = ct => Console.WriteLine(ct);
            """,
            fixedCode: true));

    [Theory]
    [InlineData("namespace Lib { public class Deadline { } }", "using Lib;", "private Deadline _deadline;")]
    [InlineData("namespace Lib { public class Backoff { } public class Other { } }", "using Lib;", "private Backoff _backoff;")]
    [InlineData("class GatewayPipeline { }", "using System;", "private int _unused;")]
    public Task A_name_that_would_become_ambiguous_is_qualified_instead(string declaration, string directive, string member)
    {
        string Source(string call, string kind) => $$"""
            using OpenAI.Chat;
            {{directive}}

            {{declaration}}

            class Agent
            {
                {{member}}

                public Task AskAsync(ChatClient chat, List<ChatMessage> messages) => {{call}};

                static void Main() { }
            }{{kind}}
            """;
        return Verifier.FixedAsync(
            Source("chat.{|OCG1001:CompleteChatAsync|}(messages)", ""),
            Source("global::OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(messages, cancellationToken: ct))", ""));
    }

    [Fact]
    public Task A_namespace_that_looks_like_the_runtimes_is_not_taken_for_it()
    {
        string Source(string call) => $$"""
            namespace Contoso.OpenClaw
            {
                using OpenAI.Chat;

                class Agent
                {
                    public Task AskAsync(ChatClient chat, List<ChatMessage> messages) => {{call}};

                    static void Main() { }
                }
            }
            """;
        return Verifier.FixedAsync(
            Source("chat.{|OCG1001:CompleteChatAsync|}(messages)"),
            Source("global::OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(messages, cancellationToken: ct))"));
    }

    [Theory]
    [InlineData("private readonly GatewayPipeline _pipeline = GatewayPipeline.For(\"a\");", "_pipeline")]
    [InlineData("private static GatewayPipeline Pipeline => GatewayPipeline.For(\"a\");", "Pipeline")]
    [InlineData("private static GatewayPipeline Pipeline { set { } }", "GatewayPipeline.Shared")]
    [InlineData("#nullable enable\nprivate readonly GatewayPipeline? _pipeline = null;\n#nullable restore", "GatewayPipeline.Shared")]
    public Task A_pipeline_of_the_class_is_used_if_it_is_there_for_sure(string member, string pipeline) => Verifier.FixedAsync(
        Code.InMethod(Call, member, fixedCode: true),
        Code.InMethod($"await {pipeline}.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken);", member, fixedCode: true));

    [Theory]
    [InlineData("GatewayPipeline pipeline = GatewayPipeline.For(\"a\");\nCALL", "pipeline")]
    [InlineData("GatewayPipeline pipeline;\nCALL\npipeline = null;", "GatewayPipeline.Shared")]
    [InlineData("CALL\nGatewayPipeline pipeline = GatewayPipeline.For(\"a\");", "GatewayPipeline.Shared")]
    [InlineData("if (messages.Count > 0) { GatewayPipeline pipeline = GatewayPipeline.For(\"a\"); }\nCALL", "GatewayPipeline.Shared")]
    public Task A_local_pipeline_is_used_if_it_is_in_scope_and_assigned(string code, string pipeline) => Verifier.FixedAsync(
        Code.InMethod(code.Replace("CALL", Call, StringComparison.Ordinal), fixedCode: true),
        Code.InMethod(code.Replace("CALL", $"await {pipeline}.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken);", StringComparison.Ordinal), fixedCode: true));

    [Fact]
    public Task A_pipeline_is_not_used_from_where_it_cannot_be_reached() => Verifier.FixedAsync(
        Code.InClass(
            """
            private readonly GatewayPipeline _pipeline = GatewayPipeline.For("a");

            public static Task Static(ChatClient chat) => chat.{|OCG1001:CompleteChatAsync|}("a");

            public static Task Passed(ChatClient chat, GatewayPipeline pipeline) => chat.{|OCG1001:CompleteChatAsync|}("a");

            public Task InStaticLambda(ChatClient chat, GatewayPipeline pipeline)
            {
                Func<ChatClient, Task> ask = static own => own.{|OCG1001:CompleteChatAsync|}("a");
                return ask(chat);
            }

            class Nested
            {
                public Task Ask(ChatClient chat) => chat.{|OCG1001:CompleteChatAsync|}("a");
            }
            """,
            Usings),
        Code.InClass(
            """
            private readonly GatewayPipeline _pipeline = GatewayPipeline.For("a");

            public static Task Static(ChatClient chat) => GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(new ChatMessage[] { "a" }, cancellationToken: ct));

            public static Task Passed(ChatClient chat, GatewayPipeline pipeline) => pipeline.ExecuteAsync(ct => chat.CompleteChatAsync(new ChatMessage[] { "a" }, cancellationToken: ct));

            public Task InStaticLambda(ChatClient chat, GatewayPipeline pipeline)
            {
                Func<ChatClient, Task> ask = static own => GatewayPipeline.Shared.ExecuteAsync(ct => own.CompleteChatAsync(new ChatMessage[] { "a" }, cancellationToken: ct));
                return ask(chat);
            }

            class Nested
            {
                public Task Ask(ChatClient chat) => GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(new ChatMessage[] { "a" }, cancellationToken: ct));
            }
            """,
            Usings));

    [Fact]
    public Task Each_of_several_gateways_has_a_pipeline_of_its_own_and_so_has_a_provider() => Verifier.FixedAsync(
        Code.InMethod(
            """
            await _http.{|OCG1001:GetStringAsync|}("http://a.example:18789/v1/responses/1", cancellationToken);
            await _http.{|OCG1001:GetStringAsync|}("http://b.example:18789/v1/responses/1", cancellationToken);
            await _http.{|OCG1001:GetStringAsync|}("https://api.openai.com/v1/responses/1", cancellationToken);
            """),
        Code.InMethod(
            """
            await GatewayPipeline.For("a.example").ExecuteAsync(ct => _http.GetStringAsync("http://a.example:18789/v1/responses/1", ct), cancellationToken);
            await GatewayPipeline.For("b.example").ExecuteAsync(ct => _http.GetStringAsync("http://b.example:18789/v1/responses/1", ct), cancellationToken);
            await GatewayPipeline.For("api.openai.com", GatewayOptions.ForModelProvider).ExecuteAsync(ct => _http.GetStringAsync("https://api.openai.com/v1/responses/1", ct), cancellationToken);
            """,
            fixedCode: true));

    [Fact]
    public Task One_gateway_beside_a_provider_has_the_shared_pipeline() => Verifier.FixedAsync(
        Code.InMethod(
            """
            await _http.{|OCG1001:GetStringAsync|}("http://a.example:18789/v1/responses/1", cancellationToken);
            await _http.{|OCG1001:GetStringAsync|}("https://api.openai.com/v1/responses/1", cancellationToken);
            """),
        Code.InMethod(
            """
            await GatewayPipeline.Shared.ExecuteAsync(ct => _http.GetStringAsync("http://a.example:18789/v1/responses/1", ct), cancellationToken);
            await GatewayPipeline.For("api.openai.com", GatewayOptions.ForModelProvider).ExecuteAsync(ct => _http.GetStringAsync("https://api.openai.com/v1/responses/1", ct), cancellationToken);
            """,
            fixedCode: true));
}
