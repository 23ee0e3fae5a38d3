using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1001 mended: what must happen once is evaluated before the call, in the order in which it was.</summary>
public sealed class ProtectCallHoistingTests
{
    private const string Members = """
        private readonly Queue<ChatMessage> _queue = new();
        private int _count;

        private ChatClient Client() => _chat;

        private Task<List<ChatMessage>> LoadAsync() => Task.FromResult(new List<ChatMessage> { _queue.Peek(), _count.ToString() });

        private static List<ChatMessage> Make(out int count) { count = 1; return new(); }
        """;

    private const string Wrapped = "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages2, null, ct), cancellationToken);";

    [Theory]
    [InlineData("new[] { _queue.Dequeue() }")]
    [InlineData("new[] { messages[_count++] }")]
    [InlineData("new ChatMessage[] { new UserChatMessage(Guid.NewGuid().ToString()) }")]
    [InlineData("new ChatMessage[] { new UserChatMessage(DateTime.Now.AddDays(_count = 1).ToString()) }")]
    [InlineData("await LoadAsync()")]
    [InlineData("Make(out _)")]
    [InlineData("Make(out _count)")]
    [InlineData("messages.Where(m => int.TryParse(m.Content[0].Text, out _))")]
    public Task An_argument_with_an_effect_is_evaluated_once(string argument) => Verifier.FixedAsync(
        Code.InMethod($"await _chat.{{|OCG1001:CompleteChatAsync|}}({argument}, null, cancellationToken);", Members),
        Code.InMethod($"var messages2 = {argument};\n{Wrapped}", Members, fixedCode: true));

    [Theory]
    [InlineData("messages")]
    [InlineData("new[] { messages[0] }")]
    [InlineData("new ChatMessage[] { new UserChatMessage($\"{nameof(Agent)} {messages.Count}\") }")]
    [InlineData("new ChatMessage[] { ChatMessage.CreateUserMessage(string.Join(',', \"a\", \"b\")) }")]
    public Task An_argument_without_an_effect_stays_in_the_call(string argument) => Verifier.FixedAsync(
        Code.InMethod($"await _chat.{{|OCG1001:CompleteChatAsync|}}({argument}, null, cancellationToken);"),
        Code.InMethod($"await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync({argument}, null, ct), cancellationToken);", fixedCode: true));

    [Fact]
    public Task A_receiver_with_an_effect_is_evaluated_once_and_first() => Verifier.FixedAsync(
        Code.InMethod("await Client().{|OCG1001:CompleteChatAsync|}(await LoadAsync(), null, cancellationToken);", Members),
        Code.InMethod(
            """
            var client = Client();
            var messages2 = await LoadAsync();
            await GatewayPipeline.Shared.ExecuteAsync(ct => client.CompleteChatAsync(messages2, null, ct), cancellationToken);
            """,
            Members,
            fixedCode: true));

    [Fact]
    public Task A_value_that_takes_its_type_from_the_parameter_keeps_it() => Verifier.FixedAsync(
        Code.InMethod("await _chat.{|OCG1001:CompleteChatAsync|}(messages, new() { MaxOutputTokenCount = ++_count }, cancellationToken);", Members),
        Code.InMethod(
            """
            ChatCompletionOptions options = new() { MaxOutputTokenCount = ++_count };
            await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, options, ct), cancellationToken);
            """,
            Members,
            fixedCode: true));

    [Fact]
    public Task What_was_read_before_an_effect_is_still_read_before_it() => Verifier.FixedAsync(
        Code.InMethod("await _chat.{|OCG1001:CompleteChatAsync|}(new[] { messages[_count] }, new ChatCompletionOptions { MaxOutputTokenCount = ++_count }, cancellationToken);", Members),
        Code.InMethod(
            """
            var messages2 = new[] { messages[_count] };
            var options = new ChatCompletionOptions { MaxOutputTokenCount = ++_count };
            await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages2, options, ct), cancellationToken);
            """,
            Members,
            fixedCode: true));

    [Theory]
    [InlineData("var text = (await _chat.{|OCG1001:CompleteChatAsync|}(await LoadAsync(), null, cancellationToken)).Value;", "var text = (", ").Value;")]
    [InlineData("Console.WriteLine(await _chat.{|OCG1001:CompleteChatAsync|}(await LoadAsync(), null, cancellationToken));", "Console.WriteLine(", ");")]
    [InlineData("if (await _chat.{|OCG1001:CompleteChatAsync|}(await LoadAsync(), null, cancellationToken) is null) { }", "if (", " is null) { }")]
    [InlineData("foreach (var part in (await _chat.{|OCG1001:CompleteChatAsync|}(await LoadAsync(), null, cancellationToken)).Value.Content) { }", "foreach (var part in (", ").Value.Content) { }")]
    [InlineData("switch (messages.Count) { case 1: await _chat.{|OCG1001:CompleteChatAsync|}(await LoadAsync(), null, cancellationToken); break; }", null, null)]
    public Task The_local_stands_before_the_statement(string statement, string? before, string? after)
    {
        string fixedCode = before is null
            ? "switch (messages.Count) { case 1: var messages2 = await LoadAsync(); " + Wrapped + " break; }"
            : "var messages2 = await LoadAsync();\n" + before + Wrapped.TrimEnd(';') + after;
        return Verifier.FixedAsync(Code.InMethod(statement, Members), Code.InMethod(fixedCode, Members, fixedCode: true));
    }

    [Theory]
    [InlineData("while ((await _chat.{|OCG1001:CompleteChatAsync|}(_queue.Dequeue())).Value is null) { }")]
    [InlineData("for (; (await _chat.{|OCG1001:CompleteChatAsync|}(_queue.Dequeue())).Value is null;) { }")]
    [InlineData("var both = _count > 0 && (await _chat.{|OCG1001:CompleteChatAsync|}(_queue.Dequeue())).Value is null;")]
    [InlineData("var reply = _count > 0 ? await _chat.{|OCG1001:CompleteChatAsync|}(_queue.Dequeue()) : null;")]
    [InlineData("var first = _queue.Dequeue() + (await _chat.{|OCG1001:CompleteChatAsync|}(_queue.Dequeue())).Value.Id;")]
    [InlineData("if (_count > 0)\n    await _chat.{|OCG1001:CompleteChatAsync|}(_queue.Dequeue());")]
    [InlineData("if (_count > 0) { }\nelse if (await _chat.{|OCG1001:CompleteChatAsync|}(_queue.Dequeue()) is null) { }")]
    [InlineData("Console.WriteLine(\"{0} {1}\", _count++, await _chat.{|OCG1001:CompleteChatAsync|}(_queue.Dequeue()));")]
    [InlineData("messages[_count++] = (await _chat.{|OCG1001:CompleteChatAsync|}(_queue.Dequeue())).Value.Id;")]
    [InlineData("Func<Task> later = () => _chat.{|OCG1001:CompleteChatAsync|}(_queue.Dequeue());\nawait later();")]
    public Task A_place_where_nothing_can_go_before_is_not_fixable(string statements)
        => Verifier.NotFixableAsync(Code.InMethod(statements, Members));

    [Theory]
    [InlineData("await _chat.{|OCG1001:CompleteChatAsync|}(Make(out var count));\nConsole.WriteLine(count);")]
    [InlineData("await _chat.{|OCG1001:CompleteChatAsync|}(Make(out int count));\nConsole.WriteLine(count);")]
    [InlineData("object any = messages;\nawait _chat.{|OCG1001:CompleteChatAsync|}(any is List<ChatMessage> list ? list : messages);\nConsole.WriteLine(any);")]
    public Task A_variable_that_the_call_declares_is_not_fixable(string statements)
        => Verifier.NotFixableAsync(Code.InMethod(statements, Members));

    [Fact]
    public Task An_assignment_in_an_argument_happens_before_the_call() => Verifier.FixedAsync(
        Code.InMethod("List<ChatMessage> all;\nawait _chat.{|OCG1001:CompleteChatAsync|}(all = messages, null, cancellationToken);\nConsole.WriteLine(all.Count);"),
        Code.InMethod("List<ChatMessage> all;\nvar messages2 = all = messages;\n" + Wrapped + "\nConsole.WriteLine(all.Count);", fixedCode: true));

    [Fact]
    public Task A_task_that_nobody_waits_for_keeps_the_loop_counter_of_now() => Verifier.FixedAsync(
        Code.InMethod(
            """
            var tasks = new List<Task>();
            for (int i = 0; i < messages.Count; i++)
            {
                tasks.Add(_chat.{|OCG1001:CompleteChatAsync|}(new[] { messages[i] }, null, cancellationToken));
            }

            await Task.WhenAll(tasks);
            """),
        Code.InMethod(
            """
            var tasks = new List<Task>();
            for (int i = 0; i < messages.Count; i++)
            {
                var messages2 = new[] { messages[i] };
                tasks.Add(GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages2, null, ct), cancellationToken));
            }

            await Task.WhenAll(tasks);
            """,
            fixedCode: true));

    [Theory]
    [InlineData("_ = _chat.{|OCG1001:CompleteChatAsync|}(messages!, null, cancellationToken);\nawait Task.Yield();", "_ = GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages!, null, ct), cancellationToken);\nawait Task.Yield();")]
    [InlineData("foreach (var m in messages) { _ = _chat.{|OCG1001:CompleteChatAsync|}(new[] { m }, null, cancellationToken); }\nawait Task.Yield();", "foreach (var m in messages) { _ = GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(new[] { m }, null, ct), cancellationToken); }\nawait Task.Yield();")]
    public Task A_task_that_nobody_waits_for_may_read_what_does_not_change(string statements, string fixedStatements)
        => Verifier.FixedAsync(Code.InMethod(statements), Code.InMethod(fixedStatements, fixedCode: true));

    [Theory]
    [InlineData("var tasks = new List<Task>();\nfor (int i = 0; i < messages.Count; i++) tasks.Add(_chat.{|OCG1001:CompleteChatAsync|}(new[] { messages[i] }, null, cancellationToken));\nawait Task.WhenAll(tasks);")]
    public Task A_changing_variable_without_a_place_for_the_copy_is_not_fixable(string statements) => Verifier.NotFixableAsync(Code.InMethod(statements));

    [Fact]
    public Task By_reference_parameters_are_copied_before_the_call() => Verifier.FixedAsync(
        Code.InClass(
            """
            public string Ask(ChatClient chat, ref string text, in int limit)
                => throw new NotSupportedException();

            public string AskNow(ChatClient chat, ref string text)
            {
                return chat.{|OCG1001:CompleteChat|}(new ChatMessage[] { new UserChatMessage(text) }).Value.Content[0].Text;
            }
            """),
        Code.InClass(
            """
            public string Ask(ChatClient chat, ref string text, in int limit)
                => throw new NotSupportedException();

            public string AskNow(ChatClient chat, ref string text)
            {
                var messages = new ChatMessage[] { new UserChatMessage(text) };
                return GatewayPipeline.Shared.Execute(ct => chat.CompleteChat(messages, cancellationToken: ct)).Value.Content[0].Text;
            }
            """,
            "using OpenAI.Chat;\nusing OpenClaw.Resilience;"));

    [Fact]
    public Task The_fields_of_a_struct_are_copied_before_the_call() => Verifier.FixedAsync(
        Code.InClass(
            """
            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

            public async Task AskAsync(List<ChatMessage> messages)
            {
                await _chat.{|OCG1001:CompleteChatAsync|}(messages);
            }
            """,
            kind: "struct"),
        Code.InClass(
            """
            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

            public async Task AskAsync(List<ChatMessage> messages)
            {
                var client = _chat;
                await GatewayPipeline.Shared.ExecuteAsync(ct => client.CompleteChatAsync(messages, cancellationToken: ct));
            }
            """,
            "using OpenAI.Chat;\nusing OpenClaw.Resilience;",
            kind: "struct"));

    [Fact]
    public Task A_struct_without_a_place_for_the_copy_is_not_fixable() => Verifier.NotFixableAsync(
        Code.InClass(
            """
            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

            public Task AskAsync(List<ChatMessage> messages) => _chat.{|OCG1001:CompleteChatAsync|}(messages);
            """,
            kind: "struct"));

    [Fact]
    public Task A_span_inside_an_argument_that_is_made_before_does_no_harm() => Verifier.FixedAsync(
        Code.InMethod("ReadOnlySpan<char> text = \"hello\";\n_chat.{|OCG1001:CompleteChat|}(Make(text.ToString()), null, cancellationToken);", "private static ChatMessage[] Make(string text) => new ChatMessage[] { text };", returns: "void"),
        Code.InMethod(
            "ReadOnlySpan<char> text = \"hello\";\nvar messages2 = Make(text.ToString());\nGatewayPipeline.Shared.Execute(ct => _chat.CompleteChat(messages2, null, ct), cancellationToken);",
            "private static ChatMessage[] Make(string text) => new ChatMessage[] { text };",
            fixedCode: true,
            returns: "void"));
}
