using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Tests;

/// <summary>The libraries that the analysed sources refer to: the real ones, and stubs where those cannot be restored.</summary>
internal static class Libraries
{
    private static readonly Type[] Markers =
    [
        typeof(OpenAI.Chat.ChatClient),
        typeof(System.ClientModel.ApiKeyCredential),
        typeof(BinaryData),
        typeof(Microsoft.Extensions.AI.IChatClient),
        typeof(Anthropic.AnthropicClient),
        typeof(Azure.AI.OpenAI.OpenAIClient),
        typeof(Azure.AzureKeyCredential),
        typeof(ModelContextProtocol.Client.McpClient),
        typeof(Polly.Policy),
        typeof(Polly.ResiliencePipeline),
        typeof(OpenClaw.Resilience.GatewayPipeline),
        typeof(Microsoft.Extensions.DependencyInjection.IServiceCollection),
        typeof(Microsoft.Extensions.DependencyInjection.ServiceCollection),
        typeof(Microsoft.Extensions.DependencyInjection.HttpClientFactoryServiceCollectionExtensions),
        typeof(Microsoft.Extensions.Hosting.BackgroundService),
        typeof(Microsoft.Extensions.Logging.ILogger),
        typeof(Microsoft.Extensions.Configuration.IConfiguration),
    ];

    private static IReadOnlyList<MetadataReference> Real { get; } =
        [.. Markers.Select(marker => marker.Assembly.Location).Distinct().Select(path => MetadataReference.CreateFromFile(path))];

    public static IReadOnlyList<MetadataReference> All { get; } = [.. Real, .. Stubs.StubLibraries.Compile(Real)];
}
