namespace OpenClaw.Analyzers.Gateway;

internal static partial class ClientCatalog
{
    // 1.8x, read. A function may be the user's own code: what invokes a kernel's functions by name is no call, a prompt is one.
    private static IEnumerable<ClientEntry> SemanticKernelClients()
    {
        IReadOnlyList<CallEntry> chat =
        [
            .. Named(CallKind.Turn, "GetChatMessageContentAsync", "GetChatMessageContentsAsync", "GetStreamingChatMessageContentsAsync"),
        ];
        IReadOnlyList<CallEntry> text = [.. Named(CallKind.Turn, "GetTextContentAsync", "GetTextContentsAsync", "GetStreamingTextContentsAsync")];
        IReadOnlyList<CallEntry> embeddings = [.. Named(CallKind.Read, "GenerateEmbeddingAsync", "GenerateEmbeddingsAsync")];
        yield return Kernel("ChatCompletion.IChatCompletionService", chat);
        yield return Kernel("ChatCompletion.ChatCompletionServiceExtensions", chat);
        yield return Kernel("TextGeneration.ITextGenerationService", text);
        yield return Kernel("TextGeneration.TextGenerationExtensions", text);
        yield return Kernel("Embeddings.IEmbeddingGenerationService`2", embeddings);
        yield return Kernel("Embeddings.EmbeddingGenerationExtensions", embeddings);
        yield return Kernel("KernelExtensions", [.. Named(CallKind.Turn, "InvokePromptAsync", "InvokePromptStreamingAsync")]);
        yield return Kernel("Agents.Agent", [.. Named(CallKind.Turn, "InvokeAsync", "InvokeStreamingAsync")]);

        static ClientEntry Kernel(string type, IReadOnlyList<CallEntry> calls) => new("Microsoft.SemanticKernel." + type, ClientFamily.SemanticKernel, calls)
        {
            Verified = Verification.Source,
            Retry = OwnRetry.Inherited,
            Limit = OwnLimit.OfConnector,
        };
    }

    private static IEnumerable<ClientEntry> AgentFrameworkClients()
    {
        yield return new("Microsoft.Agents.AI.AIAgent", ClientFamily.Agent, [.. Named(CallKind.Turn, "RunAsync", "RunStreamingAsync")])
        {
            Verified = Verification.Source,
            Retry = OwnRetry.Inherited,
        };
    }

    // 2.3.1 was run; the names of the previews before it lead to the same transport.
    private static IEnumerable<ClientEntry> ModelContextClients()
    {
        IReadOnlyList<CallEntry> calls =
        [
            new("CallToolAsync", CallKind.Tool),
            .. Named(CallKind.Read, "ListToolsAsync", "ListPromptsAsync", "ListResourcesAsync", "GetPromptAsync", "ReadResourceAsync"),
            new("PingAsync", CallKind.Probe),
        ];
        IReadOnlyList<CallEntry> create = [new("CreateAsync", CallKind.Connect)];
        yield return Client("McpClient", [.. calls, .. create]);
        yield return Client("McpClientTool", [new("CallAsync", CallKind.Tool)]);
        yield return Client("IMcpClient", calls) with { Verified = Verification.NameOnly };
        yield return Client("McpClientExtensions", calls) with { Verified = Verification.NameOnly };
        yield return Client("McpClientFactory", create) with { Verified = Verification.NameOnly };

        static ClientEntry Client(string type, IReadOnlyList<CallEntry> calls) => new("ModelContextProtocol.Client." + type, ClientFamily.ModelContext, calls)
        {
            NeedsEndpoint = true,
            Limit = OwnLimit.HundredSecondsPerCall,
        };
    }

    // Read, not run. Other programs have clients of these names: the assembly decides.
    private static IEnumerable<ClientEntry> OpenClawClients()
    {
        yield return new("OpenClaw.Client.OpenClawHttpClient", ClientFamily.OverHttp, [
            .. Named(CallKind.Turn, "ChatCompletionAsync", "StreamChatCompletionAsync", "RunWorkflowAsync", "RunAutomationAsync", "RunPulseAsync"),
            new("CallMcpToolAsync", CallKind.Tool),
            new("EnqueueMessageAsync", CallKind.Send)])
        {
            Assembly = "OpenClaw.Client",
            Verified = Verification.Source,
            Answers = GatewayKind.OpenClaw,
            Limit = OwnLimit.OfTransport,
            Disposable = true,
            Pooled = true,
        };

        IReadOnlyList<CallEntry> frames = [new("ConnectAsync", CallKind.Connect), .. Named(CallKind.Send, "SendUserMessageAsync", "SendEnvelopeAsync", "SendTextAsync", "SendAudioAsync")];
        yield return Socket("OpenClaw.Client.OpenClawWebSocketClient", "OpenClaw.Client", frames) with { Limit = OwnLimit.None, Disposable = true };
        yield return Socket("OpenClaw.Client.OpenClawLiveClient", "OpenClaw.Client", frames) with { Limit = OwnLimit.None, Disposable = true };

        // It connects again by itself and waits five seconds for the answer to a message.
        IReadOnlyList<CallEntry> operations = [new("ConnectAsync", CallKind.Connect), .. Named(CallKind.Send, "SendChatMessageAsync", "SendChatMessageForRunAsync")];
        yield return Socket("OpenClaw.Shared.IOperatorGatewayClient", "OpenClaw.Shared", operations) with { Retry = OwnRetry.Reconnect };
        yield return Socket("OpenClaw.Shared.OpenClawGatewayClient", "OpenClaw.Shared", operations) with { Retry = OwnRetry.Reconnect };

        static ClientEntry Socket(string type, string assembly, IReadOnlyList<CallEntry> calls) => new(type, ClientFamily.OverSocket, calls)
        {
            Assembly = assembly,
            Verified = Verification.Source,
            Answers = GatewayKind.OpenClaw,
        };
    }
}
