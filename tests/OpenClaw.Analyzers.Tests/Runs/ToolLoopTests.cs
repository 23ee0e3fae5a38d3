using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StepAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.CheckpointSteps>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>The loops of agents that run tools by themselves, in the shapes that real programs write them.</summary>
public sealed class ToolLoopTests
{
    [Fact]
    public Task A_loop_that_goes_on_while_the_model_asks_for_tools() => ReportedAsync(
        """
        List<ChatMessage> messages = new() { new UserChatMessage(topic) };
        bool requiresAction;
        do
        {
            requiresAction = false;
            ChatCompletion completion = await _chat.{|OCG1301:CompleteChatAsync|}(messages, new ChatCompletionOptions());
            switch (completion.FinishReason)
            {
                case ChatFinishReason.Stop:
                    messages.Add(new AssistantChatMessage(completion));
                    break;
                case ChatFinishReason.ToolCalls:
                    messages.Add(new AssistantChatMessage(completion));
                    foreach (ChatToolCall call in completion.ToolCalls)
                    {
                        messages.Add(new ToolChatMessage(call.Id, Run(call.FunctionName)));
                    }

                    requiresAction = true;
                    break;
                default:
                    throw new InvalidOperationException(completion.FinishReason.ToString());
            }
        }
        while (requiresAction);
        return topic;
        """);

    [Fact]
    public Task A_loop_that_goes_on_while_a_stream_asks_for_tools() => ReportedAsync(
        """
        List<ChatMessage> messages = new() { new UserChatMessage(topic) };
        bool requiresAction;
        do
        {
            requiresAction = false;
            var text = new StringBuilder();
            AsyncCollectionResult<StreamingChatCompletionUpdate> updates = _chat.{|OCG1301:CompleteChatStreamingAsync|}(messages);
            await foreach (StreamingChatCompletionUpdate update in updates)
            {
                foreach (ChatMessageContentPart part in update.ContentUpdate)
                {
                    text.Append(part.Text);
                }

                requiresAction |= update.FinishReason == ChatFinishReason.ToolCalls;
            }

            messages.Add(new AssistantChatMessage(text.ToString()));
        }
        while (requiresAction);
        return topic;
        """);

    [Fact]
    public Task A_loop_with_a_bound_that_returns_when_no_tool_is_asked_for() => ReportedAsync(
        """
        List<ChatMessage> messages = new() { new UserChatMessage(topic) };
        for (int round = 0; round < _rounds; round++)
        {
            ChatCompletion completion = await _chat.{|OCG1301:CompleteChatAsync|}(messages, cancellationToken: cancellationToken);
            if (completion.ToolCalls.Count == 0)
            {
                return completion.Content[0].Text;
            }

            messages.Add(new AssistantChatMessage(completion));
            foreach (ChatToolCall call in completion.ToolCalls)
            {
                messages.Add(new ToolChatMessage(call.Id, Run(call.FunctionName)));
            }
        }

        return topic;
        """);

    [Theory]
    [InlineData("File.WriteAllText(path!, text);", "")]
    [InlineData("Save(path!, text!);", "private static void Save(string file, string text) => File.WriteAllText(file, text);")]
    [InlineData("Save(messages, call);", "private static void Save(List<ChatMessage> messages, ChatToolCall call) { using var json = JsonDocument.Parse(call.FunctionArguments); string target = json.RootElement.GetProperty(\"path\").GetString()!; File.WriteAllText(target, target); }")]
    [InlineData("if (arguments.RootElement.TryGetProperty(\"path\", out JsonElement named)) File.WriteAllText(named.GetString()!, text);", "")]
    public Task A_file_that_the_model_names_is_the_work_of_a_tool(string write, string member) => Verifier.ReportedAsync(Writing("{|OCG1301:CompleteChatAsync|}", write, member));

    [Theory]
    [InlineData("File.WriteAllText(\"messages.json\", text);", "")]
    [InlineData("File.WriteAllText(_file, text);", "private readonly string _file = \"\";")]
    [InlineData("Save(text!);", "private static void Save(string text) => File.WriteAllText(\"messages.json\", text);")]
    [InlineData("File.AppendAllText(topic, text);", "")]
    public Task A_file_that_the_program_names_may_be_a_checkpoint(string write, string member) => Verifier.SilentAsync(Writing("CompleteChatAsync", write, member));

    [Fact]
    public Task An_iterator_hands_out_what_it_has_to_somebody_who_may_keep_it() => Verifier.SilentAsync(Iterator("AskAsync", ""));

    [Fact]
    public Task An_iterator_whose_reader_writes() => Verifier.SilentAsync(Iterator(
        "AskAsync", "private async Task ReadAsync() { await foreach (string note in ResearchAsync(\"a\")) { await File.WriteAllTextAsync(\"notes\", note); } }"));

    [Fact]
    public Task An_iterator_whose_readers_only_show_it() => Verifier.ReportedAsync(Iterator(
        "{|OCG1301:AskAsync|}", "private async Task ReadAsync() { await foreach (string note in ResearchAsync(\"a\")) { Console.WriteLine(note); } }"));

    private static string Iterator(string ask, string members) => AgentCode.InMethod(
        $$"""
        string last = topic;
        while (last != "done")
        {
            last = await {{ask}}(last);
            yield return last;
        }
        """,
        "public async IAsyncEnumerable<string> ResearchAsync(string topic)",
        members);

    private static string Writing(string call, string write, string member) => AgentCode.InMethod(
        $$"""
        List<ChatMessage> messages = new() { new UserChatMessage(topic) };
        while (true)
        {
            ChatCompletion completion = await _chat.{{call}}(messages, cancellationToken: cancellationToken);
            messages.Add(new AssistantChatMessage(completion));
            if (completion.ToolCalls.Count == 0)
            {
                return completion.Content[0].Text;
            }

            foreach (ChatToolCall call in completion.ToolCalls)
            {
                using JsonDocument arguments = JsonDocument.Parse(call.FunctionArguments);
                string? path = arguments.RootElement.GetProperty("path").GetString();
                string? text = arguments.RootElement.GetProperty("text").GetString();
                {{write}}
                messages.Add(new ToolChatMessage(call.Id, "written"));
            }
        }
        """,
        members: member).Replace("using OpenAI.Chat;", "using System.Text.Json;\nusing OpenAI.Chat;", StringComparison.Ordinal);

    private static Task ReportedAsync(string body) => Verifier.ReportedAsync(AgentCode.InMethod(body, members:
        """
        private readonly int _rounds = Environment.ProcessorCount;
        private static string Run(string name) => name;
        """).Replace("using OpenAI.Chat;", "using System.ClientModel;\nusing OpenAI.Chat;", StringComparison.Ordinal));
}
