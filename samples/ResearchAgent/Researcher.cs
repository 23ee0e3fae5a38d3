using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

namespace ResearchAgent;

/// <summary>Researches a topic in ten steps. Each step asks the agent behind the gateway and builds on the notes so far.</summary>
public sealed class Researcher
{
    private const int Steps = 10;

    private readonly ChatClient _chat;

    public Researcher(AgentSettings settings)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = new Uri(settings.Gateway, "/v1"),
            UserAgentApplicationId = "research-agent",
        };
        _chat = new ChatClient("openclaw/default", new ApiKeyCredential(settings.Token), options);
    }

    /// <summary>Does the whole research and returns the report.</summary>
    public async Task<string> RunAsync(string topic, CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        for (int step = 1; step <= Steps; step++)
        {
            // What the agent finds in one step is where the next one starts.
            string question = $"[step {step}] Research '{topic}'. Last note: {notes.LastOrDefault() ?? "none"}";
            string note = await AskAsync(question, cancellationToken);
            notes.Add(note);
            Console.WriteLine($"step {step} done: {note}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }

        return await SummarizeAsync(topic, notes, cancellationToken);
    }

    private async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        ChatCompletion completion = await _chat.CompleteChatAsync([new UserChatMessage(question)], cancellationToken: cancellationToken);
        return completion.Content[0].Text;
    }

    /// <summary>Streams the summary to the screen.</summary>
    private async Task<string> SummarizeAsync(string topic, IEnumerable<string> notes, CancellationToken cancellationToken)
    {
        ChatMessage[] messages =
        [
            new SystemChatMessage("Summarize the notes in one sentence."),
            new UserChatMessage($"[summary] {topic}: {string.Join("; ", notes)}"),
        ];
        var summary = new System.Text.StringBuilder();
        await foreach (StreamingChatCompletionUpdate update in _chat.CompleteChatStreamingAsync(messages, cancellationToken: cancellationToken))
        {
            foreach (ChatMessageContentPart part in update.ContentUpdate)
            {
                summary.Append(part.Text);
            }
        }

        return summary.ToString();
    }
}
