using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.CallSiteAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.AwaitCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1006 mended: the call is awaited, and the method becomes async where its callers can follow.</summary>
public sealed class AwaitCallTests
{
    [Theory]
    [InlineData("var reply = Ask(ct => _chat.CompleteChatAsync(messages, null, ct)).{|OCG1006:Result|};", "var reply = await Ask(ct => _chat.CompleteChatAsync(messages, null, ct));")]
    [InlineData("Ask(ct => _chat.CompleteChatAsync(messages, null, ct)).{|OCG1006:Wait|}();", "await Ask(ct => _chat.CompleteChatAsync(messages, null, ct));")]
    [InlineData("// why\nAsk(ct => _chat.CompleteChatAsync(messages, null, ct)).{|OCG1006:Wait|}(); // end", "// why\nawait Ask(ct => _chat.CompleteChatAsync(messages, null, ct)); // end")]
    [InlineData(
        "var text = Ask(ct => _chat.CompleteChatAsync(messages, null, ct)).GetAwaiter().{|OCG1006:GetResult|}().Value.Content[0].Text;",
        "var text = (await Ask(ct => _chat.CompleteChatAsync(messages, null, ct))).Value.Content[0].Text;")]
    [InlineData(
        "var count = 1 + (Ask(ct => _chat.CompleteChatAsync(messages, null, ct))).{|OCG1006:Result|}.Value.Content.Count;",
        "var count = 1 + (await Ask(ct => _chat.CompleteChatAsync(messages, null, ct))).Value.Content.Count;")]
    [InlineData(
        "var reply = Ask(ct => _chat.CompleteChatAsync(messages, null, ct))\n    .ConfigureAwait(false)\n    .GetAwaiter()\n    .{|OCG1006:GetResult|}();",
        "var reply = await Ask(ct => _chat.CompleteChatAsync(messages, null, ct))\n    .ConfigureAwait(false);")]
    public Task In_an_asynchronous_method_it_is_awaited(string statement, string fixedStatement) => Verifier.FixedAsync(
        InMethod(statement + "\nawait Task.Yield();"), InMethod(fixedStatement + "\nawait Task.Yield();"));

    [Fact]
    public Task In_statements_of_a_file_that_await_it_is_awaited() => Verifier.FixedAsync(
        """
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        var chat = new ChatClient("m", "k");
        await Task.Yield();
        Console.WriteLine(GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(new List<ChatMessage>(), null, ct)).{|OCG1006:Result|}.Value.Id);
        """,
        """
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        var chat = new ChatClient("m", "k");
        await Task.Yield();
        Console.WriteLine((await GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(new List<ChatMessage>(), null, ct))).Value.Id);
        """);

    [Fact]
    public Task A_private_method_becomes_async_with_its_callers() => Verifier.FixedAsync(
        InMethod(
            """
            var text = Text(messages).Trim();
            Text(messages);
            Log();
            await Task.Yield();
            """,
            """
            // Asks once.
            private string Text(List<ChatMessage> messages) => Ask(ct => _chat.CompleteChatAsync(messages, null, ct)).{|OCG1006:Result|}.Value.Id;

            internal void Log()
            {
                Ask(ct => _chat.CompleteChatAsync(new List<ChatMessage>(), null, ct)).{|OCG1006:Wait|}();
                Ask(ct => _chat.CompleteChatAsync(new List<ChatMessage>(), null, ct)).{|OCG1006:Wait|}();
            }
            """),
        InMethod(
            """
            var text = (await Text(messages)).Trim();
            await Text(messages);
            await Log();
            await Task.Yield();
            """,
            """
            // Asks once.
            private async Task<string> Text(List<ChatMessage> messages) => (await Ask(ct => _chat.CompleteChatAsync(messages, null, ct))).Value.Id;

            internal async Task Log()
            {
                await Ask(ct => _chat.CompleteChatAsync(new List<ChatMessage>(), null, ct));
                await Ask(ct => _chat.CompleteChatAsync(new List<ChatMessage>(), null, ct));
            }
            """));

    [Fact]
    public Task A_local_function_becomes_async_with_its_callers() => Verifier.FixedAsync(
        InMethod("Console.WriteLine(Text());\nawait Task.Yield();\nstring Text() => Ask(ct => _chat.CompleteChatAsync(messages, null, ct)).{|OCG1006:Result|}.Value.Id;"),
        InMethod("Console.WriteLine(await Text());\nawait Task.Yield();\nasync Task<string> Text() => (await Ask(ct => _chat.CompleteChatAsync(messages, null, ct))).Value.Id;"));

    [Fact]
    public Task Callers_in_other_documents_follow() => Verifier.FixedInAllAsync(
        [
            """
            using OpenAI.Chat;

            internal class Asker
            {
                internal string Text(ChatClient chat) => chat.CompleteChatAsync("hi").{|OCG1006:Result|}.Value.Id;
            }
            """,
            """
            class Program
            {
                static async Task Main() => Console.WriteLine(new Asker().Text(new("m", "k")) + new Asker().Text(new("m", "k")).Length);
            }
            """,
        ],
        [
            """
            using OpenAI.Chat;

            internal class Asker
            {
                internal async Task<string> Text(ChatClient chat) => (await chat.CompleteChatAsync("hi")).Value.Id;
            }
            """,
            """
            class Program
            {
                static async Task Main() => Console.WriteLine(await new Asker().Text(new("m", "k")) + (await new Asker().Text(new("m", "k"))).Length);
            }
            """,
        ]);

    [Theory]
    [InlineData("public string Text(List<ChatMessage> messages) => _chat.CompleteChatAsync(messages).{|OCG1006:Result|}.Value.Id;")]
    [InlineData("public void Dispose() => _chat.CompleteChatAsync(\"bye\").{|OCG1006:Wait|}();")]
    [InlineData("private string Text => _chat.CompleteChatAsync(\"hi\").{|OCG1006:Result|}.Value.Id;")]
    [InlineData("public Agent(int count) : this(new ChatClient(\"m\", \"k\")) => _chat.CompleteChatAsync(\"hi\").{|OCG1006:Wait|}();")]
    [InlineData("public override string ToString() => _chat.CompleteChatAsync(\"hi\").{|OCG1006:Result|}.Value.Id;")]
    [InlineData("private string Text() => _chat.CompleteChatAsync(\"hi\").{|OCG1006:Result|}.Value.Id;\npublic string Twice() => Text() + Text();")]
    [InlineData("private string Text() => _chat.CompleteChatAsync(\"hi\").{|OCG1006:Result|}.Value.Id;\npublic Func<string> Lazy() => Text;")]
    [InlineData("private void Text(out string text) => text = _chat.CompleteChatAsync(\"hi\").{|OCG1006:Result|}.Value.Id;")]
    [InlineData("private int Text(ReadOnlySpan<char> text) => _chat.CompleteChatAsync(text.ToString()).{|OCG1006:Result|}.Value.Content.Count;")]
    [InlineData("private IEnumerable<string> Texts() { yield return _chat.CompleteChatAsync(\"hi\").{|OCG1006:Result|}.Value.Id; }")]
    [InlineData("private readonly Lazy<string> _text = new(() => new ChatClient(\"m\", \"k\").CompleteChatAsync(\"hi\").{|OCG1006:Result|}.Value.Id);")]
    [InlineData("private async Task LockedAsync() { await Task.Yield(); lock (_http) { _chat.CompleteChatAsync(\"hi\").{|OCG1006:Wait|}(); } }")]
    [InlineData("private async Task LimitedAsync() { await Task.Yield(); _chat.CompleteChatAsync(\"hi\").{|OCG1006:Wait|}(500); }")]
    [InlineData("private async Task CaughtAsync() { await Task.Yield(); try { _chat.CompleteChatAsync(\"hi\").{|OCG1006:Wait|}(); } catch (AggregateException) { } }")]
    [InlineData("private async Task CommentAsync() { await Task.Yield(); _chat.CompleteChatAsync(\"hi\") /* why */ .{|OCG1006:Wait|}(); }")]
    [InlineData("private async Task QueryAsync() { await Task.Yield(); var all = from i in new[] { 1 } select _chat.CompleteChatAsync(\"hi\").{|OCG1006:Result|}; }")]
    public Task Where_nothing_can_await_nothing_is_offered(string member) => Verifier.NotFixableAsync(Code.InMethod("await Task.Yield();", member).Replace("class Agent", "class Agent : IDisposable", StringComparison.Ordinal)
        .Replace("static void Main", (member.Contains("Dispose", StringComparison.Ordinal) ? "" : "public void Dispose() { }\n    ") + "static void Main", StringComparison.Ordinal));

    private static string InMethod(string statements, string members = "") => Code.InMethod(
        statements,
        members + "\nprivate static Task<T> Ask<T>(Func<CancellationToken, Task<T>> call) => GatewayPipeline.Shared.ExecuteAsync(call);",
        fixedCode: true);
}
