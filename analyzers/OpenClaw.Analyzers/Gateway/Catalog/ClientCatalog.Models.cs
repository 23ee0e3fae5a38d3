namespace OpenClaw.Analyzers.Gateway;

internal static partial class ClientCatalog
{
    // Azure.AI.OpenAI 1.0 beta was run. The types of 2.x inherit their calls from those of OpenAI.
    private static IEnumerable<ClientEntry> AzureClients()
    {
        yield return Azure("Azure.AI.OpenAI.OpenAIClient", [
            .. Pairs(CallKind.Turn, "GetChatCompletions", "GetChatCompletionsStreaming", "GetCompletions", "GetCompletionsStreaming", "GetImageGenerations"),
            .. Pairs(CallKind.Read, "GetEmbeddings")]) with { Assembly = "Azure.AI.OpenAI", Retry = OwnRetry.ThreeWithBackoff, Limit = OwnLimit.HundredSecondsPerRead };
        yield return Azure("Azure.AI.Inference.ChatCompletionsClient", [.. Pairs(CallKind.Turn, "Complete", "CompleteStreaming")]) with { Verified = Verification.NameOnly };
        yield return Azure("Azure.AI.Inference.EmbeddingsClient", [.. Pairs(CallKind.Read, "Embed")]) with { Verified = Verification.NameOnly };

        // Its retry is of the same type as OpenAI's; that its delay is the same was not seen.
        yield return new("Azure.AI.OpenAI.AzureOpenAIClient", ClientFamily.OpenAI, [])
        {
            Verified = Verification.Source,
            Retry = OwnRetry.Inherited,
            RetryOptions = ["RetryPolicy"],
        };

        static ClientEntry Azure(string type, IReadOnlyList<CallEntry> calls)
            => new(type, ClientFamily.Azure, calls) { Retry = OwnRetry.Inherited, RetryOptions = ["RetryPolicy", "Retry"] };
    }

    // Anthropic 13.11: the time-out of ten minutes ends at the response headers. The other packages that use its name are other clients.
    private static IEnumerable<ClientEntry> AnthropicClients()
    {
        IReadOnlyList<CallEntry> messages = [.. Named(CallKind.Turn, "Create", "CreateStreaming"), new("CountTokens", CallKind.Read)];
        foreach (string service in new[] { "IMessageService", "IMessageServiceWithRawResponse" })
        {
            yield return Official("Anthropic.Services." + service, messages);
            yield return Official("Anthropic.Services.Beta." + service, messages);
        }

        yield return Official("Anthropic.AnthropicClient", []) with { Disposable = true, Pooled = true };
        yield return Community("Anthropic.SDK.Messaging.MessagesEndpoint", "Anthropic.SDK", "GetClaudeMessageAsync", "StreamClaudeMessageAsync");
        yield return Community("Claudia.IMessages", "Claudia", "CreateAsync", "CreateStreamAsync");

        static ClientEntry Official(string type, IReadOnlyList<CallEntry> calls) => new(type, ClientFamily.Anthropic, calls)
        {
            Assembly = "Anthropic",
            Answers = GatewayKind.ModelProvider,
            Retry = OwnRetry.TwoWithBackoff,
            RetryOptions = ["MaxRetries"],
            Limit = OwnLimit.HeadersOnly,
        };

        static ClientEntry Community(string type, string assembly, params string[] turns) => new(type, ClientFamily.OverHttp, [.. Named(CallKind.Turn, turns)])
        {
            Assembly = assembly,
            Answers = GatewayKind.ModelProvider,
            Verified = Verification.NameOnly,
        };
    }

    private static IEnumerable<ClientEntry> OllamaClients()
    {
        IReadOnlyList<CallEntry> calls =
        [
            .. Named(CallKind.Turn, "ChatAsync", "GenerateAsync"),
            .. Named(CallKind.Read, "EmbedAsync"),
            .. Named(CallKind.Probe, "ListLocalModelsAsync", "ListRunningModelsAsync", "IsRunningAsync"),
        ];
        yield return Ollama("OllamaSharp.IOllamaApiClient", calls);
        yield return Ollama("OllamaSharp.OllamaApiClientExtensions", calls);
        yield return Ollama("OllamaSharp.Chat", [.. Named(CallKind.Turn, "SendAsync", "SendAsAsync")]);

        static ClientEntry Ollama(string type, IReadOnlyList<CallEntry> calls) => new(type, ClientFamily.OverHttp, calls)
        {
            Assembly = "OllamaSharp",
            Answers = GatewayKind.ModelProvider,
            Verified = Verification.NameOnly,
        };
    }
}
