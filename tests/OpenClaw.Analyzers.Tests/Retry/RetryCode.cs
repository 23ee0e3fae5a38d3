namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>A class that calls a gateway, around the code that a test is about.</summary>
internal static class RetryCode
{
    public const string Import = "using OpenClaw.Resilience;";

    private const string AsyncMethod = "public async Task<string> AskAsync(List<ChatMessage> messages, string text, CancellationToken token)";

    /// <summary>The body of a method that may use <c>_chat</c>, <c>_embeddings</c>, <c>_http</c> and <c>_log</c>, and the method's parameters.</summary>
    public static string InMethod(string body, string import = "", string method = AsyncMethod, string members = "") => $$"""
        using System.ClientModel;
        using Microsoft.Extensions.Logging;
        using OpenAI.Chat;
        using OpenAI.Embeddings;{{(import.Length > 0 ? "\n" + import : "")}}

        class Agent
        {
            private const string Url = "http://gateway:18789/v1/chat/completions";
            private readonly ChatClient _chat;
            private readonly EmbeddingClient _embeddings;
            private readonly HttpClient _http;
            private readonly ILogger _log;

            public Agent(ChatClient chat, EmbeddingClient embeddings, HttpClient http, ILogger log)
                => (_chat, _embeddings, _http, _log) = (chat, embeddings, http, log);

            {{method}}
            {
        {{Indent(body, 8)}}
            }
        {{Indent(members, 4)}}
            static void Main() { }
        }
        """;

    /// <summary>The same, in a method that blocks.</summary>
    public static string InBlockingMethod(string body, string import = "")
        => InMethod(body, import, "public string Ask(List<ChatMessage> messages, string text, CancellationToken token)");

    /// <summary>Polly in versions 7 and 8 around the calls of a class.</summary>
    public static string WithPolly(string members, string import = "") => $$"""
        using System.ClientModel;
        using OpenAI.Chat;{{(import.Length > 0 ? "\n" + import : "")}}
        using Polly;
        using Polly.Retry;

        class Agent
        {
            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

        {{Indent(members, 4)}}

            static void Main() { }
        }
        """;

    private static string Indent(string code, int width)
        => string.Join('\n', code.ReplaceLineEndings("\n").Split('\n').Select(line => line.Length == 0 ? line : new string(' ', width) + line));
}
