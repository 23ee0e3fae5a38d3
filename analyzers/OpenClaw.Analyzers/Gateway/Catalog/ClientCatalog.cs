
namespace OpenClaw.Analyzers.Gateway;

/// <summary>The client types through which gateways and model servers are called, and what each does by itself.</summary>
internal static partial class ClientCatalog
{
    public static IReadOnlyList<ClientEntry> Entries { get; } =
    [
        .. OpenAIClients(),
        .. AzureClients(),
        .. AnthropicClients(),
        .. OllamaClients(),
        .. ExtensionsAIClients(),
        .. SemanticKernelClients(),
        .. AgentFrameworkClients(),
        .. ModelContextClients(),
        .. OpenClawClients(),
        .. RawClients(),
        .. HttpLibraryClients(),
    ];

    // OpenAI 2.10 and 2.15. The calls of Azure's client are inherited from these types.
    private static IEnumerable<ClientEntry> OpenAIClients()
    {
        yield return OpenAI("OpenAI.Chat.ChatClient", Pairs(CallKind.Turn, "CompleteChat", "CompleteChatStreaming"));
        yield return OpenAI("OpenAI.Responses.ResponsesClient", ResponsesCalls());
        yield return OpenAI("OpenAI.Responses.OpenAIResponseClient", ResponsesCalls());
        yield return OpenAI("OpenAI.Embeddings.EmbeddingClient", Pairs(CallKind.Read, "GenerateEmbedding", "GenerateEmbeddings"));
        yield return OpenAI("OpenAI.Assistants.AssistantClient", Pairs(
            CallKind.Turn,
            "CreateRun",
            "CreateThreadAndRun",
            "SubmitToolOutputsToRun",
            "CreateRunStreaming",
            "CreateThreadAndRunStreaming",
            "SubmitToolOutputsToRunStreaming"));
        yield return OpenAI("OpenAI.Audio.AudioClient", Pairs(CallKind.Turn, "TranscribeAudio", "TranslateAudio", "GenerateSpeech"));
        yield return OpenAI("OpenAI.Images.ImageClient", Pairs(CallKind.Turn, "GenerateImage", "GenerateImages", "GenerateImageEdit"));
        yield return OpenAI("OpenAI.Moderations.ModerationClient", Pairs(CallKind.Read, "ClassifyText"));
        yield return OpenAI("OpenAI.Models.OpenAIModelClient", Pairs(CallKind.Probe, "GetModel", "GetModels"));

        static ClientEntry OpenAI(string type, IEnumerable<CallEntry> calls)
            => new(type, ClientFamily.OpenAI, [.. calls]) { Retry = OwnRetry.ThreeAtOnce, RetryOptions = ["RetryPolicy"], Limit = OwnLimit.HundredSecondsPerRead };

        static IEnumerable<CallEntry> ResponsesCalls()
            => Pairs(CallKind.Turn, "CreateResponse", "CreateResponseStreaming").Concat(Pairs(CallKind.Read, "GetResponse", "GetResponseStreaming"));
    }

    private static IEnumerable<ClientEntry> ExtensionsAIClients()
    {
        IReadOnlyList<CallEntry> chat = [new("GetResponseAsync", CallKind.Turn), new("GetStreamingResponseAsync", CallKind.Turn)];
        IReadOnlyList<CallEntry> embeddings = [.. Named(CallKind.Read, "GenerateAsync", "GenerateVectorAsync", "GenerateAndZipAsync")];
        yield return Abstraction("Microsoft.Extensions.AI.IChatClient", chat) with { Disposable = true };
        yield return Abstraction("Microsoft.Extensions.AI.ChatClientExtensions", chat);
        yield return Abstraction("Microsoft.Extensions.AI.ChatClientStructuredOutputExtensions", chat);
        yield return Abstraction("Microsoft.Extensions.AI.IEmbeddingGenerator`2", embeddings);
        yield return Abstraction("Microsoft.Extensions.AI.EmbeddingGeneratorExtensions", embeddings);
        yield return Abstraction("Microsoft.Extensions.AI.ISpeechToTextClient", [.. Named(CallKind.Turn, "GetTextAsync", "GetStreamingTextAsync")]);
        yield return Abstraction("Microsoft.Extensions.AI.IImageGenerator", [.. Named(CallKind.Turn, "GenerateAsync")]);

        static ClientEntry Abstraction(string type, IReadOnlyList<CallEntry> calls)
            => new(type, ClientFamily.ExtensionsAI, calls) { Retry = OwnRetry.Inherited };
    }

    private static IEnumerable<ClientEntry> RawClients()
    {
        // What the path asks for decides the kind of an HTTP call; Turn is only the value until then.
        yield return Http("System.Net.Http.HttpClient", [.. Named(
            CallKind.Turn,
            "SendAsync",
            "Send",
            "GetAsync",
            "PostAsync",
            "PutAsync",
            "PatchAsync",
            "DeleteAsync",
            "GetStringAsync",
            "GetByteArrayAsync",
            "GetStreamAsync")]) with { Disposable = true, Pooled = true };
        yield return Http("System.Net.Http.HttpMessageInvoker", [.. Named(CallKind.Turn, "SendAsync", "Send")]) with
        {
            Limit = OwnLimit.None,
            Disposable = true,
            Pooled = true,
        };
        yield return Http("System.Net.Http.Json.HttpClientJsonExtensions", [.. Named(
            CallKind.Turn,
            "GetFromJsonAsync",
            "PostAsJsonAsync",
            "PutAsJsonAsync",
            "PatchAsJsonAsync",
            "DeleteFromJsonAsync",
            "GetFromJsonAsAsyncEnumerable")]);
        yield return new(
            "System.Net.WebSockets.ClientWebSocket",
            ClientFamily.WebSocket,
            [new("ConnectAsync", CallKind.Connect), new("SendAsync", CallKind.Send), new("ReceiveAsync", CallKind.Receive)])
        {
            NeedsEndpoint = true,
            Limit = OwnLimit.None,
            Disposable = true,
            ClosesOnFailure = true,
        };

        yield return new(
            "OpenClaw.Resilience.GatewayPipeline",
            ClientFamily.Resilience,
            [new("SendAsync", CallKind.Turn)]) { NeedsEndpoint = true };

        static ClientEntry Http(string type, IReadOnlyList<CallEntry> calls)
            => new(type, ClientFamily.HttpClient, calls) { NeedsEndpoint = true, Limit = OwnLimit.HundredSecondsBuffered };
    }

    /// <summary>A synchronous method and its asynchronous twin.</summary>
    private static IEnumerable<CallEntry> Pairs(CallKind kind, params string[] names)
        => names.SelectMany(name => new[] { new CallEntry(name, kind), new CallEntry(name + "Async", kind) });

    private static IEnumerable<CallEntry> Named(CallKind kind, params string[] names)
        => names.Select(name => new CallEntry(name, kind));
}
