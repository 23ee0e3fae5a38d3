using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using ChatFinishReason = OpenAI.Chat.ChatFinishReason;
using ChatMessage = OpenAI.Chat.ChatMessage;

namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>What the clients return, as a step's result.</summary>
public sealed class SdkResultTests : RunTestBase
{
    private const string Completion =
        """
        {"id":"c1","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,"finish_reason":"tool_calls","logprobs":null,
        "message":{"role":"assistant","content":"hello","refusal":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{}"}}]}}],
        "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3},"x_unknown":{"a":1}}
        """;

    // As adapters make them: from the model's JSON.
    private static Dictionary<string, object?> Arguments => new() { ["a"] = JsonSerializer.SerializeToElement(1) };

    [Fact]
    public async Task The_completion_of_the_OpenAI_client_survives()
    {
        ChatCompletion restored = await RestoreAsync(Read<ChatCompletion>(Completion));

        Assert.Equal("hello", restored.Content[0].Text);
        Assert.Equal(ChatFinishReason.ToolCalls, restored.FinishReason);
        Assert.Equal("f", restored.ToolCalls[0].FunctionName);
        Assert.Equal(2, restored.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task A_conversation_of_the_OpenAI_client_survives()
    {
        List<ChatMessage> restored = await RestoreAsync<List<ChatMessage>>(
            [new SystemChatMessage("be kind"), new UserChatMessage("hi"), new AssistantChatMessage(Read<ChatCompletion>(Completion)), new ToolChatMessage("t1", "42")]);

        Assert.Equal(
            [typeof(SystemChatMessage), typeof(UserChatMessage), typeof(AssistantChatMessage), typeof(ToolChatMessage)],
            restored.Select(message => message.GetType()));
        Assert.Equal("42", restored[3].Content[0].Text);
    }

    [Fact]
    public async Task Embeddings_of_the_OpenAI_client_survive()
    {
        OpenAIEmbeddingCollection restored = await RestoreAsync(Read<OpenAIEmbeddingCollection>(
            """{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAAEA="}],"model":"e","usage":{"prompt_tokens":1,"total_tokens":1}}"""));

        Assert.Equal([1f, 2f], restored[0].ToFloats().ToArray());
    }

    [Fact]
    public async Task The_response_of_a_chat_client_survives()
    {
        ChatResponse restored = await RestoreAsync(new ChatResponse(new Microsoft.Extensions.AI.ChatMessage(
            ChatRole.Assistant, [new TextContent("hello"), new FunctionCallContent("t1", "f", Arguments)]))
        {
            FinishReason = Microsoft.Extensions.AI.ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = 1 },
        });

        Assert.Equal("hello", restored.Text);
        Assert.Equal("f", Assert.IsType<FunctionCallContent>(restored.Messages[0].Contents[1]).Name);
    }

    [Fact]
    public async Task The_result_with_its_response_is_refused_before_the_step_runs()
    {
        await using AgentRun run = await ResumeAsync();

        StepResultNotStorableException refusal = await Assert.ThrowsAsync<StepResultNotStorableException>(
            () => run.StepAsync("act", MustNotRun<ClientResult<ChatCompletion>>));

        Assert.False(refusal.StepHasRun);
    }

    [Fact]
    public async Task Options_of_the_programs_own_are_taken_as_they_are()
    {
        AgentRunOptions options = new() { Store = Store, TimeProvider = Clock, SerializerOptions = new JsonSerializerOptions() };
        await using AgentRun run = await AgentRun.ResumeAsync(Run, options);

        await Assert.ThrowsAsync<StepResultNotStorableException>(() => run.StepAsync("act", MustNotRun<ChatCompletion>));
    }

    private static T Read<T>(string json)
        where T : IPersistableModel<T>
        => ModelReaderWriter.Read<T>(BinaryData.FromString(json))!;

    /// <summary>What the process that runs the step sees must be what the next one sees.</summary>
    private async Task<T> RestoreAsync<T>(T result)
        where T : class
    {
        AgentRun run = await ResumeAsync();
        T first = await run.StepAsync("step", Returns(result));
        Crash();
        await using AgentRun next = await ResumeAsync();
        T second = await next.StepAsync("step", MustNotRun<T>);
        Assert.NotSame(result, first);
        Assert.NotSame(first, second);
        return second;
    }
}
