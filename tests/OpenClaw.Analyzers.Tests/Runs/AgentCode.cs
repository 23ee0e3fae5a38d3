namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>An agent around the code under test: a class that asks a model through a pipeline, so that no other rule has anything to say.</summary>
internal static class AgentCode
{
    public const string Signature = "public async Task<string> ResearchAsync(string topic, CancellationToken cancellationToken)";

    /// <summary>A method of the agent. In it, <c>AskAsync</c> is a turn that returns text and <c>_chat</c> the client.</summary>
    public static string InMethod(string body, string signature = Signature, string members = "", string types = "", string head = "class Researcher") =>
        $$"""
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        {{head}}
        {
            private readonly ChatClient _chat;

            public Researcher(ChatClient chat) => _chat = chat;

            {{signature}}
            {
                {{body.ReplaceLineEndings("\n        ")}}
            }

            {{members.ReplaceLineEndings("\n    ")}}

            private Task<string> AskAsync(string question, CancellationToken cancellationToken = default)
                => GatewayPipeline.Shared.ExecuteAsync(async ct => (await _chat.CompleteChatAsync(new ChatMessage[] { new UserChatMessage(question) }, cancellationToken: ct)).Value.Content[0].Text, cancellationToken);
        }

        static class Program
        {
            static void Main() { }
        }

        {{types}}
        """.ReplaceLineEndings("\n").Replace("\n        \n", "\n\n", StringComparison.Ordinal);
}
