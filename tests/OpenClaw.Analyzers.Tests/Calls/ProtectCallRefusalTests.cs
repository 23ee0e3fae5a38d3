using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.CodeFixes.Calls;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1001: where a lambda cannot go, and what the title says of behaviour that changes.</summary>
public sealed class ProtectCallRefusalTests
{
    [Theory]
    [InlineData("await _chat?.{|OCG1001:CompleteChatAsync|}(messages);")]
    [InlineData("System.Linq.Expressions.Expression<Func<ChatClient, object>> e = chat => chat.{|OCG1001:CompleteChat|}(messages, null, cancellationToken);\nawait Task.Yield();")]
    [InlineData("var reply = _chat.{|OCG1001:CompleteChat|}(Texts(stackalloc int[2]));\nawait Task.Yield();")]
    [InlineData("var reply = _chat.{|OCG1001:CompleteChat|}(messages is [ChatMessage first, ..] ? new[] { first } : messages.ToArray());\nawait Task.Yield();")]
    public Task A_call_that_cannot_stand_in_a_lambda_is_not_fixable(string statements)
        => Verifier.NotFixableAsync(Code.InMethod(statements, "private static ChatMessage[] Texts(ReadOnlySpan<int> ids) => new ChatMessage[] { ids.Length.ToString() };"));

    [Theory]
    [InlineData("ref string text", "Texts(ref text)")]
    [InlineData("string text", "Texts(ref text)")]
    [InlineData("ReadOnlySpan<char> text", "Texts(text)")]
    public Task References_and_spans_are_given_to_what_is_evaluated_before(string parameter, string argument)
    {
        string Source(string statements, string usings) => Code.InClass(
            $$"""
            private string Ask(ChatClient chat, {{parameter}})
            {
                {{statements}}
            }

            private static ChatMessage[] Texts(ref string text) => new ChatMessage[] { text };

            private static ChatMessage[] Texts(ReadOnlySpan<char> text) => new ChatMessage[] { text.ToString() };
            """,
            usings);
        return Verifier.FixedAsync(
            Source($"return chat.{{|OCG1001:CompleteChat|}}({argument}).Value.Id;", "using OpenAI.Chat;"),
            Source(
                $"var messages = {argument};\n    return GatewayPipeline.Shared.Execute(ct => chat.CompleteChat(messages, cancellationToken: ct)).Value.Id;",
                "using OpenAI.Chat;\nusing OpenClaw.Resilience;"));
    }

    [Theory]
    [InlineData("", "Run the call in the gateway's pipeline")]
    [InlineData("catch (Exception e) { Console.WriteLine(e); }", "Run the call in the gateway's pipeline")]
    [InlineData("catch (HttpRequestException e) { Console.WriteLine(e); }", "Run the call in the gateway's pipeline")]
    [InlineData("catch { }", "Run the call in the gateway's pipeline")]
    [InlineData("catch (System.ClientModel.ClientResultException e) { Console.WriteLine(e); }", "Run the call in the gateway's pipeline (rejections are HttpRequestException)")]
    [InlineData("catch (InvalidOperationException) { } catch (System.ClientModel.ClientResultException) { }", "Run the call in the gateway's pipeline (rejections are HttpRequestException)")]
    public Task A_catch_that_does_not_see_a_rejection_is_named_in_the_title(string handler, string title)
    {
        string handled = handler.Length == 0 ? "finally { }" : handler;
        return TitledAsync(
            title,
            Code.InMethod($"try {{ await _chat.{{|OCG1001:CompleteChatAsync|}}(messages); }} {handled}"),
            Code.InMethod($"try {{ await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken); }} {handled}", fixedCode: true));
    }

    [Fact]
    public Task A_retry_that_is_switched_off_is_named_in_the_title() => TitledAsync(
        "Run the call in the gateway's pipeline and switch the SDK's own retry off",
        Code.InMethod("await new ChatClient(\"m\", new System.ClientModel.ApiKeyCredential(\"k\"), new OpenAI.OpenAIClientOptions { Endpoint = new Uri(\"http://box:18789\") }).{|OCG1001:CompleteChatAsync|}(messages);"),
        Code.InMethod(
            "await GatewayPipeline.Shared.ExecuteAsync(ct => new ChatClient(\"m\", new System.ClientModel.ApiKeyCredential(\"k\"), new OpenAI.OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0), Endpoint = new Uri(\"http://box:18789\") }).CompleteChatAsync(messages, cancellationToken: ct), cancellationToken);",
            fixedCode: true).Replace("using OpenAI.Chat;", "using System.ClientModel.Primitives;\nusing OpenAI.Chat;", StringComparison.Ordinal));

    [Fact]
    public void All_actions_of_the_fix_have_the_same_key() => Assert.Equal("OCG1001.ProtectCall", new ProtectCall().Key);

    private static Task TitledAsync(string title, string source, string fixedSource)
    {
        var test = new RuleTest<GatewayCallAnalyzer, ProtectCall>
        {
            TestCode = source,
            CodeActionVerifier = (action, verifier) => verifier.Equal(title, action.Title),
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck,
        };
        test.Expect(fixedSource);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }
}
