using Microsoft.CodeAnalysis.CSharp;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1001 mended: calls that return a task.</summary>
public sealed class ProtectCallAsyncTests
{
    [Theory]
    [InlineData(
        "await _chat.{|OCG1001:CompleteChatAsync|}(messages, cancellationToken: cancellationToken);",
        "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken);")]
    [InlineData(
        "await _chat.{|OCG1001:CompleteChatAsync|}(messages, null, cancellationToken);",
        "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken);")]
    [InlineData(
        "await _chat.{|OCG1001:CompleteChatAsync|}(cancellationToken: cancellationToken, messages: messages);",
        "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(cancellationToken: ct, messages: messages), cancellationToken);")]
    public Task The_token_goes_to_the_pipeline_and_the_pipelines_token_into_the_call(string call, string fixedCall)
        => Verifier.FixedAsync(Code.InMethod(call), Code.InMethod(fixedCall, fixedCode: true));

    [Theory]
    [InlineData(
        "await _chat.{|OCG1001:CompleteChatAsync|}(messages);",
        "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken);")]
    [InlineData(
        "await _chat.{|OCG1001:CompleteChatAsync|}(messages, new ChatCompletionOptions());",
        "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, new ChatCompletionOptions(), ct), cancellationToken);")]
    [InlineData(
        "await _http.{|OCG1001:GetStringAsync|}(\"http://box:18789/v1/responses/1\");",
        "await GatewayPipeline.Shared.ExecuteAsync(ct => _http.GetStringAsync(\"http://box:18789/v1/responses/1\", ct), cancellationToken);")]
    [InlineData(
        "await _http.{|OCG1001:PostAsync|}(\"http://box:18789/v1/responses\", new StringContent(\"{}\"));",
        "await GatewayPipeline.Shared.ExecuteAsync(ct => _http.PostAsync(\"http://box:18789/v1/responses\", new StringContent(\"{}\"), ct), cancellationToken);")]
    public Task A_token_in_scope_is_passed_where_the_call_passes_none(string call, string fixedCall)
        => Verifier.FixedAsync(Code.InMethod(call), Code.InMethod(fixedCall, fixedCode: true));

    [Theory]
    [InlineData(
        "await _chat.{|OCG1001:CompleteChatAsync|}(messages, null, CancellationToken.None);",
        "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct));")]
    [InlineData(
        "await _chat.{|OCG1001:CompleteChatAsync|}(messages, null, default);",
        "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct));")]
    public Task A_call_that_asks_for_no_token_stays_without_the_callers(string call, string fixedCall)
        => Verifier.FixedAsync(Code.InMethod(call), Code.InMethod(fixedCall, fixedCode: true));

    [Theory]
    [InlineData(
        "await _chat.{|OCG1001:CompleteChatAsync|}(\"hello\", \"you\");",
        "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(new ChatMessage[] { \"hello\", \"you\" }, cancellationToken: ct), cancellationToken);")]
    [InlineData(
        "await _chat.{|OCG1001:CompleteChatAsync|}(new UserChatMessage(\"hello\"));",
        "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(new ChatMessage[] { new UserChatMessage(\"hello\") }, cancellationToken: ct), cancellationToken);")]
    [InlineData(
        "ChatMessage[] all = { \"hello\" };\nawait _chat.{|OCG1001:CompleteChatAsync|}(all);",
        "ChatMessage[] all = { \"hello\" };\nawait GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(all, cancellationToken: ct), cancellationToken);")]
    public Task A_call_without_a_place_for_a_token_goes_to_the_overload_that_has_one(string call, string fixedCall)
        => Verifier.FixedAsync(Code.InMethod(call), Code.InMethod(fixedCall, fixedCode: true));

    [Theory]
    [InlineData("var reply = (await _chat.{|OCG1001:CompleteChatAsync|}(messages).ConfigureAwait(false)).Value;", "var reply = (await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken).ConfigureAwait(false)).Value;")]
    [InlineData("_ = await _chat.{|OCG1001:CompleteChatAsync|}(messages);", "_ = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken);")]
    [InlineData("await _chat.{|OCG1001:CompleteChatAsync|}(messages).WaitAsync(TimeSpan.FromSeconds(5));", "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken).WaitAsync(TimeSpan.FromSeconds(5));")]
    [InlineData("var reply = messages.Count > 0 ? await _chat.{|OCG1001:CompleteChatAsync|}(messages) : null;", "var reply = messages.Count > 0 ? await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken) : null;")]
    [InlineData("if (messages.Count > 0) await _chat.{|OCG1001:CompleteChatAsync|}(messages);", "if (messages.Count > 0) await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken);")]
    [InlineData("Task first = _chat.{|OCG1001:CompleteChatAsync|}(messages);\nawait first;", "Task first = GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken);\nawait first;")]
    [InlineData("await Task.Run(() => _chat.{|OCG1001:CompleteChatAsync|}(messages));", "await Task.Run(() => GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken));")]
    [InlineData(
        "var calls = from m in messages select _chat.{|OCG1001:CompleteChatAsync|}(new[] { m });\nawait Task.WhenAll(calls);",
        "var calls = from m in messages select GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(new[] { m }, cancellationToken: ct), cancellationToken);\nawait Task.WhenAll(calls);")]
    [InlineData(
        "var calls = new List<Task> { _chat.{|OCG1001:CompleteChatAsync|}(messages) };\nawait Task.WhenAll(calls);",
        "var calls = new List<Task> { GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken) };\nawait Task.WhenAll(calls);")]
    [InlineData(
        "Console.WriteLine($\"{(await _chat.{|OCG1001:CompleteChatAsync|}(messages)).Value.Id}\");",
        "Console.WriteLine($\"{(await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken)).Value.Id}\");")]
    [InlineData(
        "await Task.WhenAll(messages.Select(m => _chat.{|OCG1001:CompleteChatAsync|}(new[] { m })));",
        "await Task.WhenAll(messages.Select(m => GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(new[] { m }, cancellationToken: ct), cancellationToken)));")]
    public Task The_code_around_the_call_stays(string call, string fixedCall)
        => Verifier.FixedAsync(Code.InMethod(call), Code.InMethod(fixedCall, fixedCode: true));

    [Theory]
    [InlineData("return _chat.{|OCG1001:CompleteChatAsync|}(messages);", "return GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken);")]
    [InlineData("return Task.Delay(1).ContinueWith(_ => _chat.{|OCG1001:CompleteChatAsync|}(messages)).Unwrap();", "return Task.Delay(1).ContinueWith(_ => GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken)).Unwrap();")]
    public Task A_task_that_is_returned_is_the_pipelines(string call, string fixedCall)
        => Verifier.FixedAsync(Code.InMethod(call, returns: "Task"), Code.InMethod(fixedCall, fixedCode: true, returns: "Task"));

    [Fact]
    public Task A_handler_that_runs_later_does_not_get_the_token_of_the_code_that_attached_it() => Verifier.FixedAsync(
        Code.InMethod(
            """
            AppDomain.CurrentDomain.ProcessExit += async (_, _) => await _chat.{|OCG1001:CompleteChatAsync|}(messages);
            await Task.Yield();
            """),
        Code.InMethod(
            """
            AppDomain.CurrentDomain.ProcessExit += async (_, _) => await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct));
            await Task.Yield();
            """,
            fixedCode: true));

    [Fact]
    public Task A_token_of_another_kind_goes_to_the_pipeline_as_it_is_written() => Verifier.FixedAsync(
        Code.InMethod(
            """
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await _chat.{|OCG1001:CompleteChatAsync|}(messages, null, limit.Token);
            """),
        Code.InMethod(
            """
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), limit.Token);
            """,
            fixedCode: true));

    [Fact]
    public Task A_static_lambda_does_not_reach_for_the_token_outside() => Verifier.FixedAsync(
        Code.InMethod("Func<ChatClient, Task> ask = static chat => chat.{|OCG1001:CompleteChatAsync|}(\"hello\");\nawait ask(_chat);"),
        Code.InMethod(
            "Func<ChatClient, Task> ask = static chat => GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(new ChatMessage[] { \"hello\" }, cancellationToken: ct));\nawait ask(_chat);",
            fixedCode: true));

    [Fact]
    public Task A_value_task_is_awaited_inside_and_given_back_where_the_code_wants_one() => Verifier.FixedAsync(
        Code.InClass(
            """
            private readonly OwnClient _chat = new();

            public async Task<string> AwaitedAsync(CancellationToken token) => await _chat.{|OCG1001:CompleteChatAsync|}("hello", token).ConfigureAwait(false);

            public ValueTask<string> Returned(CancellationToken token) => _chat.{|OCG1001:CompleteChatAsync|}("hello", token);

            public Task<string> Converted(CancellationToken token) => _chat.{|OCG1001:CompleteChatAsync|}("hello", token).AsTask();

            class OwnClient : ChatClient
            {
                public ValueTask<string> CompleteChatAsync(string text, CancellationToken cancellationToken = default) => new(text);
            }
            """),
        Code.InClass(
            """
            private readonly OwnClient _chat = new();

            public async Task<string> AwaitedAsync(CancellationToken token) => await GatewayPipeline.Shared.ExecuteAsync(async ct => await _chat.CompleteChatAsync("hello", ct), token).ConfigureAwait(false);

            public ValueTask<string> Returned(CancellationToken token) => new ValueTask<string>(GatewayPipeline.Shared.ExecuteAsync(async ct => await _chat.CompleteChatAsync("hello", ct), token));

            public Task<string> Converted(CancellationToken token) => new ValueTask<string>(GatewayPipeline.Shared.ExecuteAsync(async ct => await _chat.CompleteChatAsync("hello", ct), token)).AsTask();

            class OwnClient : ChatClient
            {
                public ValueTask<string> CompleteChatAsync(string text, CancellationToken cancellationToken = default) => new(text);
            }
            """,
            "using OpenAI.Chat;\nusing OpenClaw.Resilience;"));

    [Fact]
    public Task A_method_that_returns_a_value_task_around_the_call_keeps_it() => Verifier.FixedAsync(
        Code.InClass(
            """
            public ValueTask<System.ClientModel.ClientResult<ChatCompletion>> Ask(ChatClient chat, List<ChatMessage> messages, CancellationToken token)
                => new(chat.{|OCG1001:CompleteChatAsync|}(messages));
            """),
        Code.InClass(
            """
            public ValueTask<System.ClientModel.ClientResult<ChatCompletion>> Ask(ChatClient chat, List<ChatMessage> messages, CancellationToken token)
                => new(GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(messages, cancellationToken: ct), token));
            """,
            "using OpenAI.Chat;\nusing OpenClaw.Resilience;"));

    [Fact]
    public Task Calls_of_a_chat_abstraction_are_wrapped_as_methods_and_as_extensions() => Verifier.FixedAsync(
        Code.InClass(
            """
            public async Task AskAsync(IChatClient chat, List<ChatMessage> messages, CancellationToken token)
            {
                await chat.{|OCG1001:GetResponseAsync|}(messages, cancellationToken: token);
                await chat.{|OCG1001:GetResponseAsync|}("hello");
                await ChatClientExtensions.{|OCG1001:GetResponseAsync|}(chat, "hello");
            }
            """,
            "using Microsoft.Extensions.AI;"),
        Code.InClass(
            """
            public async Task AskAsync(IChatClient chat, List<ChatMessage> messages, CancellationToken token)
            {
                await GatewayPipeline.Shared.ExecuteAsync(ct => chat.GetResponseAsync(messages, cancellationToken: ct), token);
                await GatewayPipeline.Shared.ExecuteAsync(ct => chat.GetResponseAsync("hello", cancellationToken: ct), token);
                await GatewayPipeline.Shared.ExecuteAsync(ct => ChatClientExtensions.GetResponseAsync(chat, "hello", cancellationToken: ct), token);
            }
            """,
            "using Microsoft.Extensions.AI;\nusing OpenClaw.Resilience;"));

    [Fact]
    public Task Old_language_versions_get_no_shadowed_name_and_no_new_syntax() => Verifier.FixedAsync(
        """
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using OpenAI.Chat;

        namespace App
        {
            class Agent
            {
                public async Task RunAsync(ChatClient chat, List<ChatMessage> messages, CancellationToken ct)
                {
                    await chat.{|OCG1001:CompleteChatAsync|}(messages, null, ct);
                    await chat.{|OCG1001:CompleteChatAsync|}(messages.ToArray());
                }

                static void Main() { }
            }
        }
        """,
        """
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        namespace App
        {
            class Agent
            {
                public async Task RunAsync(ChatClient chat, List<ChatMessage> messages, CancellationToken ct)
                {
                    await GatewayPipeline.Shared.ExecuteAsync(ct2 => chat.CompleteChatAsync(messages, null, ct2), ct);
                    var messages2 = messages.ToArray();
                    await GatewayPipeline.Shared.ExecuteAsync(ct2 => chat.CompleteChatAsync(messages2, cancellationToken: ct2), ct);
                }

                static void Main() { }
            }
        }
        """,
        LanguageVersion.CSharp7_3);
}
