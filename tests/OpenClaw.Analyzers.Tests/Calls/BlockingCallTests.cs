using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.CallSiteAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.AwaitCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1006: a thread that waits for a gateway call.</summary>
public sealed class BlockingCallTests
{
    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("var reply = _chat.CompleteChatAsync(messages).{|OCG1006:Result|};")]
    [InlineData("_chat.CompleteChatAsync(messages).{|OCG1006:Wait|}();")]
    [InlineData("_chat.CompleteChatAsync(messages).{|OCG1006:Wait|}(1000);")]
    [InlineData("var text = _chat.CompleteChatAsync(messages).GetAwaiter().{|OCG1006:GetResult|}().Value.Content[0].Text;")]
    [InlineData("var text = (_chat.CompleteChatAsync(messages)).ConfigureAwait(false).GetAwaiter().{|OCG1006:GetResult|}().Value;")]
    [InlineData("var reply = _http.GetAsync(\"http://127.0.0.1:18789/health\").{|OCG1006:Result|};")]
    [InlineData("var text = AskAsync(messages).{|OCG1006:Result|};")]
    [InlineData("var text = Task.Run(() => _chat.CompleteChatAsync(messages)).{|OCG1006:Result|};")]
    [InlineData("var text = Task.Run(async () => await AskAsync(messages)).GetAwaiter().{|OCG1006:GetResult|}();")]
    [InlineData("var text = OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct)).{|OCG1006:Result|};")]
    [InlineData("Func<string> later = () => AskAsync(messages).{|OCG1006:Result|};")]
    public Task A_wait_that_blocks_is_reported(string statement) => Verifier.ReportedAsync(Code.InMethod(statement, Ask, returns: "void"));

    [Theory]
    [InlineData("var reply = await _chat.CompleteChatAsync(messages);")]
    [InlineData("var reply = (await _chat.CompleteChatAsync(messages)).Value;")]
    [InlineData("var reply = _chat.CompleteChat(messages);")]
    [InlineData("var task = _chat.CompleteChatAsync(messages);\nawait Task.WhenAll(task);\nvar reply = task.Result;")]
    [InlineData("var text = File.ReadAllTextAsync(\"a\").Result;")]
    [InlineData("var text = LoadAsync().GetAwaiter().GetResult();")]
    [InlineData("var text = Own(messages).Result;")]
    [InlineData("var text = _http.GetStringAsync(\"https://example.com/\").Result;")]
    [InlineData("var text = Task.Run(() => File.ReadAllTextAsync(\"a\")).Result;")]
    public Task What_is_awaited_or_leads_to_no_gateway_is_left_alone(string statement) => Verifier.SilentAsync(Code.InMethod(
        statement,
        Ask + """

        private static Task<string> LoadAsync() => File.ReadAllTextAsync("a");
        private (string Result, int Count) Own(List<ChatMessage> messages) => (_chat.CompleteChat(messages).Value.Content[0].Text, 1);
        """));

    [Fact]
    public Task The_thread_of_a_synchronous_Main_has_nothing_else_to_do() => Verifier.SilentAsync(
        """
        using OpenAI.Chat;

        static class Program
        {
            static int Main()
            {
                var chat = new ChatClient("m", "k");
                return chat.CompleteChatAsync("hi").GetAwaiter().GetResult().Value.Content.Count;
            }
        }
        """);

    [Fact]
    public Task Statements_of_a_file_without_an_await_are_a_synchronous_Main() => Verifier.SilentAsync(
        """
        var chat = new OpenAI.Chat.ChatClient("m", "k");
        Console.WriteLine(chat.CompleteChatAsync("hi").Result.Value.Content.Count);
        """);

    [Fact]
    public Task Tests_may_block() => Verifier.SilentAsync(
        """
        using OpenAI.Chat;

        class FactAttribute : Attribute { }

        class AgentTests
        {
            private readonly ChatClient _chat = new("m", "k");

            [Fact]
            public void Answers() => _chat.CompleteChatAsync("hi").Wait();

            static void Main() { }
        }
        """);

    private const string Ask = "private async Task<string> AskAsync(List<ChatMessage> messages) => (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text;";
}
